/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listener - a socket service at an address from the settings
 */
#pragma once

#include "base/status.h"

#include <gio/gio.h>

#include <stdint.h>

/*
 * A service that listens on `address` ("127.0.0.1:7780"; port 0 = any, see *ret_port); the caller
 * connects to "incoming" and unrefs it. `setting` names the setting in errors: SUGU_REFUSED
 * settings.invalid, SUGU_BROKEN web.not-listening.
 *
 * Connections are not left to soup_server_listen: it loses an object of each (libsoup 3.2).
 */
enum sugu_status web_listener_new(const char *setting,
                                  const char *address,
                                  GSocketService **ret_service,
                                  uint16_t *ret_port,
                                  struct sugu_error *reterr);
