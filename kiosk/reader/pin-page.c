/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pin-page - the one page of memory in which a PIN may stand
 */
#include "reader/pin-page.h"

#include "base/locked-page.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Deeper than libnfc and the C library go below an exchange (measured: under 4 KiB). */
#define STACK_SIZE 65536

static_assert(sizeof(struct sugu_pin_page) <= SUGU_LOCKED_PAGE_SIZE, "one page");

int
sugu_pin_page_file(void)
{
    int file = memfd_create("sugu-pin", MFD_CLOEXEC);

    if (file >= 0 && ftruncate(file, SUGU_LOCKED_PAGE_SIZE) != 0) {
        close(file);
        file = -1;
    }
    return file;
}

enum sugu_status
sugu_pin_page_new(int file, struct sugu_pin_page **ret_page, struct sugu_error *reterr)
{
    void *page;
    enum sugu_status status = sugu_locked_page_new(file, &page, reterr);

    if (status == SUGU_OK)
        *ret_page = page;
    return status;
}

struct sugu_pin_page *
sugu_pin_page_free(struct sugu_pin_page *page)
{
    return sugu_locked_page_free(page);
}

bool
sugu_pin_page_accept(struct sugu_pin_page *page, int64_t now_monotonic_us)
{
    struct sugu_id presence = page->arriving.presence;
    bool is_fine = !sugu_id_is_none(&presence);

    for (size_t i = 0; i < SUGU_PIN_DIGITS; i++)
        is_fine = is_fine && page->arriving.digits[i] >= '0' && page->arriving.digits[i] <= '9';
    if (is_fine) {
        memcpy(&page->pin, &page->arriving, sizeof page->pin);
        page->is_there = true;
        page->since_monotonic_us = now_monotonic_us;
    }
    explicit_bzero(&page->arriving, sizeof page->arriving);
    return is_fine;
}

bool
sugu_pin_page_has(const struct sugu_pin_page *page,
                  const struct sugu_id *presence,
                  int64_t now_monotonic_us)
{
    return page->is_there && sugu_id_equal(&page->pin.presence, presence) &&
           now_monotonic_us - page->since_monotonic_us < SUGU_PIN_LIFE_US;
}

void
sugu_pin_page_clear(struct sugu_pin_page *page)
{
    explicit_bzero(&page->pin, sizeof page->pin);
    page->is_there = false;
}

int64_t
sugu_pin_page_expire(struct sugu_pin_page *page, int64_t now_monotonic_us)
{
    int64_t left;

    if (!page->is_there)
        return -1;
    left = page->since_monotonic_us + SUGU_PIN_LIFE_US - now_monotonic_us;
    if (left > 0)
        return left;
    sugu_pin_page_clear(page);
    return -1;
}

const uint8_t *
sugu_pin_command_make(struct sugu_pin_page *page, size_t *ret_size)
{
    static const uint8_t head[] = {0x00, 0x20, 0x00, 0x80, SUGU_PIN_DIGITS};

    memcpy(page->command, head, sizeof head);
    memcpy(page->command + sizeof head, page->pin.digits, SUGU_PIN_DIGITS);
    *ret_size = sizeof head + SUGU_PIN_DIGITS;
    return page->command;
}

/* libnfc puts the command into arrays on the stack and leaves it there. */
static void __attribute__((noinline)) clear_stack(void)
{
    uint8_t below[STACK_SIZE];

    explicit_bzero(below, sizeof below);
}

void
sugu_pin_command_clear(struct sugu_pin_page *page)
{
    explicit_bzero(page->command, sizeof page->command);
    clear_stack();
}
