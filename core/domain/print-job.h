/* SPDX-License-Identifier: Apache-2.0 */
/*
 * print-job - the states of one paper on its way out of a printer
 *
 * A paper is sent at most once: PRINTING is written down before the first byte of the document
 * leaves, and only the device's own word that it holds no document leads back to QUEUED. OUT is
 * said on the device's word alone. FAILED and DOUBTFUL never touch money.
 */
#pragma once

#include "domain/machine.h"

/* Numbers are those of PaperState in sugu.proto. */
#define SUGU_PRINT_JOB_STATES(X)                                                                   \
    X(QUEUED)   /* kept on disk; the device has no document of it */                               \
    X(PRINTING) /* the device has the document, or may have it */                                  \
    X(OUT)      /* the device said that all pages came out */                                      \
    X(FAILED)   /* it is certain that it did not come out, or the device gave up */                \
    X(DOUBTFUL) /* nobody knows; the patient is asked */

#define SUGU_PRINT_JOB_EVENTS(X)                                                                   \
    X(SEND_BEGUN)    /* the document is about to leave */                                          \
    X(NOT_SENT)      /* no byte left, or the device still waits for the document */                \
    X(CAME_OUT)      /* completed, all pages counted, nothing wrong with the paper */              \
    X(ABORTED)       /* the device aborted or cancelled it */                                      \
    X(FORGOTTEN)     /* the device does not know the job any more */                               \
    X(NOT_CONFIRMED) /* the device says completed, but its counts or reasons say otherwise */      \
    X(NOT_PRINTABLE) /* it cannot be laid out, or the device refuses it */                         \
    X(GIVEN_UP)      /* it waited too long */                                                      \
    X(CANCEL_LOST)   /* the device could not be told to drop what it has */

#define SUGU_PRINT_JOB_EFFECTS(X)                                                                  \
    X(TELL)   /* publish and report the new state */                                               \
    X(CANCEL) /* ask the device to drop the job, then look again */                                \
    X(FORGET) /* remove the document: it holds personal data */

#define SUGU_PRINT_JOB_END (SUGU_PRINT_JOB_DO_TELL | SUGU_PRINT_JOB_DO_FORGET)
#define SUGU_PRINT_JOB_RULES(X)                                                                    \
    X(QUEUED, SEND_BEGUN, PRINTING, SUGU_PRINT_JOB_DO_TELL)                                        \
    X(QUEUED, NOT_PRINTABLE, FAILED, SUGU_PRINT_JOB_END)                                           \
    X(QUEUED, GIVEN_UP, FAILED, SUGU_PRINT_JOB_END)                                                \
    X(PRINTING, NOT_SENT, QUEUED, SUGU_PRINT_JOB_DO_TELL)                                          \
    X(PRINTING, CAME_OUT, OUT, SUGU_PRINT_JOB_END)                                                 \
    X(PRINTING, ABORTED, FAILED, SUGU_PRINT_JOB_END)                                               \
    X(PRINTING, FORGOTTEN, DOUBTFUL, SUGU_PRINT_JOB_END)                                           \
    X(PRINTING, NOT_CONFIRMED, DOUBTFUL, SUGU_PRINT_JOB_END)                                       \
    X(PRINTING, NOT_PRINTABLE, FAILED, SUGU_PRINT_JOB_END)                                         \
    X(PRINTING, GIVEN_UP, PRINTING, SUGU_PRINT_JOB_DO_CANCEL)                                      \
    X(PRINTING, CANCEL_LOST, DOUBTFUL, SUGU_PRINT_JOB_END)

#define SUGU_STATE(name) SUGU_PRINT_JOB_##name,
enum sugu_print_job_state { SUGU_PRINT_JOB_STATES(SUGU_STATE) SUGU_PRINT_JOB_STATE_COUNT };
#undef SUGU_STATE
#define SUGU_EVENT(name) SUGU_PRINT_JOB_ON_##name,
enum sugu_print_job_event { SUGU_PRINT_JOB_EVENTS(SUGU_EVENT) SUGU_PRINT_JOB_EVENT_COUNT };
#undef SUGU_EVENT
#define SUGU_EFFECT(name) SUGU_PRINT_JOB_BIT_##name,
enum sugu_print_job_bit { SUGU_PRINT_JOB_EFFECTS(SUGU_EFFECT) SUGU_PRINT_JOB_EFFECT_COUNT };
#undef SUGU_EFFECT
#define SUGU_EFFECT(name) SUGU_PRINT_JOB_DO_##name = 1 << SUGU_PRINT_JOB_BIT_##name,
enum sugu_print_job_effect { SUGU_PRINT_JOB_EFFECTS(SUGU_EFFECT) };
#undef SUGU_EFFECT

extern const struct sugu_machine sugu_print_job_machine;

/* OUT, FAILED and DOUBTFUL: nothing happens to the paper any more. */
bool sugu_print_job_is_over(enum sugu_print_job_state state);
