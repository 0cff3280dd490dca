/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line - between the queue server and the book: looks, events, the outbox of the message hooks
 */
#pragma once

#include "web/book.h"
#include "web/figures.h"
#include "web/hooks.h"

#include "client/client.h"

#include <glib.h>

struct web_line;

/* `hooks` NULL: the outbox is left alone. All outlive the line. */
struct web_line *web_line_new(struct web_book *book,
                              struct web_hooks *hooks,
                              const struct sugu_clock *clock,
                              struct web_figures *figures);
struct web_line *web_line_free(struct web_line *line);

/* What the client is made with; then the client itself, and the loop may turn. */
struct sugu_client_callbacks web_line_callbacks(struct web_line *line);
void web_line_start(struct web_line *line, struct sugu_client *client);

bool web_line_is_up(const struct web_line *line);
