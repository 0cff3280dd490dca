/* SPDX-License-Identifier: Apache-2.0 */
/*
 * locked-page - one page of memory for a secret: never swapped, in no dump, in no child process
 *
 * Whoever cannot have such a page does not work with the secret: there is no "where it is allowed".
 */
#pragma once

#include "base/status.h"

#define SUGU_LOCKED_PAGE_SIZE 4096 /* locked is what the machine's page size makes of it */

/*
 * Maps a page that is all zero. `file` -1: of this process alone, and empty in its children; else a
 * file of that size (memfd_create) whose page is shared by everyone who maps it. BROKEN
 * "memory.not-locked" where it cannot be mapped, locked or left out of dumps.
 */
enum sugu_status
sugu_locked_page_new(int file, void **ret_page, struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Clears it first. Returns NULL; NULL is fine. */
void *sugu_locked_page_free(void *page);
