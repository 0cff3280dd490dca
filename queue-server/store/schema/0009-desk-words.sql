-- SPDX-License-Identifier: Apache-2.0
-- 0009-desk-words: what the desks of a department are called, said once for everybody

SET LOCAL search_path = sugu;

ALTER TABLE department ADD desk_word smallint NOT NULL DEFAULT 0 CHECK (desk_word BETWEEN 0 AND 2);
COMMENT ON COLUMN department.desk_word IS 'Room 0, test room 1, counter 2; the words are in core/domain/desk-name.h';
UPDATE department SET desk_word = CASE kind WHEN 1 THEN 1 WHEN 2 THEN 0 ELSE 2 END;
