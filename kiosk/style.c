/* SPDX-License-Identifier: Apache-2.0 */
/*
 * style - style.css in the size and the contrast that the patient chose
 */
#include "style.h"

#include "languages.h"
#include "screen.h"

#include <assert.h>
#include <string.h>

static char *
read_resource(const char *name)
{
    char *path = g_strconcat(KIOSK_RESOURCES "/", name, NULL);
    GBytes *bytes = g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    char *text;

    assert(bytes); /* linked into the program */
    text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_bytes_unref(bytes);
    g_free(path);
    return text;
}

/* "mm(12.5)" at *at: its number, and *at behind it. */
static double
take_number(const char **at, const char *name)
{
    char *end;
    double number = g_ascii_strtod(*at + strlen(name), &end);

    assert(*end == ')'); /* a mistake in style.css, found by every test of a screen */
    *at = end + 1;
    return number;
}

char *
kiosk_style_text(int64_t px_per_mm_x100,
                 gboolean is_large,
                 gboolean has_contrast,
                 const char *family)
{
    char *colours = read_resource(has_contrast ? "colours-contrast.css" : "colours.css");
    char *sheet = read_resource("style.css");
    GString *text = g_string_new(colours);
    double px_per_mm = (double)px_per_mm_x100 / 100.0;
    double grown_mm = is_large ? KIOSK_STYLE_LARGE_MM : 0;

    for (const char *at = sheet; *at;) {
        bool is_word = at > sheet && g_ascii_isalpha(at[-1]);
        if (!is_word && strncmp(at, "mm(", 3) == 0)
            g_string_append_printf(text, "%dpx", (int)(take_number(&at, "mm(") * px_per_mm + 0.5));
        else if (!is_word && strncmp(at, "text(", 5) == 0)
            g_string_append_printf(text, "%dpx",
                                   (int)((take_number(&at, "text(") + grown_mm) * px_per_mm + 0.5));
        else if (!is_word && strncmp(at, "family()", 8) == 0) {
            g_string_append_printf(text, "\"%s\", \"Noto Sans\"", family);
            at += 8;
        } else
            g_string_append_c(text, *at++);
    }
    g_free(colours);
    g_free(sheet);
    return g_string_free(text, FALSE);
}

void
kiosk_style_init(struct kiosk_style *style, GdkDisplay *display, int64_t px_per_mm_x100)
{
    style->provider = gtk_css_provider_new();
    style->px_per_mm_x100 = px_per_mm_x100;
    gtk_style_context_add_provider_for_display(display, GTK_STYLE_PROVIDER(style->provider),
                                               GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

void
kiosk_style_done(struct kiosk_style *style, GdkDisplay *display)
{
    gtk_style_context_remove_provider_for_display(display, GTK_STYLE_PROVIDER(style->provider));
    g_clear_object(&style->provider);
}

void
kiosk_style_apply(struct kiosk_style *style, KioskModel *model)
{
    char *text =
        kiosk_style_text(style->px_per_mm_x100, kiosk_model_is_large(model),
                         kiosk_model_has_contrast(model), kiosk_language_current()->family);

    gtk_css_provider_load_from_data(style->provider, text, -1);
    g_free(text);
}
