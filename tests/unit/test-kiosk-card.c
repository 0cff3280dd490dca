/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-kiosk-card - a card that pays later: consent, registration, what it does today, its end
 */
#include "emulators/kiosk-world.h"
#include "testlib/checks.h"

#include <string.h>

#define TEXT "第一条　診療の後にカードから引き落とします。"

static void
assert_shown(struct kiosk_world *world, const char *property, const char *text)
{
    char *shown = kiosk_world_shown(world, property);

    ck_assert_str_eq(shown, text);
    g_free(shown);
}

static bool
is_enabled(struct kiosk_world *world, const char *action)
{
    return g_action_group_get_action_enabled(kiosk_session_actions(world->session), action);
}

/* Behind a payment, where the card may be stored. */
static void
come_to_offer(struct kiosk_world *world)
{
    kiosk_world_init(world);
    world->consent_text = TEXT;
    kiosk_world_come_to_pay(world);
    while (world->session->facts.person.consent.version == 0)
        g_main_context_iteration(NULL, TRUE);
    kiosk_world_press(world, "pay");
    kiosk_world_await(world, SUGU_KIOSK_PAID);
    ck_assert(is_enabled(world, "store-card"));
    kiosk_world_press(world, "store-card");
    kiosk_world_await(world, SUGU_KIOSK_CONSENT);
}

START_TEST(a_card_is_stored_with_a_consent_a_limit_and_the_terminal)
{
    static const struct {
        const char *limit, *owner;
        int64_t limit_yen;
        bool is_payer_other;
    } rows[] = {
        {"limit-low", "own-card", 10000, false},
        {"limit-middle", "others-card", 30000, true},
        {"limit-high", "own-card", 50000, false},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct kiosk_world world;
        come_to_offer(&world);
        assert_shown(&world, "consent", TEXT);
        kiosk_world_press(&world, "yes");
        kiosk_world_await(&world, SUGU_KIOSK_LIMIT);
        assert_shown(&world, "limit-low", "Up to ¥10,000 a visit");
        kiosk_world_press(&world, rows[i].limit);
        kiosk_world_await(&world, SUGU_KIOSK_PAYER);
        kiosk_world_press(&world, rows[i].owner);
        kiosk_world_await(&world, SUGU_KIOSK_CARD_STORED);
        ck_assert_int_eq(world.kind, SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER);
        ck_assert_int_eq(world.asked_yen, 0);
        ck_assert_int_eq(world.limit_yen, rows[i].limit_yen);
        ck_assert_int_eq(world.is_payer_other, rows[i].is_payer_other);
        kiosk_world_done(&world);
    }
}
END_TEST

START_TEST(a_card_that_is_declined_or_left_is_not_stored)
{
    struct kiosk_world world;

    come_to_offer(&world);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED;
    world.attempt_code = "payment.declined";
    kiosk_world_press(&world, "yes");
    kiosk_world_press(&world, "limit-low");
    kiosk_world_press(&world, "own-card");
    kiosk_world_await(&world, SUGU_KIOSK_CARD_NOT_STORED);
    ck_assert_str_eq(world.session->facts.person.notice, "payment.declined");
    kiosk_world_done(&world);

    come_to_offer(&world);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_SENT;
    kiosk_world_press(&world, "yes");
    kiosk_world_press(&world, "limit-low");
    kiosk_world_press(&world, "own-card");
    kiosk_world_await(&world, SUGU_KIOSK_REGISTERING);
    kiosk_world_press(&world, "cancel");
    kiosk_world_await(&world, SUGU_KIOSK_CARD_NOT_STORED);
    while (world.aborted == 0)
        g_main_context_iteration(NULL, TRUE);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_consent_that_is_refused_asks_for_no_card)
{
    struct kiosk_world world;

    come_to_offer(&world);
    world.consent_code = "later.no-consent";
    kiosk_world_press(&world, "yes");
    kiosk_world_press(&world, "limit-low");
    kiosk_world_press(&world, "own-card");
    kiosk_world_await(&world, SUGU_KIOSK_CARD_NOT_STORED);
    ck_assert_uint_eq(world.started, 1); /* the payment of the bill */
    kiosk_world_done(&world);
}
END_TEST

START_TEST(where_nothing_is_offered_or_a_card_pays_already_nobody_is_asked)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_PAID);
    ck_assert(!is_enabled(&world, "store-card"));
    kiosk_world_done(&world);

    kiosk_world_init(&world);
    world.consent_text = TEXT;
    world.card_state = SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE;
    world.card = world.visit;
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_PAID);
    ck_assert(!is_enabled(&world, "store-card"));
    assert_shown(&world, "card-label", "Stored card VISA ••••\u00a04242");
    kiosk_world_done(&world);
}
END_TEST

/* Up to the page behind the ticket. */
static void
check_in_with_card(struct kiosk_world *world, Sugu__CardOnFileState state, const char *code)
{
    kiosk_world_init(world);
    world->card_state = state;
    world->card_code = code;
    world->card = world->presence = sugu_id_new(sugu_clock_system(), sugu_random_system());
    kiosk_world_put_card(world);
    kiosk_world_enter(world, "4821");
    kiosk_world_await(world, SUGU_KIOSK_CONFIRM);
    kiosk_world_press(world, "yes");
    kiosk_world_await(world, SUGU_KIOSK_TICKET);
    kiosk_world_press(world, "done");
}

START_TEST(behind_the_ticket_one_reads_what_the_card_does_today)
{
    static const struct {
        Sugu__CardOnFileState state;
        const char *code, *text;
        bool can_use;
    } rows[] = {
        {SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE, "",
         "Today's bill will be charged to VISA ••••\u00a04242. You may leave without stopping to "
         "pay.",
         true},
        {SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE, "later.unpaid-bill",
         "Paying later is not possible this time. Please pay before you leave.", false},
        {SUGU__CARD_ON_FILE_STATE__ON_FILE_SUSPENDED, "later.suspended",
         "Paying later is not possible this time. Please pay before you leave.", false},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct kiosk_world world;
        gboolean can_use;
        check_in_with_card(&world, rows[i].state, rows[i].code);
        kiosk_world_await(&world, SUGU_KIOSK_MY_CARD);
        assert_shown(&world, "card-text", rows[i].text);
        g_object_get(world.model, "can-use", &can_use, NULL);
        ck_assert_int_eq(can_use, rows[i].can_use);
        kiosk_world_press(&world, "done");
        kiosk_world_await(&world, SUGU_KIOSK_TAKE_CARD);
        kiosk_world_done(&world);
    }
}
END_TEST

START_TEST(without_a_card_the_ticket_is_the_last_page)
{
    struct kiosk_world world;

    check_in_with_card(&world, SUGU__CARD_ON_FILE_STATE__ON_FILE_NONE, "");
    kiosk_world_await(&world, SUGU_KIOSK_TAKE_CARD);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(one_may_pay_oneself_today_and_change_ones_mind)
{
    struct kiosk_world world;
    const struct kiosk_stored_card *card = NULL;

    check_in_with_card(&world, SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE, "");
    kiosk_world_await(&world, SUGU_KIOSK_MY_CARD);
    card = &world.session->facts.person.card;
    assert_shown(&world, "card-use", "Today I pay myself");
    kiosk_world_press(&world, "use-card");
    while (strcmp(card->code, "later.not-this-time") != 0)
        g_main_context_iteration(NULL, TRUE);
    assert_shown(&world, "card-text", "Today you pay the bill yourself, before you leave.");
    kiosk_world_press(&world, "use-card");
    while (card->code[0])
        g_main_context_iteration(NULL, TRUE);
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_MY_CARD);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_card_is_forgotten_after_a_second_question_only)
{
    struct kiosk_world world;

    check_in_with_card(&world, SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE, "");
    kiosk_world_await(&world, SUGU_KIOSK_MY_CARD);
    kiosk_world_press(&world, "end-card");
    kiosk_world_await(&world, SUGU_KIOSK_CARD_END);
    kiosk_world_press(&world, "no");
    kiosk_world_await(&world, SUGU_KIOSK_MY_CARD);
    ck_assert_int_eq(world.card_state, SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE);
    kiosk_world_press(&world, "end-card");
    kiosk_world_await(&world, SUGU_KIOSK_CARD_END);
    kiosk_world_press(&world, "yes");
    while (world.session->facts.person.card.state != KIOSK_CARD_IS_ENDED)
        g_main_context_iteration(NULL, TRUE);
    assert_shown(&world, "card-text", "Your card is no longer stored.");
    assert_shown(&world, "card-label", "");
    kiosk_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN("kiosk-card",
               a_card_is_stored_with_a_consent_a_limit_and_the_terminal,
               a_card_that_is_declined_or_left_is_not_stored,
               a_consent_that_is_refused_asks_for_no_card,
               where_nothing_is_offered_or_a_card_pays_already_nobody_is_asked,
               behind_the_ticket_one_reads_what_the_card_does_today,
               without_a_card_the_ticket_is_the_last_page,
               one_may_pay_oneself_today_and_change_ones_mind,
               a_card_is_forgotten_after_a_second_question_only)
