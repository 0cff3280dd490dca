/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-board-sound - announcements through real GStreamer pipelines into a file, and what breaks
 */
#include "sound.h"
#include "speaker.h"

#include "base/text.h"
#include "testlib/checks.h"
#include "testlib/folder.h"

#include <gst/gst.h>

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES_PER_MS (BOARD_SAMPLE_RATE / 1000)
#define QUIET          40 /* of 32767: what the ear takes for silence */

struct world {
    char *folder;
    char voice[300], wav[300], sink[400];
    GHashTable *clips;
    gint is_stopping;
};

static void
world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    gst_init(NULL, NULL);
    world->folder = sugu_test_folder_new();
    g_snprintf(world->voice, sizeof world->voice, "%s/assets/voice", getenv("SUGU_SOURCE"));
    g_snprintf(world->wav, sizeof world->wav, "%s/out.wav", world->folder);
    g_snprintf(world->sink, sizeof world->sink,
               "audioconvert ! audio/x-raw,format=S16LE,channels=1,rate=%d ! wavenc ! "
               "filesink location=%s",
               BOARD_SAMPLE_RATE, world->wav);
    world->clips =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
}

static void
world_done(struct world *world)
{
    g_hash_table_unref(world->clips);
    world->folder = sugu_test_folder_free(world->folder);
}

static void
write_call(struct board_script *script, const char *number, const char *language)
{
    struct board_announcement announcement = {.subject = BOARD_SAY_CALL, .desk = "3"};

    sugu_text_copy(announcement.number, sizeof announcement.number, number);
    sugu_text_copy(announcement.language, sizeof announcement.language, language);
    board_announcement_write(&announcement, script);
}

static size_t
clip_samples(struct world *world, const char *clip)
{
    GBytes *samples = NULL;
    struct sugu_error error;
    size_t size;

    sugu_assert_ok(board_clip_read(world->voice, clip, &samples, &error), error);
    size = g_bytes_get_size(samples);
    g_bytes_unref(samples);
    return size / 2;
}

/* The samples that came out of the pipeline. */
static int16_t *
heard(struct world *world, size_t *ret_count)
{
    char *content;
    gsize size;
    size_t at = 12;
    int16_t *samples;

    ck_assert(g_file_get_contents(world->wav, &content, &size, NULL));
    while (at + 8 < size && memcmp(content + at, "data", 4) != 0)
        at += 8 + (size_t) * (const uint32_t *)(const void *)(content + at + 4);
    ck_assert_uint_lt(at + 8, size);
    *ret_count = (size - at - 8) / 2;
    samples = g_memdup2(content + at + 8, *ret_count * 2);
    g_free(content);
    return samples;
}

static int
loudest(const int16_t *samples, size_t count)
{
    int most = 0;

    for (size_t i = 0; i < count; i++)
        most = abs(samples[i]) > most ? abs(samples[i]) : most;
    return most;
}

START_TEST(an_announcement_is_as_long_as_its_parts_and_silent_between_them)
{
    struct world world;
    struct board_script script;
    struct sugu_error error = {.status = SUGU_OK};
    size_t count, at = 0, expected = 0;
    int16_t *samples;
    GBytes *row;

    world_init(&world);
    write_call(&script, "A-300", "en");
    row = board_script_mix(&script, world.voice, world.clips, &error);
    ck_assert_int_eq(error.status, SUGU_OK);
    sugu_assert_ok(board_samples_play(row, world.sink, 100, &world.is_stopping, &error), error);
    samples = heard(&world, &count);
    for (size_t i = 0; i < script.count; i++) {
        const struct board_part *part = &script.parts[i];
        size_t length = part->clip[0] ? clip_samples(&world, part->clip)
                                      : (size_t)part->silence_ms * SAMPLES_PER_MS;
        expected += length;
        ck_assert_uint_le(at + length, count);
        if (part->clip[0])
            ck_assert_msg(loudest(samples + at, length) > 3000, "%s is not heard", part->clip);
        else
            ck_assert_msg(loudest(samples + at, length) <= QUIET, "part %zu is not silent", i);
        at += length;
    }
    ck_assert_uint_eq(count, expected); /* joined without a gap: not a sample more */
    ck_assert_uint_gt(count, 10 * BOARD_SAMPLE_RATE);
    g_free(samples);
    g_bytes_unref(row);
    world_done(&world);
}
END_TEST

START_TEST(clips_do_not_click_and_have_one_loudness)
{
    static const char *const clips[] = {
        "chime",   "ja/300", "ja/ban-room",    "ja/letter-a",    "en/to-room", "en/9",
        "zh_CN/7", "ja/9",   "zh_CN/hao-room", "ja/ban-no-kata", "en/bill",    "ja/bill"};
    struct world world;

    world_init(&world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(clips); i++) {
        GBytes *bytes = NULL;
        struct sugu_error error;
        const int16_t *samples;
        gsize size;
        int peak;
        sugu_assert_ok(board_clip_read(world.voice, clips[i], &bytes, &error), error);
        samples = g_bytes_get_data(bytes, &size);
        peak = loudest(samples, size / 2);
        ck_assert_msg(peak > 6000 && peak < 32767, "%s: peak %d", clips[i], peak);
        ck_assert_msg(loudest(samples, 6) < 700, "%s begins with a click", clips[i]);
        ck_assert_msg(loudest(samples + size / 2 - 6, 6) < 700, "%s ends with a click", clips[i]);
        ck_assert_uint_lt(size / 2, 4 * BOARD_SAMPLE_RATE);
        g_bytes_unref(bytes);
    }
    world_done(&world);
}
END_TEST

START_TEST(volume_makes_it_softer)
{
    struct world world;
    struct board_script script = {.count = 0};
    struct sugu_error error = {.status = SUGU_OK};
    int peaks[2];
    GBytes *row;

    world_init(&world);
    write_call(&script, "7", "ja");
    row = board_script_mix(&script, world.voice, world.clips, &error);
    for (unsigned i = 0; i < 2; i++) {
        size_t count;
        int16_t *samples;
        sugu_assert_ok(
            board_samples_play(row, world.sink, i ? 50 : 100, &world.is_stopping, &error), error);
        samples = heard(&world, &count);
        peaks[i] = loudest(samples, count);
        g_free(samples);
    }
    /* Half of the scale is an eighth of the amplitude: about half as loud to the ear. */
    ck_assert_int_lt(peaks[1] * 6, peaks[0]);
    ck_assert_int_gt(peaks[1] * 10, peaks[0]);
    g_bytes_unref(row);
    world_done(&world);
}
END_TEST

/* A voice folder of our own with the chime and these clips only. */
static void
copy_clips(struct world *world, const char *const *clips)
{
    char *own = g_strdup_printf("%s/voice", world->folder);

    for (; *clips; clips++) {
        char *from = g_strdup_printf("%s/%s.opus", world->voice, *clips), *content;
        char *to = g_strdup_printf("%s/%s.opus", own, *clips), *folder = g_path_get_dirname(to);
        gsize size;
        ck_assert_int_eq(g_mkdir_with_parents(folder, 0700), 0);
        ck_assert(g_file_get_contents(from, &content, &size, NULL));
        ck_assert(g_file_set_contents(to, content, (gssize)size, NULL));
        g_free(from);
        g_free(content);
        g_free(to);
        g_free(folder);
    }
    g_strlcpy(world->voice, own, sizeof world->voice);
    g_free(own);
}

START_TEST(a_text_with_a_missing_clip_is_left_out_whole)
{
    static const char *const there[] = {
        "chime", "ja/7", "ja/ban-no-kata", "ja/3", "ja/ban-room", "en/number", NULL};
    struct world world;
    struct board_script script;
    struct sugu_error error = {.status = SUGU_OK};
    size_t expected;
    GBytes *row;

    world_init(&world);
    copy_clips(&world, there);
    write_call(&script, "7", "en");
    row = board_script_mix(&script, world.voice, world.clips, &error);
    ck_assert_int_eq(error.status, SUGU_BROKEN);
    ck_assert_str_eq(error.code, "sound.clip-missing");
    expected = clip_samples(&world, "chime") + (BOARD_CHIME_MS + BOARD_REPEAT_MS) * SAMPLES_PER_MS;
    for (size_t i = 1; i < 5; i++)
        expected += 2 * clip_samples(&world, there[i]);
    ck_assert_uint_eq(g_bytes_get_size(row) / 2, expected); /* all Japanese, no English */
    g_bytes_unref(row);
    world_done(&world);
}
END_TEST

START_TEST(a_file_that_is_no_sound_is_a_missing_clip)
{
    static const char *const there[] = {"chime", NULL};
    struct world world;
    struct sugu_error error;
    GBytes *samples = NULL;
    char *path;

    world_init(&world);
    copy_clips(&world, there);
    path = g_strdup_printf("%s/chime.opus", world.voice);
    ck_assert(g_file_set_contents(path, "no sound at all", -1, NULL));
    sugu_assert_fails(board_clip_read(world.voice, "chime", &samples, &error), SUGU_BROKEN,
                      "sound.clip-missing", error);
    ck_assert(g_file_set_contents(path, "", 0, NULL));
    sugu_assert_fails(board_clip_read(world.voice, "chime", &samples, &error), SUGU_BROKEN,
                      "sound.clip-missing", error);
    sugu_assert_fails(board_clip_read(world.voice, "ja/1", &samples, &error), SUGU_BROKEN,
                      "sound.clip-missing", error);
    g_free(path);
    world_done(&world);
}
END_TEST

/* ---------------------------------------------------------------- the speaker's thread */

struct spoken {
    unsigned count;
    struct sugu_error error; /* of the last one; status OK = all was played */
};

static void
on_spoken(void *user, const struct sugu_error *error)
{
    struct spoken *spoken = user;

    spoken->count++;
    spoken->error = error ? *error : (struct sugu_error){.status = SUGU_OK};
}

static void
await_spoken(const struct spoken *spoken, unsigned count)
{
    int64_t deadline = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;

    while (spoken->count < count) {
        ck_assert_msg(g_get_monotonic_time() < deadline, "nothing was spoken in 20 s");
        if (!g_main_context_iteration(NULL, FALSE))
            g_thread_yield();
    }
}

START_TEST(a_missing_device_is_told_and_tried_again)
{
    struct world world;
    struct board_script script;
    struct spoken spoken = {0};
    struct sugu_error error;
    struct board_speaker *speaker;

    world_init(&world);
    write_call(&script, "7", "ja");
    g_snprintf(world.sink, sizeof world.sink, "wavenc ! filesink location=%s/later/out.wav",
               world.folder);
    speaker = board_speaker_new(&(struct board_speaker_settings){
        .sink = world.sink, .voice_folder = world.voice, .on_spoken = on_spoken, .user = &spoken});
    sugu_assert_ok(board_speaker_say(speaker, &script, 70, &error), error);
    await_spoken(&spoken, 1);
    ck_assert_int_eq(spoken.error.status, SUGU_RETRY);
    ck_assert_str_eq(spoken.error.code, "sound.failed");
    /* Somebody plugs it in. */
    g_snprintf(world.wav, sizeof world.wav, "%s/later", world.folder);
    ck_assert_int_eq(g_mkdir(world.wav, 0700), 0);
    sugu_assert_ok(board_speaker_say(speaker, &script, 70, &error), error);
    await_spoken(&spoken, 2);
    ck_assert_int_eq(spoken.error.status, SUGU_OK);
    board_speaker_free(speaker);
    world_done(&world);
}
END_TEST

START_TEST(a_sink_that_does_not_exist_is_told)
{
    static const char *const sinks[] = {"nosuchsink", "alsasink device=no-such-device", "! !"};
    struct world world;
    struct board_script script;
    struct sugu_error error;

    world_init(&world);
    write_call(&script, "7", "ja");
    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(sinks); i++) {
        struct spoken spoken = {0};
        struct board_speaker *speaker =
            board_speaker_new(&(struct board_speaker_settings){.sink = sinks[i],
                                                               .voice_folder = world.voice,
                                                               .on_spoken = on_spoken,
                                                               .user = &spoken});
        sugu_assert_ok(board_speaker_say(speaker, &script, 70, &error), error);
        await_spoken(&spoken, 1);
        ck_assert_str_eq(spoken.error.code, "sound.failed");
        board_speaker_free(speaker);
    }
    world_done(&world);
}
END_TEST

START_TEST(a_device_that_hangs_blocks_nobody)
{
    struct world world;
    struct board_script script;
    struct spoken spoken = {0};
    struct sugu_error error;
    struct board_speaker *speaker;
    int64_t began;

    world_init(&world);
    write_call(&script, "7", "ja");
    /* Takes nothing for an hour. */
    speaker = board_speaker_new(
        &(struct board_speaker_settings){.sink = "identity sleep-time=3600000000 ! fakesink",
                                         .voice_folder = world.voice,
                                         .on_spoken = on_spoken,
                                         .user = &spoken});
    began = g_get_monotonic_time();
    sugu_assert_ok(board_speaker_say(speaker, &script, 70, &error), error);
    sugu_assert_fails(board_speaker_say(speaker, &script, 70, &error), SUGU_RETRY, "sound.stuck",
                      error);
    board_speaker_free(speaker); /* its thread is left behind */
    ck_assert_int_lt(g_get_monotonic_time() - began, 2 * G_USEC_PER_SEC);
    ck_assert_uint_eq(spoken.count, 0);
    world_done(&world);
}
END_TEST

START_TEST(silence_is_spoken_at_once)
{
    struct world world;
    struct board_script script;
    struct spoken spoken = {0};
    struct sugu_error error;
    struct board_speaker *speaker;

    world_init(&world);
    write_call(&script, "7", "ja");
    speaker = board_speaker_new(&(struct board_speaker_settings){
        .sink = world.sink, .voice_folder = world.voice, .on_spoken = on_spoken, .user = &spoken});
    sugu_assert_ok(board_speaker_say(speaker, &script, 0, &error), error);
    await_spoken(&spoken, 1);
    ck_assert_int_eq(spoken.error.status, SUGU_OK);
    ck_assert(!g_file_test(world.wav, G_FILE_TEST_EXISTS));
    board_speaker_free(speaker);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN("board-sound",
               an_announcement_is_as_long_as_its_parts_and_silent_between_them,
               clips_do_not_click_and_have_one_loudness,
               volume_makes_it_softer,
               a_text_with_a_missing_clip_is_left_out_whole,
               a_file_that_is_no_sound_is_a_missing_clip,
               a_missing_device_is_told_and_tried_again,
               a_sink_that_does_not_exist_is_told,
               a_device_that_hangs_blocks_nobody,
               silence_is_spoken_at_once)
