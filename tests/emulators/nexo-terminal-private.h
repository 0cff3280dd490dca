/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-terminal-private - the emulated terminal's inside: connections, messages, journal, faults
 */
#pragma once

#include "emulators/nexo-terminal.h"

#include "payment/json.h"
#include "payment/terminal/nexo-crypto.h"

#include <openssl/ssl.h>
#include <pthread.h>

#define EMULATED_JOURNAL_MAX     256
#define EMULATED_CONNECTIONS_MAX 64
#define EMULATED_MESSAGE_MAX     65536

/* What is wrong with the next payment. */
enum emulated_fault {
    FAULT_NONE,
    FAULT_DROP_REQUEST,
    FAULT_DROP_RESPONSE,
    FAULT_DELAY,
    FAULT_PATIENT,
    FAULT_CLOSE_AFTER_ANSWER,
    FAULT_DUPLICATE_ANSWER,
    FAULT_WRONG_SERVICE_ID,
    FAULT_WRONG_POI_ID,
    FAULT_SWAPPED_HEADER,
    FAULT_BAD_HMAC,
    FAULT_GARBAGE,
    FAULT_HTTP_500,
    FAULT_NO_AMOUNT,
    FAULT_DOUBLE_AMOUNT,
    FAULT_CARD_DATA,
    FAULT_BUSY,
    FAULT_PARTIAL,
    FAULT_OVER,
    FAULT_DECLINE,
    FAULT_IN_PROGRESS,
    FAULT_IN_FLIGHT,
    FAULT_REBOOT_KEEP,
    FAULT_REBOOT_LOSE,
    FAULT_HOLD_BEFORE,
    FAULT_HOLD_AFTER,
};

/* One payment in the terminal's journal. */
struct emulated_payment {
    char service_id[16], sale_id[65], transaction_id[65];
    int64_t asked_yen, approved_yen; /* approved 0 = declined */
    char condition[32];              /* of a Failure */
    bool is_done, is_aborted;
    int64_t not_found_left; /* in flight: so many questions get NotFound, then it is carried out */
    int64_t in_progress_left; /* so many questions get InProgress */
    uint32_t number;
};

struct sugu_emulated_terminal {
    char folder[256], address[64], root[300], key_file[300], poi_id[65];
    struct sugu_nexo_key *key;
    SSL_CTX *tls;
    int listener;
    pthread_t acceptor;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_ending;

    /* under the mutex */
    int open[EMULATED_CONNECTIONS_MAX]; /* descriptors of running connections, -1 = free */
    unsigned running;
    enum emulated_fault fault;
    int64_t fault_number;
    char fault_text[64];
    bool cuts_next, stalls_next, is_away, is_logged_out, is_released;
    char diagnosis[16], pan[64];
    struct emulated_payment journal[EMULATED_JOURNAL_MAX];
    unsigned journal_count;
    struct sugu_emulated_counts counts;
};

/* What a request got, and how it is to be sent. */
struct emulated_answer {
    char *envelope; /* free with free(); NULL = the line is closed without an answer */
    bool is_http_500, closes_at_once, is_doubled;
};

/* Carries an envelope out. Called on the connection's thread without the mutex. */
void emulated_terminal_serve(struct sugu_emulated_terminal *terminal,
                             const char *body,
                             size_t size,
                             struct emulated_answer *ret_answer);

/* Waits on `changed` until the deadline (monotonic); the mutex is held. False at the deadline. */
bool emulated_terminal_wait_until(struct sugu_emulated_terminal *terminal,
                                  const struct timespec *deadline);
struct timespec emulated_deadline(int64_t wait_ms);
