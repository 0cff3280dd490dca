/* SPDX-License-Identifier: Apache-2.0 */
/*
 * speaker - the thread that plays, and the way to it and back
 */
#include "speaker.h"

#include "sound.h"

#include <gst/gst.h>

#include <string.h>

/* How long the end of the process waits for a thread that is being stopped. */
#define END_WAIT_US (500 * 1000)

struct job {
    struct board_script script;
    uint32_t percent;
    bool is_warming; /* nothing to play, nothing to tell */
};

/* Shared with the thread, which may outlive the speaker: counted, freed by the last one. */
struct shared {
    gint references;
    gint is_stopping;
    GAsyncQueue *jobs;  /* struct job */
    GAsyncQueue *ended; /* one pointer when the thread ends */
    GMainContext *context;
    struct board_speaker *speaker; /* used in the context only, and only while not stopping */
    char *sink, *voice_folder;
};

struct board_speaker {
    struct board_speaker_settings settings;
    struct shared *shared;
    bool is_busy;
};

static void
shared_unref(struct shared *shared)
{
    if (!g_atomic_int_dec_and_test(&shared->references))
        return;
    g_async_queue_unref(shared->jobs);
    g_async_queue_unref(shared->ended);
    g_main_context_unref(shared->context);
    g_free(shared->sink);
    g_free(shared->voice_folder);
    g_free(shared);
}

/* ---------------------------------------------------------------- the thread */

struct news {
    struct shared *shared;
    struct sugu_error error;
    bool is_ok;
};

static gboolean
on_news(void *user)
{
    struct news *news = user;
    struct board_speaker *speaker = news->shared->speaker;

    if (g_atomic_int_get(&news->shared->is_stopping))
        return G_SOURCE_REMOVE;
    speaker->is_busy = false;
    speaker->settings.on_spoken(speaker->settings.user, news->is_ok ? NULL : &news->error);
    return G_SOURCE_REMOVE;
}

static void
news_free(void *user)
{
    struct news *news = user;

    shared_unref(news->shared);
    g_free(news);
}

static void
work(struct shared *shared, const struct job *job, GHashTable *clips, struct news *news)
{
    GBytes *samples;

    news->error.status = SUGU_OK;
    samples = board_script_mix(&job->script, shared->voice_folder, clips, &news->error);
    news->is_ok = news->error.status == SUGU_OK;
    if (g_bytes_get_size(samples) > 0 && job->percent > 0 &&
        board_samples_play(samples, shared->sink, job->percent, &shared->is_stopping,
                           &news->error) != SUGU_OK)
        news->is_ok = false;
    g_bytes_unref(samples);
}

static void
carry_out(struct shared *shared, const struct job *job, GHashTable *clips, const GError *failure)
{
    struct news *news = g_new0(struct news, 1);

    news->shared = shared;
    g_atomic_int_inc(&shared->references);
    if (!failure)
        work(shared, job, clips, news);
    else
        sugu_fail(&news->error, SUGU_RETRY, "sound.failed", "%s", failure->message);
    g_main_context_invoke_full(shared->context, G_PRIORITY_DEFAULT, on_news, news, news_free);
}

static void *
run(void *user)
{
    struct shared *shared = user;
    GHashTable *clips =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    struct job *job = g_async_queue_pop(shared->jobs);
    GError *failure = NULL;

    if (!g_atomic_int_get(&shared->is_stopping))
        gst_init_check(NULL, NULL, &failure);
    while (!g_atomic_int_get(&shared->is_stopping)) {
        if (!job->is_warming)
            carry_out(shared, job, clips, failure);
        g_free(job);
        job = g_async_queue_pop(shared->jobs);
    }
    g_free(job);
    g_hash_table_unref(clips);
    g_clear_error(&failure);
    g_async_queue_push(shared->ended, GINT_TO_POINTER(1));
    shared_unref(shared);
    return NULL;
}

/* ---------------------------------------------------------------- the speaker */

struct board_speaker *
board_speaker_new(const struct board_speaker_settings *settings)
{
    struct board_speaker *speaker = g_new0(struct board_speaker, 1);
    struct shared *shared = g_new0(struct shared, 1);

    shared->references = 2;
    shared->jobs = g_async_queue_new_full(g_free);
    shared->ended = g_async_queue_new();
    shared->context = g_main_context_ref_thread_default();
    shared->speaker = speaker;
    shared->sink = g_strdup(settings->sink);
    shared->voice_folder = g_strdup(settings->voice_folder);
    speaker->settings = *settings;
    speaker->shared = shared;
    g_thread_unref(g_thread_new("speaker", run, shared));
    return speaker;
}

struct board_speaker *
board_speaker_free(struct board_speaker *speaker)
{
    if (!speaker)
        return NULL;
    g_atomic_int_set(&speaker->shared->is_stopping, 1);
    /* Wakes a thread that waits for work: an empty script. */
    g_async_queue_push(speaker->shared->jobs, g_new0(struct job, 1));
    g_async_queue_timeout_pop(speaker->shared->ended, END_WAIT_US);
    shared_unref(speaker->shared);
    g_free(speaker);
    return NULL;
}

void
board_speaker_warm(struct board_speaker *speaker)
{
    struct job *job = g_new0(struct job, 1);

    job->is_warming = true;
    g_async_queue_push(speaker->shared->jobs, job);
}

enum sugu_status
board_speaker_say(struct board_speaker *speaker,
                  const struct board_script *script,
                  uint32_t percent,
                  struct sugu_error *reterr)
{
    struct job *job;

    if (speaker->is_busy)
        return sugu_fail(reterr, SUGU_RETRY, "sound.stuck", "the last announcement has not ended");
    job = g_new(struct job, 1);
    job->script = *script;
    job->percent = percent;
    job->is_warming = false;
    speaker->is_busy = true;
    g_async_queue_push(speaker->shared->jobs, job);
    return SUGU_OK;
}
