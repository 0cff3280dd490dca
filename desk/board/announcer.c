/* SPDX-License-Identifier: Apache-2.0 */
/*
 * announcer - the queue, and an announcement as a script of clips and silences
 */
#include "announcer.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

#define TIMES 2 /* each text */

/* ---------------------------------------------------------------- the queue */

static bool
is_of(const struct board_announcement *a,
      enum board_subject subject,
      const char *number,
      const char *department)
{
    return a->subject == subject && strcmp(a->number, number) == 0 &&
           strcmp(a->department, department) == 0;
}

static void
take_out(struct board_announcer *announcer, size_t at)
{
    announcer->count--;
    memmove(&announcer->queue[at], &announcer->queue[at + 1],
            (announcer->count - at) * sizeof announcer->queue[0]);
}

enum board_queued
board_announcer_add(struct board_announcer *announcer,
                    const struct board_announcement *announcement)
{
    for (size_t i = announcer->is_speaking ? 1 : 0; i < announcer->count; i++)
        if (is_of(&announcer->queue[i], announcement->subject, announcement->number,
                  announcement->department)) {
            announcer->queue[i] = *announcement; /* the newest desk, in the old place */
            return BOARD_MERGED;
        }
    if (announcer->count == BOARD_QUEUE_MAX)
        return BOARD_FULL;
    announcer->queue[announcer->count++] = *announcement;
    return BOARD_QUEUED;
}

void
board_announcer_withdraw(struct board_announcer *announcer,
                         enum board_subject subject,
                         const char *number,
                         const char *department)
{
    for (size_t i = announcer->count; i-- > (announcer->is_speaking ? 1 : 0);)
        if (is_of(&announcer->queue[i], subject, number, department))
            take_out(announcer, i);
}

const struct board_announcement *
board_announcer_next(struct board_announcer *announcer, int64_t now_us)
{
    if (announcer->is_speaking || announcer->count == 0 || now_us < announcer->rest_until_us)
        return NULL;
    announcer->is_speaking = true;
    return &announcer->queue[0];
}

void
board_announcer_done(struct board_announcer *announcer, int64_t now_us)
{
    if (!announcer->is_speaking)
        return;
    take_out(announcer, 0);
    announcer->is_speaking = false;
    announcer->rest_until_us = now_us + BOARD_REST_MS * SUGU_MS;
}

int64_t
board_announcer_due_us(const struct board_announcer *announcer)
{
    return announcer->is_speaking || announcer->count == 0 ? INT64_MAX : announcer->rest_until_us;
}

/* ---------------------------------------------------------------- the script */

static void
add_part(struct board_script *script, const char *clip, uint32_t silence_ms, uint8_t text)
{
    struct board_part *part = &script->parts[script->count++];

    assert(script->count <= BOARD_PARTS_MAX); /* 4 texts of at most 40 clips, and 6 more */
    sugu_text_copy(part->clip, sizeof part->clip, clip);
    part->silence_ms = silence_ms;
    part->text = text;
}

static void
add_texts(struct board_script *script,
          const struct board_announcement *announcement,
          const char *language,
          uint8_t *text)
{
    struct board_clips clips = {.count = 0};
    bool is_spoken = announcement->subject == BOARD_SAY_CALL
                         ? board_clips_call(&clips, language, announcement->number,
                                            announcement->desk, announcement->desk_word)
                         : board_clips_bill(&clips, language, announcement->number);

    for (unsigned i = 0; is_spoken && i < TIMES; i++) {
        ++*text;
        add_part(script, "", *text == 1 ? BOARD_CHIME_MS : BOARD_REPEAT_MS, *text);
        for (size_t j = 0; j < clips.count; j++)
            add_part(script, clips.names[j], 0, *text);
    }
}

void
board_announcement_write(const struct board_announcement *announcement,
                         struct board_script *ret_script)
{
    const char *language = board_clips_language(announcement->language);
    uint8_t text = 0;

    ret_script->count = 0;
    add_part(ret_script, "chime", 0, 0);
    add_texts(ret_script, announcement, "ja", &text);
    if (language && strcmp(language, "ja") != 0)
        add_texts(ret_script, announcement, language, &text);
}
