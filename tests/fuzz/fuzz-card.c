/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-card - a card that lies, and attributes of any bytes
 *
 * The input is parsed as a file of attributes first. Then it tells an emulated My Number card how
 * to bend its answers, one byte per answer: as it is, another status word, cut, or other bytes;
 * what follows is taken from the input. Whatever comes, the card is not shown a PIN when its tries
 * are used up, its forbidden files are not selected, and no PIN is left in the page.
 */
#include "fuzz-target.h"

#include "emulators/card-authority.h"
#include "emulators/card-my-number.h"
#include "reader/my-number.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define YEAR_US (INT64_C(365) * 86400 * SUGU_SECOND)

struct liar {
    struct sugu_reader reader;
    struct emulated_card *card;
    const uint8_t *input;
    size_t left;
};

static uint8_t
next_byte(struct liar *liar)
{
    if (!liar->left)
        return 0;
    liar->left--;
    return *liar->input++;
}

static void
check(bool holds)
{
    if (!holds)
        abort();
}

static enum sugu_status
liar_exchange(struct sugu_reader *reader,
              const uint8_t *command,
              size_t command_size,
              uint8_t *answer,
              size_t *ret_answer_size,
              struct sugu_error *reterr)
{
    struct liar *liar = (struct liar *)reader;
    uint8_t how = next_byte(liar);
    size_t size = liar->card->ops->exchange(liar->card, command, command_size, answer);

    if (how % 8 == 5)
        return sugu_fail(reterr, SUGU_REFUSED, "card.taken", "liar");
    if (how % 8 == 4) {
        size = 2 + next_byte(liar);
        for (size_t i = 0; i < size; i++)
            answer[i] = next_byte(liar);
    }
    if (how % 8 == 3)
        size = 2 + next_byte(liar) % (size - 1);
    if (how % 8 >= 2 && how % 8 <= 4) {
        answer[size - 2] = next_byte(liar);
        answer[size - 1] = next_byte(liar);
    }
    *ret_answer_size = size;
    return SUGU_OK;
}

static struct sugu_my_number_needs needs;
static struct sugu_pin_page *page;
static EVP_PKEY *key;
static struct card_authority *authority;
static X509 *certificate, *issuer;
static struct sugu_clock_manual wall;
static struct sugu_random_seeded seeded;

/* Once for all inputs: keys take their time. */
static void
prepare(void)
{
    struct sugu_trust *trust;
    struct sugu_error error;
    char folder[] = "/tmp/sugu-fuzz-card-XXXXXX", command[64];
    int file = sugu_pin_page_file();

    sugu_clock_manual_init(&wall, 1790000000 * SUGU_SECOND);
    sugu_random_seeded_init(&seeded, 1);
    authority = card_authority_new("Fuzz", wall.utc);
    key = card_key_new(2048);
    certificate =
        card_authority_issue(authority, "card", key, wall.utc - YEAR_US, wall.utc + YEAR_US);
    issuer = card_authority_issuing(authority);
    check(mkdtemp(folder) != NULL);
    card_authority_write(authority, folder);
    check(sugu_trust_load(folder, &trust, &error) == SUGU_OK);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    check(system(command) == 0);
    check(sugu_pin_page_new(file, &page, &error) == SUGU_OK);
    close(file);
    needs = (struct sugu_my_number_needs){trust, &wall.clock, &seeded.random};
}

static void
check_attributes(const struct sugu_attributes *attributes)
{
    check(attributes->name[0] && sugu_text_is_utf8(attributes->name, strlen(attributes->name)));
    check(attributes->address[0] &&
          sugu_text_is_utf8(attributes->address, strlen(attributes->address)));
    check(attributes->birth_date >= 18680101 && attributes->birth_date <= 29991231);
    check(attributes->sex >= '0' && attributes->sex <= '3');
}

static void
read_from(struct liar *liar)
{
    static const struct my_number_person person = {
        .label = "liar",
        .name = "山田　太郎",
        .address = "東京都",
        .birth_date = "19580415",
        .sex = '1',
        .number = "123456789018",
        .pin = "1234",
        .text_pin = "1234",
        .blocked_sw = 0x6984,
    };
    static const struct sugu_pin_packet nothing;
    struct sugu_my_number card;
    struct sugu_attributes attributes;
    struct sugu_error error;
    unsigned tries;

    liar->card = my_number_card_new(&person, key, certificate, issuer);
    tries = 2 + next_byte(liar) % 2;
    my_number_card_set_tries(liar->card, MY_NUMBER_PIN_AUTHENTICATION, tries);
    page->arriving.presence.bytes[0] = 1;
    memcpy(page->arriving.digits, next_byte(liar) % 2 ? "9999" : "1234", SUGU_PIN_DIGITS);
    check(sugu_pin_page_accept(page, 0));
    if (sugu_my_number_look(&card, &liar->reader, &needs, &error) == SUGU_OK) {
        if (sugu_my_number_read(&card, &liar->reader, &needs, page, &attributes, &error) == SUGU_OK)
            check_attributes(&attributes);
        check(memcmp(&page->pin, &nothing, sizeof nothing) == 0);
        sugu_my_number_done(&card);
    }
    sugu_pin_page_clear(page);
    check(my_number_card_forbidden(liar->card) == 0);
    /* One reading shows one PIN once: it can cost one try and no more. */
    check(my_number_card_tries(liar->card, MY_NUMBER_PIN_AUTHENTICATION) + 1 >= tries);
    emulated_card_free(liar->card);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct sugu_reader_ops ops = {.name = "liar", .exchange = liar_exchange};
    struct liar liar = {.reader = {.ops = &ops}, .input = bytes, .left = size};
    struct sugu_attributes attributes;

    if (!page)
        prepare();
    if (sugu_attributes_parse(bytes, size, &attributes, NULL) == SUGU_OK)
        check_attributes(&attributes);
    read_from(&liar);
    return 0;
}
