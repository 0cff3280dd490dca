/* SPDX-License-Identifier: Apache-2.0 */
/*
 * voice - the announcer's turns, carried out by the speaker
 */
#include "voice.h"

#include "base/log.h"
#include "base/text.h"
#include "domain/date.h"

#include <glib.h>

#include <string.h>

struct board_voice {
    struct board_voice_settings settings;
    struct board_announcer announcer;
    struct board_speaker *speaker;
    guint turn_timer, guard_timer;
    bool has_begun, is_silent;
};

static void take_turn(struct board_voice *voice);

static int64_t
now_us(const struct board_voice *voice)
{
    return voice->settings.clock->monotonic_us(voice->settings.clock);
}

static gboolean
on_turn(void *user)
{
    struct board_voice *voice = user;

    voice->turn_timer = 0;
    take_turn(voice);
    return G_SOURCE_REMOVE;
}

static void
await_turn(struct board_voice *voice)
{
    int64_t due_us = board_announcer_due_us(&voice->announcer), now = now_us(voice);

    g_clear_handle_id(&voice->turn_timer, g_source_remove);
    if (due_us != INT64_MAX && voice->has_begun)
        voice->turn_timer =
            g_timeout_add(due_us > now ? (guint)((due_us - now) / SUGU_MS) + 1 : 0, on_turn, voice);
}

/* One line when it breaks and one when it works again, not one for each call. */
static void
set_silent(struct board_voice *voice, const struct sugu_error *error)
{
    bool is_silent = error != NULL;

    if (is_silent && !voice->is_silent)
        sugu_log_error(SUGU_LOG_ERROR, "sound.silent", error);
    else if (!is_silent && voice->is_silent)
        sugu_log(SUGU_LOG_INFO, "sound.back", "");
    voice->is_silent = is_silent;
}

static void
end_turn(struct board_voice *voice, const struct sugu_error *error)
{
    g_clear_handle_id(&voice->guard_timer, g_source_remove);
    set_silent(voice, error);
    board_announcer_done(&voice->announcer, now_us(voice));
    await_turn(voice);
    voice->settings.on_change(voice->settings.user);
}

static void
on_spoken(void *user, const struct sugu_error *error)
{
    struct board_voice *voice = user;

    /* One that was given up long ago has ended after all. */
    if (voice->guard_timer)
        end_turn(voice, error);
}

static gboolean
on_guard(void *user)
{
    struct board_voice *voice = user;
    struct sugu_error error;

    voice->guard_timer = 0;
    sugu_fail(&error, SUGU_RETRY, "sound.stuck", "an announcement has not ended");
    end_turn(voice, &error);
    return G_SOURCE_REMOVE;
}

static void
take_turn(struct board_voice *voice)
{
    const struct board_announcement *announcement =
        board_announcer_next(&voice->announcer, now_us(voice));
    const struct sugu_clock *clock = voice->settings.clock;
    uint32_t minute =
        sugu_minutes_of_utc(clock->utc_us(clock), voice->settings.rules->utc_offset_minutes);
    struct board_script script;
    struct sugu_error error;

    if (!announcement)
        return;
    board_announcement_write(announcement, &script);
    if (board_speaker_say(voice->speaker, &script, board_volume_at(voice->settings.volume, minute),
                          &error) != SUGU_OK) {
        end_turn(voice, &error);
        return;
    }
    sugu_log(SUGU_LOG_INFO, "call.spoken", "number=%s", announcement->number);
    voice->guard_timer = g_timeout_add(BOARD_GUARD_US / SUGU_MS, on_guard, voice);
    voice->settings.on_change(voice->settings.user);
}

/* ---------------------------------------------------------------- what is called */

static void
add(struct board_voice *voice, const struct board_announcement *announcement)
{
    if (!voice->speaker)
        return;
    if (board_announcer_add(&voice->announcer, announcement) == BOARD_FULL)
        sugu_log(SUGU_LOG_WARNING, "call.not-spoken", "number=%s", announcement->number);
    if (!voice->turn_timer)
        await_turn(voice);
}

void
board_voice_begin(struct board_voice *voice)
{
    if (!voice->speaker || voice->has_begun)
        return;
    voice->has_begun = true;
    board_speaker_warm(voice->speaker);
    await_turn(voice);
}

void
board_voice_call(struct board_voice *voice, const struct board_number *number)
{
    struct board_announcement announcement = {
        .subject = BOARD_SAY_CALL,
        .desk_word = number->desk_word,
    };

    sugu_text_copy(announcement.number, sizeof announcement.number, number->number);
    sugu_text_copy(announcement.department, sizeof announcement.department, number->department);
    sugu_text_copy(announcement.desk, sizeof announcement.desk, number->desk);
    sugu_text_copy(announcement.language, sizeof announcement.language, number->language);
    add(voice, &announcement);
}

void
board_voice_bill(struct board_voice *voice, const struct board_bill *bill)
{
    struct board_announcement announcement = {.subject = BOARD_SAY_BILL};

    if (!voice->settings.says_bills)
        return;
    sugu_text_copy(announcement.number, sizeof announcement.number, bill->number);
    add(voice, &announcement);
}

static bool
is_called(const struct board_state *state, const struct board_announcement *announcement)
{
    if (announcement->subject == BOARD_SAY_BILL) {
        for (size_t i = 0; i < state->bill_count; i++)
            if (strcmp(state->bills[i].number, announcement->number) == 0)
                return state->bills[i].is_ready;
        return false;
    }
    for (size_t i = 0; i < state->number_count; i++)
        if (strcmp(state->numbers[i].number, announcement->number) == 0 &&
            strcmp(state->numbers[i].department, announcement->department) == 0)
            return state->numbers[i].state == BOARD_CALLED;
    return false;
}

void
board_voice_check(struct board_voice *voice, const struct board_state *state)
{
    for (size_t i = voice->announcer.count; i-- > 0;) {
        const struct board_announcement copy = voice->announcer.queue[i];
        if (!is_called(state, &copy))
            board_announcer_withdraw(&voice->announcer, copy.subject, copy.number, copy.department);
    }
}

const struct board_announcement *
board_voice_spoken(const struct board_voice *voice)
{
    return voice->announcer.is_speaking ? &voice->announcer.queue[0] : NULL;
}

bool
board_voice_is_silent(const struct board_voice *voice)
{
    return voice->is_silent;
}

/* ---------------------------------------------------------------- the object */

struct board_voice *
board_voice_new(const struct board_voice_settings *settings)
{
    struct board_voice *voice = g_new0(struct board_voice, 1);
    struct board_speaker_settings speaker = {
        .sink = settings->sink,
        .voice_folder = settings->voice_folder,
        .on_spoken = on_spoken,
        .user = voice,
    };

    voice->settings = *settings;
    if (settings->sink[0])
        voice->speaker = board_speaker_new(&speaker);
    return voice;
}

struct board_voice *
board_voice_free(struct board_voice *voice)
{
    if (!voice)
        return NULL;
    g_clear_handle_id(&voice->turn_timer, g_source_remove);
    g_clear_handle_id(&voice->guard_timer, g_source_remove);
    board_speaker_free(voice->speaker);
    g_free(voice);
    return NULL;
}
