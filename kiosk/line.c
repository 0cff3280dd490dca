/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line - one category of the bill, as the list on the bill page shows it
 */
#include "line-private.h"

struct _KioskLine {
    GObject parent;
    char *name, *points, *yen;
};

G_DEFINE_FINAL_TYPE(KioskLine, kiosk_line, G_TYPE_OBJECT)

enum { PROP_NAME = 1, PROP_POINTS, PROP_YEN, PROP_COUNT };

static void
kiosk_line_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    KioskLine *line = KIOSK_LINE(object);

    if (id == PROP_NAME)
        g_value_set_string(value, line->name);
    else if (id == PROP_POINTS)
        g_value_set_string(value, line->points);
    else if (id == PROP_YEN)
        g_value_set_string(value, line->yen);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_line_finalize(GObject *object)
{
    KioskLine *line = KIOSK_LINE(object);

    g_free(line->name);
    g_free(line->points);
    g_free(line->yen);
    G_OBJECT_CLASS(kiosk_line_parent_class)->finalize(object);
}

static void
kiosk_line_class_init(KioskLineClass *class)
{
    static const char *const names[] = {[PROP_NAME] = "name", "points", "yen"};
    GObjectClass *object_class = G_OBJECT_CLASS(class);

    object_class->get_property = kiosk_line_get_property;
    object_class->finalize = kiosk_line_finalize;
    for (guint id = PROP_NAME; id < PROP_COUNT; id++)
        g_object_class_install_property(
            object_class, id,
            g_param_spec_string(names[id], NULL, NULL, "",
                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
kiosk_line_init(KioskLine *line)
{
    (void)line;
}

KioskLine *
kiosk_line_new(const char *name, const char *points, const char *yen)
{
    KioskLine *line = g_object_new(KIOSK_TYPE_LINE, NULL);

    line->name = g_strdup(name);
    line->points = g_strdup(points);
    line->yen = g_strdup(yen);
    return line;
}
