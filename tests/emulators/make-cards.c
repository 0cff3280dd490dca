/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make-cards - test cards and the roots that they are issued under, into a folder
 *
 * make-cards DIR leaves DIR/roots/ for the reader's setting `roots`, a folder per card for
 * emulate-reader, and prints a line per card: label, name, kana, birth date.
 */
#include "emulators/card-folder.h"

#include "base/process.h"

#include <stdio.h>

#define NAME "make-cards"

int
main(int argc, char **argv)
{
    const struct my_number_person *people;
    struct sugu_error error;
    size_t count;

    sugu_process_start(NAME);
    if (argc != 2 || argv[1][0] == '-') {
        fprintf(stderr, "Usage: %s DIR\n", NAME);
        return SUGU_EXIT_USAGE;
    }
    sugu_process_refuse_root(NAME);
    if (card_folder_make(argv[1], sugu_clock_system(), &error) != SUGU_OK)
        sugu_process_die(NAME, &error);
    people = card_folder_people(&count);
    for (size_t i = 0; i < count; i++)
        printf("%s\t%s\t%s\t%s\n", people[i].label, people[i].name, people[i].kana,
               people[i].birth_date);
    return SUGU_EXIT_OK;
}
