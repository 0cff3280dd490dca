/* SPDX-License-Identifier: Apache-2.0 */
/*
 * console - the demo by hand: what one can type, until the end
 */
#pragma once

#include "demo/ward.h"

/* Says what is there, then carries out the lines of standard input until `quit` or its end. Where a
 * person of the emulated cards gets a ticket, the address of its phone page is printed. */
void console_run(struct house *house, struct ward *ward);
