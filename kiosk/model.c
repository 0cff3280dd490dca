/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model - the object that the screens bind to
 */
#include "model-private.h"

#include "languages.h"

#include <string.h>

G_DEFINE_FINAL_TYPE(KioskModel, kiosk_model, G_TYPE_OBJECT)

enum {
    PROP_LANGUAGE = KIOSK_MODEL_TEXT_COUNT + 1,
    PROP_IS_LARGE,
    PROP_HAS_CONTRAST,
    PROP_SHUFFLE,
    PROP_SECRET,
    PROP_LINES,
    PROP_FLAGS,
    PROP_COUNT = PROP_FLAGS + KIOSK_MODEL_FLAG_COUNT,
};

static GParamSpec *properties[PROP_COUNT];
static guint page_changed;

static void
kiosk_model_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    KioskModel *model = KIOSK_MODEL(object);

    if (id >= 1 && id <= KIOSK_MODEL_TEXT_COUNT)
        g_value_set_string(value, model->texts[id - 1]);
    else if (id == PROP_LANGUAGE)
        g_value_set_string(value, model->language);
    else if (id == PROP_IS_LARGE)
        g_value_set_boolean(value, model->is_large);
    else if (id == PROP_HAS_CONTRAST)
        g_value_set_boolean(value, model->has_contrast);
    else if (id == PROP_SHUFFLE)
        g_value_set_pointer(value, model->shuffle);
    else if (id >= PROP_FLAGS && id < PROP_COUNT)
        g_value_set_boolean(value, model->flags[id - PROP_FLAGS]);
    else if (id == PROP_SECRET)
        g_value_set_pointer(value, model->secret);
    else if (id == PROP_LINES)
        g_value_set_object(value, model->lines);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

/* What was shown is personal: it is cleared before its memory is given back. */
static void
drop_text(char **text)
{
    if (*text)
        explicit_bzero(*text, strlen(*text));
    g_clear_pointer(text, g_free);
}

static void
kiosk_model_finalize(GObject *object)
{
    KioskModel *model = KIOSK_MODEL(object);

    for (unsigned i = 0; i < KIOSK_MODEL_TEXT_COUNT; i++)
        drop_text(&model->texts[i]);
    g_clear_object(&model->lines);
    g_free(model->language);
    G_OBJECT_CLASS(kiosk_model_parent_class)->finalize(object);
}

static void
kiosk_model_class_init(KioskModelClass *class)
{
    static const char *const names[] = {
#define KIOSK_TEXT(name, property) property,
        KIOSK_MODEL_TEXTS(KIOSK_TEXT)
#undef KIOSK_TEXT
    };
    static const char *const flag_names[] = {
#define KIOSK_FLAG(name, property) property,
        KIOSK_MODEL_FLAGS(KIOSK_FLAG)
#undef KIOSK_FLAG
    };
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
    GObjectClass *object_class = G_OBJECT_CLASS(class);

    object_class->get_property = kiosk_model_get_property;
    object_class->finalize = kiosk_model_finalize;
    for (unsigned i = 0; i < KIOSK_MODEL_TEXT_COUNT; i++)
        properties[i + 1] = g_param_spec_string(names[i], NULL, NULL, "", flags);
    properties[PROP_LANGUAGE] = g_param_spec_string("language", NULL, NULL, "ja", flags);
    properties[PROP_IS_LARGE] = g_param_spec_boolean("is-large", NULL, NULL, FALSE, flags);
    properties[PROP_HAS_CONTRAST] = g_param_spec_boolean("has-contrast", NULL, NULL, FALSE, flags);
    properties[PROP_SHUFFLE] = g_param_spec_pointer("shuffle", NULL, NULL, flags);
    for (unsigned i = 0; i < KIOSK_MODEL_FLAG_COUNT; i++)
        properties[PROP_FLAGS + i] = g_param_spec_boolean(flag_names[i], NULL, NULL, FALSE, flags);
    properties[PROP_SECRET] = g_param_spec_pointer("secret", NULL, NULL, flags);
    properties[PROP_LINES] = g_param_spec_object("lines", NULL, NULL, G_TYPE_LIST_MODEL, flags);
    g_object_class_install_properties(object_class, PROP_COUNT, properties);
    page_changed = g_signal_new("page-changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kiosk_model_init(KioskModel *model)
{
    model->lines = G_LIST_MODEL(g_list_store_new(KIOSK_TYPE_LINE));
    model->language = g_strdup("ja");
    for (unsigned i = 0; i < KIOSK_MODEL_TEXT_COUNT; i++)
        model->texts[i] = g_strdup("");
}

KioskModel *
kiosk_model_new(struct kiosk_secret *secret)
{
    KioskModel *model = g_object_new(KIOSK_TYPE_MODEL, NULL);

    model->secret = secret;
    return model;
}

void
kiosk_model_set_text(KioskModel *model, enum kiosk_model_text id, const char *text)
{
    if (strcmp(model->texts[id], text) == 0)
        return;
    drop_text(&model->texts[id]);
    model->texts[id] = g_strdup(text);
    g_object_notify_by_pspec(G_OBJECT(model), properties[id + 1]);
}

static void
set_flag(KioskModel *model, gboolean *flag, gboolean value, unsigned property)
{
    if (*flag == value)
        return;
    *flag = value;
    g_object_notify_by_pspec(G_OBJECT(model), properties[property]);
}

void
kiosk_model_set_flag(KioskModel *model, enum kiosk_model_flag id, gboolean value)
{
    set_flag(model, &model->flags[id], value, PROP_FLAGS + id);
}

void
kiosk_model_change_page(KioskModel *model, enum sugu_kiosk_state state)
{
    model->state = state;
    g_signal_emit(model, page_changed, 0);
}

enum sugu_kiosk_state
kiosk_model_state(KioskModel *model)
{
    return model->state;
}

void
kiosk_model_set_language(KioskModel *model, const char *code)
{
    const struct kiosk_language *language = kiosk_language_find(code);

    kiosk_language_use(language->code);
    if (strcmp(model->language, language->code) == 0)
        return;
    g_free(model->language);
    model->language = g_strdup(language->code);
    g_object_notify_by_pspec(G_OBJECT(model), properties[PROP_LANGUAGE]);
}

void
kiosk_model_set_large(KioskModel *model, gboolean is_large)
{
    set_flag(model, &model->is_large, is_large, PROP_IS_LARGE);
}

void
kiosk_model_set_contrast(KioskModel *model, gboolean has_contrast)
{
    set_flag(model, &model->has_contrast, has_contrast, PROP_HAS_CONTRAST);
}

void
kiosk_model_set_shuffle(KioskModel *model, struct sugu_random *random)
{
    model->shuffle = random;
    g_object_notify_by_pspec(G_OBJECT(model), properties[PROP_SHUFFLE]);
}

void
kiosk_model_reset_view(KioskModel *model, const char *language)
{
    kiosk_model_set_language(model, language);
    kiosk_model_set_large(model, FALSE);
    kiosk_model_set_contrast(model, FALSE);
}

const char *
kiosk_model_language(KioskModel *model)
{
    return model->language;
}

gboolean
kiosk_model_is_large(KioskModel *model)
{
    return model->is_large;
}

gboolean
kiosk_model_has_contrast(KioskModel *model)
{
    return model->has_contrast;
}
