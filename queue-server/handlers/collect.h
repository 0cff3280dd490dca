/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect - the server's own work: a visit's bill goes to the card on file that has to pay it
 */
#pragma once

#include "handlers/handlers.h"

/* Of a work whose subject is the visit (sugu_work_of_server). */
extern const struct sugu_handler sugu_handler_collect;
