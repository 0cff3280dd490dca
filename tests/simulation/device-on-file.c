/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device-on-file - the keeper of registered cards, and the program at the hospital's server
 */
#include "simulation/device-on-file.h"

#include "simulation/check.h"
#include "simulation/provider-line.h"

#include "base/text.h"
#include "emulators/card-on-file-provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESS     "https://cards.simulated"
#define CARD_IDS    0x01000000u
#define CEILING_YEN 60000 /* as in house.sql */
#define HOLD_YEN    30000

struct device_on_file {
    struct provider_line line; /* first: cast back */
    struct sugu_card_on_file_provider *provider;
    PGconn *owner;
};

static void
execute(struct device_on_file *cards, const char *statement)
{
    PGresult *result = PQexec(cards->owner, statement);

    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        sim_fail("cards on file: %s", PQresultErrorMessage(result));
    PQclear(result);
}

/* ---- what only this provider does */

/* Refusals of both kinds, and a request that is said to be under way. */
static void
plan_fault(struct provider_line *line)
{
    static const char *const commands[] = {"decline 2", "decline 12", "decline 9",  "decline 28",
                                           "decline 5", "decline 26", "busy 1",     "busy 3",
                                           "decline 4", "decline 21", "decline 29", "decline 12"};

    provider_line_command(line, commands[sim_below(SUGU_ARRAY_SIZE(commands))]);
}

/* What is held at check-in; 0 = the keeper is only asked whether the card is good. */
static void
set_hold(struct device_on_file *cards, int64_t yen)
{
    char statement[100];

    snprintf(statement, sizeof statement, "UPDATE sugu.facility SET on_file_hold_yen = %lld",
             (long long)yen);
    execute(cards, statement);
}

struct device_on_file *
device_on_file_new(struct world *world)
{
    struct device_on_file *cards = calloc(1, sizeof *cards);

    if (!cards || !(cards->provider = sugu_card_on_file_provider_new(&world->provider.clock)))
        abort();
    cards->line =
        (struct provider_line){.provider = sugu_card_on_file_provider_base(cards->provider),
                               .address = ADDRESS,
                               .plan_fault = plan_fault};
    provider_line_add(&cards->line);
    cards->owner = PQconnectdb(world->settings.owner);
    if (PQstatus(cards->owner) != CONNECTION_OK)
        abort();
    set_hold(cards, sim_below(2) == 0 ? 0 : sim_between(1, HOLD_YEN));
    return cards;
}

void
device_on_file_settings(const struct kiosk *house, struct sugu_payment_settings *settings)
{
    char key[256];

    settings->listen[0] = '\0'; /* nobody stands before it */
    sugu_text_copy(settings->on_file, sizeof settings->on_file, ADDRESS);
    device_file(house, "cards.root", "nobody looks at it", settings->on_file_root);
    snprintf(key, sizeof key, "api-key %s\nmerchant %s\n", SUGU_EMULATED_CARD_KEY,
             SUGU_EMULATED_CARD_MERCHANT);
    device_file(house, "cards.key", key, settings->on_file_key);
}

void
device_on_file_register(struct world *world, const struct visit *visit)
{
    char statement[500], command[100];

    snprintf(statement, sizeof statement,
             "INSERT INTO sugu.card_on_file (facility, card, patient, payer, state, token, brand, "
             "last4, expiry, funding, text_version, ceiling_yen, is_payer_other, session, made_at, "
             "changed_at) VALUES (%d, '%032x', '%032x', 'payer-%u', 1, 'token-%u', "
             "'visa', '4242', 203512, 1, 1, %lld, false, '%032x', '2031-04-01', "
             "'2031-04-01')",
             WORLD_FACILITY, CARD_IDS + visit->index, visit->index + 1, visit->index, visit->index,
             (long long)sim_between(5000, CEILING_YEN), CARD_IDS + visit->index);
    execute(world->on_file, statement);
    snprintf(command, sizeof command, "token token-%u payer-%u visa 4242 12/2035 CREDIT",
             visit->index, visit->index);
    provider_line_command(&world->on_file->line, command);
}

void
device_on_file_stored(struct device_on_file *cards, const char *token, const char *payer)
{
    char command[250];

    snprintf(command, sizeof command, "token %s %s visa 4242 12/2035 %s", token, payer,
             sim_chance(90) ? "CREDIT" : "DEBIT");
    provider_line_command(&cards->line, command);
}

/* ---- cards that have ended */

/* What the books know of the cards: token, payer. "" where a person has to find out what became of
 * the registration. */
static PGresult *
known_tokens(const struct world *world)
{
    return check_query(
        world, "SELECT token, payer FROM sugu.card_on_file c WHERE (token <> '' AND state < 3) "
               "OR EXISTS (SELECT FROM sugu.attempt a WHERE a.facility = c.facility "
               "AND a.attempt = c.card AND a.kind = 'register' AND a.state = 5)");
}

static bool
is_known(const PGresult *known, const char *token, const char *payer)
{
    for (int i = 0; i < PQntuples(known); i++)
        if (strcmp(PQgetvalue(known, i, 0), token) == 0 &&
            (!payer || strcmp(PQgetvalue(known, i, 1), payer) == 0))
            return true;
    return false;
}

static int
count_tokens(const PGresult *known)
{
    int count = 0;

    for (int i = 0; i < PQntuples(known); i++)
        count += *PQgetvalue(known, i, 0) != '\0';
    return count;
}

struct tokens {
    const PGresult *known;
    int count;
};

static void
check_token(void *user, const char *token, const char *payer)
{
    struct tokens *tokens = user;

    if (is_known(tokens->known, "", payer))
        return;
    tokens->count++;
    if (!is_known(tokens->known, token, payer))
        sim_fail("the keeper has %s of %s, and no living card has it", token, payer);
}

/* No token stands in a journal whose card has ended. */
static void
check_journal(const struct kiosk *place, const PGresult *known)
{
    sqlite3 *journal = check_open_journal(place);
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v2(journal, "SELECT token, kind, state FROM attempt WHERE token <> ''", -1,
                           &statement, NULL) != SQLITE_OK)
        abort();
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *token = (const char *)sqlite3_column_text(statement, 0);
        if (!is_known(known, token, /* payer= */ NULL))
            sim_fail("%s is forgotten, and stands in the journal of %s (kind %d, state %d)", token,
                     place->place, sqlite3_column_int(statement, 1),
                     sqlite3_column_int(statement, 2));
    }
    sqlite3_finalize(statement);
    sqlite3_close(journal);
}

/* What is held at the keeper is what the books say is held; unless somebody has to find out. */
static void
check_holds(const struct world *world)
{
    PGresult *result = check_query(
        world, "SELECT coalesce(sum(h.approved_yen) FILTER (WHERE h.kind = 'hold' AND h.state = 2 "
               "AND NOT EXISTS (SELECT FROM sugu.attempt o WHERE o.original = h.attempt "
               "AND o.state = 2)), 0), count(*) FILTER (WHERE h.state = 5) "
               "FROM sugu.attempt h WHERE h.method = 'on-file'");
    int64_t held = sugu_card_on_file_provider_held(world->on_file->provider);

    sim_note("held on cards", held, check_number_at(result, 0));
    if (check_number_at(result, 1) == 0 && check_number_at(result, 0) != held)
        sim_fail("%lld yen are held on cards at their keeper, %lld by the books", (long long)held,
                 (long long)check_number_at(result, 0));
    PQclear(result);
}

void
device_on_file_check(struct world *world)
{
    struct tokens tokens = {.known = known_tokens(world)};
    const struct kiosk *place;
    unsigned deleted = sugu_card_on_file_provider_deleted(world->on_file->provider);

    for (; deleted > 0; deleted--)
        sim_count(SIM_COUNT_cards_forgotten);
    sugu_card_on_file_provider_each_token(world->on_file->provider, check_token, &tokens);
    if (tokens.count != count_tokens(tokens.known))
        sim_fail("the keeper has %d tokens, the books %d", tokens.count,
                 count_tokens(tokens.known));
    for (unsigned i = 0; (place = world_place(world, i)); i++)
        check_journal(place, tokens.known);
    PQclear((PGresult *)tokens.known);
    check_holds(world);
}

/* ---- the provider's own list */

struct looking {
    const struct kiosk *house;
    char id[SUGU_ID_TEXT_SIZE];
    bool is_found;
    int64_t yen;
    char provider_id[65];
    void (*each)(void *user, const struct device_charge *charge);
    void *user;
};

static void
look(void *user, const struct sugu_card_on_file_provider_row *row)
{
    struct looking *looking = user;

    if (strcmp(row->reference, looking->id) != 0)
        return;
    looking->is_found = true;
    looking->yen = row->yen > 0 ? row->yen : -row->yen;
    sugu_text_copy(looking->provider_id, sizeof looking->provider_id, row->id);
}

enum truth
device_on_file_truth(const struct device_on_file *cards,
                     const struct sugu_attempt *attempt,
                     int64_t *ret_yen,
                     char ret_provider_id[65])
{
    struct looking looking = {.is_found = false};

    sugu_id_to_text(&attempt->id, looking.id);
    sugu_card_on_file_provider_each(cards->provider, look, &looking);
    if (!looking.is_found)
        return cards->line.provider->in_flight.questions_left > 0 ? TRUTH_OPEN : TRUTH_NOT;
    *ret_yen = looking.yen;
    sugu_text_copy(ret_provider_id, 65, looking.provider_id);
    return TRUTH_MOVED;
}

static void
tell_charge(void *user, const struct sugu_card_on_file_provider_row *row)
{
    const struct looking *looking = user;

    sim_count(row->yen < 0 ? SIM_COUNT_on_file_refunds : SIM_COUNT_on_file_charges);
    looking->each(looking->user, &(struct device_charge){.reference = row->reference,
                                                         .bill = "",
                                                         .yen = row->yen > 0 ? row->yen : -row->yen,
                                                         .is_refund = row->yen < 0});
}

static void
each_charge(const struct kiosk *house,
            void (*each)(void *user, const struct device_charge *charge),
            void *user)
{
    struct looking looking = {.house = house, .each = each, .user = user};

    if (house->on_file)
        sugu_card_on_file_provider_each(house->on_file->provider, tell_charge, &looking);
}

static void
tell_kept(void *user, const struct sugu_card_on_file_provider_row *row)
{
    const struct looking *looking = user;
    struct sugu_attempt attempt;
    char bill[SUGU_ID_TEXT_SIZE];
    struct sugu_id id;

    if (!sugu_id_from_text(row->reference, &id) ||
        !payment_find_attempt(looking->house, &id, &attempt)) {
        sim_fail("%lld yen moved on a card on file, and no journal knows of it",
                 (long long)row->yen);
        return;
    }
    looking->each(looking->user,
                  &(struct device_charge){.reference = row->reference,
                                          .bill = sugu_id_to_text(&attempt.bill, bill),
                                          .yen = row->yen});
}

static void
each_kept(const struct kiosk *house,
          void (*each)(void *user, const struct device_charge *charge),
          void *user)
{
    struct looking looking = {.house = house, .each = each, .user = user};

    if (house->on_file)
        sugu_card_on_file_provider_each(house->on_file->provider, tell_kept, &looking);
}

const struct device_lane device_on_file_lane = {
    .account = "on-file-clearing",
    .find = "SELECT state, approved_yen, id FROM attempt "
            "WHERE lower(hex(id)) = replace(?1, '-', '')",
    .each_charge = each_charge,
    .each_kept = each_kept,
};
