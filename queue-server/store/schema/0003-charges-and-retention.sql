-- SPDX-License-Identifier: Apache-2.0
-- 0003-charges-and-retention: acts that nobody can bill, and how long data are kept
--
-- The patient's share: what the qualification system did not say is NULL, no longer 0, so it cannot
-- be taken for "not proven". What a person at a desk says goes before both.

SET LOCAL search_path = sugu;

-- ---------------------------------------------------------------- charges

ALTER TABLE eligibility ALTER ratio_percent DROP NOT NULL, ALTER ratio_percent DROP DEFAULT;
UPDATE eligibility SET ratio_percent = NULL WHERE ratio_percent = 0;
COMMENT ON COLUMN eligibility.ratio_percent IS 'The patient''s share; NULL: not in the answer, or no answer';

ALTER TABLE visit ADD stated_ratio smallint CHECK (stated_ratio BETWEEN 0 AND 100);
COMMENT ON COLUMN visit.stated_ratio IS 'The patient''s share as a desk stated it; NULL: the eligibility decides';

CREATE TABLE charge_report (
    facility     integer NOT NULL,
    visit        uuid NOT NULL,
    acts_version integer NOT NULL CHECK (acts_version > 0),
    code         text NOT NULL CHECK (code ~ '^fee\.[a-z-]{1,50}$'),
    act_codes    text NOT NULL CHECK (act_codes ~ '^([0-9]{9}( [0-9]{9}){0,19})?$'),
    reported_at  timestamptz NOT NULL,
    PRIMARY KEY (facility, visit),
    FOREIGN KEY (facility, visit) REFERENCES visit
);
COMMENT ON TABLE charge_report IS 'Acts that the fee module cannot bill as they stand, and why; the row goes when a bill comes or the acts are set anew';

-- ---------------------------------------------------------------- rights

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT unnest(ARRAY['charge_report']) LOOP
        EXECUTE format('ALTER TABLE sugu.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_facility ON sugu.%I
                        USING (facility = sugu.current_facility())
                        WITH CHECK (facility = sugu.current_facility())', name);
    END LOOP;
END $$;
GRANT SELECT ON charge_report TO sugu_server, sugu_report;
GRANT INSERT, UPDATE, DELETE ON charge_report TO sugu_server;
