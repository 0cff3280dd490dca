/* SPDX-License-Identifier: Apache-2.0 */
/*
 * montage - several pages side by side in one picture
 */
#include "demo/montage.h"

#include <cairo.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GAP       4 /* pixels between two pages */
#define PAGES_MAX 8

static bool
is_page(const struct dirent *file, const char *page)
{
    size_t number = strspn(file->d_name, "0123456789");
    char name[80];

    snprintf(name, sizeof name, "%s.png", page);
    if (number > 0 && file->d_name[number] == '-')
        number++;
    return strcmp(file->d_name + number, name) == 0;
}

/* The first picture of the page; NULL where there is none. */
static cairo_surface_t *
read_page(const char *folder, const char *page)
{
    struct dirent **files = NULL;
    int count = scandir(folder, &files, NULL, alphasort);
    cairo_surface_t *picture = NULL;

    for (int i = 0; i < count; i++) {
        char path[600];
        if (!picture && is_page(files[i], page)) {
            snprintf(path, sizeof path, "%s/%.255s", folder, files[i]->d_name);
            picture = cairo_image_surface_create_from_png(path);
        }
        free(files[i]);
    }
    free(files);
    return picture;
}

static int
width_at(cairo_surface_t *picture, int height)
{
    return cairo_image_surface_get_width(picture) * height /
           cairo_image_surface_get_height(picture);
}

static void
put(cairo_t *cairo, cairo_surface_t *picture, int left, int height)
{
    double scale = (double)height / cairo_image_surface_get_height(picture);

    cairo_save(cairo);
    cairo_rectangle(cairo, left, 0, width_at(picture, height), height);
    cairo_clip(cairo);
    cairo_translate(cairo, left, 0);
    cairo_scale(cairo, scale, scale);
    cairo_set_source_surface(cairo, picture, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BEST);
    cairo_paint(cairo);
    cairo_restore(cairo);
}

static bool
write_row(cairo_surface_t *const *pictures, int count, int height, const char *to)
{
    int width = -GAP, left = 0;
    cairo_surface_t *row;
    cairo_t *cairo;
    bool is_written;

    for (int i = 0; i < count; i++)
        width += width_at(pictures[i], height) + GAP;
    row = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo = cairo_create(row);
    cairo_set_source_rgb(cairo, 0.4, 0.45, 0.47);
    cairo_paint(cairo);
    for (int i = 0; i < count; i++) {
        put(cairo, pictures[i], left, height);
        left += width_at(pictures[i], height) + GAP;
    }
    cairo_destroy(cairo);
    is_written = cairo_surface_write_to_png(row, to) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(row);
    return is_written;
}

bool
montage_write(const char *folder, const char *const *pages, int height, const char *to)
{
    cairo_surface_t *pictures[PAGES_MAX];
    int count = 0;
    bool is_written = true;

    for (; pages[count] && count < PAGES_MAX; count++) {
        pictures[count] = read_page(folder, pages[count]);
        is_written = is_written && pictures[count] &&
                     cairo_surface_status(pictures[count]) == CAIRO_STATUS_SUCCESS;
    }
    is_written = is_written && write_row(pictures, count, height, to);
    while (count-- > 0)
        cairo_surface_destroy(pictures[count]);
    return is_written;
}
