/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-kiosk-money - ways to pay, cash, phone codes, old bills: one person's session with all that
 */
#include "emulators/kiosk-world.h"
#include "testlib/checks.h"

#include <string.h>

static void
assert_shown(struct kiosk_world *world, const char *property, const char *text)
{
    char *shown = kiosk_world_shown(world, property);

    ck_assert_str_eq(shown, text);
    g_free(shown);
}

static void
await_shown(struct kiosk_world *world, const char *property, const char *text)
{
    int64_t end = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;

    for (;;) {
        char *shown = kiosk_world_shown(world, property);
        bool is_it = strcmp(shown, text) == 0;
        g_free(shown);
        if (is_it)
            return;
        ck_assert_msg(g_get_monotonic_time() < end, "%s never says: %s", property, text);
        g_main_context_iteration(NULL, TRUE);
    }
}

static bool
is_enabled(struct kiosk_world *world, const char *action)
{
    return g_action_group_get_action_enabled(kiosk_session_actions(world->session), action);
}

/* At the page of coins and notes; `in_yen` are in. */
static void
come_to_cash(struct kiosk_world *world, int64_t in_yen)
{
    kiosk_world_init(world);
    kiosk_world_set_way(world, SUGU__PART__PART_CASH, SUGU__PART_HEALTH__PART_OK);
    world->attempt = SUGU__ATTEMPT_STATE__ATTEMPT_SENT;
    world->has_cash = true;
    world->stage_of_cash = SUGU__CASH_STAGE__CASH_TAKING;
    world->in_yen = in_yen;
    kiosk_world_come_to_pay(world);
    kiosk_world_press(world, "pay");
    kiosk_world_await(world, SUGU_KIOSK_CHOOSE_WAY);
    kiosk_world_press(world, "pay-cash");
    kiosk_world_await(world, SUGU_KIOSK_CASH);
    while (world->session->facts.person.cash.stage != KIOSK_CASH_IS_TAKING)
        g_main_context_iteration(NULL, TRUE);
}

/* The session of the machine is over. */
static void
end_cash(struct kiosk_world *world, Sugu__AttemptState state, int64_t out_yen, int64_t owed_yen)
{
    world->stage_of_cash = SUGU__CASH_STAGE__CASH_DONE;
    world->attempt = state;
    world->out_yen = out_yen;
    world->owed_yen = owed_yen;
    if (owed_yen > 0)
        world->attempt_code = "cash.change-owed";
    else if (state == SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED)
        world->attempt_code = "payment.cancelled";
    kiosk_world_tell_payment(world);
}

START_TEST(one_way_to_pay_asks_nothing_several_do)
{
    static const struct {
        bool has_card, has_cash, has_code;
        enum sugu_kiosk_state state;
        const char *label;
        Sugu__PaymentMethod method;
    } rows[] = {
        {true, false, false, SUGU_KIOSK_PAYING, "Pay ¥1,850 by card",
         SUGU__PAYMENT_METHOD__METHOD_CARD},
        {false, true, false, SUGU_KIOSK_CASH, "Pay ¥1,850 in cash",
         SUGU__PAYMENT_METHOD__METHOD_CASH},
        {false, false, true, SUGU_KIOSK_CODE, "Pay ¥1,850 by phone",
         SUGU__PAYMENT_METHOD__METHOD_CODE},
        {true, true, false, SUGU_KIOSK_CHOOSE_WAY, "Pay ¥1,850", 0},
        {true, true, true, SUGU_KIOSK_CHOOSE_WAY, "Pay ¥1,850", 0},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct kiosk_world world;
        kiosk_world_init(&world);
        world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_SENT;
        if (rows[i].has_cash)
            kiosk_world_set_way(&world, SUGU__PART__PART_CASH, SUGU__PART_HEALTH__PART_LOW);
        if (rows[i].has_code)
            kiosk_world_set_way(&world, SUGU__PART__PART_CODE, SUGU__PART_HEALTH__PART_OK);
        if (!rows[i].has_card)
            kiosk_world_set_way(&world, SUGU__PART__PART_TERMINAL, SUGU__PART_HEALTH__PART_AWAY);
        kiosk_world_come_to_pay(&world);
        assert_shown(&world, "pay-label", rows[i].label);
        kiosk_world_press(&world, "pay");
        kiosk_world_await(&world, rows[i].state);
        while (rows[i].state != SUGU_KIOSK_CHOOSE_WAY && world.started == 0)
            g_main_context_iteration(NULL, TRUE);
        ck_assert_int_eq(world.method, rows[i].method);
        kiosk_world_done(&world);
    }
}
END_TEST

START_TEST(without_any_way_nothing_can_be_pressed_and_the_desk_is_there)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_set_way(&world, SUGU__PART__PART_TERMINAL, SUGU__PART_HEALTH__PART_AWAY);
    kiosk_world_come_to_pay(&world);
    ck_assert(!is_enabled(&world, "pay"));
    ck_assert(is_enabled(&world, "to-desk"));
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_way_that_breaks_down_while_one_chooses_can_not_be_chosen)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_set_way(&world, SUGU__PART__PART_CASH, SUGU__PART_HEALTH__PART_OK);
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_CHOOSE_WAY);
    ck_assert(is_enabled(&world, "pay-cash"));
    kiosk_world_set_way(&world, SUGU__PART__PART_CASH, SUGU__PART_HEALTH__PART_AWAY);
    ck_assert(!is_enabled(&world, "pay-cash"));
    ck_assert(is_enabled(&world, "pay"));
    ck_assert(!is_enabled(&world, "pay-code"));
    kiosk_world_done(&world);
}
END_TEST

START_TEST(the_page_of_cash_follows_what_the_machine_has_counted)
{
    struct kiosk_world world;

    come_to_cash(&world, 0);
    assert_shown(&world, "cash-missing", "¥1,850");
    assert_shown(&world, "cash-units", "We take: ¥100  ¥1,000");
    assert_shown(&world, "stop-label", "Do not pay in cash");
    ck_assert(!is_enabled(&world, "fix"));
    world.in_yen = 1000;
    kiosk_world_tell_payment(&world);
    await_shown(&world, "cash-missing", "¥850");
    assert_shown(&world, "cash-in", "¥1,000");
    assert_shown(&world, "fix-label", "Pay only ¥1,000 now");
    assert_shown(&world, "stop-label", "Stop: my money comes back");
    ck_assert(is_enabled(&world, "fix"));
    world.in_yen = 2000;
    world.stage_of_cash = SUGU__CASH_STAGE__CASH_COUNTING;
    kiosk_world_tell_payment(&world);
    kiosk_world_await(&world, SUGU_KIOSK_CASH_GIVING);
    assert_shown(&world, "title", "We are counting your money");
    ck_assert(!is_enabled(&world, "cancel"));
    world.stage_of_cash = SUGU__CASH_STAGE__CASH_GIVING;
    kiosk_world_tell_payment(&world);
    await_shown(&world, "title", "Your change is coming");
    assert_shown(&world, "text", "¥150 are given out below. Please take all of it.");
    end_cash(&world, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 150, 0);
    kiosk_world_await(&world, SUGU_KIOSK_PAID);
    assert_shown(&world, "take", "Please take your change: ¥150.");
    ck_assert_uint_eq(world.slips, 0);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(enough_is_enough_and_the_rest_stays_to_pay)
{
    struct kiosk_world world;

    come_to_cash(&world, 1000);
    kiosk_world_press(&world, "fix");
    while (world.fixed == 0)
        g_main_context_iteration(NULL, TRUE);
    world.approved_yen = 1000;
    world.attempt_code = "payment.partial";
    end_cash(&world, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 0, 0);
    kiosk_world_await(&world, SUGU_KIOSK_BILL);
    ck_assert_str_eq(world.session->facts.person.notice, "payment.partial");
    ck_assert_uint_eq(world.papers, 0);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(stop_gives_everything_back_and_what_was_said_before_changes_no_page)
{
    struct kiosk_world world;

    come_to_cash(&world, 1000);
    kiosk_world_press(&world, "cancel");
    kiosk_world_await(&world, SUGU_KIOSK_CASH_GIVING);
    while (world.aborted == 0)
        g_main_context_iteration(NULL, TRUE);
    world.in_yen = 1100; /* a coin that was falling: counted, and the page stays */
    kiosk_world_tell_payment(&world);
    await_shown(&world, "cash-in", "¥1,100");
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_CASH_GIVING);
    world.stage_of_cash = SUGU__CASH_STAGE__CASH_GIVING;
    kiosk_world_tell_payment(&world);
    await_shown(&world, "title", "Your money is coming back");
    assert_shown(&world, "text", "¥1,100 are given out below. Please take all of it.");
    end_cash(&world, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 1100, 0);
    kiosk_world_await(&world, SUGU_KIOSK_PAY_TROUBLE);
    assert_shown(&world, "take", "Please take your money: ¥1,100.");
    ck_assert(is_enabled(&world, "choose-way"));
    kiosk_world_done(&world);
}
END_TEST

START_TEST(owed_change_gets_a_slip_and_the_staff_and_leaves_the_bill_paid)
{
    struct kiosk_world world;

    come_to_cash(&world, 2000);
    end_cash(&world, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 100, 50);
    kiosk_world_await(&world, SUGU_KIOSK_PAID);
    ck_assert_uint_eq(world.slips, 1);
    ck_assert_int_eq(world.slip.yen, 50);
    ck_assert_uint_eq(world.papers, 3);
    while (world.helped == 0)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_str_eq(world.help_reason, "cash.change-owed");
    await_shown(&world, "take",
                "Please take your change: ¥100.\n¥50 could not be given out. You get it at the "
                "desk: please take the slip there.");
    kiosk_world_tell_payment(&world); /* told again: no second slip */
    kiosk_world_set_way(&world, SUGU__PART__PART_CASH, SUGU__PART_HEALTH__PART_AWAY);
    ck_assert_uint_eq(world.slips, 1);
    ck_assert_uint_eq(world.helped, 1);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(money_that_could_not_come_back_leads_to_the_desk)
{
    struct kiosk_world world;

    come_to_cash(&world, 1000);
    kiosk_world_press(&world, "cancel");
    kiosk_world_await(&world, SUGU_KIOSK_CASH_GIVING);
    end_cash(&world, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 400, 600);
    kiosk_world_await(&world, SUGU_KIOSK_CASH_OWED);
    while (world.slips == 0)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_int_eq(world.slip.yen, 600);
    assert_shown(&world, "number", "A-042");
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_fault_of_the_machine_says_that_the_money_is_counted)
{
    struct kiosk_world world;

    come_to_cash(&world, 1000);
    world.stage_of_cash = SUGU__CASH_STAGE__CASH_FAULT;
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_HELD;
    kiosk_world_tell_payment(&world);
    kiosk_world_await(&world, SUGU_KIOSK_HELD);
    assert_shown(&world, "text",
                 "Something is wrong with the cash machine. Your ¥1,000 are counted; nothing of "
                 "it is lost. A member of staff is coming.");
    while (world.helped == 0)
        g_main_context_iteration(NULL, TRUE);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_window_that_was_started_anew_comes_back_to_the_cash)
{
    struct kiosk_world world;

    come_to_cash(&world, 1000);
    kiosk_world_restart(&world, SUGU_SECOND);
    kiosk_world_await(&world, SUGU_KIOSK_CASH);
    assert_shown(&world, "cash-missing", "¥850");
    world.in_yen = 2000;
    end_cash(&world, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 150, 0);
    kiosk_world_await(&world, SUGU_KIOSK_RECEIPT_LATER);
    assert_shown(&world, "take", "Please take your change: ¥150.");
    assert_shown(&world, "text",
                 "For your receipt press 'Done', then hold your ticket or your card here once "
                 "more.");
    ck_assert_uint_eq(world.papers, 0);
    kiosk_world_press(&world, "done");
    kiosk_world_await(&world, SUGU_KIOSK_WELCOME);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_window_that_was_started_anew_gives_the_money_back_to_nobody_it_knows)
{
    struct kiosk_world world;

    come_to_cash(&world, 1000);
    kiosk_world_restart(&world, SUGU_SECOND);
    kiosk_world_await(&world, SUGU_KIOSK_CASH);
    kiosk_world_press(&world, "cancel");
    kiosk_world_await(&world, SUGU_KIOSK_CASH_GIVING);
    while (world.aborted == 0)
        g_main_context_iteration(NULL, TRUE);
    end_cash(&world, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 1000, 0);
    kiosk_world_await(&world, SUGU_KIOSK_PAY_TROUBLE);
    ck_assert(!is_enabled(&world, "choose-way"));
    world.has_cash = false;
    kiosk_world_press(&world, "again");
    kiosk_world_await(&world, SUGU_KIOSK_WELCOME);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(whoever_comes_back_with_a_ticket_finds_the_cash_that_is_in)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_SENT;
    world.has_cash = world.has_ticket = world.has_bill = true;
    world.stage_of_cash = SUGU__CASH_STAGE__CASH_TAKING;
    world.bill_state = SUGU__BILL_STATE__BILL_IN_PAYMENT;
    world.asked_yen = 1850;
    world.in_yen = 500;
    kiosk_session_scanned(world.session, &world.visit);
    kiosk_world_await(&world, SUGU_KIOSK_CASH);
    assert_shown(&world, "cash-missing", "¥1,350");
    ck_assert_uint_eq(world.started, 0);
    kiosk_world_done(&world);
}
END_TEST

/* The page counts by itself and skips no second unless this test was kept waiting for one. */
static void
watch_seconds(struct kiosk_world *world)
{
    const struct kiosk_offer *offer = &world->session->facts.person.offer;
    int64_t last_us = g_get_monotonic_time();
    unsigned last_s = offer->left_s;

    while (last_s > 0) {
        g_main_context_iteration(NULL, TRUE);
        int64_t now_us = g_get_monotonic_time();
        if (offer->left_s != last_s) {
            char *text = g_strdup_printf("Time left: 0:%02u", offer->left_s);
            ck_assert_uint_lt(offer->left_s, last_s);
            if (now_us - last_us < G_USEC_PER_SEC * 5 / 4)
                ck_assert_uint_eq(last_s - offer->left_s, 1);
            assert_shown(world, "code-left",
                         offer->left_s ? text : "The time is over. One moment, please.");
            g_free(text);
            last_s = offer->left_s;
            last_us = now_us;
        }
    }
}

START_TEST(a_code_is_shown_with_its_time_and_can_be_cancelled)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_set_way(&world, SUGU__PART__PART_CODE, SUGU__PART_HEALTH__PART_OK);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_SENT;
    world.offer = "https://qr.example/28180104";
    world.offer_s = 4;
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_CHOOSE_WAY);
    kiosk_world_press(&world, "pay-code");
    kiosk_world_await(&world, SUGU_KIOSK_CODE);
    await_shown(&world, "code", "https://qr.example/28180104");
    assert_shown(&world, "code-brand", "PayPay");
    ck_assert_uint_gt(world.session->facts.person.offer.left_s, 0);
    ck_assert_uint_le(world.session->facts.person.offer.left_s, 4);
    watch_seconds(&world);
    kiosk_world_press(&world, "cancel");
    kiosk_world_await(&world, SUGU_KIOSK_PAY_TROUBLE);
    ck_assert_uint_eq(world.aborted, 1);
    assert_shown(&world, "code", "");
    kiosk_world_press(&world, "choose-way");
    kiosk_world_await(&world, SUGU_KIOSK_CHOOSE_WAY);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_code_that_ran_out_is_told_as_one)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_set_way(&world, SUGU__PART__PART_CODE, SUGU__PART_HEALTH__PART_OK);
    kiosk_world_set_way(&world, SUGU__PART__PART_TERMINAL, SUGU__PART_HEALTH__PART_AWAY);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_SENT;
    world.offer = "https://qr.example/28180104";
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_CODE);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED;
    world.attempt_code = "payment.code-expired";
    kiosk_world_tell_payment(&world);
    kiosk_world_await(&world, SUGU_KIOSK_PAY_TROUBLE);
    ck_assert_str_eq(world.session->facts.person.notice, "payment.code-expired");
    ck_assert(!is_enabled(&world, "choose-way")); /* there is one way only */
    kiosk_world_done(&world);
}
END_TEST

START_TEST(who_is_not_proven_insured_pays_a_deposit)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.deposit_yen = 1000;
    kiosk_world_come_to_pay(&world);
    assert_shown(&world, "total", "¥1,000");
    assert_shown(&world, "due-title", "Deposit now");
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_PAID);
    ck_assert_int_eq(world.kind, SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT);
    ck_assert_int_eq(world.asked_yen, 1000);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(old_bills_are_paid_one_by_one_or_not_now)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.old_count = 3;
    kiosk_world_come_to_pay(&world);
    assert_shown(&world, "old-note", "Not paid yet of earlier visits: ¥5,550");
    kiosk_world_press(&world, "old-bills");
    kiosk_world_await(&world, SUGU_KIOSK_OLD_BILLS);
    assert_shown(&world, "old-label", "Pay ¥1,850 of 2025-6-1");
    kiosk_world_press(&world, "next-old"); /* the second one is at the counter */
    assert_shown(&world, "old-label", "Pay ¥1,850 of 2025-6-3");
    kiosk_world_press(&world, "next-old");
    assert_shown(&world, "old-label", "Pay ¥1,850 of 2025-6-1");
    kiosk_world_press(&world, "pay-old");
    kiosk_world_await(&world, SUGU_KIOSK_BILL);
    ck_assert(sugu_id_equal(&world.session->facts.person.bill.bill, &world.old_bills[0]));
    assert_shown(&world, "bill-title", "Your bill of 2025-6-1");
    kiosk_world_push_bill(&world); /* today's: not this one */
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_PAID);
    ck_assert(sugu_id_equal(&world.paid_bill, &world.old_bills[0]));
    world.old_count = 0;
    kiosk_world_press(&world, "other-bills");
    kiosk_world_await(&world, SUGU_KIOSK_BILL); /* today's is still open */
    ck_assert(sugu_id_equal(&world.session->facts.person.bill.bill, &world.bill));
    assert_shown(&world, "old-note", "");
    ck_assert_uint_eq(world.birthday, 401); /* nobody was asked again */
    kiosk_world_done(&world);
}
END_TEST

START_TEST(old_bills_at_the_counter_are_only_named)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.old_count = 2;
    world.old_bills[0] = world.old_bills[1];
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "old-bills");
    kiosk_world_await(&world, SUGU_KIOSK_OLD_BILLS);
    ck_assert(is_enabled(&world, "pay-old"));
    ck_assert(!is_enabled(&world, "next-old"));
    world.session->facts.person.old_bills[0].is_at_counter = true;
    kiosk_session_refresh(world.session);
    ck_assert(!is_enabled(&world, "pay-old"));
    kiosk_world_press(&world, "other-bills");
    kiosk_world_await(&world, SUGU_KIOSK_BILL);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(it_is_said_where_money_goes_back_to)
{
    static const struct {
        Sugu__RefundPlace place;
        const char *words;
    } rows[] = {
        {SUGU__REFUND_PLACE__REFUND_TO_CARD,
         "We owe you ¥300. It goes back to your card; you need not do anything."},
        {SUGU__REFUND_PLACE__REFUND_TO_CODE,
         "We owe you ¥300. It goes back to the app that you paid with."},
        {SUGU__REFUND_PLACE__REFUND_AT_DESK, "We owe you ¥300. You get it at the desk."},
    };
    struct kiosk_world world;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        kiosk_world_init(&world);
        world.refund_due_yen = 300;
        world.refund_place = rows[i].place;
        kiosk_world_come_to_pay(&world);
        assert_shown(&world, "due-note", rows[i].words);
        kiosk_world_done(&world);
    }
}
END_TEST

START_TEST(what_is_due_to_the_patient_is_said_and_printed)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.refund_due_yen = 300;
    kiosk_world_come_to_pay(&world);
    assert_shown(&world, "due-note",
                 "We owe you ¥300. It goes back to your card, or you get it at the desk.");
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_PAID);
    ck_assert_uint_eq(world.papers, 3);
    ck_assert_uint_eq(world.slips, 1);
    ck_assert_int_eq(world.slip.yen, 300);
    kiosk_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN("kiosk-money",
               one_way_to_pay_asks_nothing_several_do,
               without_any_way_nothing_can_be_pressed_and_the_desk_is_there,
               a_way_that_breaks_down_while_one_chooses_can_not_be_chosen,
               the_page_of_cash_follows_what_the_machine_has_counted,
               enough_is_enough_and_the_rest_stays_to_pay,
               stop_gives_everything_back_and_what_was_said_before_changes_no_page,
               owed_change_gets_a_slip_and_the_staff_and_leaves_the_bill_paid,
               money_that_could_not_come_back_leads_to_the_desk,
               a_fault_of_the_machine_says_that_the_money_is_counted,
               a_window_that_was_started_anew_comes_back_to_the_cash,
               a_window_that_was_started_anew_gives_the_money_back_to_nobody_it_knows,
               whoever_comes_back_with_a_ticket_finds_the_cash_that_is_in,
               a_code_is_shown_with_its_time_and_can_be_cancelled,
               a_code_that_ran_out_is_told_as_one,
               who_is_not_proven_insured_pays_a_deposit,
               old_bills_are_paid_one_by_one_or_not_now,
               old_bills_at_the_counter_are_only_named,
               it_is_said_where_money_goes_back_to,
               what_is_due_to_the_patient_is_said_and_printed)
