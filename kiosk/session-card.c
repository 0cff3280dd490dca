/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-card - a stored card that pays later: consent, registration at the terminal, its end
 *
 * The kiosk never sees a number: the terminal gives a token to the payment program, which gives it
 * to the server.
 */
#include "session-private.h"

#include "base/log.h"
#include "base/text.h"

#include <string.h>

#define ASK_WAIT_US      (40 * SUGU_SECOND)
#define REGISTER_WAIT_US (10 * SUGU_SECOND) /* nobody may stand there any more */
#define LIMIT_STEP_YEN   1000

/* Sends a request to the server; false where it cannot be sent. */
static bool
ask(struct kiosk_session *session, Sugu__Request *request, bool is_read, sugu_on_reply on_reply)
{
    struct kiosk_ask *asked = kiosk_ask_new(session);
    struct sugu_error error;

    if (sugu_client_request(session->server.client, request,
                            &(struct sugu_ask){.is_read = is_read,
                                               .wait_us = is_read ? ASK_WAIT_US : 0,
                                               .on_reply = on_reply,
                                               .user = asked},
                            &error) == SUGU_OK)
        return true;
    sugu_log_error(SUGU_LOG_ERROR, "request.not-sent", &error);
    kiosk_ask_drop(asked);
    return false;
}

/* ---------------------------------------------------------------- the text */

/* Three limits to choose from: the most that the house allows, and less. */
static void
take_text(struct kiosk_consent *to, const Sugu__ConsentText *text)
{
    static const int64_t fifths[KIOSK_LIMIT_COUNT] = {1, 3, 5};

    if (text->hash.len != sizeof to->hash || strlen(text->text) >= sizeof to->text)
        return;
    to->version = text->version;
    memcpy(to->hash, text->hash.data, sizeof to->hash);
    sugu_text_copy(to->text, sizeof to->text, text->text);
    sugu_text_copy(to->language, sizeof to->language, text->language);
    for (unsigned i = 0; i < KIOSK_LIMIT_COUNT; i++) {
        int64_t limit = text->ceiling_yen_max * fifths[i] / fifths[KIOSK_LIMIT_HIGH];
        bool is_round = i < KIOSK_LIMIT_HIGH && limit > LIMIT_STEP_YEN;
        to->limits_yen[i] = is_round ? limit - limit % LIMIT_STEP_YEN : limit > 0 ? limit : 1;
    }
}

static void
on_text(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    if (!session || reply->body_case != SUGU__REPLY__BODY_CONSENT_TEXT)
        return;
    take_text(&session->facts.person.consent, reply->consent_text);
    kiosk_session_refresh(session);
}

void
kiosk_card_ask_text(struct kiosk_session *session)
{
    const struct kiosk_stored_card *card = &session->facts.person.card;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetConsentText get = SUGU__GET_CONSENT_TEXT__INIT;

    session->facts.person.consent = (struct kiosk_consent){.version = 0};
    if (card->state == KIOSK_CARD_IS_WAITING || card->state == KIOSK_CARD_IS_ACTIVE ||
        !(session->facts.place.ways & KIOSK_WAY_BIT(KIOSK_WAY_CARD)))
        return;
    get.session = sugu_id_field(&session->session);
    get.language = (char *)kiosk_model_language(session->model);
    request.body_case = SUGU__REQUEST__BODY_GET_CONSENT_TEXT;
    request.get_consent_text = &get;
    ask(session, &request, /* is_read= */ true, on_text);
}

/* ---------------------------------------------------------------- consent and card */

void
kiosk_card_set_limit(struct kiosk_session *session, enum sugu_kiosk_event event)
{
    struct kiosk_consent *consent = &session->facts.person.consent;
    enum kiosk_limit limit = event == SUGU_KIOSK_ON_LIMIT_LOW      ? KIOSK_LIMIT_LOW
                             : event == SUGU_KIOSK_ON_LIMIT_MIDDLE ? KIOSK_LIMIT_MIDDLE
                                                                   : KIOSK_LIMIT_HIGH;

    consent->limit_yen = consent->limits_yen[limit];
}

static void
on_consent(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    if (!session)
        return;
    if (reply->status == SUGU__STATUS__OK)
        kiosk_session_event(session, SUGU_KIOSK_ON_CONSENT_TAKEN, "");
    else
        kiosk_session_event(session, SUGU_KIOSK_ON_CONSENT_REFUSED, reply->code);
}

void
kiosk_card_give_consent(struct kiosk_session *session, enum sugu_kiosk_event event)
{
    struct kiosk_consent *consent = &session->facts.person.consent;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GiveConsent give = SUGU__GIVE_CONSENT__INIT;

    session->storing = sugu_id_new(session->clock, session->random);
    give.card = sugu_id_field(&session->storing);
    give.session = sugu_id_field(&session->session);
    give.version = consent->version;
    give.hash = (ProtobufCBinaryData){.len = sizeof consent->hash, .data = consent->hash};
    give.language = consent->language;
    give.ceiling_yen = consent->limit_yen;
    give.is_payer_other = event == SUGU_KIOSK_ON_OTHERS_CARD;
    request.body_case = SUGU__REQUEST__BODY_GIVE_CONSENT;
    request.give_consent = &give;
    if (!ask(session, &request, /* is_read= */ false, on_consent))
        kiosk_session_event(session, SUGU_KIOSK_ON_CONSENT_REFUSED, "server.away");
}

static void
on_register(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    if (!session)
        return;
    if (reply->body_case == SUGU__REPLY__BODY_PAYMENT_PROGRESS)
        kiosk_take_payment(session, reply->payment_progress);
    if (reply->status != SUGU__STATUS__OK)
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_NOT_STORED, reply->code);
}

void
kiosk_card_register(struct kiosk_session *session)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__StartPayment start = SUGU__START_PAYMENT__INIT;

    session->attempt = session->storing;
    session->is_abort_wanted = false;
    start.session = sugu_id_field(&session->session);
    start.attempt = sugu_id_field(&session->storing);
    start.method = SUGU__PAYMENT_METHOD__METHOD_CARD;
    start.kind = SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER;
    request.deadline_utc_us = session->clock->utc_us(session->clock) + REGISTER_WAIT_US;
    request.body_case = SUGU__REQUEST__BODY_START_PAYMENT;
    request.start_payment = &start;
    if (!kiosk_device_ask(session, &session->payment, &request, KIOSK_DEVICE_WAIT_US, on_register))
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_NOT_STORED, "terminal.away");
}

void
kiosk_card_take_progress(struct kiosk_session *session, const Sugu__PaymentProgress *progress)
{
    struct sugu_id attempt = sugu_id_of(&progress->attempt);

    if (sugu_id_is_none(&session->storing) || !sugu_id_equal(&attempt, &session->storing))
        return;
    switch (progress->state) {
    case SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED:
    case SUGU__ATTEMPT_STATE__ATTEMPT_SENT:
        return;
    case SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED:
        if (progress->is_final) /* the server has it */
            kiosk_session_event(session, SUGU_KIOSK_ON_CARD_STORED, "");
        return;
    case SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED:
    case SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED:
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_NOT_STORED,
                            progress->code[0] ? progress->code : "payment.declined");
        return;
    case SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN:
    case SUGU__ATTEMPT_STATE__ATTEMPT_HELD:
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_NOT_STORED, "");
        return;
    case _SUGU__ATTEMPT_STATE_IS_INT_SIZE:
        return;
    }
}

/* ---------------------------------------------------------------- the stored card */

void
kiosk_card_take(struct kiosk_session *session, const Sugu__CardOnFile *card)
{
    struct kiosk_stored_card *to = &session->facts.person.card;

    to->card = sugu_id_of(&card->card);
    to->state = (enum kiosk_card_state)card->state;
    sugu_text_copy(to->brand, sizeof to->brand, card->brand);
    sugu_text_copy(to->last4, sizeof to->last4, card->last4);
    sugu_text_copy(to->code, sizeof to->code, card->code);
}

static void
on_card(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    if (!session)
        return;
    if (reply->body_case == SUGU__REPLY__BODY_CARD_ON_FILE)
        kiosk_card_take(session, reply->card_on_file);
    sugu_text_copy(session->facts.person.notice, sizeof session->facts.person.notice,
                   reply->status == SUGU__STATUS__OK ? "" : reply->code);
    kiosk_session_refresh(session);
}

static void
change(struct kiosk_session *session, bool is_used, bool ends)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__UseCardOnFile use = SUGU__USE_CARD_ON_FILE__INIT;

    use.session = sugu_id_field(&session->session);
    use.card = sugu_id_field(&session->facts.person.card.card);
    use.is_used = is_used;
    use.ends = ends;
    request.body_case = SUGU__REQUEST__BODY_USE_CARD_ON_FILE;
    request.use_card_on_file = &use;
    ask(session, &request, /* is_read= */ false, on_card);
}

void
kiosk_card_use(struct kiosk_session *session)
{
    change(session, /* is_used= */ session->facts.person.card.code[0] != '\0', /* ends= */ false);
}

void
kiosk_card_end(struct kiosk_session *session)
{
    change(session, /* is_used= */ false, /* ends= */ true);
}
