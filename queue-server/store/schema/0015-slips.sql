-- SPDX-License-Identifier: Apache-2.0
-- 0015-slips: papers over money that is owed or goes back are reported, too

SET LOCAL search_path = sugu;

ALTER TABLE paper
    DROP CONSTRAINT paper_kind_check,
    ADD CONSTRAINT paper_kind_check CHECK (kind BETWEEN 0 AND 4);
COMMENT ON COLUMN paper.kind IS 'Ticket 0, receipt 1, statement 2, claim 3, refund 4; PaperKind of money.proto';
