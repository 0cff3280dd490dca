/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls-certificate - a root of its own making, and an emulated device's certificate under it
 */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>

/* Puts a certificate for 127.0.0.1 and terminal.test, by the common name `name`, and its key into
 * `tls`; writes the root that signed it to `root_path` (PEM). */
bool sugu_emulated_certify(SSL_CTX *tls, const char *root_path, const char *name);
