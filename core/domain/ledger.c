/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger - which accounts each thing that happens to money debits and credits
 */
#include "domain/ledger.h"

#include <assert.h>
#include <string.h>

#define ACCOUNT(id, name, class) [SUGU_ACCOUNT_##id] = {name, class},
static const struct {
    const char *name, *class;
} accounts[] = {SUGU_ACCOUNTS(ACCOUNT)};
#undef ACCOUNT

#define METHOD(id, name, account) [SUGU_MONEY_BY_##id] = {name, SUGU_ACCOUNT_##account},
static const struct {
    const char *name;
    enum sugu_account account;
} methods[] = {SUGU_MONEY_METHODS(METHOD)};
#undef METHOD

#define POSTING(id, kind, debit, credit)                                                           \
    [SUGU_POSTING_##id] = {kind, SUGU_ACCOUNT_##debit, SUGU_ACCOUNT_##credit},
static const struct {
    const char *kind;
    enum sugu_account debit, credit;
} postings[] = {SUGU_POSTINGS(POSTING)};
#undef POSTING

const char *
sugu_account_name(enum sugu_account account)
{
    return accounts[account].name;
}

const char *
sugu_account_class(enum sugu_account account)
{
    return accounts[account].class;
}

const char *
sugu_posting_kind(enum sugu_posting posting)
{
    return postings[posting].kind;
}

bool
sugu_money_method_find(const char *name, enum sugu_money_method *ret_method)
{
    for (int i = 0; i < SUGU_MONEY_METHOD_COUNT; i++)
        if (strcmp(methods[i].name, name) == 0) {
            *ret_method = (enum sugu_money_method)i;
            return true;
        }
    return false;
}

int64_t
sugu_ledger_sum(const struct sugu_ledger_line *lines, size_t count)
{
    int64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += lines[i].yen;
    return sum;
}

static void
sum_pieces(const struct sugu_cash_pieces *pieces, size_t count, int64_t *ret_in, int64_t *ret_out)
{
    *ret_in = *ret_out = 0;
    for (size_t i = 0; i < count; i++) {
        assert(pieces[i].pieces_in >= 0 && pieces[i].pieces_out >= 0);
        *ret_in += (int64_t)pieces[i].unit * pieces[i].pieces_in;
        *ret_out += (int64_t)pieces[i].unit * pieces[i].pieces_out;
    }
}

int64_t
sugu_cash_net_yen(const struct sugu_cash_pieces *pieces, size_t count)
{
    int64_t in, out;

    sum_pieces(pieces, count, &in, &out);
    return in - out;
}

int64_t
sugu_cash_owed_yen(const struct sugu_cash_pieces *pieces, size_t count, int64_t taken_yen)
{
    return sugu_cash_net_yen(pieces, count) - taken_yen;
}

static void
add(struct sugu_ledger_line *lines,
    size_t *count,
    enum sugu_account account,
    const char *detail,
    int64_t yen)
{
    if (yen == 0)
        return;
    assert(*count < SUGU_LEDGER_LINES_MAX);
    lines[(*count)++] = (struct sugu_ledger_line){account, detail ? detail : "", yen};
}

static bool
is_kiosk_cash(enum sugu_account account)
{
    return account == SUGU_ACCOUNT_CASH || account == SUGU_ACCOUNT_CASH_FLOAT;
}

/* Cash at a kiosk: `yen` should have come (negative: gone); what stays behind is owed, what went
 * out beyond that is lost. */
static void
add_cash(const struct sugu_posting_terms *terms,
         enum sugu_account account,
         int64_t yen,
         struct sugu_ledger_line *lines,
         size_t *count)
{
    int64_t in, out, owed = sugu_cash_owed_yen(terms->pieces, terms->pieces_count, yen);

    sum_pieces(terms->pieces, terms->pieces_count, &in, &out);
    add(lines, count, account, terms->where, in);
    add(lines, count, account, terms->where, -out);
    if (owed >= 0)
        add(lines, count, SUGU_ACCOUNT_DEPOSIT, "change", -owed);
    else
        add(lines, count, SUGU_ACCOUNT_OVER_SHORT, "", -owed);
}

static const char *
detail_of(const struct sugu_posting_terms *terms, enum sugu_account account)
{
    static const bool has_where[SUGU_ACCOUNT_COUNT] = {
        [SUGU_ACCOUNT_CARD_CLEARING] = true,    [SUGU_ACCOUNT_CODE_CLEARING] = true,
        [SUGU_ACCOUNT_ON_FILE_CLEARING] = true, [SUGU_ACCOUNT_PENDING_CLEARING] = true,
        [SUGU_ACCOUNT_PENDING_DEPOSIT] = true,  [SUGU_ACCOUNT_CASH_DESK] = true,
    };
    static const bool has_other[SUGU_ACCOUNT_COUNT] = {
        [SUGU_ACCOUNT_CASH_IN_TRANSIT] = true,
        [SUGU_ACCOUNT_FEES] = true,
    };

    if (account == SUGU_ACCOUNT_DEPOSIT && terms->posting == SUGU_POSTING_CHANGE_PAID)
        return "change";
    return has_where[account] ? terms->where : has_other[account] ? terms->other : NULL;
}

static void
add_side(const struct sugu_posting_terms *terms,
         enum sugu_account side,
         int64_t yen,
         struct sugu_ledger_line *lines,
         size_t *count)
{
    enum sugu_account account = side == SUGU_ACCOUNT_MONEY ? methods[terms->method].account : side;

    if (is_kiosk_cash(account))
        add_cash(terms, account, yen, lines, count);
    else
        add(lines, count, account, detail_of(terms, account), yen);
}

size_t
sugu_posting_lines(const struct sugu_posting_terms *terms,
                   struct sugu_ledger_line lines[SUGU_LEDGER_LINES_MAX])
{
    size_t count = 0;

    assert(terms->fee_yen == 0 || (terms->fee_yen > 0 && terms->fee_yen <= terms->yen));
    add_side(terms, postings[terms->posting].debit, terms->yen - terms->fee_yen, lines, &count);
    add(lines, &count, SUGU_ACCOUNT_FEES, detail_of(terms, SUGU_ACCOUNT_FEES), terms->fee_yen);
    add_side(terms, postings[terms->posting].credit, -terms->yen, lines, &count);
    assert(sugu_ledger_sum(lines, count) == 0);
    return count;
}
