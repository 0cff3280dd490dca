-- SPDX-License-Identifier: Apache-2.0
-- 0017-prepared-functions: what every posting calls is planned once for each connection
--
-- A function in SQL that looks into a table is planned anew in every statement that calls it, which
-- took five times as long as its work; one in PL/pgSQL keeps its plan. They say what they said.

SET LOCAL search_path = sugu;

CREATE OR REPLACE FUNCTION journal_text(integer, bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    said text;
BEGIN
    SELECT 'sugu-journal 1' || E'\nfacility ' || j.facility || E'\njournal ' || j.journal
        || E'\nday ' || to_char(j.day, 'YYYYMMDD')
        || E'\nposted ' || (extract(epoch FROM j.posted_at) * 1000000)::bigint
        || E'\nkind ' || j.kind || E'\nbill ' || coalesce(j.bill::text, '-')
        || E'\nvisit ' || coalesce(j.visit::text, '-')
        || E'\nattempt ' || coalesce(j.attempt::text, '-')
        || E'\noriginal ' || coalesce(j.original::text, '-') || E'\n'
        || coalesce((SELECT string_agg('entry ' || e.line || ' ' || e.account || ' ' || e.yen || ' '
                                       || octet_length(e.detail) || ':' || e.detail || E'\n', ''
                                       ORDER BY e.line)
                     FROM sugu.entry e
                     WHERE e.facility = j.facility AND e.journal = j.journal), '')
        || coalesce((SELECT string_agg('count ' || c.unit || ' ' || c.pieces_in || ' '
                                       || c.pieces_out || ' ' || octet_length(c.place) || ':'
                                       || c.place || E'\n', '' ORDER BY c.place COLLATE "C", c.unit)
                     FROM sugu.cash_count c
                     WHERE c.facility = j.facility AND c.journal = j.journal), '')
    INTO said FROM sugu.journal j WHERE j.facility = $1 AND j.journal = $2;
    RETURN said;
END $$;

CREATE OR REPLACE FUNCTION posting_day(integer, date) RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN greatest($2, (SELECT max(day) + 1 FROM sugu.business_day
                         WHERE facility = $1 AND day >= $2 AND state <> 0));
END $$;
