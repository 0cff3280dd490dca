/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper-document - an order laid out as PDF and read back by poppler
 *
 * SUGU_PAPERS_OUT=DIR keeps the PDFs for the eye.
 */
#pragma once

#include "papers/paper.h"
#include "testlib/sample-orders.h"

struct document {
    char folder[40], path[80];
    char *text; /* all blanks and line ends taken out */
    struct sugu_paper paper;
};

/* Lays the order out; `name` for SUGU_PAPERS_OUT. */
void render(const struct sample_order *sample, const char *name, struct document *document);
void document_done(struct document *document);
/* How often `words` (blanks taken out) stand in the document. */
unsigned count_of(const struct document *document, const char *words);
void assert_says(const struct document *document, const char *words);
