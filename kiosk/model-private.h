/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-private - the inside of the model, for model.c and model-show.c
 */
#pragma once

#include "model.h"

struct _KioskModel {
    GObject parent;
    char *texts[KIOSK_MODEL_TEXT_COUNT];
    char *language;
    gboolean is_large, has_contrast, can_pay, can_print;
    struct kiosk_secret *secret; /* of the session */
    struct sugu_random *shuffle; /* NULL = the keys of the PIN are in order */
    GListModel *lines;           /* GListStore of KioskLine */
    enum sugu_kiosk_state state;
};

/* Notifies only where something changed. */
void kiosk_model_set_text(KioskModel *model, enum kiosk_model_text id, const char *text);
void kiosk_model_set_can(KioskModel *model, gboolean can_pay, gboolean can_print);
