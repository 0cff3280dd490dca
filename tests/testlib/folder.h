/* SPDX-License-Identifier: Apache-2.0 */
/*
 * folder - a folder of its own for a test, which stays where the test fails
 */
#pragma once

#include "base/macros.h"

#include <stdbool.h>

/* Where folders of tests are made: TMPDIR, or /tmp where that is not set or too long for the paths
 * of sockets below it. */
const char *sugu_test_place(void);

/*
 * A new folder there, named after the test program. A failed assertion ends the
 * test before it comes to sugu_test_folder_free, so the folder stays and tools/test prints where.
 */
char *sugu_test_folder_new(void);

/* Removes the folder with all that is in it. Returns NULL. */
char *sugu_test_folder_free(char *folder);

/*
 * Copies the cluster that tools/test has made for the tests of its run (SUGU_CLUSTER names the
 * folder) to `folder`/postgres: sugu_standalone_start finds it there and needs no initdb, which is
 * most of what a test with a database would take. Does nothing where a test is run by hand.
 */
void sugu_test_cluster_copy(const char *folder);

/*
 * The same with the cards that make-cards has made for the run (SUGU_CARDS), to `folder`/cards;
 * their keys take a second or two. False where there are none: the caller makes some.
 */
bool sugu_test_cards_copy(const char *folder) SUGU_MUST_CHECK;

/* How many entries a folder has, "." and ".." not counted. */
int sugu_test_folder_count(const char *folder);
