/* SPDX-License-Identifier: Apache-2.0 */
/*
 * code-payment - rules of a payment by a code on the screen: states, watching, the way back
 */
#include "domain/code-payment.h"

#include "domain/date.h"

#include <string.h>

#define SUGU_NAME(name) #name,
static const char *const states[] = {SUGU_CODE_STATES(SUGU_NAME)};
#undef SUGU_NAME

bool
sugu_code_state_parse(const char *word, enum sugu_code_state *ret_state)
{
    for (unsigned i = 0; i < SUGU_CODE_STATE_COUNT; i++) {
        if (strcmp(states[i], word) == 0) {
            *ret_state = (enum sugu_code_state)i;
            return true;
        }
    }
    return false;
}

const char *
sugu_code_reason(enum sugu_code_state state)
{
    switch (state) {
    case SUGU_CODE_EXPIRED:
        return "payment.code-expired";
    case SUGU_CODE_CANCELED:
        return "payment.cancelled";
    case SUGU_CODE_FAILED:
        return "payment.declined";
    case SUGU_CODE_CREATED:
    case SUGU_CODE_AUTHORIZED:
    case SUGU_CODE_COMPLETED:
    case SUGU_CODE_REFUNDED:
    case SUGU_CODE_NOT_FOUND:
    case SUGU_CODE_STATE_COUNT:
        break;
    }
    return "";
}

bool
sugu_code_state_is_final(enum sugu_code_state state)
{
    switch (state) {
    case SUGU_CODE_COMPLETED:
    case SUGU_CODE_EXPIRED:
    case SUGU_CODE_CANCELED:
    case SUGU_CODE_FAILED:
    case SUGU_CODE_REFUNDED:
        return true;
    case SUGU_CODE_CREATED:
    case SUGU_CODE_AUTHORIZED:
    case SUGU_CODE_NOT_FOUND:
    case SUGU_CODE_STATE_COUNT:
        break;
    }
    return false;
}

/* The attempt was sent and its own answer is what we wait for: the code is on the screen. */
static bool
judge_sent(enum sugu_code_state said, enum sugu_attempt_event *ret_event)
{
    switch (said) {
    case SUGU_CODE_COMPLETED:
        *ret_event = SUGU_ATTEMPT_ON_APPROVED_BY_DEVICE;
        return true;
    case SUGU_CODE_EXPIRED:
    case SUGU_CODE_CANCELED:
    case SUGU_CODE_FAILED:
        *ret_event = SUGU_ATTEMPT_ON_DECLINED_BY_DEVICE;
        return true;
    case SUGU_CODE_REFUNDED:
    case SUGU_CODE_NOT_FOUND: /* of a code that was made: somebody has to look */
        *ret_event = SUGU_ATTEMPT_ON_NO_ANSWER;
        return true;
    case SUGU_CODE_CREATED:
    case SUGU_CODE_AUTHORIZED:
    case SUGU_CODE_STATE_COUNT:
        break;
    }
    return false;
}

bool
sugu_code_judge(enum sugu_attempt_state attempt,
                enum sugu_code_state said,
                struct sugu_not_found *seen,
                int64_t now_us,
                enum sugu_attempt_event *ret_event)
{
    if (attempt == SUGU_ATTEMPT_SENT)
        return judge_sent(said, ret_event);
    if (said != SUGU_CODE_NOT_FOUND)
        seen->was_seen = false;
    switch (said) {
    case SUGU_CODE_COMPLETED:
        *ret_event = SUGU_ATTEMPT_ON_STATUS_APPROVED;
        break;
    case SUGU_CODE_EXPIRED:
    case SUGU_CODE_CANCELED:
    case SUGU_CODE_FAILED:
        *ret_event = SUGU_ATTEMPT_ON_STATUS_DECLINED;
        break;
    case SUGU_CODE_REFUNDED:
        *ret_event = attempt == SUGU_ATTEMPT_UNKNOWN ? SUGU_ATTEMPT_ON_TRIES_USED_UP
                                                     : SUGU_ATTEMPT_ON_STATUS_IN_PROGRESS;
        break;
    case SUGU_CODE_NOT_FOUND:
        *ret_event = sugu_payment_judge_not_found(seen, /* is_idle= */ true, now_us,
                                                  SUGU_CODE_NOT_FOUND_APART_US);
        break;
    case SUGU_CODE_CREATED:
    case SUGU_CODE_AUTHORIZED:
    case SUGU_CODE_STATE_COUNT:
        *ret_event = SUGU_ATTEMPT_ON_STATUS_IN_PROGRESS;
        break;
    }
    return attempt == SUGU_ATTEMPT_UNKNOWN || attempt == SUGU_ATTEMPT_HELD ||
           *ret_event == SUGU_ATTEMPT_ON_STATUS_APPROVED ||
           *ret_event == SUGU_ATTEMPT_ON_STATUS_DECLINED;
}

static int64_t
ask_interval_us(const struct sugu_code_watch *watch, int64_t now_us)
{
    int64_t since_us = watch->left_us ? now_us - watch->left_us : 0;

    if (since_us >= 10 * SUGU_MINUTE)
        return SUGU_CODE_ASK_SELDOM_US;
    return since_us >= SUGU_MINUTE ? SUGU_CODE_ASK_LATER_US : SUGU_CODE_ASK_US;
}

enum sugu_code_duty
sugu_code_next(const struct sugu_code_watch *watch, int64_t now_us, int64_t *ret_due_us)
{
    int64_t from_us = watch->left_us > watch->expires_us ? watch->left_us : watch->expires_us;
    int64_t ask_us = watch->last_asked_us + ask_interval_us(watch, now_us);

    *ret_due_us = now_us;
    if (!watch->left_us && watch->expires_us && now_us >= watch->expires_us)
        return SUGU_CODE_LEAVE;
    if (watch->left_us && !watch->deleted_us)
        return SUGU_CODE_DELETE;
    if (watch->left_us && now_us - from_us >= SUGU_CODE_HOLD_AFTER_US)
        return SUGU_CODE_HOLD;
    if (!watch->last_asked_us)
        ask_us = watch->shown_us + SUGU_CODE_ASK_US;
    if (now_us >= ask_us)
        return SUGU_CODE_ASK;
    *ret_due_us = ask_us;
    if (!watch->left_us && watch->expires_us && watch->expires_us < ask_us)
        *ret_due_us = watch->expires_us;
    return SUGU_CODE_WAIT;
}

#define CHANGE_OVER_MINUTES (23 * 60 + 59)

enum sugu_code_way
sugu_code_way_back(sugu_time_us paid_us, sugu_time_us provider_now_us, bool is_whole)
{
    uint32_t paid_day, day;

    if (!is_whole || !sugu_date_of_utc(paid_us, SUGU_JAPAN_OFFSET_MINUTES, &paid_day) ||
        !sugu_date_of_utc(provider_now_us, SUGU_JAPAN_OFFSET_MINUTES, &day))
        return SUGU_CODE_REFUND;
    if (day != paid_day ||
        sugu_minutes_of_utc(provider_now_us, SUGU_JAPAN_OFFSET_MINUTES) >= CHANGE_OVER_MINUTES)
        return SUGU_CODE_REFUND;
    return SUGU_CODE_CANCEL;
}

bool
sugu_code_clocks_agree(sugu_time_us own_us, sugu_time_us provider_us)
{
    int64_t apart_us = own_us > provider_us ? own_us - provider_us : provider_us - own_us;

    return apart_us <= SUGU_CODE_CLOCK_APART_MAX_US;
}
