/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-board-voice - the clips that are shipped, measured: nobody sits in each waiting room to hear
 *
 * What has to hold for every announcement from A-1 to Z-999 in three languages: each clip is there,
 * in one rate, is heard, no louder than the others, and no pause inside a number is so long that
 * the number falls apart.
 */
#include "clips.h"
#include "sound.h"

#include "testlib/checks.h"

#include <gst/gst.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK        (BOARD_SAMPLE_RATE / 100) /* samples of 10 ms */
#define HEARD_DB     (-42.0)                   /* below full; the voice is 23 dB above that */
#define HEARD_MS_MIN 150
#define LEVEL_DB_MIN (-21.0)
#define LEVEL_DB_MAX (-18.0) /* 3 dB: what is next to each other sounds equally loud */
#define PEAK_DB_MAX  (-0.5)
#define PAUSE_MS_MAX 250 /* inside a number, and inside the words around it */
#define NUMBER_MAX   999

struct measure {
    int lead_ms, trail_ms; /* before the first and after the last moment that is heard */
    int pause_ms;          /* the longest one between them */
    int heard_ms;
    double level_db; /* of what is heard */
    double peak_db;
};

struct world {
    char voice[300];
    GHashTable *measures; /* clip -> struct measure */
};

static void
world_init(struct world *world)
{
    gst_init(NULL, NULL);
    g_snprintf(world->voice, sizeof world->voice, "%s/assets/voice", getenv("SUGU_SOURCE"));
    world->measures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static void
world_done(struct world *world)
{
    g_hash_table_unref(world->measures);
}

static double
decibels(double part_of_full)
{
    return 20 * log10(fmax(part_of_full, 1e-9) / 32768);
}

static double
mean_square(const int16_t *samples, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += (double)samples[i] * samples[i];
    return sum / (double)count;
}

static void
measure_samples(const int16_t *samples, size_t count, struct measure *ret_measure)
{
    struct measure measure = {0};
    double power = 0;
    int heard = 0, pause = 0, peak = 0;

    for (size_t i = 0; i < count; i++)
        peak = abs(samples[i]) > peak ? abs(samples[i]) : peak;
    for (size_t i = 0; i + BLOCK <= count; i += BLOCK) {
        double square = mean_square(samples + i, BLOCK);
        if (decibels(sqrt(square)) < HEARD_DB) {
            pause += 10;
            continue;
        }
        if (heard == 0)
            measure.lead_ms = pause;
        else if (pause > measure.pause_ms)
            measure.pause_ms = pause;
        pause = 0;
        power += square;
        heard++;
    }
    measure.trail_ms = pause;
    measure.heard_ms = heard * 10;
    measure.level_db = heard ? decibels(sqrt(power / heard)) : -120;
    measure.peak_db = decibels(peak);
    *ret_measure = measure;
}

static const struct measure *
measure_clip(struct world *world, const char *clip)
{
    struct measure *measure = g_hash_table_lookup(world->measures, clip);
    GBytes *samples = NULL;
    struct sugu_error error;
    gsize size;
    const void *data;

    if (measure)
        return measure;
    sugu_assert_ok(board_clip_read(world->voice, clip, &samples, &error), error);
    data = g_bytes_get_data(samples, &size);
    measure = g_new0(struct measure, 1);
    measure_samples(data, size / sizeof(int16_t), measure);
    g_hash_table_insert(world->measures, g_strdup(clip), measure);
    g_bytes_unref(samples);
    return measure;
}

/* The clips follow each other without a sample between them, so pauses add up. */
static void
check_row(struct world *world, const struct board_clips *clips)
{
    for (size_t i = 0; i < clips->count; i++) {
        const struct measure *measure = measure_clip(world, clips->names[i]);
        int pause_ms = measure->pause_ms;
        if (i > 0) {
            int joint_ms = measure->lead_ms + measure_clip(world, clips->names[i - 1])->trail_ms;
            pause_ms = joint_ms > pause_ms ? joint_ms : pause_ms;
        }
        ck_assert_msg(pause_ms <= PAUSE_MS_MAX, "%d ms of silence before or in %s (after %s)",
                      pause_ms, clips->names[i], i ? clips->names[i - 1] : "nothing");
    }
}

START_TEST(no_announcement_falls_apart)
{
    static const char *const languages[] = {"ja", "en", "zh_CN"};
    struct world world;

    world_init(&world);
    for (size_t l = 0; l < SUGU_ARRAY_SIZE(languages); l++)
        for (int letter = 0; letter <= 26; letter++)
            for (int value = 1; value <= NUMBER_MAX; value++) {
                struct board_clips clips = {.count = 0};
                char number[16], desk[8];
                g_snprintf(number, sizeof number, letter < 26 ? "%c-%03d" : "%c%d",
                           letter < 26 ? 'A' + letter : '0', value);
                g_snprintf(desk, sizeof desk, "%d", value % 40 + 1);
                ck_assert(board_clips_call(&clips, languages[l], number, value % 50 ? desk : "MRI",
                                           (enum sugu_desk_word)(value % SUGU_DESK_WORD_COUNT)));
                check_row(&world, &clips);
            }
    world_done(&world);
}
END_TEST

static const char *
each_clip(char **lines, size_t *at)
{
    while (lines[*at]) {
        char *line = lines[(*at)++], *end = strchr(line, '\t');
        if (*line == '#' || !end)
            continue;
        *end = '\0';
        return line;
    }
    return NULL;
}

static char **
read_table(const struct world *world)
{
    char *path = g_strdup_printf("%s/clips.tsv", world->voice), *table, **lines;

    ck_assert(g_file_get_contents(path, &table, NULL, NULL));
    lines = g_strsplit(table, "\n", -1);
    g_free(table);
    g_free(path);
    return lines;
}

START_TEST(every_clip_is_heard_and_none_is_louder_than_the_others)
{
    struct world world;
    char **lines;
    const char *clip;
    size_t at = 0, count = 0;

    world_init(&world);
    lines = read_table(&world);
    while ((clip = each_clip(lines, &at))) {
        const struct measure *measure = measure_clip(&world, clip);
        ck_assert_msg(measure->heard_ms >= HEARD_MS_MIN, "%s is heard for %d ms", clip,
                      measure->heard_ms);
        ck_assert_msg(measure->level_db >= LEVEL_DB_MIN && measure->level_db <= LEVEL_DB_MAX,
                      "%s is at %.1f dB", clip, measure->level_db);
        ck_assert_msg(measure->peak_db <= PEAK_DB_MAX, "%s is clipped", clip);
        count++;
    }
    ck_assert_uint_gt(count, 150);
    g_strfreev(lines);
    world_done(&world);
}
END_TEST

/* RFC 7845 5.1: "OpusHead", version, channels, pre-skip (2), rate of what was encoded (4). */
START_TEST(all_files_are_of_one_rate_and_one_channel)
{
    struct world world;
    char **lines;
    const char *clip;
    size_t at = 0;

    world_init(&world);
    lines = read_table(&world);
    while ((clip = each_clip(lines, &at))) {
        char *path = g_strdup_printf("%s/%s.opus", world.voice, clip), *file;
        const uint8_t *head;
        gsize size;
        ck_assert_msg(g_file_get_contents(path, &file, &size, NULL), "%s is missing", path);
        head = memmem(file, size, "OpusHead", 8);
        ck_assert_msg(head && head + 16 <= (const uint8_t *)file + size, "%s is no Opus", path);
        ck_assert_uint_eq(head[9], 1);
        ck_assert_uint_eq(head[12] | head[13] << 8 | head[14] << 16, BOARD_SAMPLE_RATE);
        g_free(file);
        g_free(path);
    }
    g_strfreev(lines);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("board-voice",
                       120,
                       no_announcement_falls_apart,
                       every_clip_is_heard_and_none_is_louder_than_the_others,
                       all_files_are_of_one_rate_and_one_channel)
