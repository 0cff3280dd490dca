/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emulate-qualification - the emulated qualification terminal as a program for the demo
 *
 * Commands come as lines on standard input and, with --socket, from anyone who connects to that
 * unix socket; each is answered with one line. Prints "ready" once it watches.
 */
#include "emulators/qualification-terminal.h"

#include "base/process.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CALLERS_MAX 8
#define LINE_MAX_   2048

struct settings {
    char oqs_folder[512], institution_code[16], people[512], socket[100];
};

static const struct sugu_setting settings_rows[] = {
    SUGU_SETTING_TEXT_ROW(
        struct settings, oqs_folder, "oqs-folder", 1, "", "Folder that gets face, req and res."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          institution_code,
                          "institution-code",
                          1,
                          "",
                          "10-digit code of the institution that the terminal belongs to."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          people,
                          "people",
                          0,
                          "",
                          "File with one insured person a line: KEY=VALUE …"),
    SUGU_SETTING_TEXT_ROW(
        struct settings, socket, "socket", 0, "", "Unix socket that takes commands."),
};

static const struct sugu_program program = {
    .name = "emulate-qualification",
    .summary = "Emulates the online-qualification terminal on a folder.",
    .settings = settings_rows,
    .settings_count = SUGU_ARRAY_SIZE(settings_rows),
    .arguments = "",
};

/* Someone who sends lines: standard input or a connection. */
struct caller {
    int in, out; /* -1 = free place */
    char line[LINE_MAX_];
    size_t used;
};

static void
obey_lines(struct sugu_qualification_terminal *terminal, struct caller *caller)
{
    char *end;

    while ((end = memchr(caller->line, '\n', caller->used))) {
        char reply[256];
        size_t taken = (size_t)(end - caller->line) + 1;
        *end = '\0';
        if (*caller->line && *caller->line != '#') {
            sugu_qualification_terminal_command(terminal, caller->line, reply, sizeof reply);
            dprintf(caller->out, "%s\n", reply);
        }
        memmove(caller->line, caller->line + taken, caller->used - taken);
        caller->used -= taken;
    }
}

/* Reads what is there; the end of the input, or a line without end, frees the place. */
static void
hear(struct sugu_qualification_terminal *terminal, struct caller *caller)
{
    ssize_t got =
        read(caller->in, caller->line + caller->used, sizeof caller->line - 1 - caller->used);

    if (got > 0) {
        caller->used += (size_t)got;
        obey_lines(terminal, caller);
    }
    if (got == 0 || caller->used == sizeof caller->line - 1 ||
        (got < 0 && errno != EINTR && errno != EAGAIN)) {
        if (caller->in != STDIN_FILENO)
            close(caller->in);
        caller->in = caller->out = -1;
        caller->used = 0;
    }
}

static void
welcome(struct caller callers[CALLERS_MAX], int listener)
{
    int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    for (size_t i = 0; connection >= 0 && i < CALLERS_MAX; i++) {
        if (callers[i].in >= 0)
            continue;
        callers[i].in = callers[i].out = connection;
        return;
    }
    if (connection >= 0)
        close(connection);
}

/* -1 where no socket is wanted; ends the program where it cannot be had. */
static int
listen_on(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct sugu_error error;
    int listener;

    if (!*path)
        return -1;
    unlink(path);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address) == 0 &&
        listen(listener, CALLERS_MAX) == 0)
        return listener;
    sugu_fail(&error, SUGU_BROKEN, "file.not-written", "socket %s: %s", path, strerror(errno));
    sugu_process_die(program.name, &error);
}

static void
read_people(struct sugu_qualification_terminal *terminal, const char *path)
{
    FILE *file = *path ? fopen(path, "re") : NULL;
    char line[LINE_MAX_], command[LINE_MAX_ + 16], reply[256];
    struct sugu_error error;
    int number = 0;

    if (*path && !file) {
        sugu_fail(&error, SUGU_REFUSED, "file.missing", "people %s: %s", path, strerror(errno));
        sugu_process_die(program.name, &error);
    }
    while (file && fgets(line, sizeof line, file)) {
        number++;
        if (strspn(line, " \t\r\n") == strlen(line) || *line == '#')
            continue;
        snprintf(command, sizeof command, "people add %s", line);
        if (sugu_qualification_terminal_command(terminal, command, reply, sizeof reply))
            continue;
        sugu_fail(&error, SUGU_REFUSED, "settings.invalid", "people %s line %d", path, number);
        sugu_process_die(program.name, &error);
    }
    if (file)
        fclose(file);
}

static void
run(struct sugu_qualification_terminal *terminal, int listener)
{
    struct caller callers[CALLERS_MAX] = {{.in = STDIN_FILENO, .out = STDOUT_FILENO}};
    int stop = sugu_process_stop_fd();

    for (size_t i = 1; i < CALLERS_MAX; i++)
        callers[i].in = callers[i].out = -1;
    for (;;) {
        struct pollfd files[CALLERS_MAX + 3] = {
            {.fd = stop, .events = POLLIN},
            {.fd = sugu_qualification_terminal_fd(terminal), .events = POLLIN},
            {.fd = listener, .events = POLLIN},
        };
        for (size_t i = 0; i < CALLERS_MAX; i++)
            files[3 + i] = (struct pollfd){.fd = callers[i].in, .events = POLLIN};
        poll(files, SUGU_ARRAY_SIZE(files),
             (int)(sugu_qualification_terminal_due_us(terminal) / SUGU_MS) + 1);
        if (files[0].revents)
            return;
        for (size_t i = 0; i < CALLERS_MAX; i++)
            if (files[3 + i].revents)
                hear(terminal, &callers[i]);
        if (files[2].revents)
            welcome(callers, listener);
        sugu_qualification_terminal_step(terminal);
    }
}

int
main(int argc, char **argv)
{
    static struct settings settings;
    struct sugu_qualification_terminal *terminal;
    int listener;

    sugu_process_start(program.name);
    sugu_program_start(&program, argc, argv, &settings);
    if (!*settings.oqs_folder || !*settings.institution_code) {
        fprintf(stderr, "%s: --oqs-folder and --institution-code have to be given\n", program.name);
        return SUGU_EXIT_SETTINGS;
    }
    terminal = sugu_qualification_terminal_new(settings.oqs_folder, settings.institution_code,
                                               sugu_clock_system());
    if (!terminal)
        return SUGU_EXIT_CANNOT_CREATE;
    read_people(terminal, settings.people);
    listener = listen_on(settings.socket);
    dprintf(STDOUT_FILENO, "ready\n");
    run(terminal, listener);
    if (listener >= 0) {
        close(listener);
        unlink(settings.socket);
    }
    sugu_qualification_terminal_free(terminal);
    return SUGU_EXIT_OK;
}
