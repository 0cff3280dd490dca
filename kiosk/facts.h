/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts - what the kiosk knows about the person before it, in one place that can be cleared
 *
 * Owned by the session, changed by it alone, shown by the model. Everything personal lives here and
 * in the secret of the keypad; kiosk_facts_forget() is the one way to lose it.
 */
#pragma once

#include "base/id.h"
#include "domain/desk-name.h"
#include "domain/kiosk-flow.h"

#define KIOSK_APPOINTMENTS_MAX 10
#define KIOSK_CATEGORIES_MAX   24 /* of a receipt: 19 of the fee table, self-pay, room to spare */
#define KIOSK_CODE_SIZE        65

struct kiosk_appointment {
    char department_name[101];
    uint32_t minutes; /* after midnight, local time */
};

/* What one category of the fee table comes to. */
struct kiosk_category {
    char code[9]; /* "A00" … "N00", "SELF" */
    int64_t points;
    int64_t yen; /* self-pay, tax included */
};

struct kiosk_bill {
    struct sugu_id bill; /* none = there is no bill */
    uint32_t revision;
    uint32_t ratio_percent;
    uint32_t points;
    int64_t copay_yen, self_pay_yen, total_yen;
    int64_t paid_yen, due_yen;          /* of the total: already taken, and what is left */
    int64_t waived_yen, refund_due_yen; /* not asked for any more; the patient's, not back yet */
    int64_t ask_yen;                    /* to pay now: what is due, or a deposit of it */
    char on_file_code[KIOSK_CODE_SIZE]; /* why the stored card did not pay it; "" = no matter */
    bool is_deposit;                    /* no insurance is proven yet: ask_yen is less than due */
    bool is_old;                        /* of an earlier visit */
    uint32_t visit_date, refund_place;  /* YYYYMMDD; enum sugu_refund_place */
    char department_name[101];
    struct kiosk_category categories[KIOSK_CATEGORIES_MAX];
    unsigned category_count;
};

/* Ways to pay, in the order of the page; bits of struct kiosk_place. */
enum kiosk_way { KIOSK_WAY_CARD, KIOSK_WAY_CASH, KIOSK_WAY_CODE, KIOSK_WAY_COUNT };
#define KIOSK_WAY_BIT(way) (1U << (way))

enum kiosk_cash_stage {
    KIOSK_CASH_IS_NONE, /* nothing is known of any cash */
    KIOSK_CASH_IS_OPENING,
    KIOSK_CASH_IS_TAKING,
    KIOSK_CASH_IS_COUNTING,
    KIOSK_CASH_IS_GIVING,
    KIOSK_CASH_IS_DONE,
    KIOSK_CASH_IS_FAULT,
};

#define KIOSK_UNITS_MAX 12

/* Coins and notes of the present payment, or of the last one while its page is open. */
struct kiosk_cash {
    enum kiosk_cash_stage stage;
    int64_t in_yen, out_yen, owed_yen; /* counted, given out, to be had at the desk */
    int64_t units[KIOSK_UNITS_MAX];    /* that are taken now */
    unsigned unit_count;
    char code[KIOSK_CODE_SIZE]; /* about the last coin, or the machine; "" = all is well */
    bool is_stopped;            /* the patient wants everything back */
    bool is_paid;               /* and the bill, or a part of it, is */
    bool has_slip;              /* over what is owed */
};

/* The code that a phone can pay by; payload "" = there is none. */
struct kiosk_offer {
    char payload[513];
    char brand[33];
    int64_t until_utc_us;
    unsigned left_s;
};

#define KIOSK_OLD_BILLS_MAX 10

/* An unpaid bill of an earlier visit. */
struct kiosk_old_bill {
    struct sugu_id bill;
    uint32_t visit_date; /* YYYYMMDD */
    char department_name[101];
    int64_t due_yen;
    bool is_at_counter; /* can be paid by a person only */
};

enum kiosk_card_state {
    KIOSK_CARD_IS_NONE, /* numbers are those of CardOnFileState in money.proto */
    KIOSK_CARD_IS_WAITING,
    KIOSK_CARD_IS_ACTIVE,
    KIOSK_CARD_IS_SUSPENDED,
    KIOSK_CARD_IS_ENDED,
};

/* A card that pays later. */
struct kiosk_stored_card {
    enum kiosk_card_state state;
    struct sugu_id card;
    char brand[33], last4[5];
    char code[KIOSK_CODE_SIZE]; /* why it does not pay this time; "" = it does */
    bool is_told;               /* the person has seen its page */
};

enum kiosk_limit {
    KIOSK_LIMIT_LOW,
    KIOSK_LIMIT_MIDDLE,
    KIOSK_LIMIT_HIGH,
    KIOSK_LIMIT_COUNT,
};

/* The text of paying later, and what the person has said to it. */
struct kiosk_consent {
    uint32_t version; /* 0 = the house offers none */
    uint8_t hash[32];
    char language[17]; /* of the text */
    char text[16001];
    int64_t limits_yen[KIOSK_LIMIT_COUNT];
    int64_t limit_yen; /* that was chosen */
};

#define KIOSK_STAGES_MAX 12

/* One place of the day's plan. */
struct kiosk_stage {
    char department_name[101];
    uint32_t before_you;
};

struct kiosk_ticket {
    struct sugu_id visit;
    char number[17]; /* "" = there is none */
    char department_name[101];
    char desk[17]; /* where it is called to now; "" = not called */
    enum sugu_desk_word desk_word;
    bool is_waiting; /* else called, with the doctor, or done */
    uint32_t before_you;
    uint32_t low_min, high_min; /* of waiting; both 0 = not known */
    struct kiosk_stage stages[KIOSK_STAGES_MAX];
    unsigned stage_count;
    struct sugu_id token; /* none = no QR */
    bool is_to_desk;
    char reason[KIOSK_CODE_SIZE];
};

struct kiosk_person {
    char name[201];
    uint32_t birth_date; /* YYYYMMDD */
    struct kiosk_appointment appointments[KIOSK_APPOINTMENTS_MAX];
    unsigned appointment_count;
    char eligibility_code[KIOSK_CODE_SIZE]; /* "" = verified */
    bool is_eligible, is_eligibility_changed;
    uint32_t ratio_percent;
    unsigned tries_left; /* of the PIN */
    bool has_tries;
    struct kiosk_ticket ticket;
    struct kiosk_bill bill;
    enum kiosk_way way; /* of the payment that was begun last */
    struct kiosk_cash cash;
    struct kiosk_offer offer;
    struct kiosk_stored_card card;
    struct kiosk_consent consent;
    struct kiosk_old_bill old_bills[KIOSK_OLD_BILLS_MAX];
    unsigned old_count, old_shown; /* index of the one that is offered, if any can be paid here */
    char reference[8];             /* shown where no number can be had; "" = none */
    char notice[KIOSK_CODE_SIZE];  /* code whose text the page shows; "" = none */
    char paper_code[KIOSK_CODE_SIZE]; /* trouble with the paper; "" = none */
    bool is_staff_called;
    bool is_paper_out;
};

/* What is true of the kiosk, whoever stands before it. */
struct kiosk_place {
    char facility_name[121];
    char phone_page[201];         /* address for the ticket's QR; "" = the QR holds the token */
    bool has_reader, has_printer; /* work now */
    unsigned ways;                /* KIOSK_WAY_BIT of those that work now */
    bool has_server;
    char message[201]; /* the staff's own words; "" = none */
};

struct kiosk_facts {
    struct kiosk_place place;
    struct kiosk_person person;
};

/* How many old bills can be paid at a kiosk. */
unsigned kiosk_facts_payable(const struct kiosk_person *person);
/* The old bill that is offered: the `old_shown`-th of those, around and around; NULL = none. */
const struct kiosk_old_bill *kiosk_facts_old_bill(const struct kiosk_person *person);

/* Clears everything personal, so that no memory of it is left. */
void kiosk_facts_forget(struct kiosk_facts *facts);
