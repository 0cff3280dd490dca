/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-set - the cash devices of a kiosk as its settings name them, with their thread
 */
#include "payment/cash-set.h"

#include "base/files.h"
#include "payment/cash/cash-cctalk.h"
#include "payment/cash/cash-serial.h"
#include "payment/journal-cash.h"

#include <stdlib.h>

#define FILE_SIZE_MAX 4096

struct sugu_cash_set {
    struct sugu_cash_serial serial;
    struct sugu_cash *cash;
    struct sugu_job_thread *worker;
};

static enum sugu_status
read_settings(const char *path, struct sugu_cash_settings *ret_settings, struct sugu_error *reterr)
{
    uint8_t *text = NULL;
    size_t size;
    enum sugu_status status = sugu_file_read(path, FILE_SIZE_MAX, &text, &size, reterr);

    if (status)
        return status;
    status = sugu_cash_settings_parse((const char *)text, ret_settings, reterr);
    free(text);
    return status;
}

enum sugu_status
sugu_cash_set_new(const char *path,
                  const struct sugu_clock *clock,
                  struct sugu_cash_set **ret_set,
                  struct sugu_error *reterr)
{
    struct sugu_cash_settings settings;
    struct sugu_cash_set *set;
    enum sugu_status status = read_settings(path, &settings, reterr);

    if (status)
        return status;
    set = calloc(1, sizeof *set);
    if (!set)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for cash devices");
    sugu_cash_serial_init(&set->serial, clock);
    status = sugu_cash_cctalk_new(&settings, &set->serial.line, clock, &set->cash, reterr);
    if (!status)
        status = sugu_cash_thread_new(set->cash, &set->worker, reterr);
    if (status)
        sugu_cash_set_free(set);
    else
        *ret_set = set;
    return status;
}

struct sugu_cash_set *
sugu_cash_set_free(struct sugu_cash_set *set)
{
    if (!set)
        return NULL;
    sugu_job_thread_free(set->worker);
    sugu_cash_cctalk_free(set->cash);
    sugu_cash_serial_done(&set->serial);
    free(set);
    return NULL;
}

struct sugu_job_thread *
sugu_cash_set_worker(struct sugu_cash_set *set)
{
    return set->worker;
}

/* A whole number from 0 to `max`; -1 where the text is none. */
static long
read_number(const char *text, long max)
{
    char *end = NULL;
    long number = strtol(text, &end, 10);

    return end == text || *end || number < 0 || number > max ? -1 : number;
}

/* The payout's unit; false where there is no such payout. */
static bool
find_unit(const struct sugu_cash_settings *settings, long device, enum sugu_cash_unit *ret_unit)
{
    for (size_t i = 0; i < settings->count; i++)
        if (settings->places[i].address == device && settings->places[i].kind == SUGU_CASH_PAYOUT) {
            *ret_unit = (enum sugu_cash_unit)settings->places[i].unit;
            return true;
        }
    return false;
}

enum sugu_status
sugu_cash_set_count(const char *path,
                    const char *folder,
                    const char *device,
                    const char *pieces,
                    struct sugu_error *reterr)
{
    long address = read_number(device, 255), number = read_number(pieces, SUGU_CASH_PIECES_MAX);
    struct sugu_cash_settings settings;
    struct sugu_journal *journal = NULL;
    enum sugu_cash_unit unit;
    enum sugu_status status = read_settings(path, &settings, reterr);

    if (status)
        return status;
    if (number < 0)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "pieces: a whole number");
    if (!find_unit(&settings, address, &unit))
        return sugu_fail(reterr, SUGU_REFUSED, "cash.unknown-device", "no payout at %s", device);
    status = sugu_journal_open(folder, sugu_clock_system(), &journal, reterr);
    if (!status)
        status = sugu_journal_cash_count(journal, (uint8_t)address, unit, (int32_t)number, reterr);
    sugu_journal_close(journal);
    return status;
}
