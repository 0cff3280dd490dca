/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verb-bar - the desk's verbs as buttons with their keys, and the question that some of them ask
 */
#pragma once

#include "page.h"

#define DESK_TYPE_VERB_BAR (desk_verb_bar_get_type())
G_DECLARE_FINAL_TYPE(DeskVerbBar, desk_verb_bar, DESK, VERB_BAR, DeskPage)

/* Does the verb, or asks what it needs to know; nothing where it is not possible now. */
void desk_verb_bar_press(DeskVerbBar *bar, enum desk_verb verb);
/* The verb of a key, DESK_VERB_COUNT where it is none's. */
enum desk_verb desk_verb_bar_verb_of(guint key);
/* Takes a question back; false where none is open. */
bool desk_verb_bar_cancel(DeskVerbBar *bar);
