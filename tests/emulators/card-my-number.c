/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-my-number - an emulated My Number card: its JPKI and text applications
 */
#include "emulators/card-my-number.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AID_SIZE 10

enum application { NO_APPLICATION, JPKI, TEXT, VISUAL };

enum file_kind { DATA, PIN, KEY };

/* What has to have been proven before a file is read, or a key used. */
enum gate { OPEN, AUTHENTICATION, TEXT_PIN, NEVER };

struct file {
    enum application application;
    uint16_t id;
    enum file_kind kind;
    enum gate gate;
    uint8_t *bytes;
    size_t size;
};

#define FILES_MAX 12

struct pin {
    char digits[17];
    unsigned tries, tries_max;
    bool is_verified;
};

struct my_number_card {
    struct emulated_card card;
    EVP_PKEY *key;
    unsigned blocked_sw;
    uint8_t pupi[4];
    struct file files[FILES_MAX];
    size_t file_count;
    struct pin pins[MY_NUMBER_PIN_COUNT];
    enum application application;
    const struct file *selected;
    unsigned forbidden;
};

static const uint8_t aids[][AID_SIZE] = {
    [JPKI] = {0xd3, 0x92, 0xf0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01},
    [TEXT] = {0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08},
    [VISUAL] = {0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02},
};

static size_t
say(uint8_t *answer, unsigned status_word)
{
    answer[0] = (uint8_t)(status_word >> 8);
    answer[1] = (uint8_t)status_word;
    return 2;
}

static void
forget_pins(struct my_number_card *card)
{
    for (size_t i = 0; i < MY_NUMBER_PIN_COUNT; i++)
        card->pins[i].is_verified = false;
}

static size_t
select_application(struct my_number_card *card, const uint8_t *aid, uint8_t *answer)
{
    for (unsigned i = JPKI; i <= VISUAL; i++) {
        if (memcmp(aids[i], aid, AID_SIZE) != 0)
            continue;
        card->application = (enum application)i;
        card->selected = NULL;
        forget_pins(card);
        card->forbidden += i == VISUAL;
        return say(answer, 0x9000);
    }
    return say(answer, 0x6a82);
}

static size_t
select_file(struct my_number_card *card, uint16_t id, uint8_t *answer)
{
    for (size_t i = 0; i < card->file_count; i++) {
        if (card->files[i].application != card->application || card->files[i].id != id)
            continue;
        card->selected = card->files + i;
        card->forbidden += card->application == TEXT && id == 0x0001;
        return say(answer, 0x9000);
    }
    return say(answer, 0x6a82);
}

static size_t
on_select(struct my_number_card *card, const uint8_t *command, size_t size, uint8_t *answer)
{
    if (size >= 5 + AID_SIZE && command[2] == 0x04 && command[4] == AID_SIZE)
        return select_application(card, command + 5, answer);
    if (size >= 7 && command[2] == 0x02 && command[4] == 2)
        return select_file(card, (uint16_t)(command[5] << 8 | command[6]), answer);
    return say(answer, 0x6a82);
}

static struct pin *
pin_of(struct my_number_card *card)
{
    if (!card->selected || card->selected->kind != PIN)
        return NULL;
    if (card->selected->application == TEXT)
        return &card->pins[MY_NUMBER_PIN_TEXT];
    return card->selected->id == 0x0018 ? &card->pins[MY_NUMBER_PIN_AUTHENTICATION]
                                        : &card->pins[MY_NUMBER_PIN_SIGNATURE];
}

/* Without data: how many tries are left, for nothing. A wrong PIN that takes the last try is
 * answered 63C0, everything after that with the word for "blocked". */
static size_t
on_verify(struct my_number_card *card, const uint8_t *command, size_t size, uint8_t *answer)
{
    struct pin *pin = pin_of(card);

    if (!pin || command[3] != 0x80)
        return say(answer, 0x6a86);
    if (pin->tries == 0)
        return say(answer, card->blocked_sw);
    if (size == 4)
        return say(answer, 0x63c0 | pin->tries);
    if (size != 5u + command[4])
        return say(answer, 0x6700);
    if (command[4] == strlen(pin->digits) && memcmp(command + 5, pin->digits, command[4]) == 0) {
        pin->tries = pin->tries_max;
        pin->is_verified = true;
        return say(answer, 0x9000);
    }
    pin->tries--;
    pin->is_verified = false;
    return say(answer, 0x63c0 | pin->tries);
}

static bool
is_open(const struct my_number_card *card, const struct file *file)
{
    switch (file->gate) {
    case OPEN:
        return true;
    case AUTHENTICATION:
        return card->pins[MY_NUMBER_PIN_AUTHENTICATION].is_verified;
    case TEXT_PIN:
        return card->pins[MY_NUMBER_PIN_TEXT].is_verified;
    case NEVER:
        break;
    }
    return false;
}

static size_t
on_read(struct my_number_card *card, const uint8_t *command, size_t size, uint8_t *answer)
{
    const struct file *file = card->selected;
    size_t offset, wanted;

    if (!file || file->kind != DATA || (command[2] & 0x80))
        return say(answer, 0x6a86);
    if (size != 5)
        return say(answer, 0x6700);
    if (!is_open(card, file))
        return say(answer, 0x6982);
    offset = (size_t)(command[2] << 8 | command[3]);
    wanted = command[4] ? command[4] : 256;
    if (offset >= file->size)
        return say(answer, 0x6b00);
    if (wanted > file->size - offset) {
        wanted = file->size - offset;
        memcpy(answer, file->bytes + offset, wanted);
        return wanted + say(answer + wanted, command[4] ? 0x6282 : 0x9000);
    }
    memcpy(answer, file->bytes + offset, wanted);
    return wanted + say(answer + wanted, 0x9000);
}

/* P1 = 00: the data as given is padded (RSA) or taken as the hash (elliptic curve). */
static size_t
on_sign(struct my_number_card *card, const uint8_t *command, size_t size, uint8_t *answer)
{
    EVP_PKEY_CTX *context = NULL;
    size_t signature_size = 256, written = 0;
    bool is_rsa = EVP_PKEY_get_base_id(card->key) == EVP_PKEY_RSA;

    if (!card->selected || card->selected->kind != KEY || command[2] != 0 || command[3] != 0x80)
        return say(answer, 0x6a86);
    if (!is_open(card, card->selected))
        return say(answer, 0x6982);
    if (size < 7 || size != 6u + command[4] || command[4] > 245)
        return say(answer, 0x6700);
    context = EVP_PKEY_CTX_new(card->key, NULL);
    if (context && EVP_PKEY_sign_init(context) == 1 &&
        (!is_rsa || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1) &&
        EVP_PKEY_sign(context, answer, &signature_size, command + 5, command[4]) == 1)
        written = signature_size;
    EVP_PKEY_CTX_free(context);
    return written ? written + say(answer + written, 0x9000) : say(answer, 0x6f00);
}

static size_t
on_challenge(const uint8_t *command, size_t size, uint8_t *answer)
{
    int wanted = size == 5 && command[4] ? command[4] : 256;

    if (RAND_bytes(answer, wanted) != 1)
        return say(answer, 0x6f00);
    return (size_t)wanted + say(answer + wanted, 0x9000);
}

static size_t
my_number_exchange(struct emulated_card *card_,
                   const uint8_t *command,
                   size_t size,
                   uint8_t answer[EMULATED_ANSWER_SIZE_MAX])
{
    struct my_number_card *card = (struct my_number_card *)card_;

    if (size < 4)
        return say(answer, 0x6700);
    if (command[0] == 0x80 && command[1] == 0x2a)
        return on_sign(card, command, size, answer);
    if (command[0] != 0x00)
        return say(answer, 0x6e00);
    switch (command[1]) {
    case 0xa4:
        return on_select(card, command, size, answer);
    case 0x20:
        return on_verify(card, command, size, answer);
    case 0xb0:
        return on_read(card, command, size, answer);
    case 0x84:
        return on_challenge(command, size, answer);
    default:
        return say(answer, 0x6d00);
    }
}

/* ATQB: a PUPI that is new each time the card wakes, the application data and protocol of
 * domain/card-insurance.md 1.1, ATTRIB answer of one byte. */
static size_t
my_number_find(struct emulated_card *card_, enum emulated_air air, uint8_t *to)
{
    static const uint8_t rest[] = {0x00, 0x00, 0x05, 0xe0, 0xb3, 0x81, 0xa1, 0x01, 0x01};
    struct my_number_card *card = (struct my_number_card *)card_;

    if (air != EMULATED_TYPE_B)
        return 0;
    if (RAND_bytes(card->pupi, sizeof card->pupi) != 1)
        return 0;
    to[0] = 0x50;
    memcpy(to + 1, card->pupi, sizeof card->pupi);
    memcpy(to + 5, rest, sizeof rest);
    return 5 + sizeof rest;
}

static void
my_number_power_off(struct emulated_card *card_)
{
    struct my_number_card *card = (struct my_number_card *)card_;

    card->application = NO_APPLICATION;
    card->selected = NULL;
    forget_pins(card);
}

static void
my_number_free(struct emulated_card *card_)
{
    struct my_number_card *card = (struct my_number_card *)card_;

    for (size_t i = 0; i < card->file_count; i++)
        free(card->files[i].bytes);
    EVP_PKEY_free(card->key);
    free(card);
}

static void
add_file(struct my_number_card *card, struct file file, const void *bytes, size_t size)
{
    assert(card->file_count < FILES_MAX);
    if (size) {
        file.bytes = malloc(size);
        assert(file.bytes);
        memcpy(file.bytes, bytes, size);
    }
    file.size = size;
    card->files[card->file_count++] = file;
}

/* A certificate's file is longer than the certificate: FF to the end. */
static void
add_certificate(struct my_number_card *card, struct file file, X509 *certificate)
{
    uint8_t bytes[4096], *end = bytes;
    int size = i2d_X509(certificate, NULL);

    assert(size > 0 && (size_t)size + 64 < sizeof bytes);
    i2d_X509(certificate, &end);
    memset(end, 0xff, 64);
    add_file(card, file, bytes, (size_t)size + 64);
}

static size_t
add_tlv(uint8_t *to, uint16_t tag, const void *value, size_t size)
{
    size_t at = 0;

    to[at++] = (uint8_t)(tag >> 8);
    to[at++] = (uint8_t)tag;
    if (size > 255)
        to[at++] = 0x82, to[at++] = (uint8_t)(size >> 8);
    else if (size > 127)
        to[at++] = 0x81;
    to[at++] = (uint8_t)size;
    memcpy(to + at, value, size);
    return at + size;
}

/* domain/card-insurance.md 1.5: FF20 { DF21 offsets, DF22 name, DF23 address, DF24 birth date, DF25
 * sex }. The offsets count from the file's start to each object. */
size_t
my_number_attributes(const struct my_number_person *person, uint8_t to[1024])
{
    const struct {
        uint16_t tag;
        const void *value;
        size_t size;
    } fields[] = {
        {0xdf22, person->name, strlen(person->name)},
        {0xdf23, person->address, strlen(person->address)},
        {0xdf24, person->birth_date, 8},
        {0xdf25, &person->sex, 1},
    };
    uint8_t body[1000], offsets[8] = {0};
    size_t starts[4], size = add_tlv(body, 0xdf21, offsets, sizeof offsets), head;

    for (size_t i = 0; i < 4; i++) {
        starts[i] = size;
        size += add_tlv(body + size, fields[i].tag, fields[i].value, fields[i].size);
    }
    memset(to, 0, person->leading_bytes);
    head = person->leading_bytes + add_tlv(to + person->leading_bytes, 0xff20, body, size) - size;
    for (size_t i = 0; i < 4; i++) {
        offsets[2 * i] = (uint8_t)((head + starts[i]) >> 8);
        offsets[2 * i + 1] = (uint8_t)(head + starts[i]);
    }
    memcpy(to + head + 3, offsets, sizeof offsets);
    return head + size;
}

static void
add_text_files(struct my_number_card *card, const struct my_number_person *person)
{
    uint8_t number[17] = {0xff, 0x10, 0x0c}, attributes[1024];
    size_t size = my_number_attributes(person, attributes);

    memcpy(number + 3, person->number, 12);
    memset(number + 15, 0xff, 2);
    add_file(card, (struct file){TEXT, 0x0001, DATA, TEXT_PIN, NULL, 0}, number, sizeof number);
    add_file(card, (struct file){TEXT, 0x0002, DATA, TEXT_PIN, NULL, 0}, attributes, size);
    add_file(card, (struct file){TEXT, 0x0011, PIN, OPEN, NULL, 0}, NULL, 0);
}

static void
set_pin(struct pin *pin, const char *digits, unsigned tries_max)
{
    snprintf(pin->digits, sizeof pin->digits, "%s", digits);
    pin->tries = pin->tries_max = tries_max;
}

struct emulated_card *
my_number_card_new(const struct my_number_person *person,
                   EVP_PKEY *key,
                   X509 *certificate,
                   X509 *issuer)
{
    static const struct emulated_card_ops ops = {
        my_number_find,
        my_number_exchange,
        my_number_power_off,
        my_number_free,
    };
    struct my_number_card *card = calloc(1, sizeof *card);
    uint8_t token[160] = "JPKIAPICCTOKEN2                 ";

    assert(card);
    card->card.ops = &ops;
    snprintf(card->card.name, sizeof card->card.name, "my-number %s", person->label);
    EVP_PKEY_up_ref(key);
    card->key = key;
    card->blocked_sw = person->blocked_sw;
    set_pin(&card->pins[MY_NUMBER_PIN_AUTHENTICATION], person->pin, MY_NUMBER_TRIES_MAX);
    set_pin(&card->pins[MY_NUMBER_PIN_TEXT], person->text_pin, MY_NUMBER_TRIES_MAX);
    set_pin(&card->pins[MY_NUMBER_PIN_SIGNATURE], "SUGU2026", 5);
    add_file(card, (struct file){JPKI, 0x0006, DATA, OPEN, NULL, 0}, token, sizeof token);
    add_certificate(card, (struct file){JPKI, 0x000a, DATA, OPEN, NULL, 0}, certificate);
    add_certificate(card, (struct file){JPKI, 0x000b, DATA, OPEN, NULL, 0}, issuer);
    add_file(card, (struct file){JPKI, 0x0017, KEY, AUTHENTICATION, NULL, 0}, NULL, 0);
    add_file(card, (struct file){JPKI, 0x0018, PIN, OPEN, NULL, 0}, NULL, 0);
    add_file(card, (struct file){JPKI, 0x001a, KEY, NEVER, NULL, 0}, NULL, 0);
    add_file(card, (struct file){JPKI, 0x001b, PIN, OPEN, NULL, 0}, NULL, 0);
    add_text_files(card, person);
    return &card->card;
}

unsigned
my_number_card_tries(const struct emulated_card *card, enum my_number_pin pin)
{
    return ((const struct my_number_card *)card)->pins[pin].tries;
}

void
my_number_card_set_tries(struct emulated_card *card, enum my_number_pin pin, unsigned tries)
{
    ((struct my_number_card *)card)->pins[pin].tries = tries;
}

unsigned
my_number_card_forbidden(const struct emulated_card *card)
{
    return ((const struct my_number_card *)card)->forbidden;
}

void
my_number_card_set_attributes(struct emulated_card *card_, const uint8_t *bytes, size_t size)
{
    struct my_number_card *card = (struct my_number_card *)card_;

    for (size_t i = 0; i < card->file_count; i++) {
        struct file *file = card->files + i;

        if (file->application != TEXT || file->id != 0x0002)
            continue;
        free(file->bytes);
        file->bytes = malloc(size);
        assert(file->bytes);
        memcpy(file->bytes, bytes, size);
        file->size = size;
    }
}
