-- SPDX-License-Identifier: Apache-2.0
-- journal - every statement on sugu-payment's journal

-- :name begin
BEGIN IMMEDIATE;

-- :name commit
COMMIT;

-- :name rollback
ROLLBACK;

-- :name attempt_insert
INSERT INTO attempt (id, start_request, session, bill, revision, kind, method, amount_yen,
    service_id, state, server_stage, reference, approved_yen, code, provider_id, provider_utc_us,
    approval_code, brand, last4, terminal, original, original_provider_id, original_utc_us, token,
    expiry, code_id, code_expires_utc_us, left_utc_us, deleted_utc_us, payer, request_key,
    first_sent_utc_us, network_id, decline, funding, report_number, report_done, intended_utc_us,
    changed_utc_us)
VALUES (:id, :start_request, :session, :bill, :revision, :kind, :method, :amount_yen, :service_id,
    :state, :server_stage, :reference, :approved_yen, :code, :provider_id, :provider_utc_us,
    :approval_code, :brand, :last4, :terminal, :original, :original_provider_id, :original_utc_us,
    :token, :expiry, :code_id, :code_expires_utc_us, :left_utc_us, :deleted_utc_us, :payer,
    :request_key, :first_sent_utc_us, :network_id, :decline, :funding, :report_number, :report_done,
    :intended_utc_us, :changed_utc_us);

-- :name attempt_update
UPDATE attempt SET state = :state, server_stage = :server_stage, reference = :reference,
    approved_yen = :approved_yen, code = :code, provider_id = :provider_id,
    provider_utc_us = :provider_utc_us, approval_code = :approval_code, brand = :brand,
    last4 = :last4, terminal = :terminal, token = :token, expiry = :expiry, code_id = :code_id,
    code_expires_utc_us = :code_expires_utc_us, left_utc_us = :left_utc_us,
    deleted_utc_us = :deleted_utc_us, request_key = :request_key,
    first_sent_utc_us = :first_sent_utc_us, network_id = :network_id, decline = :decline,
    funding = :funding, report_number = :report_number, report_done = :report_done,
    changed_utc_us = :changed_utc_us
WHERE id = :id;

-- :name attempt_select
SELECT id, start_request, session, bill, revision, kind, method, amount_yen, service_id, state,
    server_stage, reference, approved_yen, code, provider_id, provider_utc_us, approval_code, brand,
    last4, terminal, original, original_provider_id, original_utc_us, token, expiry, code_id,
    code_expires_utc_us, left_utc_us, deleted_utc_us, payer, request_key, first_sent_utc_us,
    network_id, decline, funding, report_number, report_done, intended_utc_us, changed_utc_us
FROM attempt WHERE id = :id;

-- :name attempt_select_by_start
SELECT id, start_request, session, bill, revision, kind, method, amount_yen, service_id, state,
    server_stage, reference, approved_yen, code, provider_id, provider_utc_us, approval_code, brand,
    last4, terminal, original, original_provider_id, original_utc_us, token, expiry, code_id,
    code_expires_utc_us, left_utc_us, deleted_utc_us, payer, request_key, first_sent_utc_us,
    network_id, decline, funding, report_number, report_done, intended_utc_us, changed_utc_us
FROM attempt WHERE start_request = :start_request;

-- :name attempt_select_last
SELECT id, start_request, session, bill, revision, kind, method, amount_yen, service_id, state,
    server_stage, reference, approved_yen, code, provider_id, provider_utc_us, approval_code, brand,
    last4, terminal, original, original_provider_id, original_utc_us, token, expiry, code_id,
    code_expires_utc_us, left_utc_us, deleted_utc_us, payer, request_key, first_sent_utc_us,
    network_id, decline, funding, report_number, report_done, intended_utc_us, changed_utc_us
FROM attempt WHERE bill = :bill ORDER BY intended_utc_us DESC, rowid DESC LIMIT 1;

-- :name attempt_select_unfinished
SELECT id, start_request, session, bill, revision, kind, method, amount_yen, service_id, state,
    server_stage, reference, approved_yen, code, provider_id, provider_utc_us, approval_code, brand,
    last4, terminal, original, original_provider_id, original_utc_us, token, expiry, code_id,
    code_expires_utc_us, left_utc_us, deleted_utc_us, payer, request_key, first_sent_utc_us,
    network_id, decline, funding, report_number, report_done, intended_utc_us, changed_utc_us
FROM attempt WHERE state IN (0, 1, 4, 5) OR report_done < report_number
ORDER BY intended_utc_us LIMIT :limit;

-- :name change_insert
INSERT INTO change (attempt, utc_us, event, state_before, state_after, code)
VALUES (:id, :changed_utc_us, :event, :state_before, :state, :code);

-- :name service_id_reserve
INSERT INTO service_id (one, next) VALUES (1, :first + :count)
ON CONFLICT (one) DO UPDATE SET next = max(next, :first) + :count
RETURNING next;
