/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen - a display without a monitor, and a hand that presses what assistive technology can press
 */
#include "testlib/screen.h"

#include "base/clock.h"
#include "base/text.h"
#include "testlib/checks.h"

#include <X11/Xlib.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#include <atspi/atspi.h>
#include <cairo-xlib.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOK_MS          20 /* between two looks, at first */
#define LOOK_MS_MAX      80
#define SETTLE_MS        80
#define SETTLE_LOOKS_MAX 25
#define DEPTH_MAX        40

static int64_t
now_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

/* Before the next look. Each keeps the program and the bus busy for as long as 20 ms, so what takes
 * long is looked at less and less often. */
static void
pause_longer(int *pause_ms)
{
    poll(NULL, 0, *pause_ms);
    *pause_ms = *pause_ms * 2 < LOOK_MS_MAX ? *pause_ms * 2 : LOOK_MS_MAX;
}

static void
start_display(struct sugu_screen *screen, int width, int height)
{
    static unsigned started;
    char log[300], own[16], number[16], geometry[32], text[32] = "";
    int pipes[2];
    const char *argv[] = {"/usr/bin/Xvfb", own,        "-displayfd", number, "-screen", "0",
                          geometry,        "-noreset", "-nolisten",  "tcp",  NULL};
    ssize_t got;

    /*
     * A number that no other test has: two that look for a free one in two network namespaces may
     * find the same, and a window is then shown by the wrong display, until that one ends. Xvfb
     * writes it to the descriptor as soon as it listens.
     */
    snprintf(own, sizeof own, ":%u", 200 + ((unsigned)getpid() * 4 + started++) % 50000);
    ck_assert_int_eq(pipe(pipes), 0);
    snprintf(number, sizeof number, "%d", pipes[1]);
    snprintf(geometry, sizeof geometry, "%dx%dx24", width, height);
    snprintf(log, sizeof log, "%s/xvfb.log", screen->folder);
    sugu_process_spawn(&screen->xvfb, log, argv, NULL);
    close(pipes[1]);
    got = read(pipes[0], text, sizeof text - 1);
    close(pipes[0]);
    ck_assert_msg(got > 0, "Xvfb does not start; see %s", log);
    snprintf(screen->display, sizeof screen->display, ":%.*s", (int)strcspn(text, "\n"), text);
}

static void
start_bus(struct sugu_screen *screen)
{
    /* What the bus starts puts its sockets there, and not where another test's do. */
    const char *const environment[] = {screen->environment[2],
                                       screen->display[0] ? screen->environment[0] : NULL, NULL};
    char log[300], address[280], line[300];
    const char *argv[] = {"/usr/bin/dbus-daemon",
                          "--session",
                          "--nofork",
                          "--print-address",
                          "--address",
                          address,
                          NULL};

    snprintf(log, sizeof log, "%s/dbus.log", screen->folder);
    snprintf(address, sizeof address, "unix:path=%s/bus", screen->folder);
    sugu_process_spawn(&screen->dbus, log, argv, environment);
    sugu_process_expect(&screen->dbus, "unix:path=", NULL, line, sizeof line, 10);
    snprintf(screen->bus, sizeof screen->bus, "%.*s", (int)strcspn(line, "\n"), line);
}

void
sugu_screen_init_bare(struct sugu_screen *screen, const char *folder, int width, int height)
{
    memset(screen, 0, sizeof *screen);
    snprintf(screen->folder, sizeof screen->folder, "%s", folder);
    start_display(screen, width, height);
    snprintf(screen->environment[0], 320, "DISPLAY=%s", screen->display);
    screen->words[0] = screen->environment[0];
}

void
sugu_screen_init(struct sugu_screen *screen, const char *folder, int width, int height)
{
    sugu_screen_init_bare(screen, folder, width, height);
    snprintf(screen->environment[2], 320, "XDG_RUNTIME_DIR=%s", screen->folder);
    start_bus(screen);
    snprintf(screen->environment[1], 320, "DBUS_SESSION_BUS_ADDRESS=%s", screen->bus);
    screen->words[1] = screen->environment[1];
    screen->words[2] = screen->environment[2];
    screen->words[3] = "GDK_BACKEND=x11";
    screen->words[4] = "NO_AT_BRIDGE=0";
    setenv("DISPLAY", screen->display, 1);
    setenv("DBUS_SESSION_BUS_ADDRESS", screen->bus, 1);
    setenv("XDG_RUNTIME_DIR", screen->folder, 1);
    ck_assert_int_eq(atspi_init(), 0);
    screen->has_hand = true;
}

void
sugu_screen_init_own(struct sugu_screen *screen, const char *folder)
{
    memset(screen, 0, sizeof *screen);
    snprintf(screen->folder, sizeof screen->folder, "%s", folder);
    snprintf(screen->environment[2], 320, "XDG_RUNTIME_DIR=%s", screen->folder);
    start_bus(screen);
    snprintf(screen->environment[1], 320, "DBUS_SESSION_BUS_ADDRESS=%s", screen->bus);
    screen->words[0] = screen->environment[1];
}

void
sugu_screen_done(struct sugu_screen *screen)
{
    if (screen->has_hand)
        atspi_exit();
    sugu_process_end(&screen->xvfb, SIGTERM);
    sugu_process_end(&screen->dbus, SIGTERM);
}

const char *const *
sugu_screen_environment(struct sugu_screen *screen)
{
    return screen->words;
}

/* ---- the tree */

static AtspiAccessible *
find_program(const char *program)
{
    AtspiAccessible *desktop = atspi_get_desktop(0), *found = NULL;
    int count = desktop ? atspi_accessible_get_child_count(desktop, NULL) : 0;

    for (int i = 0; i < count && !found; i++) {
        AtspiAccessible *child = atspi_accessible_get_child_at_index(desktop, i, NULL);
        char *name = child ? atspi_accessible_get_name(child, NULL) : NULL;
        if (name && strcmp(name, program) == 0)
            found = g_object_ref(child);
        g_free(name);
        g_clear_object(&child);
    }
    g_clear_object(&desktop);
    return found;
}

void
sugu_screen_page(struct sugu_screen *screen, const char *program, char *page, size_t size)
{
    AtspiAccessible *application = find_program(program);
    AtspiAccessible *window =
        application ? atspi_accessible_get_child_at_index(application, 0, NULL) : NULL;
    char *name = window ? atspi_accessible_get_name(window, NULL) : NULL;

    (void)screen;
    sugu_text_copy(page, size, name);
    g_free(name);
    g_clear_object(&window);
    g_clear_object(&application);
}

bool
sugu_screen_await_page(struct sugu_screen *screen,
                       const char *program,
                       const char *page,
                       int wait_s)
{
    int64_t until = now_us() + wait_s * SUGU_SECOND;
    int pause_ms = LOOK_MS;
    char shown[128];

    for (;;) {
        sugu_screen_page(screen, program, shown, sizeof shown);
        if (strcmp(shown, page) == 0)
            return true;
        if (now_us() > until)
            return false;
        pause_longer(&pause_ms);
    }
}

double
sugu_screen_expect(struct sugu_screen *screen, const char *program, const char *page, int wait_s)
{
    int64_t from = now_us();
    char shown[128];

    if (!sugu_screen_await_page(screen, program, page, wait_s)) {
        sugu_screen_page(screen, program, shown, sizeof shown);
        ck_abort_msg("the screen shows \"%s\", expected \"%s\"", shown, page);
    }
    return (double)(now_us() - from) / 1000.0;
}

static bool
has_state(AtspiAccessible *node, AtspiStateType state)
{
    AtspiStateSet *states = atspi_accessible_get_state_set(node);
    bool has = states && atspi_state_set_contains(states, state);

    g_clear_object(&states);
    return has;
}

static bool
is_pressable(AtspiAccessible *node)
{
    AtspiRole role = atspi_accessible_get_role(node, NULL);

    return role == ATSPI_ROLE_PUSH_BUTTON || role == ATSPI_ROLE_TOGGLE_BUTTON ||
           role == ATSPI_ROLE_RADIO_BUTTON;
}

/* Depth first: the first name that `is_it` likes, copied. */
static bool
find_text(
    AtspiAccessible *node, bool (*is_it)(const char *text), char *text, size_t size, int depth)
{
    char *name = atspi_accessible_get_name(node, NULL);
    bool is_found = name && is_it(name);
    int count = 0;

    if (is_found)
        sugu_text_copy(text, size, name);
    else if (depth < DEPTH_MAX)
        count = atspi_accessible_get_child_count(node, NULL);
    g_free(name);
    for (int i = 0; i < count && !is_found; i++) {
        AtspiAccessible *child = atspi_accessible_get_child_at_index(node, i, NULL);
        is_found = child && find_text(child, is_it, text, size, depth + 1);
        g_clear_object(&child);
    }
    return is_found;
}

bool
sugu_screen_find(struct sugu_screen *screen,
                 const char *program,
                 bool (*is_it)(const char *text),
                 char *text,
                 size_t size)
{
    AtspiAccessible *application = find_program(program);
    bool is_found = application && find_text(application, is_it, text, size, 0);

    (void)screen;
    g_clear_object(&application);
    return is_found;
}

/* Depth first; `is_button` looks for something that can be pressed. */
static AtspiAccessible *
find_node(AtspiAccessible *node, const char *text, bool is_button, int depth)
{
    char *name = atspi_accessible_get_name(node, NULL);
    bool matches = name && (is_button ? strncmp(name, text, strlen(text)) == 0 && is_pressable(node)
                                      : strstr(name, text) != NULL);
    AtspiAccessible *found = NULL;
    int count;

    g_free(name);
    if (matches)
        return g_object_ref(node);
    count = depth < DEPTH_MAX ? atspi_accessible_get_child_count(node, NULL) : 0;
    for (int i = 0; i < count && !found; i++) {
        AtspiAccessible *child = atspi_accessible_get_child_at_index(node, i, NULL);
        if (child)
            found = find_node(child, text, is_button, depth + 1);
        g_clear_object(&child);
    }
    return found;
}

bool
sugu_screen_shows(struct sugu_screen *screen, const char *program, const char *text)
{
    AtspiAccessible *application = find_program(program);
    AtspiAccessible *node = application ? find_node(application, text, false, 0) : NULL;
    bool is_there = node != NULL;

    (void)screen;
    g_clear_object(&node);
    g_clear_object(&application);
    return is_there;
}

bool
sugu_screen_await_text(
    struct sugu_screen *screen, const char *program, const char *text, bool is_there, int wait_s)
{
    int64_t until = now_us() + wait_s * SUGU_SECOND;
    int pause_ms = LOOK_MS;

    while (sugu_screen_shows(screen, program, text) != is_there) {
        if (now_us() > until)
            return false;
        pause_longer(&pause_ms);
    }
    return true;
}

bool
sugu_screen_try(struct sugu_screen *screen, const char *program, const char *button)
{
    AtspiAccessible *application = find_program(program);
    AtspiAccessible *node = application ? find_node(application, button, true, 0) : NULL;
    bool is_done = false;

    (void)screen;
    if (node && has_state(node, ATSPI_STATE_SENSITIVE)) {
        AtspiAction *action = atspi_accessible_get_action_iface(node);
        is_done = action && atspi_action_do_action(action, 0, NULL);
        g_clear_object(&action);
    }
    g_clear_object(&node);
    g_clear_object(&application);
    return is_done;
}

void
sugu_screen_press(struct sugu_screen *screen, const char *program, const char *button)
{
    int64_t until = now_us() + 10 * SUGU_SECOND;
    int pause_ms = LOOK_MS;

    while (!sugu_screen_try(screen, program, button)) {
        ck_assert_msg(now_us() < until, "no button \"%s\" that can be pressed", button);
        pause_longer(&pause_ms);
    }
}

void
sugu_screen_press_until(struct sugu_screen *screen,
                        const char *program,
                        const char *button,
                        const char *page,
                        int wait_s)
{
    int64_t until = now_us() + wait_s * SUGU_SECOND;
    char before[128], shown[128];

    sugu_screen_page(screen, program, before, sizeof before);
    do {
        int64_t again = now_us() + SUGU_SECOND;
        int pause_ms = LOOK_MS;
        sugu_screen_press(screen, program, button);
        for (;;) {
            sugu_screen_page(screen, program, shown, sizeof shown);
            if (strcmp(shown, before) != 0 || now_us() >= again)
                break;
            pause_longer(&pause_ms);
        }
    } while (strcmp(shown, before) == 0 && now_us() < until);
    sugu_screen_expect(screen, program, page, wait_s);
}

/* ---- the display */

/* The display's pixels; free with cairo_surface_destroy. */
static cairo_surface_t *
take_picture(Display *display)
{
    XWindowAttributes root;
    cairo_surface_t *from, *to;
    cairo_t *cairo;

    XGetWindowAttributes(display, DefaultRootWindow(display), &root);
    from = cairo_xlib_surface_create(display, DefaultRootWindow(display), root.visual, root.width,
                                     root.height);
    to = cairo_image_surface_create(CAIRO_FORMAT_RGB24, root.width, root.height);
    cairo = cairo_create(to);
    cairo_set_source_surface(cairo, from, 0, 0);
    cairo_paint(cairo);
    cairo_destroy(cairo);
    cairo_surface_destroy(from);
    cairo_surface_flush(to);
    return to;
}

static bool
is_same_picture(cairo_surface_t *a, cairo_surface_t *b)
{
    size_t size =
        (size_t)cairo_image_surface_get_stride(a) * (size_t)cairo_image_surface_get_height(a);

    return memcmp(cairo_image_surface_get_data(a), cairo_image_surface_get_data(b), size) == 0;
}

/* A title changes before its page is drawn: the picture is taken when two in a row are the same. */
void
sugu_screen_save(struct sugu_screen *screen, const char *path)
{
    Display *display = XOpenDisplay(screen->display);
    cairo_surface_t *before, *picture;
    int looks = 0;

    if (!display) {
        fprintf(stderr, "no display for %s\n", path);
        return;
    }
    picture = take_picture(display);
    for (bool is_settled = false; !is_settled && looks < SETTLE_LOOKS_MAX; looks++) {
        before = picture;
        poll(NULL, 0, SETTLE_MS);
        picture = take_picture(display);
        is_settled = is_same_picture(before, picture);
        cairo_surface_destroy(before);
    }
    if (cairo_surface_write_to_png(picture, path) != CAIRO_STATUS_SUCCESS)
        fprintf(stderr, "cannot write %s\n", path);
    cairo_surface_destroy(picture);
    XCloseDisplay(display);
}

static void
type_key(Display *display, KeySym symbol, bool is_shifted)
{
    KeyCode code = XKeysymToKeycode(display, symbol);
    KeyCode shift = XKeysymToKeycode(display, XK_Shift_L);

    if (is_shifted)
        XTestFakeKeyEvent(display, shift, True, 0);
    XTestFakeKeyEvent(display, code, True, 0);
    XTestFakeKeyEvent(display, code, False, 0);
    if (is_shifted)
        XTestFakeKeyEvent(display, shift, False, 0);
    XFlush(display);
}

void
sugu_screen_type(struct sugu_screen *screen, const char *text)
{
    Display *display = XOpenDisplay(screen->display);

    ck_assert_ptr_nonnull(display);
    for (; *text; text++) {
        bool is_upper = *text >= 'A' && *text <= 'Z';
        if (*text == ':')
            type_key(display, XK_semicolon, /* is_shifted= */ true);
        else if (*text == '\n')
            type_key(display, XK_Return, /* is_shifted= */ false);
        else if (*text == '/')
            type_key(display, XK_slash, /* is_shifted= */ false);
        else if (*text == '-')
            type_key(display, XK_minus, /* is_shifted= */ false);
        else if (*text == '.')
            type_key(display, XK_period, /* is_shifted= */ false);
        else
            type_key(display, (KeySym)(unsigned char)(is_upper ? *text + 32 : *text), is_upper);
    }
    XSync(display, False);
    XCloseDisplay(display);
}

void
sugu_screen_key(struct sugu_screen *screen, const char *name)
{
    Display *display = XOpenDisplay(screen->display);
    KeySym symbol = XStringToKeysym(name);

    ck_assert_ptr_nonnull(display);
    ck_assert_msg(symbol != NoSymbol, "no key %s", name);
    type_key(display, symbol, /* is_shifted= */ false);
    XSync(display, False);
    XCloseDisplay(display);
}

void
sugu_screen_scan(struct sugu_screen *screen, const char *code)
{
    sugu_screen_type(screen, code);
    sugu_screen_type(screen, "\n");
}
