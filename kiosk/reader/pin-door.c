/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pin-door - the reader's end of the PIN's way (port/pin-channel.h)
 */
#include "reader/pin-door.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum sugu_status
sugu_pin_door_open(struct sugu_pin_door *door, const char *path, struct sugu_error *reterr)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    *door = (struct sugu_pin_door){.listener = -1};
    for (size_t i = 0; i < SUGU_PIN_CALLERS_MAX; i++)
        door->callers[i] = -1;
    if (!sugu_text_copy(address.sun_path, sizeof address.sun_path, path))
        return sugu_fail(reterr, SUGU_BROKEN, "settings.invalid", "listen: path is too long: %s",
                         path);
    sugu_text_copy(door->path, sizeof door->path, path);
    unlink(path);
    door->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (door->listener < 0 ||
        bind(door->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(path, 0660) != 0 || listen(door->listener, SUGU_PIN_CALLERS_MAX) != 0) {
        int error = errno;

        sugu_pin_door_close(door);
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "%s: %s", path, strerror(error));
    }
    return SUGU_OK;
}

void
sugu_pin_door_close(struct sugu_pin_door *door)
{
    for (size_t i = 0; i < SUGU_PIN_CALLERS_MAX; i++) {
        if (door->callers[i] >= 0)
            close(door->callers[i]);
        door->callers[i] = -1;
    }
    if (door->listener < 0)
        return;
    close(door->listener);
    unlink(door->path);
    door->listener = -1;
}

size_t
sugu_pin_door_files(const struct sugu_pin_door *door, struct pollfd *files)
{
    size_t count = 0;

    if (door->listener >= 0)
        files[count++] = (struct pollfd){.fd = door->listener, .events = POLLIN};
    for (size_t i = 0; i < SUGU_PIN_CALLERS_MAX; i++)
        if (door->callers[i] >= 0)
            files[count++] = (struct pollfd){.fd = door->callers[i], .events = POLLIN};
    return count;
}

static void
let_in(struct sugu_pin_door *door)
{
    for (size_t i = 0; i < SUGU_PIN_CALLERS_MAX; i++)
        if (door->callers[i] < 0)
            door->callers[i] = accept4(door->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

/* Takes one packet; false when there is no more from this caller now. */
static bool
take_packet(int *caller, struct sugu_pin_page *page, int64_t now, bool is_busy, unsigned *dropped)
{
    ssize_t got;

    if (*caller < 0)
        return false;
    got = recv(*caller, &page->arriving, sizeof page->arriving, MSG_TRUNC);
    if (got > 0) {
        bool is_fine = got == sizeof page->arriving && !is_busy && sugu_pin_page_accept(page, now);

        explicit_bzero(&page->arriving, sizeof page->arriving);
        *dropped += !is_fine;
        return true;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        close(*caller);
        *caller = -1;
    }
    return false;
}

unsigned
sugu_pin_door_step(struct sugu_pin_door *door,
                   struct sugu_pin_page *page,
                   int64_t now_monotonic_us,
                   bool is_busy)
{
    unsigned dropped = 0;

    let_in(door);
    for (size_t i = 0; i < SUGU_PIN_CALLERS_MAX; i++)
        while (take_packet(&door->callers[i], page, now_monotonic_us, is_busy, &dropped))
            continue;
    return dropped;
}
