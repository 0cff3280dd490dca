/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emulate-reader - the emulated card reader as a program, for the demo and by hand
 *
 * Prints "reader CONNSTRING" when it is ready. Takes commands on standard input and, with
 * --control, on a Unix socket; ends with `quit` or SIGTERM.
 */
#include "emulators/reader-console.h"

#include "base/process.h"
#include "base/text.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NAME        "emulate-reader"
#define CALLERS_MAX 8

struct settings {
    char link[250];
    char control[100];
    char cards[400];
};

static const struct sugu_setting rows[] = {
    SUGU_SETTING_TEXT_ROW(struct settings,
                          link,
                          "link",
                          0,
                          "",
                          "Symbolic link to the terminal, there while the reader is plugged in."),
    SUGU_SETTING_TEXT_ROW(
        struct settings, control, "control", 0, "", "Unix socket on which to take commands too."),
    SUGU_SETTING_TEXT_ROW(
        struct settings, cards, "cards", 0, ".", "Folder with cards made by make-cards."),
};

static const struct sugu_program program = {
    .name = NAME,
    .summary = "A PN532 card reader on a pseudo-terminal, with cards and faults to order.",
    .settings = rows,
    .settings_count = SUGU_ARRAY_SIZE(rows),
    .arguments = "",
};

/* Where commands come from: bytes up to a newline, and where the answer goes. */
struct caller {
    int file; /* -1 = free */
    FILE *to;
    char line[1024];
    size_t size;
};

struct state {
    struct reader_console *console;
    int listener;
    struct caller callers[CALLERS_MAX]; /* the first is standard input */
    bool is_over;
};

static int
open_control(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener;

    if (!*path)
        return -1;
    sugu_text_copy(address.sun_path, sizeof address.sun_path, path);
    unlink(path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, CALLERS_MAX) != 0) {
        perror(path);
        exit(SUGU_EXIT_CANNOT_CREATE);
    }
    return listener;
}

static void
let_in(struct state *state)
{
    for (size_t i = 1; i < CALLERS_MAX; i++) {
        struct caller *caller = state->callers + i;

        if (caller->file >= 0)
            continue;
        caller->file = accept4(state->listener, NULL, NULL, SOCK_CLOEXEC);
        caller->to = caller->file >= 0 ? fdopen(dup(caller->file), "w") : NULL;
        caller->size = 0;
        return;
    }
}

static void
hear(struct state *state, struct caller *caller)
{
    ssize_t got =
        read(caller->file, caller->line + caller->size, sizeof caller->line - caller->size);
    char *end;

    if (got <= 0 || caller->size + (size_t)got == sizeof caller->line) {
        if (caller->to && caller->to != stdout)
            fclose(caller->to);
        if (caller->file != STDIN_FILENO)
            close(caller->file);
        caller->file = -1;
        return;
    }
    caller->size += (size_t)got;
    while ((end = memchr(caller->line, '\n', caller->size))) {
        size_t used = (size_t)(end - caller->line) + 1;

        *end = '\0';
        if (!reader_console_do(state->console, caller->line, caller->to))
            state->is_over = true;
        fflush(caller->to);
        memmove(caller->line, caller->line + used, caller->size - used);
        caller->size -= used;
    }
}

static void
serve(struct state *state, int stop_file)
{
    while (!state->is_over) {
        struct pollfd files[2 + CALLERS_MAX] = {
            {.fd = stop_file, .events = POLLIN},
            {.fd = state->listener, .events = POLLIN},
        };

        for (size_t i = 0; i < CALLERS_MAX; i++)
            files[2 + i] = (struct pollfd){.fd = state->callers[i].file, .events = POLLIN};
        if (poll(files, 2 + CALLERS_MAX, -1) < 0)
            continue;
        if (files[0].revents)
            return;
        for (size_t i = 0; i < CALLERS_MAX; i++)
            if (files[2 + i].revents)
                hear(state, state->callers + i);
        if (files[1].revents)
            let_in(state);
    }
}

int
main(int argc, char **argv)
{
    struct settings settings;
    struct state state = {.is_over = false};
    struct pn532 *chip;
    int stop_file;

    sugu_process_start(NAME);
    sugu_program_start(&program, argc, argv, &settings);
    stop_file = sugu_process_stop_fd();
    state.listener = open_control(settings.control);
    chip = pn532_new(settings.link[0] ? settings.link : NULL);
    state.console = reader_console_new(chip, settings.cards);
    for (size_t i = 0; i < CALLERS_MAX; i++)
        state.callers[i].file = -1;
    state.callers[0].file = STDIN_FILENO;
    state.callers[0].to = stdout;
    printf("reader %s\n", pn532_connstring(chip));
    fflush(stdout);
    serve(&state, stop_file);
    reader_console_free(state.console);
    pn532_free(chip);
    if (settings.control[0])
        unlink(settings.control);
    return SUGU_EXIT_OK;
}
