/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-money - what is known of a bill's money becomes tables, sums and what to do next
 */
#include "model-money.h"

#include "base/text.h"
#include "model-private.h"
#include "reasons.h"
#include "words-money.h"

#include <glib/gi18n.h>

#include <string.h>

#define ROWS_MAX  60 /* attempts of a bill; bounds.def */
#define LINES_MAX 300

/* What the lines of a table point to. */
struct table {
    struct desk_line lines[LINES_MAX];
    size_t count;
    GPtrArray *texts;
};

static struct table *
table_new(void)
{
    struct table *table = g_new0(struct table, 1);

    table->texts = g_ptr_array_new_with_free_func(g_free);
    return table;
}

static void
table_show(struct table *table, DeskModel *model, enum desk_list list)
{
    desk_items_show(model->lists[list], table->lines, table->count);
    g_ptr_array_unref(table->texts);
    g_free(table);
}

static const char *
keep(struct table *table, const char *words)
{
    char *copy = g_strdup(words);

    g_ptr_array_add(table->texts, copy);
    return copy;
}

static const char *
keep_id(struct table *table, const ProtobufCBinaryData *field)
{
    struct sugu_id id = sugu_id_of(field);
    char text[SUGU_ID_TEXT_SIZE];

    return keep(table, sugu_id_to_text(&id, text));
}

/* The row as a whole, to who hears it. */
static void
name_line(struct table *table, struct desk_line *line)
{
    static const enum desk_item_text texts[] = {DESK_ITEM_WHEN,  DESK_ITEM_TITLE, DESK_ITEM_WAY,
                                                DESK_ITEM_TEXT,  DESK_ITEM_YEN,   DESK_ITEM_BACK,
                                                DESK_ITEM_WHERE, DESK_ITEM_NOTE};
    GString *words = g_string_new(NULL);

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(texts); i++)
        if (line->texts[texts[i]] && line->texts[texts[i]][0])
            g_string_append_printf(words, "%s%s", words->len ? ", " : "", line->texts[texts[i]]);
    line->texts[DESK_ITEM_TIP] = keep(table, words->str);
    g_string_free(words, TRUE);
}

/* ---------------------------------------------------------------- tables */

static const char *
when(DeskModel *model, struct table *table, int64_t utc_us)
{
    char clock[DESK_WORDS_SIZE];

    return keep(table, desk_words_clock(clock, model->zone, utc_us));
}

static void
add_attempt(DeskModel *model, struct table *table, const Sugu__Attempt *attempt)
{
    struct desk_line *line = &table->lines[table->count++];
    char words[DESK_WORDS_SIZE], state[DESK_WORDS_SIZE];

    snprintf(state, sizeof state, "%s %s", desk_words_attempt_sign(attempt->state),
             desk_words_attempt_state(attempt->state));
    line->key = keep_id(table, &attempt->attempt);
    line->texts[DESK_ITEM_WHEN] = when(model, table, attempt->begun_utc_us);
    line->texts[DESK_ITEM_TITLE] = desk_words_attempt_kind(attempt->kind);
    line->texts[DESK_ITEM_WAY] = keep(table, desk_words_way(words, attempt));
    line->texts[DESK_ITEM_TEXT] = keep(table, state);
    line->texts[DESK_ITEM_YEN] = keep(table, desk_words_attempt_yen(words, attempt));
    line->texts[DESK_ITEM_BACK] =
        attempt->refunded_yen > 0 ? keep(table, desk_words_yen(words, attempt->refunded_yen)) : "";
    line->texts[DESK_ITEM_WHERE] = keep(table, attempt->place);
    line->texts[DESK_ITEM_NOTE] = keep(table, desk_words_code(words, attempt->code, NULL));
    line->texts[DESK_ITEM_LEVEL] = attempt->state == SUGU__ATTEMPT_STATE__ATTEMPT_HELD ? "late"
                                   : desk_attempt_is_open(attempt)                     ? "long"
                                                                                       : "calm";
    name_line(table, line);
}

static const char *
refund_way(struct table *table, const Sugu__Money *money, const Sugu__Refund *refund)
{
    const Sugu__Attempt *original = desk_money_find_attempt(money, &refund->original);
    char words[DESK_WORDS_SIZE];

    if (refund->is_by_hand)
        return desk_words_method(SUGU__PAYMENT_METHOD__METHOD_DESK);
    return original ? keep(table, desk_words_way(words, original)) : "";
}

static void
add_refund(DeskModel *model, struct table *table, const Sugu__Refund *refund)
{
    struct desk_line *line = &table->lines[table->count++];
    char words[DESK_WORDS_SIZE], state[DESK_WORDS_SIZE];

    snprintf(state, sizeof state, "%s %s", desk_words_refund_sign(refund->state),
             desk_words_refund_state(refund->state));
    line->key = keep_id(table, &refund->refund);
    line->texts[DESK_ITEM_WHEN] = when(model, table, refund->ordered_utc_us);
    line->texts[DESK_ITEM_TITLE] = desk_words_refund_reason(refund->reason);
    line->texts[DESK_ITEM_WAY] = refund_way(table, model->money, refund);
    line->texts[DESK_ITEM_TEXT] = keep(table, state);
    line->texts[DESK_ITEM_YEN] = keep(table, desk_words_yen(words, refund->amount_yen));
    line->texts[DESK_ITEM_WHERE] = keep(table, refund->ordered_by);
    line->texts[DESK_ITEM_BACK] = keep(table, refund->decided_by);
    line->texts[DESK_ITEM_NOTE] = keep(table, refund->note);
    line->texts[DESK_ITEM_LEVEL] = refund->state == SUGU__REFUND_STATE__REFUND_FAILED    ? "late"
                                   : refund->state == SUGU__REFUND_STATE__REFUND_WAITING ? "long"
                                                                                         : "calm";
    name_line(table, line);
}

/* What a refund by line can be made of. */
static void
add_bill_line(struct table *table, const Sugu__Bill *bill, size_t i)
{
    struct desk_line *line = &table->lines[table->count++];
    bool is_chosen[LINES_MAX] = {false};
    char words[DESK_WORDS_SIZE], key[16];

    is_chosen[i] = true;
    snprintf(key, sizeof key, "%zu", i);
    line->key = keep(table, key);
    line->texts[DESK_ITEM_TITLE] = keep(table, bill->lines[i]->name);
    if (bill->lines[i]->count > 1) {
        snprintf(words, sizeof words, "× %u", bill->lines[i]->count);
        line->texts[DESK_ITEM_TEXT] = keep(table, words);
    }
    line->texts[DESK_ITEM_COUNT] =
        keep(table, desk_words_yen(words, desk_money_lines_yen(bill, is_chosen)));
    snprintf(words, sizeof words, "%.200s, %s", line->texts[DESK_ITEM_TITLE],
             line->texts[DESK_ITEM_COUNT]);
    line->texts[DESK_ITEM_TIP] = keep(table, words);
}

static void
show_tables(DeskModel *model)
{
    struct table *attempts = table_new(), *refunds = table_new(), *lines = table_new();
    const Sugu__Money *money = model->money;
    const Sugu__Bill *bill = desk_model_bill(model);

    for (size_t i = 0; money && i < MIN(money->n_attempts, ROWS_MAX); i++)
        add_attempt(model, attempts, money->attempts[i]);
    for (size_t i = 0; money && i < MIN(money->n_refunds, ROWS_MAX); i++)
        add_refund(model, refunds, money->refunds[i]);
    for (size_t i = 0; money && bill && i < MIN(bill->n_lines, LINES_MAX); i++)
        add_bill_line(lines, bill, i);
    desk_model_say(model, DESK_MODEL_REFUNDS_TITLE,
                   refunds->count > 0 ? C_("money", "Refunds") : "");
    table_show(attempts, model, DESK_LIST_ATTEMPTS);
    table_show(refunds, model, DESK_LIST_REFUNDS);
    table_show(lines, model, DESK_LIST_BILL_LINES);
}

/* ---------------------------------------------------------------- what to do next */

static bool
is_own(DeskModel *model, const Sugu__Refund *refund)
{
    return strcmp(refund->ordered_by, model->person.staff) == 0;
}

static const Sugu__Attempt *
find_open(const Sugu__Money *money)
{
    for (size_t i = 0; i < money->n_attempts; i++)
        if (desk_attempt_is_open(money->attempts[i]))
            return money->attempts[i];
    return NULL;
}

static bool
has_failed(const Sugu__Money *money)
{
    return money->n_refunds > 0 && money->refunds[0]->state == SUGU__REFUND_STATE__REFUND_FAILED;
}

static void
say_waiting(DeskModel *model, char to[static DESK_WORDS_SIZE], const Sugu__Refund *refund)
{
    char yen[DESK_WORDS_SIZE];

    desk_words_yen(yen, refund->amount_yen);
    if (is_own(model, refund))
        snprintf(to, DESK_WORDS_SIZE,
                 C_("money", "The refund of %.30s waits for another person: you have ordered it "
                             "yourself, so somebody else agrees to it."),
                 yen);
    else
        snprintf(to, DESK_WORDS_SIZE,
                 C_("money", "The refund of %.30s, ordered by %.32s, waits for a second person."),
                 yen, refund->ordered_by);
}

static void
say_open(DeskModel *model, char to[static DESK_WORDS_SIZE], const Sugu__Attempt *open)
{
    if (open->state == SUGU__ATTEMPT_STATE__ATTEMPT_HELD)
        desk_words_look_at(to, open, model->zone);
    else
        snprintf(to, DESK_WORDS_SIZE,
                 C_("money",
                    "Something is under way at %.64s. Until it is known what became of it, "
                    "nothing can be taken or given back."),
                 open->place);
}

/* Of what has no bill; and of whom, where no number says it. */
static const char *
say_held(DeskModel *model, char to[static DESK_WORDS_SIZE], const Sugu__Attempt *held)
{
    bool is_of_person = !model->subject[0] && model->held_person[0];
    char look_at[DESK_WORDS_SIZE];

    desk_words_look_at(look_at, held, model->zone);
    snprintf(to, DESK_WORDS_SIZE, "%.100s%s%.100s: %s", is_of_person ? model->held_person : "",
             is_of_person ? "  " : "", desk_words_attempt_kind(held->kind), look_at);
    return to;
}

static const char *
say_hint(DeskModel *model, char to[static DESK_WORDS_SIZE])
{
    const Sugu__Money *money = model->money;
    const Sugu__Attempt *open = find_open(money);
    const Sugu__Refund *waiting = desk_money_refund_for(money, NULL);
    char yen[DESK_WORDS_SIZE];
    int64_t excess = desk_money_excess_yen(money);

    to[0] = '\0';
    if (open)
        say_open(model, to, open);
    else if (waiting)
        say_waiting(model, to, waiting);
    else if (has_failed(money))
        snprintf(to, DESK_WORDS_SIZE, "%s",
                 C_("money", "The last refund did not go through: nothing went back. Order it once "
                             "more, or have it handed over here: a second person has to agree."));
    else if (excess > 0)
        snprintf(to, DESK_WORDS_SIZE, C_("money", "%.30s was paid too much: give it back."),
                 desk_words_yen(yen, excess));
    else if (money->change_owed_yen > 0)
        snprintf(to, DESK_WORDS_SIZE,
                 C_("money", "The machine still owes %.30s of change: hand it over."),
                 desk_words_yen(yen, money->change_owed_yen));
    else if (desk_money_due_yen(money) == 0 && money->paid_yen > 0)
        snprintf(to, DESK_WORDS_SIZE, "%s",
                 C_("money", "Nothing is due. Every kiosk prints the receipt, with the patient's "
                             "card or the ticket."));
    return to;
}

/* ---------------------------------------------------------------- sums */

static void
say_yen(DeskModel *model, enum desk_model_text text, int64_t yen, bool is_shown)
{
    char words[DESK_WORDS_SIZE];

    desk_model_say(model, text, is_shown ? desk_words_yen(words, yen) : "");
}

static void
show_sums(DeskModel *model)
{
    const Sugu__Money *money = model->money;
    const Sugu__Attempt *held = desk_model_held(model);
    char words[DESK_WORDS_SIZE];

    desk_model_say(model, DESK_MODEL_MONEY_STATE, money ? desk_words_bill(money->state) : "");
    say_yen(model, DESK_MODEL_MONEY_TOTAL, money ? money->total_yen : 0, money);
    say_yen(model, DESK_MODEL_MONEY_PAID, money ? money->paid_yen : 0, money);
    say_yen(model, DESK_MODEL_MONEY_DUE, money ? desk_money_due_yen(money) : 0, money);
    say_yen(model, DESK_MODEL_MONEY_EXCESS, money ? desk_money_excess_yen(money) : 0,
            money && desk_money_excess_yen(money) > 0);
    say_yen(model, DESK_MODEL_MONEY_DEPOSIT, money ? money->held_yen : 0,
            money && money->held_yen > 0);
    say_yen(model, DESK_MODEL_MONEY_WAIVED, money ? money->waived_yen : 0,
            money && money->waived_yen > 0);
    say_yen(model, DESK_MODEL_MONEY_CHANGE, money ? money->change_owed_yen : 0,
            money && money->change_owed_yen > 0);
    desk_model_say(model, DESK_MODEL_MONEY_HINT,
                   held    ? say_held(model, words, held)
                   : money ? say_hint(model, words)
                           : "");
}

static void
show_card(DeskModel *model)
{
    const Sugu__CardOnFile *card = model->known ? model->known->card_on_file : NULL;
    const Sugu__Bill *bill = desk_model_bill(model);
    const char *why = bill && bill->on_file_code[0] ? bill->on_file_code : card ? card->code : "";
    char words[DESK_WORDS_SIZE];
    char *line;

    if (!card && !why[0]) {
        desk_model_say(model, DESK_MODEL_MONEY_CARD, "");
        return;
    }
    line = g_strjoin(" – ", card ? desk_words_card(words, card) : C_("money", "Card on file"),
                     why[0] ? desk_reason_title(why) : NULL, NULL);
    desk_model_say(model, DESK_MODEL_MONEY_CARD, line);
    g_free(line);
}

void
desk_model_show_money(DeskModel *model)
{
    const char *nobody = "";

    if (!model->subject[0]) {
        if (!desk_model_held(model))
            nobody = C_("money", "Choose a task or search for a person to see the bill's money.");
    } else if (model->known && !desk_model_bill(model)) {
        nobody = C_("money", "There is no bill yet.");
    } else if (!model->money) {
        nobody = C_("money", "Looking up …");
    }
    desk_model_say(model, DESK_MODEL_MONEY_NOBODY, nobody);
    show_sums(model);
    show_card(model);
    show_tables(model);
}

/* ---------------------------------------------------------------- what comes and is chosen */

static void
free_money(Sugu__Money *money)
{
    sugu__money__free_unpacked(money, NULL);
}

void
desk_model_free_money(DeskModel *model)
{
    g_clear_pointer(&model->money, free_money);
}

void
desk_model_forget_money(DeskModel *model)
{
    desk_model_free_money(model);
    model->attempt[0] = model->refund[0] = '\0';
    desk_model_close_form(model);
    desk_model_show_money(model);
}

bool
desk_model_looks_at_bill(DeskModel *model, const struct sugu_id *bill)
{
    const Sugu__Bill *known = desk_model_bill(model);
    struct sugu_id id;

    if (!known)
        return false;
    id = sugu_id_of(&known->bill);
    return sugu_id_equal(&id, bill);
}

const Sugu__Money *
desk_model_money(DeskModel *model)
{
    struct sugu_id bill;

    if (!model->money)
        return NULL;
    bill = sugu_id_of(&model->money->bill);
    return desk_model_looks_at_bill(model, &bill) ? model->money : NULL;
}

static bool
is_form_of_held(DeskModel *model)
{
    return model->form.is_open && model->form.verb == DESK_MONEY_RESOLVE &&
           sugu_id_equal(&model->form.target, &model->held_task);
}

/* Somebody else was quicker: what was being asked is not a question any more. */
static void
check_form(DeskModel *model)
{
    char words[DESK_WORDS_SIZE];

    bool is_of_none = desk_money_is_of_card(model->form.verb) || is_form_of_held(model);

    if (!model->form.is_open || ((is_of_none || model->form.revision == model->money->revision) &&
                                 desk_model_may_money(model, model->form.verb)))
        return;
    desk_model_close_form(model);
    desk_model_say(model, DESK_MODEL_MONEY_NOTE, desk_words_code(words, "bill.revised", NULL));
}

void
desk_model_take_money(DeskModel *model, const Sugu__Money *money)
{
    struct sugu_id bill = sugu_id_of(&money->bill);

    if (!desk_model_looks_at_bill(model, &bill))
        return;
    g_clear_pointer(&model->money, free_money);
    model->money = (Sugu__Money *)sugu_message_copy(&money->base);
    check_form(model);
    desk_model_show_money(model);
    desk_model_tell_rights(model);
}

void
desk_model_choose_attempt(DeskModel *model, const char *key)
{
    sugu_text_copy(model->attempt, sizeof model->attempt, key);
}

void
desk_model_choose_refund(DeskModel *model, const char *key)
{
    sugu_text_copy(model->refund, sizeof model->refund, key);
}

/* ---------------------------------------------------------------- forms */

static const Sugu__Attempt *
attempt_of(DeskModel *model, const struct sugu_id *id)
{
    ProtobufCBinaryData field = sugu_id_field(id);

    return model->money ? desk_money_find_attempt(model->money, &field) : NULL;
}

static const Sugu__Refund *
refund_of(DeskModel *model, const struct sugu_id *id)
{
    for (size_t i = 0; model->money && i < model->money->n_refunds; i++) {
        struct sugu_id of = sugu_id_of(&model->money->refunds[i]->refund);
        if (sugu_id_equal(&of, id))
            return model->money->refunds[i];
    }
    return NULL;
}

static const Sugu__Attempt *
attempt_for(DeskModel *model, enum desk_money_verb verb)
{
    struct sugu_id chosen = {{0}};

    if (model->attempt[0] && !sugu_id_from_text(model->attempt, &chosen))
        return NULL;
    return desk_money_attempt_for(model->money, verb, attempt_of(model, &chosen));
}

static const Sugu__Refund *
refund_for(DeskModel *model)
{
    struct sugu_id chosen = {{0}};

    if (model->refund[0] && !sugu_id_from_text(model->refund, &chosen))
        return NULL;
    return desk_money_refund_for(model->money, refund_of(model, &chosen));
}

bool
desk_model_may_money(DeskModel *model, enum desk_money_verb verb)
{
    const Sugu__Money *money = desk_model_money(model);
    bool is_decision = verb == DESK_MONEY_GRANT || verb == DESK_MONEY_DENY;

    if (desk_money_is_of_card(verb))
        return model->known && desk_money_is_possible_of_card(model->known->card_on_file, verb);
    if (verb == DESK_MONEY_RESOLVE && desk_model_held(model))
        return true;
    if (!money || !desk_money_is_possible(money, verb))
        return false;
    return !is_decision || !is_own(model, refund_for(model));
}

static void
say_form(DeskModel *model)
{
    const Sugu__Attempt *attempt = desk_model_form_attempt(model);
    const Sugu__Refund *refund = desk_model_form_refund(model);
    char words[DESK_WORDS_SIZE];

    if (attempt)
        desk_model_say(model, DESK_MODEL_MONEY_FORM,
                       is_form_of_held(model) ? desk_words_held(words, attempt, model->zone)
                                              : desk_words_attempt(words, attempt, model->zone));
    else if (refund)
        desk_model_say(model, DESK_MODEL_MONEY_FORM, desk_words_refund_reason(refund->reason));
    else if (desk_money_is_of_card(model->form.verb))
        desk_model_say(model, DESK_MODEL_MONEY_FORM,
                       desk_words_card(words, model->known->card_on_file));
    else if (model->form.verb == DESK_MONEY_CHANGE)
        desk_model_say(model, DESK_MODEL_MONEY_FORM, C_("money", "Handed over at this desk"));
    else
        desk_model_say(model, DESK_MODEL_MONEY_FORM, C_("money", "Taken at this desk"));
}

void
desk_model_open_form(DeskModel *model, enum desk_money_verb verb)
{
    const Sugu__Attempt *attempt;
    const Sugu__Refund *refund;

    if (!desk_model_may_money(model, verb))
        return;
    desk_model_close_form(model);
    model->form = (struct desk_money_form){.is_open = true, .verb = verb};
    if (model->money) {
        model->form.bill = sugu_id_of(&model->money->bill);
        model->form.revision = model->money->revision;
    }
    attempt = verb == DESK_MONEY_RESOLVE ? desk_model_held(model) : NULL;
    if (!attempt && model->money)
        attempt = attempt_for(model, verb);
    refund = model->money ? refund_for(model) : NULL;
    if (desk_money_is_of_card(verb))
        model->form.target = sugu_id_of(&model->known->card_on_file->card);
    else if (verb == DESK_MONEY_REFUND || verb == DESK_MONEY_RESOLVE)
        model->form.target = sugu_id_of(&attempt->attempt);
    else if (verb == DESK_MONEY_GRANT || verb == DESK_MONEY_DENY)
        model->form.target = sugu_id_of(&refund->refund);
    desk_model_say(model, DESK_MODEL_MONEY_NOTE, "");
    say_form(model);
}

void
desk_model_close_form(DeskModel *model)
{
    model->form = (struct desk_money_form){.is_open = false};
    desk_model_say(model, DESK_MODEL_MONEY_FORM, "");
}

const struct desk_money_form *
desk_model_form(DeskModel *model)
{
    return &model->form;
}

const Sugu__Attempt *
desk_model_form_attempt(DeskModel *model)
{
    if (is_form_of_held(model))
        return desk_model_held(model);
    return model->form.is_open ? attempt_of(model, &model->form.target) : NULL;
}

/* ---------------------------------------------------------------- of a task without a bill */

void
desk_model_choose_held(DeskModel *model, const struct sugu_id *attempt)
{
    if (sugu_id_equal(&model->held_task, attempt))
        return;
    if (model->form.is_open && model->form.verb == DESK_MONEY_RESOLVE)
        desk_model_close_form(model);
    model->held_task = *attempt;
    desk_model_show_money(model);
    desk_model_tell_rights(model);
}

void
desk_model_check_held(DeskModel *model)
{
    static const struct sugu_id none;
    char words[DESK_WORDS_SIZE];

    if (sugu_id_is_none(&model->held_task) || desk_model_held(model))
        return;
    if (is_form_of_held(model)) /* somebody else was quicker */
        desk_model_say(model, DESK_MODEL_MONEY_NOTE,
                       desk_words_code(words, "payment.resolved", NULL));
    desk_model_choose_held(model, &none);
}

const Sugu__Refund *
desk_model_form_refund(DeskModel *model)
{
    return model->form.is_open ? refund_of(model, &model->form.target) : NULL;
}
