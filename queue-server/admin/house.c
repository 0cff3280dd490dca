/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house - the commands that set up queues, plans, the people at desks and the phone page's lines
 */
#include "admin.h"

#include "base/text.h"
#include "client/password.h"
#include "domain/date.h"
#include "domain/plan.h"
#include "domain/ticket.h"
#include "statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum sugu_status
run_queue(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    int64_t minutes[4], changed = 0;

    (void)count;
    for (int i = 0; i < 4; i++)
        if (!sugu_text_to_int64(arguments[i + 1], 0, 240, &minutes[i]))
            return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                             "%s is not minutes from 0 to 240", arguments[i + 1]);
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_queue_rule(
        admin->db,
        &(struct sugu_setup_queue_rule_params){.facility = admin_facility(admin),
                                               .department = arguments[0],
                                               .walk_in_after_min = (int16_t)minutes[0],
                                               .grace_min = (int16_t)minutes[1],
                                               .late_after_min = (int16_t)minutes[2],
                                               .assist_before_min = (int16_t)minutes[3]},
        &changed);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    if (changed == 0)
        return sugu_fail(reterr, SUGU_REFUSED, "department.unknown", "%s", arguments[0]);
    return SUGU_OK;
}

/* Would the rule close a circle with those that are there? */
static enum sugu_status
check_circle(struct admin *admin, const char *first, const char *second, struct sugu_error *reterr)
{
    struct sugu_order_rule_list_rows rows = {.count = 0};
    struct sugu_order_rule *rules;
    bool has_circle;

    admin_begin(admin);
    sugu_db_order_rule_list(
        admin->db, &(struct sugu_order_rule_list_params){.facility = admin_facility(admin)}, &rows);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    rules = calloc(rows.count + 1, sizeof *rules);
    if (!rules)
        abort();
    for (size_t i = 0; i < rows.count; i++) {
        snprintf(rules[i].first, sizeof rules[i].first, "%s", rows.rows[i].first);
        snprintf(rules[i].second, sizeof rules[i].second, "%s", rows.rows[i].second);
        rules[i].is_required = rows.rows[i].is_required;
    }
    snprintf(rules[rows.count].first, sizeof rules->first, "%s", first);
    snprintf(rules[rows.count].second, sizeof rules->second, "%s", second);
    rules[rows.count].is_required = true;
    has_circle = sugu_order_rules_have_circle(rules, rows.count + 1);
    free(rules);
    sugu_order_rule_list_rows_done(&rows);
    if (has_circle)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "%s before %s would close a circle with the other rules", first, second);
    return SUGU_OK;
}

static enum sugu_status
run_order_rule(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    bool is_required = strcmp(arguments[1], "before") == 0;

    (void)count;
    if (!is_required && strcmp(arguments[1], "any-time") != 0)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "say FIRST before SECOND, or FIRST any-time SECOND");
    if (admin_open_database(admin, reterr) != SUGU_OK ||
        (is_required && check_circle(admin, arguments[0], arguments[2], reterr) != SUGU_OK))
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_order_rule(
        admin->db,
        &(struct sugu_setup_order_rule_params){.facility = admin_facility(admin),
                                               .first = arguments[0],
                                               .second = arguments[2],
                                               .is_required = is_required},
        NULL);
    return admin_commit(admin, reterr);
}

static enum sugu_status
run_order(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct sugu_id patient;
    uint32_t day;

    if (count > 2 && !admin_parse_date(arguments[2], &day))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "DATE is YYYY-MM-DD");
    if (count <= 2 && admin_today(admin, &day, reterr) != SUGU_OK)
        return reterr->status;
    if (admin_find_patient(admin, arguments[0], &patient, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_test_order(
        admin->db,
        &(struct sugu_setup_test_order_params){.facility = admin_facility(admin),
                                               .patient = patient,
                                               .day = day,
                                               .department = arguments[1]},
        NULL);
    return admin_commit(admin, reterr);
}

/* ---- people at desks */

/* The password is a line of standard input. */
static enum sugu_status
read_password(struct admin *admin, const char *staff, char verifier[65], struct sugu_error *reterr)
{
    char line[160] = "";
    uint8_t proof[SUGU_PASSWORD_PROOF_SIZE];
    enum sugu_status status = SUGU_OK;

    verifier[0] = '\0';
    if (fgets(line, sizeof line, stdin))
        line[strcspn(line, "\r\n")] = '\0';
    if (strlen(line) < SUGU_PASSWORD_MIN)
        status = sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                           "a password has at least %d characters", SUGU_PASSWORD_MIN);
    else
        status = sugu_password_proof((uint32_t)admin_facility(admin), staff, line, proof, reterr);
    if (status == SUGU_OK)
        sugu_password_verifier(proof, verifier);
    explicit_bzero(line, sizeof line);
    explicit_bzero(proof, sizeof proof);
    return status;
}

static bool
parse_role(const char *text, int16_t *ret_role)
{
    static const char *const roles[] = {"clerk", "supervisor", "administrator"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(roles); i++)
        if (strcmp(text, roles[i]) == 0) {
            *ret_role = (int16_t)i;
            return true;
        }
    return false;
}

static enum sugu_status
run_staff(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct sugu_setup_staff_params params = {
        .facility = admin_facility(admin), .staff = arguments[0], .name = arguments[1]};
    char verifier[SUGU_PASSWORD_VERIFIER_SIZE] = "";
    uint8_t serial[10];
    bool has_password = count > 3 && strcmp(arguments[3], "password") == 0;
    int card = has_password ? 4 : 3;
    size_t size = count > card + 1 ? strlen(arguments[card + 1]) / 2 : 0;

    if (!parse_role(arguments[2], &params.role))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "ROLE is clerk, supervisor or administrator");
    if (count > card &&
        (size < 4 || size > sizeof serial ||
         (strcmp(arguments[card], "felica") != 0 && strcmp(arguments[card], "mifare") != 0) ||
         !sugu_hex_to_bytes(serial, size, arguments[card + 1])))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "a card is felica or mifare and its serial in hexadecimal");
    if ((has_password && read_password(admin, arguments[0], verifier, reterr) != SUGU_OK) ||
        admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    params.password = verifier;
    if (size > 0) {
        params.card_kind = strcmp(arguments[card], "felica") == 0 ? 2 : 3;
        params.card = (struct sugu_bytes){serial, size};
    }
    admin_begin(admin);
    sugu_db_setup_staff(admin->db, &params, NULL);
    return admin_commit(admin, reterr);
}

static enum sugu_status
run_staff_leave(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    int64_t changed = 0;

    (void)count;
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_staff_leave(admin->db,
                              &(struct sugu_setup_staff_leave_params){
                                  .facility = admin_facility(admin), .staff = arguments[0]},
                              &changed);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    if (changed == 0)
        return sugu_fail(reterr, SUGU_REFUSED, "staff.unknown", "%s", arguments[0]);
    return SUGU_OK;
}

static enum sugu_status
run_sign_in(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    bool needs = strcmp(arguments[1], "needed") == 0;
    int64_t changed = 0;

    (void)count;
    if (!needs && strcmp(arguments[1], "free") != 0)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "say needed or free");
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_needs_sign_in(
        admin->db,
        &(struct sugu_setup_needs_sign_in_params){
            .facility = admin_facility(admin), .name = arguments[0], .needs = needs},
        &changed);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    if (changed == 0)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "%s is no desk program",
                         arguments[0]);
    return SUGU_OK;
}

/* ---- the phone page, and the ranges */

static enum sugu_status
run_line(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    int64_t line;

    if (!sugu_text_to_int64(arguments[0], 1, 10, &line) || count == 2)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "LINE is 1 to 10; with a LANGUAGE goes a TEXT");
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    if (count == 1)
        sugu_db_setup_house_line_drop(admin->db,
                                      &(struct sugu_setup_house_line_drop_params){
                                          .facility = admin_facility(admin), .line = (int16_t)line},
                                      NULL);
    else
        sugu_db_setup_house_line(
            admin->db,
            &(struct sugu_setup_house_line_params){.facility = admin_facility(admin),
                                                   .line = (int16_t)line,
                                                   .language = arguments[1],
                                                   .text = arguments[2]},
            NULL);
    return admin_commit(admin, reterr);
}

static enum sugu_status
run_ranges(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    const struct sugu_clock *clock = sugu_clock_system();
    uint32_t day;

    if (count > 0 && !admin_parse_date(arguments[0], &day))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "DATE is YYYY-MM-DD");
    if (count == 0 && admin_today(admin, &day, reterr) != SUGU_OK)
        return reterr->status;
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_wait_range_refresh(
        admin->db,
        &(struct sugu_wait_range_refresh_params){
            .facility = admin_facility(admin), .day = day, .made_at = clock->utc_us(clock)},
        NULL);
    return admin_commit(admin, reterr);
}

/* ---- charges */

static enum sugu_status
run_unbilled(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct sugu_charge_report_list_rows rows = {.count = 0};

    (void)count, (void)arguments;
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_charge_report_list(
        admin->db, &(struct sugu_charge_report_list_params){.facility = admin_facility(admin)},
        &rows);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    for (size_t i = 0; i < rows.count; i++) {
        const struct sugu_charge_report_list_row *row = &rows.rows[i];
        char number[SUGU_TICKET_NUMBER_SIZE];
        sugu_ticket_number_format(number, row->series, (uint32_t)row->number);
        printf("%u %s %s acts=%s\n", row->day, number, row->code, row->act_codes);
    }
    sugu_charge_report_list_rows_done(&rows);
    return SUGU_OK;
}

const struct admin_command admin_house_commands[] = {
    {"queue", 5, 5, "DEPARTMENT WALK-IN GRACE LATE ASSIST",
     "How its queue goes by time, in minutes: who has no appointment counts as booked WALK-IN "
     "after "
     "arriving; GRACE late is in time; later counts LATE after arriving; a wheelchair or infant "
     "ASSIST before.",
     run_queue},
    {"order-rule", 3, 3, "FIRST before|any-time SECOND",
     "FIRST has to be done before SECOND, or at any time although its kind comes before.",
     run_order_rule},
    {"order", 2, 3, "PATIENT DEPARTMENT [DATE]", "Order a test for today or DATE.", run_order},
    {"staff", 3, 6, "USER NAME clerk|supervisor|administrator [password] [felica|mifare SERIAL]",
     "Add or change a person at the desks, who signs in with a password (read as a line of "
     "standard "
     "input), a card, or either.",
     run_staff},
    {"staff-leave", 1, 1, "USER", "The person may not sign in any more.", run_staff_leave},
    {"sign-in", 2, 2, "CLIENT needed|free",
     "Whether somebody has to sign in before the desk program CLIENT may do anything.",
     run_sign_in},
    {"line", 1, 3, "LINE [LANGUAGE TEXT]",
     "A line of the hospital on the phone page; without a text it is taken away.", run_line},
    {"ranges", 0, 1, "[DATE]",
     "Learn the waiting times anew from the 60 days before today or DATE.", run_ranges},
    {"unbilled", 0, 0, "", "Print the acts of any day that the fee module cannot bill, and why.",
     run_unbilled},
};
const size_t admin_house_command_count = SUGU_ARRAY_SIZE(admin_house_commands);
