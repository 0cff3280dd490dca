/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool - papers on disk, so that a restart asks what became of them instead of printing twice
 *
 * Per paper, in the spool folder, named by the paper's id:
 *   ID.order  the order as it came (protobuf), until the paper is over
 *   ID.pdf    the laid-out document (or ID.pwg), until the paper is over
 *   ID.job    what is known of it, a few lines of text; stays for a week after, so that the same
 *             order again is the same paper
 * All written whole (base/files.h), mode 0600. Order and document hold personal data and go as soon
 * as the paper is over.
 */
#pragma once

#include "base/id.h"
#include "domain/print-job.h"
#include "protocol/message.h"

#define SUGU_SPOOL_OPEN_MAX 64   /* papers that are not over */
#define SUGU_SPOOL_ALL_MAX  4096 /* with those that are; the oldest of these go first */
#define SUGU_SPOOL_KEPT_US  (INT64_C(7) * 24 * 60 * SUGU_MINUTE)

struct sugu_spooled {
    struct sugu_id paper;
    struct sugu_id visit;  /* "none" where the order has none */
    struct sugu_id report; /* id of the request that tells the server how it ended */
    Sugu__PaperKind kind;
    enum sugu_print_job_state state;
    const char *code;     /* static, from error-codes.def; "" while all is well */
    int32_t device_job;   /* 0 = none yet */
    uint32_t pages;       /* 0 = not laid out yet */
    double width, height; /* points */
    bool is_pdf;
    uint64_t digest; /* of the order: the same id with another order is refused */
    sugu_time_us accepted_utc;
    sugu_time_us
        until_utc;    /* who ordered it is gone then: it must not come out; 0 = no such time */
    bool is_reported; /* the request to the server is stored (or there is no server) */
    bool must_cancel; /* over, but the device may still hold the document: tell it to drop it */
    /* Not on disk: */
    bool is_told; /* the present state and code were published */
};

struct sugu_spool {
    char folder[512];
    struct sugu_spooled *papers; /* in the order of their acceptance */
    size_t count, room;
};

/*
 * Opens the folder (made if missing) and reads what is there. A job file that cannot be understood
 * is set aside as NAME.bad and counted in *ret_bad. BROKEN where the folder cannot be used.
 */
enum sugu_status sugu_spool_open(struct sugu_spool *spool,
                                 const char *folder,
                                 size_t *ret_bad,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;
void sugu_spool_done(struct sugu_spool *spool);

/* NULL where there is none. Valid until the next add. */
struct sugu_spooled *sugu_spool_find(struct sugu_spool *spool, const struct sugu_id *paper);

/*
 * Keeps a new order durably, `until_utc` as in the struct. With an id that is there already: OK
 * without doing anything when the order is the same, REFUSED "request.id-reused" when not. RETRY
 * "printer.too-many" over SUGU_SPOOL_OPEN_MAX open ones. BROKEN "disk.full" …
 */
enum sugu_status sugu_spool_add(struct sugu_spool *spool,
                                const Sugu__PrintPaper *order,
                                const struct sugu_id *report,
                                sugu_time_us until_utc,
                                sugu_time_us now_utc,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Writes the job file of a paper. Needs only the folder: may run while others use the list. */
enum sugu_status sugu_spool_save(const char *folder,
                                 const struct sugu_spooled *paper,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;

/* The order of an open paper; free with sugu__print_paper__free_unpacked(order, NULL). */
enum sugu_status sugu_spool_order(const char *folder,
                                  const struct sugu_spooled *paper,
                                  Sugu__PrintPaper **ret_order,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;

/* The laid-out document of an open paper: keep it, read it (free with free()). */
enum sugu_status sugu_spool_keep_document(const char *folder,
                                          const struct sugu_spooled *paper,
                                          const uint8_t *bytes,
                                          size_t size,
                                          struct sugu_error *reterr) SUGU_MUST_CHECK;
enum sugu_status sugu_spool_document(const char *folder,
                                     const struct sugu_spooled *paper,
                                     uint8_t **ret_bytes,
                                     size_t *ret_size,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Removes order and document of a paper that is over. */
void sugu_spool_forget(const char *folder, const struct sugu_spooled *paper);

/* Drops papers that are over, reported and older than SUGU_SPOOL_KEPT_US, from list and disk. */
void sugu_spool_prune(struct sugu_spool *spool, sugu_time_us now_utc);
