/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migrate - brings a database to the newest schema
 *
 * The files of store/schema/ are part of the program. Each runs once, in one transaction in which
 * it is also registered; a registered file whose text has changed since is refused (BROKEN
 * "store.schema"). Run as the database's owner.
 */
#pragma once

#include "base/status.h"

/* Blocking. *ret_applied is how many files ran; may be NULL. RETRY "store.away", BROKEN
 * "store.schema", "store.full". */
enum sugu_status
sugu_migrate(const char *conninfo, int *ret_applied, struct sugu_error *reterr) SUGU_MUST_CHECK;
