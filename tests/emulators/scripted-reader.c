/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scripted-reader - the reader port in memory: no line, no chip, the same cards
 */
#include "emulators/scripted-reader.h"

#include <assert.h>
#include <string.h>

static enum sugu_status
away(struct sugu_error *reterr)
{
    return sugu_fail(reterr, SUGU_RETRY, "reader.away", "scripted");
}

static void
power_off(struct scripted_reader *scripted)
{
    for (size_t i = 0; i < scripted->card_count; i++)
        scripted->cards[i]->ops->power_off(scripted->cards[i]);
    scripted->selected = NULL;
}

static enum sugu_status
scripted_open(struct sugu_reader *reader, const char *where, struct sugu_error *reterr)
{
    struct scripted_reader *scripted = (struct scripted_reader *)reader;

    (void)where;
    scripted->opens++;
    if (scripted->is_away)
        return away(reterr);
    scripted->is_open = true;
    return SUGU_OK;
}

static bool
read_serial(struct emulated_card *card, struct sugu_target *target)
{
    uint8_t data[EMULATED_TARGET_SIZE_MAX];

    if (card->ops->find(card, EMULATED_TYPE_B, data)) {
        target->kind = SUGU_TARGET_TYPE_B;
        target->serial_size = 0;
    } else if (card->ops->find(card, EMULATED_FELICA_212, data)) {
        target->kind = SUGU_TARGET_FELICA;
        target->serial_size = 8;
        memcpy(target->serial, data + 2, 8);
    } else if (card->ops->find(card, EMULATED_TYPE_A, data)) {
        target->kind = SUGU_TARGET_TYPE_A;
        target->serial_size = data[3];
        memcpy(target->serial, data + 4, data[3]);
    } else {
        return false;
    }
    return true;
}

static enum sugu_status
scripted_poll(struct sugu_reader *reader,
              uint32_t wait_ms_max,
              struct sugu_target *ret_target,
              struct sugu_error *reterr)
{
    struct scripted_reader *scripted = (struct scripted_reader *)reader;
    struct sugu_target target = {.kind = SUGU_TARGET_NONE};
    size_t found = 0;

    (void)wait_ms_max;
    scripted->polls++;
    assert(scripted->is_open);
    if (scripted->is_away)
        return away(reterr);
    power_off(scripted);
    for (size_t i = 0; i < scripted->card_count; i++)
        found += read_serial(scripted->cards[i], &target);
    if (found > 1)
        target = (struct sugu_target){.kind = SUGU_TARGET_SEVERAL};
    if (target.kind == SUGU_TARGET_TYPE_B)
        scripted->selected = scripted->cards[0];
    *ret_target = target;
    return SUGU_OK;
}

static enum sugu_status
scripted_exchange(struct sugu_reader *reader,
                  const uint8_t *command,
                  size_t command_size,
                  uint8_t *answer,
                  size_t *ret_answer_size,
                  struct sugu_error *reterr)
{
    struct scripted_reader *scripted = (struct scripted_reader *)reader;
    size_t size;

    assert(scripted->is_open && command_size >= 4 && command_size <= SUGU_APDU_SIZE_MAX);
    if (scripted->away_after && scripted->exchanges >= scripted->away_after)
        scripted->is_away = true;
    if (scripted->is_away)
        return away(reterr);
    if (scripted->take_after && scripted->exchanges >= scripted->take_after)
        scripted_reader_take(scripted, NULL);
    if (!scripted->selected)
        return sugu_fail(reterr, SUGU_REFUSED, "card.taken", "scripted");
    scripted->exchanges++;
    memcpy(scripted->last_command, command, command_size);
    scripted->last_command_size = command_size;
    size = scripted->selected->ops->exchange(scripted->selected, command, command_size, answer);
    if (size < 2)
        return sugu_fail(reterr, SUGU_REFUSED, "card.taken", "no answer");
    *ret_answer_size = size;
    return SUGU_OK;
}

static void
scripted_drop_field(struct sugu_reader *reader)
{
    struct scripted_reader *scripted = (struct scripted_reader *)reader;

    scripted->drops++;
    power_off(scripted);
}

static void
scripted_close(struct sugu_reader *reader)
{
    struct scripted_reader *scripted = (struct scripted_reader *)reader;

    power_off(scripted);
    scripted->is_open = false;
}

void
scripted_reader_init(struct scripted_reader *scripted)
{
    static const struct sugu_reader_ops ops = {
        .name = "scripted",
        .open = scripted_open,
        .poll = scripted_poll,
        .exchange = scripted_exchange,
        .drop_field = scripted_drop_field,
        .close = scripted_close,
    };

    *scripted = (struct scripted_reader){.reader = {.ops = &ops}};
}

void
scripted_reader_put(struct scripted_reader *scripted, struct emulated_card *card)
{
    assert(scripted->card_count < SCRIPTED_CARDS_MAX);
    scripted->cards[scripted->card_count++] = card;
}

void
scripted_reader_take(struct scripted_reader *scripted, struct emulated_card *card)
{
    size_t kept = 0;

    for (size_t i = 0; i < scripted->card_count; i++) {
        if (card && scripted->cards[i] != card)
            scripted->cards[kept++] = scripted->cards[i];
        else
            scripted->cards[i]->ops->power_off(scripted->cards[i]);
    }
    scripted->card_count = kept;
    if (!card || scripted->selected == card)
        scripted->selected = NULL;
}
