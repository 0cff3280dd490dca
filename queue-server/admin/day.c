/* SPDX-License-Identifier: Apache-2.0 */
/*
 * day - closing a business day: nothing is posted into it any more
 *
 * Refused while the outcome of a payment of that day or before is not known, unless a named person
 * accepts it with a reason (design: the day's end). What comes late goes into the next open day.
 */
#include "admin.h"

#include "base/text.h"
#include "domain/date.h"
#include "domain/ticket.h"
#include "statements.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define USAGE "use: close-day YYYY-MM-DD NAME [REASON]"

static void
print_doubt(const struct sugu_day_doubts_row *doubt)
{
    char number[SUGU_TICKET_NUMBER_SIZE], id[SUGU_ID_TEXT_SIZE];

    sugu_ticket_number_format(number, doubt->series, (uint32_t)doubt->number);
    printf("in doubt: %s %s by %s, %" PRId64 " yen, number %s, begun at %s\n",
           sugu_id_to_text(&doubt->attempt, id), doubt->kind, doubt->method, doubt->yen, number,
           doubt->place);
}

/* What stands against it, in one transaction with the close. */
static enum sugu_status
look(struct admin *admin, uint32_t day, const char *reason, struct sugu_error *reterr)
{
    int32_t facility = admin_facility(admin);
    struct sugu_day_doubts_rows doubts = {.count = 0};
    struct sugu_day_open_before_row before = {.before = 0};
    enum sugu_status status;

    sugu_db_day_open_before(admin->db,
                            &(struct sugu_day_open_before_params){.facility = facility, .day = day},
                            &before);
    sugu_db_day_doubts(admin->db,
                       &(struct sugu_day_doubts_params){.facility = facility, .day = day}, &doubts);
    status = sugu_db_wait_round(admin->db, /* has_commit= */ false, reterr);
    for (size_t i = 0; i < doubts.count; i++)
        print_doubt(&doubts.rows[i]);
    if (status == SUGU_OK && before.before != 0)
        status = sugu_fail(reterr, SUGU_REFUSED, "day.before-open", "%" PRIu32, before.before);
    if (status == SUGU_OK && doubts.count > 0 && !*reason)
        status = sugu_fail(reterr, SUGU_REFUSED, "day.in-doubt", "%zu payments", doubts.count);
    sugu_day_doubts_rows_done(&doubts);
    return status;
}

static enum sugu_status
close_day(struct admin *admin,
          uint32_t day,
          const char *name,
          const char *reason,
          struct sugu_error *reterr)
{
    struct sugu_day_close_row row = {.last_journal = 0};
    char head[65];

    sugu_db_day_close(admin->db,
                      &(struct sugu_day_close_params){
                          .facility = admin_facility(admin),
                          .day = day,
                          .closed_at = sugu_clock_system()->utc_us(sugu_clock_system()),
                          .closed_by = name,
                          .closed_reason = reason},
                      &row);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    if (!row.is_found)
        return sugu_fail(reterr, SUGU_REFUSED, "day.closed", "%" PRIu32, day);
    sugu_hex_from_bytes(head, row.head, sizeof row.head);
    printf("closed %" PRIu32 " by %s\nlast journal %" PRId64 "\nhead %s\n", day, name,
           row.last_journal, row.last_journal > 0 ? head : "-");
    return SUGU_OK;
}

static enum sugu_status
run_close(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    const char *reason = count == 3 ? arguments[2] : "";
    uint32_t day, today;
    enum sugu_status status;

    if (!admin_parse_date(arguments[0], &day) || !*arguments[1] || (count == 3 && !*reason))
        return sugu_fail(reterr, SUGU_REFUSED, "command.invalid", USAGE);
    status = admin_today(admin, &today, reterr);
    if (status == SUGU_OK && day > today)
        status = sugu_fail(reterr, SUGU_REFUSED, "day.not-begun", "today is %" PRIu32, today);
    if (status != SUGU_OK)
        return status;
    admin_begin(admin);
    status = look(admin, day, reason, reterr);
    if (status == SUGU_OK)
        return close_day(admin, day, arguments[1], reason, reterr);
    admin_rollback(admin);
    return status;
}

const struct admin_command admin_day_commands[] = {
    {"close-day", 2, 3, "DATE NAME [REASON]",
     "Close a business day in NAME's name; with a REASON although payments of it are in doubt. "
     "What "
     "comes late is posted into the next open day.",
     run_close},
};
const size_t admin_day_command_count = SUGU_ARRAY_SIZE(admin_day_commands);
