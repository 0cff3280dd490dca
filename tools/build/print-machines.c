/* SPDX-License-Identifier: Apache-2.0 */
/*
 * print-machines - the pictures of all state machines, out of their tables
 *
 * Usage: print-machines FOLDER [--check]. Writes FOLDER/<machine>.dot for each machine; with
 * --check it only compares, and fails where a picture is missing, differs, or is of no machine.
 */
#include "domain/machine.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static char *
picture_of(const struct sugu_machine *machine)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);

    fprintf(file,
            "// SPDX-License-Identifier: Apache-2.0\n"
            "// %s - made of its table in core/domain by `ninja -C _build update`\n",
            machine->name);
    sugu_machine_print(machine, file);
    fclose(file);
    return text;
}

/* NULL where there is no such file. */
static char *
read_all(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t size = 0;

    if (!file)
        return NULL;
    if (getdelim(&text, &size, '\0', file) < 0 && text)
        text[0] = '\0';
    fclose(file);
    return text;
}

static bool
handle(const char *folder, const struct sugu_machine *machine, bool is_check)
{
    char path[4096], *now = picture_of(machine), *before;
    bool is_good = true;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s.dot", folder, machine->name);
    before = read_all(path);
    if (!before || strcmp(before, now) != 0) {
        is_good =
            !is_check && (file = fopen(path, "we")) && fputs(now, file) >= 0 && fclose(file) == 0;
        if (!is_good)
            fprintf(stderr,
                    is_check ? "%s: not that of the table; run: ninja -C _build update\n"
                             : "%s: cannot be written\n",
                    path);
    }
    free(before);
    free(now);
    return is_good;
}

static bool
is_of_machine(const char *file_name, const struct sugu_machine *const *machines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(machines[i]->name);
        if (strncmp(file_name, machines[i]->name, length) == 0 &&
            strcmp(file_name + length, ".dot") == 0)
            return true;
    }
    return false;
}

int
main(int argc, char **argv)
{
    size_t count;
    const struct sugu_machine *const *machines = sugu_machines(&count);
    bool is_check = argc == 3 && strcmp(argv[2], "--check") == 0, is_good = true;
    DIR *folder = argc == 2 || is_check ? opendir(argv[1]) : NULL;
    const struct dirent *entry;

    if (!folder) {
        fprintf(stderr, "usage: print-machines FOLDER [--check]\n");
        return 64;
    }
    for (size_t i = 0; i < count; i++)
        is_good &= handle(argv[1], machines[i], is_check);
    while ((entry = readdir(folder)))
        if (entry->d_name[0] != '.' && !is_of_machine(entry->d_name, machines, count)) {
            fprintf(stderr, "%s/%s is of no machine; remove it\n", argv[1], entry->d_name);
            is_good = false;
        }
    closedir(folder);
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
