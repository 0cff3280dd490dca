/* SPDX-License-Identifier: Apache-2.0 */
/*
 * locked-page - one page of memory for a secret: never swapped, in no dump, in no child process
 */
#include "base/locked-page.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

static bool
protect(void *page, bool is_shared)
{
    if (mlock(page, SUGU_LOCKED_PAGE_SIZE) != 0 ||
        madvise(page, SUGU_LOCKED_PAGE_SIZE, MADV_DONTDUMP) != 0)
        return false;
    /* The kernel empties private memory only; a shared page has its children on purpose. */
    return is_shared || madvise(page, SUGU_LOCKED_PAGE_SIZE, MADV_WIPEONFORK) == 0;
}

enum sugu_status
sugu_locked_page_new(int file, void **ret_page, struct sugu_error *reterr)
{
    bool is_shared = file >= 0;
    void *page = mmap(NULL, SUGU_LOCKED_PAGE_SIZE, PROT_READ | PROT_WRITE,
                      is_shared ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, file, 0);

    if (page == MAP_FAILED)
        return sugu_fail(reterr, SUGU_BROKEN, "memory.not-locked", "mmap: %s", strerror(errno));
    if (!protect(page, is_shared)) {
        sugu_fail(reterr, SUGU_BROKEN, "memory.not-locked", "locking a page: %s", strerror(errno));
        munmap(page, SUGU_LOCKED_PAGE_SIZE);
        return SUGU_BROKEN;
    }
    *ret_page = page;
    return SUGU_OK;
}

void *
sugu_locked_page_free(void *page)
{
    if (page) {
        explicit_bzero(page, SUGU_LOCKED_PAGE_SIZE);
        munmap(page, SUGU_LOCKED_PAGE_SIZE);
    }
    return NULL;
}
