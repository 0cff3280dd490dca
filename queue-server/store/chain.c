/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain - the hash chain of the journals, computed again outside the database
 */
#include "store/chain.h"

#include "statements.h"

#include <sodium.h>

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 250

_Static_assert(SUGU_CHAIN_HASH_SIZE == crypto_hash_sha256_BYTES, "SHA-256");

struct verifier {
    struct sugu_db *db;
    const struct sugu_chain_range *range;
    struct sugu_chain_finding *finding;
    struct sugu_chain_days_rows days;
    int64_t next, last; /* journals: expected, and the last there should be */
    uint32_t day_seen;  /* of the journal before */
    uint8_t before[SUGU_CHAIN_HASH_SIZE];
    /* the present page */
    struct sugu_journal_page_rows journals;
    struct sugu_entry_list_rows entries;
    struct sugu_count_list_rows counts;
};

static void found(struct verifier *verifier, int64_t journal, const char *format, ...)
    SUGU_PRINTF(3, 4);

static void
found(struct verifier *verifier, int64_t journal, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    vsnprintf(verifier->finding->what, sizeof verifier->finding->what, format, values);
    va_end(values);
    verifier->finding->is_broken = true;
    verifier->finding->journal = journal;
}

/* ---- the text of a journal, and its hash */

static void
print_id(FILE *to, const char *name, const struct sugu_id *id)
{
    char text[SUGU_ID_TEXT_SIZE];

    fprintf(to, "%s %s\n", name, sugu_id_is_none(id) ? "-" : sugu_id_to_text(id, text));
}

/* As journal_text of schema 0010 does it, under the number `as`. */
static char *
text_of(const struct verifier *verifier, size_t index, int64_t as, size_t *ret_size)
{
    const struct sugu_journal_page_row *journal = &verifier->journals.rows[index];
    char *text = NULL;
    FILE *to = open_memstream(&text, ret_size);

    if (!to)
        abort();
    fprintf(to,
            "sugu-journal 1\nfacility %" PRId32 "\njournal %" PRId64 "\nday %" PRIu32
            "\nposted %" PRId64 "\nkind %s\n",
            verifier->range->facility, as, journal->day, journal->posted_at, journal->kind);
    print_id(to, "bill", &journal->bill);
    print_id(to, "visit", &journal->visit);
    print_id(to, "attempt", &journal->attempt);
    if (journal->original)
        fprintf(to, "original %" PRId64 "\n", journal->original);
    else
        fputs("original -\n", to);
    for (size_t i = 0; i < verifier->entries.count; i++) {
        const struct sugu_entry_list_row *entry = &verifier->entries.rows[i];
        if (entry->journal == journal->journal)
            fprintf(to, "entry %d %s %" PRId64 " %zu:%s\n", entry->line, entry->account, entry->yen,
                    strlen(entry->detail), entry->detail);
    }
    for (size_t i = 0; i < verifier->counts.count; i++) {
        const struct sugu_count_list_row *count = &verifier->counts.rows[i];
        if (count->journal == journal->journal)
            fprintf(to, "count %" PRId32 " %" PRId32 " %" PRId32 " %zu:%s\n", count->unit,
                    count->pieces_in, count->pieces_out, strlen(count->place), count->place);
    }
    if (fclose(to) != 0)
        abort();
    return text;
}

static void
hash_of(const struct verifier *verifier,
        size_t index,
        int64_t as,
        const uint8_t before[SUGU_CHAIN_HASH_SIZE],
        uint8_t to[SUGU_CHAIN_HASH_SIZE])
{
    crypto_hash_sha256_state state;
    size_t size;
    char *text = text_of(verifier, index, as, &size);

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, before, SUGU_CHAIN_HASH_SIZE);
    crypto_hash_sha256_update(&state, (const uint8_t *)text, size);
    crypto_hash_sha256_final(&state, to);
    free(text);
}

/* ---- what differs */

/* Does another journal hold what belongs here? */
static bool
is_swapped(struct verifier *verifier, size_t index)
{
    const struct sugu_journal_page_row *row = &verifier->journals.rows[index];
    uint8_t hash[SUGU_CHAIN_HASH_SIZE];

    for (size_t i = 0; i < verifier->journals.count; i++) {
        hash_of(verifier, i, row->journal, verifier->before, hash);
        if (i != index && memcmp(hash, row->hash, sizeof hash) == 0) {
            found(verifier, row->journal,
                  "its place was changed: what belongs here stands as %" PRId64,
                  verifier->journals.rows[i].journal);
            return true;
        }
    }
    return false;
}

/* Is what follows chained to the content, and only the hash another? */
static bool
is_hash_changed(struct verifier *verifier, size_t index, const uint8_t computed[])
{
    const struct sugu_journal_page_row *row = &verifier->journals.rows[index];
    bool is_changed = false;
    uint8_t next[SUGU_CHAIN_HASH_SIZE];

    if (index + 1 < verifier->journals.count) {
        hash_of(verifier, index + 1, row->journal + 1, computed, next);
        is_changed = memcmp(next, row[1].hash, sizeof next) == 0;
    }
    for (size_t i = 0; i < verifier->days.count; i++)
        if (verifier->days.rows[i].last_journal == row->journal)
            is_changed = is_changed ||
                         memcmp(verifier->days.rows[i].head, computed, SUGU_CHAIN_HASH_SIZE) == 0;
    if (is_changed)
        found(verifier, row->journal,
              "its hash was changed: its content is what was chained and anchored");
    return is_changed;
}

/* The content: narrowed down by the sum of the lines and by the day's balances. */
static enum sugu_status
find_changed_content(struct verifier *verifier, size_t index, struct sugu_error *reterr)
{
    const struct sugu_journal_page_row *row = &verifier->journals.rows[index];
    struct sugu_day_balance_differs_rows rows = {.count = 0};
    char where[400] = "";
    size_t used = 0;
    int64_t sum = 0;
    enum sugu_status status;

    sugu_db_day_balance_differs(verifier->db,
                                &(struct sugu_day_balance_differs_params){
                                    .facility = verifier->range->facility, .day = row->day},
                                &rows);
    status = sugu_db_wait_round(verifier->db, /* has_commit= */ false, reterr);
    if (status != SUGU_OK)
        return status;
    for (size_t i = 0; i < verifier->entries.count; i++)
        if (verifier->entries.rows[i].journal == row->journal)
            sum += verifier->entries.rows[i].yen;
    if (sum != 0)
        used += (size_t)snprintf(where, sizeof where, "; its entries sum to %" PRId64, sum);
    for (size_t i = 0; i < rows.count && used < sizeof where - 1; i++) {
        const struct sugu_day_balance_differs_row *differs = &rows.rows[i];
        used += (size_t)snprintf(where + used, sizeof where - used,
                                 "; %s%s%s: entries %" PRId64 ", sealed %" PRId64, differs->account,
                                 *differs->detail ? " " : "", differs->detail, differs->entry_yen,
                                 differs->sealed_yen);
    }
    if (used == 0)
        snprintf(where, sizeof where,
                 "; amounts and accounts agree with the day's balances: its time, kind, bill, "
                 "visit, attempt, original or counted pieces are others");
    found(verifier, row->journal, "its content was changed%s", where);
    sugu_day_balance_differs_rows_done(&rows);
    return SUGU_OK;
}

/* ---- going through */

static bool
has_anchor(const struct verifier *verifier, uint32_t day)
{
    for (size_t i = 0; i < verifier->days.count; i++)
        if (verifier->days.rows[i].day == day)
            return true;
    return verifier->range->day != 0; /* other days' journals in between */
}

static enum sugu_status
check_journal(struct verifier *verifier, size_t index, struct sugu_error *reterr)
{
    const struct sugu_journal_page_row *row = &verifier->journals.rows[index];
    uint8_t computed[SUGU_CHAIN_HASH_SIZE];

    if (row->journal != verifier->next) {
        found(verifier, verifier->next, "it is missing: journal %" PRId64 " is the next",
              row->journal);
        return SUGU_OK;
    }
    if (row->hash_size != SUGU_CHAIN_HASH_SIZE) {
        found(verifier, row->journal, "it has no hash");
        return SUGU_OK;
    }
    hash_of(verifier, index, row->journal, verifier->before, computed);
    if (memcmp(computed, row->hash, sizeof computed) != 0) {
        if (is_swapped(verifier, index) || is_hash_changed(verifier, index, computed))
            return SUGU_OK;
        return find_changed_content(verifier, index, reterr);
    }
    if (row->day != verifier->day_seen && !has_anchor(verifier, row->day))
        found(verifier, row->journal, "its day %" PRIu32 " has no anchor", row->day);
    verifier->day_seen = row->day;
    memcpy(verifier->before, computed, sizeof computed);
    verifier->next++;
    verifier->finding->checked++;
    return SUGU_OK;
}

static void
page_done(struct verifier *verifier)
{
    sugu_journal_page_rows_done(&verifier->journals);
    sugu_entry_list_rows_done(&verifier->entries);
    sugu_count_list_rows_done(&verifier->counts);
}

/* Entries and counts come in the order of the journals: each page holds all of its own. */
static enum sugu_status
read_page(struct verifier *verifier, struct sugu_error *reterr)
{
    int64_t numbers[PAGE], left = verifier->last - verifier->next + 1;
    int32_t facility = verifier->range->facility;
    enum sugu_status status;

    page_done(verifier);
    sugu_db_journal_page(
        verifier->db,
        &(struct sugu_journal_page_params){.facility = facility,
                                           .journal = verifier->next,
                                           .most = (int32_t)(left < PAGE ? left : PAGE)},
        &verifier->journals);
    status = sugu_db_wait_round(verifier->db, /* has_commit= */ false, reterr);
    if (status != SUGU_OK)
        return status;
    for (size_t i = 0; i < verifier->journals.count; i++)
        numbers[i] = verifier->journals.rows[i].journal;
    sugu_db_entry_list(verifier->db,
                       &(struct sugu_entry_list_params){.count = verifier->journals.count,
                                                        .facility = facility,
                                                        .journals = numbers},
                       &verifier->entries);
    sugu_db_count_list(verifier->db,
                       &(struct sugu_count_list_params){.count = verifier->journals.count,
                                                        .facility = facility,
                                                        .journals = numbers},
                       &verifier->counts);
    return sugu_db_wait_round(verifier->db, /* has_commit= */ false, reterr);
}

static enum sugu_status
check_journals(struct verifier *verifier, struct sugu_error *reterr)
{
    enum sugu_status status = SUGU_OK;

    while (status == SUGU_OK && verifier->next <= verifier->last && !verifier->finding->is_broken) {
        status = read_page(verifier, reterr);
        if (status == SUGU_OK && verifier->journals.count == 0)
            found(verifier, verifier->next, "it is missing, and all up to %" PRId64,
                  verifier->last);
        for (size_t i = 0; status == SUGU_OK && i < verifier->journals.count; i++) {
            status = check_journal(verifier, i, reterr);
            if (verifier->finding->is_broken)
                break;
        }
    }
    page_done(verifier);
    return status;
}

/* Each day's anchor is the hash of its last journal, and the printed one. */
static enum sugu_status
check_anchors(struct verifier *verifier, struct sugu_error *reterr)
{
    for (size_t i = 0; i < verifier->days.count && !verifier->finding->is_broken; i++) {
        const struct sugu_chain_days_row *day = &verifier->days.rows[i];
        struct sugu_journal_hash_find_row row = {.is_found = false};
        enum sugu_status status;

        sugu_db_journal_hash_find(
            verifier->db,
            &(struct sugu_journal_hash_find_params){.facility = verifier->range->facility,
                                                    .journal = day->last_journal},
            &row);
        status = sugu_db_wait_round(verifier->db, /* has_commit= */ false, reterr);
        if (status != SUGU_OK)
            return status;
        if (!row.is_found || memcmp(row.hash, day->head, sizeof row.hash) != 0)
            found(verifier, 0, "its anchor is not the hash of journal %" PRId64, day->last_journal);
        else if (verifier->range->head &&
                 memcmp(verifier->range->head, day->head, sizeof row.hash) != 0)
            found(verifier, 0, "its anchor is not the one that was printed");
        if (verifier->finding->is_broken)
            verifier->finding->day = day->day;
    }
    return SUGU_OK;
}

/* Where the walk begins and ends, and the hash before it. */
static enum sugu_status
begin(struct verifier *verifier, struct sugu_error *reterr)
{
    const struct sugu_chain_range *range = verifier->range;
    struct sugu_chain_end_row end = {.is_found = false};
    struct sugu_journal_hash_find_row before = {.is_found = false};
    enum sugu_status status;

    sugu_db_chain_days(
        verifier->db,
        &(struct sugu_chain_days_params){.facility = range->facility, .day = range->day},
        &verifier->days);
    sugu_db_chain_end(verifier->db, &(struct sugu_chain_end_params){.facility = range->facility},
                      &end);
    status = sugu_db_wait_round(verifier->db, /* has_commit= */ false, reterr);
    if (status != SUGU_OK)
        return status;
    if (range->day && verifier->days.count == 0)
        return sugu_fail(reterr, SUGU_REFUSED, "ledger.no-day", "%" PRIu32, range->day);
    verifier->next = range->day ? verifier->days.rows[0].first_journal : 1;
    verifier->last = range->day     ? verifier->days.rows[0].last_journal
                     : end.is_found ? end.journal
                                    : 0;
    if (verifier->next == 1)
        return SUGU_OK;
    sugu_db_journal_hash_find(verifier->db,
                              &(struct sugu_journal_hash_find_params){
                                  .facility = range->facility, .journal = verifier->next - 1},
                              &before);
    status = sugu_db_wait_round(verifier->db, /* has_commit= */ false, reterr);
    if (status == SUGU_OK && before.is_found)
        memcpy(verifier->before, before.hash, sizeof verifier->before);
    else if (status == SUGU_OK)
        found(verifier, verifier->next - 1, "it has no hash");
    return status;
}

enum sugu_status
sugu_chain_verify(struct sugu_db *db,
                  const struct sugu_chain_range *range,
                  struct sugu_chain_finding *ret_finding,
                  struct sugu_error *reterr)
{
    struct sugu_chain_finding finding = {.is_broken = false};
    struct verifier verifier = {.db = db, .range = range, .finding = &finding};
    enum sugu_status status = begin(&verifier, reterr);

    if (status == SUGU_OK && !finding.is_broken)
        status = check_journals(&verifier, reterr);
    if (status == SUGU_OK && !finding.is_broken)
        status = check_anchors(&verifier, reterr);
    memcpy(finding.head, verifier.before, sizeof finding.head);
    sugu_chain_days_rows_done(&verifier.days);
    if (status == SUGU_OK)
        *ret_finding = finding;
    return status;
}
