/* SPDX-License-Identifier: Apache-2.0 */
/*
 * picture - plain line drawings in the colour of the text
 *
 * Every drawing lives in a square of 24 units and is drawn with one pen.
 */
#include "widgets/picture.h"

#include <math.h>
#include <string.h>

#define SIDE  24.0
#define PEN   1.5
#define ROUND (2 * G_PI)

struct _KioskPicture {
    GtkWidget parent;
    char *name;
};

G_DEFINE_FINAL_TYPE(KioskPicture, kiosk_picture, GTK_TYPE_WIDGET)

enum { PROP_DRAWING = 1 };

static void
rounded(cairo_t *cr, double x, double y, double width, double height, double radius)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + width - radius, y + radius, radius, -G_PI / 2, 0);
    cairo_arc(cr, x + width - radius, y + height - radius, radius, 0, G_PI / 2);
    cairo_arc(cr, x + radius, y + height - radius, radius, G_PI / 2, G_PI);
    cairo_arc(cr, x + radius, y + radius, radius, G_PI, 1.5 * G_PI);
    cairo_close_path(cr);
}

static void
line(cairo_t *cr, double from_x, double from_y, double to_x, double to_y)
{
    cairo_move_to(cr, from_x, from_y);
    cairo_line_to(cr, to_x, to_y);
}

/* A card that comes down onto the tray of the reader. */
static void
draw_card(cairo_t *cr)
{
    rounded(cr, 5, 2.5, 14, 9, 1.2);
    line(cr, 5, 5.5, 19, 5.5);
    line(cr, 7.5, 9, 11, 9);
    line(cr, 12, 13.2, 12, 17);
    cairo_move_to(cr, 9.9, 15.1);
    cairo_line_to(cr, 12, 17.2);
    cairo_line_to(cr, 14.1, 15.1);
    cairo_stroke(cr);
    rounded(cr, 2, 19.2, 20, 2.6, 1.3);
    cairo_fill_preserve(cr);
    cairo_stroke(cr);
}

static void
draw_corner(cairo_t *cr, double x, double y)
{
    cairo_rectangle(cr, x, y, 4, 4);
    cairo_stroke(cr);
    cairo_rectangle(cr, x + 1.5, y + 1.5, 1, 1);
    cairo_fill(cr);
}

/* A slip of paper with a number and a QR. */
static void
draw_ticket(cairo_t *cr)
{
    rounded(cr, 5, 1.8, 14, 20.4, 1.2);
    line(cr, 8, 5.5, 16, 5.5);
    line(cr, 8, 8.2, 13, 8.2);
    cairo_stroke(cr);
    draw_corner(cr, 7.5, 11);
    draw_corner(cr, 12.7, 11);
    draw_corner(cr, 7.5, 16.2);
    cairo_rectangle(cr, 13.2, 17, 1.5, 1.5);
    cairo_rectangle(cr, 15.6, 18.8, 1.5, 1.5);
    cairo_fill(cr);
}

static void
draw_terminal(cairo_t *cr)
{
    rounded(cr, 6.5, 1.8, 11, 17, 1.6);
    rounded(cr, 8.7, 4.2, 6.6, 4.2, 0.6);
    cairo_stroke(cr);
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++) {
            cairo_arc(cr, 9.4 + 2.6 * column, 11 + 2.3 * row, 0.75, 0, ROUND);
            cairo_fill(cr);
        }
    line(cr, 8.5, 22, 15.5, 22);
    line(cr, 8.5, 18.8, 8.5, 22);
    line(cr, 15.5, 18.8, 15.5, 22);
}

/* A member of staff behind a desk. */
static void
draw_desk(cairo_t *cr)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, 12, 6, 3.2, 0, ROUND);
    cairo_new_sub_path(cr);
    cairo_move_to(cr, 6, 15.5);
    cairo_curve_to(cr, 6, 10, 18, 10, 18, 15.5);
    cairo_stroke(cr);
    rounded(cr, 2, 15.8, 20, 2.4, 0.8);
    cairo_fill_preserve(cr);
    line(cr, 4, 18.5, 4, 22);
    line(cr, 20, 18.5, 20, 22);
}

/* Two coins before a note. */
static void
draw_cash(cairo_t *cr)
{
    rounded(cr, 2, 4, 20, 11, 1.2);
    cairo_new_sub_path(cr);
    cairo_arc(cr, 12, 9.5, 2.6, 0, ROUND);
    line(cr, 4.8, 9.5, 5.6, 9.5);
    line(cr, 18.4, 9.5, 19.2, 9.5);
    cairo_new_sub_path(cr);
    cairo_arc(cr, 8, 18.6, 3.2, 0, ROUND);
    cairo_new_sub_path(cr);
    cairo_arc(cr, 16.4, 18.6, 3.2, 0, ROUND);
    cairo_stroke(cr);
    cairo_arc(cr, 8, 18.6, 0.8, 0, ROUND);
    cairo_fill(cr);
}

/* A phone with a QR code on it. */
static void
draw_phone(cairo_t *cr)
{
    rounded(cr, 6, 1.8, 12, 20.4, 2);
    line(cr, 10.5, 19.6, 13.5, 19.6);
    cairo_stroke(cr);
    draw_corner(cr, 7.8, 5);
    draw_corner(cr, 12.4, 5);
    draw_corner(cr, 7.8, 10.6);
    cairo_rectangle(cr, 13, 11.2, 1.5, 1.5);
    cairo_rectangle(cr, 15, 13, 1.5, 1.5);
    cairo_fill(cr);
}

static void
draw_wait(cairo_t *cr)
{
    line(cr, 6, 2.5, 18, 2.5);
    line(cr, 6, 21.5, 18, 21.5);
    cairo_move_to(cr, 7.5, 2.5);
    cairo_curve_to(cr, 7.5, 9, 11, 9.5, 11, 12);
    cairo_curve_to(cr, 11, 14.5, 7.5, 15, 7.5, 21.5);
    cairo_move_to(cr, 16.5, 2.5);
    cairo_curve_to(cr, 16.5, 9, 13, 9.5, 13, 12);
    cairo_curve_to(cr, 13, 14.5, 16.5, 15, 16.5, 21.5);
    cairo_stroke(cr);
    cairo_move_to(cr, 9, 20.3);
    cairo_curve_to(cr, 9.4, 17.6, 11, 17, 12, 16.4);
    cairo_curve_to(cr, 13, 17, 14.6, 17.6, 15, 20.3);
    cairo_close_path(cr);
    cairo_fill(cr);
}

static void
draw_paper(cairo_t *cr)
{
    rounded(cr, 2.5, 3, 19, 7, 1.4);
    cairo_stroke(cr);
    rounded(cr, 6, 7, 12, 14.8, 0.8);
    for (int row = 0; row < 3; row++)
        line(cr, 8.5, 11.5 + 3 * row, row == 2 ? 12.5 : 15.5, 11.5 + 3 * row);
}

static void
draw_check(cairo_t *cr)
{
    cairo_arc(cr, 12, 12, 10, 0, ROUND);
    cairo_new_sub_path(cr);
    cairo_move_to(cr, 7, 12.5);
    cairo_line_to(cr, 10.6, 16);
    cairo_line_to(cr, 17, 8.5);
}

static void
draw_question(cairo_t *cr)
{
    cairo_arc(cr, 12, 12, 10, 0, ROUND);
    cairo_new_sub_path(cr);
    cairo_arc(cr, 12, 9.6, 3, G_PI, 2.4 * G_PI);
    cairo_curve_to(cr, 12.4, 12.6, 12, 12.8, 12, 14.4);
    cairo_stroke(cr);
    cairo_arc(cr, 12, 17.4, 1, 0, ROUND);
    cairo_fill(cr);
}

static void
draw_help(cairo_t *cr)
{
    cairo_arc(cr, 12, 8, 4.2, 0, ROUND);
    cairo_new_sub_path(cr);
    cairo_move_to(cr, 4, 21.5);
    cairo_curve_to(cr, 4, 12.5, 20, 12.5, 20, 21.5);
    cairo_close_path(cr);
}

static void
draw_back(cairo_t *cr)
{
    cairo_move_to(cr, 10, 5);
    cairo_line_to(cr, 3.5, 12);
    cairo_line_to(cr, 10, 19);
    line(cr, 4, 12, 21, 12);
}

static void
draw_large(cairo_t *cr)
{
    cairo_move_to(cr, 2, 20);
    cairo_line_to(cr, 8.5, 3.5);
    cairo_line_to(cr, 15, 20);
    line(cr, 4.4, 14.5, 12.6, 14.5);
    cairo_move_to(cr, 15, 12);
    cairo_line_to(cr, 18.8, 7);
    cairo_line_to(cr, 22.6, 12);
    line(cr, 18.8, 7.5, 18.8, 20);
}

static void
draw_contrast(cairo_t *cr)
{
    cairo_arc(cr, 12, 12, 9.5, 0, ROUND);
    cairo_stroke(cr);
    cairo_arc(cr, 12, 12, 9.5, -G_PI / 2, G_PI / 2);
    cairo_fill(cr);
}

static const struct {
    const char *name;
    void (*draw)(cairo_t *cr);
} drawings[] = {
    {"card", draw_card},   {"ticket", draw_ticket},     {"terminal", draw_terminal},
    {"desk", draw_desk},   {"wait", draw_wait},         {"paper", draw_paper},
    {"check", draw_check}, {"question", draw_question}, {"help", draw_help},
    {"cash", draw_cash},   {"phone", draw_phone},       {"back", draw_back},
    {"large", draw_large}, {"contrast", draw_contrast},
};

static void
kiosk_picture_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KioskPicture *picture = KIOSK_PICTURE(widget);
    double width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    double side = MIN(width, height);
    graphene_rect_t area = GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height);
    GdkRGBA colour;
    cairo_t *cr;

    if (side <= 0)
        return;
    gtk_style_context_get_color(gtk_widget_get_style_context(widget), &colour);
    cr = gtk_snapshot_append_cairo(snapshot, &area);
    cairo_translate(cr, (width - side) / 2, (height - side) / 2);
    cairo_scale(cr, side / SIDE, side / SIDE);
    gdk_cairo_set_source_rgba(cr, &colour);
    cairo_set_line_width(cr, PEN);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    for (size_t i = 0; i < G_N_ELEMENTS(drawings); i++)
        if (strcmp(drawings[i].name, picture->name) == 0)
            drawings[i].draw(cr);
    cairo_stroke(cr);
    cairo_destroy(cr);
}

static void
kiosk_picture_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    if (id == PROP_DRAWING)
        g_value_set_string(value, KIOSK_PICTURE(object)->name);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_picture_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    KioskPicture *picture = KIOSK_PICTURE(object);
    const char *name;

    if (id != PROP_DRAWING) {
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
        return;
    }
    name = g_value_get_string(value);
    g_free(picture->name);
    picture->name = g_strdup(name ? name : "");
    gtk_widget_set_visible(GTK_WIDGET(picture), picture->name[0] != '\0');
    gtk_widget_queue_draw(GTK_WIDGET(picture));
}

static void
kiosk_picture_finalize(GObject *object)
{
    g_free(KIOSK_PICTURE(object)->name);
    G_OBJECT_CLASS(kiosk_picture_parent_class)->finalize(object);
}

static void
kiosk_picture_class_init(KioskPictureClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    object_class->get_property = kiosk_picture_get_property;
    object_class->set_property = kiosk_picture_set_property;
    object_class->finalize = kiosk_picture_finalize;
    widget_class->snapshot = kiosk_picture_snapshot;
    g_object_class_install_property(
        object_class, PROP_DRAWING,
        g_param_spec_string("drawing", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
    gtk_widget_class_set_css_name(widget_class, "picture");
    /* The words beside it say the same. */
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
kiosk_picture_init(KioskPicture *picture)
{
    picture->name = g_strdup("");
    gtk_widget_set_visible(GTK_WIDGET(picture), FALSE);
}
