/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money - what a desk can do about a bill's money: key, action, right, amounts, and when
 *
 * Pure. The server decides anew by the same rules (core/domain/bill-due.h): what is offered here is
 * what it will not refuse as far as is known.
 */
#pragma once

#include "domain/bill-due.h"
#include "protocol/right.h"

/* name, key, action of the group "desk", English label, right. */
#define DESK_MONEY_VERBS(X)                                                                        \
    X(SETTLE, 's', "settle", NC_("money verb", "Take money …"), SETTLE_BILL)                       \
    X(REFUND, 'r', "refund", NC_("money verb", "Give back …"), ORDER_REFUND)                       \
    X(GRANT, 'g', "grant", NC_("money verb", "Agree to the refund …"), DECIDE_REFUND)              \
    X(DENY, 'x', "deny", NC_("money verb", "Refuse the refund …"), DECIDE_REFUND)                  \
    X(RESOLVE, 'h', "resolve", NC_("money verb", "Say what became of it …"), RESOLVE_PAYMENT)      \
    X(CHANGE, 'c', "pay-change", NC_("money verb", "Hand over change …"), PAY_CHANGE)              \
    X(SUSPEND, 'p', "suspend-card", NC_("money verb", "Stop the card …"), SUSPEND_CARD)            \
    X(RELEASE, 'l', "release-card", NC_("money verb", "Let the card pay again …"), RELEASE_CARD)   \
    X(END, 'e', "end-card", NC_("money verb", "Delete the card …"), END_CARD)

enum desk_money_verb {
#define DESK_MONEY_VERB(name, ...) DESK_MONEY_##name,
    DESK_MONEY_VERBS(DESK_MONEY_VERB)
#undef DESK_MONEY_VERB
        DESK_MONEY_VERB_COUNT
};

struct desk_money_verb_row {
    char key; /* lower case */
    const char *action, *label;
    enum sugu_right right;
};
const struct desk_money_verb_row *desk_money_verb_find(enum desk_money_verb verb);
/* About the card on file, for a reason, and not about an amount. */
bool desk_money_is_of_card(enum desk_money_verb verb);
bool desk_money_is_possible_of_card(const Sugu__CardOnFile *card, enum desk_money_verb verb);
/* In the staff's language. */
const char *desk_money_verb_label(enum desk_money_verb verb);

/* What the server says of the bill's money; a deposit that is held counts as paid for what is due.
 */
struct sugu_bill_money desk_money_of(const Sugu__Money *money);
int64_t desk_money_due_yen(const Sugu__Money *money);
int64_t desk_money_excess_yen(const Sugu__Money *money);

/* Nobody knows yet what becomes of it. */
bool desk_attempt_is_open(const Sugu__Attempt *attempt);
/* Of what it took, not given back and not on its way back. */
int64_t desk_attempt_left_yen(const Sugu__Attempt *attempt);
/* By hand at the desk, because that is how it came, or could come, out of a machine. */
bool desk_attempt_goes_back_by_hand(const Sugu__Attempt *attempt);
/* Nothing of a bill: a hold, its release, a registration. */
bool desk_attempt_moves_nothing(const Sugu__Attempt *attempt);
const Sugu__Attempt *desk_money_find_attempt(const Sugu__Money *money,
                                             const ProtobufCBinaryData *attempt);

/* The most that may go back of the attempt for this reason; 0 = nothing. */
int64_t desk_money_refund_most_yen(const Sugu__Money *money,
                                   const Sugu__Attempt *attempt,
                                   Sugu__RefundReason reason);
/* It was tried to give it back to where it came from, and failed: then a desk may hand it over. */
bool desk_money_has_failed_back(const Sugu__Money *money, const Sugu__Attempt *attempt);
/* The reason that the bill's state suggests. */
Sugu__RefundReason desk_money_refund_reason(const Sugu__Money *money);

/*
 * What the bill would be less without those of its lines for which `is_chosen` is true: of what is
 * insured the patient's share anew, because it is rounded once a bill (core/domain/copay.h).
 */
int64_t desk_money_lines_yen(const Sugu__Bill *bill, const bool *is_chosen);

/* The attempt that the verb is about: that one (may be NULL) if it fits, else the newest that does.
 * NULL where none does. */
const Sugu__Attempt *desk_money_attempt_for(const Sugu__Money *money,
                                            enum desk_money_verb verb,
                                            const Sugu__Attempt *chosen);
/* The refund that waits for a second person; likewise. */
const Sugu__Refund *desk_money_refund_for(const Sugu__Money *money, const Sugu__Refund *chosen);
/* Whatever the person may: is it possible? */
bool desk_money_is_possible(const Sugu__Money *money, enum desk_money_verb verb);
