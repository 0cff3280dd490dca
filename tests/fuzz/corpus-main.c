/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus-main - runs a fuzz target over the files of a folder, as a plain test
 *
 * Usage: corpus-TARGET FOLDER. Prints TAP. Each find of the fuzzer becomes a file there. Beside
 * each file as it is, it is cut in half and has each of some bits turned, which costs little and
 * sees much of what a reader trips over.
 */
#include "fuzz-target.h"

#include "base/files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_MAX 1000000

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

static bool
run_file(const char *path)
{
    struct sugu_error error;
    uint8_t *bytes;
    size_t size;

    if (sugu_file_read(path, FILE_SIZE_MAX, &bytes, &size, &error) != SUGU_OK) {
        fprintf(stderr, "%s\n", error.detail);
        return false;
    }
    run_copy(bytes, size);
    run_copy(bytes, size / 2);
    for (size_t at = 0; at < size; at += 1 + size / 256) {
        bytes[at] ^= (uint8_t)(1u << at % 8);
        run_copy(bytes, size);
        bytes[at] ^= (uint8_t)(1u << at % 8);
    }
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
