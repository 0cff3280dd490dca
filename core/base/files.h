/* SPDX-License-Identifier: Apache-2.0 */
/*
 * files - files that are whole or not there at all
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Writes `size` bytes to `folder/name`: a temporary name in the same folder, fsync, rename, fsync
 * of the folder. A reader never sees half a file, and after SUGU_OK the file survives a power cut.
 * Replaces an existing file unless `must_be_new`, which is REFUSED "file.exists" then.
 * BROKEN "file.not-written" (with the reason) or "disk.full". Mode 0600.
 */
enum sugu_status sugu_file_write(const char *folder,
                                 const char *name,
                                 const void *bytes,
                                 size_t size,
                                 bool must_be_new,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * Reads a whole regular file of at most `size_max` bytes into *ret_bytes (free with free(); a NUL
 * is added behind, not counted in *ret_size). REFUSED "file.missing" or "file.too-large", else
 * BROKEN.
 */
enum sugu_status sugu_file_read(const char *path,
                                size_t size_max,
                                uint8_t **ret_bytes,
                                size_t *ret_size,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Makes the folder (mode 0700) and its parents; fine if it is there. BROKEN "file.not-written". */
enum sugu_status sugu_folder_make(const char *path, struct sugu_error *reterr) SUGU_MUST_CHECK;
