/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-private - the inside of the model, for model*.c
 */
#pragma once

#include "model.h"

struct _KioskModel {
    GObject parent;
    char *texts[KIOSK_MODEL_TEXT_COUNT];
    char *language;
    gboolean is_large, has_contrast, flags[KIOSK_MODEL_FLAG_COUNT];
    struct kiosk_secret *secret; /* of the session */
    struct sugu_random *shuffle; /* NULL = the keys of the PIN are in order */
    GListModel *lines;           /* GListStore of KioskLine */
    enum sugu_kiosk_state state;
};

/* Notifies only where something changed. */
void kiosk_model_set_text(KioskModel *model, enum kiosk_model_text id, const char *text);
void kiosk_model_set_flag(KioskModel *model, enum kiosk_model_flag id, gboolean value);
/* The text of a format; cleared behind it. */
void kiosk_model_put(KioskModel *model, enum kiosk_model_text id, const char *format, ...)
    SUGU_PRINTF(3, 4);
/* A stored card that pays later (model-show-card.c). */
void kiosk_model_show_card(KioskModel *model,
                           const struct kiosk_person *person,
                           enum sugu_kiosk_state state);
/* Bills, cash and codes (model-show-money.c). */
void kiosk_model_show_money(KioskModel *model,
                            const struct kiosk_facts *facts,
                            enum sugu_kiosk_state state);
