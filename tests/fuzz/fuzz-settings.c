/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-settings - any bytes as a settings file
 *
 * Promises: reading ends in OK or REFUSED settings.invalid; every value in the struct is within its
 * range, every text ended and UTF-8; what is printed reads back to the same.
 */
#include "fuzz-target.h"

#include "base/settings.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct target {
    char listen[24], folder[200];
    int64_t wait_ms, level;
    bool is_loud;
};

static const struct sugu_setting settings[] = {
    SUGU_SETTING_TEXT_ROW(struct target, listen, "listen", 1, "tcp://*:7700", "Where to listen."),
    SUGU_SETTING_TEXT_ROW(struct target, folder, "folder", 0, "", "A folder."),
    SUGU_SETTING_INT_ROW(struct target, wait_ms, "wait", 0, 60000, "ms", "500", "How long."),
    SUGU_SETTING_INT_ROW(struct target, level, "level", INT64_MIN, INT64_MAX, "", "0", "Any."),
    SUGU_SETTING_BOOL_ROW(struct target, is_loud, "loud", "no", "Whether to be loud."),
};

static const struct sugu_program program = {
    .name = "fuzz-settings",
    .summary = "",
    .settings = settings,
    .settings_count = SUGU_ARRAY_SIZE(settings),
    .arguments = "",
};

static void
need(bool is_true)
{
    if (!is_true)
        abort();
}

static enum sugu_status
read_bytes(const void *bytes, size_t size, struct target *target, struct sugu_error *reterr)
{
    FILE *file = fmemopen((void *)(uintptr_t)bytes, size, "r");
    enum sugu_status status;

    need(file != NULL);
    status = sugu_settings_read(&program, target, file, "fuzz", reterr);
    fclose(file);
    return status;
}

static void
need_in_range(const struct target *target)
{
    size_t listen = strnlen(target->listen, sizeof target->listen);
    size_t folder = strnlen(target->folder, sizeof target->folder);

    need(listen >= 1 && listen < sizeof target->listen && folder < sizeof target->folder);
    need(sugu_text_is_utf8(target->listen, listen) && sugu_text_is_utf8(target->folder, folder));
    need(target->wait_ms >= 0 && target->wait_ms <= 60000);
}

static void
need_round_trip(const struct target *target)
{
    struct target back;
    struct sugu_error error;
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);

    sugu_settings_print(&program, target, file);
    fclose(file);
    memset(&back, 0, sizeof back);
    sugu_settings_init(&program, &back);
    need(read_bytes(text, size, &back, &error) == SUGU_OK);
    need(strcmp(back.listen, target->listen) == 0 && strcmp(back.folder, target->folder) == 0);
    need(back.wait_ms == target->wait_ms && back.level == target->level &&
         back.is_loud == target->is_loud);
    free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct target target;
    struct sugu_error error;
    enum sugu_status status;

    if (size == 0)
        return 0; /* fmemopen refuses it */
    memset(&target, 0, sizeof target);
    sugu_settings_init(&program, &target);
    status = read_bytes(bytes, size, &target, &error);
    need(status == SUGU_OK ||
         (status == SUGU_REFUSED && strcmp(error.code, "settings.invalid") == 0 && *error.detail));
    need_in_range(&target);
    if (status == SUGU_OK)
        need_round_trip(&target);
    return 0;
}
