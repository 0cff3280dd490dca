/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flow - which screen shows which state of the flow
 */
#pragma once

#include "screen.h"

#include "domain/kiosk-flow.h"

/* Once, after GTK was started: makes templates and the types they name known. */
void kiosk_flow_start(void);

/* A new screen (floating) for the state, bound to the model. */
GtkWidget *
kiosk_flow_screen_new(enum sugu_kiosk_state state, KioskModel *model, GtkOrientation orientation);

/* Name of the action of an event: CARD_TAKEN → "card-taken". Returns `to`. */
const char *kiosk_flow_action(char to[static 32], enum sugu_kiosk_event event);
