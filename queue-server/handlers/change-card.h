/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change-card - the server's own work: the token of a card that has ended is deleted at its
 * provider
 */
#pragma once

#include "handlers/handlers.h"

/* Of a work whose subject is the card (sugu_work_of_server). */
extern const struct sugu_handler sugu_handler_forget;
