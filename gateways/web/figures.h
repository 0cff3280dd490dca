/* SPDX-License-Identifier: Apache-2.0 */
/*
 * figures - what the program counts, as Prometheus text
 *
 * No address, no token, no number of a patient is a label (domain/reliability-security.md 5).
 */
#pragma once

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

/* Seconds, in fixed classes. */
struct web_spread {
    uint64_t classes[10];
    uint64_t count;
    int64_t sum_us;
};

#define WEB_FIGURES(X)                                                                             \
    X(connections_accepted, "connections_accepted_total", "Connections taken in.")                 \
    X(connections_refused, "connections_refused_total", "Connections closed at once: too many.")   \
    X(connections_late, "connections_late_total", "Connections ended because they took too long.") \
    X(answers_ok, "answers_ok_total", "Requests answered with what was asked for.")                \
    X(answers_unknown, "answers_unknown_total", "Requests for a page that does not exist.")        \
    X(answers_busy, "answers_busy_total", "Requests refused because an address asked too much.")   \
    X(answers_away, "answers_away_total", "Requests that could not be answered at the moment.")    \
    X(answers_refused, "answers_refused_total", "Requests of another kind than GET and HEAD.")     \
    X(changes_sent, "changes_sent_total", "Changes written to open pages.")                        \
    X(listeners_slow, "listeners_slow_total", "Open pages cut off because they did not read.")     \
    X(events_taken, "events_taken_total", "Events of the queue server.")                           \
    X(looks_failed, "looks_failed_total", "Questions to the queue server without an answer.")      \
    X(hooks_delivered, "hooks_delivered_total", "Messages that the hook's address took.")          \
    X(hooks_failed, "hooks_failed_total", "Tries to deliver a message that failed.")               \
    X(hooks_given_up, "hooks_given_up_total",                                                      \
      "Messages that the hook's address refused for good.")                                        \
    X(hooks_late, "hooks_late_total", "Messages that nobody needed to hear any more.")

struct web_figures {
#define WEB_FIGURE_FIELD(field, name, help) uint64_t field;
    WEB_FIGURES(WEB_FIGURE_FIELD)
#undef WEB_FIGURE_FIELD
    struct web_spread look_time;  /* question to answer of the queue server */
    struct web_spread shown_time; /* event of the queue server to the change written */
};

void web_spread_add(struct web_spread *spread, int64_t span_us);

/* What is now, beside what was counted. */
struct web_levels {
    size_t connections, listeners, pages, wanted, hooks_waiting;
    uint64_t looks;
    bool is_server_up;
};
void
web_figures_write(const struct web_figures *figures, const struct web_levels *levels, GString *out);
