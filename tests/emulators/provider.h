/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider - what every emulated payment provider is: one question in, one answer out
 *
 * Pure: no socket, no thread, no time of its own. provider-https puts one behind TLS,
 * provider-direct behind the http port in the same process, under a virtual clock. What is wrong on
 * the way is here; what the provider itself does is in code-provider and card-on-file-provider.
 *
 * Commands, one line each. For the next question (or the next whose path contains WORD, where
 * `at WORD ` stands before the command):
 *   drop-request              not carried out, line closed
 *   drop-response             carried out, line closed
 *   in-flight N               line closed; arrives just before the N-th question from then on
 *   late MS                   carried out, answered after MS
 *   twice                     arrives twice; the first answer is given
 *   http STATUS               carried out, then an answer of that status without content
 *   refuse STATUS             not carried out, an answer of that status without content
 *   garbage                   carried out, answered with bytes that are no JSON
 *   taint N TEXT              carried out; the text of the answer's N-th string is TEXT
 * Lasting: away on|off (nothing can be sent), skew SECONDS (the provider's clock goes ahead),
 *   revoke on|off (our key is not taken any more), reset (drops faults and modes).
 * Questions: counts.
 */
#pragma once

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sugu_provider_question {
    const char *method, *path;
    const char *headers; /* "Name: value\r\n" each */
    const char *body;    /* "" = none */
};

struct sugu_provider_reply {
    unsigned status;
    char headers[512]; /* "Name: value\r\n" each */
    char body[4096];
    uint32_t delay_ms;
    bool is_silent; /* the line is closed without an answer */
};

enum sugu_provider_fault {
    SUGU_PROVIDER_FINE,
    SUGU_PROVIDER_DROP_REQUEST,
    SUGU_PROVIDER_DROP_RESPONSE,
    SUGU_PROVIDER_IN_FLIGHT,
    SUGU_PROVIDER_LATE,
    SUGU_PROVIDER_TWICE,
    SUGU_PROVIDER_HTTP,
    SUGU_PROVIDER_REFUSE,
    SUGU_PROVIDER_GARBAGE,
    SUGU_PROVIDER_TAINT,
};

/* Money that truly moved, and what was asked. */
struct sugu_provider_counts {
    uint32_t questions;
    uint32_t takes, gives; /* how often money moved to and from the hospital */
    uint32_t twins;        /* takes for something that had been taken before */
    int64_t taken_yen, given_yen;
};

struct sugu_provider;

struct sugu_provider_ops {
    void (*serve)(struct sugu_provider *provider,
                  const struct sugu_provider_question *question,
                  struct sugu_provider_reply *reply);
    /* A command that is not one of the above; false where it is not known. */
    bool (*command)(struct sugu_provider *provider,
                    const char *name,
                    const char *argument,
                    char *answer,
                    size_t answer_size);
};

/* A question that is still on its way; questions_left 0 = none. */
struct sugu_provider_in_flight {
    char method[16], path[200], headers[2048], body[2048];
    int64_t questions_left;
};

struct sugu_provider {
    const struct sugu_provider_ops *ops;
    const struct sugu_clock *clock; /* not owned */
    struct sugu_provider_counts counts;
    enum sugu_provider_fault fault;
    int64_t fault_number;
    char fault_text[160], fault_at[64];
    struct sugu_provider_in_flight in_flight;
    bool was_tainted; /* the last `taint` found its string */
    bool is_away, is_revoked;
    int64_t skew_s;
};

/* `array`, with room for one more than the `count` it has: what is remembered grows by doubling, so
 * that thousands of short tests do not pay for a long one. Ends the process without memory. */
void *sugu_provider_grow(void *array, unsigned count, size_t size);

/* The provider's time, seconds since 1970. */
int64_t sugu_provider_now_s(const struct sugu_provider *provider);
/* The value of a header of the question; false where it is missing or too long. */
bool sugu_provider_header(const struct sugu_provider_question *question,
                          const char *name,
                          char *to,
                          size_t size);

/* Carries a question out, with what is wrong on the way. Not while `is_away`. */
void sugu_provider_ask(struct sugu_provider *provider,
                       const struct sugu_provider_question *question,
                       struct sugu_provider_reply *reply);
/* The answer's text, at least "ok", goes to `answer`. False: not known. */
bool sugu_provider_command(struct sugu_provider *provider,
                           const char *line,
                           char *answer,
                           size_t answer_size);
