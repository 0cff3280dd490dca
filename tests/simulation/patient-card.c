/* SPDX-License-Identifier: Apache-2.0 */
/*
 * patient-card - somebody reads the text, consents to it and has a card registered at the terminal
 */
#include "simulation/window-private.h"

#include "base/text.h"

#include <string.h>

#define DEADLINE_US  (10 * SUGU_SECOND)
#define PATIENCE_US  (90 * SUGU_SECOND)
#define READING_US   (20 * SUGU_SECOND)
#define LIMIT_YEN    5000
#define LIMIT_YEN_AT 60000 /* as in house.sql */

/* The text as it was read; the reply it came in does not stand. */
struct text {
    uint32_t version;
    uint8_t hash[32];
    char language[16];
};

static bool
read_text(struct window_state *window, struct text *ret_text)
{
    Sugu__GetConsentText get = SUGU__GET_CONSENT_TEXT__INIT;
    const Sugu__Reply *reply;

    get.session = sugu_id_field(&window->session);
    get.language = (char *)"ja";
    reply = window_ask(window, window->server, SUGU__REQUEST__BODY_GET_CONSENT_TEXT, &get, 0);
    if (reply->body_case != SUGU__REPLY__BODY_CONSENT_TEXT ||
        reply->consent_text->hash.len != sizeof ret_text->hash)
        return false;
    ret_text->version = reply->consent_text->version;
    memcpy(ret_text->hash, reply->consent_text->hash.data, sizeof ret_text->hash);
    sugu_text_copy(ret_text->language, sizeof ret_text->language, reply->consent_text->language);
    window_pump(window, sim_now() + sim_between(SUGU_SECOND, READING_US));
    return true;
}

static bool
consent(struct window_state *window, struct text *text, struct sugu_id *card)
{
    Sugu__GiveConsent give = SUGU__GIVE_CONSENT__INIT;

    give.card = sugu_id_field(card);
    give.session = sugu_id_field(&window->session);
    give.version = text->version;
    give.hash = (ProtobufCBinaryData){sizeof text->hash, text->hash};
    give.language = text->language;
    give.ceiling_yen = sim_between(LIMIT_YEN, LIMIT_YEN_AT);
    give.is_payer_other = sim_chance(10);
    return window_ask(window, window->server, SUGU__REQUEST__BODY_GIVE_CONSENT, &give, 0)->status ==
           SUGU__STATUS__OK;
}

/* Stands there until the terminal is done, asks for a stop, or walks away. */
static void
watch(struct window_state *window)
{
    const struct world_settings *settings = &window->kiosk->world->settings;
    int64_t until = sim_now() + PATIENCE_US;
    int64_t aborts =
        sim_happens(settings->aborts) ? sim_now() + sim_between(0, 20 * SUGU_SECOND) : INT64_MAX;

    if (sim_happens(settings->leaves))
        until = sim_now() + sim_between(0, 20 * SUGU_SECOND);
    while (sim_now() < until && window_is_paying(window)) {
        if (sim_now() >= aborts) {
            aborts = INT64_MAX;
            window_abort_payment(window);
        } else {
            window_pump(window, until < aborts ? until : aborts);
        }
    }
}

void
patient_register_card(struct window_state *window)
{
    Sugu__StartPayment start = SUGU__START_PAYMENT__INIT;
    struct sugu_id card = sugu_id_new(&window->kiosk->window.clock, sim_random());
    const Sugu__Reply *reply;
    struct text text;

    if (!read_text(window, &text) || !consent(window, &text, &card))
        return;
    start.session = sugu_id_field(&window->session);
    start.attempt = sugu_id_field(&card);
    start.method = SUGU__PAYMENT_METHOD__METHOD_CARD;
    start.kind = SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER;
    window->attempt = card;
    window->state = -1;
    window->is_final = false;
    reply =
        window_ask(window, window->payment, SUGU__REQUEST__BODY_START_PAYMENT, &start, DEADLINE_US);
    if (reply->body_case != SUGU__REPLY__BODY_PAYMENT_PROGRESS)
        return;
    window_take_progress(window, reply->payment_progress);
    watch(window);
    if (window->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED)
        sim_count(SIM_COUNT_cards_registered);
    sim_note("registered", window->state, window->is_final);
}
