/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger - which accounts each thing that happens to money debits and credits
 *
 * Double entry in whole yen (domain/payments.md 5.1, 5.4): a debit is positive, a credit negative,
 * and the lines of one posting sum to zero. Pure: queue-server/handlers/ledger.c writes them.
 * docs/ledger.md explains accounts and postings to finance people.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* id, name in the database, class. Schema 0010 makes the same for every facility (a test compares).
 * What tells one from another stands in the line's detail: terminal, kiosk, brand, acquirer. */
#define SUGU_ACCOUNTS(X)                                                                           \
    X(RECEIVABLE, "receivable", "assets")       /* owed by patients; which: the journal's bill */  \
    X(CARD_CLEARING, "card-clearing", "assets") /* owed by acquirers; detail: terminal */          \
    X(CODE_CLEARING, "code-clearing", "assets") /* owed by code providers; detail: brand */        \
    X(ON_FILE_CLEARING, "on-file-clearing", "assets") /* cards on file; detail: provider */        \
    X(PENDING_CLEARING, "pending-clearing", "assets") /* held on a card, not yet charged */        \
    X(CASH, "cash", "assets")                         /* taken at a kiosk; detail: kiosk */        \
    X(CASH_FLOAT, "cash-float", "assets")             /* change money in a kiosk; detail: kiosk */ \
    X(CASH_DESK, "cash-desk", "assets")               /* a person's drawer; detail: desk */        \
    X(CASH_IN_TRANSIT, "cash-in-transit", "assets")   /* in bags; detail: number of the bag */     \
    X(BANK, "bank", "assets")                                                                      \
    X(SUSPENSE, "suspense", "assets")    /* outcome unknown, accepted by a person */               \
    X(DEPOSIT, "deposit", "liabilities") /* the patients' money; "change": still owed */           \
    X(PENDING_DEPOSIT, "pending-deposit", "liabilities") /* the other side of pending-clearing */  \
    X(REFUND_PAYABLE, "refund-payable", "liabilities")   /* paid too much, to be given back */     \
    X(REVENUE_CLEARING, "revenue-clearing", "revenues")  /* towards the hospital's own books */    \
    X(FEES, "fees", "expenses")                          /* of acquirers; detail: acquirer */      \
    X(LOSSES, "losses", "expenses")                      /* chargebacks that were lost */          \
    X(OVER_SHORT, "over-short", "expenses")              /* counted less (debit) or more */        \
    X(ROUNDING, "rounding", "expenses")

#define SUGU_ACCOUNT(id, name, class) SUGU_ACCOUNT_##id,
enum sugu_account { SUGU_ACCOUNTS(SUGU_ACCOUNT) SUGU_ACCOUNT_COUNT };
#undef SUGU_ACCOUNT
/* In the table of postings only: the account of the method by which money comes or goes. */
#define SUGU_ACCOUNT_MONEY SUGU_ACCOUNT_COUNT

/* Ways of money; names are those of attempt.method. The account that MONEY stands for. */
#define SUGU_MONEY_METHODS(X)                                                                      \
    X(CARD, "card", CARD_CLEARING)                                                                 \
    X(CASH, "cash", CASH)                                                                          \
    X(CODE, "code", CODE_CLEARING)                                                                 \
    X(ON_FILE, "on-file", ON_FILE_CLEARING)                                                        \
    X(DESK, "desk", CASH_DESK)

#define SUGU_METHOD(id, name, account) SUGU_MONEY_BY_##id,
enum sugu_money_method { SUGU_MONEY_METHODS(SUGU_METHOD) SUGU_MONEY_METHOD_COUNT };
#undef SUGU_METHOD

/*
 * id, kind of the journal, debit, credit: the rows of domain/payments.md 5.4. A negative amount
 * turns a row round (a bill that became smaller, a drawer that has too much).
 */
#define SUGU_POSTINGS(X)                                                                           \
    X(BILL, "bill", RECEIVABLE, REVENUE_CLEARING)                                                  \
    X(BILL_REVISED, "bill-revised", RECEIVABLE, REVENUE_CLEARING) /* by the difference */          \
    X(BILL_WITHDRAWN, "bill-withdrawn", REVENUE_CLEARING, RECEIVABLE)                              \
    X(PAYMENT, "payment", MONEY, RECEIVABLE)                                                       \
    X(CASH_RETURNED, "cash-returned", MONEY, RECEIVABLE) /* 0 yen: coins in, the same out */       \
    X(OVERPAYMENT, "overpayment", RECEIVABLE, REFUND_PAYABLE)                                      \
    X(REFUND, "refund", REFUND_PAYABLE, MONEY)                                                     \
    X(REFUND_OF_BILL, "refund", RECEIVABLE, MONEY) /* the bill was made smaller or withdrawn */    \
    X(REFUND_OF_REVENUE, "refund", REVENUE_CLEARING, MONEY) /* goodwill: the bill stays */         \
    X(DEPOSIT_TAKEN, "deposit-taken", MONEY, DEPOSIT)                                              \
    X(DEPOSIT_APPLIED, "deposit-applied", DEPOSIT, RECEIVABLE)                                     \
    X(DEPOSIT_REFUNDED, "deposit-refunded", DEPOSIT, MONEY)                                        \
    X(CHANGE_PAID, "change-paid", DEPOSIT, CASH_DESK) /* what a hopper could not pay */            \
    X(HOLD, "hold", PENDING_CLEARING, PENDING_DEPOSIT)                                             \
    X(HOLD_ENDED, "hold-ended", PENDING_DEPOSIT, PENDING_CLEARING) /* captured or released */      \
    X(SHORT, "over-short", OVER_SHORT, CASH)                                                       \
    X(SHORT_AT_DESK, "over-short", OVER_SHORT, CASH_DESK)                                          \
    X(FLOAT_FILLED, "cash-moved", CASH_FLOAT, CASH_IN_TRANSIT)                                     \
    X(CASH_EMPTIED, "cash-moved", CASH_IN_TRANSIT, CASH)                                           \
    X(DESK_EMPTIED, "cash-moved", CASH_IN_TRANSIT, CASH_DESK)                                      \
    X(BAG_BANKED, "bank", BANK, CASH_IN_TRANSIT)                                                   \
    X(BAG_FROM_BANK, "bank", CASH_IN_TRANSIT, BANK)                                                \
    X(ACQUIRER_PAID, "bank", BANK, MONEY)                                                          \
    X(CHARGEBACK, "chargeback", RECEIVABLE, MONEY)                                                 \
    X(CHARGEBACK_LOST, "chargeback", LOSSES, MONEY)                                                \
    X(SUSPENDED, "suspense", SUSPENSE, RECEIVABLE)                                                 \
    X(ROUNDED, "rounding", ROUNDING, RECEIVABLE)

#define SUGU_POSTING(id, kind, debit, credit) SUGU_POSTING_##id,
enum sugu_posting { SUGU_POSTINGS(SUGU_POSTING) SUGU_POSTING_COUNT };
#undef SUGU_POSTING

const char *sugu_account_name(enum sugu_account account);
const char *sugu_account_class(enum sugu_account account);
/* The kind of its journal. */
const char *sugu_posting_kind(enum sugu_posting posting);
/* Of attempt.method; false for "nothing-due" and what is no method. */
bool sugu_money_method_find(const char *name, enum sugu_money_method *ret_method);

/* Coins or notes of one kind. */
struct sugu_cash_pieces {
    int32_t unit; /* yen of one: 1 to 10,000 */
    int32_t pieces_in, pieces_out;
};
#define SUGU_CASH_PIECES_UNITS 10

/* One line of a journal. The detail is borrowed. */
struct sugu_ledger_line {
    enum sugu_account account;
    const char *detail;
    int64_t yen; /* debit positive, never 0 */
};
#define SUGU_LEDGER_LINES_MAX 16

struct sugu_posting_terms {
    enum sugu_posting posting;
    int64_t yen; /* moved from credit to debit; of an acquirer's payment: the gross */
    /* where MONEY or cash is a side */
    enum sugu_money_method method;
    const char *where; /* terminal, kiosk, brand, desk; NULL = "" */
    const char *other; /* detail of the other side, where it has one: bag, acquirer; NULL = "" */
    int64_t fee_yen;   /* ACQUIRER_PAID: what the acquirer kept back of it; 0 elsewhere */
    /* cash at a kiosk: what came in and went out, by pieces */
    const struct sugu_cash_pieces *pieces;
    size_t pieces_count;
};

/*
 * The lines of a posting; 0 where there is nothing to post. Cash at a kiosk: what came in is one
 * line, what went out another; what should have gone out and did not stays in deposit "change",
 * what went out beyond that is over-short. Asserts that the lines sum to 0 and that a fee is not
 * more than the gross.
 */
size_t sugu_posting_lines(const struct sugu_posting_terms *terms,
                          struct sugu_ledger_line lines[SUGU_LEDGER_LINES_MAX]);

/* Σ of the yen, and of the pieces: in minus out. */
int64_t sugu_ledger_sum(const struct sugu_ledger_line *lines, size_t count);
int64_t sugu_cash_net_yen(const struct sugu_cash_pieces *pieces, size_t count);
/* Change still owed after a cash session: in - out - taken (domain/payments.md 2.5). Negative: more
 * went out than was to be given, which the ledger takes as over-short. */
int64_t sugu_cash_owed_yen(const struct sugu_cash_pieces *pieces, size_t count, int64_t taken_yen);
