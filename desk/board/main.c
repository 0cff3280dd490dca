/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - the program sugu-board: settings, connection, voice and window together
 */
#include "feed.h"
#include "voice.h"
#include "window.h"

#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "client/keys.h"
#include "window/window-program.h"

#include <zmq.h>

#include <string.h>

#define PROGRAM         "sugu-board"
#define DEPARTMENTS_MAX 60

struct board_settings {
    struct sugu_connection_settings connection;
    char title[121], departments[1024];
    char sink[256], voice_folder[512], volume[256];
    int64_t distance_dm, screen_width_mm, screen_height_mm;
    int64_t now_minutes, missed_minutes, page_seconds, utc_offset_minutes;
    int64_t width, height;
    bool bills, speak_bills, fullscreen, measure;
};

static const struct sugu_setting rows[] = {
    SUGU_SETTING_TEXT_ROW(struct board_settings,
                          connection.server,
                          "server",
                          1,
                          "",
                          "Queue server, tcp://HOST:PORT."),
    SUGU_SETTING_TEXT_ROW(struct board_settings,
                          connection.server_key,
                          "server-key",
                          1,
                          "",
                          "File with the public key of the queue server."),
    SUGU_SETTING_TEXT_ROW(struct board_settings,
                          connection.key,
                          "key",
                          1,
                          "",
                          "File with this program's own key pair (sugu-admin key FILE)."),
    SUGU_SETTING_INT_ROW(struct board_settings,
                         connection.facility,
                         "facility",
                         1,
                         2147483647,
                         "",
                         "1",
                         "Number of the facility that the key belongs to."),
    SUGU_SETTING_TEXT_ROW(struct board_settings,
                          title,
                          "title",
                          0,
                          "",
                          "What stands at the top, for example the floor or the departments."),
    SUGU_SETTING_TEXT_ROW(struct board_settings,
                          departments,
                          "departments",
                          0,
                          "",
                          "Codes of the departments shown, with blanks between; empty = all."),
    SUGU_SETTING_INT_ROW(struct board_settings,
                         distance_dm,
                         "viewing-distance-dm",
                         10,
                         300,
                         "dm",
                         "50",
                         "Distance of the farthest seat; 50 is 5 metres. All letters follow it."),
    SUGU_SETTING_INT_ROW(struct board_settings,
                         screen_width_mm,
                         "screen-width-mm",
                         0,
                         5000,
                         "mm",
                         "0",
                         "Width of the picture; 0 = what the screen says of itself."),
    SUGU_SETTING_INT_ROW(struct board_settings,
                         screen_height_mm,
                         "screen-height-mm",
                         0,
                         5000,
                         "mm",
                         "0",
                         "Height of the picture; 0 = what the screen says of itself."),
    SUGU_SETTING_BOOL_ROW(
        struct board_settings, bills, "bills", "yes", "Shows the numbers whose bill is ready."),
    SUGU_SETTING_BOOL_ROW(
        struct board_settings, speak_bills, "speak-bills", "no", "Speaks them as well."),
    SUGU_SETTING_INT_ROW(struct board_settings,
                         now_minutes,
                         "now-minutes",
                         1,
                         120,
                         "min",
                         "5",
                         "How long an unanswered call stays among those called now."),
    SUGU_SETTING_INT_ROW(struct board_settings,
                         missed_minutes,
                         "missed-minutes",
                         10,
                         600,
                         "min",
                         "60",
                         "How long a missed number stays on the board."),
    SUGU_SETTING_INT_ROW(struct board_settings,
                         page_seconds,
                         "page-seconds",
                         4,
                         60,
                         "s",
                         "8",
                         "Time between two pages of a list that has no room on one."),
    SUGU_SETTING_TEXT_ROW(
        struct board_settings,
        sink,
        "sound",
        0,
        "autoaudiosink",
        "Where the sound goes, as gst-launch says it: alsasink device=hw:1; empty = no sound."),
    SUGU_SETTING_TEXT_ROW(struct board_settings,
                          voice_folder,
                          "voice-folder",
                          0,
                          "",
                          "Folder with the clips; empty = where they are installed."),
    SUGU_SETTING_TEXT_ROW(struct board_settings,
                          volume,
                          "volume",
                          1,
                          "70",
                          "Percent, or by time of day: 07:00=80 18:00=50 21:00=0."),
    SUGU_SETTING_INT_ROW(struct board_settings,
                         utc_offset_minutes,
                         "utc-offset-minutes",
                         -840,
                         840,
                         "min",
                         "540",
                         "Local time minus UTC; 540 is Japan."),
    SUGU_SETTING_INT_ROW(struct board_settings,
                         width,
                         "width",
                         320,
                         7680,
                         "px",
                         "1920",
                         "Width of the window where it is not full screen."),
    SUGU_SETTING_INT_ROW(struct board_settings,
                         height,
                         "height",
                         320,
                         7680,
                         "px",
                         "1080",
                         "Height of the window where it is not full screen."),
    SUGU_SETTING_BOOL_ROW(
        struct board_settings, fullscreen, "fullscreen", "no", "Fills the screen."),
    SUGU_SETTING_BOOL_ROW(struct board_settings,
                          measure,
                          "measure",
                          "no",
                          "Prints truth-ms and called-ms to standard output."),
};

static const struct sugu_program program = {
    .name = PROGRAM,
    .summary = "the call board of a waiting room",
    .settings = rows,
    .settings_count = SUGU_ARRAY_SIZE(rows),
    .arguments = "",
};

struct board {
    struct board_settings settings;
    const char *departments[DEPARTMENTS_MAX + 1];
    struct board_rules rules;
    struct board_volume volume;
    int64_t started_us;
    bool is_truth_shown, is_calling; /* for measuring */
    enum board_line line_shown;
    int64_t called_us;
    void *zmq_context;
    struct board_state state;
    struct board_feed *feed;
    struct board_voice *voice;
    BoardWindow *window;
    struct board_screen screen;
    struct board_layout layout;
    size_t laid_out_waits;
    struct board_view view;
    guint tick;
    GMainLoop *loop;
};

static int64_t
now_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

/* ---------------------------------------------------------------- settings */

/* Cuts the text at its blanks; false where there are too many words. The words stay in `text`. */
static bool
split_words(char *text, const char *words[DEPARTMENTS_MAX + 1])
{
    size_t count = 0;
    char *save = NULL;

    for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        if (count == DEPARTMENTS_MAX)
            return false;
        words[count++] = word;
    }
    words[count] = NULL;
    return true;
}

/* What the table of settings cannot check by itself. */
static enum sugu_status
use_settings(struct board *board, struct sugu_error *reterr)
{
    struct board_settings *settings = &board->settings;
    enum sugu_status status =
        sugu_settings_need(&program, settings, (const char *const[]){"server", NULL}, reterr);

    if (status != SUGU_OK)
        return status;
    if (!split_words(settings->departments, board->departments))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "departments: more than %d codes", DEPARTMENTS_MAX);
    board->rules = (struct board_rules){
        .now_us = settings->now_minutes * SUGU_MINUTE,
        .missed_us = settings->missed_minutes * SUGU_MINUTE,
        .page_us = settings->page_seconds * SUGU_SECOND,
        .utc_offset_minutes = (int32_t)settings->utc_offset_minutes,
        .has_bills = settings->bills,
    };
    if (!settings->voice_folder[0])
        sugu_text_copy(settings->voice_folder, sizeof settings->voice_folder, SUGU_VOICE_FOLDER);
    return board_volume_parse(settings->volume, &board->volume, reterr);
}

/* ---------------------------------------------------------------- showing */

static void
lay_out(struct board *board)
{
    struct board_sizes sizes = board_sizes_for(&board->screen);

    board->laid_out_waits = board->state.wait_count;
    board_layout_make(&sizes, &board->screen, board->state.wait_count, board->rules.has_bills,
                      &board->layout);
}

static void
refresh(struct board *board)
{
    const struct board_announcement *spoken = board_voice_spoken(board->voice);
    bool is_call = spoken && spoken->subject == BOARD_SAY_CALL;
    const struct sugu_clock *clock = sugu_clock_system();
    struct board_moment moment = {clock->monotonic_us(clock), clock->utc_us(clock), false};
    struct board_viewing viewing = {
        .state = &board->state,
        .rules = &board->rules,
        .layout = &board->layout,
        .hearing = board_feed_hearing(board->feed),
        .spoken_number = is_call ? spoken->number : NULL,
        .spoken_department = is_call ? spoken->department : NULL,
    };
    static struct board_view view; /* large; one window in a process */

    if (board->screen.width_px == 0)
        return;
    if (board->laid_out_waits != board->state.wait_count)
        lay_out(board);
    board_view_make(&viewing, &moment, &view);
    /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): a view is zeroed before filling */
    if (memcmp(&view, &board->view, sizeof view) == 0)
        return;
    board->view = view;
    board_window_show(board->window, &board->layout, &board->view);
}

static gboolean
on_tick(void *user)
{
    refresh(user);
    return G_SOURCE_CONTINUE;
}

static void
on_feed_change(void *user)
{
    struct board *board = user;

    board_voice_check(board->voice, &board->state);
    if (board->window)
        refresh(board);
}

static void
on_voice_change(void *user)
{
    struct board *board = user;

    board_feed_set_silent(board->feed, board_voice_is_silent(board->voice));
    if (board->window)
        refresh(board);
}

static void
on_call(void *user, const struct board_number *number)
{
    struct board *board = user;

    board->called_us = now_us();
    board->is_calling = true;
    sugu_log(SUGU_LOG_INFO, "call.shown", "number=%s desk=%s calls=%u", number->number,
             number->desk, number->calls);
    board_voice_call(board->voice, number);
}

static void
on_bill(void *user, const struct board_bill *bill)
{
    struct board *board = user;

    board_voice_bill(board->voice, bill);
}

/* ---------------------------------------------------------------- the window */

static void
say_sizes(const struct board *board)
{
    struct board_sizes sizes = board_sizes_for(&board->screen);
    double asked_m = (double)board->settings.distance_dm / 10;

    if (sizes.is_guessed)
        sugu_log(SUGU_LOG_WARNING, "board.size-unknown", "taken_mm=941");
    if (sizes.distance_m < asked_m - 0.05)
        sugu_log(SUGU_LOG_WARNING, "board.too-small", "legible_m=%.1f asked_m=%.1f",
                 sizes.distance_m, asked_m);
}

/* The picture's size in millimetres: the settings, else what the screen says, else not known. */
static void
on_resized(BoardWindow *window, int width, int height, struct board *board)
{
    const struct board_settings *settings = &board->settings;
    GdkSurface *surface = gtk_native_get_surface(GTK_NATIVE(window));
    GdkMonitor *monitor =
        surface ? gdk_display_get_monitor_at_surface(gdk_display_get_default(), surface) : NULL;
    GdkRectangle area = {0};
    struct board_screen screen = {.width_px = width,
                                  .height_px = height,
                                  .width_mm = (double)settings->screen_width_mm,
                                  .height_mm = (double)settings->screen_height_mm,
                                  .distance_m = (double)settings->distance_dm / 10};

    if (monitor) {
        gdk_monitor_get_geometry(monitor, &area);
        if (screen.width_mm <= 0 && area.width > 0)
            screen.width_mm = (double)gdk_monitor_get_width_mm(monitor) * width / area.width;
        if (screen.height_mm <= 0 && area.height > 0)
            screen.height_mm = (double)gdk_monitor_get_height_mm(monitor) * height / area.height;
    }
    board->screen = screen;
    lay_out(board);
    say_sizes(board);
    memset(&board->view, 0, sizeof board->view);
    refresh(board);
}

/* The line at the foot of the picture, which has just been painted. */
static void
say_line(struct board *board)
{
    static const char *const words[] = {
        [BOARD_FRESH] = "fresh", [BOARD_CONNECTING] = "connecting", [BOARD_STALE] = "stale"};

    if (board->line_shown == board->view.line)
        return;
    board->line_shown = board->view.line;
    sugu_log(SUGU_LOG_INFO, "line.shown", "line=%s since=%s", words[board->view.line],
             board->view.since);
}

static void
on_shown(BoardWindow *window, struct board *board)
{
    int64_t now = now_us();

    (void)window;
    say_line(board);
    if (board->view.line == BOARD_FRESH && !board->is_truth_shown) {
        board->is_truth_shown = true;
        board_voice_begin(board->voice);
        sugu_log(SUGU_LOG_INFO, "board.shown", "ms=%lld",
                 (long long)((now - board->started_us) / SUGU_MS));
        if (board->settings.measure)
            printf("truth-ms=%.1f\n", (double)(now - board->started_us) / 1000.0);
    }
    if (board->is_calling && board->settings.measure)
        printf("called-ms=%.1f\n", (double)(now - board->called_us) / 1000.0);
    board->is_calling = false;
    if (board->settings.measure)
        fflush(stdout);
}

static void
open_window(struct board *board)
{
    const struct board_settings *settings = &board->settings;

    board->window = board_window_new(settings->title, (int)settings->width, (int)settings->height);
    g_signal_connect(board->window, "resized", G_CALLBACK(on_resized), board);
    g_signal_connect(board->window, "shown", G_CALLBACK(on_shown), board);
    if (settings->fullscreen)
        gtk_window_fullscreen(GTK_WINDOW(board->window));
    gtk_widget_set_cursor_from_name(GTK_WIDGET(board->window), "none");
    gtk_window_present(GTK_WINDOW(board->window));
}

/* ---------------------------------------------------------------- the whole */

static enum sugu_status
start_feed(struct board *board, struct sugu_error *reterr)
{
    struct board_feed_settings settings = {.departments = board->departments};
    struct board_feed_means means = {
        .zmq_context = board->zmq_context,
        .clock = sugu_clock_system(),
        .random = sugu_random_system(),
        .state = &board->state,
        .on_change = on_feed_change,
        .user = board,
    };
    enum sugu_status status =
        sugu_connection_prepare(&board->settings.connection, &settings.server, reterr);

    if (status == SUGU_OK)
        status = board_feed_new(&settings, &means, &board->feed, reterr);
    explicit_bzero(&settings.server, sizeof settings.server);
    return status;
}

static void
start_voice(struct board *board)
{
    struct board_voice_settings settings = {
        .sink = board->settings.sink,
        .voice_folder = board->settings.voice_folder,
        .volume = &board->volume,
        .rules = &board->rules,
        .clock = sugu_clock_system(),
        .says_bills = board->settings.bills && board->settings.speak_bills,
        .on_change = on_voice_change,
        .user = board,
    };

    board->voice = board_voice_new(&settings);
}

static void
stop(struct board *board)
{
    g_source_remove(board->tick);
    g_signal_handlers_disconnect_by_data(board->window, board);
    gtk_window_destroy(GTK_WINDOW(board->window));
    board->voice = board_voice_free(board->voice);
    board->feed = board_feed_free(board->feed);
    g_main_loop_unref(board->loop);
    zmq_ctx_term(board->zmq_context);
}

int
main(int argc, char **argv)
{
    static struct board board; /* large */
    struct board_callbacks callbacks = {.on_call = on_call, .on_bill = on_bill, .user = &board};
    struct sugu_error error;
    int stop_fd;

    board.started_us = now_us();
    sugu_process_start(PROGRAM);
    sugu_program_start(&program, argc, argv, &board.settings);
    if (use_settings(&board, &error) != SUGU_OK)
        sugu_process_die(PROGRAM, &error);
    stop_fd = sugu_process_stop_fd();
    board.zmq_context = zmq_ctx_new();
    board_state_init(&board.state, board.departments, &callbacks);
    start_voice(&board);
    if (start_feed(&board, &error) != SUGU_OK)
        sugu_process_die(PROGRAM, &error);
    sugu_window_start(PROGRAM);
    open_window(&board);
    board.loop = sugu_window_loop_new(GTK_WINDOW(board.window), stop_fd);
    board.tick = g_timeout_add_seconds(1, on_tick, &board);
    g_main_loop_run(board.loop);
    stop(&board);
    return SUGU_EXIT_OK;
}
