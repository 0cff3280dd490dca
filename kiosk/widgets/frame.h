/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame - what stands around every page, always in the same place: languages, back, size, help
 */
#pragma once

#include "model.h"

#include <gtk/gtk.h>

/*
 * Properties: "model", "orientation". Its buttons name the actions view.language (target: the
 * code), view.large, view.contrast, flow.back and flow.help.
 */
#define KIOSK_TYPE_FRAME (kiosk_frame_get_type())
G_DECLARE_FINAL_TYPE(KioskFrame, kiosk_frame, KIOSK, FRAME, GtkWidget)

/* Replaces the page in the middle. */
void kiosk_frame_set_page(KioskFrame *frame, GtkWidget *page);
GtkWidget *kiosk_frame_page(KioskFrame *frame);
