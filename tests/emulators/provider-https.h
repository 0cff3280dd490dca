/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-https - an emulated provider on a loopback port, over TLS with a root of its own making
 *
 * A thread per connection, one question each; commands may come from any thread.
 */
#pragma once

#include "base/status.h"
#include "emulators/provider.h"

struct sugu_provider_https;

/*
 * Listens on a free port of 127.0.0.1; writes FOLDER/root.pem. The provider is not owned and is
 * used under this one's lock from here on. BROKEN "file.not-written" where it cannot.
 */
enum sugu_status sugu_provider_https_new(struct sugu_provider *provider,
                                         const char *folder,
                                         struct sugu_provider_https **ret_https,
                                         struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Closes everything and joins the threads. */
struct sugu_provider_https *sugu_provider_https_free(struct sugu_provider_https *https);

/* "https://127.0.0.1:PORT"; the root's path. */
const char *sugu_provider_https_address(const struct sugu_provider_https *https);
const char *sugu_provider_https_root(const struct sugu_provider_https *https);
/* sugu_provider_command under the lock. */
bool sugu_provider_https_command(struct sugu_provider_https *https,
                                 const char *line,
                                 char *answer,
                                 size_t answer_size);

/*
 * The main of the two programs: prints "address …", "root …" and the lines of `facts`, then
 * "ready"; carries out commands from standard input and answers each with a line, until its end.
 */
int sugu_provider_https_main(struct sugu_provider *provider,
                             const char *program,
                             const char *folder,
                             const char *facts);
