/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sound - decoding and playing with GStreamer
 */
#include "sound.h"

#include "base/text.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/audio/streamvolume.h>
#include <gst/gst.h>

#include <string.h>

#define STRINGIFY_(number) #number
#define STRINGIFY(number)  STRINGIFY_(number)
#define CAPS                                                                                       \
    "audio/x-raw,format=S16LE,layout=interleaved,channels=1,rate=" STRINGIFY(BOARD_SAMPLE_RATE)
#define SAMPLE_SIZE   2
#define CLIP_SIZE_MAX (30 * BOARD_SAMPLE_RATE * SAMPLE_SIZE)
#define DECODE_MS_MAX 2000 /* without a sample */
#define LOOK_MS       100  /* how often a playing pipeline is looked at */

/* The pipeline's own words. */
static void
put_message(GstMessage *message, char *text, size_t size)
{
    GError *error = NULL;

    gst_message_parse_error(message, &error, NULL);
    sugu_text_copy(text, size, error ? error->message : "no reason given");
    g_clear_error(&error);
}

/* Puts the message back for put_error. */
static bool
has_failed(GstBus *bus)
{
    GstMessage *message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);

    if (message)
        gst_bus_post(bus, message);
    return message != NULL;
}

static void
put_error(GstElement *pipeline, char *text, size_t size)
{
    GstBus *bus = gst_element_get_bus(pipeline);
    GstMessage *message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);

    sugu_text_copy(text, size, "no reason given");
    if (message)
        put_message(message, text, size);
    g_clear_pointer(&message, gst_message_unref);
    gst_object_unref(bus);
}

static void
end_pipeline(GstElement *pipeline)
{
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
}

/* ---------------------------------------------------------------- clips */

static char *
find_clip(const char *folder, const char *name)
{
    static const char *const endings[] = {"opus", "flac", "wav"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(endings); i++) {
        char *path = g_strdup_printf("%s/%s.%s", folder, name, endings[i]);
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
            return path;
        g_free(path);
    }
    return NULL;
}

/* False where it is too long. */
static bool
append_sample(GByteArray *samples, GstSample *sample)
{
    GstBuffer *buffer = gst_sample_get_buffer(sample);
    bool fits = gst_buffer_get_size(buffer) + samples->len <= CLIP_SIZE_MAX;
    GstMapInfo map;

    if (fits && gst_buffer_map(buffer, &map, GST_MAP_READ)) {
        g_byte_array_append(samples, map.data, (guint)map.size);
        gst_buffer_unmap(buffer, &map);
    }
    return fits;
}

/* Takes samples until the end of the file; false where it broke, hung, or is too long. */
static bool
pull_all(GstElement *pipeline, GstAppSink *sink, GByteArray *samples)
{
    GstBus *bus = gst_element_get_bus(pipeline);
    bool is_good = true, has_error = false;

    for (unsigned waited_ms = 0; is_good && !has_error && waited_ms < DECODE_MS_MAX;) {
        GstSample *sample = gst_app_sink_try_pull_sample(sink, LOOK_MS * GST_MSECOND);
        if (sample) {
            is_good = append_sample(samples, sample);
            gst_sample_unref(sample);
        } else if (gst_app_sink_is_eos(sink)) {
            break;
        } else {
            waited_ms += LOOK_MS;
            has_error = has_failed(bus);
        }
    }
    gst_object_unref(bus);
    return is_good && gst_app_sink_is_eos(sink) && samples->len > 0;
}

static enum sugu_status
decode(const char *path, GBytes **ret_samples, struct sugu_error *reterr)
{
    GError *error = NULL;
    GstElement *pipeline = gst_parse_launch(
        "filesrc name=file ! decodebin ! audioconvert ! audioresample ! appsink name=samples "
        "sync=false caps=" CAPS,
        &error);
    GByteArray *samples = g_byte_array_new();
    enum sugu_status status = SUGU_OK;
    GstElement *file, *sink;
    char detail[120];

    if (!pipeline || error) {
        status = sugu_fail(reterr, SUGU_BROKEN, "sound.clip-missing", "%s",
                           error ? error->message : "no decoder");
        g_clear_error(&error);
        g_clear_pointer(&pipeline, gst_object_unref);
        g_byte_array_unref(samples);
        return status;
    }
    file = gst_bin_get_by_name(GST_BIN(pipeline), "file");
    sink = gst_bin_get_by_name(GST_BIN(pipeline), "samples");
    g_object_set(file, "location", path, NULL);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    if (!pull_all(pipeline, GST_APP_SINK(sink), samples)) {
        put_error(pipeline, detail, sizeof detail);
        status = sugu_fail(reterr, SUGU_BROKEN, "sound.clip-missing", "%s", detail);
    }
    gst_object_unref(file);
    gst_object_unref(sink);
    end_pipeline(pipeline);
    if (status == SUGU_OK)
        *ret_samples = g_byte_array_free_to_bytes(samples);
    else
        g_byte_array_unref(samples);
    return status;
}

enum sugu_status
board_clip_read(const char *folder,
                const char *name,
                GBytes **ret_samples,
                struct sugu_error *reterr)
{
    char *path = find_clip(folder, name);
    enum sugu_status status;

    if (!path)
        return sugu_fail(reterr, SUGU_BROKEN, "sound.clip-missing", "no file for %s", name);
    status = decode(path, ret_samples, reterr);
    g_free(path);
    return status;
}

/* ---------------------------------------------------------------- mixing */

static GBytes *
find_samples(GHashTable *clips, const char *folder, const char *name, struct sugu_error *reterr)
{
    GBytes *samples = g_hash_table_lookup(clips, name);

    /* A missing one is looked for again: it may be there the next time. */
    if (!samples && board_clip_read(folder, name, &samples, reterr) == SUGU_OK)
        g_hash_table_insert(clips, g_strdup(name), samples);
    return samples;
}

/* Has every part of this text its samples? */
static bool
is_whole(const struct board_script *script,
         uint8_t text,
         const char *folder,
         GHashTable *clips,
         struct sugu_error *reterr)
{
    bool is_whole = true;

    for (size_t i = 0; i < script->count; i++)
        if (script->parts[i].text == text && script->parts[i].clip[0])
            is_whole = find_samples(clips, folder, script->parts[i].clip, reterr) && is_whole;
    return is_whole;
}

static void
append_part(GByteArray *row, const struct board_part *part, GHashTable *clips)
{
    if (part->clip[0]) {
        gsize size;
        const guint8 *data = g_bytes_get_data(g_hash_table_lookup(clips, part->clip), &size);
        g_byte_array_append(row, data, (guint)size);
    } else {
        guint from = row->len;
        guint size = part->silence_ms * (BOARD_SAMPLE_RATE / 1000) * SAMPLE_SIZE;
        g_byte_array_set_size(row, from + size);
        memset(row->data + from, 0, size);
    }
}

GBytes *
board_script_mix(const struct board_script *script,
                 const char *folder,
                 GHashTable *clips,
                 struct sugu_error *reterr)
{
    GByteArray *row = g_byte_array_new();
    uint8_t text = UINT8_MAX;
    bool is_there = false;

    for (size_t i = 0; i < script->count; i++) {
        const struct board_part *part = &script->parts[i];
        if (part->text != text) {
            text = part->text;
            is_there = is_whole(script, text, folder, clips, reterr);
        }
        if (is_there)
            append_part(row, part, clips);
    }
    return g_byte_array_free_to_bytes(row);
}

/* ---------------------------------------------------------------- playing */

/* appsrc → volume → the hospital's sink; NULL with the reason. */
static GstElement *
build(const char *sink_text, uint32_t percent, struct sugu_error *reterr)
{
    GError *error = NULL;
    GstElement *pipeline = gst_parse_launch("appsrc name=row format=time max-bytes=0 caps=" CAPS
                                            " ! audioconvert ! audioresample ! "
                                            "volume name=volume ! audioconvert name=last",
                                            &error);
    GstElement *sink = NULL, *last = NULL, *volume = NULL;
    bool is_built = false;

    if (pipeline && !error)
        sink = gst_parse_bin_from_description(sink_text, /* ghost_unlinked_pads= */ TRUE, &error);
    if (sink && !error) {
        last = gst_bin_get_by_name(GST_BIN(pipeline), "last");
        volume = gst_bin_get_by_name(GST_BIN(pipeline), "volume");
        g_object_set(volume, "volume",
                     gst_stream_volume_convert_volume(GST_STREAM_VOLUME_FORMAT_CUBIC,
                                                      GST_STREAM_VOLUME_FORMAT_LINEAR,
                                                      percent / 100.0),
                     NULL);
        is_built = gst_bin_add(GST_BIN(pipeline), sink) && gst_element_link(last, sink);
        gst_object_unref(last);
        gst_object_unref(volume);
    }
    if (!is_built) {
        sugu_fail(reterr, SUGU_RETRY, "sound.failed", "sink '%s': %s", sink_text,
                  error ? error->message : "cannot be linked");
        g_clear_pointer(&pipeline, gst_object_unref);
    }
    g_clear_error(&error);
    return pipeline;
}

static void
push(GstElement *pipeline, GBytes *samples)
{
    GstElement *source = gst_bin_get_by_name(GST_BIN(pipeline), "row");
    GstBuffer *buffer = gst_buffer_new_wrapped_bytes(samples);
    guint64 count = g_bytes_get_size(samples) / SAMPLE_SIZE;

    GST_BUFFER_PTS(buffer) = 0;
    GST_BUFFER_DURATION(buffer) = gst_util_uint64_scale(count, GST_SECOND, BOARD_SAMPLE_RATE);
    gst_app_src_push_buffer(GST_APP_SRC(source), buffer);
    gst_app_src_end_of_stream(GST_APP_SRC(source));
    gst_object_unref(source);
}

/* Looks at the bus and at the position until it is over. */
static enum sugu_status
watch(GstElement *pipeline, const gint *is_stopping, struct sugu_error *reterr)
{
    GstBus *bus = gst_element_get_bus(pipeline);
    enum sugu_status status = SUGU_RETRY;
    gint64 last = -1;
    unsigned still_ms = 0;
    char detail[120] = "stopped";

    while (!g_atomic_int_get(is_stopping)) {
        GstMessage *message = gst_bus_timed_pop_filtered(bus, LOOK_MS * GST_MSECOND,
                                                         GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
        gint64 position = -1;
        if (message) {
            if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS)
                status = SUGU_OK;
            else
                put_message(message, detail, sizeof detail);
            gst_message_unref(message);
            break;
        }
        gst_element_query_position(pipeline, GST_FORMAT_TIME, &position);
        still_ms = position == last ? still_ms + LOOK_MS : 0;
        last = position;
        if (still_ms >= BOARD_HANG_MS) {
            snprintf(detail, sizeof detail, "the device has taken nothing for %u ms", still_ms);
            break;
        }
    }
    gst_object_unref(bus);
    return status == SUGU_OK ? SUGU_OK
                             : sugu_fail(reterr, SUGU_RETRY, "sound.failed", "%s", detail);
}

enum sugu_status
board_samples_play(GBytes *samples,
                   const char *sink,
                   uint32_t percent,
                   const gint *is_stopping,
                   struct sugu_error *reterr)
{
    GstElement *pipeline = build(sink, percent, reterr);
    enum sugu_status status;

    if (!pipeline)
        return SUGU_RETRY;
    push(pipeline, samples);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    status = watch(pipeline, is_stopping, reterr);
    end_pipeline(pipeline);
    return status;
}
