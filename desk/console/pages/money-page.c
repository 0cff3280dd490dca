/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money-page - a bill's money: what waits, what was tried and given back, and what a desk can do
 */
#include "pages/pages.h"

#include "model-money.h"
#include "model-tasks.h"
#include "pages/item-list.h"
#include "widgets/key-button.h"
#include "widgets/money-form.h"
#include "widgets/table.h"

#include <glib/gi18n.h>

#include <string.h>

#define COLUMNS       5
#define COLUMNS_LARGE 3

struct _DeskMoneyPage {
    DeskPage parent;
    GtkSearchEntry *search;
    GtkListView *people, *tasks, *bills;
    GtkWidget *people_box, *bills_box;
    GtkColumnView *attempts, *refunds;
    GtkWidget *tables, *refunds_box;
    DeskMoneyForm *form;
    GtkGrid *verbs;
    GtkWidget *buttons[DESK_MONEY_VERB_COUNT];
    bool is_choosing; /* a selection is taken back by us */
};

G_DEFINE_FINAL_TYPE(DeskMoneyPage, desk_money_page, DESK_TYPE_PAGE)

static const struct desk_table_column attempt_columns[] = {
    {NC_("column", "Time"), DESK_ITEM_WHEN, .is_whole = true},
    {NC_("column", "What"), DESK_ITEM_TITLE, .is_whole = true},
    {NC_("column", "Way"), DESK_ITEM_WAY, .expands = true},
    {NC_("column", "State"), DESK_ITEM_TEXT, .is_whole = true},
    {NC_("column", "Yen"), DESK_ITEM_YEN, .is_number = true},
    {NC_("column", "Of it back"), DESK_ITEM_BACK, .is_number = true},
    {NC_("column", "Place"), DESK_ITEM_WHERE},
    {NC_("column", "Note"), DESK_ITEM_NOTE, .expands = true},
};
static const struct desk_table_column refund_columns[] = {
    {NC_("column", "Time"), DESK_ITEM_WHEN, .is_whole = true},
    {NC_("column", "Reason"), DESK_ITEM_TITLE},
    {NC_("column", "Way"), DESK_ITEM_WAY},
    {NC_("column", "State"), DESK_ITEM_TEXT, .is_whole = true},
    {NC_("column", "Yen"), DESK_ITEM_YEN, .is_number = true},
    {NC_("column", "Ordered by"), DESK_ITEM_WHERE},
    {NC_("column", "Decided by"), DESK_ITEM_BACK},
    {NC_("column", "Note"), DESK_ITEM_NOTE, .expands = true},
};

static DeskModel *
model_of(DeskMoneyPage *page)
{
    return desk_page_model(DESK_PAGE(page));
}

/* ---------------------------------------------------------------- whose money */

static const char *
person_number(DeskMoneyPage *page)
{
    DeskItem *item = gtk_single_selection_get_selected_item(desk_item_list_selection(page->people));

    return item ? desk_item_text(item, DESK_ITEM_COUNT) : "";
}

/* What the lists at the side say: a task, else a bill of a person, else the person. */
static struct desk_subject
chosen_subject(DeskMoneyPage *page)
{
    struct desk_subject subject = {.visit = {{0}}};

    if (!desk_model_find_task(model_of(page), desk_item_list_key(page->tasks), &subject) &&
        !desk_model_find_bill(model_of(page), desk_item_list_key(page->bills), &subject))
        g_strlcpy(subject.words, person_number(page), sizeof subject.words);
    return subject;
}

static void
look(DeskMoneyPage *page)
{
    struct desk_subject subject = chosen_subject(page);

    desk_model_look_at_subject(model_of(page), &subject);
}

/* One of the lists at the side says who is looked at. */
static void
unselect(DeskMoneyPage *page, GtkListView *list)
{
    page->is_choosing = true;
    gtk_single_selection_set_selected(desk_item_list_selection(list), GTK_INVALID_LIST_POSITION);
    page->is_choosing = false;
}

/* The bills of whoever is chosen among the people found; of nobody, they go away. */
static void
find_bills(DeskMoneyPage *page, const char *patient)
{
    desk_page_do(DESK_PAGE(page), "find-bills", g_variant_new_string(patient));
}

static void
on_task(GtkSingleSelection *selection, GParamSpec *spec, DeskMoneyPage *page)
{
    (void)spec;
    if (page->is_choosing)
        return;
    if (gtk_single_selection_get_selected_item(selection)) {
        unselect(page, page->people);
        find_bills(page, "");
    }
    look(page);
}

static void
on_bill(GtkSingleSelection *selection, GParamSpec *spec, DeskMoneyPage *page)
{
    (void)spec;
    if (page->is_choosing)
        return;
    if (gtk_single_selection_get_selected_item(selection))
        unselect(page, page->tasks);
    look(page);
}

static void
show_bills(DeskModel *model, GParamSpec *spec, DeskMoneyPage *page)
{
    (void)spec;
    gtk_widget_set_visible(page->bills_box, desk_model_text(model, DESK_MODEL_BILLS_TITLE)[0]);
}

static void
on_person(GtkSingleSelection *selection, GParamSpec *spec, DeskMoneyPage *page)
{
    (void)spec;
    if (page->is_choosing)
        return;
    if (gtk_single_selection_get_selected_item(selection))
        unselect(page, page->tasks);
    if (!gtk_widget_get_mapped(GTK_WIDGET(page)))
        return;
    find_bills(page, desk_item_list_key(page->people));
    look(page);
}

/* The only one who was found is the one who was looked for. */
static void
on_found(GListModel *people, guint position, guint removed, guint added, DeskMoneyPage *page)
{
    guint count = g_list_model_get_n_items(people);

    (void)position;
    (void)removed;
    (void)added;
    gtk_widget_set_visible(page->people_box, count > 0);
    if (count == 0 || !gtk_widget_get_mapped(GTK_WIDGET(page)))
        return;
    if (count == 1)
        gtk_single_selection_set_selected(desk_item_list_selection(page->people), 0);
    gtk_widget_grab_focus(GTK_WIDGET(page->people));
}

/* A ticket's number is looked up itself: its bill has money also after its patient has left. */
static void
on_search(GtkSearchEntry *search, DeskMoneyPage *page)
{
    const char *text = gtk_editable_get_text(GTK_EDITABLE(search));
    char series[2], number[SUGU_TICKET_NUMBER_SIZE];
    uint32_t count;

    /* Digits alone may be a patient's number too: the server looks for both. */
    if (!sugu_ticket_number_parse(text, series, &count) || !series[0]) {
        desk_page_do(DESK_PAGE(page), "find", g_variant_new_string(text));
        return;
    }
    unselect(page, page->people);
    unselect(page, page->tasks);
    find_bills(page, "");
    sugu_ticket_number_format(number, series, count);
    desk_model_look_at(model_of(page), number);
    gtk_root_set_focus(gtk_widget_get_root(GTK_WIDGET(page)), NULL); /* letters are verbs now */
}

void
desk_money_page_enter(DeskMoneyPage *page)
{
    if (!desk_model_subject(model_of(page))[0])
        desk_money_page_search(page);
    else if (!gtk_widget_grab_focus(GTK_WIDGET(page->attempts)))
        gtk_root_set_focus(gtk_widget_get_root(GTK_WIDGET(page)), NULL);
}

void
desk_money_page_search(DeskMoneyPage *page)
{
    gtk_widget_grab_focus(GTK_WIDGET(page->search));
    gtk_editable_select_region(GTK_EDITABLE(page->search), 0, -1);
}

/* Who was looked at on the page before is meant here too. */
static void
on_map(DeskMoneyPage *page, void *user)
{
    struct desk_subject chosen = chosen_subject(page);
    const char *subject = desk_model_subject(model_of(page));

    (void)user;
    if (subject[0] && strcmp(subject, chosen.words) != 0) {
        unselect(page, page->people);
        unselect(page, page->tasks);
        unselect(page, page->bills);
    } else {
        look(page);
    }
    desk_model_want_money(model_of(page), true);
}

static void
on_unmap(DeskMoneyPage *page, void *user)
{
    (void)user;
    if (model_of(page))
        desk_model_want_money(model_of(page), false);
}

/* ---------------------------------------------------------------- the tables */

static void
on_attempt(GtkSingleSelection *selection, GParamSpec *spec, DeskMoneyPage *page)
{
    (void)selection;
    (void)spec;
    desk_model_choose_attempt(model_of(page), desk_table_key(page->attempts));
}

static void
on_refund(GtkSingleSelection *selection, GParamSpec *spec, DeskMoneyPage *page)
{
    (void)selection;
    (void)spec;
    desk_model_choose_refund(model_of(page), desk_table_key(page->refunds));
}

static void
show_tables(DeskModel *model, GParamSpec *spec, DeskMoneyPage *page)
{
    (void)spec;
    gtk_widget_set_visible(page->tables, desk_model_text(model, DESK_MODEL_MONEY_TOTAL)[0]);
    gtk_widget_set_visible(page->refunds_box, desk_model_text(model, DESK_MODEL_REFUNDS_TITLE)[0]);
}

static void
start_tables(DeskMoneyPage *page)
{
    GListModel *attempts, *refunds;

    g_object_get(model_of(page), "attempts", &attempts, "refunds", &refunds, NULL);
    desk_table_start(page->attempts, attempts, attempt_columns, G_N_ELEMENTS(attempt_columns),
                     _("What was tried and taken"));
    desk_table_start(page->refunds, refunds, refund_columns, G_N_ELEMENTS(refund_columns),
                     _("What goes back"));
    g_signal_connect_object(desk_table_selection(page->attempts), "notify::selected",
                            G_CALLBACK(on_attempt), page, 0);
    g_signal_connect_object(desk_table_selection(page->refunds), "notify::selected",
                            G_CALLBACK(on_refund), page, 0);
    g_object_unref(attempts);
    g_object_unref(refunds);
    g_signal_connect(model_of(page), "notify::money-total", G_CALLBACK(show_tables), page);
    g_signal_connect(model_of(page), "notify::refunds-title", G_CALLBACK(show_tables), page);
    show_tables(model_of(page), NULL, page);
}

/* ---------------------------------------------------------------- verbs */

static void
press(DeskMoneyPage *page, enum desk_money_verb verb)
{
    if (desk_page_can(DESK_PAGE(page), desk_money_verb_find(verb)->action))
        desk_model_open_form(model_of(page), verb);
}

bool
desk_money_page_key(DeskMoneyPage *page, guint key)
{
    if (desk_money_form_key(page->form, key))
        return true;
    for (unsigned verb = 0; verb < DESK_MONEY_VERB_COUNT; verb++)
        if (gdk_keyval_to_lower(key) ==
            (guint)desk_money_verb_find((enum desk_money_verb)verb)->key) {
            press(page, (enum desk_money_verb)verb);
            return true;
        }
    return false;
}

static void
on_clicked(GtkWidget *button, DeskMoneyPage *page)
{
    for (unsigned verb = 0; verb < DESK_MONEY_VERB_COUNT; verb++)
        if (page->buttons[verb] == button)
            press(page, (enum desk_money_verb)verb);
}

static void
lay_out(DeskMoneyPage *page)
{
    desk_key_grid_lay_out(page->verbs, COLUMNS, COLUMNS_LARGE);
}

/* What is rarely possible is only there when it is. */
static void
show_verb(DeskMoneyPage *page, unsigned verb, bool is_enabled)
{
    gtk_widget_set_sensitive(page->buttons[verb], is_enabled);
    gtk_widget_set_visible(page->buttons[verb], is_enabled || verb < DESK_MONEY_CHANGE);
    lay_out(page);
}

static void
on_enabled(GActionGroup *actions, const char *name, gboolean is_enabled, DeskMoneyPage *page)
{
    (void)actions;
    for (unsigned verb = 0; verb < DESK_MONEY_VERB_COUNT; verb++)
        if (g_str_equal(desk_money_verb_find((enum desk_money_verb)verb)->action, name))
            show_verb(page, verb, is_enabled);
}

static void
add_buttons(DeskMoneyPage *page)
{
    for (unsigned verb = 0; verb < DESK_MONEY_VERB_COUNT; verb++) {
        page->buttons[verb] =
            desk_key_button_new(desk_money_verb_find((enum desk_money_verb)verb)->key,
                                desk_money_verb_label((enum desk_money_verb)verb));
        gtk_grid_attach(page->verbs, page->buttons[verb], 0, 0, 1, 1);
        show_verb(page, verb, false);
        g_signal_connect(page->buttons[verb], "clicked", G_CALLBACK(on_clicked), page);
    }
    g_signal_connect_object(gtk_settings_get_default(), "notify::gtk-xft-dpi", G_CALLBACK(lay_out),
                            page, G_CONNECT_SWAPPED);
}

/* ---------------------------------------------------------------- the object */

static void
start_lists(DeskMoneyPage *page)
{
    desk_item_list_start(page->people, model_of(page), "people");
    desk_item_list_start(page->tasks, model_of(page), "tasks");
    desk_item_list_start(page->bills, model_of(page), "bills");
    g_signal_connect_object(desk_item_list_selection(page->bills), "notify::selected",
                            G_CALLBACK(on_bill), page, 0);
    g_signal_connect(model_of(page), "notify::bills-title", G_CALLBACK(show_bills), page);
    show_bills(model_of(page), NULL, page);
    g_signal_connect_object(desk_item_list_selection(page->people), "notify::selected",
                            G_CALLBACK(on_person), page, 0);
    g_signal_connect_object(desk_item_list_selection(page->people), "items-changed",
                            G_CALLBACK(on_found), page, G_CONNECT_AFTER);
    g_signal_connect_object(desk_item_list_selection(page->tasks), "notify::selected",
                            G_CALLBACK(on_task), page, 0);
    on_found(G_LIST_MODEL(desk_item_list_selection(page->people)), 0, 0, 0, page);
}

static void
desk_money_page_ready(DeskPage *base)
{
    DeskMoneyPage *page = DESK_MONEY_PAGE(base);
    GActionGroup *actions;

    start_lists(page);
    start_tables(page);
    g_object_get(page, "actions", &actions, NULL);
    g_signal_connect(actions, "action-enabled-changed", G_CALLBACK(on_enabled), page);
    for (unsigned verb = 0; verb < DESK_MONEY_VERB_COUNT; verb++)
        show_verb(page, verb,
                  desk_page_can(base, desk_money_verb_find((enum desk_money_verb)verb)->action));
    g_object_unref(actions);
    g_signal_connect(page, "map", G_CALLBACK(on_map), NULL);
    g_signal_connect(page, "unmap", G_CALLBACK(on_unmap), NULL);
}

static void
desk_money_page_class_init(DeskMoneyPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    DESK_PAGE_CLASS(class)->ready = desk_money_page_ready;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                DESK_RESOURCES "/pages/money-page.ui");
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyPage, search);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyPage, people);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyPage, people_box);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyPage, tasks);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyPage, bills);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyPage, bills_box);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyPage, attempts);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyPage, refunds);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyPage, tables);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyPage, refunds_box);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyPage, form);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyPage, verbs);
}

static void
desk_money_page_init(DeskMoneyPage *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
    add_buttons(page);
    g_signal_connect(page->search, "activate", G_CALLBACK(on_search), page);
}
