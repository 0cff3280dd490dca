/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page - what one visit's page says: the server's facts, and what the patient should do now
 *
 * Pure. Nothing here says who the patient is.
 */
#pragma once

#include "domain/desk-name.h"
#include "domain/plan.h"
#include "domain/visit.h"
#include "protocol/message.h"

#define WEB_STAGES_MAX 20 /* bounds.def, PhonePage */
#define WEB_LINES_MAX  20 /* bounds.def, PhonePages */

struct web_stage {
    char department[SUGU_DEPARTMENT_SIZE];
    char name[101];
    enum sugu_stage_kind kind;
    enum sugu_stage_state state;
    uint32_t before_you;
    uint32_t low_min, high_min; /* both 0 = not known */
    char desk[17];
    enum sugu_desk_word desk_word;
};

struct web_page {
    bool is_found; /* false: no such token, or its day is over; the rest is empty then */
    struct sugu_id visit;
    char number[SUGU_TICKET_NUMBER_SIZE];
    enum sugu_visit_state state;
    bool is_bill_ready, is_at_counter, is_paid;
    char language[17]; /* of the visit, as the kiosk said it; "" = not known */
    size_t stage_count;
    struct web_stage stages[WEB_STAGES_MAX];
};

/* What all pages have in common. */
struct web_house {
    char facility_name[121];
    size_t line_count;
    struct {
        char language[17]; /* "" = for all */
        char text[301];
    } lines[WEB_LINES_MAX];
};

/* Copies out of a checked message; unused bytes are zero, so that equal pages are equal bytes. */
void web_page_read(const Sugu__PhonePage *from, struct web_page *to);
void web_house_read(const Sugu__PhonePages *from, struct web_house *to);
bool web_page_equal(const struct web_page *a, const struct web_page *b);
bool web_house_equal(const struct web_house *a, const struct web_house *b);

/* What the patient should do now; the first that is true, in this order. */
#define WEB_ADVICES(X)                                                                             \
    X(OVER)      /* nobody came, or cancelled: see the reception */                                \
    X(CALLED)    /* go to a desk */                                                                \
    X(PRESENT)   /* is there */                                                                    \
    X(MISSED)    /* was called and did not come */                                                 \
    X(SOON)      /* come back: few are before */                                                   \
    X(BILL)      /* pay */                                                                         \
    X(COUNTER)   /* a person settles the bill */                                                   \
    X(PAID_NEXT) /* paid; one more place to go to */                                               \
    X(WAIT)                                                                                        \
    X(PARKED)                                                                                      \
    X(LEAVE)     /* paid, nothing else to do */                                                    \
    X(GOODBYE)   /* has left, or there was nothing to pay */                                       \
    X(BILL_SOON) /* all places done, the bill is not there yet */

enum web_advice {
#define WEB_ADVICE_ROW(name) WEB_ADVICE_##name,
    WEB_ADVICES(WEB_ADVICE_ROW)
#undef WEB_ADVICE_ROW
        WEB_ADVICE_COUNT,
};

/*
 * `few`: so many before the patient are "soon". Writes the stage that is meant, or WEB_STAGES_MAX
 * where it is about none.
 */
enum web_advice web_page_advice(const struct web_page *page, uint32_t few, size_t *ret_stage);

/* Is the stage one that the page shows? Moved and dropped ones are not. */
bool web_stage_is_shown(const struct web_stage *stage);
