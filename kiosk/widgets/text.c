/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - a label that breaks lines between phrases and shows the glyphs of its language
 */
#include "widgets/text.h"

#include "languages.h"

#include <string.h>

#define MARK       '|'
#define ZERO_SPACE "\xe2\x80\x8b" /* U+200B: invisible, a line may end at it */

struct _KioskText {
    GtkWidget parent;
    GtkWidget *label;
    float xalign;
    gboolean is_said;
};

G_DEFINE_FINAL_TYPE(KioskText, kiosk_text, GTK_TYPE_WIDGET)

enum { PROP_LABEL = 1, PROP_XALIGN, PROP_IS_WHOLE, PROP_IS_SAID, PROP_SPOKEN };

char *
kiosk_text_plain(const char *label)
{
    char *plain = g_strdup(label ? label : "");
    char *to = plain;

    for (const char *from = plain; *from; from++)
        if (*from != MARK)
            *to++ = *from;
    *to = '\0';
    return plain;
}

/* Between phrases a line may end, inside it may not. */
static void
keep_phrase(PangoAttrList *attributes, size_t start, size_t end)
{
    PangoAttribute *attribute = pango_attr_allow_breaks_new(FALSE);

    attribute->start_index = (guint)start;
    attribute->end_index = (guint)end;
    pango_attr_list_insert(attributes, attribute);
}

/* Text with phrases kept together, their bounds as attributes. */
static char *
join_phrases(const char *label, PangoAttrList *attributes)
{
    GString *joined = g_string_new(NULL);

    while (*label) {
        size_t size = strcspn(label, "| \n");
        size_t start = joined->len;
        g_string_append_len(joined, label, (gssize)size);
        if (size > 0)
            keep_phrase(attributes, start, joined->len);
        label += size;
        if (*label == MARK)
            g_string_append(joined, ZERO_SPACE);
        else if (*label)
            g_string_append_c(joined, *label);
        if (*label)
            label++;
    }
    return g_string_free(joined, FALSE);
}

void
kiosk_text_set_label(KioskText *text, const char *label)
{
    /* Nobody's language: that of the house. */
    const struct kiosk_language *language =
        text->is_said ? kiosk_languages(&(size_t){0}) : kiosk_language_current();
    PangoAttrList *attributes = pango_attr_list_new();
    bool has_phrases =
        label && !text->is_said && (strchr(label, MARK) || strcmp(language->code, "ja@easy") == 0);
    char *shown = has_phrases ? join_phrases(label, attributes) : g_strdup(label ? label : "");

    pango_attr_list_insert(attributes,
                           pango_attr_language_new(pango_language_from_string(language->tag)));
    gtk_label_set_attributes(GTK_LABEL(text->label), attributes);
    gtk_label_set_text(GTK_LABEL(text->label), shown);
    gtk_widget_set_visible(GTK_WIDGET(text), shown[0] != '\0');
    pango_attr_list_unref(attributes);
    explicit_bzero(shown, strlen(shown));
    g_free(shown);
    g_object_notify(G_OBJECT(text), "label");
}

static void
kiosk_text_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    KioskText *text = KIOSK_TEXT(object);

    if (id == PROP_LABEL)
        g_value_set_string(value, gtk_label_get_text(GTK_LABEL(text->label)));
    else if (id == PROP_XALIGN)
        g_value_set_float(value, text->xalign);
    else if (id == PROP_IS_WHOLE)
        g_value_set_boolean(value, !gtk_label_get_wrap(GTK_LABEL(text->label)));
    else if (id == PROP_IS_SAID)
        g_value_set_boolean(value, text->is_said);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_text_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    KioskText *text = KIOSK_TEXT(object);

    if (id == PROP_LABEL)
        kiosk_text_set_label(text, g_value_get_string(value));
    else if (id == PROP_XALIGN) {
        text->xalign = g_value_get_float(value);
        gtk_label_set_xalign(GTK_LABEL(text->label), text->xalign);
        gtk_label_set_justify(GTK_LABEL(text->label), text->xalign > 0.9f   ? GTK_JUSTIFY_RIGHT
                                                      : text->xalign > 0.1f ? GTK_JUSTIFY_CENTER
                                                                            : GTK_JUSTIFY_LEFT);
    } else if (id == PROP_IS_WHOLE)
        gtk_label_set_wrap(GTK_LABEL(text->label), !g_value_get_boolean(value));
    else if (id == PROP_SPOKEN)
        gtk_accessible_update_property(GTK_ACCESSIBLE(text->label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       g_value_get_string(value), -1);
    else if (id == PROP_IS_SAID) {
        text->is_said = g_value_get_boolean(value);
        gtk_label_set_wrap_mode(GTK_LABEL(text->label),
                                text->is_said ? PANGO_WRAP_WORD_CHAR : PANGO_WRAP_WORD);
    } else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_text_dispose(GObject *object)
{
    KioskText *text = KIOSK_TEXT(object);

    g_clear_pointer(&text->label, gtk_widget_unparent);
    G_OBJECT_CLASS(kiosk_text_parent_class)->dispose(object);
}

static void
kiosk_text_class_init(KioskTextClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

    object_class->get_property = kiosk_text_get_property;
    object_class->set_property = kiosk_text_set_property;
    object_class->dispose = kiosk_text_dispose;
    g_object_class_install_property(object_class, PROP_LABEL,
                                    g_param_spec_string("label", NULL, NULL, "", flags));
    g_object_class_install_property(object_class, PROP_XALIGN,
                                    g_param_spec_float("xalign", NULL, NULL, 0, 1, 0, flags));
    g_object_class_install_property(object_class, PROP_IS_WHOLE,
                                    g_param_spec_boolean("is-whole", NULL, NULL, FALSE, flags));
    g_object_class_install_property(object_class, PROP_IS_SAID,
                                    g_param_spec_boolean("is-said", NULL, NULL, FALSE, flags));
    g_object_class_install_property(
        object_class, PROP_SPOKEN,
        g_param_spec_string("spoken", NULL, NULL, "",
                            G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(widget_class, "text");
}

static void
kiosk_text_init(KioskText *text)
{
    text->label = gtk_label_new(NULL);
    gtk_label_set_wrap(GTK_LABEL(text->label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(text->label), PANGO_WRAP_WORD);
    gtk_label_set_xalign(GTK_LABEL(text->label), 0);
    gtk_widget_set_parent(text->label, GTK_WIDGET(text));
    gtk_widget_set_visible(GTK_WIDGET(text), FALSE);
}
