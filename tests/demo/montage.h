/* SPDX-License-Identifier: Apache-2.0 */
/*
 * montage - several pages side by side in one picture
 */
#pragma once

#include <stdbool.h>

/*
 * The pictures FOLDER/PAGE.png or FOLDER/NN-PAGE.png of the pages (a NULL-ended list of their
 * names, the first of each in the order of NN) as one row of this height (pixels) in the file `to`.
 * False where one is missing or cannot be read.
 */
bool montage_write(const char *folder, const char *const *pages, int height, const char *to);
