-- SPDX-License-Identifier: Apache-2.0
-- 0019-rarely-so: what seldom has an answer costs nothing where it has none
--
-- PostgreSQL sets a statement up as a whole, with every table that it might look into, each time it
-- is run: of somebody without a card that took fifteen times as long as to see that there is none.
-- What hides behind a question that is mostly answered by "no" stands in a function here.

SET LOCAL search_path = sugu;

CREATE FUNCTION card_facts(in_facility integer, in_patients uuid[], in_visits uuid[],
                           in_cards uuid[])
RETURNS TABLE (
    patient uuid, visit uuid, card uuid, state smallint, code text, token text, payer text,
    brand text, last4 text, expiry integer, funding smallint, network_id text, text_version integer,
    ceiling_yen bigint, is_payer_other boolean, text_version_now integer,
    ceiling_yen_max bigint, house_hold_yen bigint, house_hold_days smallint, client integer,
    place text, has_ceiling_sheet boolean, has_open_payment boolean, has_unpaid_bill boolean,
    charged_yen bigint, house_deposit_yen bigint, is_proven boolean, dues_state smallint,
    dues_code text, is_declined boolean, first_day date, retries smallint, next_day date, hold uuid,
    hold_card uuid, hold_state smallint, hold_yen bigint, hold_provider_id text,
    hold_at timestamptz, session_visit uuid
) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM sugu.card_on_file WHERE facility = in_facility
                   AND patient = ANY (in_patients))
       AND NOT EXISTS (SELECT FROM unnest(in_visits) AS asked(visit)
                       JOIN sugu.visit v ON v.facility = in_facility AND v.visit = asked.visit
                       JOIN sugu.card_on_file c ON c.facility = in_facility
                           AND c.patient = v.patient) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT w.patient, w.visit, c.card, c.state, c.code, c.token, c.payer, c.brand, c.last4,
           c.expiry, c.funding, c.network_id, c.text_version, c.ceiling_yen, c.is_payer_other,
           coalesce((SELECT max(t.version) FROM sugu.consent_text t
                     WHERE t.facility = f.facility), 0),
           f.on_file_ceiling_yen, f.on_file_hold_yen, f.on_file_hold_days,
           coalesce(k.client, 0), coalesce(k.place, ''), p.has_ceiling_sheet,
           EXISTS (SELECT FROM sugu.visit v
                   JOIN sugu.bill b ON b.facility = v.facility AND b.visit = v.visit
                   JOIN sugu.attempt a ON a.facility = b.facility AND a.bill = b.bill
                       AND a.state IN (0, 1, 4, 5) AND a.kind IN ('payment', 'deposit')
                   WHERE v.facility = f.facility AND v.patient = w.patient
                     AND v.visit IS DISTINCT FROM w.visit),
           EXISTS (SELECT FROM sugu.visit v
                   JOIN sugu.bill b ON b.facility = v.facility AND b.visit = v.visit
                       AND b.state IN (0, 1, 7)
                   JOIN sugu.bill_revision r ON r.facility = b.facility AND r.bill = b.bill
                       AND r.revision = b.revision
                   WHERE v.facility = f.facility AND v.patient = w.patient
                     AND v.visit IS DISTINCT FROM w.visit
                     AND coalesce(v.day <= w.day, true)
                     AND r.total_yen > b.waived_yen + b.paid_yen + b.held_yen),
           coalesce((SELECT sum(CASE a.kind WHEN 'refund' THEN -a.approved_yen
                                            ELSE a.approved_yen END)
                     FROM sugu.bill b
                     JOIN sugu.attempt a ON a.facility = b.facility AND a.bill = b.bill
                         AND a.state = 2 AND a.method = 'on-file'
                     WHERE b.facility = f.facility AND b.visit = w.visit), 0)::bigint,
           f.deposit_yen, coalesce(w.is_proven, false),
           coalesce(d.state, -1)::smallint, coalesce(d.code, ''), coalesce(d.is_declined, false),
           d.first_day, coalesce(d.retries, 0)::smallint, d.next_day, d.hold, h.card,
           coalesce(h.state, -1)::smallint, coalesce(h.approved_yen, 0),
           coalesce(h.provider_id, ''), h.begun_at,
           (SELECT s.visit FROM sugu.session s
            WHERE s.facility = f.facility AND s.session = c.session)
    FROM unnest(in_patients, in_visits, in_cards) AS asked(patient, visit, card)
    JOIN sugu.facility f ON f.facility = in_facility
    LEFT JOIN LATERAL (
        SELECT i.visit, i.patient, i.day,
               i.stated_ratio IS NOT NULL OR coalesce(e.outcome IN (1, 2), false) AS is_proven
        FROM sugu.visit i
        LEFT JOIN sugu.eligibility e ON e.facility = i.facility AND e.eligibility = i.eligibility
        WHERE i.facility = f.facility AND i.visit = asked.visit LIMIT 1) AS v ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(nullif(asked.patient, '00000000-0000-0000-0000-000000000000'),
                        v.patient) AS patient,
               nullif(asked.visit, '00000000-0000-0000-0000-000000000000') AS visit, v.day,
               v.is_proven) AS w
    CROSS JOIN LATERAL (
        (SELECT * FROM sugu.card_on_file WHERE facility = f.facility AND card = asked.card
         AND patient = w.patient)
        UNION ALL
        (SELECT * FROM sugu.card_on_file WHERE facility = f.facility AND patient = w.patient
         AND state <> 3 AND asked.card = '00000000-0000-0000-0000-000000000000'
         ORDER BY state IN (1, 2) DESC, made_at DESC LIMIT 1)) AS c
    CROSS JOIN LATERAL (SELECT has_ceiling_sheet FROM sugu.patient
                        WHERE facility = f.facility AND patient = w.patient LIMIT 1) AS p
    LEFT JOIN LATERAL (SELECT client, place FROM sugu.client
                       WHERE facility = f.facility AND role = 'payment' AND place = f.on_file_client
                         AND place <> '' ORDER BY client LIMIT 1) AS k ON true
    LEFT JOIN LATERAL (SELECT * FROM sugu.dues
                       WHERE facility = f.facility AND visit = w.visit LIMIT 1) AS d ON true
    LEFT JOIN LATERAL (SELECT * FROM sugu.attempt
                       WHERE facility = f.facility AND attempt = d.hold LIMIT 1) AS h ON true;
END $$;
COMMENT ON FUNCTION card_facts IS 'What has to be known of somebody''s card on file before it may pay a visit (store/query/on-file.sql says what is asked)';

CREATE FUNCTION refund_method(in_facility integer, in_bill uuid, in_yen bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT CASE WHEN a.approved_yen - coalesce((
                                          SELECT sum(r.approved_yen) FROM sugu.attempt r
                                          WHERE r.facility = a.facility AND r.original = a.attempt
                                            AND r.state = 2), 0) >= in_yen
                                 THEN a.method ELSE '' END
                     FROM sugu.attempt a
                     WHERE a.facility = in_facility AND a.bill = in_bill AND a.state = 2
                       AND a.kind IN ('payment', 'deposit') AND a.approved_yen > 0
                     ORDER BY a.begun_at DESC LIMIT 1), '');
END $$;
COMMENT ON FUNCTION refund_method IS 'How the last payment of a bill was made, where so much can go back to it; empty where it cannot';
