/* SPDX-License-Identifier: Apache-2.0 */
/*
 * my-number - reading a My Number card: who is it, and is it the card it says it is
 */
#include "reader/my-number.h"

#include "base/text.h"

#include <string.h>

enum { PIN_OF_KEY, PIN_OF_TEXT };

static const enum sugu_card_file pin_files[] = {
    [PIN_OF_KEY] = SUGU_CARD_KEY_PIN,
    [PIN_OF_TEXT] = SUGU_CARD_TEXT_PIN,
};

/* Why no PIN may be shown with so many tries left; "" where it may. */
static const char *
code_of_tries(unsigned tries)
{
    return tries == 0 ? "pin.blocked" : tries == 1 ? "pin.last-try" : "";
}

static void
set_tries(struct sugu_my_number *card, unsigned which, unsigned tries)
{
    card->tries[which] = tries;
    card->tries_left = card->tries[0] < card->tries[1] ? card->tries[0] : card->tries[1];
    card->code = code_of_tries(card->tries_left);
    snprintf(card->detail, sizeof card->detail, "tries=%u", card->tries_left);
}

static void
set_distrusted(struct sugu_my_number *card, const struct sugu_error *why)
{
    card->code = "card.not-trusted";
    sugu_text_copy(card->detail, sizeof card->detail, why->detail);
}

static enum sugu_status
read_tries(struct sugu_my_number *card, struct sugu_card_link *link, struct sugu_error *reterr)
{
    unsigned tries[2];

    /* The key's last, so that the JPKI application is the selected one afterwards. */
    for (int which = PIN_OF_TEXT; which >= PIN_OF_KEY; which--) {
        enum sugu_status status =
            sugu_card_tries_left(link, pin_files[which], &tries[which], reterr);

        if (status != SUGU_OK)
            return status;
    }
    set_tries(card, PIN_OF_KEY, tries[PIN_OF_KEY]);
    set_tries(card, PIN_OF_TEXT, tries[PIN_OF_TEXT]);
    return SUGU_OK;
}

static enum sugu_status
read_certificate(struct sugu_my_number *card,
                 struct sugu_card_link *link,
                 const struct sugu_my_number_needs *needs,
                 struct sugu_error *reterr)
{
    uint8_t der[SUGU_CARD_FILE_SIZE_MAX];
    struct sugu_error distrust;
    size_t size = 0;
    enum sugu_status status = sugu_card_select(link, SUGU_CARD_CERTIFICATE, reterr);

    if (status == SUGU_OK)
        status = sugu_card_read_object(link, 0x30, 0, der, &size, reterr);
    if (status != SUGU_OK)
        return status;
    if (size < sizeof card->mark)
        return sugu_fail(reterr, SUGU_REFUSED, "card.not-readable", "certificate is too short");
    memcpy(card->mark, der, sizeof card->mark);
    if (sugu_certificate_check(needs->trust, der, size, needs->clock->utc_us(needs->clock),
                               &card->key, &distrust) == SUGU_OK)
        return SUGU_OK;
    set_distrusted(card, &distrust);
    return SUGU_OK;
}

enum sugu_status
sugu_my_number_look(struct sugu_my_number *card,
                    struct sugu_reader *reader,
                    const struct sugu_my_number_needs *needs,
                    struct sugu_error *reterr)
{
    struct sugu_card_link link;
    enum sugu_status status;

    *card = (struct sugu_my_number){.code = ""};
    sugu_card_link_init(&link, reader);
    status = read_tries(card, &link, reterr);
    /* A card that cannot be used anyway keeps its certificate to itself. */
    if (status == SUGU_OK && !card->code[0])
        status = read_certificate(card, &link, needs, reterr);
    if (status != SUGU_OK)
        sugu_my_number_done(card);
    return status;
}

void
sugu_my_number_done(struct sugu_my_number *card)
{
    sugu_public_key_free(card->key);
    explicit_bzero(card, sizeof *card);
    card->code = "";
}

/* The PIN was typed for one card; another one in its place must not be shown it. */
static enum sugu_status
check_same_card(const struct sugu_my_number *card,
                struct sugu_card_link *link,
                struct sugu_error *reterr)
{
    uint8_t mark[SUGU_MY_NUMBER_MARK_SIZE];
    enum sugu_status status = sugu_card_select(link, SUGU_CARD_CERTIFICATE, reterr);

    if (status == SUGU_OK)
        status = sugu_card_read_part(link, 0, mark, sizeof mark, reterr);
    if (status == SUGU_OK && memcmp(mark, card->mark, sizeof mark) != 0)
        status = sugu_fail(reterr, SUGU_REFUSED, "card.taken", "another card lies there");
    return status;
}

static enum sugu_status
refuse_by_code(const struct sugu_my_number *card, struct sugu_error *reterr)
{
    return sugu_fail(reterr, SUGU_REFUSED, card->code, "%s", card->detail);
}

static enum sugu_status
show_pin(struct sugu_my_number *card,
         struct sugu_card_link *link,
         unsigned which,
         struct sugu_pin_page *page,
         struct sugu_error *reterr)
{
    unsigned tries = 0;
    bool is_right = false;
    enum sugu_status status =
        sugu_card_verify(link, pin_files[which], page, &is_right, &tries, reterr);

    if (status != SUGU_OK)
        return status;
    set_tries(card, which, is_right ? SUGU_CARD_PIN_TRIES_MAX : tries);
    if (is_right)
        return SUGU_OK;
    return sugu_fail(reterr, SUGU_REFUSED, card->code[0] ? card->code : "pin.wrong", "%s",
                     card->detail);
}

static enum sugu_status
prove_key(const struct sugu_my_number *card,
          struct sugu_card_link *link,
          struct sugu_random *random,
          struct sugu_error *reterr)
{
    struct sugu_challenge challenge;
    struct sugu_card_answer signature;
    enum sugu_status status = sugu_card_select(link, SUGU_CARD_KEY, reterr);

    sugu_challenge_make(card->key, random, &challenge);
    if (status == SUGU_OK)
        status =
            sugu_card_sign(link, challenge.to_sign, challenge.to_sign_size, &signature, reterr);
    if (status == SUGU_OK)
        status =
            sugu_challenge_check(card->key, &challenge, signature.data, signature.size, reterr);
    return status;
}

static enum sugu_status
read_attributes(struct sugu_card_link *link,
                struct sugu_attributes *ret_attributes,
                struct sugu_error *reterr)
{
    uint8_t bytes[SUGU_CARD_FILE_SIZE_MAX];
    size_t size = 0;
    enum sugu_status status = sugu_card_select(link, SUGU_CARD_ATTRIBUTES, reterr);

    if (status == SUGU_OK)
        status = sugu_card_read_object(link, SUGU_ATTRIBUTES_TAG, SUGU_ATTRIBUTES_SKIP_MAX, bytes,
                                       &size, reterr);
    if (status == SUGU_OK)
        status = sugu_attributes_parse(bytes, size, ret_attributes, reterr);
    explicit_bzero(bytes, sizeof bytes);
    return status;
}

static enum sugu_status
read_with_pin(struct sugu_my_number *card,
              struct sugu_card_link *link,
              const struct sugu_my_number_needs *needs,
              struct sugu_pin_page *page,
              struct sugu_attributes *ret_attributes,
              struct sugu_error *reterr)
{
    struct sugu_error error;
    enum sugu_status status = show_pin(card, link, PIN_OF_KEY, page, reterr);

    if (status == SUGU_OK) {
        status = prove_key(card, link, needs->random, &error);
        if (status != SUGU_OK && strcmp(error.code, "card.not-trusted") == 0)
            set_distrusted(card, &error);
        if (status != SUGU_OK && reterr)
            *reterr = error;
    }
    if (status == SUGU_OK)
        status = show_pin(card, link, PIN_OF_TEXT, page, reterr);
    sugu_pin_page_clear(page);
    if (status == SUGU_OK)
        status = read_attributes(link, ret_attributes, reterr);
    return status;
}

enum sugu_status
sugu_my_number_read(struct sugu_my_number *card,
                    struct sugu_reader *reader,
                    const struct sugu_my_number_needs *needs,
                    struct sugu_pin_page *page,
                    struct sugu_attributes *ret_attributes,
                    struct sugu_error *reterr)
{
    struct sugu_card_link link;
    enum sugu_status status = SUGU_OK;

    sugu_card_link_init(&link, reader);
    if (card->code[0] || !card->key)
        status = refuse_by_code(card, reterr);
    if (status == SUGU_OK)
        status = read_tries(card, &link, reterr);
    if (status == SUGU_OK && card->code[0])
        status = refuse_by_code(card, reterr);
    if (status == SUGU_OK)
        status = check_same_card(card, &link, reterr);
    if (status == SUGU_OK)
        status = read_with_pin(card, &link, needs, page, ret_attributes, reterr);
    sugu_pin_page_clear(page);
    return status;
}
