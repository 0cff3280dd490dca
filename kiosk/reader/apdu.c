/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apdu - commands to the card: short APDUs, status words, and the one gate that they all pass
 */
#include "reader/apdu.h"

#include <assert.h>
#include <string.h>

#define PIECES_MAX 8
/* Some USB readers carry no longer answer in one piece (domain/card-insurance.md 5.3). */
#define READ_SIZE_MAX 0xf0

enum {
    SW_OK = 0x9000,
    SW_NO_FILE = 0x6a82,
    SW_BLOCKED = 0x6983,      /* as libraries have it */
    SW_BLOCKED_CARD = 0x6984, /* as the card says it */
    SW_NO_LIMIT = 0x6300,
};

void
sugu_card_link_init(struct sugu_card_link *link, struct sugu_reader *reader)
{
    *link = (struct sugu_card_link){.reader = reader};
}

static enum sugu_status
unexpected(const char *what, uint16_t status_word, struct sugu_error *reterr)
{
    return sugu_fail(reterr, SUGU_REFUSED, "card.not-readable", "%s: card answered %04X", what,
                     status_word);
}

/* One command, one answer; the answer's data is put behind what is there already. */
static enum sugu_status
exchange_once(struct sugu_card_link *link,
              const uint8_t *command,
              size_t command_size,
              struct sugu_card_answer *answer,
              struct sugu_error *reterr)
{
    uint8_t bytes[SUGU_RAPDU_SIZE_MAX];
    size_t size = 0;
    enum sugu_status status;

    if (!sugu_apdu_gate_allows(&link->gate, command, command_size))
        return sugu_fail(reterr, SUGU_BROKEN, "card.forbidden", "command %02X %02X refused",
                         command_size > 1 ? command[1] : 0, command_size > 2 ? command[2] : 0);
    status = link->reader->ops->exchange(link->reader, command, command_size, bytes, &size, reterr);
    if (status != SUGU_OK) {
        sugu_apdu_gate_note(&link->gate, command, command_size, 0);
        return status;
    }
    assert(size >= 2 && size <= sizeof bytes);
    answer->status_word = (uint16_t)(bytes[size - 2] << 8 | bytes[size - 1]);
    sugu_apdu_gate_note(&link->gate, command, command_size, answer->status_word);
    if (answer->size + size - 2 > sizeof answer->data)
        return sugu_fail(reterr, SUGU_REFUSED, "card.not-readable", "answer too long");
    memcpy(answer->data + answer->size, bytes, size - 2);
    answer->size += size - 2;
    explicit_bzero(bytes, sizeof bytes);
    return SUGU_OK;
}

/* Case 2 (head and Le) or case 4 (head, Lc, data and Le). */
static bool
has_le(const uint8_t *command, size_t size)
{
    return size == 5 || (size > 6 && size == 6u + command[4]);
}

static enum sugu_status
repeat_with_le(struct sugu_card_link *link,
               const uint8_t *command,
               size_t command_size,
               struct sugu_card_answer *answer,
               struct sugu_error *reterr)
{
    uint8_t again[SUGU_APDU_SIZE_MAX];

    memcpy(again, command, command_size);
    again[command_size - 1] = (uint8_t)answer->status_word;
    answer->size = 0;
    return exchange_once(link, again, command_size, answer, reterr);
}

enum sugu_status
sugu_card_exchange(struct sugu_card_link *link,
                   const uint8_t *command,
                   size_t command_size,
                   struct sugu_card_answer *ret_answer,
                   struct sugu_error *reterr)
{
    enum sugu_status status;

    ret_answer->size = 0;
    status = exchange_once(link, command, command_size, ret_answer, reterr);
    if (status == SUGU_OK && ret_answer->status_word >> 8 == 0x6c && has_le(command, command_size))
        status = repeat_with_le(link, command, command_size, ret_answer, reterr);
    for (unsigned i = 0; status == SUGU_OK && ret_answer->status_word >> 8 == 0x61; i++) {
        uint8_t more[] = {0x00, 0xc0, 0x00, 0x00, (uint8_t)ret_answer->status_word};

        if (i == PIECES_MAX)
            return unexpected("answer in too many pieces", ret_answer->status_word, reterr);
        status = exchange_once(link, more, sizeof more, ret_answer, reterr);
    }
    return status;
}

static enum sugu_status
select_application(struct sugu_card_link *link,
                   enum sugu_card_application application,
                   struct sugu_error *reterr)
{
    uint8_t command[5 + SUGU_AID_SIZE] = {0x00, 0xa4, 0x04, 0x0c, SUGU_AID_SIZE};
    struct sugu_card_answer answer;
    enum sugu_status status;

    memcpy(command + 5, sugu_card_aid(application), SUGU_AID_SIZE);
    status = sugu_card_exchange(link, command, sizeof command, &answer, reterr);
    if (status != SUGU_OK || answer.status_word == SW_OK)
        return status;
    return sugu_fail(reterr, SUGU_REFUSED, "card.not-known", "no such application: %04X",
                     answer.status_word);
}

enum sugu_status
sugu_card_select(struct sugu_card_link *link, enum sugu_card_file file, struct sugu_error *reterr)
{
    const struct sugu_card_file_row *row = sugu_card_file_row(file);
    uint8_t command[] = {
        0x00, 0xa4, 0x02, 0x0c, 0x02, (uint8_t)(row->id >> 8), (uint8_t)row->id,
    };
    struct sugu_card_answer answer;
    enum sugu_status status = SUGU_OK;

    if (link->gate.application != row->application)
        status = select_application(link, row->application, reterr);
    if (status == SUGU_OK)
        status = sugu_card_exchange(link, command, sizeof command, &answer, reterr);
    if (status != SUGU_OK || answer.status_word == SW_OK)
        return status;
    return unexpected("select", answer.status_word, reterr);
}

enum sugu_status
sugu_card_read_part(
    struct sugu_card_link *link, size_t offset, uint8_t *to, size_t size, struct sugu_error *reterr)
{
    uint8_t command[] = {0x00, 0xb0, (uint8_t)(offset >> 8), (uint8_t)offset, (uint8_t)size};
    struct sugu_card_answer answer;
    enum sugu_status status;

    assert(size >= 1 && size <= READ_SIZE_MAX && offset <= 0x7fff);
    status = sugu_card_exchange(link, command, sizeof command, &answer, reterr);
    if (status != SUGU_OK)
        return status;
    if (answer.status_word != SW_OK)
        return unexpected("read", answer.status_word, reterr);
    if (answer.size != size)
        return sugu_fail(reterr, SUGU_REFUSED, "card.not-readable", "%zu bytes instead of %zu",
                         answer.size, size);
    memcpy(to, answer.data, size);
    explicit_bzero(&answer, sizeof answer); /* may be of a person */
    return SUGU_OK;
}

/* Whole size of the object with this tag at `bytes`, of which at least 6 are there; 0 where it is
 * not there. */
static size_t
object_size(const uint8_t *bytes, uint16_t tag)
{
    size_t at = tag > 0xff ? 2 : 1;

    if ((tag > 0xff ? bytes[0] << 8 | bytes[1] : bytes[0]) != tag)
        return 0;
    if (bytes[at] < 0x80)
        return at + 1 + bytes[at];
    if (bytes[at] == 0x81)
        return at + 2 + bytes[at + 1];
    if (bytes[at] == 0x82)
        return at + 3 + (size_t)(bytes[at + 1] << 8 | bytes[at + 2]);
    return 0;
}

enum sugu_status
sugu_card_read_object(struct sugu_card_link *link,
                      uint16_t tag,
                      size_t skip_max,
                      uint8_t to[SUGU_CARD_FILE_SIZE_MAX],
                      size_t *ret_size,
                      struct sugu_error *reterr)
{
    size_t have = 6 + skip_max, skip = 0, size;
    enum sugu_status status = sugu_card_read_part(link, 0, to, have, reterr);

    if (status != SUGU_OK)
        return status;
    while (skip < skip_max && object_size(to + skip, tag) == 0)
        skip++;
    size = object_size(to + skip, tag);
    if (size == 0 || skip + size > SUGU_CARD_FILE_SIZE_MAX || skip + size < have)
        return sugu_fail(reterr, SUGU_REFUSED, "card.not-readable", "file without its object");
    size += skip;
    while (have < size) {
        size_t part = size - have < READ_SIZE_MAX ? size - have : READ_SIZE_MAX;

        status = sugu_card_read_part(link, have, to + have, part, reterr);
        if (status != SUGU_OK)
            return status;
        have += part;
    }
    *ret_size = size;
    return SUGU_OK;
}

/* What an answer to VERIFY says about the counter; false where it says nothing. */
static bool
tries_in(uint16_t status_word, unsigned *ret_tries)
{
    if (status_word == SW_BLOCKED || status_word == SW_BLOCKED_CARD)
        *ret_tries = 0;
    else if (status_word == SW_NO_LIMIT)
        *ret_tries = SUGU_CARD_PIN_UNLIMITED;
    else if ((status_word & 0xfff0) == 0x63c0)
        *ret_tries = status_word & 0x0f;
    else
        return false;
    return true;
}

enum sugu_status
sugu_card_tries_left(struct sugu_card_link *link,
                     enum sugu_card_file file,
                     unsigned *ret_tries,
                     struct sugu_error *reterr)
{
    static const uint8_t ask[] = {0x00, 0x20, 0x00, 0x80};
    struct sugu_card_answer answer;
    enum sugu_status status = sugu_card_select(link, file, reterr);

    if (status == SUGU_OK)
        status = sugu_card_exchange(link, ask, sizeof ask, &answer, reterr);
    if (status != SUGU_OK)
        return status;
    if (answer.status_word == SW_OK) /* shown already since the field came on */
        *ret_tries = SUGU_CARD_PIN_TRIES_MAX;
    else if (!tries_in(answer.status_word, ret_tries))
        return unexpected("tries left", answer.status_word, reterr);
    return SUGU_OK;
}

enum sugu_status
sugu_card_verify(struct sugu_card_link *link,
                 enum sugu_card_file file,
                 struct sugu_pin_page *page,
                 bool *ret_is_right,
                 unsigned *ret_tries,
                 struct sugu_error *reterr)
{
    struct sugu_card_answer answer;
    const uint8_t *command;
    size_t size;
    enum sugu_status status = sugu_card_select(link, file, reterr);

    if (status != SUGU_OK)
        return status;
    command = sugu_pin_command_make(page, &size);
    status = sugu_card_exchange(link, command, size, &answer, reterr);
    sugu_pin_command_clear(page);
    if (status != SUGU_OK)
        return status;
    *ret_is_right = answer.status_word == SW_OK;
    if (*ret_is_right || tries_in(answer.status_word, ret_tries))
        return SUGU_OK;
    return unexpected("verify", answer.status_word, reterr);
}

enum sugu_status
sugu_card_sign(struct sugu_card_link *link,
               const uint8_t *bytes,
               size_t size,
               struct sugu_card_answer *ret_signature,
               struct sugu_error *reterr)
{
    uint8_t command[SUGU_APDU_SIZE_MAX] = {0x80, 0x2a, 0x00, 0x80, (uint8_t)size};
    enum sugu_status status;

    assert(size >= 1 && size <= 245);
    memcpy(command + 5, bytes, size);
    command[5 + size] = 0x00;
    status = sugu_card_exchange(link, command, 6 + size, ret_signature, reterr);
    if (status != SUGU_OK || ret_signature->status_word == SW_OK)
        return status;
    return unexpected("sign", ret_signature->status_word, reterr);
}
