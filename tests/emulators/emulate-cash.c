/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emulate-cash - the emulated cash devices as a program, for the demo and for scenarios
 *
 * The argument, if any, is a symbolic link to make to the terminal. Prints "line PATH" and "ready";
 * then carries out commands from standard input (see cctalk-emulator.h) and answers each with a
 * line. Ends with the input or on SIGTERM.
 */
#include "emulators/cctalk-pty.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main(int argc, char **argv)
{
    struct cctalk_pty *pty;
    char line[256], answer[512];

    if (argc > 2) {
        fprintf(stderr, "usage: emulate-cash [LINK]\n");
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    pty = cctalk_pty_new(argc == 2 ? argv[1] : "");
    printf("line %s\nready\n", cctalk_pty_path(pty));
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!*line)
            continue;
        cctalk_pty_command(pty, line, answer, sizeof answer);
        printf("%s\n", answer);
        fflush(stdout);
    }
    cctalk_pty_free(pty);
    return EXIT_SUCCESS;
}
