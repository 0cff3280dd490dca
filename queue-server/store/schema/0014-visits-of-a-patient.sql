-- SPDX-License-Identifier: Apache-2.0
-- visits of a patient - found at each check-in, for the bills of earlier days, without reading all
--
-- visit_one_open begins with the day and leaves out who has gone home.

SET search_path = sugu;

CREATE INDEX visit_patient ON visit (facility, patient);
