/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash - change money that comes into a kiosk, and takings that leave it, in the books
 *
 * What lies in the machine is counted there (sugu-payment cash-count); here it is posted, by
 * pieces, against the bag that it came from or goes to (docs/ledger.md).
 */
#include "admin.h"

#include "base/text.h"
#include "statements.h"
#include "store/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Coins and notes of Japan that a machine may hold; 2,000 yen notes are in use, if rarely. */
static const int32_t units[] = {1, 5, 10, 50, 100, 500, 1000, 2000, 5000, 10000};
_Static_assert(sizeof units / sizeof *units == SUGU_CASH_PIECES_UNITS, "one count for each unit");

/* "100*30" into `pieces`, in or out. */
static bool
parse_pieces(const char *text, bool comes_in, struct sugu_cash_pieces *pieces)
{
    const char *star = strchr(text, '*');
    char unit_text[8];
    int64_t unit, count;

    if (!star || (size_t)(star - text) >= sizeof unit_text)
        return false;
    memcpy(unit_text, text, (size_t)(star - text));
    unit_text[star - text] = '\0';
    if (!sugu_text_to_int64(unit_text, 1, 10000, &unit) ||
        !sugu_text_to_int64(star + 1, 1, 100000, &count))
        return false;
    for (size_t i = 0; i < SUGU_CASH_PIECES_UNITS; i++)
        if (units[i] == unit && pieces[i].unit == 0) {
            pieces[i] = (struct sugu_cash_pieces){.unit = (int32_t)unit,
                                                  .pieces_in = comes_in ? (int32_t)count : 0,
                                                  .pieces_out = comes_in ? 0 : (int32_t)count};
            return true;
        }
    return false; /* no such coin, or named twice */
}

static enum sugu_status
find_kiosk(struct admin *admin, const char *place, struct sugu_error *reterr)
{
    struct sugu_kiosk_exists_row row = {.is_found = false};

    sugu_db_kiosk_exists(
        admin->db,
        &(struct sugu_kiosk_exists_params){.facility = admin_facility(admin), .place = place},
        &row);
    if (sugu_db_wait_round(admin->db, /* has_commit= */ false, reterr) != SUGU_OK)
        return reterr->status;
    return row.is_found ? SUGU_OK : sugu_fail(reterr, SUGU_REFUSED, "kiosk.unknown", "%s", place);
}

static enum sugu_status
post(struct admin *admin,
     uint32_t day,
     const struct sugu_posting_terms *terms,
     struct sugu_error *reterr)
{
    struct sugu_ledger_line lines[SUGU_LEDGER_LINES_MAX];
    size_t count = sugu_posting_lines(terms, lines);

    sugu_journal_write(admin->db, admin_facility(admin), day,
                       sugu_clock_system()->utc_us(sugu_clock_system()),
                       &(struct sugu_journal){.kind = sugu_posting_kind(terms->posting),
                                              .lines = lines,
                                              .count = count,
                                              .place = terms->where,
                                              .pieces = terms->pieces,
                                              .pieces_count = terms->pieces_count});
    return admin_commit(admin, reterr);
}

static enum sugu_status
run_move(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    struct sugu_cash_pieces pieces[SUGU_CASH_PIECES_UNITS] = {{0}};
    bool comes_in = strcmp(admin->command->name, "fill-cash") == 0;
    struct sugu_posting_terms terms = {.posting = comes_in ? SUGU_POSTING_FLOAT_FILLED
                                                           : SUGU_POSTING_CASH_EMPTIED,
                                       .method = SUGU_MONEY_BY_CASH,
                                       .where = arguments[0],
                                       .other = arguments[1],
                                       .pieces = pieces,
                                       .pieces_count = SUGU_CASH_PIECES_UNITS};
    enum sugu_status status;
    uint32_t day;

    for (int i = 2; i < count; i++)
        if (!parse_pieces(arguments[i], comes_in, pieces))
            return sugu_fail(reterr, SUGU_REFUSED, "command.invalid",
                             "%s is not UNIT*PIECES of a coin or note, each once", arguments[i]);
    terms.yen = sugu_cash_net_yen(pieces, SUGU_CASH_PIECES_UNITS);
    terms.yen = comes_in ? terms.yen : -terms.yen;
    status = admin_today(admin, &day, reterr);
    if (status != SUGU_OK)
        return status;
    admin_begin(admin);
    status = find_kiosk(admin, arguments[0], reterr);
    if (status != SUGU_OK) {
        admin_rollback(admin);
        return status;
    }
    status = post(admin, day, &terms, reterr);
    if (status == SUGU_OK)
        printf("%s %s: %" PRId64 " yen\n", arguments[0], comes_in ? "holds more" : "holds less",
               terms.yen);
    return status;
}

const struct admin_command admin_cash_commands[] = {
    {"fill-cash", 3, 2 + SUGU_CASH_PIECES_UNITS, "PLACE BAG UNIT*PIECES…",
     "Post change money that was put into a kiosk's machine.", run_move},
    {"empty-cash", 3, 2 + SUGU_CASH_PIECES_UNITS, "PLACE BAG UNIT*PIECES…",
     "Post coins and notes that were taken out of it.", run_move},
};
const size_t admin_cash_command_count = SUGU_ARRAY_SIZE(admin_cash_commands);
