/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-kiosk-accessible - the real program, walked through by accessible names alone
 *
 * As an assistive program would: over AT-SPI, with the window's title as the page. No peer is
 * there, so the walk also shows that the kiosk lives without server and devices.
 */
#include "testlib/checks.h"

#include <atspi/atspi.h>
#include <glib/gstdio.h>

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_US  (60 * G_USEC_PER_SEC)
#define RETRY_US (1 * G_USEC_PER_SEC)

struct world {
    char folder[64];
    GPid pid;
    AtspiAccessible *window;
};

static gboolean
on_tick(void *user)
{
    *(bool *)user = true;
    return G_SOURCE_REMOVE;
}

/* One turn of the loop; AT-SPI has no event for "the tree grew", so it is looked at every 20 ms. */
static void
breathe(void)
{
    bool is_over = false;

    g_timeout_add(20, on_tick, &is_over);
    while (!is_over)
        g_main_context_iteration(NULL, TRUE);
}

static AtspiAccessible *
find_window(void)
{
    AtspiAccessible *desktop = atspi_get_desktop(0), *window = NULL;
    int count = atspi_accessible_get_child_count(desktop, NULL);

    for (int i = 0; i < count && !window; i++) {
        AtspiAccessible *program = atspi_accessible_get_child_at_index(desktop, i, NULL);
        char *name = program ? atspi_accessible_get_name(program, NULL) : NULL;
        if (g_strcmp0(name, "sugu-kiosk") == 0)
            window = atspi_accessible_get_child_at_index(program, 0, NULL);
        g_free(name);
        g_clear_object(&program);
    }
    g_object_unref(desktop);
    return window;
}

/* The first thing of this role and name; a new reference or NULL. */
static AtspiAccessible *
find(AtspiAccessible *from, AtspiRole role, const char *name)
{
    int count;
    AtspiAccessible *found = NULL;
    char *own;

    atspi_accessible_clear_cache(from);
    own = atspi_accessible_get_name(from, NULL);
    if (atspi_accessible_get_role(from, NULL) == role && g_strcmp0(own, name) == 0)
        found = g_object_ref(from);
    g_free(own);
    count = found ? 0 : atspi_accessible_get_child_count(from, NULL);
    for (int i = 0; i < count && !found; i++) {
        AtspiAccessible *child = atspi_accessible_get_child_at_index(from, i, NULL);
        if (child)
            found = find(child, role, name);
        g_clear_object(&child);
    }
    return found;
}

static bool
is_on(struct world *world, const char *page)
{
    char *title;
    bool is_it;

    breathe();
    atspi_accessible_clear_cache(world->window);
    title = atspi_accessible_get_name(world->window, NULL);
    is_it = g_strcmp0(title, page) == 0;
    g_free(title);
    return is_it;
}

static void
await_page(struct world *world, const char *page)
{
    int64_t end = g_get_monotonic_time() + WAIT_US;

    while (!is_on(world, page))
        ck_assert_msg(g_get_monotonic_time() < end, "page %s does not come", page);
}

static void
await(struct world *world, AtspiRole role, const char *name)
{
    int64_t end = g_get_monotonic_time() + WAIT_US;
    AtspiAccessible *found;

    while (!(found = find(world->window, role, name))) {
        ck_assert_msg(g_get_monotonic_time() < end, "there is no '%s'", name);
        breathe();
    }
    g_object_unref(found);
}

static void
do_press(struct world *world, const char *name)
{
    AtspiAccessible *button = find(world->window, ATSPI_ROLE_PUSH_BUTTON, name);
    AtspiAction *action;

    if (!button)
        return;
    action = atspi_accessible_get_action_iface(button);
    ck_assert_msg(action != NULL, "'%s' cannot be pressed", name);
    atspi_action_do_action(action, 0, NULL);
    g_object_unref(action);
    g_object_unref(button);
}

/* Presses until the page comes: a page that is new ignores presses for a moment, on purpose. */
static void
press_to(struct world *world, const char *name, const char *page)
{
    int64_t end = g_get_monotonic_time() + WAIT_US;

    while (!is_on(world, page)) {
        int64_t again = g_get_monotonic_time() + RETRY_US;
        ck_assert_msg(g_get_monotonic_time() < end, "'%s' does not lead to %s", name, page);
        do_press(world, name);
        while (!is_on(world, page) && g_get_monotonic_time() < again)
            continue;
    }
}

static void
world_init(struct world *world)
{
    char *server, *state;
    GError *error = NULL;
    int64_t end = g_get_monotonic_time() + WAIT_US;

    g_strlcpy(world->folder, "/tmp/sugu-kiosk-XXXXXX", sizeof world->folder);
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    server = g_strdup_printf("ipc://%s/server", world->folder);
    state = g_strdup_printf("%s/state", world->folder);
    const char *arguments[] = {SUGU_KIOSK_PROGRAM,
                               "--server",
                               server,
                               "--state-folder",
                               state,
                               "--locale-folder",
                               g_getenv("SUGU_TEST_LOCALE"),
                               "--facility-name",
                               "試験病院",
                               NULL};
    ck_assert_msg(g_spawn_async(NULL, (char **)arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                NULL, &world->pid, &error),
                  "%s", error ? error->message : "");
    world->window = NULL;
    while (!(world->window = find_window())) {
        ck_assert_msg(g_get_monotonic_time() < end, "the kiosk is not on the bus after 20 s");
        breathe();
    }
    g_free(server);
    g_free(state);
}

static void
world_done(struct world *world)
{
    char *command = g_strdup_printf("rm -r '%s'", world->folder);
    int status;

    g_object_unref(world->window);
    kill(world->pid, SIGTERM);
    ck_assert_int_eq(waitpid(world->pid, &status, 0), world->pid);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(system(command), 0);
    g_free(command);
}

START_TEST(the_kiosk_can_be_walked_by_names_in_two_languages)
{
    struct world world;

    world_init(&world);
    await_page(&world, "welcome");
    await(&world, ATSPI_ROLE_LABEL, "受付・お会計");
    press_to(&world, "カードがない方", "no-card");
    do_press(&world, "English");
    await(&world, ATSPI_ROLE_LABEL, "Without a card");
    await(&world, ATSPI_ROLE_PUSH_BUTTON, "Call staff");
    press_to(&world, "Back", "welcome");
    /* The next one finds the first language again; and no server, and still a way. */
    await_page(&world, "closed");
    await(&world, ATSPI_ROLE_PUSH_BUTTON, "職員をよぶ");
    press_to(&world, "お問い合わせ番号を取る", "desk-away");
    do_press(&world, "English");
    await(&world, ATSPI_ROLE_LABEL, "Please go to the reception desk");
    press_to(&world, "Done", "closed");
    world_done(&world);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {the_kiosk_can_be_walked_by_names_in_two_languages};

    g_setenv("CK_FORK", "no", TRUE);
    atspi_init();
    return sugu_run_tests("kiosk-accessible", tests, SUGU_ARRAY_SIZE(tests), 0);
}
