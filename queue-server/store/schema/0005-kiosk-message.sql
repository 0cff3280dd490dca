-- SPDX-License-Identifier: Apache-2.0
-- 0005-kiosk-message: what the staff have a kiosk show, for as long as they want

SET LOCAL search_path = sugu;

ALTER TABLE kiosk_state ADD message text NOT NULL DEFAULT '';
COMMENT ON COLUMN kiosk_state.message IS 'The staff''s own words, beside every page; empty: none';
