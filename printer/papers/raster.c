/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raster - pages as PWG raster for devices that take no PDF
 */
#include "papers/raster-private.h"

#include <cups/cups.h>
#include <cups/pwg.h>
#include <cups/raster.h>
#include <stdlib.h>
#include <string.h>

struct sugu_raster {
    cairo_surface_t *surface;
    cairo_t *cr;
    cups_raster_t *writer;
    cups_page_header2_t header;
    uint8_t *bytes;
    size_t size, room;
    bool is_bad;
};

static ssize_t
append(void *user, unsigned char *bytes, size_t size)
{
    struct sugu_raster *raster = user;

    if (raster->size + size > raster->room) {
        size_t room = (raster->size + size) * 2;
        uint8_t *larger = realloc(raster->bytes, room);
        if (!larger)
            return -1;
        raster->bytes = larger;
        raster->room = room;
    }
    memcpy(raster->bytes + raster->size, bytes, size);
    raster->size += size;
    return (ssize_t)size;
}

static void
set_header(
    struct sugu_raster *raster, double width, double height, unsigned dots_per_inch, uint32_t pages)
{
    pwg_media_t *known =
        pwgMediaForSize((int)(width * 2540 / 72 + 0.5), (int)(height * 2540 / 72 + 0.5));
    pwg_media_t own = {.width = (int)(width * 2540 / 72 + 0.5),
                       .length = (int)(height * 2540 / 72 + 0.5)};
    char name[64];

    if (known) {
        own = *known;
    } else {
        snprintf(name, sizeof name, "custom_sugu_%gx%gmm", own.width / 100.0, own.length / 100.0);
        own.pwg = name;
    }
    cupsRasterInitPWGHeader(&raster->header, &own, "sgray_8", (int)dots_per_inch,
                            (int)dots_per_inch, "one-sided", /* sheet_back= */ NULL);
    raster->header.cupsInteger[0] = pages; /* TotalPageCount */
}

struct sugu_raster *
sugu_raster_new(double width, double height, unsigned dots_per_inch, uint32_t pages)
{
    struct sugu_raster *raster = calloc(1, sizeof *raster);
    double scale = dots_per_inch / 72.0;

    if (!raster)
        return NULL;
    set_header(raster, width, height, dots_per_inch, pages);
    raster->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)raster->header.cupsWidth,
                                                 (int)raster->header.cupsHeight);
    raster->cr = cairo_create(raster->surface);
    raster->writer = cupsRasterOpenIO(append, raster, CUPS_RASTER_WRITE_PWG);
    raster->is_bad = cairo_status(raster->cr) != CAIRO_STATUS_SUCCESS || !raster->writer;
    cairo_set_source_rgb(raster->cr, 1, 1, 1);
    cairo_paint(raster->cr);
    cairo_set_source_rgb(raster->cr, 0, 0, 0);
    cairo_scale(raster->cr, scale, scale);
    return raster;
}

cairo_t *
sugu_raster_cairo(struct sugu_raster *raster)
{
    return raster->cr;
}

/* One line of 32-bit pixels to gray. All that is drawn is gray already, so one channel is it. */
static void
to_gray(const uint8_t *pixels, uint8_t *gray, unsigned width)
{
    for (unsigned i = 0; i < width; i++) {
        uint32_t pixel;
        memcpy(&pixel, pixels + 4 * (size_t)i, sizeof pixel);
        gray[i] = (uint8_t)(pixel & 0xff);
    }
}

void
sugu_raster_end_page(void *owner, struct sugu_sheet *sheet)
{
    struct sugu_raster *raster = owner;
    unsigned width = raster->header.cupsWidth;
    uint8_t *gray = malloc(raster->header.cupsBytesPerLine);
    const uint8_t *pixels;

    (void)sheet;
    cairo_surface_flush(raster->surface);
    pixels = cairo_image_surface_get_data(raster->surface);
    if (raster->is_bad || !gray || !pixels ||
        !cupsRasterWriteHeader2(raster->writer, &raster->header)) {
        raster->is_bad = true;
        free(gray);
        return;
    }
    for (unsigned line = 0; line < raster->header.cupsHeight && !raster->is_bad; line++) {
        to_gray(pixels + (size_t)line * cairo_image_surface_get_stride(raster->surface), gray,
                width);
        if (cupsRasterWritePixels(raster->writer, gray, raster->header.cupsBytesPerLine) == 0)
            raster->is_bad = true;
    }
    free(gray);
    cairo_save(raster->cr);
    cairo_set_source_rgb(raster->cr, 1, 1, 1);
    cairo_paint(raster->cr);
    cairo_restore(raster->cr);
}

bool
sugu_raster_finish(struct sugu_raster *raster, uint8_t **ret_bytes, size_t *ret_size)
{
    bool is_good = !raster->is_bad;

    if (raster->writer)
        cupsRasterClose(raster->writer);
    cairo_destroy(raster->cr);
    cairo_surface_destroy(raster->surface);
    if (is_good) {
        *ret_bytes = raster->bytes;
        *ret_size = raster->size;
    } else {
        free(raster->bytes);
    }
    free(raster);
    return is_good;
}
