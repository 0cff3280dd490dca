/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader-libnfc - the reader port over unmodified libnfc
 */
#include "reader/reader-libnfc.h"

#include <nfc/nfc.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* A signature takes the card up to a second; with libnfc's own 350 ms it would be lost. */
#define EXCHANGE_WAIT_MS 5000

static enum sugu_status
away(const char *what, int code, struct sugu_error *reterr)
{
    return sugu_fail(reterr, SUGU_RETRY, "reader.away", "%s: libnfc %d", what, code);
}

/*
 * Own lock on the terminal: libnfc's is lost in the kernel, and two processes on one line corrupt
 * each other's frames. flock and not TIOCEXCL, which would outlive a killed process on a
 * pseudo-terminal. Drivers without a path (USB) claim their interface themselves.
 */
static enum sugu_status
lock_terminal(struct sugu_reader_libnfc *libnfc, const char *where, struct sugu_error *reterr)
{
    const char *path = strchr(where, ':');
    char name[256];
    size_t length;
    int file;

    if (!path || path[1] != '/')
        return SUGU_OK;
    path++;
    length = strcspn(path, ":");
    if (length >= sizeof name)
        return sugu_fail(reterr, SUGU_RETRY, "reader.away", "path of the device is too long");
    memcpy(name, path, length);
    name[length] = '\0';
    file = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return sugu_fail(reterr, SUGU_RETRY, "reader.away", "%s: %s", name, strerror(errno));
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        close(file);
        return sugu_fail(reterr, SUGU_RETRY, "reader.away", "%s is in use by another program",
                         name);
    }
    libnfc->lock_file = file;
    return SUGU_OK;
}

/* libnfc takes its orders from the environment; none of them may reach it. At log level 3 it
 * prints every byte, PINs among them. */
static void
clean_environment(void)
{
    setenv("LIBNFC_LOG_LEVEL", "0", 1);
    setenv("LIBNFC_AUTO_SCAN", "false", 1);
    setenv("LIBNFC_INTRUSIVE_SCAN", "false", 1);
    unsetenv("LIBNFC_DEVICE");
    unsetenv("LIBNFC_DEFAULT_DEVICE");
}

static void
libnfc_close(struct sugu_reader *reader)
{
    struct sugu_reader_libnfc *libnfc = (struct sugu_reader_libnfc *)reader;

    if (libnfc->device)
        nfc_close(libnfc->device); /* also drops the field */
    if (libnfc->lock_file >= 0)
        close(libnfc->lock_file);
    libnfc->device = NULL;
    libnfc->lock_file = -1;
    libnfc->wants_cycle = false;
}

/* Initiator mode, and one finite try per look: with NP_INFINITE_SELECT on, as nfc_initiator_init
 * leaves it, the chip goes on looking after libnfc gave up. */
static enum sugu_status
prepare_device(struct sugu_reader_libnfc *libnfc, struct sugu_error *reterr)
{
    int code = nfc_initiator_init(libnfc->device);

    if (code < 0)
        return away("init", code, reterr);
    code = nfc_device_set_property_bool(libnfc->device, NP_INFINITE_SELECT, false);
    return code < 0 ? away("init", code, reterr) : SUGU_OK;
}

static enum sugu_status
libnfc_open(struct sugu_reader *reader, const char *where, struct sugu_error *reterr)
{
    struct sugu_reader_libnfc *libnfc = (struct sugu_reader_libnfc *)reader;
    enum sugu_status status;

    libnfc_close(reader);
    if (!libnfc->context) {
        clean_environment();
        nfc_init(&libnfc->context);
        if (!libnfc->context)
            return away("no context", 0, reterr);
    }
    status = lock_terminal(libnfc, where, reterr);
    if (status != SUGU_OK)
        return status;
    libnfc->device = nfc_open(libnfc->context, where);
    if (!libnfc->device) {
        libnfc_close(reader);
        return sugu_fail(reterr, SUGU_RETRY, "reader.away", "no reader answers at %s", where);
    }
    status = prepare_device(libnfc, reterr);
    if (status != SUGU_OK)
        libnfc_close(reader);
    return status;
}

static enum sugu_status
switch_field(struct sugu_reader_libnfc *libnfc, bool is_on, struct sugu_error *reterr)
{
    int code = nfc_device_set_property_bool(libnfc->device, NP_ACTIVATE_FIELD, is_on);

    return code < 0 ? away("field", code, reterr) : SUGU_OK;
}

static enum sugu_status
cycle_field(struct sugu_reader_libnfc *libnfc, struct sugu_error *reterr)
{
    enum sugu_status status = switch_field(libnfc, false, reterr);

    if (status == SUGU_OK)
        status = switch_field(libnfc, true, reterr);
    libnfc->wants_cycle = false;
    return status;
}

/*
 * Looks once for a card of one modulation. A card that was found stays active and silent, so that a
 * second look finds a second card only; nfc_initiator_list_passive_targets would put it to sleep
 * and swallow errors besides. A chip that cannot do a modulation finds no card of it.
 */
static enum sugu_status
look(struct sugu_reader_libnfc *libnfc,
     nfc_modulation modulation,
     nfc_target *target,
     bool *ret_is_found,
     struct sugu_error *reterr)
{
    int code;

    memset(target, 0, sizeof *target);
    code = nfc_initiator_select_passive_target(libnfc->device, modulation, NULL, 0, target);
    if (code == 0)
        code = nfc_device_get_last_error(libnfc->device);
    if (code == NFC_EDEVNOTSUPP || code == NFC_EINVARG)
        code = 0;
    if (code < 0)
        return away("look", code, reterr);
    *ret_is_found = code > 0;
    libnfc->wants_cycle |= code > 0;
    return SUGU_OK;
}

struct findings {
    struct sugu_target target;
    unsigned count;
};

static void
add_finding(struct findings *findings,
            enum sugu_target_kind kind,
            const uint8_t *serial,
            size_t size)
{
    if (size > sizeof findings->target.serial)
        size = 0;
    if (findings->count && findings->target.kind == kind && size &&
        findings->target.serial_size == size && memcmp(findings->target.serial, serial, size) == 0)
        return; /* one FeliCa card, seen at both speeds */
    findings->count++;
    findings->target.kind = kind;
    findings->target.serial_size = size;
    if (size)
        memcpy(findings->target.serial, serial, size);
}

static void
add_target(struct findings *findings, const nfc_target *target)
{
    if (target->nm.nmt == NMT_ISO14443A)
        add_finding(findings, SUGU_TARGET_TYPE_A, target->nti.nai.abtUid, target->nti.nai.szUidLen);
    else if (target->nm.nmt == NMT_FELICA)
        add_finding(findings, SUGU_TARGET_FELICA, target->nti.nfi.abtId,
                    sizeof target->nti.nfi.abtId);
    else
        add_finding(findings, SUGU_TARGET_TYPE_B, NULL, 0);
}

static enum sugu_status
look_at_all(struct sugu_reader_libnfc *libnfc, struct findings *findings, struct sugu_error *reterr)
{
    /* Twice each where the first card falls silent. A FeliCa card answers every time, so two of
     * them are not told apart. Some answer at one speed only. */
    static const nfc_modulation rounds[] = {
        {NMT_ISO14443A, NBR_106}, {NMT_ISO14443A, NBR_106}, {NMT_FELICA, NBR_212},
        {NMT_FELICA, NBR_424},    {NMT_ISO14443B, NBR_106}, {NMT_ISO14443B, NBR_106},
    };

    bool is_found = false;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rounds); i++) {
        bool is_second = i > 0 && memcmp(&rounds[i], &rounds[i - 1], sizeof rounds[i]) == 0;
        nfc_target target;
        enum sugu_status status;

        if (is_second && !is_found)
            continue;
        status = look(libnfc, rounds[i], &target, &is_found, reterr);
        if (status != SUGU_OK)
            return status;
        if (is_found)
            add_target(findings, &target);
    }
    return SUGU_OK;
}

/* The looks above left the card active but unselected: wake it anew and select it. */
static enum sugu_status
select_type_b(struct sugu_reader_libnfc *libnfc,
              struct sugu_target *target,
              struct sugu_error *reterr)
{
    nfc_modulation type_b = {NMT_ISO14443B, NBR_106};
    nfc_target found;
    bool is_found = false;
    enum sugu_status status = cycle_field(libnfc, reterr);

    if (status == SUGU_OK)
        status = look(libnfc, type_b, &found, &is_found, reterr);
    if (status == SUGU_OK && !is_found)
        target->kind = SUGU_TARGET_NONE;
    return status;
}

static enum sugu_status
libnfc_poll(struct sugu_reader *reader,
            uint32_t wait_ms_max,
            struct sugu_target *ret_target,
            struct sugu_error *reterr)
{
    struct sugu_reader_libnfc *libnfc = (struct sugu_reader_libnfc *)reader;
    struct findings findings = {.target = {.kind = SUGU_TARGET_NONE}};
    enum sugu_status status = SUGU_OK;

    (void)wait_ms_max; /* one look takes some 50 ms, and at most 350 ms when the reader is silent */
    if (!libnfc->device)
        return away("not open", 0, reterr);
    if (libnfc->wants_cycle)
        status = cycle_field(libnfc, reterr);
    if (status == SUGU_OK)
        status = look_at_all(libnfc, &findings, reterr);
    if (findings.count > 1)
        findings.target = (struct sugu_target){.kind = SUGU_TARGET_SEVERAL};
    if (status == SUGU_OK && findings.target.kind == SUGU_TARGET_TYPE_B)
        status = select_type_b(libnfc, &findings.target, reterr);
    if (status == SUGU_OK)
        *ret_target = findings.target;
    return status;
}

static enum sugu_status
libnfc_exchange(struct sugu_reader *reader,
                const uint8_t *command,
                size_t command_size,
                uint8_t *answer,
                size_t *ret_answer_size,
                struct sugu_error *reterr)
{
    struct sugu_reader_libnfc *libnfc = (struct sugu_reader_libnfc *)reader;
    int code;

    if (!libnfc->device)
        return away("not open", 0, reterr);
    if (command_size < 4 || command_size > SUGU_APDU_SIZE_MAX)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "command of %zu bytes",
                         command_size);
    code = nfc_initiator_transceive_bytes(libnfc->device, command, command_size, answer,
                                          SUGU_RAPDU_SIZE_MAX, EXCHANGE_WAIT_MS);
    switch (code) {
    case NFC_ERFTRANS:
    case NFC_ETGRELEASED:
    case NFC_ECHIP:
    case NFC_EINVARG: /* the chip has no card selected */
        return sugu_fail(reterr, SUGU_REFUSED, "card.taken", "libnfc %d", code);
    case NFC_EOVFLOW:
        return sugu_fail(reterr, SUGU_REFUSED, "card.not-readable", "answer too long");
    default:
        break;
    }
    if (code < 0)
        return away("exchange", code, reterr);
    if (code < 2)
        return sugu_fail(reterr, SUGU_REFUSED, "card.not-readable", "answer without status word");
    *ret_answer_size = (size_t)code;
    return SUGU_OK;
}

static void
libnfc_drop_field(struct sugu_reader *reader)
{
    struct sugu_reader_libnfc *libnfc = (struct sugu_reader_libnfc *)reader;

    if (!libnfc->device)
        return;
    libnfc->wants_cycle = true;
    /* Where this fails the reader is gone, and its field with it; the next poll says so. */
    if (switch_field(libnfc, false, NULL) != SUGU_OK)
        return;
}

void
sugu_reader_libnfc_init(struct sugu_reader_libnfc *libnfc)
{
    static const struct sugu_reader_ops ops = {
        .name = "libnfc",
        .open = libnfc_open,
        .poll = libnfc_poll,
        .exchange = libnfc_exchange,
        .drop_field = libnfc_drop_field,
        .close = libnfc_close,
    };

    *libnfc = (struct sugu_reader_libnfc){.reader = {.ops = &ops}, .lock_file = -1};
}

void
sugu_reader_libnfc_done(struct sugu_reader_libnfc *libnfc)
{
    libnfc_close(&libnfc->reader);
    if (libnfc->context)
        nfc_exit(libnfc->context);
    libnfc->context = NULL;
}
