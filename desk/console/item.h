/* SPDX-License-Identifier: Apache-2.0 */
/*
 * item - one line of a short list: words to bind to, and the key of what it stands for
 *
 * For lists of tens of lines (queues, people, kiosks); the thousands are DeskRow.
 */
#pragma once

#include <gio/gio.h>

/* Properties, all text: "title", "subtitle", "text", "note", "count", "sign", "level" (a CSS class
 * of the line: "calm", "long", "late" or ""), "tip" (the whole line for assistive technology); for
 * the columns of tables "when", "way", "yen", "back" and "where". */
#define DESK_TYPE_ITEM (desk_item_get_type())
G_DECLARE_FINAL_TYPE(DeskItem, desk_item, DESK, ITEM, GObject)

enum desk_item_text {
    DESK_ITEM_TITLE,
    DESK_ITEM_SUBTITLE,
    DESK_ITEM_TEXT,
    DESK_ITEM_NOTE,
    DESK_ITEM_COUNT,
    DESK_ITEM_SIGN,
    DESK_ITEM_LEVEL,
    DESK_ITEM_TIP,
    DESK_ITEM_WHEN,
    DESK_ITEM_WAY,
    DESK_ITEM_YEN,
    DESK_ITEM_BACK,
    DESK_ITEM_WHERE,
    DESK_ITEM_TEXTS,
};

/* What a line says; texts are copied, NULL counts as "". */
struct desk_line {
    const char *key; /* tells lines apart */
    const char *texts[DESK_ITEM_TEXTS];
};

const char *desk_item_key(DeskItem *item);
const char *desk_item_text(DeskItem *item, enum desk_item_text text);

/*
 * Makes the list say these lines: an item whose key stays keeps its identity (and with it selection
 * and focus), what differs is one splice.
 */
void desk_items_show(GListStore *list, const struct desk_line *lines, size_t count);
/* The item with this key, NULL where there is none; not owned. */
DeskItem *desk_items_find(GListModel *list, const char *key);
