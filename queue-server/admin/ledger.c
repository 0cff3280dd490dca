/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger - the commands that look at the books: sums, invariants, hash chain, export
 */
#include "admin.h"

#include "base/text.h"
#include "domain/era.h"
#include "domain/ticket.h"
#include "statements.h"
#include "store/chain.h"
#include "store/invariant.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything is looked at: minutes, where a kiosk's statement has seconds. */
#define PATIENCE    "30min"
#define PATIENCE_US (31 * 60 * SUGU_SECOND)

/* A transaction that may take long. */
static enum sugu_status
begin_patiently(struct admin *admin, struct sugu_error *reterr)
{
    struct sugu_patience_set_row row;

    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    sugu_db_set_round_limit(admin->db, PATIENCE_US);
    admin_begin(admin);
    sugu_db_patience_set(admin->db, &(struct sugu_patience_set_params){.patience = PATIENCE}, &row);
    return sugu_db_wait_round(admin->db, /* has_commit= */ false, reterr);
}

/* The value of "--name VALUE" among the arguments, NULL where it is not there. */
static const char *
find_option(int count, char **arguments, const char *name)
{
    for (int i = 0; i + 1 < count; i++)
        if (strcmp(arguments[i], name) == 0)
            return arguments[i + 1];
    return NULL;
}

/* "--name DATE"; 0 where it is not there. */
static enum sugu_status
take_day(
    int count, char **arguments, const char *name, uint32_t *ret_day, struct sugu_error *reterr)
{
    const char *text = find_option(count, arguments, name);

    *ret_day = 0;
    if (text && !admin_parse_date(text, ret_day))
        return sugu_fail(reterr, SUGU_REFUSED, "command.invalid", "%s %s is no day YYYY-MM-DD",
                         name, text);
    return SUGU_OK;
}

/* ---- ledger */

static enum sugu_status
run_ledger(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct sugu_ledger_sums_rows rows = {.count = 0};
    int64_t total = 0;

    (void)count, (void)arguments;
    if (admin_open_database(admin, reterr) != SUGU_OK)
        return reterr->status;
    admin_begin(admin);
    sugu_db_ledger_sums(
        admin->db, &(struct sugu_ledger_sums_params){.facility = admin_facility(admin)}, &rows);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    for (size_t i = 0; i < rows.count; i++) {
        printf("%s %" PRId64 "\n", rows.rows[i].account, rows.rows[i].yen);
        total += rows.rows[i].yen;
    }
    printf("sum %" PRId64 "\n", total);
    sugu_ledger_sums_rows_done(&rows);
    return SUGU_OK;
}

/* ---- open-items */

static void
print_open_item(const struct sugu_ledger_open_items_row *item)
{
    char number[SUGU_TICKET_NUMBER_SIZE] = "-", day[SUGU_DATE_TEXT_SIZE] = "-";

    if (item->day != 0) {
        sugu_ticket_number_format(number, item->series, (uint32_t)item->number);
        sugu_date_text_iso((uint32_t)item->day, day);
    }
    printf("%s %s %s %s %" PRId64 "\n", day, number,
           *item->patient_number ? item->patient_number : "-", item->account, item->yen);
}

static enum sugu_status
run_open_items(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct sugu_ledger_open_items_rows rows = {.count = 0};
    int64_t owed = 0, owing = 0;

    (void)count, (void)arguments;
    if (begin_patiently(admin, reterr) != SUGU_OK)
        return reterr->status;
    sugu_db_ledger_open_items(
        admin->db, &(struct sugu_ledger_open_items_params){.facility = admin_facility(admin)},
        &rows);
    if (admin_commit(admin, reterr) != SUGU_OK)
        return reterr->status;
    for (size_t i = 0; i < rows.count; i++) {
        print_open_item(&rows.rows[i]);
        *(rows.rows[i].yen > 0 ? &owed : &owing) += rows.rows[i].yen;
    }
    printf("patients-owe %" PRId64 "\nowed-to-patients %" PRId64 "\n", owed, -owing);
    sugu_ledger_open_items_rows_done(&rows);
    return SUGU_OK;
}

/* ---- check-ledger */

static void
print_json_text(const char *text)
{
    putchar('"');
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            printf("\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            printf("\\u%04x", (unsigned)*text);
        else
            putchar(*text);
    putchar('"');
}

static void
print_invariant(const struct sugu_invariant *invariant,
                const struct sugu_invariant_row *rows,
                size_t count,
                bool is_json)
{
    if (is_json) {
        printf("%s\n  {\"number\": %d, \"name\": \"%s\", \"says\": ",
               invariant->number == 1 ? "" : ",", invariant->number, invariant->name);
        print_json_text(invariant->says);
        printf(", \"broken_by\": [");
        for (size_t i = 0; i < count; i++) {
            fputs(i ? ", " : "", stdout);
            print_json_text(rows[i].what);
        }
        printf("]}");
        return;
    }
    printf("%2d %s %s: %s\n", invariant->number, count ? "BROKEN" : "holds", invariant->name,
           invariant->says);
    for (size_t i = 0; i < count; i++)
        printf("      %s\n", rows[i].what);
}

static enum sugu_status
run_check(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    sugu_time_us now = sugu_clock_system()->utc_us(sugu_clock_system());
    bool is_json = count == 1 && strcmp(arguments[0], "--json") == 0;
    enum sugu_status status;
    int broken = 0;

    if (count == 1 && !is_json)
        return sugu_fail(reterr, SUGU_REFUSED, "command.invalid", "use: check-ledger [--json]");
    status = begin_patiently(admin, reterr);
    if (status == SUGU_OK && is_json)
        printf("{\"facility\": %" PRId32 ", \"invariants\": [", admin_facility(admin));
    for (int i = 0; i < SUGU_INVARIANT_COUNT && status == SUGU_OK; i++) {
        struct sugu_invariant_row *rows = NULL;
        size_t row_count = 0;
        status = sugu_invariants[i].ask(admin->db, admin_facility(admin), now, &rows, &row_count,
                                        reterr);
        if (status == SUGU_OK)
            print_invariant(&sugu_invariants[i], rows, row_count, is_json);
        broken += row_count > 0;
        free(rows);
    }
    admin_rollback(admin);
    if (status != SUGU_OK)
        return status;
    if (is_json)
        printf("\n], \"broken\": %d}\n", broken);
    if (broken > 0)
        return sugu_fail(reterr, SUGU_BROKEN, "ledger.broken", "%d of %d invariants are broken",
                         broken, SUGU_INVARIANT_COUNT);
    return SUGU_OK;
}

/* ---- verify-ledger */

static enum sugu_status
report_chain(const struct sugu_chain_finding *finding, struct sugu_error *reterr)
{
    char head[2 * SUGU_CHAIN_HASH_SIZE + 1];

    if (finding->is_broken && finding->journal)
        printf("journal %" PRId64 ": %s\n", finding->journal, finding->what);
    else if (finding->is_broken)
        printf("day %" PRIu32 ": %s\n", finding->day, finding->what);
    if (finding->is_broken)
        return sugu_fail(reterr, SUGU_BROKEN, "ledger.chain",
                         "the chain is broken; %" PRId64 " journals before that are whole",
                         finding->checked);
    sugu_hex_from_bytes(head, finding->head, SUGU_CHAIN_HASH_SIZE);
    printf("journals %" PRId64 "\nhead %s\n", finding->checked, head);
    return SUGU_OK;
}

static enum sugu_status
run_verify(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    const char *head_text = find_option(count, arguments, "--head");
    uint8_t head[SUGU_CHAIN_HASH_SIZE];
    struct sugu_chain_range range = {.facility = admin_facility(admin)};
    struct sugu_chain_finding finding;
    enum sugu_status status = take_day(count, arguments, "--day", &range.day, reterr);

    if (status != SUGU_OK)
        return status;
    if (count % 2 != 0 || (count > 0 && range.day == 0) || (count == 4 && !head_text) ||
        (head_text && (strlen(head_text) != sizeof head * 2 ||
                       !sugu_hex_to_bytes(head, sizeof head, head_text))))
        return sugu_fail(reterr, SUGU_REFUSED, "command.invalid",
                         "use: verify-ledger [--day YYYY-MM-DD [--head 64 HEXADECIMAL DIGITS]]");
    range.head = head_text ? head : NULL;
    status = begin_patiently(admin, reterr);
    if (status == SUGU_OK)
        status = sugu_chain_verify(admin->db, &range, &finding, reterr);
    if (admin->db)
        admin_rollback(admin);
    return status == SUGU_OK ? report_chain(&finding, reterr) : status;
}

/* ---- export-ledger */

static enum sugu_status
run_export(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    uint32_t from, to;
    enum sugu_status status;

    if (take_day(count, arguments, "--from", &from, reterr) != SUGU_OK ||
        take_day(count, arguments, "--to", &to, reterr) != SUGU_OK)
        return reterr->status;
    if (from == 0 || to < from)
        return sugu_fail(reterr, SUGU_REFUSED, "command.invalid",
                         "use: export-ledger --from YYYY-MM-DD --to YYYY-MM-DD");
    status = begin_patiently(admin, reterr);
    if (status == SUGU_OK)
        status = admin_ledger_export(admin, from, to, reterr);
    if (admin->db)
        admin_rollback(admin);
    return status;
}

const struct admin_command admin_ledger_commands[] = {
    {"ledger", 0, 0, "", "Print the sum of each account, and of all: it has to be 0.", run_ledger},
    {"open-items", 0, 0, "",
     "Print what each bill still owes or is owed, the oldest first, and both sums.",
     run_open_items},
    {"check-ledger", 0, 1, "[--json]",
     "Look for whatever breaks one of the sixteen invariants of the books; none may.", run_check},
    {"verify-ledger", 0, 4, "[--day DATE [--head HASH]]",
     "Compute the hash chain of all journals, or of a day's, anew and name the first broken one; "
     "HASH is the day's as printed.",
     run_verify},
    {"export-ledger", 4, 4, "--from DATE --to DATE",
     "Print the journals of these business days as text for hledger.", run_export},
};
const size_t admin_ledger_command_count = SUGU_ARRAY_SIZE(admin_ledger_commands);
