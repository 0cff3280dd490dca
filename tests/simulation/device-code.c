/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device-code - the provider of code payments, one for all kiosks, and the patients' phones
 */
#include "simulation/device-code.h"

#include "simulation/provider-line.h"

#include "base/text.h"
#include "emulators/code-provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESS    "https://code.simulated"
#define SHOWN_MAX  4096
#define LATE_US    (340 * SUGU_SECOND) /* a code is good for five minutes at most */
#define ID_SIZE    65
#define CODE_SIZE  33
#define SLOW_TIMES 3

struct device_code {
    struct provider_line line; /* first: cast back */
    struct sugu_code_provider *provider;
    struct world *world;
    /* codes that a window has shown; each is a phone before it, or none */
    char shown[SHOWN_MAX][CODE_SIZE];
    unsigned shown_count;
};

/* ---- what only this provider does */

static void
plan_fault(struct provider_line *line)
{
    static const char *const commands[] = {"race", "internal", "irreversible on",
                                           "irreversible off", "slow-refund 0"};
    uint64_t which = sim_below(SUGU_ARRAY_SIZE(commands) + 1);
    char text[64];

    snprintf(text, sizeof text, "slow-refund %lld", (long long)sim_between(1, SLOW_TIMES));
    provider_line_command(line, which < SUGU_ARRAY_SIZE(commands) ? commands[which] : text);
}

struct device_code *
device_code_new(struct world *world)
{
    struct device_code *code = calloc(1, sizeof *code);

    if (!code || !(code->provider = sugu_code_provider_new(&world->provider.clock)))
        abort();
    code->world = world;
    code->line = (struct provider_line){.provider = sugu_code_provider_base(code->provider),
                                        .address = ADDRESS,
                                        .plan_fault = plan_fault};
    provider_line_add(&code->line);
    return code;
}

void
device_code_settings(const struct kiosk *kiosk, struct sugu_payment_settings *settings)
{
    char key[256];

    sugu_text_copy(settings->code, sizeof settings->code, ADDRESS);
    sugu_text_copy(settings->code_brand, sizeof settings->code_brand, "PayPay");
    device_file(kiosk, "code.root", "nobody looks at it", settings->code_root);
    snprintf(key, sizeof key, "api-key %s\nsecret %s\nmerchant %s\n",
             sugu_code_provider_key.api_key, sugu_code_provider_key.secret,
             SUGU_EMULATED_CODE_MERCHANT);
    device_file(kiosk, "code.key", key, settings->code_key);
}

/* ---- phones */

/* What a phone does with a code, some time. */
struct deed {
    struct device_code *code;
    const char *name;
    char id[ID_SIZE];
};

static void
on_deed(void *user)
{
    struct deed *deed = user;
    char command[100];

    snprintf(command, sizeof command, "%s %s", deed->name, deed->id);
    provider_line_command(&deed->code->line, command);
    free(deed);
}

static void
plan(struct device_code *code, const char *name, const char *id, int64_t after_us)
{
    struct deed *deed = calloc(1, sizeof *deed);

    if (!deed)
        abort();
    deed->code = code;
    deed->name = name;
    sugu_text_copy(deed->id, sizeof deed->id, id);
    sim_at(sim_now() + after_us, on_deed, deed);
}

/* Most read it and pay; some are slow, some pay again, some never do. */
static void
plan_phone(struct device_code *code, const char *id)
{
    int64_t reads = sim_between(1, 15) * SUGU_SECOND, pays = sim_between(0, 20) * SUGU_SECOND;

    if (sim_chance(10)) /* never, or only reads it */
        pays = INT64_MAX;
    if (sim_chance(15))
        reads = sim_between(0, LATE_US);
    if (sim_chance(15) && pays < LATE_US)
        pays = sim_between(0, LATE_US);
    sim_count(SIM_COUNT_codes_shown);
    plan(code, "scan", id, reads);
    if (pays > LATE_US)
        return;
    if (sim_chance(5))
        plan(code, "authorise", id, reads + pays / 2);
    plan(code, sim_chance(5) ? "fail" : "pay", id, reads + pays);
    if (sim_chance(10))
        plan(code, "pay", id, reads + pays + SUGU_SECOND);
}

struct finding {
    const char *code_id;
    char id[ID_SIZE];
};

static void
find_code(void *user, const struct sugu_code_provider_row *row)
{
    struct finding *finding = user;

    if (!row->is_refund && strcmp(row->code_id, finding->code_id) == 0)
        sugu_text_copy(finding->id, sizeof finding->id, row->id);
}

void
device_code_shown(const struct kiosk *kiosk, const char *payload)
{
    struct device_code *code = kiosk->code;
    const char *code_id = strrchr(payload, '/');
    struct finding finding = {.code_id = code_id ? code_id + 1 : payload};

    for (unsigned i = 0; i < code->shown_count; i++)
        if (strcmp(code->shown[i], finding.code_id) == 0)
            return;
    if (code->shown_count == SHOWN_MAX)
        abort();
    sugu_text_copy(code->shown[code->shown_count++], CODE_SIZE, finding.code_id);
    sugu_code_provider_each(code->provider, find_code, &finding);
    if (*finding.id)
        plan_phone(code, finding.id);
    else
        sim_fail("%s shows a code that the provider does not know", kiosk->place);
}

/* ---- the provider's own list */

struct looking {
    const struct kiosk *kiosk;
    const struct sugu_attempt *attempt;
    char id[SUGU_ID_TEXT_SIZE], original[SUGU_ID_TEXT_SIZE];
    enum truth truth;
    int64_t yen;
    char provider_id[ID_SIZE];
    void (*each)(void *user, const struct device_charge *charge);
    void *user;
};

static void
look(void *user, const struct sugu_code_provider_row *row)
{
    struct looking *looking = user;
    bool is_it = strcmp(row->id, row->is_cancellation ? looking->original : looking->id) == 0;

    if (!is_it || row->is_refund != sugu_attempt_is_order(looking->attempt))
        return;
    if (row->is_refund ? row->is_cancellation || row->state == SUGU_CODE_REFUNDED : row->is_paid)
        looking->truth = TRUTH_MOVED;
    else if (row->state == SUGU_CODE_CREATED || row->state == SUGU_CODE_AUTHORIZED)
        looking->truth = TRUTH_OPEN;
    looking->yen = row->yen;
    sugu_text_copy(looking->provider_id, sizeof looking->provider_id,
                   row->is_refund ? looking->id : row->provider_id);
}

enum truth
device_code_truth(const struct device_code *code,
                  const struct sugu_attempt *attempt,
                  int64_t *ret_yen,
                  char ret_provider_id[65])
{
    struct looking looking = {.attempt = attempt, .truth = TRUTH_NOT};

    sugu_id_to_text(&attempt->id, looking.id);
    sugu_id_to_text(&attempt->original, looking.original);
    sugu_code_provider_each(code->provider, look, &looking);
    *ret_yen = looking.truth == TRUTH_MOVED ? looking.yen : 0;
    if (looking.truth == TRUTH_MOVED)
        sugu_text_copy(ret_provider_id, 65, looking.provider_id);
    if (looking.truth == TRUTH_NOT && code->line.provider->in_flight.questions_left > 0)
        return TRUTH_OPEN;
    return looking.truth;
}

static void
tell_charge(void *user, const struct sugu_code_provider_row *row)
{
    const struct looking *looking = user;
    char reference[ID_SIZE + 1];

    if (strcmp(row->terminal, looking->kiosk->place) != 0 ||
        (row->is_refund ? !row->is_cancellation && row->state != SUGU_CODE_REFUNDED
                        : !row->is_paid))
        return;
    snprintf(reference, sizeof reference, "%s%s", row->is_cancellation ? "c" : "", row->id);
    sim_count(row->is_refund ? SIM_COUNT_code_refunds : SIM_COUNT_code_charges);
    looking->each(looking->user, &(struct device_charge){.reference = reference,
                                                         .bill = "",
                                                         .yen = row->yen,
                                                         .is_refund = row->is_refund});
}

static void
each_charge(const struct kiosk *kiosk,
            void (*each)(void *user, const struct device_charge *charge),
            void *user)
{
    struct looking looking = {.kiosk = kiosk, .each = each, .user = user};

    if (kiosk->code)
        sugu_code_provider_each(kiosk->code->provider, tell_charge, &looking);
}

static void
tell_kept(void *user, const struct sugu_code_provider_row *row)
{
    const struct looking *looking = user;
    struct sugu_attempt attempt = {.revision = 0};
    char bill[SUGU_ID_TEXT_SIZE];
    struct sugu_id id;

    if (row->is_refund || !row->is_paid || strcmp(row->terminal, looking->kiosk->place) != 0)
        return;
    if (!sugu_id_from_text(row->id, &id) || !payment_find_attempt(looking->kiosk, &id, &attempt)) {
        sim_fail("%s: a code of %lld yen was paid that no journal knows", looking->kiosk->place,
                 (long long)row->yen);
        return;
    }
    looking->each(looking->user,
                  &(struct device_charge){.reference = row->id,
                                          .bill = sugu_id_to_text(&attempt.bill, bill),
                                          .yen = row->yen - row->given_yen});
}

static void
each_kept(const struct kiosk *kiosk,
          void (*each)(void *user, const struct device_charge *charge),
          void *user)
{
    struct looking looking = {.kiosk = kiosk, .each = each, .user = user};

    if (kiosk->code)
        sugu_code_provider_each(kiosk->code->provider, tell_kept, &looking);
}

const struct device_lane device_code_lane = {
    .account = "code-clearing",
    /* "c" and the payment: what a cancellation was ordered by. */
    .find = "SELECT state, approved_yen, id FROM attempt "
            "WHERE lower(hex(id)) = replace(?1, '-', '') OR (kind = 1 AND state <> 3 AND "
            "'c' || lower(hex(original)) = replace(?1, '-', ''))",
    .each_charge = each_charge,
    .each_kept = each_kept,
};
