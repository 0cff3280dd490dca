/* SPDX-License-Identifier: Apache-2.0 */
/*
 * on-file - the commands that set up cards on file: who charges them, the text that people consent
 * to, who may not
 */
#include "admin.h"

#include "base/files.h"
#include "base/text.h"
#include "statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define YEN_MAX       99999999
#define TEXT_SIZE_MAX 16000
#define LANGUAGES_MAX 16

/* ---- on-file */

static enum sugu_status
run_on_file(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct sugu_setup_on_file_row row = {.is_found = false};
    int64_t ceiling = 30000, hold = 0, days = 7;
    bool is_off = strcmp(arguments[0], "off") == 0;

    if ((count > 1 && !sugu_text_to_int64(arguments[1], 1, YEN_MAX, &ceiling)) ||
        (count > 2 && !sugu_text_to_int64(arguments[2], 0, YEN_MAX, &hold)) ||
        (count > 3 && !sugu_text_to_int64(arguments[3], 7, 90, &days)))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "CEILING is 1 to %d yen, HOLD 0 to %d, DAYS 7 to 90", YEN_MAX, YEN_MAX);
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_on_file(admin->db,
                          &(struct sugu_setup_on_file_params){.facility = admin_facility(admin),
                                                              .client = is_off ? "" : arguments[0],
                                                              .ceiling_yen = ceiling,
                                                              .hold_yen = hold,
                                                              .hold_days = (int16_t)days},
                          &row);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    if (!row.is_found)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "facility %d is not set up: begin with 'facility'", admin_facility(admin));
    return SUGU_OK;
}

/* ---- consent-text */

struct consent_texts {
    char *languages[LANGUAGES_MAX]; /* in the arguments */
    char *texts[LANGUAGES_MAX];     /* freed by the caller */
    int count;
};

static enum sugu_status
read_text(char *argument, struct consent_texts *texts, struct sugu_error *reterr)
{
    char *path = strchr(argument, '=');
    uint8_t *bytes = NULL;
    size_t size;
    enum sugu_status status;

    if (!path || path == argument)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "%s: say LANGUAGE=FILE",
                         argument);
    *path++ = '\0';
    status = sugu_file_read(path, TEXT_SIZE_MAX, &bytes, &size, reterr);
    if (status != SUGU_OK)
        return status;
    texts->languages[texts->count] = argument;
    texts->texts[texts->count++] = (char *)bytes;
    if (size == 0 || memchr(bytes, '\0', size) || !sugu_text_is_utf8((char *)bytes, size))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "%s: no text in UTF-8", path);
    return SUGU_OK;
}

static enum sugu_status
write_texts(struct admin *admin, const struct consent_texts *texts, struct sugu_error *reterr)
{
    struct sugu_setup_consent_next_row next = {.is_found = false};
    const struct sugu_clock *clock = sugu_clock_system();

    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_consent_next(
        admin->db, &(struct sugu_setup_consent_next_params){.facility = admin_facility(admin)},
        &next);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    for (int i = 0; i < texts->count; i++)
        sugu_db_setup_consent_text(
            admin->db,
            &(struct sugu_setup_consent_text_params){.facility = admin_facility(admin),
                                                     .version = next.version,
                                                     .language = texts->languages[i],
                                                     .text = texts->texts[i],
                                                     .made_at = clock->utc_us(clock)},
            NULL);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    printf("text of consent in force: version %d in %d languages\n", next.version, texts->count);
    return SUGU_OK;
}

/* All languages of a version at once: a person who reads the new one agrees to it in any. */
static enum sugu_status
run_consent_text(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct consent_texts texts = {.count = 0};
    enum sugu_status status = SUGU_OK;

    for (int i = 0; i < count && status == SUGU_OK; i++)
        status = read_text(arguments[i], &texts, reterr);
    if (status == SUGU_OK)
        status = write_texts(admin, &texts, reterr);
    for (int i = 0; i < texts.count; i++)
        free(texts.texts[i]);
    return status;
}

/* ---- ceiling-sheet */

static enum sugu_status
run_ceiling_sheet(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    bool is_yes = strcmp(arguments[1], "yes") == 0;
    struct sugu_id patient;

    (void)count;
    if (!is_yes && strcmp(arguments[1], "no") != 0)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "say yes or no");
    if (admin_find_patient(admin, arguments[0], &patient, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_ceiling_sheet(
        admin->db,
        &(struct sugu_setup_ceiling_sheet_params){
            .facility = admin_facility(admin), .patient = patient, .has_ceiling_sheet = is_yes},
        NULL);
    return admin_commit(admin, reterr);
}

/* ---- suspend-card */

static enum sugu_status
run_suspend_card(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    bool is_yes = strcmp(arguments[1], "yes") == 0;
    const struct sugu_clock *clock = sugu_clock_system();
    struct sugu_id patient;
    int64_t changed = 0;

    (void)count;
    if (!is_yes && strcmp(arguments[1], "no") != 0)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "say yes or no");
    if (admin_find_patient(admin, arguments[0], &patient, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_setup_card_suspend(
        admin->db,
        &(struct sugu_setup_card_suspend_params){.facility = admin_facility(admin),
                                                 .patient = patient,
                                                 .is_suspended = is_yes,
                                                 .at = clock->utc_us(clock)},
        &changed);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    if (changed == 0)
        return sugu_fail(reterr, SUGU_REFUSED, "later.not-allowed",
                         "%s has no card on file that %s", arguments[0],
                         is_yes ? "pays" : "is stopped");
    return SUGU_OK;
}

const struct admin_command admin_on_file_commands[] = {
    {"on-file", 1, 4, "PLACE|off [CEILING [HOLD [DAYS]]]",
     "Let the payment program at PLACE charge cards on file: the most that a person may consent to "
     "for a visit (30000 yen), what is held at check-in (0: only asked whether the card is good), "
     "and for how many days the provider holds (7).",
     run_on_file},
    {"consent-text", 1, LANGUAGES_MAX, "LANGUAGE=FILE…",
     "Put a new version of the text in force that people consent to; everybody is asked anew.",
     run_consent_text},
    {"ceiling-sheet", 2, 2, "PATIENT yes|no",
     "Does the patient bring a monthly ceiling sheet of a public subsidy? Then no card on file.",
     run_ceiling_sheet},
    {"suspend-card", 2, 2, "PATIENT yes|no",
     "Stop the patient's card on file, or let it pay again once nothing is owed any more.",
     run_suspend_card},
};
const size_t admin_on_file_command_count = SUGU_ARRAY_SIZE(admin_on_file_commands);
