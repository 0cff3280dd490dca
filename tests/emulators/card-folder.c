/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-folder - test cards in folders: made once, put on the reader by name
 */
#include "emulators/card-folder.h"

#include "base/files.h"
#include "base/settings.h"
#include "base/text.h"

#include <openssl/pem.h>

#include <stdlib.h>
#include <string.h>

#define YEAR_US       (INT64_C(365) * 86400 * SUGU_SECOND)
#define FILE_SIZE_MAX 65536

static const struct my_number_person people[] = {
    {"yamada", "山田　太郎", "ヤマダ タロウ", "東京都千代田区霞が関１丁目１番１号", "19580415", '1',
     "123456789018", "1234", "1234", 0x6984, 0},
    {"sato", "佐藤　花子", "サトウ ハナコ",
     "神奈川県横浜市中区日本大通１番地　すぐ病院職員宿舎ひまわり棟　第２号館　１２３４号室",
     "19910822", '2', "234567890124", "2580", "2580", 0x6983, 2},
    {"suzuki", "鈴木　翼", "スズキ ツバサ", "大阪府大阪市北区中之島１丁目３番２０号", "20100203",
     '3', "345678901230", "7391", "7391", 0x6984, 0},
};

const struct my_number_person *
card_folder_people(size_t *ret_count)
{
    *ret_count = SUGU_ARRAY_SIZE(people);
    return people;
}

/* person.txt is a settings file, so it is read by the table of its names. */
struct person_file {
    struct my_number_person person;
    char sex[2];
    int64_t blocked_sw, leading_bytes;
};

static const struct sugu_setting person_rows[] = {
    SUGU_SETTING_TEXT_ROW(
        struct person_file, person.label, "label", 1, "card", "Name of the card."),
    SUGU_SETTING_TEXT_ROW(struct person_file, person.name, "name", 1, "-", "Name on the card."),
    SUGU_SETTING_TEXT_ROW(struct person_file, person.kana, "kana", 0, "", "Not on the card."),
    SUGU_SETTING_TEXT_ROW(struct person_file, person.address, "address", 1, "-", "Address."),
    SUGU_SETTING_TEXT_ROW(
        struct person_file, person.birth_date, "birth-date", 8, "19700101", "YYYYMMDD."),
    SUGU_SETTING_TEXT_ROW(struct person_file, sex, "sex", 1, "1", "1 male, 2 female, 3 other."),
    SUGU_SETTING_TEXT_ROW(
        struct person_file, person.number, "number", 12, "000000000000", "Individual number."),
    SUGU_SETTING_TEXT_ROW(struct person_file, person.pin, "pin", 4, "1234", "JPKI PIN."),
    SUGU_SETTING_TEXT_ROW(struct person_file, person.text_pin, "text-pin", 4, "1234", "Text PIN."),
    SUGU_SETTING_INT_ROW(struct person_file,
                         blocked_sw,
                         "blocked-sw",
                         0,
                         0xffff,
                         "",
                         "27012",
                         "Answer of a blocked PIN: 27011 = 6983, 27012 = 6984."),
    SUGU_SETTING_INT_ROW(struct person_file,
                         leading_bytes,
                         "leading-bytes",
                         0,
                         2,
                         "",
                         "0",
                         "Before the attributes."),
};
static const struct sugu_program person_table = {
    .name = "person",
    .summary = "a test card",
    .settings = person_rows,
    .settings_count = SUGU_ARRAY_SIZE(person_rows),
    .arguments = "",
};

static enum sugu_status
write_person(const char *folder, const struct my_number_person *person, struct sugu_error *reterr)
{
    struct person_file file = {
        .person = *person,
        .sex = {person->sex},
        .blocked_sw = person->blocked_sw,
        .leading_bytes = person->leading_bytes,
    };
    enum sugu_status status;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    if (!stream)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "no memory");
    sugu_settings_print(&person_table, &file, stream);
    fclose(stream);
    status = sugu_file_write(folder, "person.txt", text, size, false, reterr);
    free(text);
    return status;
}

static enum sugu_status
write_memory(const char *folder, const char *name, BIO *memory, struct sugu_error *reterr)
{
    char *bytes;
    long size = BIO_get_mem_data(memory, &bytes);
    enum sugu_status status = sugu_file_write(folder, name, bytes, (size_t)size, false, reterr);

    BIO_free(memory);
    return status;
}

static enum sugu_status
write_keys(const char *folder, EVP_PKEY *key, X509 *own, X509 *issuer, struct sugu_error *reterr)
{
    BIO *key_text = BIO_new(BIO_s_mem()), *own_text = BIO_new(BIO_s_mem()),
        *issuer_text = BIO_new(BIO_s_mem());
    enum sugu_status status[3];

    PEM_write_bio_PrivateKey(key_text, key, NULL, NULL, 0, NULL, NULL);
    PEM_write_bio_X509(own_text, own);
    PEM_write_bio_X509(issuer_text, issuer);
    status[0] = write_memory(folder, "key.pem", key_text, reterr);
    status[1] = write_memory(folder, "certificate.pem", own_text, reterr);
    status[2] = write_memory(folder, "issuer.pem", issuer_text, reterr);
    for (size_t i = 0; i < 3; i++)
        if (status[i] != SUGU_OK)
            return status[i];
    return SUGU_OK;
}

static enum sugu_status
make_card(struct card_authority *authority,
          const char *folder,
          const struct my_number_person *person,
          sugu_time_us now,
          struct sugu_error *reterr)
{
    EVP_PKEY *key = card_key_new(2048);
    X509 *certificate =
        card_authority_issue(authority, person->label, key, now - YEAR_US, now + 4 * YEAR_US);
    char path[512];
    enum sugu_status status;

    snprintf(path, sizeof path, "%s/%s", folder, person->label);
    status = sugu_folder_make(path, reterr);
    if (status == SUGU_OK)
        status = write_person(path, person, reterr);
    if (status == SUGU_OK)
        status = write_keys(path, key, certificate, card_authority_issuing(authority), reterr);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return status;
}

enum sugu_status
card_folder_make(const char *folder, const struct sugu_clock *clock, struct sugu_error *reterr)
{
    sugu_time_us now = clock->utc_us(clock);
    SUGU_CLEANUP(card_authority_free)
    struct card_authority *authority = card_authority_new("Sugu Test Cards", now);
    char path[512];

    snprintf(path, sizeof path, "%s/roots", folder);
    card_authority_write(authority, path);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(people); i++) {
        enum sugu_status status = make_card(authority, folder, people + i, now, reterr);

        if (status != SUGU_OK)
            return status;
    }
    return SUGU_OK;
}

static enum sugu_status
read_memory(const char *folder, const char *name, BIO **ret_memory, struct sugu_error *reterr)
{
    uint8_t *bytes;
    size_t size;
    char path[600];
    enum sugu_status status;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    status = sugu_file_read(path, FILE_SIZE_MAX, &bytes, &size, reterr);
    if (status != SUGU_OK)
        return status;
    *ret_memory = BIO_new(BIO_s_mem());
    BIO_write(*ret_memory, bytes, (int)size);
    free(bytes);
    return SUGU_OK;
}

static enum sugu_status
read_certificate(const char *folder, const char *name, X509 **ret, struct sugu_error *reterr)
{
    BIO *memory = NULL;
    enum sugu_status status = read_memory(folder, name, &memory, reterr);
    X509 *certificate;

    if (status != SUGU_OK)
        return status;
    certificate = PEM_read_bio_X509(memory, NULL, NULL, NULL);
    BIO_free(memory);
    if (!certificate)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "%s/%s: no certificate", folder,
                         name);
    *ret = certificate;
    return SUGU_OK;
}

static enum sugu_status
read_person(const char *folder, struct my_number_person *ret_person, struct sugu_error *reterr)
{
    struct person_file file;
    char path[600];
    FILE *stream;
    enum sugu_status status;

    snprintf(path, sizeof path, "%s/person.txt", folder);
    stream = fopen(path, "re");
    if (!stream)
        return sugu_fail(reterr, SUGU_REFUSED, "file.missing", "%s", path);
    sugu_settings_init(&person_table, &file);
    status = sugu_settings_read(&person_table, &file, stream, path, reterr);
    fclose(stream);
    if (status != SUGU_OK)
        return status;
    *ret_person = file.person;
    ret_person->sex = file.sex[0];
    ret_person->blocked_sw = (unsigned)file.blocked_sw;
    ret_person->leading_bytes = (unsigned)file.leading_bytes;
    return SUGU_OK;
}

enum sugu_status
card_folder_load(const char *folder, struct emulated_card **ret_card, struct sugu_error *reterr)
{
    struct my_number_person person;
    BIO *memory = NULL;
    EVP_PKEY *key = NULL;
    X509 *certificate = NULL, *issuer = NULL;
    enum sugu_status status = read_person(folder, &person, reterr);

    if (status == SUGU_OK)
        status = read_memory(folder, "key.pem", &memory, reterr);
    if (status == SUGU_OK)
        status = read_certificate(folder, "certificate.pem", &certificate, reterr);
    if (status == SUGU_OK)
        status = read_certificate(folder, "issuer.pem", &issuer, reterr);
    if (status == SUGU_OK) {
        key = PEM_read_bio_PrivateKey(memory, NULL, NULL, NULL);
        if (!key)
            status = sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "%s/key.pem", folder);
    }
    if (status == SUGU_OK)
        *ret_card = my_number_card_new(&person, key, certificate, issuer);
    BIO_free(memory);
    EVP_PKEY_free(key);
    X509_free(certificate);
    X509_free(issuer);
    return status;
}
