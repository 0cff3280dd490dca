/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - the program sugu-desk: settings, window and session together
 */
#include "language.h"
#include "session.h"
#include "window.h"

#include "base/log.h"
#include "base/process.h"
#include "client/keys.h"
#include "window/window-program.h"

#include <zmq.h>

#include <string.h>

#define PROGRAM "sugu-desk"

struct desk_settings {
    struct sugu_connection_settings connection;
    char desk[17], reader[256], facility_name[121], time_zone[65];
    char language[16], locale_folder[512];
    int64_t long_wait_min, late_wait_min, text_percent, width, height;
    bool maximized;
};

static const struct sugu_setting rows[] = {
    SUGU_CONNECTION_ROWS(struct desk_settings, connection),
    SUGU_SETTING_TEXT_ROW(struct desk_settings,
                          desk,
                          "desk",
                          0,
                          "",
                          "Desk that is called to; empty = chosen in the window."),
    SUGU_SETTING_TEXT_ROW(struct desk_settings,
                          reader,
                          "reader",
                          0,
                          "",
                          "Card reader program for staff cards, ipc://PATH; empty = none."),
    SUGU_SETTING_TEXT_ROW(struct desk_settings,
                          facility_name,
                          "facility-name",
                          0,
                          "",
                          "Name of the hospital, shown in the window's title."),
    SUGU_SETTING_TEXT_ROW(struct desk_settings,
                          time_zone,
                          "time-zone",
                          1,
                          "Asia/Tokyo",
                          "Time zone in which times are shown."),
    SUGU_SETTING_TEXT_ROW(
        struct desk_settings, language, "language", 1, "ja", "Language of the window: ja or en."),
    SUGU_SETTING_TEXT_ROW(struct desk_settings,
                          locale_folder,
                          "locale-folder",
                          0,
                          "",
                          "Folder with the translations; empty = where they are installed."),
    SUGU_SETTING_INT_ROW(struct desk_settings,
                         long_wait_min,
                         "long-wait-minutes",
                         1,
                         1440,
                         "min",
                         "30",
                         "From here on a waiting time is marked as long."),
    SUGU_SETTING_INT_ROW(struct desk_settings,
                         late_wait_min,
                         "late-wait-minutes",
                         1,
                         1440,
                         "min",
                         "60",
                         "From here on a waiting time is marked as too long."),
    SUGU_SETTING_INT_ROW(struct desk_settings,
                         text_percent,
                         "text-percent",
                         DESK_TEXT_PERCENT_MIN,
                         DESK_TEXT_PERCENT_MAX,
                         "%",
                         "100",
                         "Size of all text and of what stands around it."),
    SUGU_SETTING_INT_ROW(struct desk_settings,
                         width,
                         "width",
                         800,
                         7680,
                         "px",
                         "1440",
                         "Width of the window where it is not maximized."),
    SUGU_SETTING_INT_ROW(struct desk_settings,
                         height,
                         "height",
                         600,
                         4320,
                         "px",
                         "900",
                         "Height of the window where it is not maximized."),
    SUGU_SETTING_BOOL_ROW(
        struct desk_settings, maximized, "maximized", "no", "Opens as large as the screen."),
};

static const struct sugu_program program = {
    .name = PROGRAM,
    .summary = "the front desk: queues, people who need help, kiosks",
    .settings = rows,
    .settings_count = SUGU_ARRAY_SIZE(rows),
    .arguments = "",
};

struct desk {
    struct desk_settings settings;
    void *zmq_context;
    DeskModel *model;
    struct desk_session *session;
    DeskWindow *window;
    GMainLoop *loop;
};

static void
on_sign_in(DeskWindow *window, const char *staff, const char *password, struct desk *desk)
{
    (void)window;
    desk_session_sign_in(desk->session, staff, password);
}

static enum sugu_status
start_session(struct desk *desk, struct sugu_error *reterr)
{
    const struct desk_settings *settings = &desk->settings;
    const struct desk_model_settings shown = {
        .facility_name = settings->facility_name,
        .time_zone = settings->time_zone,
        .desk = settings->desk,
        .long_wait_min = settings->long_wait_min,
        .late_wait_min = settings->late_wait_min,
    };
    struct desk_session_settings session = {.reader = settings->reader, .language = "ja"};
    struct desk_session_parts parts = {.zmq_context = desk->zmq_context,
                                       .clock = sugu_clock_system()};
    enum sugu_status status = desk_model_new(&shown, &desk->model, reterr);

    if (status != SUGU_OK)
        return status;
    parts.model = desk->model;
    status = sugu_connection_prepare(&settings->connection, &session.server, reterr);
    if (status == SUGU_OK)
        status = sugu_store_folder(settings->connection.state_folder, &parts.store, reterr);
    if (status == SUGU_OK)
        status = desk_session_new(&session, &parts, &desk->session, reterr);
    explicit_bzero(&session.server, sizeof session.server);
    return status;
}

static void
open_window(struct desk *desk)
{
    desk->window = desk_window_new(desk->model, desk_session_actions(desk->session));
    gtk_window_set_default_size(GTK_WINDOW(desk->window), (int)desk->settings.width,
                                (int)desk->settings.height);
    g_signal_connect(desk->window, "sign-in", G_CALLBACK(on_sign_in), desk);
    if (desk->settings.maximized)
        gtk_window_maximize(GTK_WINDOW(desk->window));
    gtk_window_present(GTK_WINDOW(desk->window));
}

/* What the table of settings cannot check by itself. */
static void
check_settings(const struct desk_settings *settings)
{
    static const char *const needed[] = {"server", "state-folder", NULL};
    struct sugu_error error;

    if (sugu_settings_need(&program, settings, needed, &error) != SUGU_OK)
        sugu_process_die(PROGRAM, &error);
    if (desk_language_is_known(settings->language))
        return;
    sugu_fail(&error, SUGU_REFUSED, "settings.invalid", "language: %s is not ja, en",
              settings->language);
    sugu_process_die(PROGRAM, &error);
}

static void
stop(struct desk *desk)
{
    desk->session = desk_session_free(desk->session);
    gtk_window_destroy(GTK_WINDOW(desk->window));
    g_object_unref(desk->model);
    g_main_loop_unref(desk->loop);
    zmq_ctx_term(desk->zmq_context);
}

int
main(int argc, char **argv)
{
    struct desk desk = {.loop = NULL};
    struct sugu_error error;
    int stop_fd;

    sugu_process_start(PROGRAM);
    sugu_program_start(&program, argc, argv, &desk.settings);
    check_settings(&desk.settings);
    stop_fd = sugu_process_stop_fd();
    desk_language_start(desk.settings.language, desk.settings.locale_folder);
    sugu_window_start(PROGRAM);
    desk_window_set_text_percent((int)desk.settings.text_percent);
    desk_window_start(gdk_display_get_default());
    desk.zmq_context = zmq_ctx_new();
    if (start_session(&desk, &error) != SUGU_OK)
        sugu_process_die(PROGRAM, &error);
    open_window(&desk);
    desk.loop = sugu_window_loop_new(GTK_WINDOW(desk.window), stop_fd);
    g_main_loop_run(desk.loop);
    stop(&desk);
    return SUGU_EXIT_OK;
}
