/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-board-pictures - the call board painted in every state and shape, looked at by rule
 *
 * With SUGU_TEST_PICTURES=FOLDER the pictures are left there as PNG files, for eyes.
 */
#include "board-fixture.h"

#include "testlib/checks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct picture {
    cairo_surface_t *surface;
    int width, height;
};

static struct picture
paint(struct board_fixture *fixture, const char *name)
{
    struct picture picture = {NULL, fixture->screen.width_px, fixture->screen.height_px};
    const char *folder = getenv("SUGU_TEST_PICTURES");
    cairo_t *cr;

    board_fixture_look(fixture);
    picture.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture.width, picture.height);
    cr = cairo_create(picture.surface);
    board_paint(cr, &fixture->layout, &fixture->view, "すぐ総合病院　1階 外来");
    ck_assert_int_eq(cairo_status(cr), CAIRO_STATUS_SUCCESS);
    cairo_destroy(cr);
    cairo_surface_flush(picture.surface);
    if (folder) {
        char path[512];
        snprintf(path, sizeof path, "%s/board-%s.png", folder, name);
        ck_assert_int_eq(cairo_surface_write_to_png(picture.surface, path), CAIRO_STATUS_SUCCESS);
    }
    return picture;
}

static uint32_t
pixel(const struct picture *picture, double x, double y)
{
    const unsigned char *data = cairo_image_surface_get_data(picture->surface);
    int stride = cairo_image_surface_get_stride(picture->surface);

    return ((const uint32_t *)(const void *)(data + (int)y * stride))[(int)x] & 0xffffff;
}

/* How many pixels of the box have this colour. */
static unsigned
count_colour(const struct picture *picture, const struct board_box *box, enum board_colour colour)
{
    unsigned count = 0;

    for (double y = box->y; y < box->y + box->height; y++)
        for (double x = box->x; x < box->x + box->width; x++)
            count += pixel(picture, x, y) == board_colour(colour);
    return count;
}

static void
done(struct picture *picture)
{
    cairo_surface_destroy(picture->surface);
}

/* Rows of the box that hold the colour: the height of what is written in it. */
static unsigned
written_height(const struct picture *picture, const struct board_box *box, enum board_colour colour)
{
    unsigned rows = 0;

    for (double y = box->y; y < box->y + box->height; y++) {
        struct board_box row = {box->x, y, box->width, 1};
        rows += count_colour(picture, &row, colour) > 0;
    }
    return rows;
}

START_TEST(a_number_called_now_is_as_tall_as_the_distance_asks)
{
    static const double distances_m[] = {3, 5, 7};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(distances_m); i++) {
        struct board_fixture fixture;
        struct picture picture;
        struct board_box box;
        double px_per_mm = 1920 / 941.0, least_px;
        char name[32];

        snprintf(name, sizeof name, "full-%.0fm", distances_m[i]);
        board_fixture_init(&fixture, 1920, 1080, distances_m[i]);
        board_fixture_fill(&fixture);
        picture = paint(&fixture, name);
        box = fixture.layout.areas[BOARD_NOW].body;
        /* The second row, on a plain card: only the number has the colour of calls. */
        box.height /= (double)fixture.layout.areas[BOARD_NOW].rows;
        box.y += box.height;
        least_px = BOARD_NUMBER_MM_PER_M * distances_m[i] * px_per_mm;
        ck_assert_msg(written_height(&picture, &box, BOARD_COLOUR_CALL) >= least_px - 2,
                      "%u px, %.0f asked for at %.0f m",
                      written_height(&picture, &box, BOARD_COLOUR_CALL), least_px, distances_m[i]);
        done(&picture);
    }
}
END_TEST

START_TEST(the_newest_call_stands_out_and_the_others_do_not)
{
    struct board_fixture fixture;
    struct picture picture;
    const struct board_box *body;
    double step;

    board_fixture_init(&fixture, 1920, 1080, 5);
    board_fixture_fill(&fixture);
    picture = paint(&fixture, "landscape");
    body = &fixture.layout.areas[BOARD_NOW].body;
    step = body->height / (double)fixture.layout.areas[BOARD_NOW].rows;
    ck_assert_uint_eq(pixel(&picture, body->x + body->width / 2, body->y + 4),
                      board_colour(BOARD_COLOUR_CALL));
    ck_assert_uint_eq(pixel(&picture, body->x + body->width / 2, body->y + step + 4),
                      board_colour(BOARD_COLOUR_CARD));
    done(&picture);
}
END_TEST

START_TEST(a_stale_board_says_so_in_another_colour)
{
    struct board_fixture fixture;
    struct picture fresh, stale;

    board_fixture_init(&fixture, 1920, 1080, 5);
    board_fixture_fill(&fixture);
    fresh = paint(&fixture, "landscape");
    ck_assert_uint_eq(count_colour(&fresh, &fixture.layout.footer, BOARD_COLOUR_ALARM), 0);
    fixture.hearing = (struct board_hearing){BOARD_STALE, fixture.utc_us - 7 * SUGU_MINUTE};
    stale = paint(&fixture, "stale");
    ck_assert_str_eq(fixture.view.since, "10:25");
    ck_assert_uint_gt(count_colour(&stale, &fixture.layout.footer, BOARD_COLOUR_ALARM), 10000);
    done(&fresh);
    done(&stale);
}
END_TEST

START_TEST(every_shape_and_state_is_painted)
{
    static const struct {
        const char *name;
        int width, height;
        double distance_m;
        bool is_full, has_bills;
        enum board_line line;
    } rows[] = {
        {"portrait", 1080, 1920, 5, true, true, BOARD_FRESH},
        {"portrait-empty", 1080, 1920, 5, false, true, BOARD_FRESH},
        {"empty", 1920, 1080, 5, false, true, BOARD_FRESH},
        {"connecting", 1920, 1080, 5, false, true, BOARD_CONNECTING},
        {"no-bills", 1920, 1080, 5, true, false, BOARD_FRESH},
        {"far", 1920, 1080, 12, true, true, BOARD_FRESH},
        {"portrait-far", 1080, 1920, 10, true, true, BOARD_STALE},
        {"small", 640, 480, 5, true, true, BOARD_FRESH},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct board_fixture fixture;
        struct picture picture;
        board_fixture_init(&fixture, rows[i].width, rows[i].height, rows[i].distance_m);
        fixture.rules.has_bills = rows[i].has_bills;
        fixture.hearing = (struct board_hearing){rows[i].line, fixture.utc_us - SUGU_MINUTE};
        if (rows[i].is_full)
            board_fixture_fill(&fixture);
        picture = paint(&fixture, rows[i].name);
        ck_assert_uint_gt(
            count_colour(&picture, &fixture.layout.areas[BOARD_NOW].title, BOARD_COLOUR_CALL),
            1000);
        done(&picture);
    }
}
END_TEST

/* One number is called: it may be as large as there is room. */
START_TEST(a_quiet_board_does_not_leave_its_calls_small_and_the_rest_empty)
{
    static const struct {
        const char *name;
        int width, height;
        size_t departments;
    } rows[] = {
        {"quiet", 1920, 1080, 4},          {"quiet-portrait", 1080, 1920, 4},
        {"one-department", 1920, 1080, 1}, {"one-department-portrait", 1080, 1920, 1},
        {"eight-portrait", 1080, 1920, 8},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct board_fixture fixture;
        struct picture picture;
        struct board_box body;
        board_fixture_init(&fixture, rows[i].width, rows[i].height, 4.2);
        board_fixture_waits(&fixture, rows[i].departments);
        board_fixture_call(&fixture, "A-042", "internal", "3", SUGU__STAGE_STATE__STAGE_CALLED, 5);
        board_fixture_call(&fixture, "B-041", "surgery", "1", SUGU__STAGE_STATE__STAGE_PRESENT, 99);
        picture = paint(&fixture, rows[i].name);
        body = fixture.layout.areas[BOARD_NOW].body;
        ck_assert_uint_lt(count_colour(&picture, &body, BOARD_COLOUR_GROUND),
                          (unsigned)(body.width * body.height / 4));
        done(&picture);
    }
}
END_TEST

START_TEST(a_board_of_missed_numbers_shows_them)
{
    struct board_fixture fixture;
    struct picture picture;
    char number[16];

    board_fixture_init(&fixture, 1920, 1080, 5);
    for (int i = 0; i < 30; i++) {
        snprintf(number, sizeof number, "C-%03d", 100 + i);
        board_fixture_call(&fixture, number, "eye", "2", SUGU__STAGE_STATE__STAGE_MISSED, 20 * i);
    }
    board_fixture_waits(&fixture, 8);
    picture = paint(&fixture, "missed");
    ck_assert_uint_gt(fixture.view.pages[BOARD_MISSED_LIST].pages, 1);
    ck_assert_uint_gt(
        count_colour(&picture, &fixture.layout.areas[BOARD_MISSED_LIST].body, BOARD_COLOUR_MISSED),
        500);
    done(&picture);
}
END_TEST

/* ---------------------------------------------------------------- colours */

/* Of one channel, 0 … 255, in linear light. */
static double
linear(uint32_t channel)
{
    double value = channel / 255.0;

    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double
luminance(enum board_colour colour)
{
    uint32_t value = board_colour(colour);

    return 0.2126 * linear(value >> 16) + 0.7152 * linear(value >> 8 & 255) +
           0.0722 * linear(value & 255);
}

static double
contrast(enum board_colour a, enum board_colour b)
{
    double light = fmax(luminance(a), luminance(b)), dark = fmin(luminance(a), luminance(b));

    return (light + 0.05) / (dark + 0.05);
}

START_TEST(text_has_seven_to_one)
{
    static const enum board_colour pairs[][2] = {
        {BOARD_COLOUR_TEXT, BOARD_COLOUR_GROUND},  {BOARD_COLOUR_TEXT, BOARD_COLOUR_CARD},
        {BOARD_COLOUR_TEXT, BOARD_COLOUR_BAR},     {BOARD_COLOUR_QUIET, BOARD_COLOUR_CARD},
        {BOARD_COLOUR_QUIET, BOARD_COLOUR_GROUND}, {BOARD_COLOUR_QUIET, BOARD_COLOUR_BAR},
        {BOARD_COLOUR_CALL, BOARD_COLOUR_CARD},    {BOARD_COLOUR_DARK, BOARD_COLOUR_CALL},
        {BOARD_COLOUR_BILL, BOARD_COLOUR_CARD},    {BOARD_COLOUR_DARK, BOARD_COLOUR_BILL},
        {BOARD_COLOUR_BEFORE, BOARD_COLOUR_CARD},  {BOARD_COLOUR_DARK, BOARD_COLOUR_BEFORE},
        {BOARD_COLOUR_DARK, BOARD_COLOUR_MISSED},  {BOARD_COLOUR_DARK, BOARD_COLOUR_WAIT},
        {BOARD_COLOUR_DARK, BOARD_COLOUR_ALARM},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(pairs); i++)
        ck_assert_msg(contrast(pairs[i][0], pairs[i][1]) >= 7.0, "pair %zu: %.1f", i,
                      contrast(pairs[i][0], pairs[i][1]));
    /* Large type: 3:1 would do (WCAG 2.x 1.4.3), the numbers have more. */
    ck_assert(contrast(BOARD_COLOUR_MISSED, BOARD_COLOUR_CARD) >= 4.5);
}
END_TEST

/* As deuteranopes and protanopes see it: Viénot, Brettel and Mollon 1999, linear RGB. */
static void
see(enum board_colour colour, bool is_deutan, double seen[3])
{
    static const double deutan[3][3] = {
        {0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}};
    static const double protan[3][3] = {
        {0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}};
    uint32_t value = board_colour(colour);
    double rgb[3] = {linear(value >> 16), linear(value >> 8 & 255), linear(value & 255)};

    for (int row = 0; row < 3; row++) {
        const double *weights = is_deutan ? deutan[row] : protan[row];
        seen[row] = weights[0] * rgb[0] + weights[1] * rgb[1] + weights[2] * rgb[2];
    }
}

START_TEST(the_sections_differ_for_colour_blind_eyes)
{
    static const enum board_colour sections[] = {BOARD_COLOUR_CALL, BOARD_COLOUR_BILL,
                                                 BOARD_COLOUR_MISSED, BOARD_COLOUR_BEFORE};

    for (int is_deutan = 0; is_deutan < 2; is_deutan++)
        for (size_t i = 0; i < SUGU_ARRAY_SIZE(sections); i++)
            for (size_t j = 0; j < i; j++) {
                double a[3], b[3], distance = 0;
                see(sections[i], is_deutan, a);
                see(sections[j], is_deutan, b);
                for (int k = 0; k < 3; k++)
                    distance += fabs(cbrt(fmax(a[k], 0)) - cbrt(fmax(b[k], 0)));
                ck_assert_msg(distance > 0.2, "%zu and %zu: %.2f", i, j, distance);
            }
}
END_TEST

SUGU_TEST_MAIN("board-pictures",
               a_number_called_now_is_as_tall_as_the_distance_asks,
               the_newest_call_stands_out_and_the_others_do_not,
               a_stale_board_says_so_in_another_colour,
               every_shape_and_state_is_painted,
               a_quiet_board_does_not_leave_its_calls_small_and_the_rest_empty,
               a_board_of_missed_numbers_shows_them,
               text_has_seven_to_one,
               the_sections_differ_for_colour_blind_eyes)
