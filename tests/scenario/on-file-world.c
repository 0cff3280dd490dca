/* SPDX-License-Identifier: Apache-2.0 */
/*
 * on-file-world - a bill's money with a card on file: the test is also the program that charges it
 */
#include "scenario/on-file-world.h"

#include "domain/date.h"
#include "domain/era.h"

#include "testlib/checks.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DAY_S (24 * 60 * 60)

/* ---- the house */

void
cards_set(struct cards *cards, const char *const *words)
{
    sugu_hospital_admin(&cards->till.day.hospital, 0, NULL, words);
}

void
cards_new_text(struct cards *cards)
{
    char texts[2][300];

    snprintf(texts[0], sizeof texts[0], "ja=%s/assets/consent/ja.txt", SUGU_SOURCE_ROOT);
    snprintf(texts[1], sizeof texts[1], "en=%s/assets/consent/en.txt", SUGU_SOURCE_ROOT);
    CARDS_SET(cards, "consent-text", texts[0], texts[1]);
    cards->version++;
}

static void
set_clock(struct cards *cards, int64_t passed_s)
{
    int64_t hands[2] = {0, passed_s};

    ck_assert_int_eq(pwrite(cards->clock, hands, sizeof hands, 0), sizeof hands);
}

static void
start_again(struct cards *cards)
{
    sugu_hospital_kill_server(&cards->till.day.hospital);
    sugu_hospital_start_server(&cards->till.day.hospital, NULL);
}

static void
use_clock(struct cards *cards)
{
    struct sugu_hospital *hospital = &cards->till.day.hospital;
    char path[200];

    snprintf(path, sizeof path, "%s/clock", hospital->folder);
    cards->clock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_ge(cards->clock, 0);
    set_clock(cards, 0);
    snprintf(cards->preload, sizeof cards->preload, "LD_PRELOAD=%s", LATER);
    snprintf(cards->hands, sizeof cards->hands, "SUGU_LATER_FILE=%s", path);
    cards->environment[0] = cards->preload;
    cards->environment[1] = cards->hands;
    hospital->server_environment = cards->environment;
    start_again(cards);
}

void
cards_days_pass(struct cards *cards, int64_t days)
{
    int64_t hands[2];

    ck_assert_int_eq(pread(cards->clock, hands, sizeof hands, 0), sizeof hands);
    set_clock(cards, hands[1] + days * DAY_S);
    start_again(cards);
    till_sign_in(&cards->till);
}

/* The person has an appointment on the day that it is for the server. */
void
cards_book(struct cards *cards)
{
    const struct sugu_clock *clock = sugu_clock_system();
    struct sugu_day_rule rule = {.offset_minutes = SUGU_JAPAN_OFFSET_MINUTES};
    int64_t hands[2];
    uint32_t day;
    char text[SUGU_DATE_TEXT_SIZE];

    ck_assert_int_eq(pread(cards->clock, hands, sizeof hands, 0), sizeof hands);
    rule.cutoff_minutes =
        (int)sugu_facts_number(&cards->till.facts, "SELECT cutoff_min FROM facility");
    ck_assert(sugu_business_day(&rule, clock->utc_us(clock) + hands[1] * SUGU_SECOND, &day));
    ck_assert(sugu_date_text_iso(day, text));
    CARDS_SET(cards, "appointment", "0002", "eye", "09:00", text);
}

static void
init(struct cards *cards, const char *hold, bool is_keeper)
{
    struct sugu_hospital *hospital = &cards->till.day.hospital;

    memset(cards, 0, sizeof *cards);
    till_init(&cards->till);
    use_clock(cards);
    if (is_keeper)
        sugu_test_client_init(&cards->keeper, hospital, "cards", "payment", "cards");
    else
        sugu_hospital_add_client(hospital, "cards", "payment", "cards");
    cards_new_text(cards);
    CARDS_SET(cards, "on-file", "cards", "20000", hold, "7");
    sugu_day_open_session(&cards->till.day);
}

void
cards_init(struct cards *cards, const char *hold)
{
    init(cards, hold, /* is_keeper= */ true);
}

void
cards_init_without_keeper(struct cards *cards, const char *hold)
{
    init(cards, hold, /* is_keeper= */ false);
}

void
cards_init_held(struct cards *cards, int64_t hold_yen)
{
    char hold[21];

    snprintf(hold, sizeof hold, "%" PRId64, hold_yen);
    cards_init(cards, hold);
    cards_have_card(cards);
    cards_check_in(cards, "B-001");
    cards_hears(cards, SUGU__ATTEMPT_KIND__ATTEMPT_HOLD, hold_yen);
    cards_approve(cards, hold_yen);
}

void
cards_done(struct cards *cards)
{
    close(cards->clock);
    if (cards->keeper.client)
        sugu_test_client_done(&cards->keeper);
    till_done(&cards->till);
}

/* ---- the person at the kiosk */

static Sugu__Reply *
ask_kiosk(struct cards *cards, Sugu__Request__BodyCase body_case, void *body)
{
    return sugu_test_client_call(&cards->till.day.kiosk, body_case, body, NULL);
}

void
cards_come(struct cards *cards)
{
    struct sugu_day *day = &cards->till.day;
    Sugu__Reply *reply;

    day->session = sugu_test_id();
    reply = sugu_day_send_open(day, 1123);
    ck_assert_str_eq(reply->code, "");
    sugu__reply__free_unpacked(reply, NULL);
}

void
cards_session_says(struct cards *cards, Sugu__CardOnFileState state, const char *code)
{
    struct sugu_day *day = &cards->till.day;
    Sugu__CardOnFile *card;
    Sugu__Reply *reply;

    day->session = sugu_test_id();
    reply = sugu_day_send_open(day, 1123);
    ck_assert_str_eq(reply->code, "");
    card = reply->session_opened->card_on_file;
    ck_assert((card != NULL) == (state != SUGU__CARD_ON_FILE_STATE__ON_FILE_NONE));
    if (card) {
        ck_assert_int_eq(card->state, state);
        ck_assert_str_eq(card->code, code);
    }
    sugu__reply__free_unpacked(reply, NULL);
}

static void
read_text(struct cards *cards, const char *language, uint8_t hash[32])
{
    Sugu__GetConsentText get = SUGU__GET_CONSENT_TEXT__INIT;
    Sugu__Reply *reply;

    get.session = sugu_id_field(&cards->till.day.session);
    get.language = (char *)language;
    reply = ask_kiosk(cards, SUGU__REQUEST__BODY_GET_CONSENT_TEXT, &get);
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->consent_text->version, cards->version);
    ck_assert_int_eq(reply->consent_text->ceiling_yen_max, 20000);
    ck_assert_str_eq(reply->consent_text->language, language);
    ck_assert_uint_gt(strlen(reply->consent_text->text), 500);
    memcpy(hash, reply->consent_text->hash.data, 32);
    sugu__reply__free_unpacked(reply, NULL);
}

static void
give_consent(struct cards *cards, int64_t ceiling, Sugu__CardOnFileState state, const char *code)
{
    Sugu__GiveConsent give = SUGU__GIVE_CONSENT__INIT;
    uint8_t hash[32];
    Sugu__Reply *reply;

    read_text(cards, "en", hash);
    give.card = sugu_id_field(&cards->card);
    give.session = sugu_id_field(&cards->till.day.session);
    give.version = cards->version;
    give.hash = (ProtobufCBinaryData){sizeof hash, hash};
    give.language = (char *)"ja"; /* which was not read */
    give.ceiling_yen = ceiling;
    sugu_day_expect_code(ask_kiosk(cards, SUGU__REQUEST__BODY_GIVE_CONSENT, &give),
                         "later.no-consent");
    give.language = (char *)"en";
    reply = ask_kiosk(cards, SUGU__REQUEST__BODY_GIVE_CONSENT, &give);
    ck_assert_str_eq(reply->code, code);
    if (!*code) {
        ck_assert_int_eq(reply->card_on_file->state, state);
        ck_assert_int_eq(reply->card_on_file->ceiling_yen, ceiling);
    }
    sugu__reply__free_unpacked(reply, NULL);
}

void
cards_consent(struct cards *cards, int64_t ceiling, const char *code)
{
    cards->card = sugu_test_id();
    give_consent(cards, ceiling, SUGU__CARD_ON_FILE_STATE__ON_FILE_WAITING, code);
}

void
cards_consent_again(struct cards *cards)
{
    give_consent(cards, CARDS_CEILING, SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE, "");
}

void
cards_begin_register(struct cards *cards)
{
    struct sugu_day *day = &cards->till.day;
    Sugu__BeginPayment begin = SUGU__BEGIN_PAYMENT__INIT;
    Sugu__Reply *reply;

    begin.attempt = sugu_id_field(&cards->card);
    begin.session = sugu_id_field(&day->session);
    begin.revision = 3; /* of no bill: it does not matter */
    begin.kind = SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER;
    begin.method = CARD;
    reply = sugu_test_client_call(&day->payment, SUGU__REQUEST__BODY_BEGIN_PAYMENT, &begin, NULL);
    ck_assert_str_eq(reply->code, "");
    snprintf(cards->payer, sizeof cards->payer, "%s", reply->payment_begun->reference);
    sugu__reply__free_unpacked(reply, NULL);
}

void
cards_end_register(struct cards *cards, Sugu__CardFunding funding, uint32_t expiry)
{
    struct sugu_day *day = &cards->till.day;
    Sugu__EndPayment end = SUGU__END_PAYMENT__INIT;
    char provider_id[SUGU_ID_TEXT_SIZE];

    end.attempt = sugu_id_field(&cards->card);
    end.state = SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    end.provider_id = (char *)sugu_id_to_text(&cards->card, provider_id);
    end.terminal = (char *)"terminal-1";
    end.token = (char *)"tok-1";
    end.brand = (char *)"visa";
    end.last4 = (char *)"4242";
    end.expiry = expiry;
    end.funding = funding;
    sugu_day_expect_code(
        sugu_test_client_call(&day->payment, SUGU__REQUEST__BODY_END_PAYMENT, &end, NULL), "");
}

void
cards_register(struct cards *cards, Sugu__CardFunding funding, uint32_t expiry)
{
    cards_begin_register(cards);
    cards_end_register(cards, funding, expiry);
}

void
cards_use(struct cards *cards, bool is_used, bool ends, const char *code, const char *card_code)
{
    Sugu__UseCardOnFile use = SUGU__USE_CARD_ON_FILE__INIT;
    Sugu__Reply *reply;

    use.session = sugu_id_field(&cards->till.day.session);
    use.card = sugu_id_field(&cards->card);
    use.is_used = is_used;
    use.ends = ends;
    reply = ask_kiosk(cards, SUGU__REQUEST__BODY_USE_CARD_ON_FILE, &use);
    ck_assert_str_eq(reply->code, code);
    if (!*code)
        ck_assert_str_eq(reply->card_on_file->code, card_code);
    sugu__reply__free_unpacked(reply, NULL);
}

void
cards_have_card(struct cards *cards)
{
    cards_consent(cards, CARDS_CEILING, "");
    cards_register(cards, SUGU__CARD_FUNDING__FUNDING_CREDIT, 203012);
    cards_hears(cards, SUGU__ATTEMPT_KIND__ATTEMPT_HOLD, 0);
    cards_approve(cards, 0);
}

void
cards_check_in(struct cards *cards, const char *number)
{
    struct sugu_day *day = &cards->till.day;

    sugu_day_verify_insurance(day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_day_check_in(day, number);
    sugu_day_close(day, SUGU__VISIT_STATE__VISIT_ARRIVED);
}

void
cards_announce(struct cards *cards, uint32_t version, int64_t yen)
{
    if (version == 1)
        sugu_day_pass_stage(&cards->till.day);
    sugu_day_record_acts(&cards->till.day, "111000110");
    till_announce(&cards->till, version, yen);
}

/* ---- the keeper */

static void
take(struct cards *cards, const Sugu__PaymentOrder *order)
{
    Sugu__BeginPayment begin = SUGU__BEGIN_PAYMENT__INIT;

    cards->attempt = sugu_id_of(&order->attempt);
    begin.attempt = order->attempt;
    begin.bill = order->bill;
    begin.revision = order->revision;
    begin.kind = order->kind;
    begin.method = order->method;
    begin.amount_yen = order->amount_yen;
    sugu_day_expect_code(
        sugu_test_client_call(&cards->keeper, SUGU__REQUEST__BODY_BEGIN_PAYMENT, &begin, NULL), "");
}

/* The server looks for bills of cards every ten seconds. */
static const Sugu__PaymentOrder *
wait_order(struct cards *cards)
{
    for (int i = 0; i < 60; i++) {
        for (; cards->keeper_from < cards->keeper.event_count; cards->keeper_from++) {
            const Sugu__Event *event = cards->keeper.events[cards->keeper_from];
            if (event->body_case == SUGU__EVENT__BODY_PAYMENT_ORDERED) {
                cards->keeper_from++;
                return event->payment_ordered;
            }
        }
        sugu_test_client_run(&cards->keeper, 500 * SUGU_MS);
    }
    ck_abort_msg("no order came");
}

const Sugu__PaymentOrder *
cards_hears(struct cards *cards, Sugu__AttemptKind kind, int64_t yen)
{
    const Sugu__PaymentOrder *order = wait_order(cards);

    ck_assert_int_eq(order->kind, kind);
    ck_assert_int_eq(order->amount_yen, yen);
    ck_assert_int_eq(order->method, SUGU__PAYMENT_METHOD__METHOD_ON_FILE);
    if (kind != SUGU__ATTEMPT_KIND__ATTEMPT_REFUND) {
        ck_assert_str_eq(order->token, "tok-1");
        ck_assert_str_eq(order->payer, cards->payer);
    }
    take(cards, order);
    return order;
}

void
cards_hears_nothing(struct cards *cards)
{
    sugu_test_client_run(&cards->keeper, 300 * SUGU_MS);
    for (size_t i = cards->keeper_from; i < cards->keeper.event_count; i++)
        ck_assert_int_ne(cards->keeper.events[i]->body_case, SUGU__EVENT__BODY_PAYMENT_ORDERED);
}

void
cards_end(struct cards *cards, Sugu__AttemptState state, Sugu__Decline decline, int64_t yen)
{
    Sugu__EndPayment end = SUGU__END_PAYMENT__INIT;
    char provider_id[SUGU_ID_TEXT_SIZE];

    end.attempt = sugu_id_field(&cards->attempt);
    end.state = state;
    end.decline = decline;
    end.approved_yen = yen;
    end.code = (char *)(state == SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED ? "payment.declined" : "");
    end.provider_id = (char *)sugu_id_to_text(&cards->attempt, provider_id);
    end.terminal = (char *)"checkout";
    end.brand = (char *)"visa";
    end.last4 = (char *)"4242";
    end.network_id = (char *)"net-1";
    end.paid_utc_us = 1700000000000000;
    sugu_day_expect_code(
        sugu_test_client_call(&cards->keeper, SUGU__REQUEST__BODY_END_PAYMENT, &end, NULL), "");
}

void
cards_approve(struct cards *cards, int64_t yen)
{
    cards_end(cards, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, SUGU__DECLINE__NOT_DECLINED, yen);
}

void
cards_decline(struct cards *cards, Sugu__Decline decline)
{
    cards_end(cards, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, decline, 0);
}

void
cards_open_work_is(struct cards *cards, size_t attempts, size_t orders)
{
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;
    Sugu__Reply *reply =
        sugu_test_client_call(&cards->keeper, SUGU__REQUEST__BODY_GET_OPEN_WORK, &get, NULL);
    size_t found = 0;

    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->open_work->n_payments, attempts);
    for (size_t i = 0; i < attempts; i++)
        found += reply->open_work->payments[i]->order != NULL;
    ck_assert_uint_eq(found, orders);
    sugu__reply__free_unpacked(reply, NULL);
}

/* ---- what stands in the books */

void
cards_visit_is(struct cards *cards, Sugu__VisitState state)
{
    Sugu__FindVisit find = SUGU__FIND_VISIT__INIT;
    Sugu__Reply *reply;

    find.number = cards->till.day.number;
    reply = ward_call_as(&cards->till.day.desk, &cards->till.clerk, SUGU__REQUEST__BODY_FIND_VISIT,
                         &find);
    ck_assert_str_eq(reply->code, "");
    ck_assert_int_eq(reply->visit_found->ticket->state, state);
    sugu__reply__free_unpacked(reply, NULL);
}

void
cards_bill_says(struct cards *cards, const char *on_file_code)
{
    Sugu__GetBill get = SUGU__GET_BILL__INIT;
    Sugu__Reply *reply;

    get.session = sugu_id_field(&cards->till.day.session);
    get.bill = sugu_id_field(&cards->till.day.bill);
    reply = ask_kiosk(cards, SUGU__REQUEST__BODY_GET_BILL, &get);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->bill->on_file_code, on_file_code);
    sugu__reply__free_unpacked(reply, NULL);
}
