/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-on-file - a person at a kiosk reads the text, consents to it, says no for today, or ends it
 */
#include "handlers/dues.h"
#include "handlers/money.h"
#include "handlers/view.h"

#include <string.h>

/* ---- GetConsentText */

struct get_consent_text {
    struct sugu_session_find_row session;
    struct sugu_consent_text_now_row text;
};
const struct sugu_state sugu_state_get_consent_text = {sizeof(struct get_consent_text), NULL};

static void
send_text(struct sugu_batch *batch, const char *language, struct sugu_consent_text_now_row *row)
{
    sugu_db_consent_text_now(batch->db,
                             &(struct sugu_consent_text_now_params){
                                 .facility = batch->facility.facility, .language = language},
                             row);
}

static void
send_session(struct sugu_batch *batch,
             const struct sugu_work *work,
             struct sugu_id session,
             struct sugu_session_find_row *row)
{
    sugu_db_session_find(batch->db,
                         &(struct sugu_session_find_params){.facility = batch->facility.facility,
                                                            .session = session,
                                                            .place = work->peer.place},
                         row);
}

/* Who it is has to be known, and the house has to offer it. */
static const char *
find_obstacle(const struct sugu_session_find_row *session,
              const struct sugu_consent_text_now_row *text)
{
    if (!session->is_found || sugu_id_is_none(&session->patient))
        return "session.unknown";
    return text->is_found ? NULL : "later.not-offered";
}

bool
sugu_step_get_consent_text(struct sugu_batch *batch,
                           struct sugu_work **works,
                           size_t count,
                           int round)
{
    struct sugu_work *work = works[0];
    struct get_consent_text *get = work->state;
    const Sugu__GetConsentText *body = work->request->get_consent_text;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__ConsentText text = SUGU__CONSENT_TEXT__INIT;
    const char *code;

    (void)count;
    if (round == 0) {
        send_session(batch, work, sugu_id_of(&body->session), &get->session);
        send_text(batch, body->language, &get->text);
        return true;
    }
    code = find_obstacle(&get->session, &get->text);
    if (code) {
        sugu_work_refuse(work, code, "");
        return false;
    }
    text.version = (uint32_t)get->text.version;
    text.hash = (ProtobufCBinaryData){get->text.hash_size, get->text.hash};
    text.text = get->text.text;
    text.language = get->text.language;
    text.ceiling_yen_max = get->text.ceiling_yen_max;
    reply.body_case = SUGU__REPLY__BODY_CONSENT_TEXT;
    reply.consent_text = &text;
    sugu_work_reply(work, &reply);
    return false;
}

/* ---- GiveConsent */

struct give_consent {
    struct sugu_session_find_row session;
    struct sugu_consent_text_now_row text;
    struct sugu_card_find_row known;
    struct sugu_card_lock_row lock;
    struct sugu_card_facts_rows cards;
};

static void
give_consent_done(void *state)
{
    sugu_card_facts_rows_done(&((struct give_consent *)state)->cards);
}
const struct sugu_state sugu_state_give_consent = {sizeof(struct give_consent), give_consent_done};

static void
send_consent_reads(struct sugu_batch *batch, const struct sugu_work *work)
{
    struct give_consent *give = work->state;
    const Sugu__GiveConsent *body = work->request->give_consent;

    send_session(batch, work, sugu_id_of(&body->session), &give->session);
    send_text(batch, body->language, &give->text);
    sugu_db_card_find(batch->db,
                      &(struct sugu_card_find_params){.facility = batch->facility.facility,
                                                      .card = sugu_id_of(&body->card)},
                      &give->known);
}

/* Does the person know what is agreed to: this text, in this language, as it stands now? */
static bool
is_text_current(const struct give_consent *give, const Sugu__GiveConsent *body)
{
    return (uint32_t)give->text.version == body->version &&
           strcmp(give->text.language, body->language) == 0 &&
           give->text.hash_size == body->hash.len &&
           memcmp(give->text.hash, body->hash.data, body->hash.len) == 0;
}

/* A new card, or one of this person that is there already and gets a new consent. */
static bool
is_card_free(const struct give_consent *give)
{
    return !give->known.is_found || (sugu_id_equal(&give->known.patient, &give->session.patient) &&
                                     (give->known.state == SUGU_ON_FILE_ACTIVE ||
                                      give->known.state == SUGU_ON_FILE_SUSPENDED));
}

static bool
may_consent(struct sugu_work *work)
{
    const struct give_consent *give = work->state;
    const Sugu__GiveConsent *body = work->request->give_consent;
    const char *code = find_obstacle(&give->session, &give->text);
    struct sugu_on_file_consent consent = {.text_version = body->version,
                                           .ceiling_yen = body->ceiling_yen};
    struct sugu_on_file_house house = {.text_version = (uint32_t)give->text.version,
                                       .ceiling_yen_max = give->text.ceiling_yen_max};
    struct sugu_error error;

    if (!code && !is_text_current(give, body))
        code = "later.no-consent";
    if (!code && !is_card_free(give))
        code = "later.not-allowed";
    if (code) {
        sugu_work_refuse(work, code, "");
        return false;
    }
    if (sugu_on_file_check_consent(&consent, &house, &error) == SUGU_OK)
        return true;
    sugu_work_reply_error(work, &error);
    return false;
}

static void
write_card(struct sugu_batch *batch, const struct sugu_work *work)
{
    const struct give_consent *give = work->state;
    const Sugu__GiveConsent *body = work->request->give_consent;
    struct sugu_id card = sugu_id_of(&body->card), session = sugu_id_of(&body->session);
    int32_t facility = batch->facility.facility;
    char payer[SUGU_REFERENCE_SIZE];

    if (give->known.is_found) {
        sugu_db_card_renew(
            batch->db,
            &(struct sugu_card_renew_params){.facility = facility,
                                             .card = card,
                                             .state = give->known.state, /* TEXT_RENEWED */
                                             .text_version = (int32_t)body->version,
                                             .ceiling_yen = body->ceiling_yen,
                                             .is_payer_other = body->is_payer_other,
                                             .session = session,
                                             .at = batch->now_utc},
            NULL);
        return;
    }
    sugu_db_card_end_others(batch->db,
                            &(struct sugu_card_end_others_params){.facility = facility,
                                                                  .patient = give->session.patient,
                                                                  .at = batch->now_utc},
                            NULL);
    /* What the terminal names the token's owner by: the reference of the registration. */
    sugu_payment_reference(&card, 0, payer);
    sugu_db_card_add(batch->db,
                     &(struct sugu_card_add_params){.facility = facility,
                                                    .card = card,
                                                    .patient = give->session.patient,
                                                    .payer = payer,
                                                    .text_version = (int32_t)body->version,
                                                    .ceiling_yen = body->ceiling_yen,
                                                    .is_payer_other = body->is_payer_other,
                                                    .session = session,
                                                    .at = batch->now_utc},
                     NULL);
}

static void
write_consent(struct sugu_batch *batch, const struct sugu_work *work)
{
    struct give_consent *give = work->state;
    const Sugu__GiveConsent *body = work->request->give_consent;
    struct sugu_card_asked asked = {.patient = give->session.patient,
                                    .visit = give->session.visit,
                                    .card = sugu_id_of(&body->card)};

    sugu_card_lock(batch, &asked, &give->lock);
    write_card(batch, work);
    sugu_db_consent_add(batch->db,
                        &(struct sugu_consent_add_params){.facility = batch->facility.facility,
                                                          .card = asked.card,
                                                          .given_at = batch->now_utc,
                                                          .place = work->peer.place,
                                                          .session = sugu_id_of(&body->session),
                                                          .text_version = (int32_t)body->version,
                                                          .language = body->language,
                                                          .ceiling_yen = body->ceiling_yen,
                                                          .is_payer_other = body->is_payer_other},
                        NULL);
    sugu_card_facts_send(batch, &asked, 1, &give->cards);
}

static void
reply_card(const struct sugu_batch *batch,
           struct sugu_work *work,
           struct sugu_card_facts_rows *cards)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__CardOnFile card;

    sugu_card_fill(&cards->rows[0], batch->day, &card);
    reply.body_case = SUGU__REPLY__BODY_CARD_ON_FILE;
    reply.card_on_file = &card;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_give_consent(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct give_consent *give = work->state;

    (void)count;
    switch (round) {
    case 0:
        send_consent_reads(batch, work);
        return true;
    case 1:
        if (!may_consent(work))
            return false;
        write_consent(batch, work);
        return true;
    default:
        reply_card(batch, work, &give->cards);
        return false;
    }
}

/* ---- UseCardOnFile */

struct use_card_on_file {
    struct sugu_session_find_row session;
    struct sugu_visit_lock_row visit;
    struct sugu_bill_of_visit_row bill_of_visit;
    struct sugu_card_lock_row lock;
    struct sugu_card_facts_rows cards;
    struct sugu_bill_view view; /* the bill is offered at the kiosks again, or taken from them */
};

static void
use_card_on_file_done(void *state)
{
    struct use_card_on_file *use = state;

    sugu_card_facts_rows_done(&use->cards);
    sugu_bill_view_done(&use->view);
}
const struct sugu_state sugu_state_use_card_on_file = {sizeof(struct use_card_on_file),
                                                       use_card_on_file_done};

/* Locks in the order visit, card. */
static bool
send_use_locks(struct sugu_batch *batch, struct sugu_work *work)
{
    struct use_card_on_file *use = work->state;
    int32_t facility = batch->facility.facility;
    struct sugu_card_asked asked = {.patient = use->session.patient,
                                    .visit = use->session.visit,
                                    .card = sugu_id_of(&work->request->use_card_on_file->card)};

    if (!use->session.is_found || sugu_id_is_none(&asked.patient)) {
        sugu_work_refuse(work, "session.unknown", "");
        return false;
    }
    if (!sugu_id_is_none(&asked.visit)) {
        sugu_db_visit_lock(
            batch->db, &(struct sugu_visit_lock_params){.facility = facility, .visit = asked.visit},
            &use->visit);
        sugu_db_bill_of_visit(
            batch->db,
            &(struct sugu_bill_of_visit_params){.facility = facility, .visit = asked.visit},
            &use->bill_of_visit);
    }
    sugu_card_lock(batch, &asked, &use->lock);
    sugu_card_facts_send(batch, &asked, 1, &use->cards);
    return true;
}

/* False: too late for it. */
static bool
decide_visit(struct sugu_batch *batch, const struct sugu_work *work)
{
    struct use_card_on_file *use = work->state;
    const Sugu__UseCardOnFile *body = work->request->use_card_on_file;
    struct sugu_card_facts_row *card = &use->cards.rows[0];

    if (card->state == SUGU_ON_FILE_OFFERED || card->state == SUGU_ON_FILE_ENDED)
        return true; /* only looked at */
    if (!use->visit.is_found) {
        sugu_db_session_pays_otherwise(
            batch->db,
            &(struct sugu_session_pays_otherwise_params){.facility = batch->facility.facility,
                                                         .session = sugu_id_of(&body->session),
                                                         .pays_otherwise = !body->is_used},
            NULL);
        return true;
    }
    return body->is_used ? sugu_dues_want(batch, card) : sugu_dues_decline(batch, card);
}

static bool
write_use(struct sugu_batch *batch, struct sugu_work *work)
{
    struct use_card_on_file *use = work->state;
    const Sugu__UseCardOnFile *body = work->request->use_card_on_file;
    struct sugu_card_facts_row *card = use->cards.count > 0 ? &use->cards.rows[0] : NULL;
    struct sugu_id visit = use->session.visit;

    if (!card) {
        sugu_work_refuse(work, "later.not-allowed", "no such card of this person");
        return false;
    }
    if (body->ends && card->state != SUGU_ON_FILE_ENDED) {
        sugu_dues_end(batch, card, "later.not-allowed");
        sugu_card_step(batch, card, SUGU_ON_FILE_ON_TAKEN_BACK, "");
    } else if (!body->ends && !decide_visit(batch, work)) {
        sugu_work_refuse(work, "payment.open", "the card is being charged");
        return false;
    }
    if (use->bill_of_visit.is_found)
        sugu_bill_view_send(batch, &use->view, use->bill_of_visit.bill);
    sugu_card_facts_send(batch,
                         &(struct sugu_card_asked){.patient = use->session.patient,
                                                   .visit = visit,
                                                   .card = sugu_id_of(&body->card)},
                         1, &use->cards);
    return true;
}

/* Before check-in only the session knows of it. */
static void
note_session(struct use_card_on_file *use, const Sugu__UseCardOnFile *body)
{
    if (!use->visit.is_found && !body->ends)
        use->cards.rows[0].is_declined = !body->is_used;
}

bool
sugu_step_use_card_on_file(struct sugu_batch *batch,
                           struct sugu_work **works,
                           size_t count,
                           int round)
{
    struct sugu_work *work = works[0];
    struct use_card_on_file *use = work->state;
    const Sugu__UseCardOnFile *body = work->request->use_card_on_file;

    (void)count;
    switch (round) {
    case 0:
        send_session(batch, work, sugu_id_of(&body->session), &use->session);
        return true;
    case 1:
        return send_use_locks(batch, work);
    case 2:
        return write_use(batch, work);
    default:
        if (use->view.row.is_found)
            sugu_bill_view_publish(batch, &use->view);
        note_session(use, body);
        reply_card(batch, work, &use->cards);
        return false;
    }
}
