/* SPDX-License-Identifier: Apache-2.0 */
/*
 * code - a QR code on the screen
 */
#include "widgets/code.h"

#include <qrencode.h>

#include <string.h>

#define QUIET_ZONE 4 /* modules around the code, ISO/IEC 18004 */

struct _KioskCode {
    GtkWidget parent;
    char *content;
    QRcode *code; /* NULL while there is no content */
};

G_DEFINE_FINAL_TYPE(KioskCode, kiosk_code, GTK_TYPE_WIDGET)

enum { PROP_CONTENT = 1, PROP_LABEL };

static void
set_content(KioskCode *code, const char *content)
{
    g_clear_pointer(&code->code, QRcode_free);
    if (code->content)
        explicit_bzero(code->content, strlen(code->content));
    g_free(code->content);
    code->content = g_strdup(content ? content : "");
    if (code->content[0])
        code->code = QRcode_encodeString(code->content, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    gtk_widget_set_visible(GTK_WIDGET(code), code->code != NULL);
    gtk_widget_queue_draw(GTK_WIDGET(code));
}

static void
kiosk_code_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    static const GdkRGBA white = {1, 1, 1, 1}, black = {0, 0, 0, 1};
    KioskCode *code = KIOSK_CODE(widget);
    int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    int modules, module, side, left, top;

    if (!code->code)
        return;
    modules = code->code->width + 2 * QUIET_ZONE;
    module = MIN(width, height) / modules; /* whole pixels: sharp edges */
    if (module < 1)
        return;
    side = module * modules;
    left = (width - side) / 2;
    top = (height - side) / 2;
    gtk_snapshot_append_color(
        snapshot, &white, &GRAPHENE_RECT_INIT((float)left, (float)top, (float)side, (float)side));
    for (int y = 0; y < code->code->width; y++)
        for (int x = 0; x < code->code->width; x++)
            if (code->code->data[y * code->code->width + x] & 1)
                gtk_snapshot_append_color(
                    snapshot, &black,
                    &GRAPHENE_RECT_INIT((float)(left + (x + QUIET_ZONE) * module),
                                        (float)(top + (y + QUIET_ZONE) * module), (float)module,
                                        (float)module));
}

static void
kiosk_code_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    if (id == PROP_CONTENT)
        g_value_set_string(value, KIOSK_CODE(object)->content);
    else if (id == PROP_LABEL)
        g_value_set_string(value, "");
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_code_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    if (id == PROP_CONTENT)
        set_content(KIOSK_CODE(object), g_value_get_string(value));
    else if (id == PROP_LABEL)
        gtk_accessible_update_property(GTK_ACCESSIBLE(object), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       g_value_get_string(value), -1);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_code_finalize(GObject *object)
{
    KioskCode *code = KIOSK_CODE(object);

    g_clear_pointer(&code->code, QRcode_free);
    if (code->content)
        explicit_bzero(code->content, strlen(code->content));
    g_free(code->content);
    G_OBJECT_CLASS(kiosk_code_parent_class)->finalize(object);
}

static void
kiosk_code_class_init(KioskCodeClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

    object_class->get_property = kiosk_code_get_property;
    object_class->set_property = kiosk_code_set_property;
    object_class->finalize = kiosk_code_finalize;
    widget_class->snapshot = kiosk_code_snapshot;
    g_object_class_install_property(object_class, PROP_CONTENT,
                                    g_param_spec_string("content", NULL, NULL, "", flags));
    g_object_class_install_property(object_class, PROP_LABEL,
                                    g_param_spec_string("label", NULL, NULL, "", flags));
    gtk_widget_class_set_css_name(widget_class, "code");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
kiosk_code_init(KioskCode *code)
{
    gtk_widget_set_visible(GTK_WIDGET(code), FALSE);
}
