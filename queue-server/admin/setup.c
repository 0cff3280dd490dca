/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setup - the commands that write the installation into the database, as its owner
 */
#include "admin.h"

#include "base/text.h"
#include "domain/date.h"
#include "domain/desk-name.h"
#include "domain/insurance-number.h"
#include "domain/name.h"
#include "statements.h"
#include "store/migrate.h"

#include <stdio.h>
#include <string.h>

/* One statement in a transaction of its own, in the facility of the settings. */
void
admin_begin(struct admin *admin)
{
    static struct sugu_facility_enter_row entered;
    char facility[16];

    snprintf(facility, sizeof facility, "%d", (int)admin->settings->connection.facility);
    sugu_db_tx_begin(admin->db, NULL);
    sugu_db_facility_enter(admin->db, &(struct sugu_facility_enter_params){.facility = facility},
                           &entered);
}

void
admin_rollback(struct admin *admin)
{
    if (!sugu_db_is_ready(admin->db))
        return;
    sugu_db_tx_rollback(admin->db, NULL);
    if (sugu_db_wait_round(admin->db, /* has_commit= */ false, NULL) != SUGU_OK)
        return;
}

enum sugu_status
admin_commit(struct admin *admin, struct sugu_error *reterr)
{
    enum sugu_status status;

    sugu_db_tx_commit(admin->db, NULL);
    status = sugu_db_wait_round(admin->db, /* has_commit= */ true, reterr);
    if (status != SUGU_OK)
        admin_rollback(admin);
    return status;
}

int32_t
admin_facility(const struct admin *admin)
{
    return (int32_t)admin->settings->connection.facility;
}

/* Servers read their keys and facilities again at once. */
static enum sugu_status
tell_servers(struct admin *admin, struct sugu_error *reterr)
{
    struct sugu_notify_commit_row row;

    sugu_db_notify_commit(admin->db, &(struct sugu_notify_commit_params){.facility = "keys"}, &row);
    return sugu_db_wait_round(admin->db, /* has_commit= */ false, reterr);
}

static enum sugu_status
run_migrate(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    char conninfo[600];
    int applied = 0;
    enum sugu_status status = admin_conninfo(admin, conninfo, reterr);

    (void)count, (void)arguments;
    if (status == SUGU_OK)
        status = sugu_migrate(conninfo, &applied, reterr);
    if (status == SUGU_OK)
        printf("migrations applied: %d\n", applied);
    return status;
}

static enum sugu_status
run_key(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    uint8_t public_key[SUGU_KEY_SIZE], secret_key[SUGU_KEY_SIZE];
    enum sugu_status status;

    (void)admin, (void)count;
    sugu_key_pair_new(public_key, secret_key);
    status = sugu_key_file_write(arguments[0], public_key, secret_key, reterr);
    explicit_bzero(secret_key, sizeof secret_key);
    if (status == SUGU_OK)
        printf("key written: %s, %s.pub\n", arguments[0], arguments[0]);
    return status;
}

static enum sugu_status
run_facility(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    int64_t cutoff = 240, open_days = 3;

    if ((count > 4 && !sugu_text_to_int64(arguments[4], 0, 1439, &cutoff)) ||
        (count > 5 && !sugu_text_to_int64(arguments[5], 0, 14, &open_days)))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "CUTOFF is minutes after midnight, 0 to 1439; DAYS is 0 to 14");
    if (sugu_institution_code_check(arguments[0], reterr) != SUGU_OK)
        return reterr->status;
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_facility(
        admin->db,
        &(struct sugu_setup_facility_params){.facility = admin_facility(admin),
                                             .institution_code = arguments[0],
                                             .name = arguments[1],
                                             .address = count > 2 ? arguments[2] : "",
                                             .phone = count > 3 ? arguments[3] : "",
                                             .cutoff_min = (int32_t)cutoff,
                                             .open_days = (int16_t)open_days},
        NULL);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    return tell_servers(admin, reterr);
}

#define DEPOSIT_YEN_MAX      1000000
#define REFUND_LIMIT_YEN_MAX 100000000

static enum sugu_status
run_money(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct sugu_setup_money_row row = {.is_found = false};
    int64_t deposit_yen, limit_yen;

    (void)count;
    if (!sugu_text_to_int64(arguments[0], 0, DEPOSIT_YEN_MAX, &deposit_yen) ||
        !sugu_text_to_int64(arguments[1], 0, REFUND_LIMIT_YEN_MAX, &limit_yen))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "DEPOSIT is 0 to %d yen, LIMIT 0 to %d", DEPOSIT_YEN_MAX,
                         REFUND_LIMIT_YEN_MAX);
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_money(admin->db,
                        &(struct sugu_setup_money_params){.facility = admin_facility(admin),
                                                          .deposit_yen = deposit_yen,
                                                          .refund_limit_yen = limit_yen},
                        &row);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    if (!row.is_found)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "facility %d is not set up: begin with 'facility'", admin_facility(admin));
    return tell_servers(admin, reterr);
}

#define NOT_SAID (-1)

/* What the desks of a place are called where nobody has said it. */
static int16_t
usual_desk_word(int16_t kind)
{
    static const enum sugu_desk_word words[] = {SUGU_DESK_COUNTER, SUGU_DESK_TEST_ROOM,
                                                SUGU_DESK_ROOM, SUGU_DESK_COUNTER,
                                                SUGU_DESK_COUNTER};

    return (int16_t)words[kind];
}

/* The last words of `department`: what kind of place it is, what its desks are called, and whether
 * it is open. */
static bool
take_department_word(const char *word, struct sugu_setup_department_params *params)
{
    static const char *const kinds[] = {"reception", "test", "consultation", "billing", "pharmacy"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(kinds); i++)
        if (strcmp(word, kinds[i]) == 0) {
            params->kind = (int16_t)i;
            return true;
        }
    if (sugu_desk_word_find(word) < SUGU_DESK_WORD_COUNT) {
        params->desk_word = (int16_t)sugu_desk_word_find(word);
        return true;
    }
    if (strcmp(word, "desk") == 0) {
        params->is_desk = true;
        params->kind = 0;
    } else if (strcmp(word, "closed") == 0)
        params->is_open = false;
    else if (strcmp(word, "day-and-night") == 0)
        params->is_day_and_night = true;
    else
        return false;
    return true;
}

static enum sugu_status
run_department(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct sugu_setup_department_params params = {
        .facility = admin_facility(admin),
        .department = arguments[0],
        .name = arguments[1],
        .series = strcmp(arguments[2], "-") ? arguments[2] : "",
        .kind = 2,
        .is_open = true,
        .desk_word = NOT_SAID,
    };
    struct sugu_setup_department_row row = {.is_found = false};

    for (int i = 3; i < count; i++)
        if (!take_department_word(arguments[i], &params))
            return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                             "%s: may be desk (the reception), test, consultation, billing, "
                             "pharmacy, room, test-room, counter, day-and-night, or closed",
                             arguments[i]);
    if (params.desk_word == NOT_SAID)
        params.desk_word = usual_desk_word(params.kind);
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_department(admin->db, &params, &row);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    if (!row.is_found)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "%s: a facility has 60 departments at most", params.department);
    return SUGU_OK;
}

static enum sugu_status
run_desk(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    (void)count;
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_desk(admin->db,
                       &(struct sugu_setup_desk_params){.facility = admin_facility(admin),
                                                        .desk = arguments[0],
                                                        .department = arguments[1]},
                       NULL);
    return admin_commit(admin, reterr);
}

static enum sugu_status
run_client(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct sugu_setup_client_row row = {.is_found = false};
    uint8_t public_key[SUGU_KEY_SIZE];
    int64_t added = 0;

    if (sugu_key_file_read(arguments[2], public_key, NULL, reterr) != SUGU_OK ||
        admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_client(admin->db,
                         &(struct sugu_setup_client_params){.facility = admin_facility(admin),
                                                            .name = arguments[0],
                                                            .role = arguments[1],
                                                            .place = count > 3 ? arguments[3] : ""},
                         &row);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    if (!row.is_found)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "%s is there already with another role", arguments[0]);
    admin_begin(admin);
    sugu_db_setup_key(admin->db,
                      &(struct sugu_setup_key_params){.facility = admin_facility(admin),
                                                      .client = row.client,
                                                      .public_key = {public_key, SUGU_KEY_SIZE}},
                      &added);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    if (added == 0)
        return sugu_fail(reterr, SUGU_REFUSED, "key.file",
                         "this key is registered already (a revoked key stays revoked)");
    return tell_servers(admin, reterr);
}

static enum sugu_status
run_revoke(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    uint8_t public_key[SUGU_KEY_SIZE];
    int64_t revoked = 0;

    if (count > 1 && sugu_key_file_read(arguments[1], public_key, NULL, reterr) != SUGU_OK)
        return reterr->status;
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_key_revoke(admin->db,
                             &(struct sugu_setup_key_revoke_params){
                                 .facility = admin_facility(admin),
                                 .name = arguments[0],
                                 .public_key = {public_key, count > 1 ? SUGU_KEY_SIZE : 0},
                                 .revoked_at = sugu_clock_system()->utc_us(sugu_clock_system())},
                             &revoked);
    if (admin_commit(admin, reterr) != SUGU_OK || tell_servers(admin, reterr) != SUGU_OK)
        return reterr->status;
    if (revoked == 0)
        return sugu_fail(reterr, SUGU_REFUSED, "key.unknown", "%s has no such key in force",
                         arguments[0]);
    printf("keys revoked: %d\n", (int)revoked);
    return SUGU_OK;
}

bool
admin_parse_date(const char *text, uint32_t *ret_date)
{
    char digits[9];
    int64_t value;

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    snprintf(digits, sizeof digits, "%.4s%.2s%.2s", text, text + 5, text + 8);
    if (!sugu_text_to_int64(digits, SUGU_DATE_FIRST, SUGU_DATE_LAST, &value) ||
        !sugu_date_is_valid((uint32_t)value))
        return false;
    *ret_date = (uint32_t)value;
    return true;
}

static enum sugu_status
run_patient(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    static const char *const sexes[] = {"unknown", "male", "female", "other"};
    const struct sugu_clock *clock = sugu_clock_system();
    char name_key[SUGU_NAME_SIZE];
    uint32_t birth_date;
    int16_t sex = 0;

    (void)count;
    while (sex < 4 && strcmp(arguments[3], sexes[sex]) != 0)
        sex++;
    if (!admin_parse_date(arguments[2], &birth_date) || sex == 4 ||
        !sugu_name_key(name_key, sizeof name_key, arguments[1]))
        return sugu_fail(
            reterr, SUGU_REFUSED, "settings.invalid",
            "needs a name, a birth date YYYY-MM-DD and male, female, other or unknown");
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_patient(
        admin->db,
        &(struct sugu_setup_patient_params){.facility = admin_facility(admin),
                                            .patient = sugu_id_new(clock, sugu_random_system()),
                                            .number = arguments[0],
                                            .name = arguments[1],
                                            .name_key = name_key,
                                            .birth_date = birth_date,
                                            .sex = sex},
        NULL);
    return admin_commit(admin, reterr);
}

enum sugu_status
admin_today(struct admin *admin, uint32_t *ret_day, struct sugu_error *reterr)
{
    const struct sugu_clock *clock = sugu_clock_system();
    struct sugu_facility_find_row row = {.is_found = false};
    struct sugu_day_rule rule;

    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_facility_find(
        admin->db, &(struct sugu_facility_find_params){.facility = admin_facility(admin)}, &row);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    rule = (struct sugu_day_rule){.offset_minutes = row.utc_offset_min,
                                  .cutoff_minutes = row.cutoff_min};
    if (!row.is_found || !sugu_business_day(&rule, clock->utc_us(clock), ret_day))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "facility %d is not set up: begin with 'facility'", admin_facility(admin));
    return SUGU_OK;
}

enum sugu_status
admin_find_patient(struct admin *admin,
                   const char *number,
                   struct sugu_id *ret_patient,
                   struct sugu_error *reterr)
{
    struct sugu_setup_patient_find_row row;

    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_patient_find(admin->db,
                               &(struct sugu_setup_patient_find_params){
                                   .facility = admin_facility(admin), .number = number},
                               &row);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    if (!row.is_found)
        return sugu_fail(reterr, SUGU_REFUSED, "identity.not-found", "no patient %s", number);
    *ret_patient = row.patient;
    return SUGU_OK;
}

static enum sugu_status
run_card(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    bool is_felica = strcmp(arguments[1], "felica") == 0;
    struct sugu_id patient;
    uint8_t serial[10];
    size_t size = strlen(arguments[2]) / 2;

    (void)count;
    if ((!is_felica && strcmp(arguments[1], "mifare") != 0) || size > sizeof serial || size < 4 ||
        !sugu_hex_to_bytes(serial, size, arguments[2]))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "needs felica or mifare and the serial in hexadecimal, 4 to 10 bytes");
    if (admin_find_patient(admin, arguments[0], &patient, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_card(admin->db,
                       &(struct sugu_setup_card_params){.facility = admin_facility(admin),
                                                        .kind = is_felica ? 2 : 3,
                                                        .serial = {serial, size},
                                                        .patient = patient},
                       NULL);
    return admin_commit(admin, reterr);
}

static enum sugu_status
run_insurance(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct sugu_id patient;

    if (admin_find_patient(admin, arguments[0], &patient, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_insurance_set(
        admin->db,
        &(struct sugu_insurance_set_params){.facility = admin_facility(admin),
                                            .patient = patient,
                                            .insurer_number = arguments[1],
                                            .symbol = arguments[2],
                                            .number = arguments[3],
                                            .branch = count > 4 ? arguments[4] : ""},
        NULL);
    return admin_commit(admin, reterr);
}

static enum sugu_status
run_appointment(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct sugu_id patient;
    int64_t hours, minutes;
    char hour[3] = "";
    uint32_t day;

    snprintf(hour, sizeof hour, "%.2s", arguments[2]);
    if (strlen(arguments[2]) != 5 || arguments[2][2] != ':' ||
        !sugu_text_to_int64(hour, 0, 23, &hours) ||
        !sugu_text_to_int64(arguments[2] + 3, 0, 59, &minutes) ||
        (count > 3 && !admin_parse_date(arguments[3], &day)))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "needs a time HH:MM and perhaps a day YYYY-MM-DD");
    if (count <= 3 && admin_today(admin, &day, reterr) != SUGU_OK)
        return reterr->status;
    if (admin_find_patient(admin, arguments[0], &patient, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_appointment(
        admin->db,
        &(struct sugu_setup_appointment_params){.facility = admin_facility(admin),
                                                .patient = patient,
                                                .day = day,
                                                .department = arguments[1],
                                                .minutes = (int16_t)(hours * 60 + minutes)},
        NULL);
    return admin_commit(admin, reterr);
}

const struct admin_command admin_setup_commands[] = {
    {"migrate", 0, 0, "", "Bring the database to the newest schema.", run_migrate},
    {"key", 1, 1, "FILE", "Make a key pair: FILE (secret) and FILE.pub.", run_key},
    {"facility", 2, 6, "INSTITUTION-CODE NAME [ADDRESS [PHONE [CUTOFF [DAYS]]]]",
     "Add or change the facility of --facility; CUTOFF in minutes after midnight; DAYS that open "
     "bills and medicines go over to.",
     run_facility},
    {"money", 2, 2, "DEPOSIT LIMIT",
     "Yen taken as a deposit while insurance is not proven (0: the whole bill), and above which a "
     "refund needs a second person.",
     run_money},
    {"department", 3, 6,
     "CODE NAME SERIES [desk|test|consultation|billing|pharmacy] [room|test-room|counter] "
     "[day-and-night] [closed]",
     "Add or change a department; SERIES is the letter on its tickets, - for none. One that is "
     "open "
     "day and night keeps who waits across the cut-off; none is closed while people wait for it.",
     run_department},
    {"desk", 2, 2, "NAME DEPARTMENT", "Add or change a desk or room that calls tickets.", run_desk},
    {"client", 3, 4, "NAME ROLE KEY.pub [PLACE]",
     "Let a program in; PLACE is the kiosk that it belongs to.", run_client},
    {"revoke", 1, 2, "NAME [KEY.pub]", "Shut a program's keys (or one of them) out at once.",
     run_revoke},
    {"patient", 4, 4, "NUMBER NAME BIRTH-DATE SEX", "Add or change a patient.", run_patient},
    {"card", 3, 3, "PATIENT felica|mifare SERIAL", "Link a hospital card to a patient.", run_card},
    {"insurance", 4, 5, "PATIENT INSURER SYMBOL NUMBER [BRANCH]",
     "Put a patient's insurance on file.", run_insurance},
    {"appointment", 3, 4, "PATIENT DEPARTMENT HH:MM [DATE]", "Book a visit, today or on DATE.",
     run_appointment},
};
const size_t admin_setup_command_count = SUGU_ARRAY_SIZE(admin_setup_commands);
