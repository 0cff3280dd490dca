/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-fixture - pages of the kiosk with the data of an invented patient
 */
#include "kiosk-fixture.h"

#include "flow.h"
#include "languages.h"

#include "base/text.h"

#include "testlib/checks.h"

#include <string.h>

#define PX_PER_MM_X100 403 /* 21.5" Full HD */
#define STAGES         8   /* a long day */

void
kiosk_fixture_start(void)
{
    GtkSettings *settings;

    gtk_disable_setlocale();
    kiosk_languages_start(g_getenv("SUGU_TEST_LOCALE"));
    gtk_init();
    settings = gtk_settings_get_default();
    g_object_set(settings, "gtk-enable-animations", FALSE, "gtk-theme-name", "Default", NULL);
    kiosk_flow_start();
}

static void
on_action(GSimpleAction *action, GVariant *parameter, void *user)
{
    struct kiosk_fixture *fixture = user;

    (void)parameter;
    for (unsigned event = 0; event < SUGU_KIOSK_EVENT_COUNT; event++) {
        char name[32];
        if (strcmp(kiosk_flow_action(name, (enum sugu_kiosk_event)event),
                   g_action_get_name(G_ACTION(action))) == 0)
            fixture->activated[event]++;
    }
}

static void
add_actions(struct kiosk_fixture *fixture)
{
    fixture->actions = g_simple_action_group_new();
    for (unsigned event = 0; event < SUGU_KIOSK_EVENT_COUNT; event++) {
        char name[32];
        GSimpleAction *action =
            g_simple_action_new(kiosk_flow_action(name, (enum sugu_kiosk_event)event), NULL);
        g_signal_connect(action, "activate", G_CALLBACK(on_action), fixture);
        g_action_map_add_action(G_ACTION_MAP(fixture->actions), G_ACTION(action));
        g_object_unref(action);
    }
}

static void
enable_actions(struct kiosk_fixture *fixture)
{
    for (unsigned event = 0; event < SUGU_KIOSK_EVENT_COUNT; event++) {
        char name[32];
        GAction *action = g_action_map_lookup_action(
            G_ACTION_MAP(fixture->actions), kiosk_flow_action(name, (enum sugu_kiosk_event)event));
        g_simple_action_set_enabled(
            G_SIMPLE_ACTION(action),
            sugu_kiosk_flow_allows(&fixture->flow, (enum sugu_kiosk_event)event));
    }
}

static void
on_shown(KioskWindow *window, const char *page, struct kiosk_fixture *fixture)
{
    (void)window;
    (void)page;
    fixture->is_painted = true;
}

static void
on_language(KioskModel *model, GParamSpec *spec, struct kiosk_fixture *fixture)
{
    (void)spec;
    kiosk_model_show(model, &fixture->facts, &fixture->flow, 20);
}

void
kiosk_fixture_init(struct kiosk_fixture *fixture, int width, int height)
{
    struct sugu_error error;

    *fixture = (struct kiosk_fixture){.window = NULL};
    sugu_assert_ok(kiosk_secret_new(&fixture->secret, &error), error);
    fixture->model = kiosk_model_new(fixture->secret);
    g_signal_connect(fixture->model, "notify::language", G_CALLBACK(on_language), fixture);
    kiosk_model_reset_view(fixture->model, "ja");
    kiosk_style_init(&fixture->style, gdk_display_get_default(), PX_PER_MM_X100);
    add_actions(fixture);
    kiosk_fixture_fill(&fixture->facts, SUGU_KIOSK_WELCOME);
    kiosk_model_show(fixture->model, &fixture->facts, &fixture->flow, 20);
    fixture->window = kiosk_window_new(fixture->model, &fixture->style,
                                       G_ACTION_GROUP(fixture->actions), width, height);
    g_signal_connect(fixture->window, "shown", G_CALLBACK(on_shown), fixture);
    gtk_window_present(GTK_WINDOW(fixture->window));
    kiosk_fixture_await_paint(fixture);
}

void
kiosk_fixture_await_paint(struct kiosk_fixture *fixture)
{
    int64_t deadline = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;

    gtk_widget_queue_draw(GTK_WIDGET(fixture->window));
    while (!fixture->is_painted) {
        ck_assert_msg(g_get_monotonic_time() < deadline, "nothing was painted in 10 s");
        g_main_context_iteration(NULL, TRUE);
    }
    while (g_main_context_pending(NULL))
        g_main_context_iteration(NULL, FALSE);
}

static void
fill_old_bills(struct kiosk_person *person)
{
    person->old_count = 3;
    for (unsigned i = 0; i < person->old_count; i++) {
        struct kiosk_old_bill *bill = &person->old_bills[i];
        bill->visit_date = 20250601 + i;
        bill->due_yen = 3240 + 1000 * i;
        bill->is_at_counter = i == 1;
        sugu_text_copy(bill->department_name, sizeof bill->department_name, "消化器・肝臓内科");
    }
}

/* Everything that may stand on the page beside what always does, and all at once. */
static void
fill_more(struct kiosk_facts *facts, enum sugu_kiosk_state state)
{
    struct kiosk_person *person = &facts->person;

    if (sugu_kiosk_kind_of(state) == SUGU_KIOSK_REST)
        return;
    fill_old_bills(person);
    person->notice[0] = '\0';
    person->bill.is_deposit = true;
    person->bill.ask_yen = 5000;
    facts->place.ways = (1U << KIOSK_WAY_COUNT) - 1;
    if (state == SUGU_KIOSK_CASH) {
        sugu_text_copy(person->cash.code, sizeof person->cash.code, "cash.no-change");
        return;
    }
    person->cash.code[0] = '\0';
    person->consent.version = 3; /* it is offered where no card is stored */
    if (state == SUGU_KIOSK_ALREADY_PAID)
        person->bill.refund_due_yen = 1250, person->bill.refund_place = 1 /* the card */;
    if (state < SUGU_KIOSK_PAY_TROUBLE || state == SUGU_KIOSK_HELD || state > SUGU_KIOSK_PAID)
        return;
    person->cash = (struct kiosk_cash){.stage = KIOSK_CASH_IS_DONE,
                                       .in_yen = 20000,
                                       .out_yen = 9000,
                                       .owed_yen = state == SUGU_KIOSK_PAY_TROUBLE ? 0 : 940,
                                       .is_paid = state > SUGU_KIOSK_CASH_OWED};
}

void
kiosk_fixture_show(struct kiosk_fixture *fixture, enum sugu_kiosk_state state)
{
    fixture->flow = (struct sugu_kiosk_flow){state, state};
    if (state == SUGU_KIOSK_STILL_THERE)
        fixture->flow.resume = SUGU_KIOSK_BILL;
    kiosk_fixture_fill(&fixture->facts, state);
    if (fixture->has_more)
        fill_more(&fixture->facts, state);
    if (fixture->message)
        sugu_text_copy(fixture->facts.place.message, sizeof fixture->facts.place.message,
                       fixture->message);
    enable_actions(fixture);
    kiosk_model_show(fixture->model, &fixture->facts, &fixture->flow, 20);
    fixture->is_painted = false;
    kiosk_model_change_page(fixture->model, state);
    kiosk_fixture_await_paint(fixture);
}

void
kiosk_fixture_done(struct kiosk_fixture *fixture)
{
    g_signal_handlers_disconnect_by_data(fixture->model, fixture);
    gtk_window_set_focus(GTK_WINDOW(fixture->window), NULL);
    g_object_ref(fixture->window);
    gtk_window_destroy(GTK_WINDOW(fixture->window));
    while (g_main_context_pending(NULL))
        g_main_context_iteration(NULL, FALSE);
    g_assert_finalize_object(fixture->window);
    g_assert_finalize_object(fixture->actions);
    g_assert_finalize_object(fixture->model);
    kiosk_style_done(&fixture->style, gdk_display_get_default());
    kiosk_secret_free(fixture->secret);
}

/* ---------------------------------------------------------------- the invented patient */

static void
fill_bill(struct kiosk_bill *bill)
{
    static const struct kiosk_category categories[] = {
        {"A00", 291, 0}, {"B00", 225, 0}, {"D00", 1284, 0}, {"E00", 210, 0},
        {"F00", 68, 0},  {"G00", 122, 0}, {"J00", 52, 0},   {"SELF", 0, 3300},
    };

    memset(&bill->bill, 7, sizeof bill->bill);
    bill->revision = 1;
    bill->ratio_percent = 30;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(categories); i++) {
        bill->categories[i] = categories[i];
        bill->points += (uint32_t)categories[i].points;
    }
    bill->category_count = SUGU_ARRAY_SIZE(categories);
    bill->copay_yen = 6760;
    bill->self_pay_yen = 3300;
    bill->ask_yen = bill->due_yen = bill->total_yen = 10060;
}

static void
fill_ticket(struct kiosk_ticket *ticket)
{
    memset(&ticket->visit, 3, sizeof ticket->visit);
    memset(&ticket->token, 0x5a, sizeof ticket->token);
    sugu_text_copy(ticket->number, sizeof ticket->number, "A-042");
    sugu_text_copy(ticket->department_name, sizeof ticket->department_name, "内科・循環器内科");
    ticket->before_you = 12;
    ticket->is_waiting = true;
    ticket->low_min = 40;
    ticket->high_min = 110;
    ticket->stage_count = STAGES;
    for (unsigned i = 0; i < STAGES; i++)
        sugu_text_copy(ticket->stages[i].department_name, sizeof ticket->stages[i].department_name,
                       i % 2 ? "消化器・肝臓内科" : "中央採血室");
}

static void
fill_person(struct kiosk_person *person)
{
    static const struct kiosk_appointment appointments[] = {{"内科・循環器内科", 9 * 60 + 30},
                                                            {"放射線科", 10 * 60 + 15}};

    sugu_text_copy(person->name, sizeof person->name, "長谷川　健太郎");
    person->birth_date = 19550401;
    memcpy(person->appointments, appointments, sizeof appointments);
    person->appointment_count = SUGU_ARRAY_SIZE(appointments);
    person->is_eligible = true;
    person->is_eligibility_changed = true;
    person->ratio_percent = 30;
    fill_ticket(&person->ticket);
    fill_bill(&person->bill);
}

static void
fill_cash(struct kiosk_cash *cash, enum sugu_kiosk_state state)
{
    static const int64_t units[] = {1, 5, 10, 50, 100, 500, 1000, 2000, 5000, 10000};

    cash->stage = state == SUGU_KIOSK_CASH ? KIOSK_CASH_IS_TAKING : KIOSK_CASH_IS_GIVING;
    cash->in_yen = state == SUGU_KIOSK_CASH ? 6500 : 20000;
    memcpy(cash->units, units, sizeof units);
    cash->unit_count = SUGU_ARRAY_SIZE(units);
}

static void
fill_offer(struct kiosk_offer *offer)
{
    sugu_text_copy(offer->payload, sizeof offer->payload,
                   "https://qr.paypay.example/28180104NCjAuNMxFm4iCBpT");
    sugu_text_copy(offer->brand, sizeof offer->brand, "PayPay");
    offer->left_s = 287;
}

/* A stored card, and the text that its owner agrees to. */
static void
fill_card(struct kiosk_person *person)
{
    static const int64_t limits[] = {10000, 30000, 50000};

    person->card.state = KIOSK_CARD_IS_ACTIVE;
    sugu_text_copy(person->card.brand, sizeof person->card.brand, "MASTERCARD");
    sugu_text_copy(person->card.last4, sizeof person->card.last4, "4242");
    person->consent.version = 3;
    memcpy(person->consent.limits_yen, limits, sizeof limits);
    person->consent.limit_yen = limits[1];
    for (unsigned i = 0; i < 12; i++)
        g_strlcat(person->consent.text,
                  "第一条　お支払いは、診療の後に、登録されたカードから引き落とします。一回の受診に"
                  "つき、お選びいただいた金額を超えることはありません。\n",
                  sizeof person->consent.text);
}

/* The code whose text a page has to find room for: the longest that can come there. */
static const char *
notice_of(enum sugu_kiosk_state state)
{
    static const char *const notices[SUGU_KIOSK_STATE_COUNT] = {
        [SUGU_KIOSK_NO_CARD] = "reader.away",
        [SUGU_KIOSK_CARD_TROUBLE] = "card.not-known",
        [SUGU_KIOSK_CARD_BACK] = "card.taken",
        [SUGU_KIOSK_PIN] = "pin.wrong",
        [SUGU_KIOSK_BIRTHDAY] = "identity.birthday-wrong",
        [SUGU_KIOSK_BILL] = "bill.revised",
        [SUGU_KIOSK_PAY_TROUBLE] = "payment.declined",
        [SUGU_KIOSK_CARD_NOT_STORED] = "payment.declined",
    };

    return notices[state] ? notices[state] : "";
}

void
kiosk_fixture_fill(struct kiosk_facts *facts, enum sugu_kiosk_state state)
{
    struct kiosk_person *person = &facts->person;
    struct kiosk_place *place = &facts->place;

    *facts = (struct kiosk_facts){0};
    sugu_text_copy(place->facility_name, sizeof place->facility_name, "すぐ総合病院");
    sugu_text_copy(place->phone_page, sizeof place->phone_page, "https://sugu.example/v");
    place->has_reader = place->has_printer = place->has_server = true;
    place->ways = KIOSK_WAY_BIT(KIOSK_WAY_CARD);
    if (sugu_kiosk_kind_of(state) == SUGU_KIOSK_REST)
        return;
    fill_person(person);
    sugu_text_copy(person->notice, sizeof person->notice, notice_of(state));
    person->has_tries = state == SUGU_KIOSK_PIN;
    person->tries_left = 2;
    if (state == SUGU_KIOSK_TICKET || state == SUGU_KIOSK_TO_DESK || state == SUGU_KIOSK_NO_BILL)
        sugu_text_copy(person->paper_code, sizeof person->paper_code, "printer.failed");
    if (state == SUGU_KIOSK_TO_DESK) {
        person->ticket.is_to_desk = true;
        sugu_text_copy(person->ticket.reason, sizeof person->ticket.reason,
                       "eligibility.no-insurance");
    }
    if (state == SUGU_KIOSK_DESK_AWAY) {
        person->ticket = (struct kiosk_ticket){0};
        sugu_text_copy(person->reference, sizeof person->reference, "4821");
    }
    if (state == SUGU_KIOSK_CASH || state == SUGU_KIOSK_CASH_GIVING)
        fill_cash(&person->cash, state);
    if (state == SUGU_KIOSK_CODE)
        fill_offer(&person->offer);
    if (state == SUGU_KIOSK_OLD_BILLS)
        fill_old_bills(person);
    if (state == SUGU_KIOSK_CHOOSE_WAY)
        place->ways = (1U << KIOSK_WAY_COUNT) - 1;
    if (state >= SUGU_KIOSK_CONSENT && state <= SUGU_KIOSK_CARD_END)
        fill_card(person);
    person->is_staff_called = sugu_kiosk_kind_of(state) == SUGU_KIOSK_MONEY;
}
