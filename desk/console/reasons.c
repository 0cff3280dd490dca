/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reasons - why people are sent to a desk: a fixed list, each with a short title and what to do
 */
#include "reasons.h"

#include "base/macros.h"

#include <glib/gi18n.h>

#include <string.h>

static const struct desk_reason reasons[] = {
    {"help.asked", DESK_REASON_PERSON, NC_("reason", "Calls for staff")},
    {"help.pay-at-desk", DESK_REASON_MONEY, NC_("reason", "Wants to pay at the desk")},
    {"help.card-left", DESK_REASON_PERSON, NC_("reason", "A card was left behind")},
    {"help.no-number", DESK_REASON_PERSON, NC_("reason", "Got no number")},
    {"visit.wants-desk", DESK_REASON_PERSON, NC_("reason", "Wants the staff")},
    {"visit.data-wrong", DESK_REASON_IDENTITY, NC_("reason", "Says the data are wrong")},
    {"visit.no-department", DESK_REASON_PERSON, NC_("reason", "No appointment today")},
    {"visit.day-over", DESK_REASON_PERSON, NC_("reason", "Was still waiting when the day ended")},
    {"department.unknown", DESK_REASON_PERSON, NC_("reason", "Department is closed")},
    {"department.closed", DESK_REASON_PERSON, NC_("reason", "Planned department is closed")},
    {"identity.not-found", DESK_REASON_IDENTITY, NC_("reason", "Not registered")},
    {"identity.ambiguous", DESK_REASON_IDENTITY, NC_("reason", "Several with this name")},
    {"identity.birthday-wrong", DESK_REASON_IDENTITY, NC_("reason", "Birthday was wrong")},
    {"identity.too-many-tries", DESK_REASON_IDENTITY, NC_("reason", "Birthday was wrong 5 times")},
    {"identity.ticket-unknown", DESK_REASON_IDENTITY, NC_("reason", "Ticket is not of today")},
    {"card.not-known", DESK_REASON_IDENTITY, NC_("reason", "Card is not known")},
    {"card.several", DESK_REASON_IDENTITY, NC_("reason", "More than one card")},
    {"card.not-readable", DESK_REASON_IDENTITY, NC_("reason", "Card cannot be read")},
    {"card.not-trusted", DESK_REASON_IDENTITY, NC_("reason", "Card could not be verified")},
    {"pin.last-try", DESK_REASON_IDENTITY, NC_("reason", "One try left for the PIN")},
    {"pin.blocked", DESK_REASON_IDENTITY, NC_("reason", "PIN is blocked")},
    {"eligibility.no-insurance", DESK_REASON_INSURANCE, NC_("reason", "No insurance on file")},
    {"eligibility.no-answer", DESK_REASON_INSURANCE, NC_("reason", "Insurance: no answer")},
    {"eligibility.not-found", DESK_REASON_INSURANCE, NC_("reason", "Insurance not found")},
    {"eligibility.invalid", DESK_REASON_INSURANCE, NC_("reason", "Insurance not valid any more")},
    {"eligibility.newer-exists", DESK_REASON_INSURANCE, NC_("reason", "Insurance has changed")},
    {"eligibility.several", DESK_REASON_INSURANCE, NC_("reason", "Several insurances match")},
    {"eligibility.bad-answer", DESK_REASON_INSURANCE, NC_("reason", "Insurance: answer unusable")},
    {"eligibility.terminal-error", DESK_REASON_INSURANCE, NC_("reason", "Insurance: an error")},
    {"eligibility.terminal-away", DESK_REASON_INSURANCE, NC_("reason", "Insurance: terminal away")},
    {"eligibility.number-invalid", DESK_REASON_INSURANCE, NC_("reason", "Insurance number wrong")},
    {"eligibility.unregistered", DESK_REASON_INSURANCE,
     NC_("reason", "No medical ticket (welfare)")},
    {"eligibility.special-certificate", DESK_REASON_INSURANCE,
     NC_("reason", "Special certificate: decide by hand")},
    {"payment.held", DESK_REASON_MONEY, NC_("reason", "Payment has to be resolved")},
    {"payment.no-answer", DESK_REASON_MONEY, NC_("reason", "Payment is unclear")},
    {"payment.partial", DESK_REASON_MONEY, NC_("reason", "Only a part was charged")},
    {"payment.differs", DESK_REASON_MONEY, NC_("reason", "Payment results differ")},
    {"payment.declined", DESK_REASON_MONEY, NC_("reason", "Card was declined")},
    {"payment.reversal-due", DESK_REASON_MONEY, NC_("reason", "Money has to be given back")},
    {"payment.host-unreachable", DESK_REASON_MONEY, NC_("reason", "Card company unreachable")},
    {"bill.overpaid", DESK_REASON_MONEY, NC_("reason", "Paid too much: give back")},
    {"cash.change-owed", DESK_REASON_MONEY, NC_("reason", "Change is owed")},
    {"cash.no-answer", DESK_REASON_MONEY, NC_("reason", "Cash has to be counted")},
    {"cash.payout-differs", DESK_REASON_MONEY, NC_("reason", "Payout has to be counted")},
    {"cash.payout-refused", DESK_REASON_MONEY, NC_("reason", "Change did not come out")},
    {"cash.empty", DESK_REASON_MONEY, NC_("reason", "No more change in the machine")},
    {"cash.no-change", DESK_REASON_MONEY, NC_("reason", "No change: cash was given back")},
    {"cash.jammed", DESK_REASON_MONEY, NC_("reason", "Coin or note is stuck")},
    {"cash.tampered", DESK_REASON_MONEY, NC_("reason", "Cash machine was tampered with")},
    {"refund.waiting", DESK_REASON_MONEY, NC_("reason", "Refund waits for a second person")},
    {"refund.ordered", DESK_REASON_MONEY, NC_("reason", "Refund is under way")},
    {"bill.deposit-held", DESK_REASON_MONEY, NC_("reason", "Deposit is still held")},
    {"refund.failed", DESK_REASON_MONEY, NC_("reason", "Refund did not go through")},
    {"later.declined", DESK_REASON_MONEY, NC_("reason", "Card on file was declined")},
    {"later.suspended", DESK_REASON_MONEY, NC_("reason", "Card on file is suspended")},
    {"later.above-ceiling", DESK_REASON_MONEY,
     NC_("reason", "Above the limit of the card on file")},
    {"later.card-expired", DESK_REASON_MONEY, NC_("reason", "Card on file has expired")},
    {"later.not-credit", DESK_REASON_MONEY, NC_("reason", "Card on file is no credit card")},
    {"later.not-proven", DESK_REASON_MONEY, NC_("reason", "Card on file: insurance not proven")},
    {"later.not-forgotten", DESK_REASON_MONEY, NC_("reason", "Ended card is still stored")},
    {"later.not-allowed", DESK_REASON_MONEY, NC_("reason", "Card on file has to be looked at")},
    {"bill.revised", DESK_REASON_MONEY, NC_("reason", "Bill was changed")},
    {"bill.to-counter", DESK_REASON_MONEY, NC_("reason", "Bill is settled at the counter")},
    {"bill.withdrawn", DESK_REASON_MONEY, NC_("reason", "Bill was taken back")},
    {"bill.no-rule", DESK_REASON_MONEY, NC_("reason", "No copay rule for the bill")},
    {"bill.copay-differs", DESK_REASON_MONEY, NC_("reason", "Copay of the bill is doubtful")},
    {"fee.act-unknown", DESK_REASON_MONEY, NC_("reason", "No bill: unknown act")},
    {"fee.act-not-countable", DESK_REASON_MONEY, NC_("reason", "No bill: act without a price")},
    {"fee.ratio-unknown", DESK_REASON_MONEY, NC_("reason", "No bill: the share is not known")},
    {"fee.amount-range", DESK_REASON_MONEY, NC_("reason", "No bill: an amount is too large")},
    {"fee.not-billed", DESK_REASON_MONEY, NC_("reason", "No bill could be made")},
    {"terminal.away", DESK_REASON_MACHINE, NC_("reason", "Card terminal is away")},
    {"terminal.busy", DESK_REASON_MACHINE, NC_("reason", "Card terminal is busy")},
    {"provider.away", DESK_REASON_MACHINE, NC_("reason", "Code payment is away")},
    {"cash.away", DESK_REASON_MACHINE, NC_("reason", "Cash machine is away")},
    {"cash.broken", DESK_REASON_MACHINE, NC_("reason", "Cash machine is broken")},
    {"cash.stacker-full", DESK_REASON_MACHINE, NC_("reason", "Note stacker is full")},
    {"cash.stacker-removed", DESK_REASON_MACHINE, NC_("reason", "Note stacker is out")},
    {"cash.near-empty", DESK_REASON_MACHINE, NC_("reason", "Change is nearly used up")},
    {"cash.near-full", DESK_REASON_MACHINE, NC_("reason", "Nearly full")},
    {"reader.away", DESK_REASON_MACHINE, NC_("reason", "Card reader is away")},
    {"printer.no-answer", DESK_REASON_PAPER, NC_("reason", "Did the paper come out?")},
    {"printer.paper-out", DESK_REASON_PAPER, NC_("reason", "No paper in the printer")},
    {"printer.jam", DESK_REASON_PAPER, NC_("reason", "Paper is jammed")},
    {"printer.failed", DESK_REASON_PAPER, NC_("reason", "Paper did not come out")},
    {"printer.away", DESK_REASON_PAPER, NC_("reason", "Printer is away")},
    {"server.no-answer", DESK_REASON_MACHINE, NC_("reason", "Server did not answer in time")},
    {"server.away", DESK_REASON_MACHINE, NC_("reason", "Server is away")},
};

const struct desk_reason *
desk_reasons(size_t *ret_count)
{
    *ret_count = SUGU_ARRAY_SIZE(reasons);
    return reasons;
}

const struct desk_reason *
desk_reason_find(const char *code)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(reasons); i++)
        if (strcmp(reasons[i].code, code) == 0)
            return &reasons[i];
    return NULL;
}

const char *
desk_reason_title(const char *code)
{
    const struct desk_reason *reason = desk_reason_find(code);

    if (!code[0])
        return "";
    return reason ? g_dpgettext2(NULL, "reason", reason->title) : C_("reason", "Needs a person");
}

enum desk_reason_kind
desk_reason_kind_of(const char *code)
{
    const struct desk_reason *reason = desk_reason_find(code);

    return reason ? reason->kind : DESK_REASON_OTHER;
}

const char *
desk_reason_sign(enum desk_reason_kind kind)
{
    static const char *const signs[] = {
        [DESK_REASON_PERSON] = "☎", [DESK_REASON_IDENTITY] = "ID", [DESK_REASON_INSURANCE] = "✚",
        [DESK_REASON_MONEY] = "¥",  [DESK_REASON_PAPER] = "▤",     [DESK_REASON_MACHINE] = "⚙",
        [DESK_REASON_OTHER] = "?",
    };

    return kind < SUGU_ARRAY_SIZE(signs) ? signs[kind] : "?";
}
