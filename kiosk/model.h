/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model - what the screens show, as properties to bind to
 *
 * Made from the facts by kiosk_model_show(), in the present language. Screens read it and nothing
 * else; they never change it. Text properties are "" where there is nothing to show, and the
 * widgets of empty texts hide themselves.
 */
#pragma once

#include "facts.h"
#include "secret.h"

#include "base/random.h"

#include <gio/gio.h>

/* property, what it says */
#define KIOSK_MODEL_TEXTS(X)                                                                       \
    X(FACILITY, "facility")                                                                        \
    X(MESSAGE, "message")             /* the staff's own words, as they wrote them */              \
    X(MESSAGE_TITLE, "message-title") /* whose words these are */                                  \
    X(TITLE, "title")                 /* of pages that only wait or send to a desk */              \
    X(TEXT, "text")                   /* below the title */                                        \
    X(PICTURE, "picture")             /* of such a page, see widgets/picture.h */                  \
    X(NOTICE, "notice")               /* what went wrong and what to do now */                     \
    X(HELP, "help")                   /* a member of staff is coming */                            \
    X(READER, "reader")               /* why no card can be read */                                \
    X(PAPER, "paper")                 /* trouble with the paper */                                 \
    X(TRIES, "tries")                 /* of the PIN */                                             \
    X(NAME, "name")                   /* masked */                                                 \
    X(BIRTH_DATE, "birth-date")                                                                    \
    X(APPOINTMENTS, "appointments") /* one a line */                                               \
    X(INSURANCE, "insurance")                                                                      \
    X(NUMBER, "number") /* of the ticket, or the reference */                                      \
    X(NUMBER_TITLE, "number-title")                                                                \
    X(PLACE, "place")             /* where to go with it */                                        \
    X(BEFORE, "before")           /* people before you */                                          \
    X(RANGE, "range")             /* how long that may take */                                     \
    X(PLAN, "plan")               /* the day's places in their order */                            \
    X(PLAN_SPOKEN, "plan-spoken") /* the same for who hears it */                                  \
    X(CODE, "code")               /* what the QR holds */                                          \
    X(CODE_TITLE, "code-title")                                                                    \
    X(COPAY_TITLE, "copay-title") /* points of all insured categories, the share */                \
    X(COPAY, "copay")                                                                              \
    X(SELF_PAY_TITLE, "self-pay-title") /* both "" where it is 0 */                                \
    X(SELF_PAY, "self-pay")                                                                        \
    X(TOTAL, "total")                                                                              \
    X(DUE_TITLE, "due-title") /* of the total */                                                   \
    X(DUE_NOTE, "due-note")   /* a deposit, what is waived, what is due to the patient */          \
    X(BILL_TITLE, "bill-title")                                                                    \
    X(PAY_LABEL, "pay-label")                                                                      \
    X(OLD_NOTE, "old-note") /* of earlier visits something is unpaid */                            \
    X(OLD_LABEL, "old-label")                                                                      \
    X(OLD_DESK, "old-desk") /* some of it only at the desk */                                      \
    X(CASH_IN, "cash-in")                                                                          \
    X(CASH_MISSING, "cash-missing")                                                                \
    X(CASH_MISSING_TITLE, "cash-missing-title")                                                    \
    X(CASH_UNITS, "cash-units") /* coins and notes that are taken */                               \
    X(CASH_HELP, "cash-help")   /* how it goes, where there is no notice */                        \
    X(CASH_NOTICE, "cash-notice")                                                                  \
    X(FIX_LABEL, "fix-label")                                                                      \
    X(STOP_LABEL, "stop-label")                                                                    \
    X(TAKE, "take") /* the change, or the money that came back; what is owed of it */              \
    X(ON_FILE_NOTE, "on-file-note") /* why the stored card did not pay the bill */                 \
    X(CARD_TITLE, "card-title")     /* of the pages about a stored card */                         \
    X(CARD_TEXT, "card-text")                                                                      \
    X(CARD_LABEL, "card-label") /* the stored card by brand and last digits */                     \
    X(CARD_USE, "card-use")     /* today, or not */                                                \
    X(CONSENT, "consent")       /* the text in force */                                            \
    X(LIMIT_LOW, "limit-low")                                                                      \
    X(LIMIT_MIDDLE, "limit-middle")                                                                \
    X(LIMIT_HIGH, "limit-high")                                                                    \
    X(CODE_BRAND, "code-brand")                                                                    \
    X(CODE_LEFT, "code-left")                                                                      \
    X(PAY_NOTE, "pay-note") /* why it cannot be paid here */                                       \
    X(COUNTDOWN, "countdown")

enum kiosk_model_text {
#define KIOSK_TEXT(name, property) KIOSK_MODEL_##name,
    KIOSK_MODEL_TEXTS(KIOSK_TEXT)
#undef KIOSK_TEXT
        KIOSK_MODEL_TEXT_COUNT
};

/* flag, property, what it says */
#define KIOSK_MODEL_FLAGS(X)                                                                       \
    X(CAN_PAY, "can-pay")                                                                          \
    X(CAN_PRINT, "can-print")                                                                      \
    X(CAN_CARD, "can-card") /* by this way */                                                      \
    X(CAN_CASH, "can-cash")                                                                        \
    X(CAN_CODE, "can-code")                                                                        \
    X(HAS_WAYS, "has-ways")   /* more than one */                                                  \
    X(IS_OLD, "is-old")       /* the bill is of an earlier visit */                                \
    X(HAS_OLD, "has-old")     /* unpaid bills of earlier visits, and this is none of them */       \
    X(HAS_OTHER, "has-other") /* there are unpaid bills of earlier visits, or were */              \
    X(CAN_OLD, "can-old")     /* one of them can be paid here */                                   \
    X(HAS_MORE, "has-more")   /* so, more than one */                                              \
    X(IS_PLAIN, "is-plain")   /* nothing is to be taken but papers */                              \
    X(CAN_STORE, "can-store") /* a card may be stored that pays later */                           \
    X(HAS_CARD, "has-card")   /* one is stored */                                                  \
    X(CAN_USE, "can-use")     /* or not, today */                                                  \
    X(IS_FULL, "is-full")     /* the page says more than it mostly does */                         \
    X(CAN_FIX, "can-fix")     /* some cash is in, and not enough */

enum kiosk_model_flag {
#define KIOSK_FLAG(name, property) KIOSK_MODEL_##name,
    KIOSK_MODEL_FLAGS(KIOSK_FLAG)
#undef KIOSK_FLAG
        KIOSK_MODEL_FLAG_COUNT
};

/*
 * Further properties: "language" (code), "is-large", "has-contrast", "shuffle" (pointer: the
 * struct sugu_random that puts the keys of the PIN in order, or NULL), the flags below,
 * "secret" (pointer, see secret.h), "lines" (GListModel of KioskLine: the bill by category, or
 * old bills). Signal
 * "page-changed": another page, or the same anew, is to be built.
 */
#define KIOSK_TYPE_MODEL (kiosk_model_get_type())
G_DECLARE_FINAL_TYPE(KioskModel, kiosk_model, KIOSK, MODEL, GObject)

/* `secret` is not owned and outlives the model. */
KioskModel *kiosk_model_new(struct kiosk_secret *secret);

/* Takes over what the facts say of this page. `countdown_s` is shown by the warning. */
void kiosk_model_show(KioskModel *model,
                      const struct kiosk_facts *facts,
                      const struct sugu_kiosk_flow *flow,
                      unsigned countdown_s);
/* Has the page built anew: another state, another language, another size. */
void kiosk_model_change_page(KioskModel *model, enum sugu_kiosk_state state);
enum sugu_kiosk_state kiosk_model_state(KioskModel *model);

void kiosk_model_set_language(KioskModel *model, const char *code);
void kiosk_model_set_large(KioskModel *model, gboolean is_large);
void kiosk_model_set_contrast(KioskModel *model, gboolean has_contrast);
/* Keys of the PIN in a new order each time; NULL = in their own. `random` outlives the model. */
void kiosk_model_set_shuffle(KioskModel *model, struct sugu_random *random);
/* Language, size and contrast as the first patient of the day finds them. */
void kiosk_model_reset_view(KioskModel *model, const char *language);
const char *kiosk_model_language(KioskModel *model);
gboolean kiosk_model_is_large(KioskModel *model);
gboolean kiosk_model_has_contrast(KioskModel *model);

/* One category of the bill: properties "name", "points", "yen". */
#define KIOSK_TYPE_LINE (kiosk_line_get_type())
G_DECLARE_FINAL_TYPE(KioskLine, kiosk_line, KIOSK, LINE, GObject)
