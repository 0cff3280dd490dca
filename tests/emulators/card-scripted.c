/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-scripted - an emulated type B card that follows a list of commands and answers
 */
#include "emulators/emulated-card.h"

#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scripted_card {
    struct emulated_card card;
    const struct card_script_row *rows;
    size_t count, next, mismatches;
};

static size_t
scripted_find(struct emulated_card *card, enum emulated_air air, uint8_t *to)
{
    static const uint8_t atqb[] = {0x50, 0x01, 0x02, 0x03, 0x04, 0x00, 0x00,
                                   0x05, 0xe0, 0xb3, 0x81, 0xa1, 0x01, 0x01};

    (void)card;
    if (air != EMULATED_TYPE_B)
        return 0;
    memcpy(to, atqb, sizeof atqb);
    return sizeof atqb;
}

static size_t
scripted_exchange(struct emulated_card *card, const uint8_t *command, size_t size, uint8_t *answer)
{
    struct scripted_card *scripted = (struct scripted_card *)card;
    const struct card_script_row *row = scripted->rows + scripted->next;
    char hex[2 * 264 + 1];
    size_t answer_size;
    bool is_hex;

    assert(size <= 264);
    sugu_hex_from_bytes(hex, command, size);
    if (scripted->next == scripted->count || strcmp(hex, row->command) != 0) {
        scripted->mismatches++;
        fprintf(stderr, "scripted card: got %s, expected %s\n", hex,
                scripted->next == scripted->count ? "nothing" : row->command);
        answer[0] = 0x6f;
        answer[1] = 0x00;
        return 2;
    }
    scripted->next++;
    answer_size = strlen(row->answer) / 2;
    assert(answer_size <= EMULATED_ANSWER_SIZE_MAX);
    is_hex = sugu_hex_to_bytes(answer, answer_size, row->answer);
    assert(is_hex);
    return answer_size;
}

static void
scripted_power_off(struct emulated_card *card)
{
    (void)card;
}

static void
scripted_free(struct emulated_card *card)
{
    free(card);
}

struct emulated_card *
scripted_card_new(const struct card_script_row *rows, size_t count)
{
    static const struct emulated_card_ops ops = {
        scripted_find,
        scripted_exchange,
        scripted_power_off,
        scripted_free,
    };
    struct scripted_card *card = calloc(1, sizeof *card);

    assert(card);
    card->card.ops = &ops;
    snprintf(card->card.name, sizeof card->card.name, "scripted");
    card->rows = rows;
    card->count = count;
    return &card->card;
}

size_t
scripted_card_left(const struct emulated_card *card)
{
    const struct scripted_card *scripted = (const struct scripted_card *)card;

    return scripted->count - scripted->next;
}

size_t
scripted_card_mismatches(const struct emulated_card *card)
{
    return ((const struct scripted_card *)card)->mismatches;
}
