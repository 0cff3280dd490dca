/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus-main - runs a fuzz target without a fuzzer: the corpus, and each file of it cut and bent
 *
 * The argument is the folder. Fails where the folder holds no file, so that a lost corpus shows.
 */
#include "fuzz-target.h"

#include "base/files.h"
#include "base/random.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_MAX (1u << 20)
#define BENT_COUNT    200

/* Cut at up to 64 places, then with up to four bytes replaced. */
static void
run_variants(uint8_t *bytes, size_t size, struct sugu_random *random)
{
    uint8_t *copy = malloc(size ? size : 1);

    if (!copy)
        abort();
    for (size_t cut = 0; cut < 64; cut++)
        LLVMFuzzerTestOneInput(bytes, sugu_random_below(random, size + 1));
    for (int i = 0; i < BENT_COUNT && size > 0; i++) {
        memcpy(copy, bytes, size);
        for (uint64_t left = 1 + sugu_random_below(random, 4); left > 0; left--)
            copy[sugu_random_below(random, size)] = (uint8_t)sugu_random_below(random, 256);
        LLVMFuzzerTestOneInput(copy, size);
    }
    free(copy);
}

static int
run_folder(const char *folder, struct sugu_random *random)
{
    DIR *files = opendir(folder);
    struct dirent *entry;
    int count = 0;

    while (files && (entry = readdir(files))) {
        char path[4096];
        uint8_t *bytes;
        size_t size;
        struct sugu_error error;
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (sugu_file_read(path, FILE_SIZE_MAX, &bytes, &size, &error) != SUGU_OK) {
            fprintf(stderr, "%s: %s\n", path, error.detail);
            return -1;
        }
        LLVMFuzzerTestOneInput(bytes, size);
        run_variants(bytes, size, random);
        free(bytes);
        count++;
    }
    if (files)
        closedir(files);
    return count;
}

int
main(int argc, char **argv)
{
    struct sugu_random_seeded seeded;
    int count;

    if (argc != 2)
        return EXIT_FAILURE;
    sugu_random_seeded_init(&seeded, 1);
    count = run_folder(argv[1], &seeded.random);
    printf("%d files\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
