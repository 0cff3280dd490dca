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
    int64_t paid_yen, due_yen; /* of the total: already taken, and what is left */
    struct kiosk_category categories[KIOSK_CATEGORIES_MAX];
    unsigned category_count;
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
    char reference[8];                /* shown where no number can be had; "" = none */
    char notice[KIOSK_CODE_SIZE];     /* code whose text the page shows; "" = none */
    char paper_code[KIOSK_CODE_SIZE]; /* trouble with the paper; "" = none */
    bool is_staff_called;
    bool is_paper_out;
};

/* What is true of the kiosk, whoever stands before it. */
struct kiosk_place {
    char facility_name[121];
    char phone_page[201]; /* address for the ticket's QR; "" = the QR holds the token */
    bool has_reader, has_printer, has_terminal; /* work now */
    bool has_server;
    char message[201]; /* the staff's own words; "" = none */
};

struct kiosk_facts {
    struct kiosk_place place;
    struct kiosk_person person;
};

/* Clears everything personal, so that no memory of it is left. */
void kiosk_facts_forget(struct kiosk_facts *facts);
