/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-flow - what a patient meets at a kiosk: pages, what can happen on them, what is done then
 *
 * Each state is one page. Nobody meets a dead end (design.md 1.5): every page has a way to one that
 * shows a number and a place to go, by what the patient does or by what the patient leaves undone;
 * but for the page of a kiosk that the staff closed, which takes nobody and says where to go.
 * Money that is under way never ends by a time-out: the page turns into "staff called".
 */
#pragma once

#include "domain/machine.h"

#include "domain/kiosk-flow-pages.h"
#include "domain/kiosk-flow-money.h"
#include "domain/kiosk-flow-rules.h"
#include "domain/kiosk-flow-ways.h"
#include "domain/kiosk-flow-card.h"

#define SUGU_KIOSK_RULES(X)                                                                        \
    SUGU_KIOSK_RULES_CARD(X)                                                                       \
    SUGU_KIOSK_RULES_IDENTITY(X)                                                                   \
    SUGU_KIOSK_RULES_CHECK_IN(X)                                                                   \
    SUGU_KIOSK_RULES_BILL(X)                                                                       \
    SUGU_KIOSK_RULES_WAYS(X)                                                                       \
    SUGU_KIOSK_RULES_MONEY(X)                                                                      \
    SUGU_KIOSK_RULES_CASH(X)                                                                       \
    SUGU_KIOSK_RULES_CODE(X)                                                                       \
    SUGU_KIOSK_RULES_OLD(X)                                                                        \
    SUGU_KIOSK_RULES_STORED(X)                                                                     \
    SUGU_KIOSK_RULES_PAPER(X)                                                                      \
    SUGU_KIOSK_RULES_LEAVE(X)

#define SUGU_STATE(name, kind, page) SUGU_KIOSK_##name,
enum sugu_kiosk_state { SUGU_KIOSK_STATES(SUGU_STATE) SUGU_KIOSK_STATE_COUNT };
#undef SUGU_STATE
#define SUGU_EVENT(name, by) SUGU_KIOSK_ON_##name,
enum sugu_kiosk_event { SUGU_KIOSK_EVENTS(SUGU_EVENT) SUGU_KIOSK_EVENT_COUNT };
#undef SUGU_EVENT
#define SUGU_EFFECT(name) SUGU_KIOSK_BIT_##name,
enum sugu_kiosk_bit { SUGU_KIOSK_EFFECTS(SUGU_EFFECT) SUGU_KIOSK_EFFECT_COUNT };
#undef SUGU_EFFECT
#define SUGU_EFFECT(name) SUGU_KIOSK_DO_##name = 1 << SUGU_KIOSK_BIT_##name,
enum sugu_kiosk_effect { SUGU_KIOSK_EFFECTS(SUGU_EFFECT) };
#undef SUGU_EFFECT

enum sugu_kiosk_cause { SUGU_KIOSK_BY_PATIENT, SUGU_KIOSK_BY_PAUSE, SUGU_KIOSK_BY_WORLD };

extern const struct sugu_machine sugu_kiosk_machine;

/* The machine's state with the page under a warning. All zero is the start. */
struct sugu_kiosk_flow {
    enum sugu_kiosk_state state;
    enum sugu_kiosk_state resume; /* the page before STILL_THERE; else the same as `state` */
};

/*
 * One step of the flow. What the warning page has no rule for happens to the page under it: where
 * that changes the page, the warning is gone. REFUSED "flow.not-allowed" (nothing changed) where
 * the table has no rule.
 */
enum sugu_status sugu_kiosk_flow_step(struct sugu_kiosk_flow *flow,
                                      enum sugu_kiosk_event event,
                                      uint32_t *ret_effects,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;

/* May this event happen now? */
bool sugu_kiosk_flow_allows(const struct sugu_kiosk_flow *flow, enum sugu_kiosk_event event);

enum sugu_kiosk_kind sugu_kiosk_kind_of(enum sugu_kiosk_state state);
enum sugu_kiosk_cause sugu_kiosk_cause_of(enum sugu_kiosk_event event);

/*
 * What a pause on the page means; `pauses` counts them there, from 1. A machine that was waited for
 * did not answer; a payment that is unclear is asked for again, staff come after some silence, and
 * where nothing gets better a person has to find out: nobody waits at a kiosk for ever.
 */
#define SUGU_KIOSK_PAUSES_SILENT 3
#define SUGU_KIOSK_PAUSES_MAX    12
enum sugu_kiosk_event sugu_kiosk_pause(enum sugu_kiosk_state state, unsigned pauses);

/* "bill"; "" for RESUME. Never NULL. */
const char *sugu_kiosk_page(enum sugu_kiosk_state state);
