-- SPDX-License-Identifier: Apache-2.0
-- 0006-retention: what the server may clear away, and how old it has to be at least
--
-- How long each kind is kept is a setting of the server. What stands here is the least, which no
-- setting and no stolen server role gets below.

SET LOCAL search_path = sugu;

DROP TRIGGER audit_insert_only ON audit;
CREATE TRIGGER audit_insert_only BEFORE UPDATE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_young() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.made_at > now() - interval '1 year' THEN
        RAISE EXCEPTION '% is kept for a year at least', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
COMMENT ON FUNCTION refuse_young IS 'Trigger of the audit trail: nobody deletes what is younger than a year';
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_young();

-- What is younger is not there for the statement.
CREATE POLICY kept ON request AS RESTRICTIVE FOR UPDATE TO sugu_server
    USING (made_at < now() - interval '3 days') WITH CHECK (reply = '');
CREATE POLICY kept ON event AS RESTRICTIVE FOR DELETE TO sugu_server
    USING (made_at < now() - interval '1 day');
CREATE POLICY kept ON notice AS RESTRICTIVE FOR DELETE TO sugu_server
    USING (coalesce(sent_at, made_at) < now() - interval '1 day');
CREATE POLICY kept ON audit AS RESTRICTIVE FOR DELETE TO sugu_server
    USING (made_at < now() - interval '1 year');
CREATE POLICY kept ON paper AS RESTRICTIVE FOR DELETE TO sugu_server
    USING (reported_at < now() - interval '7 days');
CREATE POLICY kept ON help AS RESTRICTIVE FOR DELETE TO sugu_server
    USING (asked_at < now() - interval '7 days');
CREATE POLICY kept ON session AS RESTRICTIVE FOR DELETE TO sugu_server
    USING (opened_at < now() - interval '1 year');
CREATE POLICY kept ON staff_sign_in AS RESTRICTIVE FOR DELETE TO sugu_server
    USING (valid_until < now() - interval '1 year');
COMMENT ON COLUMN request.reply IS 'Emptied when it is old: it may hold names. The row stays for ever, so that nothing is carried out twice';

-- ---------------------------------------------------------------- rights

GRANT UPDATE (reply) ON request TO sugu_server;
GRANT DELETE ON event, notice, audit, paper, help, session, staff_sign_in TO sugu_server;
