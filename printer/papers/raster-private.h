/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raster - pages as PWG raster for devices that take no PDF
 *
 * A memory file that libcups writes to; 8-bit gray ("sgray_8"), every page of the same size.
 */
#pragma once

#include "papers/sheet.h"

struct sugu_raster;

/* Page size in points; NULL without memory. */
struct sugu_raster *
sugu_raster_new(double width, double height, unsigned dots_per_inch, uint32_t pages);
/* Draws in points onto the present page; owned by the raster. */
cairo_t *sugu_raster_cairo(struct sugu_raster *raster);
/* Writes the present page out and begins a white one; fits sugu_sheet.end_page. */
void sugu_raster_end_page(void *raster, struct sugu_sheet *sheet);
/* The whole file (free with free()); false where something went wrong, then nothing is written to
 * *ret_bytes. Frees the raster in any case. */
bool sugu_raster_finish(struct sugu_raster *raster, uint8_t **ret_bytes, size_t *ret_size);
