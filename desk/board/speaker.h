/* SPDX-License-Identifier: Apache-2.0 */
/*
 * speaker - plays scripts of clips through GStreamer, on a thread of its own
 *
 * A sound device may be missing, hang in the kernel, or take a plugin down with an error; the
 * picture never waits for any of it. Each script gets a pipeline of its own, so that whatever broke
 * is built anew with the next one. Clips are decoded once and kept; a script is one unbroken row of
 * samples. A text of which a clip is missing is left out whole: half a number would call somebody
 * else.
 */
#pragma once

#include "announcer.h"

#include "base/status.h"

struct board_speaker;

struct board_speaker_settings {
    const char *sink;         /* of gst-launch: "autoaudiosink", "alsasink device=hw:1" */
    const char *voice_folder; /* with chime.opus, ja/, en/, zh_CN/ */
    /*
     * A script has ended; called from the default main context of the thread that made the speaker.
     * `error` is NULL where all of it was played; else RETRY "sound.failed" where the device or
     * GStreamer broke, BROKEN "sound.clip-missing" where at least one text was left out.
     */
    void (*on_spoken)(void *user, const struct sugu_error *error);
    void *user;
};

/* Copies the settings. */
struct board_speaker *board_speaker_new(const struct board_speaker_settings *settings);
/* Breaks off what is being played. A thread that hangs in its device is left behind. */
struct board_speaker *board_speaker_free(struct board_speaker *speaker);

/*
 * Starts GStreamer on the thread, before the first announcement needs it; without this the first
 * one does. It may take seconds where the plugins were never looked at before, and takes a core
 * meanwhile: better after the first picture than before.
 */
void board_speaker_warm(struct board_speaker *speaker);

/*
 * Plays `script` (copied) at `percent` of full volume; then on_spoken, once. RETRY "sound.stuck"
 * where the last script has not ended: nothing will be played and on_spoken is not called.
 */
enum sugu_status board_speaker_say(struct board_speaker *speaker,
                                   const struct board_script *script,
                                   uint32_t percent,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
