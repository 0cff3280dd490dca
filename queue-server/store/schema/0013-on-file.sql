-- SPDX-License-Identifier: Apache-2.0
-- 0013-on-file: consent to leaving without stopping, stored cards, what a visit's card has to pay
--
-- A card is a token of the provider, four digits, brand, kind and expiry month (domain/payments.md
-- 4). States are those of core/domain/on-file-machine.h.

SET LOCAL search_path = sugu;

-- ---------------------------------------------------------------- the house

ALTER TABLE facility
    ADD on_file_client      text NOT NULL DEFAULT ''
        CHECK (on_file_client ~ '^[A-Za-z0-9._-]{0,64}$'),
    ADD on_file_ceiling_yen bigint NOT NULL DEFAULT 30000
        CHECK (on_file_ceiling_yen BETWEEN 1 AND 99999999),
    ADD on_file_hold_yen    bigint NOT NULL DEFAULT 0
        CHECK (on_file_hold_yen BETWEEN 0 AND 99999999),
    ADD on_file_hold_days   smallint NOT NULL DEFAULT 7 CHECK (on_file_hold_days BETWEEN 7 AND 90);
COMMENT ON COLUMN facility.on_file_client IS 'Place of the payment program that speaks to the keeper of the cards; "" = the house does not offer it';
COMMENT ON COLUMN facility.on_file_ceiling_yen IS 'A person may not consent to more for one visit';
COMMENT ON COLUMN facility.on_file_hold_yen IS 'Held at check-in; 0 = the provider is only asked whether the card is good';
COMMENT ON COLUMN facility.on_file_hold_days IS 'How long the provider holds';

ALTER TABLE patient ADD has_ceiling_sheet boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN patient.has_ceiling_sheet IS 'Public subsidy with a sheet (上限額管理票) that is filled in at the payment: no card on file';

ALTER TABLE session ADD pays_otherwise boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN session.pays_otherwise IS 'Said before check-in: the card on file shall not pay this visit';

-- ---------------------------------------------------------------- consent

CREATE TABLE consent_text (
    facility integer NOT NULL REFERENCES facility,
    version  integer NOT NULL CHECK (version > 0),
    language text NOT NULL CHECK (language ~ '^[a-zA-Z@_-]{1,16}$'),
    text     text NOT NULL CHECK (octet_length(text) BETWEEN 1 AND 16000),
    hash     bytea NOT NULL CHECK (hash = sha256(convert_to(text, 'UTF8'))),
    made_at  timestamptz NOT NULL,
    PRIMARY KEY (facility, version, language)
);
COMMENT ON TABLE consent_text IS 'What people agreed to; the highest version is in force. Never changed';

CREATE TABLE card_on_file (
    facility       integer NOT NULL,
    card           uuid NOT NULL,
    patient        uuid NOT NULL,
    payer          text NOT NULL CHECK (length(payer) BETWEEN 1 AND 64),
    state          smallint NOT NULL CHECK (state BETWEEN 0 AND 3),
    code           text NOT NULL DEFAULT '',
    token          text NOT NULL DEFAULT '' CHECK (length(token) <= 128),
    brand          text NOT NULL DEFAULT '',
    last4          text NOT NULL DEFAULT '' CHECK (last4 ~ '^([0-9]{4})?$'),
    expiry         integer NOT NULL DEFAULT 0,
    funding        smallint NOT NULL DEFAULT 0 CHECK (funding BETWEEN 0 AND 3),
    network_id     text NOT NULL DEFAULT '',
    text_version   integer NOT NULL,
    ceiling_yen    bigint NOT NULL CHECK (ceiling_yen > 0),
    is_payer_other boolean NOT NULL,
    session        uuid NOT NULL,
    made_at        timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL,
    PRIMARY KEY (facility, card),
    FOREIGN KEY (facility, patient) REFERENCES patient,
    CHECK (state NOT IN (1, 2) OR token <> ''),
    CHECK (state <> 3 OR token = '')
);
-- One card of a person is in force: active 1 or suspended 2.
CREATE UNIQUE INDEX card_on_file_one ON card_on_file (facility, patient) WHERE state IN (1, 2);
CREATE INDEX card_on_file_of ON card_on_file (facility, patient) WHERE state <> 3;
COMMENT ON TABLE card_on_file IS 'A person''s arrangement to be charged later. payer: our pseudonym at the provider; token: the provider''s, "" as soon as it has ended; code: why it is suspended';

CREATE TABLE consent (
    facility       integer NOT NULL,
    card           uuid NOT NULL,
    given_at       timestamptz NOT NULL,
    place          text NOT NULL,
    session        uuid NOT NULL,
    text_version   integer NOT NULL,
    language       text NOT NULL,
    ceiling_yen    bigint NOT NULL CHECK (ceiling_yen > 0),
    is_payer_other boolean NOT NULL,
    PRIMARY KEY (facility, card, given_at),
    FOREIGN KEY (facility, card) REFERENCES card_on_file,
    FOREIGN KEY (facility, text_version, language) REFERENCES consent_text
);
COMMENT ON TABLE consent IS 'Who said yes to which text, where and when; insert-only. place: the kiosk';

-- ---------------------------------------------------------------- what the card has to pay

ALTER TABLE attempt
    DROP CONSTRAINT attempt_kind_check,
    ADD CONSTRAINT attempt_kind_check CHECK (kind IN ('payment', 'refund', 'deposit', 'register',
                                                      'hold', 'release')),
    DROP CONSTRAINT attempt_for_what,
    DROP CONSTRAINT attempt_refunds_one,
    ADD card    uuid,
    ADD visit   uuid,
    ADD decline smallint NOT NULL DEFAULT 0 CHECK (decline BETWEEN 0 AND 2),
    ADD paid_at timestamptz,
    ADD CONSTRAINT attempt_for_what CHECK (
        (bill IS NULL) = (revision IS NULL)
        AND (bill IS NULL) = (kind IN ('register', 'hold', 'release'))
        AND (bill IS NULL) = (patient IS NOT NULL)
        AND (bill IS NOT NULL OR card IS NOT NULL)
        AND (bill IS NULL OR visit IS NULL)),
    ADD CONSTRAINT attempt_original_of CHECK (
        CASE kind WHEN 'refund' THEN original IS NOT NULL
                  WHEN 'release' THEN original IS NOT NULL
                  WHEN 'payment' THEN original IS NULL OR method = 'on-file'
                  ELSE original IS NULL END),
    ADD CONSTRAINT attempt_card FOREIGN KEY (facility, card) REFERENCES card_on_file,
    ADD CONSTRAINT attempt_visit FOREIGN KEY (facility, visit) REFERENCES visit;
COMMENT ON COLUMN attempt.kind IS 'payment, deposit; refund of the attempt in original, to the same means; register, hold and release of a card on file, which move no money';
COMMENT ON COLUMN attempt.original IS 'Of a refund: the payment; of a release or capture: the hold';
COMMENT ON COLUMN attempt.visit IS 'For which a hold is, or its release';
COMMENT ON COLUMN attempt.paid_at IS 'By the clock of the device or provider';

CREATE TABLE dues (
    facility    integer NOT NULL,
    visit       uuid NOT NULL,
    card        uuid NOT NULL,
    state       smallint NOT NULL CHECK (state BETWEEN 0 AND 5),
    code        text NOT NULL DEFAULT '',
    hold        uuid,
    first_day   date,
    retries     smallint NOT NULL DEFAULT 0 CHECK (retries BETWEEN 0 AND 3),
    next_day    date,
    is_declined boolean NOT NULL DEFAULT false,
    changed_at  timestamptz NOT NULL,
    PRIMARY KEY (facility, visit),
    FOREIGN KEY (facility, visit) REFERENCES visit,
    FOREIGN KEY (facility, card) REFERENCES card_on_file,
    FOREIGN KEY (facility, hold) REFERENCES attempt,
    CHECK ((state = 2) = (next_day IS NOT NULL))
);
CREATE INDEX dues_waiting ON dues (facility, visit) WHERE state = 0;
CREATE INDEX dues_retrying ON dues (facility, next_day) WHERE state = 2;
COMMENT ON TABLE dues IS 'What a card on file has to pay of a visit. code: why it does not; hold: attempt whose money is held; first_day: of the first decline; is_declined: by the person, for this visit';

ALTER TABLE day_task DROP CONSTRAINT day_task_task_check;
ALTER TABLE day_task ADD CHECK (task IN ('open-day', 'ranges', 'pace', 'sessions', 'dues'));

CREATE TRIGGER consent_text_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_text
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- rights

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT unnest(ARRAY['consent_text', 'card_on_file', 'consent', 'dues']) LOOP
        EXECUTE format('ALTER TABLE sugu.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_facility ON sugu.%I
                        USING (facility = sugu.current_facility())
                        WITH CHECK (facility = sugu.current_facility())', name);
        EXECUTE format('GRANT SELECT ON sugu.%I TO sugu_server', name);
    END LOOP;
END $$;
GRANT SELECT ON consent_text, consent, dues TO sugu_report;
-- Reports never see the token.
GRANT SELECT (facility, card, patient, state, code, brand, last4, expiry, funding, text_version,
              ceiling_yen, is_payer_other, made_at, changed_at) ON card_on_file TO sugu_report;
GRANT INSERT ON card_on_file, consent, dues TO sugu_server;
GRANT UPDATE (state, code, token, brand, last4, expiry, funding, network_id, text_version,
              ceiling_yen, is_payer_other, session, changed_at) ON card_on_file TO sugu_server;
GRANT UPDATE ON dues TO sugu_server;
