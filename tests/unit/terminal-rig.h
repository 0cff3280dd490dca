/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal-rig - a card terminal behind the port and a way to command the device behind it
 */
#pragma once

#include "emulators/nexo-terminal.h"
#include "emulators/scripted-terminal.h"
#include "payment/terminal/terminal-nexo.h"

#define TERMINAL_RIG_YEN 3240

/* Every way to reach an emulated terminal. */
enum terminal_rig_kind {
    TERMINAL_RIG_NEXO,     /* real TLS, real bytes, threads */
    TERMINAL_RIG_SCRIPTED, /* the same driver, in memory */
    TERMINAL_RIG_KIND_COUNT,
};

struct terminal_rig {
    struct sugu_service_ids ids;
    int next_id;
    struct sugu_terminal *terminal;
    struct sugu_emulated_terminal *emulated; /* NULL: scripted */
    char folder[64];
    const char *where;
};

void terminal_rig_init(struct terminal_rig *rig, enum terminal_rig_kind kind);
void terminal_rig_done(struct terminal_rig *rig);
/* Another driver for the emulated terminal of the rig. */
struct sugu_terminal *terminal_rig_make_nexo(struct terminal_rig *rig,
                                             const char *root_file,
                                             const char *name,
                                             const char *poi);
/* A command that has to be known. */
void terminal_rig_command(struct terminal_rig *rig, const char *line);
/* Is the answer to a question this one? */
bool terminal_rig_says(struct terminal_rig *rig, const char *question, const char *answer);
struct sugu_emulated_counts terminal_rig_counts(struct terminal_rig *rig);
enum sugu_status terminal_rig_open(struct terminal_rig *rig, struct sugu_error *reterr);

/* A request of TERMINAL_RIG_YEN (0 to register a card). */
struct sugu_terminal_request terminal_rig_request(enum sugu_terminal_deed deed,
                                                  const char *service_id);
enum sugu_status terminal_rig_carry_out(struct terminal_rig *rig,
                                        const struct sugu_terminal_request *request,
                                        struct sugu_terminal_answer *ret_answer,
                                        struct sugu_error *reterr);
enum sugu_status terminal_rig_status(struct terminal_rig *rig,
                                     const struct sugu_terminal_request *request,
                                     struct sugu_terminal_answer *ret_answer,
                                     struct sugu_error *reterr);
/* A payment under this id, and the question about it. */
enum sugu_status terminal_rig_pay(struct terminal_rig *rig,
                                  const char *service_id,
                                  struct sugu_terminal_answer *ret_answer,
                                  struct sugu_error *reterr);
enum sugu_status terminal_rig_ask(struct terminal_rig *rig,
                                  const char *service_id,
                                  struct sugu_terminal_answer *ret_answer,
                                  struct sugu_error *reterr);
