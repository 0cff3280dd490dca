/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal-rig - a card terminal behind the port and a way to command the device behind it
 */
#include "unit/terminal-rig.h"

#include "testlib/checks.h"

#include "base/files.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static enum sugu_status
next_id(struct sugu_service_ids *ids, char ret_id[11], struct sugu_error *reterr)
{
    struct terminal_rig *rig = (struct terminal_rig *)ids;

    (void)reterr;
    snprintf(ret_id, 11, "T%09d", __atomic_add_fetch(&rig->next_id, 1, __ATOMIC_RELAXED));
    return SUGU_OK;
}

struct sugu_terminal *
terminal_rig_make_nexo(struct terminal_rig *rig,
                       const char *root_file,
                       const char *name,
                       const char *poi)
{
    struct sugu_terminal_nexo_settings settings = {
        .ids = &rig->ids,
        .clock = sugu_clock_system(),
        .random = sugu_random_system(),
        .sale_id = "KIOSK-03",
        .poi_id = poi,
        .answer_wait_ms = 1500,
        .exchange_wait_ms = 2000,
    };
    struct sugu_terminal *terminal;
    struct sugu_nexo_link *link;
    struct sugu_nexo_key *key;
    struct sugu_error error;
    uint8_t *root;
    size_t size;

    sugu_assert_ok(sugu_nexo_key_read(sugu_emulated_terminal_key(rig->emulated), &key, &error),
                   error);
    sugu_assert_ok(sugu_file_read(root_file, 65536, &root, &size, &error), error);
    sugu_assert_ok(sugu_nexo_link_https_new((const char *)root, name, 2000, &link, &error), error);
    sugu_assert_ok(sugu_terminal_nexo_new(&settings, &key, &link, &terminal, &error), error);
    free(root);
    return terminal;
}

void
terminal_rig_init(struct terminal_rig *rig, enum terminal_rig_kind kind)
{
    struct sugu_error error;

    *rig = (struct terminal_rig){.ids.next = next_id, .where = "scripted"};
    if (kind == TERMINAL_RIG_SCRIPTED) {
        rig->terminal = sugu_scripted_terminal_new();
        return;
    }
    snprintf(rig->folder, sizeof rig->folder, "/tmp/sugu-terminal-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(rig->folder));
    sugu_assert_ok(sugu_emulated_terminal_new(rig->folder, &rig->emulated, &error), error);
    rig->where = sugu_emulated_terminal_address(rig->emulated);
    rig->terminal = terminal_rig_make_nexo(rig, sugu_emulated_terminal_root(rig->emulated), "",
                                           SUGU_EMULATED_POI);
}

void
terminal_rig_done(struct terminal_rig *rig)
{
    char command[128];

    if (!rig->emulated) {
        sugu_scripted_terminal_free(rig->terminal);
        return;
    }
    sugu_terminal_nexo_free(rig->terminal);
    sugu_emulated_terminal_free(rig->emulated);
    snprintf(command, sizeof command, "rm -rf %s", rig->folder);
    ck_assert_int_eq(system(command), 0);
}

void
terminal_rig_command(struct terminal_rig *rig, const char *line)
{
    char answer[128];

    if (rig->emulated)
        ck_assert_msg(sugu_emulated_terminal_command(rig->emulated, line, answer, sizeof answer),
                      "%s", answer);
    else
        ck_assert_msg(sugu_scripted_terminal_command(rig->terminal, line), "%s", line);
}

struct sugu_emulated_counts
terminal_rig_counts(struct terminal_rig *rig)
{
    return rig->emulated ? sugu_emulated_terminal_counts(rig->emulated)
                         : sugu_scripted_terminal_counts(rig->terminal);
}

bool
terminal_rig_says(struct terminal_rig *rig, const char *question, const char *answer)
{
    char said[128] = "";

    if (!rig->emulated)
        return strcmp(sugu_scripted_terminal_ask(rig->terminal, question), answer) == 0;
    return sugu_emulated_terminal_command(rig->emulated, question, said, sizeof said) &&
           strcmp(said, answer) == 0;
}

enum sugu_status
terminal_rig_open(struct terminal_rig *rig, struct sugu_error *reterr)
{
    return rig->terminal->ops->open(rig->terminal, rig->where, reterr);
}

struct sugu_terminal_request
terminal_rig_request(enum sugu_terminal_deed deed, const char *service_id)
{
    struct sugu_terminal_request request = {.deed = deed, .utc_us = 1711929600000000};

    request.amount_yen = deed == SUGU_TERMINAL_REGISTER ? 0 : TERMINAL_RIG_YEN;
    snprintf(request.service_id, sizeof request.service_id, "%s", service_id);
    snprintf(request.transaction_id, sizeof request.transaction_id, "B-%s", service_id);
    return request;
}

enum sugu_status
terminal_rig_carry_out(struct terminal_rig *rig,
                       const struct sugu_terminal_request *request,
                       struct sugu_terminal_answer *ret_answer,
                       struct sugu_error *reterr)
{
    return rig->terminal->ops->carry_out(rig->terminal, request, ret_answer, reterr);
}

enum sugu_status
terminal_rig_status(struct terminal_rig *rig,
                    const struct sugu_terminal_request *request,
                    struct sugu_terminal_answer *ret_answer,
                    struct sugu_error *reterr)
{
    return rig->terminal->ops->status(rig->terminal, request, ret_answer, reterr);
}

enum sugu_status
terminal_rig_pay(struct terminal_rig *rig,
                 const char *service_id,
                 struct sugu_terminal_answer *ret_answer,
                 struct sugu_error *reterr)
{
    struct sugu_terminal_request request = terminal_rig_request(SUGU_TERMINAL_PAY, service_id);

    return terminal_rig_carry_out(rig, &request, ret_answer, reterr);
}

enum sugu_status
terminal_rig_ask(struct terminal_rig *rig,
                 const char *service_id,
                 struct sugu_terminal_answer *ret_answer,
                 struct sugu_error *reterr)
{
    struct sugu_terminal_request request = terminal_rig_request(SUGU_TERMINAL_PAY, service_id);

    return terminal_rig_status(rig, &request, ret_answer, reterr);
}
