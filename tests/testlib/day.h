/* SPDX-License-Identifier: Apache-2.0 */
/*
 * day - one patient's day over the wire, step by step, with the test as every peer
 *
 * The patient is 佐藤 花子 (0002), with the FeliCa card, insured, expected by eye (B). Each step
 * checks what it got back and waits for the events that it makes, unless it is named send_…:
 * those return the reply (freed by the caller).
 */
#pragma once

#include "testlib/hospital.h"

/* Events that sugu_day_play makes, in the server's table. */
#define SUGU_DAY_EVENTS 30
/* Money that it moves. */
#define SUGU_DAY_YEN 1750

struct sugu_day;

typedef Sugu__Reply *(*sugu_day_call)(struct sugu_day *day,
                                      struct sugu_test_client *client,
                                      Sugu__Request__BodyCase body_case,
                                      void *body,
                                      const struct sugu_id *id);

struct sugu_day {
    struct sugu_hospital hospital;
    struct sugu_test_client kiosk, printer, payment, desk, insurance, fee;
    struct sugu_id session, eligibility, visit, bill, attempt; /* of the present visit */
    char number[17];
    uint32_t answered_ratio; /* in the answer of the insurance: 30; 0 = it does not say */
    sugu_day_call call;      /* how requests are sent; NULL = sugu_test_client_call */
};

/* Starts a hospital with the clients kiosk-1, printer-1, payment-1 (of that kiosk), desk-1,
 * insurance and fee. */
void sugu_day_init(struct sugu_day *day);
void sugu_day_done(struct sugu_day *day);
#define SUGU_DAY_CLIENTS 6
void sugu_day_clients(struct sugu_day *day, struct sugu_test_client *clients[SUGU_DAY_CLIENTS]);
/* Fresh ids for another visit of the same patient. */
void sugu_day_begin_visit(struct sugu_day *day);

/* Frees the reply; its code has to be this one, "" = OK. */
void sugu_day_expect_code(Sugu__Reply *reply, const char *code);

/* `birthday` MMDD, 0 = not entered; 1123 is right. */
Sugu__Reply *sugu_day_send_open(struct sugu_day *day, uint32_t birthday);
void sugu_day_open_session(struct sugu_day *day);
/* The kiosk asks, the gateway gives this answer. */
void
sugu_day_verify_insurance(struct sugu_day *day, Sugu__EligibilityOutcome outcome, const char *code);
/* `request` is the id of the request; may be NULL. */
Sugu__Reply *sugu_day_send_check_in(struct sugu_day *day, const struct sugu_id *request);
/* Has to get this number. */
void sugu_day_check_in(struct sugu_day *day, const char *number);
Sugu__Reply *sugu_day_send_move(struct sugu_day *day,
                                const char *desk,
                                Sugu__TicketVerb verb,
                                const char *number);
/* Desk 2 calls the next one, who has to be this patient, and finishes. */
void sugu_day_pass_stage(struct sugu_day *day);
/* One act; the order reaches the fee gateway. */
void sugu_day_record_acts(struct sugu_day *day, const char *code);
Sugu__Reply *
sugu_day_send_announce(struct sugu_day *day, uint32_t acts_version, uint32_t points, int64_t yen);
/* Announces and waits until the kiosk, whose session is open, shows it as revision `version`. */
void sugu_day_bill_arrives(struct sugu_day *day, uint32_t version, uint32_t points, int64_t yen);
Sugu__Reply *sugu_day_send_begin_payment(struct sugu_day *day, uint32_t revision, int64_t yen);
Sugu__Reply *sugu_day_send_end_payment(struct sugu_day *day, Sugu__AttemptState state, int64_t yen);
/* Begins, is approved, reaches the fee gateway, is confirmed. */
void sugu_day_pay(struct sugu_day *day, uint32_t revision, int64_t yen);
Sugu__Reply *sugu_day_send_issue_receipt(struct sugu_day *day);
/* The receipt has to have this number, and to be that copy of it (0 = the original). */
void sugu_day_issue_receipt(struct sugu_day *day, uint64_t number, uint32_t copy, int64_t paid_yen);
/* A paper came out. */
void sugu_day_report_paper(struct sugu_day *day, Sugu__PaperKind kind);
/* The kiosk closes the session; the visit has to be in this state then. */
void sugu_day_close(struct sugu_day *day, Sugu__VisitState state);

/* From the card to the bill of 870 yen on the kiosk's screen. The first visit of the day. */
void sugu_day_until_billed(struct sugu_day *day);
/* A whole visit: the bill comes twice, is paid (SUGU_DAY_YEN), the receipt is printed twice. `nth`
 * visit of the day, from 1: gets ticket B-00n and receipt n. */
void sugu_day_play(struct sugu_day *day, unsigned nth);

/* What sugu-admin says about the ledger. */
void sugu_day_ledger_says(struct sugu_day *day, const char *lines);
