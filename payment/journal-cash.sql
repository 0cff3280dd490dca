-- SPDX-License-Identifier: Apache-2.0
-- journal-cash - every statement on the cash tables of sugu-payment's journal

-- :name device_put
INSERT INTO cash_device (device, serial, counter, newest_a, newest_b, step)
VALUES (:device, :serial, :counter, :newest_a, :newest_b, :step)
ON CONFLICT (device) DO UPDATE SET serial = :serial, counter = :counter, newest_a = :newest_a,
    newest_b = :newest_b, step = :step;

-- :name device_list
SELECT device, serial, counter, newest_a, newest_b, step FROM cash_device ORDER BY device;

-- :name session_put
INSERT INTO cash_session (attempt, due_yen, state, is_open, wish, approved_yen, is_by_staff, code,
    begun_utc_us, changed_utc_us)
VALUES (:attempt, :due_yen, :state, :is_open, :wish, :approved_yen, :is_by_staff, :code,
    :begun_utc_us, :changed_utc_us)
ON CONFLICT (attempt) DO UPDATE SET state = :state, is_open = :is_open, wish = :wish,
    approved_yen = :approved_yen, is_by_staff = :is_by_staff, code = :code,
    changed_utc_us = :changed_utc_us;

-- :name session_of
SELECT attempt, due_yen, state, wish, approved_yen, is_by_staff, code, begun_utc_us, changed_utc_us
FROM cash_session WHERE attempt = :attempt;

-- :name session_open
SELECT attempt, due_yen, state, wish, approved_yen, is_by_staff, code, begun_utc_us, changed_utc_us
FROM cash_session WHERE is_open = 1;

-- :name event_add
INSERT INTO cash_event (device, serial, step, session, utc_us, kind, unit_yen, code, counter, paid,
    unpaid, lost, is_doubtful)
VALUES (:device, :serial, :step, :session, :utc_us, :kind, :unit_yen, :code, :counter, :paid,
    :unpaid, :lost, :is_doubtful);

-- :name sums_in
SELECT unit_yen, count(*) FROM cash_event
WHERE session = :attempt AND kind = 'ACCEPTED' GROUP BY unit_yen;

-- :name sums_out
SELECT unit_yen, sum(paid) FROM cash_payout WHERE session = :attempt GROUP BY unit_yen;

-- :name payout_add
INSERT INTO cash_payout (session, device, serial, unit_yen, count, counter, remaining_before,
    paid_before, unpaid_before, was_taken, state, paid, changed_utc_us)
VALUES (:session, :device, :serial, :unit_yen, :count, :counter, :remaining_before, :paid_before,
    :unpaid_before, :was_taken, :state, :paid, :changed_utc_us);

-- :name payout_set
UPDATE cash_payout SET was_taken = :was_taken, state = :state, paid = :paid,
    changed_utc_us = :changed_utc_us
WHERE device = :device AND state = 0;

-- :name payout_open
SELECT device, serial, unit_yen, count, counter, remaining_before, paid_before, unpaid_before,
    was_taken
FROM cash_payout WHERE session = :attempt AND state = 0 ORDER BY number LIMIT 1;

-- :name stock_add
INSERT INTO cash_stock (device, unit_yen, pieces, why, utc_us)
VALUES (:device, :unit_yen, :pieces, :why, :utc_us);

-- :name stock_list
SELECT unit_yen, sum(pieces) FROM cash_stock WHERE device = :device GROUP BY unit_yen;
