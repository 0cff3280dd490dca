/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-desk-accessible - the front desk as a screen reader's user meets it: every control has a
 * name and a role, every row says what it is, the keyboard reaches everything
 */
#include "scenario/front-world.h"
#include "testlib/checks.h"
#include "testlib/day.h"

#include <atspi/atspi.h>

#include <stdio.h>
#include <string.h>

#define DESK   FRONT_DESK
#define WAIT_S 20

struct world {
    struct sugu_day day;
    struct front front;
};

static void
world_init(struct world *world)
{
    sugu_day_init(&world->day);
    front_init(&world->front, &world->day.hospital);
    front_start(&world->front, &world->day.hospital);
}

static void
world_done(struct world *world)
{
    front_done(&world->front);
    sugu_day_done(&world->day);
}

static void
arrive(struct world *world)
{
    sugu_day_open_session(&world->day);
    sugu_day_verify_insurance(&world->day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_day_check_in(&world->day, "B-001");
}

/* ---------------------------------------------------------------- the tree */

static bool
has_state(AtspiAccessible *node, AtspiStateType state)
{
    AtspiStateSet *states = atspi_accessible_get_state_set(node);
    bool has = states && atspi_state_set_contains(states, state);

    g_clear_object(&states);
    return has;
}

/* What GTK calls a widget that nobody has named. */
static bool
is_name(const char *name)
{
    return name && name[0] && !g_str_has_prefix(name, "Gtk") &&
           !(g_str_has_prefix(name, "Desk") && g_ascii_isupper(name[4]));
}

/* A list's line or a table's row. */
static bool
is_row(AtspiRole role)
{
    return role == ATSPI_ROLE_LIST_ITEM || role == ATSPI_ROLE_TABLE_ROW;
}

static bool
is_control(AtspiAccessible *node, AtspiRole role)
{
    return is_row(role) || role == ATSPI_ROLE_PUSH_BUTTON || role == ATSPI_ROLE_TOGGLE_BUTTON ||
           role == ATSPI_ROLE_COMBO_BOX || role == ATSPI_ROLE_ENTRY || role == ATSPI_ROLE_TEXT ||
           role == ATSPI_ROLE_PASSWORD_TEXT || role == ATSPI_ROLE_CHECK_BOX ||
           role == ATSPI_ROLE_SPIN_BUTTON || has_state(node, ATSPI_STATE_FOCUSABLE);
}

struct survey {
    GString *complaints;
    unsigned controls, rows;
};

/* Parents first. What stands in a button is part of it; a spin button's parts are GTK's. */
static void
survey(AtspiAccessible *node, struct survey *found)
{
    AtspiRole role = atspi_accessible_get_role(node, NULL);
    char *name = atspi_accessible_get_name(node, NULL);
    bool is_whole = role == ATSPI_ROLE_PUSH_BUTTON || role == ATSPI_ROLE_SPIN_BUTTON ||
                    role == ATSPI_ROLE_LABEL || role == ATSPI_ROLE_SCROLL_BAR;
    int count = is_whole ? 0 : atspi_accessible_get_child_count(node, NULL);

    if (is_control(node, role)) {
        char *role_name = atspi_accessible_get_role_name(node, NULL);
        found->controls++;
        found->rows += is_row(role);
        if (!is_name(name))
            g_string_append_printf(found->complaints, "a %s is called '%s'; ", role_name,
                                   name ? name : "");
        if (role == ATSPI_ROLE_FILLER || role == ATSPI_ROLE_PANEL || role == ATSPI_ROLE_UNKNOWN)
            g_string_append_printf(found->complaints, "'%s' is a mere %s; ", name, role_name);
        g_free(role_name);
    }
    g_free(name);
    for (int i = 0; i < count; i++) {
        AtspiAccessible *child = atspi_accessible_get_child_at_index(node, i, NULL);
        if (child)
            survey(child, found);
        g_clear_object(&child);
    }
}

static AtspiAccessible *
find_program(void)
{
    AtspiAccessible *desktop = atspi_get_desktop(0), *found = NULL;
    int count = atspi_accessible_get_child_count(desktop, NULL);

    for (int i = 0; i < count && !found; i++) {
        AtspiAccessible *child = atspi_accessible_get_child_at_index(desktop, i, NULL);
        char *name = child ? atspi_accessible_get_name(child, NULL) : NULL;
        if (g_strcmp0(name, DESK) == 0)
            found = g_object_ref(child);
        g_free(name);
        g_clear_object(&child);
    }
    g_object_unref(desktop);
    ck_assert_ptr_nonnull(found);
    return found;
}

static void
check_tree(const char *page, unsigned rows_min)
{
    AtspiAccessible *program = find_program();
    struct survey found = {.complaints = g_string_new(NULL)};

    survey(program, &found);
    ck_assert_msg(found.complaints->len == 0, "%s: %s", page, found.complaints->str);
    ck_assert_uint_gt(found.controls, 40);
    ck_assert_uint_ge(found.rows, rows_min);
    g_string_free(found.complaints, TRUE);
    g_object_unref(program);
}

/* Nothing in it can be chosen or take the focus. */
static bool
is_leaf(AtspiAccessible *node)
{
    AtspiRole role = atspi_accessible_get_role(node, NULL);

    return is_row(role) || role == ATSPI_ROLE_LABEL || role == ATSPI_ROLE_PUSH_BUTTON ||
           role == ATSPI_ROLE_SCROLL_BAR;
}

/* The first node that `fits`, parents first; a new reference or NULL. */
static AtspiAccessible *
find(AtspiAccessible *node, bool (*fits)(AtspiAccessible *node, const char *name), const char *name)
{
    AtspiAccessible *found = fits(node, name) ? g_object_ref(node) : NULL;
    int count = found || is_leaf(node) ? 0 : atspi_accessible_get_child_count(node, NULL);

    for (int i = 0; i < count && !found; i++) {
        AtspiAccessible *child = atspi_accessible_get_child_at_index(node, i, NULL);
        if (child)
            found = find(child, fits, name);
        g_clear_object(&child);
    }
    return found;
}

static bool
is_focused(AtspiAccessible *node, const char *name)
{
    (void)name;
    return has_state(node, ATSPI_STATE_FOCUSED);
}

/* A row of this name; with a '*' before it one that is selected. */
static bool
is_row_called(AtspiAccessible *node, const char *name)
{
    bool is_chosen = name[0] == '*';
    char *own;
    bool fits;

    if (!is_row(atspi_accessible_get_role(node, NULL)))
        return false;
    own = atspi_accessible_get_name(node, NULL);
    fits = own && strstr(own, name + is_chosen) != NULL &&
           (!is_chosen || has_state(node, ATSPI_STATE_SELECTED));
    g_free(own);
    return fits;
}

struct wish {
    bool (*fits)(AtspiAccessible *node, const char *name);
    const char *name;
};

static bool
is_granted(void *user)
{
    const struct wish *wish = user;
    AtspiAccessible *program = find_program(), *found = find(program, wish->fits, wish->name);
    bool is_there = found != NULL;

    g_clear_object(&found);
    g_object_unref(program);
    return is_there;
}

static void
expect_row(const char *name)
{
    struct wish wish = {is_row_called, name};

    ck_assert_msg(sugu_wait_until(is_granted, &wish, WAIT_S), "no row '%s'", name);
}

/* The name of what has the focus; "" where nothing has. */
static void
read_focus(char *name, size_t size)
{
    AtspiAccessible *program = find_program(), *found = find(program, is_focused, NULL);
    char *own = found ? atspi_accessible_get_name(found, NULL) : NULL;

    g_strlcpy(name, own ? own : "", size);
    g_free(own);
    g_clear_object(&found);
    g_object_unref(program);
}

static bool
has_moved(void *user)
{
    char name[300];

    read_focus(name, sizeof name);
    return strcmp(name, user) != 0;
}

/* ---------------------------------------------------------------- tests */

START_TEST(every_control_of_every_page_has_a_name_and_a_role)
{
    static struct world world;

    world_init(&world);
    front_expect(&world.front, "User name", true);
    check_tree("sign-in", 0);
    front_sign_in(&world.front);
    arrive(&world);
    expect_row("B-001");
    check_tree("queues", 5); /* three queues, the columns, one number */
    sugu_screen_key(&world.front.screen, "F2");
    front_expect(&world.front, "Sent to the desk –", true);
    check_tree("cases", 5);
    sugu_screen_key(&world.front.screen, "F3");
    front_expect(&world.front, "People –", true);
    front_press(&world.front, "B-001");
    expect_row("0002");
    check_tree("people", 6);
    sugu_screen_key(&world.front.screen, "F4");
    front_expect(&world.front, "Kiosks –", true);
    expect_row("kiosk-1 Screens");
    check_tree("kiosks", 6);
    sugu_screen_key(&world.front.screen, "F5");
    front_expect(&world.front, "Today –", true);
    check_tree("today", 6);
    world_done(&world);
}
END_TEST

START_TEST(a_row_says_who_it_is_and_what_became_of_it)
{
    static struct world world;

    world_init(&world);
    front_sign_in(&world.front);
    arrive(&world);
    expect_row("B-001, 佐藤　花子, Waiting");
    expect_row("眼科: 1 waiting");
    front_press(&world.front, "n");
    expect_row("*B-001, 佐藤　花子, ▶ Called");
    expect_row("Room 2");
    front_press(&world.front, "p");
    expect_row("B-001, 佐藤　花子, ● At the desk");
    front_press(&world.front, "b");
    expect_row("B-001, 佐藤　花子, Waiting");
    world_done(&world);
}
END_TEST

START_TEST(the_only_one_who_was_found_is_chosen)
{
    static struct world world;

    world_init(&world);
    front_sign_in(&world.front);
    arrive(&world);
    expect_row("B-001");
    sugu_screen_key(&world.front.screen, "F3");
    front_expect(&world.front, "People –", true);
    front_press(&world.front, "B-001");
    expect_row("*B-001 佐藤　花子, No. 0002");
    front_expect(&world.front, "眼科 · Waiting",
                 true); /* and what is known of her stands beside it */
    world_done(&world);
}
END_TEST

/* Round the whole page, until the focus is where it was. */
START_TEST(tab_reaches_everything_and_comes_round)
{
    static const char *const wanted[] = {
        "B-001, 佐藤", "Open", "Call next", "眼科: ", "Queues", "Sign out", "Desk"};
    static struct world world;
    char first[300], name[300] = "";
    GString *way = g_string_new("|");
    int steps = 0;

    world_init(&world);
    front_sign_in(&world.front);
    arrive(&world);
    expect_row("B-001");
    front_press(&world.front, "n"); /* chooses the row */
    expect_row("*B-001");
    sugu_screen_key(&world.front.screen, "Tab");
    read_focus(first, sizeof first);
    while (steps++ < 60 && (steps == 1 || strcmp(name, first) != 0)) {
        g_string_append_printf(way, "%s|", steps == 1 ? first : name);
        sugu_screen_key(&world.front.screen, "Tab");
        ck_assert_msg(sugu_wait_until(has_moved, steps == 1 ? first : name, WAIT_S),
                      "the focus stays on '%s'", steps == 1 ? first : name);
        read_focus(name, sizeof name);
        ck_assert_msg(is_name(name), "after %s the focus is on '%s'", way->str, name);
    }
    ck_assert_msg(strcmp(name, first) == 0, "never back to '%s': %s", first, way->str);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(wanted); i++)
        ck_assert_msg(strstr(way->str, wanted[i]), "Tab does not reach '%s': %s", wanted[i],
                      way->str);
    g_string_free(way, TRUE);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-desk-accessible",
                       110,
                       every_control_of_every_page_has_a_name_and_a_role,
                       a_row_says_who_it_is_and_what_became_of_it,
                       the_only_one_who_was_found_is_chosen,
                       tab_reaches_everything_and_comes_round)
