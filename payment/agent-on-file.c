/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-on-file - the lane of registered cards: orders of the queue server, each under its own key
 *
 * Nobody stands before it. What a request did is found out by sending it again under its key, ever
 * more seldom, as long as the provider keeps keys (port/card-on-file.h); then a person finds out.
 */
#include "payment/agent-private.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>

#define FIRST_PAUSE_US (5 * SUGU_SECOND)
#define LAST_PAUSE_US  (15 * SUGU_MINUTE)

_Static_assert((int)SUGU_ON_FILE_NOT_DECLINED == SUGU__DECLINE__NOT_DECLINED &&
                   (int)SUGU_ON_FILE_SOFT == SUGU__DECLINE__DECLINE_SOFT &&
                   (int)SUGU_ON_FILE_HARD == SUGU__DECLINE__DECLINE_HARD &&
                   (int)SUGU_ON_FILE_FUNDING_UNKNOWN == SUGU__CARD_FUNDING__FUNDING_UNKNOWN &&
                   (int)SUGU_ON_FILE_CREDIT == SUGU__CARD_FUNDING__FUNDING_CREDIT &&
                   (int)SUGU_ON_FILE_DEBIT == SUGU__CARD_FUNDING__FUNDING_DEBIT &&
                   (int)SUGU_ON_FILE_PREPAID == SUGU__CARD_FUNDING__FUNDING_PREPAID,
               "the words are those of sugu.proto");

static struct sugu_lane *
lane_of(struct sugu_agent *agent)
{
    return &agent->lanes[SUGU_LANE_ON_FILE];
}

/* ---- jobs */

/* False where it is nothing that a registered card does. */
static bool
deed_of(const struct sugu_attempt *attempt, enum sugu_on_file_deed *ret_deed)
{
    switch (attempt->kind) {
    case SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT:
        *ret_deed =
            sugu_id_is_none(&attempt->original) ? SUGU_ON_FILE_DO_CHARGE : SUGU_ON_FILE_DO_CAPTURE;
        return true;
    case SUGU__ATTEMPT_KIND__ATTEMPT_REFUND:
        *ret_deed = SUGU_ON_FILE_DO_REFUND;
        return true;
    case SUGU__ATTEMPT_KIND__ATTEMPT_HOLD:
        *ret_deed = SUGU_ON_FILE_DO_HOLD;
        return true;
    case SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE:
        *ret_deed = SUGU_ON_FILE_DO_RELEASE;
        return true;
    case SUGU__ATTEMPT_KIND__ATTEMPT_FORGET:
        *ret_deed = SUGU_ON_FILE_DO_FORGET_CARD;
        return true;
    case SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT:
    case SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER:
    case _SUGU__ATTEMPT_KIND_IS_INT_SIZE:
        break;
    }
    return false;
}

static void
start(struct sugu_agent *agent, const struct sugu_slot *slot, enum sugu_on_file_deed deed)
{
    const struct sugu_attempt *attempt = &slot->attempt;
    struct sugu_on_file_job job = {.attempt = attempt->id, .deed = deed};
    struct sugu_on_file_request *request = &job.request;
    char id[SUGU_ID_TEXT_SIZE];

    assert(!lane_of(agent)->job_runs);
    lane_of(agent)->job_runs = true;
    sugu_text_copy(request->key, sizeof request->key, attempt->request_key);
    sugu_text_copy(request->reference, sizeof request->reference,
                   sugu_id_to_text(&attempt->id, id));
    sugu_text_copy(request->payer, sizeof request->payer, attempt->payer);
    if (!sugu_text_copy(request->token, sizeof request->token, attempt->token))
        request->token[0] = '\0'; /* refused by the driver: half a token is none */
    sugu_text_copy(request->original, sizeof request->original, attempt->original_provider_id);
    request->amount_yen = attempt->amount_yen;
    agent->ways.start_on_file_job(agent->ways.user, &job);
}

/* Key and moment are in the journal before the first byte leaves. */
static void
begin(struct sugu_agent *agent, struct sugu_slot *slot)
{
    struct sugu_attempt next = slot->attempt;
    struct sugu_id key = sugu_id_new(agent->clock, agent->random);
    enum sugu_on_file_deed deed;

    if (!sugu_attempt_is_order(&next) || !deed_of(&next, &deed)) {
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NOT_STARTED, "payment.no-such-way");
        return;
    }
    sugu_id_to_text(&key, next.request_key);
    next.first_sent_utc_us = agent->clock->utc_us(agent->clock);
    sugu_agent_apply(agent, slot, SUGU_ATTEMPT_ON_SENDING, &next, "");
    if (slot->attempt.state == SUGU_ATTEMPT_SENT)
        start(agent, slot, deed);
}

/* A person becomes the owner, and the key is not sent any more. */
static void
hold(struct sugu_agent *agent, struct sugu_slot *slot, const char *code)
{
    if (slot->attempt.state == SUGU_ATTEMPT_SENT)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NO_ANSWER, "payment.no-answer");
    if (slot->attempt.state == SUGU_ATTEMPT_UNKNOWN)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_TRIES_USED_UP, code);
    slot->wants_status = false;
}

static void
resolve(struct sugu_agent *agent, struct sugu_slot *slot)
{
    const struct sugu_attempt *attempt = &slot->attempt;
    enum sugu_on_file_deed deed;

    if (attempt->state != SUGU_ATTEMPT_UNKNOWN)
        return; /* HELD: what a person decides is final */
    if (attempt->first_sent_utc_us == 0 || !deed_of(attempt, &deed))
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_STATUS_NOT_FOUND_AGAIN,
                               "payment.not-started");
    else if (deed != SUGU_ON_FILE_DO_FORGET_CARD && /* that may be asked for ever */
             !sugu_on_file_may_repeat(attempt->first_sent_utc_us,
                                      agent->clock->utc_us(agent->clock)))
        hold(agent, slot, "payment.held");
    else
        start(agent, slot, deed);
}

/* The port has no question that does nothing: after a while the next order finds out. */
static void
check(struct sugu_agent *agent)
{
    lane_of(agent)->state = SUGU_LANE_READY;
    lane_of(agent)->check_due_us = INT64_MAX;
}

/* Orders are not stopped by a patient. */
static void
cancel(struct sugu_agent *agent, struct sugu_slot *slot)
{
    (void)agent, (void)slot;
}

const struct sugu_lane_ops sugu_lane_on_file = {
    .name = "on-file",
    .part = SUGU__PART__PART_ON_FILE,
    .is_shared = true,
    .begin = begin,
    .resolve = resolve,
    .check = check,
    .cancel = cancel,
};

/* ---- results */

static void
note_provider(struct sugu_agent *agent, const struct sugu_on_file_job_result *result)
{
    struct sugu_lane *lane = lane_of(agent);
    bool is_forbidden =
        result->status == SUGU_BROKEN && strncmp(result->error.code, "provider.", 9) == 0;

    if (result->status)
        sugu_log_error(SUGU_LOG_WARNING, "on-file.no-answer", &result->error);
    if (is_forbidden && result->job.deed == SUGU_ON_FILE_DO_FORGET_CARD)
        return; /* that takes a right of its own: charges need not wait for it */
    if (result->status == SUGU_RETRY || is_forbidden) {
        sugu_lane_set_away(agent, lane, result->error.code);
        return;
    }
    if (result->status == SUGU_OK || result->status == SUGU_REFUSED) {
        sugu_lane_set_ready(agent, lane);
        lane->check_due_us = INT64_MAX;
    }
}

/* What an answer says of card and network, whatever it decides. */
static void
take_card(struct sugu_agent *agent,
          struct sugu_attempt *row,
          const struct sugu_on_file_answer *answer)
{
    sugu_text_copy(row->terminal, sizeof row->terminal, agent->settings.on_file_place);
    sugu_text_copy(row->provider_id, sizeof row->provider_id, answer->provider_id);
    if (*answer->network_id)
        sugu_text_copy(row->network_id, sizeof row->network_id, answer->network_id);
    if (*answer->card.brand)
        sugu_text_copy(row->brand, sizeof row->brand, answer->card.brand);
    if (*answer->card.last4)
        sugu_text_copy(row->last4, sizeof row->last4, answer->card.last4);
    if (answer->card.expiry_month)
        row->expiry = answer->card.expiry_month;
    if (answer->card.funding)
        row->funding = answer->card.funding;
}

/* False where there is no amount to believe. */
static bool
take_amount(struct sugu_attempt *row, int64_t approved_yen)
{
    enum sugu_amount_verdict verdict = sugu_payment_judge_amount(row->amount_yen, approved_yen);
    bool asks_only = row->kind == SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE ||
                     row->kind == SUGU__ATTEMPT_KIND__ATTEMPT_FORGET ||
                     (row->kind == SUGU__ATTEMPT_KIND__ATTEMPT_HOLD && row->amount_yen == 0);

    row->code[0] = '\0';
    row->approved_yen = asks_only ? 0 : approved_yen;
    if (asks_only)
        return true;
    if (verdict == SUGU_AMOUNT_PARTIAL)
        sugu_text_copy(row->code, sizeof row->code, "payment.partial");
    if (verdict == SUGU_AMOUNT_TOO_MUCH) {
        sugu_text_copy(row->code, sizeof row->code, "payment.differs");
        sugu_log(SUGU_LOG_ERROR, "attempt.alarm", "why=more-approved-than-asked service=%s",
                 row->service_id);
    }
    return verdict != SUGU_AMOUNT_MISSING;
}

/* No outcome yet: the same again, after a pause that grows. */
static void
tell_doubt(struct sugu_agent *agent, struct sugu_slot *slot, bool is_running)
{
    bool is_first = slot->attempt.state == SUGU_ATTEMPT_SENT;

    if (is_first)
        sugu_agent_apply_event(agent, slot,
                               is_running ? SUGU_ATTEMPT_ON_BUSY : SUGU_ATTEMPT_ON_NO_ANSWER,
                               "payment.no-answer");
    else
        sugu_agent_apply_event(agent, slot,
                               is_running ? SUGU_ATTEMPT_ON_STATUS_IN_PROGRESS
                                          : SUGU_ATTEMPT_ON_STATUS_NO_ANSWER,
                               NULL);
    slot->pause_us = is_first || !slot->pause_us ? FIRST_PAUSE_US : 2 * slot->pause_us;
    if (slot->pause_us > LAST_PAUSE_US)
        slot->pause_us = LAST_PAUSE_US;
    slot->status_due_us = sugu_agent_now(agent) + slot->pause_us;
}

static void
on_answer(struct sugu_agent *agent,
          struct sugu_slot *slot,
          const struct sugu_on_file_answer *answer)
{
    struct sugu_attempt row = slot->attempt;
    bool is_first = row.state == SUGU_ATTEMPT_SENT;

    switch (answer->result) {
    case SUGU_ON_FILE_APPROVED:
    case SUGU_ON_FILE_ACCEPTED:
        take_card(agent, &row, answer);
        row.provider_utc_us = agent->clock->utc_us(agent->clock);
        if (!take_amount(&row, answer->approved_yen))
            break;
        sugu_agent_apply(agent, slot,
                         is_first ? SUGU_ATTEMPT_ON_APPROVED_BY_DEVICE
                                  : SUGU_ATTEMPT_ON_STATUS_APPROVED,
                         &row, NULL);
        return;
    case SUGU_ON_FILE_DECLINED:
        take_card(agent, &row, answer);
        row.decline = answer->decline;
        sugu_log(SUGU_LOG_INFO, "on-file.declined", "service=%s code=%s refusal=%s", row.service_id,
                 answer->code, answer->refusal);
        sugu_agent_apply(agent, slot,
                         is_first ? SUGU_ATTEMPT_ON_DECLINED_BY_DEVICE
                                  : SUGU_ATTEMPT_ON_STATUS_DECLINED,
                         &row, answer->code);
        return;
    case SUGU_ON_FILE_IN_PROGRESS:
        tell_doubt(agent, slot, /* is_running= */ true);
        return;
    }
    tell_doubt(agent, slot, /* is_running= */ false);
}

/*
 * The provider looked and did nothing. Of the first sending that is the whole truth; of a
 * repetition it may be that an earlier one did something that the provider has forgotten.
 */
static void
on_refused(struct sugu_agent *agent, struct sugu_slot *slot, const char *code)
{
    struct sugu_attempt row = slot->attempt;
    bool is_first = row.state == SUGU_ATTEMPT_SENT;

    if (!is_first && row.kind != SUGU__ATTEMPT_KIND__ATTEMPT_FORGET) {
        hold(agent, slot, "payment.held");
        return;
    }
    sugu_text_copy(row.terminal, sizeof row.terminal, agent->settings.on_file_place);
    sugu_agent_apply(agent, slot,
                     is_first ? SUGU_ATTEMPT_ON_DECLINED_BY_DEVICE
                              : SUGU_ATTEMPT_ON_STATUS_DECLINED,
                     &row, code);
}

static bool
is_persons_matter(const struct sugu_error *error)
{
    return strcmp(error->code, "payment.card-data") == 0 ||
           strcmp(error->code, "payment.key-reused") == 0;
}

void
sugu_agent_on_on_file_result(struct sugu_agent *agent, const struct sugu_on_file_job_result *result)
{
    struct sugu_slot *slot = sugu_agent_slot_of_attempt(agent, &result->job.attempt);

    lane_of(agent)->job_runs = false;
    if (agent->has_failed)
        return;
    note_provider(agent, result);
    if (!slot || sugu_attempt_is_final(slot->attempt.state) ||
        slot->attempt.state == SUGU_ATTEMPT_HELD)
        return; /* a person was faster */
    if (result->status == SUGU_OK)
        on_answer(agent, slot, &result->answer);
    else if (result->status == SUGU_REFUSED)
        on_refused(agent, slot, result->error.code);
    else if (is_persons_matter(&result->error))
        hold(agent, slot, result->error.code);
    else
        tell_doubt(agent, slot, /* is_running= */ false);
}
