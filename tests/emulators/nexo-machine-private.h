/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-machine-private - the emulated terminal's memory, shared by the files nexo-machine*.c
 */
#pragma once

#include "emulators/nexo-machine.h"

#include "payment/json.h"
#include "port/terminal.h"

#define EMULATED_JOURNAL_MAX 1024 /* rows; the oldest are overwritten */
#define EMULATED_CHARGES_MAX 4096
#define EMULATED_MESSAGE_MAX 65536

/* What is wrong with the next deed; whether a number has to follow the command. */
#define EMULATED_FAULTS(X)                                                                         \
    X(DROP_REQUEST, "drop-request", false)                                                         \
    X(DROP_RESPONSE, "drop-response", false)                                                       \
    X(DELAY, "delay", true)                                                                        \
    X(PATIENT, "patient", true)                                                                    \
    X(CLOSE_AFTER_ANSWER, "close-after-answer", false)                                             \
    X(DUPLICATE_ANSWER, "duplicate-answer", false)                                                 \
    X(WRONG_SERVICE_ID, "wrong-service-id", false)                                                 \
    X(WRONG_POI_ID, "wrong-poi-id", false)                                                         \
    X(SWAPPED_HEADER, "swapped-header", false)                                                     \
    X(BAD_HMAC, "bad-hmac", false)                                                                 \
    X(GARBAGE, "garbage", false)                                                                   \
    X(HTTP_500, "http-500", false)                                                                 \
    X(NO_AMOUNT, "no-amount", false)                                                               \
    X(DOUBLE_AMOUNT, "double-amount", false)                                                       \
    X(CARD_DATA, "card-data", false)                                                               \
    X(NO_TOKEN, "no-token", false)                                                                 \
    X(BUSY, "busy", false)                                                                         \
    X(PARTIAL, "partial", true)                                                                    \
    X(OVER, "over", true)                                                                          \
    X(IN_PROGRESS, "in-progress", true)                                                            \
    X(IN_FLIGHT, "in-flight", true)                                                                \
    X(REBOOT_KEEP, "reboot-keep", false)                                                           \
    X(REBOOT_LOSE, "reboot-lose", false)                                                           \
    X(HOLD_BEFORE, "hold-before", false)                                                           \
    X(HOLD_AFTER, "hold-after", false)

enum emulated_fault {
    FAULT_NONE,
#define FAULT(id, name, wants_number) FAULT_##id,
    EMULATED_FAULTS(FAULT)
#undef FAULT
        FAULT_DECLINE,
};

/* One deed in the terminal's journal. */
struct emulated_row {
    uint32_t number; /* 0 = the place is free */
    enum sugu_terminal_deed deed;
    char service_id[16], sale_id[65], transaction_id[65], original[128];
    int64_t asked_yen, approved_yen;
    char condition[32]; /* of a Failure; "" = approved */
    bool is_done, is_held, is_aborted, has_no_token;
    int64_t carry_us;       /* when the patient has finished */
    int64_t not_found_left; /* in flight: so many questions get NotFound, then it is carried out */
    int64_t in_progress_left; /* so many questions get InProgress */
};

/* What the card company knows; a reboot of the terminal does not touch it. */
struct emulated_charge {
    char id[128], transaction_id[65];
    int64_t yen, given_back_yen;
};

/* Since the last reconciliation. */
struct emulated_period {
    int64_t number, debits, debit_yen, credits, credit_yen;
};

struct sugu_emulated_machine {
    struct sugu_nexo_key *key;
    struct sugu_random *random;
    enum emulated_fault fault;
    int64_t fault_number;
    char fault_text[64], display_condition[32];
    bool cuts_next, stalls_next, is_away, is_logged_out, is_released, shows_patient;
    char diagnosis[32], pan[64], token[160];
    struct emulated_row journal[EMULATED_JOURNAL_MAX];
    uint32_t row_count; /* ever */
    uint32_t undone;    /* rows that are not done: nothing to do where there is none */
    struct emulated_charge charges[EMULATED_CHARGES_MAX];
    uint32_t charge_count; /* ever */
    struct emulated_period period, previous;
    struct sugu_emulated_counts counts;
};

/* One opened request. */
struct emulated_request {
    struct sugu_json json;
    char *plain;
    char class[16], category[32], service_id[16], sale_id[65], poi_id[65], version[16];
    int body; /* node of "PaymentRequest" … */
};

struct sugu_emulated_exchange {
    struct emulated_request request;
    struct sugu_emulated_answer answer;
    enum emulated_fault fault;
    uint32_t row;      /* number of the deed's row; 0 = the answer stands already */
    int64_t answer_us; /* not before */
    bool is_dropped;   /* the line is closed without an answer */
};

/* nexo-machine-journal.c: deeds. */
struct emulated_row *emulated_row_find(struct sugu_emulated_machine *machine,
                                       const char *service_id);
struct emulated_row *emulated_row_of(struct sugu_emulated_machine *machine, uint32_t number);
/* A new row out of a Payment or Reversal; NULL where the service id is used or the request wrong.
 */
struct emulated_row *emulated_row_new(struct sugu_emulated_machine *machine,
                                      const struct emulated_request *request);
/* Does a deed run, its patient not finished? */
bool emulated_is_running(const struct sugu_emulated_machine *machine);
/* The deed happens: money moves, or a Failure is noted. */
void emulated_carry_out(struct sugu_emulated_machine *machine, struct emulated_row *row);
/* Carries out what time, release or abort have made ripe. */
void emulated_advance(struct sugu_emulated_machine *machine, int64_t now_us);
void emulated_lose_journal(struct sugu_emulated_machine *machine);

/* nexo-machine-answer.c: the texts. */
bool emulated_open_request(const struct sugu_emulated_machine *machine,
                           const char *body,
                           size_t size,
                           struct emulated_request *request);
char *emulated_reply_condition(const struct sugu_emulated_machine *machine,
                               const struct emulated_request *request,
                               const char *condition);
char *emulated_reply_row(const struct sugu_emulated_machine *machine,
                         const struct emulated_request *request,
                         const struct emulated_row *row,
                         enum emulated_fault fault);
char *emulated_reply_repeated(const struct sugu_emulated_machine *machine,
                              const struct emulated_request *request,
                              const struct emulated_row *row);
char *emulated_reply_diagnosis(const struct sugu_emulated_machine *machine,
                               const struct emulated_request *request);
char *emulated_reply_display(const struct sugu_emulated_machine *machine,
                             const struct emulated_request *request,
                             const char *condition);
char *emulated_reply_totals(const struct sugu_emulated_machine *machine,
                            const struct emulated_request *request,
                            const struct emulated_period *period);
