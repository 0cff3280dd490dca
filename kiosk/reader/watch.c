/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch - what lies on the reader, from the first poll to the card that is taken away
 */
#include "reader/watch.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

#define RETRY_FIRST_US (200 * SUGU_MS)
#define RETRY_LAST_US  (5 * SUGU_SECOND)
#define LOOK_WAIT_MS   400
/* Shorter than it takes one person to step aside and the next to lay a card down. */
#define FOUND_AGAIN_US (5 * SUGU_SECOND)

#define SUGU_NAME(name) #name,
static const char *const states[] = {SUGU_READER_STATES(SUGU_NAME)};
static const char *const events[] = {SUGU_READER_EVENTS(SUGU_NAME)};
static const char *const effects[] = {SUGU_READER_EFFECTS(SUGU_NAME)};

#define SUGU_RULE(from, event, to, effects_)                                                       \
    [SUGU_READER_##from * SUGU_READER_EVENT_COUNT + SUGU_READER_ON_##                              \
        event] = {true, SUGU_READER_##to, effects_},
static const struct sugu_rule rules[SUGU_READER_STATE_COUNT * SUGU_READER_EVENT_COUNT] = {
    SUGU_READER_RULES(SUGU_RULE)};

const struct sugu_machine sugu_reader_machine = {
    .name = "reader",
    .refusal = "bug.unexpected",
    .states = states,
    .events = events,
    .effects = effects,
    .state_count = SUGU_READER_STATE_COUNT,
    .event_count = SUGU_READER_EVENT_COUNT,
    .effect_count = SUGU_READER_EFFECT_COUNT,
    .rules = rules,
};

void
sugu_watch_init(struct sugu_watch *watch,
                struct sugu_reader *reader,
                const char *where,
                int64_t poll_us,
                const struct sugu_my_number_needs *needs,
                const struct sugu_watch_callbacks *callbacks)
{
    *watch = (struct sugu_watch){
        .reader = reader,
        .where = where,
        .poll_us = poll_us,
        .needs = *needs,
        .callbacks = *callbacks,
        .state = SUGU_READER_AWAY,
        .retry_us = RETRY_FIRST_US,
        .card = {.code = ""},
    };
}

void
sugu_watch_done(struct sugu_watch *watch)
{
    sugu_my_number_done(&watch->card);
    if (watch->state != SUGU_READER_AWAY)
        watch->reader->ops->close(watch->reader);
    watch->state = SUGU_READER_AWAY;
}

static void
say_card(struct sugu_watch *watch, Sugu__CardChangeKind change)
{
    watch->note.change = change;
    watch->callbacks.on_card(watch->callbacks.user, &watch->note);
}

static void
say_taken(struct sugu_watch *watch)
{
    struct sugu_card_note note = {.presence = watch->note.presence};

    watch->note = note;
    say_card(watch, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
    watch->note = (struct sugu_card_note){0};
    sugu_my_number_done(&watch->card);
}

static void
say_several(struct sugu_watch *watch)
{
    sugu_text_copy(watch->note.code, sizeof watch->note.code, "card.several");
    say_card(watch, SUGU__CARD_CHANGE_KIND__CARDS_SEVERAL);
}

static void
step(struct sugu_watch *watch, enum sugu_reader_event event)
{
    const struct sugu_watch_callbacks *callbacks = &watch->callbacks;
    enum sugu_status status;
    uint32_t todo = 0;

    status =
        sugu_machine_step(&sugu_reader_machine, watch->state, event, &watch->state, &todo, NULL);
    assert(status == SUGU_OK); /* this file alone makes the events */
    (void)status;
    if (todo & SUGU_READER_DO_SAY_TAKEN)
        say_taken(watch);
    if (todo & SUGU_READER_DO_SAY_AWAY)
        callbacks->on_part(callbacks->user, SUGU__PART_HEALTH__PART_AWAY, "reader.away");
    if (todo & SUGU_READER_DO_SAY_OK)
        callbacks->on_part(callbacks->user, SUGU__PART_HEALTH__PART_OK, "");
    if (todo & SUGU_READER_DO_SAY_PUT)
        say_card(watch, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    if (todo & SUGU_READER_DO_SAY_SEVERAL)
        say_several(watch);
}

static int64_t
now_us(const struct sugu_watch *watch)
{
    return watch->needs.clock->monotonic_us(watch->needs.clock);
}

static void
lose(struct sugu_watch *watch, const struct sugu_error *why)
{
    if (watch->state == SUGU_READER_CARD) {
        watch->lost.is_there = true;
        watch->lost.target = watch->target;
        watch->lost.monotonic_us = now_us(watch);
    }
    watch->callbacks.on_trouble(watch->callbacks.user, why);
    watch->reader->ops->close(watch->reader);
    watch->retry_us = RETRY_FIRST_US;
    step(watch, SUGU_READER_ON_LOST);
}

static int64_t
open_reader(struct sugu_watch *watch)
{
    int64_t wait_us = watch->retry_us;
    struct sugu_error error;

    if (watch->reader->ops->open(watch->reader, watch->where, &error) == SUGU_OK) {
        watch->retry_us = RETRY_FIRST_US;
        step(watch, SUGU_READER_ON_OPENED);
        return 0;
    }
    watch->callbacks.on_trouble(watch->callbacks.user, &error);
    watch->retry_us = 2 * wait_us < RETRY_LAST_US ? 2 * wait_us : RETRY_LAST_US;
    return wait_us;
}

/* A UID of four bytes that begins with 08 is new each time (ISO 14443-3): nobody is known by it. */
static bool
is_random(const struct sugu_target *target)
{
    return target->kind == SUGU_TARGET_TYPE_A && target->serial_size == 4 &&
           target->serial[0] == 0x08;
}

static void
note_hospital_card(struct sugu_card_note *note, const struct sugu_target *target)
{
    if (target->serial_size == 0 || is_random(target)) {
        sugu_text_copy(note->code, sizeof note->code, "card.not-known");
        return;
    }
    note->kind = target->kind == SUGU_TARGET_FELICA ? SUGU__CARD_KIND__CARD_FELICA
                                                    : SUGU__CARD_KIND__CARD_MIFARE;
    memcpy(note->serial, target->serial, target->serial_size);
    note->serial_size = target->serial_size;
}

static void
note_my_number(struct sugu_card_note *note, const struct sugu_my_number *card)
{
    note->kind = SUGU__CARD_KIND__CARD_MY_NUMBER;
    note->tries_left = card->tries_left;
    sugu_text_copy(note->code, sizeof note->code, card->code);
}

/* Fills the note of what lies there, presence aside; fails where it does not lie there any more. */
static enum sugu_status
describe(struct sugu_watch *watch,
         const struct sugu_target *target,
         struct sugu_card_note *note,
         struct sugu_error *error)
{
    enum sugu_status status;

    if (target->kind != SUGU_TARGET_TYPE_B) {
        note_hospital_card(note, target);
        return SUGU_OK;
    }
    sugu_my_number_done(&watch->card);
    status = sugu_my_number_look(&watch->card, watch->reader, &watch->needs, error);
    if (status == SUGU_OK) {
        note_my_number(note, &watch->card);
    } else if (strcmp(error->code, "card.not-known") == 0 ||
               strcmp(error->code, "card.not-readable") == 0) {
        sugu_text_copy(note->code, sizeof note->code, error->code);
        status = SUGU_OK;
    }
    return status;
}

/* A card that could not be read is looked at again as long as it lies there: it may be put right.
 */
static void
see_same(struct sugu_watch *watch, const struct sugu_target *target)
{
    struct sugu_card_note note = {.presence = watch->note.presence};
    struct sugu_error error;

    step(watch, SUGU_READER_ON_SEES_SAME);
    if (strcmp(watch->note.code, "card.not-readable") != 0)
        return;
    if (describe(watch, target, &note, &error) != SUGU_OK ||
        strcmp(note.code, "card.not-readable") == 0)
        return;
    watch->note = note;
    say_card(watch, SUGU__CARD_CHANGE_KIND__CARD_PUT);
}

static bool
is_alike(const struct sugu_target *one, const struct sugu_target *other)
{
    return one->kind == other->kind && one->serial_size == other->serial_size &&
           memcmp(one->serial, other->serial, one->serial_size) == 0;
}

/*
 * A My Number card has no number of its own before the PIN (its PUPI is new each time), so that the
 * time has to do: nobody changes cards while the reader is away for a moment.
 */
static bool
is_found(const struct sugu_watch *watch, const struct sugu_target *target)
{
    return watch->lost.is_there && now_us(watch) - watch->lost.monotonic_us <= FOUND_AGAIN_US &&
           (target->kind == SUGU_TARGET_TYPE_B ? watch->lost.target.kind == SUGU_TARGET_TYPE_B
                                               : is_alike(&watch->lost.target, target));
}

static void
see_new(struct sugu_watch *watch, const struct sugu_target *target)
{
    struct sugu_card_note note = {
        .presence = sugu_id_new(watch->needs.clock, watch->needs.random),
        .is_found = is_found(watch, target),
    };
    struct sugu_error error;
    enum sugu_status status = describe(watch, target, &note, &error);

    if (status == SUGU_RETRY) {
        lose(watch, &error);
    } else if (status == SUGU_OK) {
        watch->target = *target;
        watch->note = note;
        watch->lost.is_there = false;
        step(watch, SUGU_READER_ON_SEES_CARD);
    }
    /* Else it was gone before it could be looked at: the next poll will tell. */
}

static void
see(struct sugu_watch *watch, const struct sugu_target *target)
{
    if (target->kind == SUGU_TARGET_NONE) {
        watch->lost.is_there = false;
        step(watch, SUGU_READER_ON_SEES_NOTHING);
    } else if (target->kind == SUGU_TARGET_SEVERAL) {
        step(watch, SUGU_READER_ON_SEES_SEVERAL);
    } else if (watch->state == SUGU_READER_CARD && is_alike(&watch->target, target)) {
        see_same(watch, target);
    } else {
        if (watch->state == SUGU_READER_CARD)
            step(watch, SUGU_READER_ON_SEES_OTHER);
        see_new(watch, target);
    }
}

static enum sugu_status
look(struct sugu_watch *watch, struct sugu_target *ret_target, struct sugu_error *reterr)
{
    struct sugu_reader *reader = watch->reader;
    enum sugu_status status = reader->ops->poll(reader, LOOK_WAIT_MS, ret_target, reterr);

    /* One look that misses a card does not mean that it was taken. */
    if (status == SUGU_OK && ret_target->kind == SUGU_TARGET_NONE &&
        watch->state != SUGU_READER_EMPTY)
        status = reader->ops->poll(reader, LOOK_WAIT_MS, ret_target, reterr);
    return status;
}

int64_t
sugu_watch_step(struct sugu_watch *watch)
{
    struct sugu_target target;
    struct sugu_error error;

    if (watch->state == SUGU_READER_AWAY)
        return open_reader(watch);
    if (look(watch, &target, &error) != SUGU_OK)
        lose(watch, &error);
    else
        see(watch, &target);
    return watch->state == SUGU_READER_AWAY ? watch->retry_us : watch->poll_us;
}

/* Is the card still there that the PIN was typed for? Selects it. */
static enum sugu_status
find_again(struct sugu_watch *watch, struct sugu_error *reterr)
{
    struct sugu_target target;
    enum sugu_status status = look(watch, &target, reterr);

    if (status != SUGU_OK) {
        lose(watch, reterr);
        return status;
    }
    if (target.kind == SUGU_TARGET_TYPE_B)
        return SUGU_OK;
    see(watch, &target);
    if (target.kind == SUGU_TARGET_SEVERAL)
        return sugu_fail(reterr, SUGU_REFUSED, "card.several", "before the reading");
    return sugu_fail(reterr, SUGU_REFUSED, "card.taken", "before the reading");
}

/* What the reading has changed about the card is said before its outcome. */
static void
settle(struct sugu_watch *watch, enum sugu_status status, const struct sugu_error *error)
{
    struct sugu_card_note before = watch->note;

    watch->reader->ops->drop_field(watch->reader);
    if (status == SUGU_RETRY) {
        lose(watch, error);
    } else if (status != SUGU_OK && strcmp(error->code, "card.taken") == 0) {
        /* Pulled away, or another one: whatever lies there next is a new presence. */
        step(watch, SUGU_READER_ON_SEES_OTHER);
    } else {
        note_my_number(&watch->note, &watch->card);
        if (before.tries_left != watch->note.tries_left ||
            strcmp(before.code, watch->note.code) != 0)
            say_card(watch, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    }
}

enum sugu_status
sugu_watch_read(struct sugu_watch *watch,
                const struct sugu_id *presence,
                struct sugu_pin_page *page,
                struct sugu_attributes *ret_attributes,
                struct sugu_error *reterr)
{
    struct sugu_error error;
    enum sugu_status status;

    if (watch->state != SUGU_READER_CARD || !sugu_id_equal(presence, &watch->note.presence))
        status = sugu_fail(&error, SUGU_REFUSED, "card.taken", "the card was taken before");
    else if (watch->note.kind != SUGU__CARD_KIND__CARD_MY_NUMBER)
        status = sugu_fail(&error, SUGU_REFUSED, "card.not-known", "not a My Number card");
    else
        status = find_again(watch, &error);
    if (status == SUGU_OK) {
        status = sugu_my_number_read(&watch->card, watch->reader, &watch->needs, page,
                                     ret_attributes, &error);
        settle(watch, status, &error);
    }
    sugu_pin_page_clear(page);
    if (status != SUGU_OK && reterr)
        *reterr = error;
    return status;
}
