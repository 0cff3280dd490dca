/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sound - clips as samples, and samples out through a pipeline; used by the speaker's thread alone
 */
#pragma once

#include "announcer.h"

#include "base/status.h"

#include <glib.h>

#define BOARD_SAMPLE_RATE 24000 /* one channel of 16 bits */

/*
 * Decodes FOLDER/NAME.opus, .flac or .wav, whatever GStreamer reads. At most 30 s. BROKEN
 * "sound.clip-missing" with the reason.
 */
enum sugu_status board_clip_read(const char *folder,
                                 const char *name,
                                 GBytes **ret_samples,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;

/* One unbroken row of samples. `clips` keeps what was decoded, by name. A text with a missing clip
 * is left out: *reterr says which, and the rest is still there. */
GBytes *board_script_mix(const struct board_script *script,
                         const char *folder,
                         GHashTable *clips,
                         struct sugu_error *reterr);

/*
 * Plays `samples` into the sink, until its end, an error, a device that takes nothing for
 * BOARD_HANG_MS, or *is_stopping. RETRY "sound.failed" with what GStreamer said.
 */
#define BOARD_HANG_MS 5000
enum sugu_status board_samples_play(GBytes *samples,
                                    const char *sink,
                                    uint32_t percent,
                                    const gint *is_stopping,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;
