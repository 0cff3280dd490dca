/* SPDX-License-Identifier: Apache-2.0 */
/*
 * figures - what the program counts, as Prometheus text
 */
#include "web/figures.h"

#include "base/clock.h"
#include "base/macros.h"

#include <inttypes.h>

/* Upper bounds; the last class is what is above. */
static const int64_t bounds_ms[] = {1, 3, 10, 30, 100, 300, 1000, 3000, 10000};
_Static_assert(SUGU_ARRAY_SIZE(bounds_ms) + 1 == 10, "classes of struct web_spread");

void
web_spread_add(struct web_spread *spread, int64_t span_us)
{
    size_t i = 0;

    while (i < SUGU_ARRAY_SIZE(bounds_ms) && span_us > bounds_ms[i] * SUGU_MS)
        i++;
    spread->classes[i]++;
    spread->count++;
    spread->sum_us += span_us;
}

static void
put(GString *out, const char *kind, const char *name, const char *help, uint64_t value)
{
    g_string_append_printf(
        out, "# HELP sugu_web_%s %s\n# TYPE sugu_web_%s %s\nsugu_web_%s %" PRIu64 "\n", name, help,
        name, kind, name, value);
}

static void
put_spread(GString *out, const char *name, const char *help, const struct web_spread *spread)
{
    uint64_t up_to = 0;

    g_string_append_printf(out, "# HELP sugu_web_%s %s\n# TYPE sugu_web_%s histogram\n", name, help,
                           name);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(bounds_ms); i++) {
        up_to += spread->classes[i];
        g_string_append_printf(out,
                               "sugu_web_%s_bucket{le=\"%" PRId64 ".%03" PRId64 "\"} %" PRIu64 "\n",
                               name, bounds_ms[i] / 1000, bounds_ms[i] % 1000, up_to);
    }
    g_string_append_printf(out, "sugu_web_%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name,
                           spread->count);
    g_string_append_printf(out, "sugu_web_%s_sum %" PRId64 ".%06" PRId64 "\n", name,
                           spread->sum_us / SUGU_SECOND, spread->sum_us % SUGU_SECOND);
    g_string_append_printf(out, "sugu_web_%s_count %" PRIu64 "\n", name, spread->count);
}

void
web_figures_write(const struct web_figures *figures, const struct web_levels *levels, GString *out)
{
#define WEB_FIGURE_LINE(field, name, help) put(out, "counter", name, help, figures->field);
    WEB_FIGURES(WEB_FIGURE_LINE)
#undef WEB_FIGURE_LINE
    put(out, "counter", "looks_total", "Pages asked of the queue server.", levels->looks);
    put(out, "gauge", "connections", "Connections that are open.", levels->connections);
    put(out, "gauge", "listeners", "Open pages that are kept right by events.", levels->listeners);
    put(out, "gauge", "pages", "Pages in memory.", levels->pages);
    put(out, "gauge", "pages_wanted", "Pages that wait to be asked for.", levels->wanted);
    put(out, "gauge", "hooks_waiting", "Messages that wait to be delivered.",
        levels->hooks_waiting);
    put(out, "gauge", "server_up", "1 where the queue server answers.", levels->is_server_up);
    put_spread(out, "look_seconds", "Question to answer of the queue server.", &figures->look_time);
    put_spread(out, "shown_seconds", "Event of the queue server to the change written.",
               &figures->shown_time);
}
