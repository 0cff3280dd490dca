/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fixture - two hospitals with one of everything each, for the tests of the store
 *
 * Written by the owner as SQL: a facility (1 and 2) with a department, a desk, a client, a patient,
 * a visit with its ticket, a bill of 870 yen with a journal, an attempt, a receipt, an event …
 */
#pragma once

/* format() puts the facility in place of each %1$s. Ids are the facility's digit repeated. */
#define SUGU_FIXTURE                                                                               \
    "DO $$ BEGIN FOR f IN 1..2 LOOP EXECUTE format($fixture$"                                      \
    "INSERT INTO facility (facility, institution_code, name) VALUES (%1$s, '131234567%1$s', 'H');" \
    "INSERT INTO department VALUES (%1$s, 'eye', '眼科', 'B'), (%1$s, 'xray', 'X', 'X');"        \
    "INSERT INTO desk VALUES (%1$s, '1', 'eye');"                                                  \
    "INSERT INTO client VALUES (%1$s, 1, 'kiosk-1', 'kiosk', 'kiosk-1');"                          \
    "INSERT INTO client_key (public_key, facility, client)"                                        \
    "    VALUES (decode(repeat('0%1$s', 32), 'hex'), %1$s, 1);"                                    \
    "INSERT INTO patient (facility, patient, number, name, name_key, birth_date, sex)"             \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, '1', 'P', 'P', '1985-11-23', 2);"                 \
    "INSERT INTO patient_card"                                                                     \
    "    VALUES (%1$s, 2, '\\x0123456789abcdef', repeat('%1$s', 32)::uuid);"                       \
    "INSERT INTO insurance VALUES (%1$s, repeat('%1$s', 32)::uuid, '33120015', '', '1', '');"      \
    "INSERT INTO appointment"                                                                      \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, '2026-04-01', 'eye', 600);"                       \
    "INSERT INTO visit (facility, visit, day, patient, state, series, number, token, arrived_at)"  \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, '2026-04-01', repeat('%1$s', 32)::uuid, 5, 'B',"  \
    "            1, decode(repeat('0%1$s', 16), 'hex'), now());"                                   \
    "INSERT INTO ticket_counter VALUES (%1$s, '2026-04-01', 'B', 1);"                              \
    "INSERT INTO stage (facility, visit, stage, day, department, state, waiting_at, due_at)"       \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, 1, '2026-04-01', 'eye', 3, now(), now());"        \
    "INSERT INTO session (facility, session, client, place, opened_at)"                            \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, 1, 'kiosk-1', now());"                            \
    "INSERT INTO eligibility (facility, eligibility, patient, asked_at, insurer_number, symbol,"   \
    "                         number, branch, birth_date, confirm_date)"                           \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, repeat('%1$s', 32)::uuid, now(), '33120015',"     \
    "            '', '1', '', '1985-11-23', '2026-04-01');"                                        \
    "INSERT INTO help VALUES (%1$s, repeat('%1$s', 32)::uuid, 'kiosk-1', NULL, 'r', now());"       \
    "INSERT INTO act VALUES (%1$s, repeat('%1$s', 32)::uuid, 1, 1, '111000110', 1);"               \
    "INSERT INTO bill VALUES (%1$s, repeat('%1$s', 32)::uuid, repeat('%1$s', 32)::uuid, 4, 1,"     \
    "                         870);"                                                               \
    "INSERT INTO bill_revision (facility, bill, revision, acts_version, ratio_percent,"            \
    "                           total_points, copay_yen, self_pay_yen, total_yen, announced_at,"   \
    "                           settled_at, posted_at)"                                            \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, 1, 1, 30, 291, 870, 0, 870, now(), now(),"        \
    "            now());"                                                                          \
    "INSERT INTO bill_line"                                                                        \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, 1, 1, 'A00', '111000110', 'N', 291, 1, 0);"       \
    "INSERT INTO attempt (facility, attempt, bill, revision, client, place, method, amount_yen,"   \
    "                     state, approved_yen, begun_at, ended_at)"                                \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, repeat('%1$s', 32)::uuid, 1, 1, 'kiosk-1',"       \
    "            'card', 870, 2, 870, now(), now());"                                              \
    "INSERT INTO refund (facility, attempt, original, bill, amount_yen, reason, state,"            \
    "                    ordered_by, ordered_at)"                                                  \
    "    VALUES (%1$s, repeat('e', 32)::uuid, repeat('%1$s', 32)::uuid,"                           \
    "            repeat('%1$s', 32)::uuid, 870, 1, 4, 'ito', now());"                              \
    "INSERT INTO posting_change"                                                                   \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, repeat('%1$s', 32)::uuid, 1, true, 870, 0, 1,"    \
    "            'card', '2026-04-02', now());"                                                    \
    "INSERT INTO business_day (facility, day) VALUES (%1$s, '2026-04-01');"                        \
    "INSERT INTO journal (facility, journal, day, posted_at, kind, bill, attempt)"                 \
    "    VALUES (%1$s, 1, '2026-04-01', now(), 'payment',"                                         \
    "            repeat('%1$s', 32)::uuid, repeat('%1$s', 32)::uuid);"                             \
    "INSERT INTO entry VALUES (%1$s, 1, 1, 'card-clearing', 't', 870),"                            \
    "                         (%1$s, 1, 2, 'receivable', '', -870);"                               \
    "INSERT INTO journal (facility, journal, day, posted_at, kind)"                                \
    "    VALUES (%1$s, 2, '2026-04-01', now(), 'cash-moved');"                                     \
    "INSERT INTO entry VALUES (%1$s, 2, 1, 'cash-float', 'kiosk-1', 5000),"                        \
    "                         (%1$s, 2, 2, 'cash-in-transit', 'bag-1', -5000);"                    \
    "INSERT INTO cash_count VALUES (%1$s, 2, 'kiosk-1', 100, 50, 0);"                              \
    "INSERT INTO device_step VALUES (%1$s, 'kiosk-1', 'coins', 1, 1, NULL, NULL);"                 \
    "INSERT INTO refund (facility, attempt, original, bill, amount_yen, reason, state,"            \
    "                    ordered_by, ordered_at)"                                                  \
    "    VALUES (%1$s, gen_random_uuid(), repeat('%1$s', 32)::uuid, repeat('%1$s', 32)::uuid, 1,"  \
    "            0, 4, 'ito', now());"                                                             \
    "INSERT INTO number_counter VALUES (%1$s, 'journal', 2), (%1$s, 'receipt', 1),"                \
    "                                  (%1$s, 'event', 1);"                                        \
    "INSERT INTO receipt VALUES (%1$s, 1, repeat('%1$s', 32)::uuid, 1,"                            \
    "                            repeat('%1$s', 32)::uuid, now());"                                \
    "INSERT INTO paper"                                                                            \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, 'kiosk-1', NULL, 0, 2, '', now());"               \
    "INSERT INTO request VALUES (%1$s, 1, repeat('%1$s', 32)::uuid,"                               \
    "                            decode(repeat('00', 32), 'hex'), '', now());"                     \
    "INSERT INTO event VALUES (%1$s, 1, 1, '', NULL, now(), '');"                                  \
    "INSERT INTO order_rule VALUES (%1$s, 'xray', 'eye', true);"                                   \
    "INSERT INTO test_order"                                                                       \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, '2026-04-01', 'xray');"                           \
    "INSERT INTO stage_change (facility, visit, change, stage, verb, changed_at, client,"          \
    "                          visit_state, from_state, to_state, from_waiting_at)"                \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, 1, 1, 1, now(), 1, 1, 0, 1, now());"              \
    "INSERT INTO staff (facility, staff, name, role) VALUES (%1$s, 'ito', 'N', 0);"                \
    "INSERT INTO staff_sign_in"                                                                    \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, 'ito', 1, now(), now());"                         \
    "INSERT INTO audit (facility, made_at, client, staff, place, verb)"                            \
    "    VALUES (%1$s, now(), 1, '', '', 'v');"                                                    \
    "INSERT INTO wait_range VALUES (%1$s, 'eye', 0, 60, 600, 20, now(), 60, 300, 600);"            \
    "INSERT INTO day_task VALUES (%1$s, 'ranges', '2026-04-01', now());"                           \
    "INSERT INTO kiosk_state (facility, client, heard_at, parts)"                                  \
    "    VALUES (%1$s, 1, now(), '');"                                                             \
    "INSERT INTO notice (facility, visit, kind, made_at, due_at, expires_at)"                      \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, 0, now(), now(), now() + interval '1 hour');"     \
    "INSERT INTO house_line VALUES (%1$s, 1, 'ja', 't');"                                          \
    "INSERT INTO consent_text VALUES (%1$s, 1, 'ja', 't', sha256('t'), now());"                    \
    "INSERT INTO card_on_file (facility, card, patient, payer, state, token, text_version,"        \
    "                          ceiling_yen, is_payer_other, session, made_at, changed_at)"         \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, repeat('%1$s', 32)::uuid, 'p', 1, 't', 1, 1000,"  \
    "            false, repeat('%1$s', 32)::uuid, now(), now());"                                  \
    "INSERT INTO consent VALUES (%1$s, repeat('%1$s', 32)::uuid, now(), 'kiosk-1',"                \
    "                            repeat('%1$s', 32)::uuid, 1, 'ja', 1000, false);"                 \
    "INSERT INTO dues (facility, visit, card, state, changed_at)"                                  \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, repeat('%1$s', 32)::uuid, 0, now());"             \
    "INSERT INTO charge_report"                                                                    \
    "    VALUES (%1$s, repeat('%1$s', 32)::uuid, 1, 'fee.act-unknown', '123456789', now())"        \
    "$fixture$, f); END LOOP; END $$"
