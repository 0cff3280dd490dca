/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-in-process - the link of the real nexo driver, led to an emulated terminal in this process
 *
 * For unit tests and the simulation: no TLS, no thread, no waiting. The driver writes, seals and
 * judges its messages as in a kiosk. A post takes no time of `clock`; what it would have taken is
 * said afterwards, so that a scheduler can bring the driver's result that much later. An answer
 * that would come after the driver's patience is over does not come, and what it answers is
 * carried out when the clock has got there and the terminal is next spoken to.
 */
#pragma once

#include "base/clock.h"
#include "emulators/nexo-machine.h"
#include "payment/terminal/nexo-link.h"

/* Neither machine nor clock is owned; only the clock's monotonic hand is read. Free the link with
 * sugu_nexo_link_free, or hand it to sugu_terminal_nexo_new. */
struct sugu_nexo_link *sugu_emulated_link_new(struct sugu_emulated_machine *machine,
                                              const struct sugu_clock *clock);
/* What the posts since the last call would have taken. */
int64_t sugu_emulated_link_take_us(struct sugu_nexo_link *link);
