/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emulate-terminal FOLDER - the emulated card terminal as a program, for the demo
 *
 * Prints its address, root file, key file and name, one "word value" line each, then "ready"; then
 * carries out commands from standard input (see nexo-terminal.h) and answers each with a line. Ends
 * with the input or on SIGTERM.
 */
#include "emulators/nexo-terminal.h"

#include "base/files.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
say_who(const struct sugu_emulated_terminal *terminal)
{
    printf("address %s\n", sugu_emulated_terminal_address(terminal));
    printf("root %s\n", sugu_emulated_terminal_root(terminal));
    printf("key %s\n", sugu_emulated_terminal_key(terminal));
    printf("poi %s\nready\n", SUGU_EMULATED_POI);
    fflush(stdout);
}

int
main(int argc, char **argv)
{
    struct sugu_emulated_terminal *terminal;
    struct sugu_error error;
    char line[256], answer[256];

    if (argc != 2) {
        fprintf(stderr, "usage: emulate-terminal FOLDER\n");
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    if (sugu_folder_make(argv[1], &error) ||
        sugu_emulated_terminal_new(argv[1], &terminal, &error)) {
        fprintf(stderr, "emulate-terminal: %s [%s]\n", error.detail, error.code);
        return EXIT_FAILURE;
    }
    say_who(terminal);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!*line)
            continue;
        sugu_emulated_terminal_command(terminal, line, answer, sizeof answer);
        printf("%s\n", answer);
        fflush(stdout);
    }
    sugu_emulated_terminal_free(terminal);
    return EXIT_SUCCESS;
}
