-- SPDX-License-Identifier: Apache-2.0
-- 0007-cut-off: who has money or medicine open when the business day ends stays reachable
--
-- A visit keeps the day of its treatment, by which it is billed, and its number. While something
-- of it is open it goes over to each new day (carried_to), whose numbers leave its number out.

SET LOCAL search_path = sugu;

ALTER TABLE facility
    ADD open_days smallint NOT NULL DEFAULT 3 CHECK (open_days BETWEEN 0 AND 14);
COMMENT ON COLUMN facility.open_days IS 'Days after its own on which a visit with an open bill, or medicine to be fetched, is still found by ticket, card and number';

ALTER TABLE visit ADD carried_to date CHECK (carried_to > day);
COMMENT ON COLUMN visit.carried_to IS 'The last business day to which it went over with its number; NULL: none but its own';
CREATE UNIQUE INDEX visit_carried ON visit (facility, carried_to, series, number)
    WHERE carried_to IS NOT NULL;

ALTER TABLE ticket_counter DROP CONSTRAINT ticket_counter_number_check;
ALTER TABLE ticket_counter
    ADD CHECK (number >= 0),
    ADD skips integer[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN ticket_counter.skips IS 'Numbers of earlier days that live on: the nth of them, in order, less n - 1. The number that is given is the counter plus how many of these are not larger than it';

ALTER TABLE day_task DROP CONSTRAINT day_task_task_check;
ALTER TABLE day_task ADD CHECK (task IN ('open-day', 'ranges', 'pace', 'sessions'));
