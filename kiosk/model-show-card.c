/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-show-card - a stored card that pays later into the words of the present language
 */
#include "model-private.h"

#include "words.h"

#include <glib/gi18n.h>

#include <stdio.h>
#include <string.h>

#define put kiosk_model_put

/* Does the person want to pay otherwise today? */
static bool
is_declined(const struct kiosk_stored_card *card)
{
    return strcmp(card->code, "later.not-this-time") == 0;
}

/* "VISA •••• 1234" */
static void
name_card(char to[static 64], const struct kiosk_stored_card *card)
{
    snprintf(to, 64, "%s%s••••\u00a0%s", card->brand, card->brand[0] ? " " : "", card->last4);
}

static void
show_my_card(KioskModel *model, const struct kiosk_stored_card *card)
{
    char name[64];

    name_card(name, card);
    put(model, KIOSK_MODEL_CARD_TITLE, "%s", _("Your stored card"));
    if (card->state == KIOSK_CARD_IS_ENDED)
        put(model, KIOSK_MODEL_CARD_TEXT, "%s", _("Your card is no longer stored."));
    else if (card->state == KIOSK_CARD_IS_WAITING)
        put(model, KIOSK_MODEL_CARD_TEXT, "%s", _("Your card is being checked."));
    else if (is_declined(card))
        put(model, KIOSK_MODEL_CARD_TEXT, "%s",
            _("Today you pay the bill yourself, before you leave."));
    else if (card->code[0])
        put(model, KIOSK_MODEL_CARD_TEXT, "%s", kiosk_words_code(card->code));
    else
        put(model, KIOSK_MODEL_CARD_TEXT,
            _("Today's bill will be charged to %s. You may leave without stopping to pay."), name);
}

static void
show_stored(KioskModel *model, const struct kiosk_person *person, enum sugu_kiosk_state state)
{
    char yen[KIOSK_WORDS_SIZE];

    if (state == SUGU_KIOSK_CARD_STORED) {
        put(model, KIOSK_MODEL_CARD_TITLE, "%s", _("Your card is stored"));
        put(model, KIOSK_MODEL_CARD_TEXT,
            _("From your next visit on you may leave without stopping to pay: up to %s a visit."),
            kiosk_words_yen(yen, person->consent.limit_yen));
    } else if (state == SUGU_KIOSK_CARD_NOT_STORED) {
        put(model, KIOSK_MODEL_CARD_TITLE, "%s", _("Your card was not stored"));
        put(model, KIOSK_MODEL_CARD_TEXT, "%s",
            _("Nothing was charged. You can try again after your next visit."));
    } else {
        show_my_card(model, &person->card);
    }
}

static void
show_limits(KioskModel *model, const struct kiosk_consent *consent)
{
    static const enum kiosk_model_text texts[KIOSK_LIMIT_COUNT] = {
        KIOSK_MODEL_LIMIT_LOW, KIOSK_MODEL_LIMIT_MIDDLE, KIOSK_MODEL_LIMIT_HIGH};

    for (unsigned i = 0; i < KIOSK_LIMIT_COUNT; i++) {
        char yen[KIOSK_WORDS_SIZE];
        put(model, texts[i], _("Up to %s a visit"), kiosk_words_yen(yen, consent->limits_yen[i]));
    }
}

void
kiosk_model_show_card(KioskModel *model,
                      const struct kiosk_person *person,
                      enum sugu_kiosk_state state)
{
    const struct kiosk_stored_card *card = &person->card;
    bool is_stored = card->state == KIOSK_CARD_IS_ACTIVE || card->state == KIOSK_CARD_IS_SUSPENDED;
    bool can_use = card->state == KIOSK_CARD_IS_ACTIVE && (!card->code[0] || is_declined(card));
    char name[64];

    name_card(name, card);
    put(model, KIOSK_MODEL_ON_FILE_NOTE, "%s",
        person->bill.ask_yen > 0 ? kiosk_words_code(person->bill.on_file_code) : "");
    show_stored(model, person, state);
    show_limits(model, &person->consent);
    kiosk_model_set_text(model, KIOSK_MODEL_CONSENT, person->consent.text);
    if (is_stored)
        put(model, KIOSK_MODEL_CARD_LABEL, _("Stored card %s"), name);
    else
        put(model, KIOSK_MODEL_CARD_LABEL, "%s", "");
    put(model, KIOSK_MODEL_CARD_USE, "%s",
        card->code[0] ? _("Let the card pay after all") : _("Today I pay myself"));
    kiosk_model_set_flag(model, KIOSK_MODEL_CAN_STORE, person->consent.version != 0);
    kiosk_model_set_flag(model, KIOSK_MODEL_HAS_CARD, is_stored);
    kiosk_model_set_flag(model, KIOSK_MODEL_CAN_USE, can_use);
}
