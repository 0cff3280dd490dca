/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cups-queue - a private CUPS scheduler with one queue that leads to a device
 *
 * cupsd runs as the present user in a folder of its own and listens on a socket there (no TCP). The
 * queue passes documents on as they are. The backend that speaks IPP is copied out of the system's,
 * which only root may run.
 */
#pragma once

#include <sys/types.h>

struct cups_queue {
    pid_t scheduler;
    char socket[300]; /* for CUPS_SERVER */
};

/* Starts the scheduler in `folder` and makes the queue "kiosk" to `device_uri`; sets CUPS_SERVER in
 * the environment. NULL, else why it cannot (static): then nothing runs. */
const char *cups_queue_start(struct cups_queue *queue, const char *folder, const char *device_uri);
void cups_queue_stop(struct cups_queue *queue);
