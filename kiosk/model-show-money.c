/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-show-money - bills, cash and codes into the words of the present language
 */
#include "model-private.h"

#include "domain/bill-due.h"
#include "line-private.h"
#include "words.h"

#include <glib/gi18n.h>

#include <stdio.h>
#include <string.h>

#define put kiosk_model_put

/* ---------------------------------------------------------------- the bill */

static void
set_lines(KioskModel *model, GPtrArray *lines)
{
    g_list_store_splice(G_LIST_STORE(model->lines), 0, g_list_model_get_n_items(model->lines),
                        lines->pdata, lines->len);
    g_ptr_array_unref(lines);
}

static void
add_amount(GPtrArray *lines, const char *name, int64_t yen)
{
    char words[KIOSK_WORDS_SIZE];

    if (yen != 0)
        g_ptr_array_add(lines, kiosk_line_new(name, "", kiosk_words_yen(words, yen)));
}

static void
show_lines(KioskModel *model, const struct kiosk_bill *bill)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_object_unref);

    for (unsigned i = 0; i < bill->category_count; i++) {
        const struct kiosk_category *category = &bill->categories[i];
        char points[KIOSK_WORDS_SIZE] = "", yen[KIOSK_WORDS_SIZE] = "";
        if (category->points > 0)
            kiosk_words_points(points, category->points);
        if (category->yen > 0)
            kiosk_words_yen(yen, category->yen);
        g_ptr_array_add(lines, kiosk_line_new(kiosk_words_category(category->code), points, yen));
    }
    add_amount(lines, _("Already paid"), -bill->paid_yen);
    add_amount(lines, _("No longer asked for"), -bill->waived_yen);
    set_lines(model, lines);
}

static void
put_refund(KioskModel *model, const struct kiosk_bill *bill)
{
    char yen[KIOSK_WORDS_SIZE];

    kiosk_words_yen(yen, bill->refund_due_yen);
    switch ((enum sugu_refund_place)bill->refund_place) {
    case SUGU_REFUND_TO_CARD:
        put(model, KIOSK_MODEL_DUE_NOTE,
            _("We owe you %s. It goes back to your card; you need not do anything."), yen);
        break;
    case SUGU_REFUND_TO_CODE:
        put(model, KIOSK_MODEL_DUE_NOTE,
            _("We owe you %s. It goes back to the app that you paid with."), yen);
        break;
    case SUGU_REFUND_AT_DESK:
        put(model, KIOSK_MODEL_DUE_NOTE, _("We owe you %s. You get it at the desk."), yen);
        break;
    case SUGU_REFUND_ANYWHERE:
        put(model, KIOSK_MODEL_DUE_NOTE,
            _("We owe you %s. It goes back to your card, or you get it at the desk."), yen);
        break;
    }
}

/* What is special about the amount that is asked for, and what is owed to the patient. */
static void
show_due(KioskModel *model, const struct kiosk_bill *bill)
{
    char yen[KIOSK_WORDS_SIZE];

    if (bill->is_deposit)
        put(model, KIOSK_MODEL_DUE_TITLE, "%s", _("Deposit now"));
    else
        put(model, KIOSK_MODEL_DUE_TITLE, "%s",
            bill->paid_yen > 0 ? _("Still to pay") : _("Total"));
    if (bill->refund_due_yen > 0)
        put_refund(model, bill);
    else if (bill->is_deposit)
        put(model, KIOSK_MODEL_DUE_NOTE,
            _("Your insurance is not confirmed yet. The bill is %s; today you pay a deposit."),
            kiosk_words_yen(yen, bill->due_yen));
    else
        put(model, KIOSK_MODEL_DUE_NOTE, "%s", "");
}

static void
show_bill(KioskModel *model, const struct kiosk_bill *bill)
{
    char words[KIOSK_WORDS_SIZE];

    /* TRANSLATORS: what the insurance covers; %s is like 1,234 points, %u the patient's share */
    put(model, KIOSK_MODEL_COPAY_TITLE, _("Insurance (%s, %u%%)"),
        kiosk_words_points(words, bill->points), bill->ratio_percent);
    put(model, KIOSK_MODEL_COPAY, "%s", kiosk_words_yen(words, bill->copay_yen));
    put(model, KIOSK_MODEL_SELF_PAY_TITLE, "%s",
        bill->self_pay_yen > 0 ? _("Not covered by insurance") : "");
    put(model, KIOSK_MODEL_SELF_PAY, "%s",
        bill->self_pay_yen > 0 ? kiosk_words_yen(words, bill->self_pay_yen) : "");
    put(model, KIOSK_MODEL_TOTAL, "%s", kiosk_words_yen(words, bill->ask_yen));
    if (bill->is_old) /* TRANSLATORS: %s is a date */
        put(model, KIOSK_MODEL_BILL_TITLE, _("Your bill of %s"),
            kiosk_words_day(words, bill->visit_date));
    else
        put(model, KIOSK_MODEL_BILL_TITLE, "%s", _("Your bill"));
    show_due(model, bill);
}

static void
show_pay_button(KioskModel *model, const struct kiosk_facts *facts)
{
    const struct kiosk_bill *bill = &facts->person.bill;
    const char *total = model->texts[KIOSK_MODEL_TOTAL];
    bool can_pay = facts->place.ways != 0 || bill->ask_yen == 0;

    if (bill->ask_yen == 0)
        put(model, KIOSK_MODEL_PAY_LABEL, "%s", _("Nothing to pay: finish"));
    else if (facts->place.ways == KIOSK_WAY_BIT(KIOSK_WAY_CASH))
        put(model, KIOSK_MODEL_PAY_LABEL, _("Pay %s in cash"), total);
    else if (facts->place.ways == KIOSK_WAY_BIT(KIOSK_WAY_CODE))
        put(model, KIOSK_MODEL_PAY_LABEL, _("Pay %s by phone"), total);
    else if (facts->place.ways & (facts->place.ways - 1))
        put(model, KIOSK_MODEL_PAY_LABEL, _("Pay %s"), total);
    else
        put(model, KIOSK_MODEL_PAY_LABEL, _("Pay %s by card"), total);
    put(model, KIOSK_MODEL_PAY_NOTE, "%s", can_pay ? "" : kiosk_words_code("terminal.away"));
    kiosk_model_set_flag(model, KIOSK_MODEL_CAN_PAY, can_pay);
    kiosk_model_set_flag(model, KIOSK_MODEL_CAN_PRINT, facts->place.has_printer);
}

static void
show_ways(KioskModel *model, const struct kiosk_facts *facts)
{
    unsigned ways = facts->place.ways;

    kiosk_model_set_flag(model, KIOSK_MODEL_CAN_CARD, ways & KIOSK_WAY_BIT(KIOSK_WAY_CARD));
    kiosk_model_set_flag(model, KIOSK_MODEL_CAN_CASH, (ways & KIOSK_WAY_BIT(KIOSK_WAY_CASH)) != 0);
    kiosk_model_set_flag(model, KIOSK_MODEL_CAN_CODE, (ways & KIOSK_WAY_BIT(KIOSK_WAY_CODE)) != 0);
    kiosk_model_set_flag(model, KIOSK_MODEL_HAS_WAYS,
                         (ways & (ways - 1)) != 0 && facts->person.name[0]);
}

/* ---------------------------------------------------------------- bills of earlier visits */

static void
show_old_lines(KioskModel *model, const struct kiosk_person *person)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_object_unref);

    for (unsigned i = 0; i < person->old_count; i++) {
        const struct kiosk_old_bill *bill = &person->old_bills[i];
        char day[KIOSK_WORDS_SIZE], yen[KIOSK_WORDS_SIZE], name[KIOSK_WORDS_SIZE + 104];
        snprintf(name, sizeof name, "%s  %s", kiosk_words_day(day, bill->visit_date),
                 bill->department_name);
        g_ptr_array_add(lines, kiosk_line_new(name, bill->is_at_counter ? _("at the desk") : "",
                                              kiosk_words_yen(yen, bill->due_yen)));
    }
    set_lines(model, lines);
}

static void
show_old(KioskModel *model, const struct kiosk_person *person)
{
    const struct kiosk_old_bill *offered = kiosk_facts_old_bill(person);
    unsigned payable = kiosk_facts_payable(person);
    char yen[KIOSK_WORDS_SIZE], day[KIOSK_WORDS_SIZE];
    int64_t sum = 0;

    for (unsigned i = 0; i < person->old_count; i++)
        sum += person->old_bills[i].due_yen;
    if (person->old_count == 0)
        put(model, KIOSK_MODEL_OLD_NOTE, "%s", "");
    else
        put(model, KIOSK_MODEL_OLD_NOTE, _("Not paid yet of earlier visits: %s"),
            kiosk_words_yen(yen, sum));
    if (offered) /* TRANSLATORS: an amount, then the date of the visit */
        put(model, KIOSK_MODEL_OLD_LABEL, _("Pay %s of %s"), kiosk_words_yen(yen, offered->due_yen),
            kiosk_words_day(day, offered->visit_date));
    else
        put(model, KIOSK_MODEL_OLD_LABEL, "%s", "");
    put(model, KIOSK_MODEL_OLD_DESK, "%s",
        payable < person->old_count ? _("What is marked 'at the desk' can only be paid there.")
                                    : "");
    kiosk_model_set_flag(model, KIOSK_MODEL_IS_OLD, person->bill.is_old);
    kiosk_model_set_flag(model, KIOSK_MODEL_HAS_OLD, person->old_count > 0 && !person->bill.is_old);
    kiosk_model_set_flag(model, KIOSK_MODEL_HAS_OTHER, person->old_count > 0);
    kiosk_model_set_flag(model, KIOSK_MODEL_CAN_OLD, offered != NULL);
    kiosk_model_set_flag(model, KIOSK_MODEL_HAS_MORE, payable > 1);
}

/* ---------------------------------------------------------------- cash */

/* "¥10  ¥50 …": what is taken now, coins and notes. */
static void
show_units(KioskModel *model, const struct kiosk_cash *cash)
{
    GString *units = g_string_new(NULL);

    for (unsigned i = 0; i < cash->unit_count; i++) {
        char yen[KIOSK_WORDS_SIZE];
        g_string_append_printf(units, "%s%s", i > 0 ? "  " : "",
                               kiosk_words_yen(yen, cash->units[i]));
    }
    if (units->len > 0) /* TRANSLATORS: coins and notes that the machine takes */
        put(model, KIOSK_MODEL_CASH_UNITS, _("We take: %s"), units->str);
    else
        put(model, KIOSK_MODEL_CASH_UNITS, "%s", "");
    g_string_free(units, TRUE);
}

static void
show_sums(KioskModel *model, const struct kiosk_person *person)
{
    const struct kiosk_cash *cash = &person->cash;
    int64_t missing = person->bill.ask_yen - cash->in_yen;
    char yen[KIOSK_WORDS_SIZE];

    put(model, KIOSK_MODEL_CASH_IN, "%s", kiosk_words_yen(yen, cash->in_yen));
    put(model, KIOSK_MODEL_CASH_MISSING_TITLE, "%s", missing > 0 ? _("Still missing") : "");
    put(model, KIOSK_MODEL_CASH_MISSING, "%s", missing > 0 ? kiosk_words_yen(yen, missing) : "");
    put(model, KIOSK_MODEL_FIX_LABEL, _("Pay only %s now"), kiosk_words_yen(yen, cash->in_yen));
    put(model, KIOSK_MODEL_STOP_LABEL, "%s",
        cash->in_yen > 0 ? _("Stop: my money comes back") : _("Do not pay in cash"));
    put(model, KIOSK_MODEL_CASH_NOTICE, "%s", kiosk_words_code(cash->code));
    put(model, KIOSK_MODEL_CASH_HELP, "%s",
        cash->code[0] ? ""
                      : _("Put in coins and notes one after the other. When it is enough, your "
                          "change comes out by itself."));
    kiosk_model_set_flag(model, KIOSK_MODEL_CAN_FIX, cash->in_yen > 0 && missing > 0);
}

/* What to take out of the machine at the end, and what it owes. */
static void
show_take(KioskModel *model, const struct kiosk_cash *cash)
{
    char yen[KIOSK_WORDS_SIZE], take[512] = "", owed[512] = "";
    bool is_over = cash->stage == KIOSK_CASH_IS_DONE;

    if (is_over && cash->out_yen > 0)
        snprintf(take, sizeof take,
                 cash->is_paid ? _("Please take your change: %s.")
                               : _("Please take your money: %s."),
                 kiosk_words_yen(yen, cash->out_yen));
    if (is_over && cash->owed_yen > 0)
        snprintf(owed, sizeof owed,
                 cash->has_slip ? _("%s could not be given out. You get it at the desk: please "
                                    "take the slip there.")
                                : _("%s could not be given out. You get it at the desk: please "
                                    "show your number there."),
                 kiosk_words_yen(yen, cash->owed_yen));
    kiosk_model_set_flag(model, KIOSK_MODEL_IS_PLAIN, !take[0] && !owed[0]);
    put(model, KIOSK_MODEL_TAKE, "%s%s%s", take, take[0] && owed[0] ? "\n" : "", owed);
}

static const char *
taking_title(const struct kiosk_cash *cash)
{
    return cash->stage == KIOSK_CASH_IS_TAKING ? _("Please put in your money")
                                               : _("One moment, please");
}

/* The page while coins and notes move: title, and how much will come out. */
static void
show_giving(KioskModel *model, const struct kiosk_person *person)
{
    const struct kiosk_cash *cash = &person->cash;
    int64_t change = cash->in_yen - person->bill.ask_yen;
    bool comes_back = cash->is_stopped || cash->code[0] || change <= 0;
    char yen[KIOSK_WORDS_SIZE];

    if (cash->stage != KIOSK_CASH_IS_GIVING) {
        put(model, KIOSK_MODEL_TITLE, "%s", _("We are counting your money"));
        put(model, KIOSK_MODEL_TEXT, "%s", _("Please wait a moment."));
        return;
    }
    put(model, KIOSK_MODEL_TITLE, "%s",
        comes_back ? _("Your money is coming back") : _("Your change is coming"));
    put(model, KIOSK_MODEL_TEXT, _("%s are given out below. Please take all of it."),
        kiosk_words_yen(yen, comes_back ? cash->in_yen : change));
}

/* Staff come and count what the machine holds. */
static void
show_fault(KioskModel *model, const struct kiosk_cash *cash)
{
    char yen[KIOSK_WORDS_SIZE];

    put(model, KIOSK_MODEL_TEXT,
        _("Something is wrong with the cash machine. Your %s are counted; nothing of it is lost. A "
          "member of staff is coming."),
        kiosk_words_yen(yen, cash->in_yen));
}

/* ---------------------------------------------------------------- a code */

static void
show_offer(KioskModel *model, const struct kiosk_offer *offer)
{
    put(model, KIOSK_MODEL_CODE_BRAND, "%s", offer->brand);
    if (!offer->payload[0])
        put(model, KIOSK_MODEL_CODE_LEFT, "%s", _("The code is being made."));
    else if (offer->left_s == 0)
        put(model, KIOSK_MODEL_CODE_LEFT, "%s", _("The time is over. One moment, please."));
    else /* TRANSLATORS: minutes and seconds */
        put(model, KIOSK_MODEL_CODE_LEFT, _("Time left: %u:%02u"), offer->left_s / 60,
            offer->left_s % 60);
}

/* Does the page say more than it mostly does? In large letters it needs room then. */
static bool
is_full(const KioskModel *model, enum sugu_kiosk_state state)
{
    bool offers_old = state == SUGU_KIOSK_BILL || state == SUGU_KIOSK_CONFIRM ||
                      state == SUGU_KIOSK_NO_BILL || state == SUGU_KIOSK_ALREADY_PAID;

    return (offers_old && model->flags[KIOSK_MODEL_HAS_OLD]) ||
           !model->flags[KIOSK_MODEL_IS_PLAIN] || model->texts[KIOSK_MODEL_DUE_NOTE][0] ||
           model->texts[KIOSK_MODEL_ON_FILE_NOTE][0] ||
           (state == SUGU_KIOSK_CASH && model->texts[KIOSK_MODEL_CASH_NOTICE][0]);
}

void
kiosk_model_show_money(KioskModel *model,
                       const struct kiosk_facts *facts,
                       enum sugu_kiosk_state state)
{
    const struct kiosk_person *person = &facts->person;

    if (state == SUGU_KIOSK_OLD_BILLS)
        show_old_lines(model, person);
    else
        show_lines(model, &person->bill);
    show_bill(model, &person->bill);
    if (sugu_kiosk_kind_of(state) == SUGU_KIOSK_ENDS && person->bill.refund_due_yen == 0)
        put(model, KIOSK_MODEL_DUE_NOTE, "%s", ""); /* what a deposit is was said before */
    show_pay_button(model, facts);
    show_ways(model, facts);
    show_old(model, person);
    show_units(model, &person->cash);
    show_sums(model, person);
    show_take(model, &person->cash);
    if (state == SUGU_KIOSK_CASH)
        put(model, KIOSK_MODEL_TITLE, "%s", taking_title(&person->cash));
    else if (state == SUGU_KIOSK_CASH_GIVING)
        show_giving(model, person);
    else if (state == SUGU_KIOSK_HELD && person->cash.in_yen > 0)
        show_fault(model, &person->cash);
    show_offer(model, &person->offer);
    kiosk_model_set_flag(model, KIOSK_MODEL_IS_FULL, is_full(model, state));
}
