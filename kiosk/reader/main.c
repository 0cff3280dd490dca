/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - sugu-reader: settings, and which of its two sides this process is
 */
#include "base/log.h"
#include "base/process.h"
#include "reader/front.h"

#include <zmq.h>

#define NAME "sugu-reader"

struct settings {
    char listen[256];
    char device[256];
    char roots[512];
    int64_t poll_ms;
    int64_t watchdog_ms;
};

static const struct sugu_setting rows[] = {
    SUGU_SETTING_TEXT_ROW(struct settings,
                          listen,
                          "listen",
                          1,
                          "",
                          "Where the kiosk finds the reader, ipc://PATH; the PIN's socket is "
                          "PATH.pin."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          device,
                          "device",
                          0,
                          "",
                          "Reader as libnfc names it, such as pn532_uart:/dev/ttyUSB0; empty where "
                          "the kiosk has none."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          roots,
                          "roots",
                          0,
                          "",
                          "PEM file, or folder of .pem files, with the certificates under which My "
                          "Number cards are issued."),
    SUGU_SETTING_INT_ROW(struct settings,
                         poll_ms,
                         "poll-ms",
                         20,
                         5000,
                         "ms",
                         "150",
                         "Pause between two looks at the reader."),
    SUGU_SETTING_INT_ROW(struct settings,
                         watchdog_ms,
                         "watchdog-ms",
                         2000,
                         600000,
                         "ms",
                         "10000",
                         "A card side that is silent for longer is killed and started again."),
};

static const struct sugu_program program = {
    .name = NAME,
    .summary = "Tells the kiosk which card lies on the reader, and reads My Number cards.",
    .settings = rows,
    .settings_count = SUGU_ARRAY_SIZE(rows),
    .arguments = "",
};

static enum sugu_status
run_side(const struct settings *settings, struct sugu_error *reterr)
{
    const struct sugu_side_settings side = {
        .device = settings->device,
        .roots = settings->roots,
        .poll_us = settings->poll_ms * SUGU_MS,
    };
    struct sugu_pin_page *page;
    enum sugu_status status = sugu_pin_page_new(SUGU_SIDE_PIN_PAGE_FD, &page, reterr);

    if (status != SUGU_OK)
        return status;
    status = sugu_side_run(&side, SUGU_SIDE_CHANNEL_FD, page, reterr);
    sugu_pin_page_free(page);
    return status;
}

static enum sugu_status
run_front(const struct settings *settings, char **argv, struct sugu_error *reterr)
{
    const struct sugu_front_settings front = {
        .listen = settings->listen,
        .has_device = settings->device[0] != '\0',
        .argv = argv,
        .watchdog_us = settings->watchdog_ms * SUGU_MS,
    };
    struct sugu_trust *trust = NULL;
    int stop_file = sugu_process_stop_fd();
    void *context;
    enum sugu_status status;

    /* The card side loads the roots; that they can be loaded is known before anything starts. */
    if (front.has_device) {
        status = sugu_trust_load(settings->roots, &trust, reterr);
        if (status != SUGU_OK)
            return status;
        sugu_trust_free(trust);
    }
    context = zmq_ctx_new();
    if (!context)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no ZeroMQ context");
    status = sugu_front_run(&front, context, sugu_clock_system(), stop_file, reterr);
    zmq_ctx_term(context);
    return status;
}

int
main(int argc, char **argv)
{
    struct settings settings;
    struct sugu_error error;
    enum sugu_status status;

    sugu_process_start(NAME);
    sugu_program_start(&program, argc, argv, &settings);
    if (sugu_side_is_here())
        status = run_side(&settings, &error);
    else {
        status =
            sugu_settings_need(&program, &settings, (const char *const[]){"listen", NULL}, &error);
        if (status == SUGU_OK)
            status = run_front(&settings, argv, &error);
    }
    if (status != SUGU_OK)
        sugu_process_die(NAME, &error);
    return SUGU_EXIT_OK;
}
