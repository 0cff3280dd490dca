/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret - the four digits between the keypad and the reader program
 */
#include "secret.h"

#include "base/locked-page.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static_assert(sizeof(struct kiosk_secret) <= SUGU_LOCKED_PAGE_SIZE, "one page");

enum sugu_status
kiosk_secret_new(struct kiosk_secret **ret_secret, struct sugu_error *reterr)
{
    void *page;
    enum sugu_status status = sugu_locked_page_new(/* file= */ -1, &page, reterr);

    if (status == SUGU_OK)
        *ret_secret = page;
    return status;
}

struct kiosk_secret *
kiosk_secret_free(struct kiosk_secret *secret)
{
    return sugu_locked_page_free(secret);
}

bool
kiosk_secret_add(struct kiosk_secret *secret, unsigned digit)
{
    assert(digit <= 9);
    if (kiosk_secret_is_full(secret))
        return false;
    secret->packet.digits[secret->count++] = (char)('0' + digit);
    return true;
}

void
kiosk_secret_drop_last(struct kiosk_secret *secret)
{
    if (secret->count > 0)
        explicit_bzero(&secret->packet.digits[--secret->count], 1);
}

void
kiosk_secret_clear(struct kiosk_secret *secret)
{
    explicit_bzero(secret, sizeof *secret);
}

bool
kiosk_secret_is_full(const struct kiosk_secret *secret)
{
    return secret->count == SUGU_PIN_DIGITS;
}

/* The reader's socket: path of its ipc:// endpoint + ".pin". False for another transport. */
static bool
pin_address(const char *endpoint, struct sockaddr_un *ret_address)
{
    static const char scheme[] = "ipc://";
    int length;

    if (strncmp(endpoint, scheme, strlen(scheme)) != 0)
        return false;
    *ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
    length = snprintf(ret_address->sun_path, sizeof ret_address->sun_path, "%s.pin",
                      endpoint + strlen(scheme));
    return length > 0 && (size_t)length < sizeof ret_address->sun_path;
}

enum sugu_status
kiosk_secret_send(struct kiosk_secret *secret,
                  const struct sugu_id *presence,
                  const char *reader_endpoint,
                  struct sugu_error *reterr)
{
    enum sugu_status status = SUGU_OK;
    struct sockaddr_un address;
    int file = -1;

    if (!kiosk_secret_is_full(secret)) {
        kiosk_secret_clear(secret);
        return sugu_fail(reterr, SUGU_REFUSED, "pin.missing", "digits are missing");
    }
    secret->packet.presence = *presence;
    if (pin_address(reader_endpoint, &address))
        file = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (file < 0 || connect(file, (const struct sockaddr *)&address, sizeof address) != 0 ||
        send(file, &secret->packet, sizeof secret->packet, MSG_NOSIGNAL) !=
            (ssize_t)sizeof secret->packet)
        status = sugu_fail(reterr, SUGU_RETRY, "reader.away", "pin socket: %s", strerror(errno));
    kiosk_secret_clear(secret);
    if (file >= 0)
        close(file);
    return status;
}

bool
kiosk_secret_take_birthday(struct kiosk_secret *secret, uint32_t *ret_birthday)
{
    static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *digits = secret->packet.digits;
    uint32_t month, day;

    if (!kiosk_secret_is_full(secret))
        return false;
    month = (uint32_t)(digits[0] - '0') * 10 + (uint32_t)(digits[1] - '0');
    day = (uint32_t)(digits[2] - '0') * 10 + (uint32_t)(digits[3] - '0');
    if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
        return false;
    *ret_birthday = month * 100 + day;
    kiosk_secret_clear(secret);
    return true;
}
