/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message-private - for the test that every field of the schema has its bound
 */
#pragma once

/* The row of bounds.def for a message's field (short names), or NULL. */
const void *sugu_bound_find(const char *message, const char *field);
