/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printer-ipp - the printer port over IPP: to the device, or through a CUPS queue
 *
 * `where` names the driver and the place:
 *   ipp://host:631/ipp/print   (or ipps://) the device itself. It has to know Create-Job and
 *                              Send-Document, as every IPP Everywhere printer does.
 *   cups:QUEUE                 jobs go through the CUPS scheduler of this machine (or that of
 *                              CUPS_SERVER), and the queue's device is asked what became of them:
 *                              it is found by the queue's device-uri, the job by its title. Queues
 *                              that lead to something else than IPP are refused, because nothing
 *                              could say whether the paper came out.
 */
#pragma once

#include "port/printer.h"

#include <stdatomic.h>

/*
 * `stop` (not owned) set to non-zero makes calls under way return soon; they then count as lost.
 * REFUSED "settings.invalid" for a `where` that is neither form. Nothing is asked yet.
 */
enum sugu_status sugu_printer_ipp_new(const char *where,
                                      const atomic_int *stop,
                                      struct sugu_printer **ret_printer,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;
