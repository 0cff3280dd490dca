/* SPDX-License-Identifier: Apache-2.0 */
/*
 * item - one line of a short list: words to bind to, and the key of what it stands for
 */
#include "item.h"

struct _DeskItem {
    GObject parent;
    char *key;
    char *texts[DESK_ITEM_TEXTS];
};

G_DEFINE_FINAL_TYPE(DeskItem, desk_item, G_TYPE_OBJECT)

static GParamSpec *properties[DESK_ITEM_TEXTS + 1];

static void
desk_item_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    if (id >= 1 && id <= DESK_ITEM_TEXTS)
        g_value_set_string(value, DESK_ITEM(object)->texts[id - 1]);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
desk_item_finalize(GObject *object)
{
    DeskItem *item = DESK_ITEM(object);

    g_free(item->key);
    for (unsigned i = 0; i < DESK_ITEM_TEXTS; i++)
        g_free(item->texts[i]);
    G_OBJECT_CLASS(desk_item_parent_class)->finalize(object);
}

static void
desk_item_class_init(DeskItemClass *class)
{
    static const char *const names[] = {
        [DESK_ITEM_TITLE] = "title", [DESK_ITEM_SUBTITLE] = "subtitle", [DESK_ITEM_TEXT] = "text",
        [DESK_ITEM_NOTE] = "note",   [DESK_ITEM_COUNT] = "count",       [DESK_ITEM_SIGN] = "sign",
        [DESK_ITEM_LEVEL] = "level", [DESK_ITEM_TIP] = "tip",           [DESK_ITEM_WHEN] = "when",
        [DESK_ITEM_WAY] = "way",     [DESK_ITEM_YEN] = "yen",           [DESK_ITEM_BACK] = "back",
        [DESK_ITEM_WHERE] = "where",
    };
    GObjectClass *object_class = G_OBJECT_CLASS(class);

    object_class->get_property = desk_item_get_property;
    object_class->finalize = desk_item_finalize;
    for (guint i = 0; i < DESK_ITEM_TEXTS; i++)
        properties[i + 1] = g_param_spec_string(names[i], NULL, NULL, "",
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties(object_class, DESK_ITEM_TEXTS + 1, properties);
}

static void
desk_item_init(DeskItem *item)
{
    for (unsigned i = 0; i < DESK_ITEM_TEXTS; i++)
        item->texts[i] = g_strdup("");
}

const char *
desk_item_key(DeskItem *item)
{
    return item->key;
}

const char *
desk_item_text(DeskItem *item, enum desk_item_text text)
{
    return item->texts[text];
}

static void
say(DeskItem *item, const struct desk_line *line)
{
    for (unsigned i = 0; i < DESK_ITEM_TEXTS; i++) {
        const char *text = line->texts[i] ? line->texts[i] : "";
        if (g_strcmp0(item->texts[i], text) == 0)
            continue;
        g_free(item->texts[i]);
        item->texts[i] = g_strdup(text);
        g_object_notify_by_pspec(G_OBJECT(item), properties[i + 1]);
    }
}

/* The item of the line: one of the list's own, or a new one. Owned by the caller. */
static DeskItem *
item_for(GListModel *list, const struct desk_line *line)
{
    DeskItem *item = desk_items_find(list, line->key);

    if (item) {
        g_object_ref(item);
    } else {
        item = g_object_new(DESK_TYPE_ITEM, NULL);
        item->key = g_strdup(line->key);
    }
    say(item, line);
    return item;
}

void
desk_items_show(GListStore *list, const struct desk_line *lines, size_t count)
{
    GListModel *model = G_LIST_MODEL(list);
    GPtrArray *fresh = g_ptr_array_new_with_free_func(g_object_unref);
    guint old = g_list_model_get_n_items(model), before = 0, behind = 0;

    for (size_t i = 0; i < count; i++)
        g_ptr_array_add(fresh, item_for(model, &lines[i]));
    for (; before < MIN(old, fresh->len); before++) {
        GObject *item = g_list_model_get_item(model, before);
        g_object_unref(item);
        if (item != g_ptr_array_index(fresh, before))
            break;
    }
    for (; behind < MIN(old, fresh->len) - before; behind++) {
        GObject *item = g_list_model_get_item(model, old - 1 - behind);
        g_object_unref(item);
        if (item != g_ptr_array_index(fresh, fresh->len - 1 - behind))
            break;
    }
    if (before + behind < MAX(old, fresh->len))
        g_list_store_splice(list, before, old - before - behind, fresh->pdata + before,
                            fresh->len - before - behind);
    g_ptr_array_unref(fresh);
}

DeskItem *
desk_items_find(GListModel *list, const char *key)
{
    for (guint i = 0; i < g_list_model_get_n_items(list); i++) {
        DeskItem *item = g_list_model_get_item(list, i);
        g_object_unref(item); /* the list holds it */
        if (g_strcmp0(item->key, key) == 0)
            return item;
    }
    return NULL;
}
