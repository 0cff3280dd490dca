/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qualification-terminal - an emulated online-qualification terminal on a real folder
 *
 * Watches req, takes requests away, looks people up in a small register and writes answers into res
 * as the real one does: under their final name, piece by piece, so that half an answer can be
 * seen (domain/card-insurance.md 2.3–2.5). Shares no code with the gateway. Single-threaded: the
 * owner calls step.
 */
#pragma once

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>

struct sugu_qualification_terminal;

/* What can go wrong: name for `fault NAME`, and what then happens to the next request. */
#define SUGU_TERMINAL_FAULTS(X)                                                                    \
    X(NONE, "none", "answers rightly")                                                             \
    X(NO_ANSWER, "no-answer", "takes the request and stays silent")                                \
    X(LATE, "late", "answers after late-ms")                                                       \
    X(HALF, "half-written", "writes half the answer and stops")                                    \
    X(PAUSE, "pause", "pauses for pause-ms in the middle of the answer")                           \
    X(WRONG_INSTITUTION, "wrong-institution", "answers for another institution")                   \
    X(SEVERAL, "several", "several qualifications match (5)")                                      \
    X(NOT_FOUND, "not-found", "no qualification is found (4)")                                     \
    X(NEWER, "newer", "a newer qualification exists (3)")                                          \
    X(INVALID, "invalid", "the qualification is not valid (2)")                                    \
    X(UNREGISTERED, "unregistered", "valid, but no medical ticket (6)")                            \
    X(STATUS_ERROR, "status-error", "ProcessingResultStatus 2")                                    \
    X(SEGMENT_ERROR, "segment-error", "SegmentOfResult 9")                                         \
    X(PROCESSING, "processing", "SegmentOfResult 2")                                               \
    X(DTD, "dtd", "a document type with an external entity")                                       \
    X(BOMB, "bomb", "entities that grow to gigabytes")                                             \
    X(LARGE, "large", "an answer of 5 MiB")                                                        \
    X(WRONG_IDENTIFIER, "wrong-identifier", "the answer of another patient's request")             \
    X(BIRTH_DIFFERS, "birth-differs", "another birth date in the result")                          \
    X(TWICE, "twice", "the same answer a second time, twice-ms later")                             \
    X(CHANGED, "changed", "the certificate's symbol has changed")                                  \
    X(GARBAGE, "garbage", "an answer that is no XML")

/*
 * Makes face, req and res below `folder`. NULL with a line on standard error where it cannot.
 * `institution` and the strings are copied, the clock is kept.
 */
struct sugu_qualification_terminal *sugu_qualification_terminal_new(const char *folder,
                                                                    const char *institution,
                                                                    const struct sugu_clock *clock);
struct sugu_qualification_terminal *
sugu_qualification_terminal_free(struct sugu_qualification_terminal *terminal);

/*
 * One line of its small language; the answer goes into `reply`. False for a mistake.
 *   people add KEY=VALUE …    insurer= symbol= number= branch= birth= name= … (see the man page)
 *   people clear              forget everyone
 *   fault NAME [COUNT]        for the next COUNT requests; 1 without, 0 = until changed
 *   encoding utf-8|shift_jis  of the answers
 *   delay-ms N, gap-ms N, late-ms N, pause-ms N, twice-ms N
 *   face N                    person N (from 1) puts the card on the face reader
 *   asked                     how many requests came so far, and what was wrong with the last
 */
bool sugu_qualification_terminal_command(struct sugu_qualification_terminal *terminal,
                                         const char *line,
                                         char *reply,
                                         size_t reply_size);

/* Takes requests and writes what is due. */
void sugu_qualification_terminal_step(struct sugu_qualification_terminal *terminal);
/* Microseconds until step is due; readable descriptor when a request came. */
int64_t sugu_qualification_terminal_due_us(const struct sugu_qualification_terminal *terminal);
int sugu_qualification_terminal_fd(const struct sugu_qualification_terminal *terminal);

/* Requests taken so far, and those of them that broke the layout of the interface. */
unsigned sugu_qualification_terminal_asked(const struct sugu_qualification_terminal *terminal);
unsigned sugu_qualification_terminal_wrong(const struct sugu_qualification_terminal *terminal);
