/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - the program sugu-kiosk: settings, window and session together
 */
#include "flow.h"
#include "languages.h"
#include "session.h"
#include "window.h"

#include "base/log.h"
#include "base/process.h"
#include "client/keys.h"
#include "window/window-program.h"

#include <zmq.h>

#include <string.h>
#include <unistd.h>

#define PROGRAM "sugu-kiosk"

struct kiosk_settings {
    struct sugu_connection_settings connection;
    char reader[256], printer[256], payment[256];
    char facility_name[121], kiosk_name[41], phone_page[201];
    char language[16], locale_folder[512];
    int64_t px_per_mm_x100, idle_seconds, warning_seconds;
    int64_t width, height;
    bool fullscreen, shuffled_keys, measure;
};

static const struct sugu_setting rows[] = {
    SUGU_CONNECTION_ROWS(struct kiosk_settings, connection),
    SUGU_SETTING_TEXT_ROW(struct kiosk_settings,
                          reader,
                          "reader",
                          0,
                          "",
                          "Card reader program, ipc://PATH; empty = no reader."),
    SUGU_SETTING_TEXT_ROW(struct kiosk_settings,
                          printer,
                          "printer",
                          0,
                          "",
                          "Printer program, ipc://PATH; empty = no printer."),
    SUGU_SETTING_TEXT_ROW(struct kiosk_settings,
                          payment,
                          "payment",
                          0,
                          "",
                          "Payment program, ipc://PATH; empty = no payment here."),
    SUGU_SETTING_TEXT_ROW(struct kiosk_settings,
                          facility_name,
                          "facility-name",
                          0,
                          "",
                          "Name of the hospital, shown on every page."),
    SUGU_SETTING_TEXT_ROW(struct kiosk_settings,
                          kiosk_name,
                          "kiosk-name",
                          0,
                          "",
                          "This kiosk's name, printed on slips over money that it owes."),
    SUGU_SETTING_TEXT_ROW(
        struct kiosk_settings,
        phone_page,
        "phone-page",
        0,
        "",
        "Web address for the ticket's QR code; empty = the code holds the token."),
    SUGU_SETTING_TEXT_ROW(struct kiosk_settings,
                          language,
                          "language",
                          1,
                          "ja",
                          "Language of the first page: ja, ja@easy, en or zh_CN."),
    SUGU_SETTING_TEXT_ROW(struct kiosk_settings,
                          locale_folder,
                          "locale-folder",
                          0,
                          "",
                          "Folder with the translations; empty = where they are installed."),
    SUGU_SETTING_INT_ROW(struct kiosk_settings,
                         px_per_mm_x100,
                         "px-per-mm-x100",
                         200,
                         1200,
                         "",
                         "403",
                         "Pixels of 100 mm of the screen; 403 is 21.5 inches with 1080 x 1920."),
    SUGU_SETTING_INT_ROW(struct kiosk_settings,
                         idle_seconds,
                         "idle-seconds",
                         10,
                         600,
                         "s",
                         "45",
                         "Pause without a touch before the page asks whether anybody is there."),
    SUGU_SETTING_INT_ROW(struct kiosk_settings,
                         warning_seconds,
                         "warning-seconds",
                         20,
                         300,
                         "s",
                         "25",
                         "Countdown after which an abandoned page is cleared."),
    SUGU_SETTING_INT_ROW(struct kiosk_settings,
                         width,
                         "width",
                         640,
                         7680,
                         "px",
                         "1080",
                         "Width of the window where it is not full screen."),
    SUGU_SETTING_INT_ROW(struct kiosk_settings,
                         height,
                         "height",
                         640,
                         7680,
                         "px",
                         "1920",
                         "Height of the window where it is not full screen."),
    SUGU_SETTING_BOOL_ROW(
        struct kiosk_settings, fullscreen, "fullscreen", "no", "Fills the screen."),
    SUGU_SETTING_BOOL_ROW(struct kiosk_settings,
                          shuffled_keys,
                          "shuffled-keys",
                          "no",
                          "Puts the keys of the PIN in random order, against onlookers."),
    SUGU_SETTING_BOOL_ROW(struct kiosk_settings,
                          measure,
                          "measure",
                          "no",
                          "Prints first-frame-ms and page-change-ms to standard output."),
};

static const struct sugu_program program = {
    .name = PROGRAM,
    .summary = "the patient's screens of a kiosk",
    .settings = rows,
    .settings_count = SUGU_ARRAY_SIZE(rows),
    .arguments = "",
};

struct kiosk {
    struct kiosk_settings settings;
    int64_t started_us; /* monotonic, for measuring */
    int64_t changed_us;
    bool is_first_frame_over;
    void *zmq_context;
    struct kiosk_secret *secret;
    struct kiosk_style style;
    KioskModel *model;
    struct kiosk_session *session;
    KioskWindow *window;
    GMainLoop *loop;
    bool is_to_restart;
};

static int64_t
now_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

/* ---------------------------------------------------------------- measuring */

static void
on_shown(KioskWindow *window, const char *page, struct kiosk *kiosk)
{
    int64_t now = now_us();

    (void)window;
    if (!kiosk->is_first_frame_over) {
        kiosk->is_first_frame_over = true;
        sugu_log(SUGU_LOG_INFO, "kiosk.shown", "ms=%lld",
                 (long long)((now - kiosk->started_us) / SUGU_MS));
        if (kiosk->settings.measure)
            printf("first-frame-ms=%.1f\n", (double)(now - kiosk->started_us) / 1000.0);
    } else if (kiosk->settings.measure && kiosk->changed_us)
        printf("page-change-ms=%.1f page=%s\n", (double)(now - kiosk->changed_us) / 1000.0, page);
    kiosk->changed_us = 0;
    if (kiosk->settings.measure)
        fflush(stdout);
}

static void
on_page_changed(KioskModel *model, struct kiosk *kiosk)
{
    (void)model;
    kiosk->changed_us = now_us();
}

/* ---------------------------------------------------------------- putting together */

static void
on_touched(KioskWindow *window, struct kiosk *kiosk)
{
    (void)window;
    kiosk_session_touched(kiosk->session);
}

static void
on_scanned(KioskWindow *window, const struct sugu_id *token, struct kiosk *kiosk)
{
    (void)window;
    kiosk_session_scanned(kiosk->session, token);
}

/* The staff want it; nobody stands there. */
static void
on_restart(void *user)
{
    struct kiosk *kiosk = user;

    kiosk->is_to_restart = true;
    g_main_loop_quit(kiosk->loop);
}

/* The size that the window will have, so that the first frame is right at once. */
static void
expect_size(const struct kiosk *kiosk, int *ret_width, int *ret_height)
{
    GListModel *monitors = gdk_display_get_monitors(gdk_display_get_default());
    GdkMonitor *monitor = g_list_model_get_item(monitors, 0);
    GdkRectangle area = {.width = (int)kiosk->settings.width,
                         .height = (int)kiosk->settings.height};

    if (monitor && kiosk->settings.fullscreen)
        gdk_monitor_get_geometry(monitor, &area);
    g_clear_object(&monitor);
    *ret_width = area.width;
    *ret_height = area.height;
}

static void
open_window(struct kiosk *kiosk)
{
    int width, height;

    expect_size(kiosk, &width, &height);
    kiosk->window = kiosk_window_new(kiosk->model, &kiosk->style,
                                     kiosk_session_actions(kiosk->session), width, height);
    g_signal_connect(kiosk->window, "touched", G_CALLBACK(on_touched), kiosk);
    g_signal_connect(kiosk->window, "scanned", G_CALLBACK(on_scanned), kiosk);
    g_signal_connect(kiosk->window, "shown", G_CALLBACK(on_shown), kiosk);
    g_signal_connect(kiosk->model, "page-changed", G_CALLBACK(on_page_changed), kiosk);
    if (kiosk->settings.fullscreen) {
        gtk_window_fullscreen(GTK_WINDOW(kiosk->window));
        /* A finger needs no pointer. */
        gtk_widget_set_cursor_from_name(GTK_WIDGET(kiosk->window), "none");
    }
    gtk_window_present(GTK_WINDOW(kiosk->window));
}

static enum sugu_status
start_session(struct kiosk *kiosk, struct sugu_error *reterr)
{
    const struct kiosk_settings *settings = &kiosk->settings;
    struct kiosk_session_settings session = {
        .reader = settings->reader,
        .printer = settings->printer,
        .payment = settings->payment,
        .language = settings->language,
        .facility_name = settings->facility_name,
        .kiosk_name = settings->kiosk_name,
        .phone_page = settings->phone_page,
        .idle_s = settings->idle_seconds,
        .warning_s = settings->warning_seconds,
    };
    struct kiosk_session_parts parts = {
        .zmq_context = kiosk->zmq_context,
        .model = kiosk->model,
        .secret = kiosk->secret,
        .clock = sugu_clock_system(),
        .random = sugu_random_system(),
        .on_restart = on_restart,
        .restart_user = kiosk,
    };
    enum sugu_status status;

    status = sugu_connection_prepare(&settings->connection, &session.server, reterr);
    if (status == SUGU_OK)
        status = sugu_store_folder(settings->connection.state_folder, &parts.store, reterr);
    if (status == SUGU_OK)
        status = kiosk_session_new(&session, &parts, &kiosk->session, reterr);
    explicit_bzero(&session.server, sizeof session.server);
    return status;
}

/* What the table of settings cannot check by itself. */
static void
check_settings(const struct kiosk_settings *settings)
{
    static const char *const needed[] = {"server", "state-folder", NULL};
    struct sugu_error error;

    if (sugu_settings_need(&program, settings, needed, &error) != SUGU_OK)
        sugu_process_die(PROGRAM, &error);
    if (strcmp(kiosk_language_find(settings->language)->code, settings->language) == 0)
        return;
    sugu_fail(&error, SUGU_REFUSED, "settings.invalid",
              "language: %s is not ja, ja@easy, en, zh_CN", settings->language);
    sugu_process_die(PROGRAM, &error);
}

static void
stop(struct kiosk *kiosk)
{
    g_signal_handlers_disconnect_by_data(kiosk->model, kiosk);
    gtk_window_destroy(GTK_WINDOW(kiosk->window));
    kiosk->session = kiosk_session_free(kiosk->session);
    kiosk_style_done(&kiosk->style, gdk_display_get_default());
    g_object_unref(kiosk->model);
    kiosk_secret_free(kiosk->secret);
    g_main_loop_unref(kiosk->loop);
    zmq_ctx_term(kiosk->zmq_context);
}

int
main(int argc, char **argv)
{
    struct kiosk kiosk = {.started_us = now_us()};
    struct sugu_error error;
    int stop_fd;

    sugu_process_start(PROGRAM);
    sugu_program_start(&program, argc, argv, &kiosk.settings);
    check_settings(&kiosk.settings);
    if (kiosk_secret_new(&kiosk.secret, &error) != SUGU_OK)
        sugu_process_die(PROGRAM, &error);
    stop_fd = sugu_process_stop_fd();
    kiosk_languages_start(kiosk.settings.locale_folder);
    kiosk_language_use(kiosk.settings.language);
    sugu_window_start(PROGRAM);
    kiosk_flow_start();
    kiosk.zmq_context = zmq_ctx_new();
    kiosk.model = kiosk_model_new(kiosk.secret);
    kiosk_model_set_shuffle(kiosk.model,
                            kiosk.settings.shuffled_keys ? sugu_random_system() : NULL);
    kiosk_style_init(&kiosk.style, gdk_display_get_default(), kiosk.settings.px_per_mm_x100);
    if (start_session(&kiosk, &error) != SUGU_OK)
        sugu_process_die(PROGRAM, &error);
    open_window(&kiosk);
    kiosk.loop = sugu_window_loop_new(GTK_WINDOW(kiosk.window), stop_fd);
    g_main_loop_run(kiosk.loop);
    stop(&kiosk);
    return kiosk.is_to_restart ? SUGU_EXIT_RESTART : SUGU_EXIT_OK;
}
