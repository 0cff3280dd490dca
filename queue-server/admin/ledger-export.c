/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger-export - journals as plain text that hledger (and ledger) read, to be added up elsewhere
 *
 * One transaction each, by business day and number, with the kind alone: whom it concerns stands
 * in no line. An account is its class, its name and, where it has one, its detail.
 */
#include "admin.h"

#include "statements.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#define PAGE 250

struct export
{
    struct sugu_journal_page_of_days_rows journals;
    struct sugu_entry_list_rows entries;
};

/* What hledger takes for a part of an account's name, as it stands there. */
static void
print_account(const struct sugu_entry_list_row *entry)
{
    printf("    %s:%s", entry->class, entry->account);
    if (*entry->detail)
        putchar(':');
    for (const char *at = entry->detail; *at; at++)
        putchar(isalnum((unsigned char)*at) || *at == '-' || *at == '.' || (*at & 0x80) ? *at
                                                                                        : '_');
}

/* In the order of the journals: *at goes along. */
static void
print_journal(const struct export *export, size_t index, size_t *at)
{
    const struct sugu_journal_page_of_days_row *journal = &export->journals.rows[index];

    printf("%04" PRIu32 "-%02" PRIu32 "-%02" PRIu32 " * (%" PRId64 ") %s\n", journal->day / 10000,
           journal->day / 100 % 100, journal->day % 100, journal->journal, journal->kind);
    for (; *at < export->entries.count && export->entries.rows[*at].journal == journal->journal;
         ++*at) {
        print_account(&export->entries.rows[*at]);
        printf("  %" PRId64 " JPY\n", export->entries.rows[*at].yen);
    }
    putchar('\n');
}

static enum sugu_status
read_page(struct admin *admin,
          const struct sugu_journal_page_of_days_params *from,
          struct export *export,
          struct sugu_error *reterr)
{
    int64_t numbers[PAGE];
    enum sugu_status status;

    sugu_db_journal_page_of_days(admin->db, from, &export->journals);
    status = sugu_db_wait_round(admin->db, /* has_commit= */ false, reterr);
    if (status != SUGU_OK)
        return status;
    for (size_t i = 0; i < export->journals.count; i++)
        numbers[i] = export->journals.rows[i].journal;
    sugu_db_entry_list(admin->db,
                       &(struct sugu_entry_list_params){.count = export->journals.count,
                                                        .facility = from->facility,
                                                        .journals = numbers},
                       &export->entries);
    return sugu_db_wait_round(admin->db, /* has_commit= */ false, reterr);
}

enum sugu_status
admin_ledger_export(struct admin *admin, uint32_t from, uint32_t to, struct sugu_error *reterr)
{
    struct sugu_journal_page_of_days_params page = {
        .facility = admin_facility(admin), .day = from, .last_day = to, .most = PAGE};
    enum sugu_status status;
    size_t count;

    printf("; Sugu, facility %" PRId32 ", business days %" PRIu32 " to %" PRIu32 "\n\n",
           admin_facility(admin), from, to);
    do {
        struct export export = {.journals.count = 0};
        size_t at = 0;
        status = read_page(admin, &page, &export, reterr);
        count = status == SUGU_OK ? export.journals.count : 0;
        for (size_t i = 0; i < count; i++)
            print_journal(&export, i, &at);
        if (count > 0) {
            page.day = export.journals.rows[count - 1].day;
            page.journal = export.journals.rows[count - 1].journal;
        }
        sugu_journal_page_of_days_rows_done(&export.journals);
        sugu_entry_list_rows_done(&export.entries);
    } while (count == PAGE);
    if (status == SUGU_OK && (fflush(stdout) != 0 || ferror(stdout)))
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "standard output");
    return status;
}
