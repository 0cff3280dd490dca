-- SPDX-License-Identifier: Apache-2.0
-- on-file - consent, stored cards, what a visit's card has to pay

-- :name consent_text_now one
-- The text in force in this language, else in the house's first. No row: the house has none, or
-- nobody who carries charges out.
-- :param facility int4
-- :param language text
-- :column version int4
-- :column language text(16)
-- :column hash bytea(32)
-- :column text text(16000)
-- :column ceiling_yen_max int8
SELECT t.version, t.language, t.hash, t.text, f.on_file_ceiling_yen
FROM facility f
CROSS JOIN LATERAL (SELECT version, language, hash, text FROM consent_text
                    WHERE facility = f.facility
                    ORDER BY version DESC, language <> :language, language <> 'ja', language
                    LIMIT 1) AS t
WHERE f.facility = :facility AND f.on_file_client <> ''
  AND EXISTS (SELECT FROM client k WHERE k.facility = f.facility AND k.role = 'payment'
              AND k.place = f.on_file_client);

-- :name card_lock one
-- Whoever changes a person's card, or takes money from it, does so behind this. Of the patient, or
-- of the visit's.
-- :param facility int4
-- :param patient uuid?
-- :param visit uuid?
-- :column cards int4
SELECT count(*)::integer
FROM (SELECT FROM card_on_file
      WHERE facility = :facility AND state <> 3
        AND patient = coalesce(:patient, (SELECT v.patient FROM visit v
                                          WHERE v.facility = :facility AND v.visit = :visit))
      ORDER BY card FOR UPDATE) AS locked;

-- :name card_facts many
-- What has to be known of somebody's card on file before it may pay a visit. Of zeros: a patient is
-- that of the visit; a visit is none; a card is the one in force, else the newest that waits.
-- Nobody without a card has a row.
-- :param facility int4
-- :param patients uuid[]
-- :param visits uuid[]
-- :param cards uuid[]
-- :column patient uuid
-- :column visit uuid?
-- :column card uuid
-- :column state int2
-- :column code text(64)
-- :column token text(128)
-- :column payer text(64)
-- :column brand text(32)
-- :column last4 text(4)
-- :column expiry int4
-- :column funding int2
-- :column network_id text(64)
-- :column text_version int4
-- :column ceiling_yen int8
-- :column is_payer_other bool
-- :column text_version_now int4
-- :column ceiling_yen_max int8
-- :column house_hold_yen int8
-- :column house_hold_days int2
-- :column client int4
-- :column place text(64)
-- :column has_ceiling_sheet bool
-- :column has_open_payment bool
-- :column has_unpaid_bill bool
-- :column charged_yen int8
-- :column house_deposit_yen int8
-- :column is_proven bool
-- :column dues_state int2
-- :column dues_code text(64)
-- :column is_declined bool
-- :column first_day date?
-- :column retries int2
-- :column next_day date?
-- :column hold uuid?
-- :column hold_card uuid?
-- :column hold_state int2
-- :column hold_yen int8
-- :column hold_provider_id text(64)
-- :column hold_at timestamptz?
-- :column session_visit uuid?
SELECT * FROM card_facts(:facility, :patients, :visits, :cards);

-- :name card_add exec
-- :param facility int4
-- :param card uuid
-- :param patient uuid
-- :param payer text
-- :param text_version int4
-- :param ceiling_yen int8
-- :param is_payer_other bool
-- :param session uuid
-- :param at timestamptz
INSERT INTO card_on_file (facility, card, patient, payer, state, text_version, ceiling_yen,
                          is_payer_other, session, made_at, changed_at)
VALUES (:facility, :card, :patient, :payer, 0, :text_version, :ceiling_yen, :is_payer_other,
        :session, :at, :at);

-- :name card_renew exec
-- Another consent for a card that is there.
-- :param facility int4
-- :param card uuid
-- :param state int2
-- :param text_version int4
-- :param ceiling_yen int8
-- :param is_payer_other bool
-- :param session uuid
-- :param at timestamptz
UPDATE card_on_file
SET state = :state, text_version = :text_version, ceiling_yen = :ceiling_yen,
    is_payer_other = :is_payer_other, session = :session, changed_at = :at
WHERE facility = :facility AND card = :card;

-- :name card_find one
-- :param facility int4
-- :param card uuid
-- :column patient uuid
-- :column state int2
-- :column session uuid
-- :column has_token bool
SELECT patient, state, session, token <> '' FROM card_on_file
WHERE facility = :facility AND card = :card;

-- :name card_set exec
-- State, why, and what is known of the card.
-- :param facility int4
-- :param card uuid
-- :param state int2
-- :param code text
-- :param token text
-- :param brand text
-- :param last4 text
-- :param expiry int4
-- :param funding int2
-- :param network_id text
-- :param at timestamptz
UPDATE card_on_file
SET state = :state, code = :code, token = :token,
    brand = :brand, last4 = :last4, expiry = :expiry, funding = :funding,
    network_id = :network_id, changed_at = :at
WHERE facility = :facility AND card = :card;

-- :name card_end_others exec
-- Another card has taken their place; of zeros: only those that wait for a token.
-- :param facility int4
-- :param patient uuid
-- :param card uuid
-- :param at timestamptz
UPDATE card_on_file SET state = 3, code = '', changed_at = :at
WHERE facility = :facility AND patient = :patient AND card <> :card
  AND (state = 0 OR (state IN (1, 2) AND :card <> '00000000-0000-0000-0000-000000000000'));

-- :name card_to_forget many
-- Ended cards that their provider still has, and that nobody is at: neither are they being charged,
-- nor did it say no a moment ago. Who has said no for long is asked ever more seldom. None where
-- nobody carries orders out; few at once, so that a provider that does not answer leaves room in
-- the payment program for charges.
-- :param facility int4
-- :param at timestamptz
-- :column card uuid
SELECT c.card FROM card_on_file c
WHERE c.facility = :facility AND c.state = 3 AND c.token <> ''
  AND NOT EXISTS (SELECT FROM attempt a WHERE a.facility = c.facility AND a.card = c.card
                  AND (a.state IN (0, 1, 4, 5)
                       OR (a.kind = 'forget'
                           AND a.ended_at + least(greatest(a.ended_at - c.changed_at,
                                                           interval '1 hour'),
                                                  interval '1 day') > :at)))
  AND EXISTS (SELECT FROM facility f JOIN client k USING (facility)
              WHERE f.facility = :facility AND k.role = 'payment' AND k.place = f.on_file_client
                AND k.place <> '')
ORDER BY c.changed_at
LIMIT greatest(16 - (SELECT count(*) FROM attempt WHERE facility = :facility AND kind = 'forget'
                     AND state IN (0, 1, 4, 5)), 0);

-- :name card_forget one
-- What the order to its provider needs, and a hold on it that no visit has any more. No row: it is
-- gone, or nobody carries orders out.
-- :param facility int4
-- :param card uuid
-- :column patient uuid
-- :column token text(128)
-- :column payer text(64)
-- :column client int4
-- :column place text(64)
-- :column hold uuid?
-- :column hold_visit uuid?
-- :column hold_yen int8
-- :column hold_provider_id text(64)
SELECT c.patient, c.token, c.payer, k.client, k.place, h.attempt, h.visit,
       coalesce(h.approved_yen, 0), coalesce(h.provider_id, '')
FROM card_on_file c
CROSS JOIN LATERAL (SELECT on_file_client FROM facility WHERE facility = c.facility LIMIT 1) AS f
CROSS JOIN LATERAL (SELECT client, place FROM client
                    WHERE facility = c.facility AND role = 'payment' AND place = f.on_file_client
                      AND place <> '' ORDER BY client LIMIT 1) AS k
LEFT JOIN LATERAL (SELECT attempt, visit, approved_yen, provider_id FROM attempt h
                   WHERE h.facility = c.facility AND h.card = c.card AND h.kind = 'hold'
                     AND h.state = 2 AND h.approved_yen > 0
                     AND NOT EXISTS (SELECT FROM attempt o WHERE o.facility = h.facility
                                     AND o.original = h.attempt)
                     AND NOT EXISTS (SELECT FROM dues d WHERE d.facility = h.facility
                                     AND d.visit = h.visit AND d.hold = h.attempt)
                   LIMIT 1) AS h ON true
WHERE c.facility = :facility AND c.card = :card AND c.state = 3 AND c.token <> ''
  AND NOT EXISTS (SELECT FROM attempt a WHERE a.facility = c.facility AND a.card = c.card
                  AND a.state IN (0, 1, 4, 5))
FOR UPDATE OF c;

-- :name card_forgotten exec
-- The provider does not have it any more.
-- :param facility int4
-- :param card uuid
-- :param at timestamptz
UPDATE card_on_file SET token = '', changed_at = :at
WHERE facility = :facility AND card = :card AND state = 3;

-- :name dues_visit_of one
-- The newest visit of a person that the card on file is to pay.
-- :param facility int4
-- :param patient uuid
-- :column visit uuid
SELECT v.visit FROM visit v
CROSS JOIN LATERAL (SELECT FROM dues WHERE facility = v.facility AND visit = v.visit
                    AND state IN (0, 1, 2) LIMIT 1) AS d
WHERE v.facility = :facility AND v.patient = :patient ORDER BY v.day DESC LIMIT 1;

-- :name consent_add exec
-- :param facility int4
-- :param card uuid
-- :param given_at timestamptz
-- :param place text
-- :param session uuid
-- :param text_version int4
-- :param language text
-- :param ceiling_yen int8
-- :param is_payer_other bool
INSERT INTO consent (facility, card, given_at, place, session, text_version, language, ceiling_yen,
                     is_payer_other)
VALUES (:facility, :card, :given_at, :place, :session, :text_version, :language, :ceiling_yen,
        :is_payer_other);

-- :name dues_set exec
-- :param facility int4
-- :param visit uuid
-- :param card uuid
-- :param state int2
-- :param code text
-- :param hold uuid?
-- :param first_day date?
-- :param retries int2
-- :param next_day date?
-- :param is_declined bool
-- :param at timestamptz
INSERT INTO dues (facility, visit, card, state, code, hold, first_day, retries, next_day,
                  is_declined, changed_at)
VALUES (:facility, :visit, :card, :state, :code, :hold, :first_day, :retries, :next_day,
        :is_declined, :at)
ON CONFLICT (facility, visit) DO UPDATE
SET card = excluded.card, state = excluded.state, code = excluded.code, hold = excluded.hold,
    first_day = excluded.first_day, retries = excluded.retries, next_day = excluded.next_day,
    is_declined = excluded.is_declined, changed_at = excluded.changed_at;

-- :name dues_begin exec
-- For a visit that is not locked: only where nothing is under way, and the person did not say no.
-- :param facility int4
-- :param visit uuid
-- :param card uuid
-- :param hold uuid?
-- :param at timestamptz
INSERT INTO dues AS d (facility, visit, card, state, hold, changed_at)
VALUES (:facility, :visit, :card, 0, :hold, :at)
ON CONFLICT (facility, visit) DO UPDATE
SET card = excluded.card, state = 0, code = '', hold = excluded.hold, changed_at = :at
WHERE d.state = 3 AND NOT d.is_declined;

-- :name dues_call_off_others exec
-- The card is gone: other visits of the person that wait for it are paid otherwise.
-- :param facility int4
-- :param patient uuid
-- :param visit uuid?
-- :param code text
-- :param at timestamptz
UPDATE dues d SET state = 3, code = :code, next_day = NULL, hold = NULL, changed_at = :at
FROM visit v
WHERE v.facility = :facility AND v.patient = :patient AND v.visit IS DISTINCT FROM :visit
  AND d.facility = v.facility AND d.visit = v.visit AND d.state IN (0, 2);

-- :name dues_of_day many
-- Visits whose bill a card has to pay now: the day of another try has come, or the visit came to
-- its bill without an announcement. And those that come to none: no-shows (7), cancelled ones (8),
-- those without a bill for a month.
-- :param facility int4
-- :param day date
-- :column visit uuid
(SELECT d.visit
 FROM dues d
 CROSS JOIN LATERAL (SELECT FROM bill WHERE facility = d.facility AND visit = d.visit
                     AND state IN (0, 1) LIMIT 1) AS b
 WHERE d.facility = :facility AND d.state = 2 AND d.next_day <= :day
 ORDER BY d.next_day LIMIT 20)
UNION ALL
(SELECT d.visit
 FROM dues d
 CROSS JOIN LATERAL (SELECT state, day FROM visit WHERE facility = d.facility AND visit = d.visit
                     LIMIT 1) AS v
 WHERE d.facility = :facility AND d.state = 0
   AND (v.state IN (7, 8) OR v.day < :day::date - 31
        OR (v.state IN (4, 6) AND EXISTS (SELECT FROM bill WHERE facility = d.facility
                                          AND visit = d.visit AND state IN (0, 1))))
 LIMIT 20);
