/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus-main - runs a fuzz target over the files of a folder, as a plain test
 *
 * Usage: corpus-TARGET FOLDER. Prints TAP, a line per file; fails where the folder holds no file,
 * so that a lost corpus shows. Each find of the fuzzer becomes a file there. A file is run as it
 * is, then cut and bent in ways that follow from a fixed seed.
 */
#include "fuzz-target.h"

#include "base/files.h"
#include "base/random.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_MAX 1000000
#define CUT_COUNT     64
#define BENT_COUNT    200

/* In memory of its exact size, so that the address sanitizer sees a byte too many. */
static void
run_copy(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);

    if (!copy)
        abort();
    memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

/* Cut at some places; then with one to four bytes replaced. */
static void
run_variants(uint8_t *bytes, size_t size, struct sugu_random *random)
{
    for (int i = 0; i < CUT_COUNT; i++)
        run_copy(bytes, sugu_random_below(random, size + 1));
    for (int i = 0; i < BENT_COUNT && size > 0; i++) {
        uint8_t kept[4];
        size_t places[4], count = 1 + sugu_random_below(random, 4);
        for (size_t k = 0; k < count; k++) {
            places[k] = sugu_random_below(random, size);
            kept[k] = bytes[places[k]];
            bytes[places[k]] = (uint8_t)sugu_random_below(random, 256);
        }
        run_copy(bytes, size);
        while (count-- > 0)
            bytes[places[count]] = kept[count];
    }
}

static bool
run_file(const char *path)
{
    struct sugu_random_seeded seeded;
    struct sugu_error error;
    uint8_t *bytes;
    size_t size;

    if (sugu_file_read(path, FILE_SIZE_MAX, &bytes, &size, &error) != SUGU_OK) {
        fprintf(stderr, "%s\n", error.detail);
        return false;
    }
    sugu_random_seeded_init(&seeded, 1);
    run_copy(bytes, size);
    run_variants(bytes, size, &seeded.random);
    free(bytes);
    return true;
}

int
main(int argc, char **argv)
{
    struct dirent **entries = NULL;
    int count = argc == 2 ? scandir(argv[1], &entries, NULL, alphasort) : -1;
    int number = 0;

    if (count < 0) {
        fprintf(stderr, "needs a folder with files\n");
        return EXIT_FAILURE;
    }
    setvbuf(stdout, NULL, _IOLBF, 0); /* so that the file at which the process ends is known */
    for (int i = 0; i < count; i++) {
        char path[4096];
        if (entries[i]->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", argv[1], entries[i]->d_name);
            printf("# %s\n", path);
            printf("%s %d - %s\n", run_file(path) ? "ok" : "not ok", ++number, entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
    printf("1..%d\n", number);
    return number > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
