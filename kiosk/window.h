/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window - the one window of a kiosk: shows the model's page in the frame, hears touches and keys
 *
 * The title is the id of the page (domain/kiosk-flow.h), for tests and assistive programs.
 */
#pragma once

#include "model.h"
#include "style.h"

#include <gtk/gtk.h>

/* After another page came, touches mean nothing for this long: people tap twice. */
#define KIOSK_SETTLE_MS 400

/*
 * Signals: "touched" (somebody is there), "scanned" (pointer to struct sugu_id, the token of a
 * ticket), "shown" (page id; the first frame of another page was painted).
 */
#define KIOSK_TYPE_WINDOW (kiosk_window_get_type())
G_DECLARE_FINAL_TYPE(KioskWindow, kiosk_window, KIOSK, WINDOW, GtkWindow)

/*
 * `style` is not owned and outlives the window; `flow` is the action group of the patient's events.
 * `width` and `height` (pixels) are what the window expects of its screen; it follows when the
 * screen turns out to be another one.
 */
KioskWindow *kiosk_window_new(
    KioskModel *model, struct kiosk_style *style, GActionGroup *flow, int width, int height);
