/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-devices - the session's talk with the reader over ipc; connections of all devices
 *
 * Each of the three may be missing, hang or die; the patient is told what can be done instead.
 */
#include "session-private.h"

#include "base/log.h"
#include "base/text.h"

#include <string.h>

#define READ_WAIT_US (40 * SUGU_SECOND)

void
kiosk_link_done(struct kiosk_link *link)
{
    if (link->source) {
        g_source_destroy(link->source);
        g_source_unref(link->source);
    }
    sugu_client_free(link->client);
    if (link->store)
        link->store->free(link->store);
    *link = (struct kiosk_link){0};
}

bool
kiosk_device_ask(struct kiosk_session *session,
                 struct kiosk_link *link,
                 Sugu__Request *request,
                 int64_t wait_us,
                 sugu_on_reply on_reply)
{
    struct kiosk_ask *ask;
    struct sugu_error error;

    if (!link->client)
        return false;
    ask = kiosk_ask_new(session);
    if (sugu_client_request(
            link->client, request,
            &(struct sugu_ask){.wait_us = wait_us, .on_reply = on_reply, .user = ask},
            &error) == SUGU_OK)
        return true;
    sugu_log_error(SUGU_LOG_ERROR, "device.not-asked", &error);
    kiosk_ask_drop(ask);
    return false;
}

static bool
is_one_of(const char *code, const char *const *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

/* ---------------------------------------------------------------- the reader */

/* With these codes the kiosk stops, so that no card gets blocked here. */
static bool
must_stop(const char *code)
{
    static const char *const codes[] = {"pin.last-try", "pin.blocked", "card.not-trusted"};

    return is_one_of(code, codes, SUGU_ARRAY_SIZE(codes));
}

static void
take_identity(struct kiosk_session *session, const Sugu__Identity *identity)
{
    struct kiosk_visitor *visitor = &session->visitor;

    visitor->who = KIOSK_WHO_IDENTITY;
    sugu_text_copy(visitor->name, sizeof visitor->name, identity->name);
    sugu_text_copy(visitor->address, sizeof visitor->address, identity->address);
    visitor->birth_date = identity->birth_date;
    visitor->sex = identity->sex;
    kiosk_session_event(session, SUGU_KIOSK_ON_IDENTITY_READ, "");
}

/* The card counts tries; at one left the kiosk stops. The reader says the new count before it says
 * that the PIN was wrong; where it did not, it is one less. */
static void
take_wrong_pin(struct kiosk_session *session)
{
    if (session->card.tries_left == session->tries_asked && session->card.tries_left > 0)
        session->card.tries_left--;
    if (session->card.tries_left > 1)
        kiosk_session_event(session, SUGU_KIOSK_ON_PIN_WRONG, "pin.wrong");
    else
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_STOPPED,
                            session->card.tries_left == 1 ? "pin.last-try" : "pin.blocked");
}

static void
on_identity(void *user, const Sugu__Reply *reply)
{
    static const char *const away[] = {"reader.away", "server.away", "server.no-answer"};
    struct kiosk_session *session = kiosk_ask_take(user);

    if (!session)
        return;
    if (reply->status == SUGU__STATUS__OK && reply->body_case == SUGU__REPLY__BODY_IDENTITY)
        take_identity(session, reply->identity);
    else if (strcmp(reply->code, "pin.wrong") == 0)
        take_wrong_pin(session);
    else if (must_stop(reply->code))
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_STOPPED, reply->code);
    else if (strcmp(reply->code, "card.taken") == 0)
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_TAKEN, reply->code);
    else if (is_one_of(reply->code, away, SUGU_ARRAY_SIZE(away)))
        kiosk_session_event(session, SUGU_KIOSK_ON_READER_AWAY, "reader.away");
    else
        kiosk_session_event(session, SUGU_KIOSK_ON_READ_FAILED, reply->code);
}

void
kiosk_device_read(struct kiosk_session *session)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__ReadIdentity read = SUGU__READ_IDENTITY__INIT;
    struct sugu_id presence = session->card.presence;
    struct sugu_error error;

    if (kiosk_secret_send(session->secret, &presence, session->settings.reader, &error) !=
        SUGU_OK) {
        sugu_log_error(SUGU_LOG_WARNING, "pin.not-sent", &error);
        kiosk_session_event(session, SUGU_KIOSK_ON_READER_AWAY, "reader.away");
        return;
    }
    session->tries_asked = session->card.tries_left;
    read.presence = sugu_id_field(&presence);
    request.body_case = SUGU__REQUEST__BODY_READ_IDENTITY;
    request.read_identity = &read;
    if (!kiosk_device_ask(session, &session->reader, &request, READ_WAIT_US, on_identity))
        kiosk_session_event(session, SUGU_KIOSK_ON_READER_AWAY, "reader.away");
}

/*
 * No news while somebody's page is open: the card was found where it lay, by a reader that went for
 * a moment, or it is the open page's own, put down again. (A My Number card that is put is the next
 * person's: it tells nothing before its PIN.)
 */
static bool
is_same_person(const struct kiosk_session *session)
{
    const struct kiosk_card *card = &session->card;
    const struct kiosk_visitor *visitor = &session->visitor;

    if (card->is_found && visitor->who != KIOSK_WHO_NOBODY)
        return true;
    return visitor->who == KIOSK_WHO_CARD && !sugu_id_is_none(&session->session) &&
           card->kind == visitor->card && card->serial_size == visitor->serial_size &&
           memcmp(card->serial, visitor->serial, card->serial_size) == 0;
}

void
kiosk_device_see_card(struct kiosk_session *session)
{
    const struct kiosk_card *card = &session->card;

    if (!card->is_there || kiosk_orders_are_awaited(session) || is_same_person(session))
        return;
    if (must_stop(card->code))
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_STOPPED, card->code);
    else if (card->code[0])
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_UNUSABLE, card->code);
    else if (card->kind == SUGU__CARD_KIND__CARD_UNKNOWN)
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_UNUSABLE, "card.not-known");
    else if (card->kind == SUGU__CARD_KIND__CARD_MY_NUMBER && card->tries_left > 1)
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_WITH_PIN, "");
    else if (card->kind == SUGU__CARD_KIND__CARD_MY_NUMBER)
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_STOPPED,
                            card->tries_left == 1 ? "pin.last-try" : "pin.blocked");
    else
        kiosk_session_event(session, SUGU_KIOSK_ON_HOSPITAL_CARD, "");
}

/*
 * The same card, told again: because the reader connects again, or because something about it has
 * changed. What could not be read can be read now; who sits before the keypad sees the new count.
 */
static void
take_same_card(struct kiosk_session *session, const Sugu__CardChange *change)
{
    struct kiosk_card *card = &session->card;
    bool was_unusable = card->code[0] != '\0';

    card->kind = change->card;
    card->tries_left = change->tries_left;
    sugu_text_copy(card->code, sizeof card->code, change->code);
    if (session->flow.state == SUGU_KIOSK_PIN && card->tries_left > 1 && !card->code[0]) {
        session->facts.person.tries_left = card->tries_left;
        kiosk_session_refresh(session);
    } else if (session->flow.state == SUGU_KIOSK_PIN ||
               (was_unusable && session->flow.state == SUGU_KIOSK_CARD_TROUBLE))
        kiosk_device_see_card(session);
}

static void
take_card_put(struct kiosk_session *session, const Sugu__CardChange *change)
{
    struct kiosk_card *card = &session->card;
    struct sugu_id presence = sugu_id_of(&change->presence);

    if (card->is_there && sugu_id_equal(&presence, &card->presence)) {
        take_same_card(session, change);
        return;
    }
    *card = (struct kiosk_card){
        .is_there = true,
        .presence = presence,
        .kind = change->card,
        .serial_size = MIN(change->serial.len, sizeof card->serial),
        .tries_left = change->tries_left,
        .is_found = change->is_found,
    };
    if (card->serial_size > 0)
        memcpy(card->serial, change->serial.data, card->serial_size);
    sugu_text_copy(card->code, sizeof card->code, change->code);
    kiosk_device_see_card(session);
}

static void
take_card(struct kiosk_session *session, const Sugu__CardChange *change)
{
    switch (change->change) {
    case SUGU__CARD_CHANGE_KIND__CARD_PUT:
        take_card_put(session, change);
        return;
    case SUGU__CARD_CHANGE_KIND__CARD_TAKEN:
        if (!session->card.is_there)
            return;
        explicit_bzero(&session->card, sizeof session->card);
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_TAKEN, "card.taken");
        return;
    case SUGU__CARD_CHANGE_KIND__CARDS_SEVERAL:
        explicit_bzero(&session->card, sizeof session->card);
        session->card.is_there = true;
        sugu_text_copy(session->card.code, sizeof session->card.code, "card.several");
        kiosk_device_see_card(session);
        return;
    case _SUGU__CARD_CHANGE_KIND_IS_INT_SIZE:
        return;
    }
}

/* ---------------------------------------------------------------- parts and connections */

static void
set_part(struct kiosk_session *session, Sugu__Part part, Sugu__PartHealth health, const char *code)
{
    struct kiosk_place *place = &session->facts.place;
    bool works = health != SUGU__PART_HEALTH__PART_AWAY;

    if ((unsigned)part >= SUGU_ARRAY_SIZE(session->parts))
        return;
    session->parts[part].is_known = true;
    session->parts[part].health = health;
    sugu_text_copy(session->parts[part].code, sizeof session->parts[part].code, code);
    if (part == SUGU__PART__PART_READER)
        place->has_reader = works;
    else if (part == SUGU__PART__PART_PRINTER)
        place->has_printer = works;
    else
        kiosk_ways_set(session, part, works);
    kiosk_session_beat(session);
    if (part == SUGU__PART__PART_READER && !works) {
        explicit_bzero(&session->card, sizeof session->card);
        kiosk_session_event(session, SUGU_KIOSK_ON_READER_AWAY, "reader.away");
    }
    kiosk_session_refresh(session);
}

static void
on_device_event(void *user, const Sugu__Event *event)
{
    struct kiosk_session *session = user;

    if (event->body_case == SUGU__EVENT__BODY_CARD_CHANGED)
        take_card(session, event->card_changed);
    else if (event->body_case == SUGU__EVENT__BODY_PART_CHANGED)
        set_part(session, event->part_changed->part, event->part_changed->health,
                 event->part_changed->code);
    else if (event->body_case == SUGU__EVENT__BODY_PRINT_CHANGED)
        kiosk_take_paper(session, event->print_changed);
    else if (event->body_case == SUGU__EVENT__BODY_PAYMENT_CHANGED)
        kiosk_take_payment(session, event->payment_changed);
}

static void
on_reader_stale(void *user, sugu_time_us since_utc)
{
    (void)since_utc;
    set_part(user, SUGU__PART__PART_READER, SUGU__PART_HEALTH__PART_AWAY, "reader.away");
}

static void
on_printer_stale(void *user, sugu_time_us since_utc)
{
    (void)since_utc;
    set_part(user, SUGU__PART__PART_PRINTER, SUGU__PART_HEALTH__PART_AWAY, "printer.away");
}

static void
on_payment_stale(void *user, sugu_time_us since_utc)
{
    struct kiosk_session *session = user;

    (void)since_utc;
    set_part(session, SUGU__PART__PART_TERMINAL, SUGU__PART_HEALTH__PART_AWAY, "terminal.away");
    for (unsigned part = SUGU__PART__PART_CASH; part <= SUGU__PART__PART_CODE; part++)
        if (session->parts[part].is_known)
            set_part(session, (Sugu__Part)part, SUGU__PART_HEALTH__PART_AWAY,
                     part == SUGU__PART__PART_CASH ? "cash.away" : "provider.away");
    kiosk_payment_lost(session);
}

static void
on_payment_fresh(void *user, bool was_reset)
{
    (void)was_reset;
    kiosk_payment_back(user);
}

static enum sugu_status
connect_device(struct kiosk_session *session,
               void *zmq_context,
               struct kiosk_link *link,
               const char *endpoint,
               const struct sugu_client_callbacks *callbacks,
               struct sugu_error *reterr)
{
    const struct sugu_client_settings settings = {.endpoint = endpoint, .listens = true};
    enum sugu_status status;

    if (!endpoint[0])
        return SUGU_OK;
    link->store = sugu_store_memory();
    status = sugu_client_new(
        &settings, callbacks,
        &(struct sugu_client_means){zmq_context, session->clock, session->random, link->store},
        &link->client, reterr);
    if (status == SUGU_OK)
        link->source = sugu_client_source_attach(link->client);
    return status;
}

enum sugu_status
kiosk_devices_connect(struct kiosk_session *session, void *zmq_context, struct sugu_error *reterr)
{
    const struct kiosk_session_settings *settings = &session->settings;
    const struct sugu_client_callbacks reader = {
        .on_event = on_device_event, .on_stale = on_reader_stale, .user = session};
    const struct sugu_client_callbacks printer = {
        .on_event = on_device_event, .on_stale = on_printer_stale, .user = session};
    const struct sugu_client_callbacks payment = {.on_event = on_device_event,
                                                  .on_fresh = on_payment_fresh,
                                                  .on_stale = on_payment_stale,
                                                  .user = session};
    enum sugu_status status;

    status =
        connect_device(session, zmq_context, &session->reader, settings->reader, &reader, reterr);
    if (status == SUGU_OK)
        status = connect_device(session, zmq_context, &session->printer, settings->printer,
                                &printer, reterr);
    if (status == SUGU_OK)
        status = connect_device(session, zmq_context, &session->payment, settings->payment,
                                &payment, reterr);
    return status;
}
