/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words-money - attempts, refunds and what to do about them as the staff's language says them
 */
#include "words-money.h"

#include <glib/gi18n.h>

#include <string.h>

static const char *
name_of(const char *context, const char *const *names, size_t count, unsigned value)
{
    return value < count && names[value] ? g_dpgettext2(NULL, context, names[value]) : "";
}
#define NAME_OF(context, names, value)                                                             \
    name_of(context, names, SUGU_ARRAY_SIZE(names), (unsigned)(value))

/* ---------------------------------------------------------------- one word each */

const char *
desk_words_attempt_kind(Sugu__AttemptKind kind)
{
    static const char *const names[] = {
        [SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT] = NC_("attempt", "Payment"),
        [SUGU__ATTEMPT_KIND__ATTEMPT_REFUND] = NC_("attempt", "Refund"),
        [SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT] = NC_("attempt", "Deposit"),
        [SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER] = NC_("attempt", "Card registered"),
        [SUGU__ATTEMPT_KIND__ATTEMPT_HOLD] = NC_("attempt", "Amount held on the card"),
        [SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE] = NC_("attempt", "Held amount let go"),
        [SUGU__ATTEMPT_KIND__ATTEMPT_FORGET] = NC_("attempt", "Stored card deleted"),
    };

    return NAME_OF("attempt", names, kind);
}

const char *
desk_words_attempt_state(Sugu__AttemptState state)
{
    static const char *const names[] = {
        [SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED] = NC_("attempt", "Not begun"),
        [SUGU__ATTEMPT_STATE__ATTEMPT_SENT] = NC_("attempt", "Under way"),
        [SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED] = NC_("attempt", "Done"),
        [SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED] = NC_("attempt", "Declined"),
        [SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN] = NC_("attempt", "Is being checked"),
        [SUGU__ATTEMPT_STATE__ATTEMPT_HELD] = NC_("attempt", "Nobody knows: find out"),
        [SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED] = NC_("attempt", "Undone"),
    };

    return NAME_OF("attempt", names, state);
}

const char *
desk_words_attempt_sign(Sugu__AttemptState state)
{
    static const char *const signs[] = {
        [SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED] = "○",
        [SUGU__ATTEMPT_STATE__ATTEMPT_SENT] = "▶",
        [SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED] = "✓",
        [SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED] = "×",
        [SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN] = "▲",
        [SUGU__ATTEMPT_STATE__ATTEMPT_HELD] = "■",
        [SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED] = "–",
    };

    return (size_t)state < SUGU_ARRAY_SIZE(signs) ? signs[state] : "";
}

const char *
desk_words_method(Sugu__PaymentMethod method)
{
    static const char *const names[] = {
        [SUGU__PAYMENT_METHOD__METHOD_CARD] = NC_("method", "Card"),
        [SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE] = NC_("method", "Nothing was due"),
        [SUGU__PAYMENT_METHOD__METHOD_CASH] = NC_("method", "Cash at the kiosk"),
        [SUGU__PAYMENT_METHOD__METHOD_CODE] = NC_("method", "Code"),
        [SUGU__PAYMENT_METHOD__METHOD_ON_FILE] = NC_("method", "Registered card"),
        [SUGU__PAYMENT_METHOD__METHOD_DESK] = NC_("method", "At the desk"),
    };

    return NAME_OF("method", names, method);
}

const char *
desk_words_desk_money(Sugu__DeskMoney by)
{
    static const char *const names[] = {
        [SUGU__DESK_MONEY__DESK_CASH] = NC_("desk money", "cash"),
        [SUGU__DESK_MONEY__DESK_CARD] = NC_("desk money", "card, by the desk's terminal"),
        [SUGU__DESK_MONEY__DESK_TRANSFER] = NC_("desk money", "bank transfer"),
    };

    return NAME_OF("desk money", names, by);
}

const char *
desk_words_refund_reason(Sugu__RefundReason reason)
{
    static const char *const names[] = {
        [SUGU__REFUND_REASON__REFUND_OVERPAID] = NC_("refund", "Paid too much"),
        [SUGU__REFUND_REASON__REFUND_VOID] = NC_("refund", "Payment undone, due again"),
        [SUGU__REFUND_REASON__REFUND_CORRECTION] = NC_("refund", "Correction, not due again"),
    };

    return NAME_OF("refund", names, reason);
}

const char *
desk_words_refund_state(Sugu__RefundState state)
{
    static const char *const names[] = {
        [SUGU__REFUND_STATE__REFUND_WAITING] = NC_("refund", "Waits for a second person"),
        [SUGU__REFUND_STATE__REFUND_ORDERED] = NC_("refund", "Is being given back"),
        [SUGU__REFUND_STATE__REFUND_DONE] = NC_("refund", "Given back"),
        [SUGU__REFUND_STATE__REFUND_FAILED] = NC_("refund", "Did not go back"),
        [SUGU__REFUND_STATE__REFUND_DENIED] = NC_("refund", "Refused"),
    };

    return NAME_OF("refund", names, state);
}

const char *
desk_words_refund_sign(Sugu__RefundState state)
{
    static const char *const signs[] = {
        [SUGU__REFUND_STATE__REFUND_WAITING] = "▲", [SUGU__REFUND_STATE__REFUND_ORDERED] = "▶",
        [SUGU__REFUND_STATE__REFUND_DONE] = "✓",    [SUGU__REFUND_STATE__REFUND_FAILED] = "■",
        [SUGU__REFUND_STATE__REFUND_DENIED] = "×",
    };

    return (size_t)state < SUGU_ARRAY_SIZE(signs) ? signs[state] : "";
}

/* ---------------------------------------------------------------- an attempt in words */

/* What a desk took stands as a name in the place of the brand. */
static const char *
desk_brand(const char *brand)
{
    static const char *const names[] = {"cash", "card", "transfer"};

    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(names); i++)
        if (strcmp(names[i], brand) == 0)
            return desk_words_desk_money((Sugu__DeskMoney)i);
    return brand;
}

const char *
desk_words_way(char to[static DESK_WORDS_SIZE], const Sugu__Attempt *attempt)
{
    bool is_desk = attempt->method == SUGU__PAYMENT_METHOD__METHOD_DESK;

    snprintf(to, DESK_WORDS_SIZE, "%s%s%s%s%s", desk_words_method(attempt->method),
             !attempt->brand[0] ? ""
             : is_desk          ? C_("method", ": ")
                                : " ",
             is_desk ? desk_brand(attempt->brand) : attempt->brand, attempt->last4[0] ? " …" : "",
             attempt->last4);
    return to;
}

const char *
desk_words_attempt_yen(char to[static DESK_WORDS_SIZE], const Sugu__Attempt *attempt)
{
    char approved[DESK_WORDS_SIZE], asked[DESK_WORDS_SIZE];
    bool is_part = attempt->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED &&
                   attempt->approved_yen != attempt->amount_yen;

    if (!is_part)
        return desk_words_yen(to, attempt->amount_yen);
    desk_words_yen(approved, attempt->approved_yen);
    desk_words_yen(asked, attempt->amount_yen);
    /* TRANSLATORS: so many yen were approved of those that were asked for */
    snprintf(to, DESK_WORDS_SIZE, C_("amount", "%.30s of %.30s"), approved, asked);
    return to;
}

const char *
desk_words_attempt(char to[static DESK_WORDS_SIZE], const Sugu__Attempt *attempt, GTimeZone *zone)
{
    char way[DESK_WORDS_SIZE], clock[DESK_WORDS_SIZE], yen[DESK_WORDS_SIZE];

    snprintf(to, DESK_WORDS_SIZE, "%.200s, %s, %.80s%s%.64s", desk_words_way(way, attempt),
             desk_words_clock(clock, zone, attempt->begun_utc_us),
             desk_words_attempt_yen(yen, attempt), attempt->place[0] ? ", " : "", attempt->place);
    return to;
}

/* With its day: nobody may have looked for a week. */
const char *
desk_words_held(char to[static DESK_WORDS_SIZE], const Sugu__Attempt *attempt, GTimeZone *zone)
{
    char moment[DESK_WORDS_SIZE], yen[DESK_WORDS_SIZE];

    snprintf(
        to, DESK_WORDS_SIZE, "%.100s, %.90s%s%.60s%s%.64s", desk_words_attempt_kind(attempt->kind),
        desk_words_moment(moment, zone, attempt->begun_utc_us), attempt->amount_yen > 0 ? ", " : "",
        attempt->amount_yen > 0 ? desk_words_yen(yen, attempt->amount_yen) : "",
        attempt->place[0] ? ", " : "", attempt->place);
    return to;
}

const char *
desk_words_look_at(char to[static DESK_WORDS_SIZE], const Sugu__Attempt *attempt, GTimeZone *zone)
{
    char yen[DESK_WORDS_SIZE], clock[DESK_WORDS_SIZE];

    desk_words_yen(yen, attempt->amount_yen);
    desk_words_clock(clock, zone, attempt->begun_utc_us);
    if (attempt->method == SUGU__PAYMENT_METHOD__METHOD_CASH)
        snprintf(to, DESK_WORDS_SIZE,
                 C_("held",
                    "Count the cash machine of %.64s: at %.10s it was about %.30s. Then say "
                    "what it took."),
                 attempt->place, clock, yen);
    else if (attempt->method == SUGU__PAYMENT_METHOD__METHOD_CARD)
        snprintf(to, DESK_WORDS_SIZE,
                 C_("held", "Look at the list of the card terminal of %.64s: %.30s at %.10s. Then "
                            "say what became of it."),
                 attempt->place, yen, clock);
    else
        snprintf(to, DESK_WORDS_SIZE,
                 C_("held", "Look at the list of the payment provider: %.30s at %.10s from %.64s. "
                            "Then say what became of it."),
                 yen, clock, attempt->place);
    return to;
}

const char *
desk_words_card(char to[static DESK_WORDS_SIZE], const Sugu__CardOnFile *card)
{
    static const char *const states[] = {
        [SUGU__CARD_ON_FILE_STATE__ON_FILE_NONE] = "",
        [SUGU__CARD_ON_FILE_STATE__ON_FILE_WAITING] = NC_("card", "not looked at yet"),
        [SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE] = NC_("card", "in force"),
        [SUGU__CARD_ON_FILE_STATE__ON_FILE_SUSPENDED] = NC_("card", "stopped"),
        [SUGU__CARD_ON_FILE_STATE__ON_FILE_ENDED] = NC_("card", "deleted"),
    };
    const char *state = card->state < G_N_ELEMENTS(states) ? states[card->state] : "";

    snprintf(to, DESK_WORDS_SIZE, "%s %.32s%s%.4s%s%s", C_("money", "Card on file"), card->brand,
             card->last4[0] ? " …" : "", card->last4, state[0] ? ", " : "",
             state[0] ? g_dpgettext2(NULL, "card", state) : "");
    return to;
}
