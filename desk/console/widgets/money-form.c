/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money-form - what a verb about money has to know: amount, way or reason, why; then the question
 * whether that is meant
 */
#include "widgets/money-form.h"

#include "domain/card-number.h"
#include "model-money.h"
#include "widgets/line.h"
#include "words-money.h"

#include <glib/gi18n.h>

#include <string.h>

#define LINES_MAX 300

struct _DeskMoneyForm {
    DeskPage parent;
    GtkWidget *box, *amount_row, *choice_row, *provider_row, *note_row, *lines_row, *fields;
    GtkLabel *title, *choice_label, *note_label;
    GtkSpinButton *amount;
    GtkDropDown *choice;
    GtkEntry *provider, *note;
    GtkCheckButton *by_hand;
    GtkListView *lines;
    GtkWidget *sentence;
    GtkButton *go, *cancel, *yes, *no;
    GtkWidget *steps, *question;
    bool is_filling; /* the fields are set by us */
};

G_DEFINE_FINAL_TYPE(DeskMoneyForm, desk_money_form, DESK_TYPE_PAGE)

static const struct desk_money_form *
form_of(DeskMoneyForm *form)
{
    return desk_model_form(desk_page_model(DESK_PAGE(form)));
}

static bool
is_decision(enum desk_money_verb verb)
{
    return verb == DESK_MONEY_GRANT || verb == DESK_MONEY_DENY;
}

/* ---------------------------------------------------------------- what is filled in */

static const Sugu__AttemptState outcomes[] = {SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED,
                                              SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED,
                                              SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED};

static const char *
outcome_words(guint choice)
{
    static const char *const names[] = {
        NC_("outcome", "The money was taken"),
        NC_("outcome", "Nothing was taken"),
        NC_("outcome", "It was taken and undone"),
    };

    return g_dpgettext2(NULL, "outcome", names[MIN(choice, G_N_ELEMENTS(names) - 1)]);
}

/* Of what moves no money. */
static const char *
held_words(guint choice)
{
    return choice == 0 ? C_("outcome", "It was done") : C_("outcome", "It was not done");
}

/* The attempt that a person found out about, where it moves no money; NULL where it does. */
static const Sugu__Attempt *
held_of(DeskMoneyForm *form)
{
    const Sugu__Attempt *attempt = desk_model_form_attempt(desk_page_model(DESK_PAGE(form)));
    bool is_held =
        form_of(form)->verb == DESK_MONEY_RESOLVE && attempt && desk_attempt_moves_nothing(attempt);

    return is_held ? attempt : NULL;
}

/* Of those kinds only a hold has an amount, and a number by which it is taken out of. */
static bool
is_amount_held(const Sugu__Attempt *held)
{
    return held->kind == SUGU__ATTEMPT_KIND__ATTEMPT_HOLD && held->amount_yen > 0;
}

static const char *
choice_words(enum desk_money_verb verb, guint choice)
{
    if (verb == DESK_MONEY_SETTLE)
        return desk_words_desk_money((Sugu__DeskMoney)choice);
    if (verb == DESK_MONEY_REFUND)
        return desk_words_refund_reason((Sugu__RefundReason)choice);
    return outcome_words(choice);
}

static guint
choice_of(DeskMoneyForm *form)
{
    guint choice = gtk_drop_down_get_selected(form->choice);

    return choice == GTK_INVALID_LIST_POSITION ? 0 : choice;
}

static int64_t
amount_of(DeskMoneyForm *form)
{
    return gtk_spin_button_get_value_as_int(form->amount);
}

static const char *
note_of(DeskMoneyForm *form)
{
    return gtk_editable_get_text(GTK_EDITABLE(form->note));
}

static const char *
provider_of(DeskMoneyForm *form)
{
    return gtk_editable_get_text(GTK_EDITABLE(form->provider));
}

/* What could not go back is handed over here. */
static bool
is_by_hand(DeskMoneyForm *form)
{
    return gtk_widget_get_visible(GTK_WIDGET(form->by_hand)) &&
           gtk_check_button_get_active(form->by_hand);
}

/* The most that the open form may be about. */
static int64_t
most_of(DeskMoneyForm *form)
{
    DeskModel *model = desk_page_model(DESK_PAGE(form));
    const Sugu__Money *money = desk_model_money(model);
    const Sugu__Attempt *attempt = desk_model_form_attempt(model);
    const Sugu__Attempt *held = held_of(form);

    if (held)
        return choice_of(form) == 0 && is_amount_held(held) ? held->amount_yen : 0;
    if (!money)
        return 0;
    if (form_of(form)->verb == DESK_MONEY_SETTLE)
        return desk_money_due_yen(money);
    if (form_of(form)->verb == DESK_MONEY_CHANGE)
        return money->change_owed_yen;
    if (!attempt)
        return 0;
    if (form_of(form)->verb == DESK_MONEY_REFUND)
        return desk_money_refund_most_yen(money, attempt, (Sugu__RefundReason)choice_of(form));
    return choice_of(form) == 0 ? attempt->amount_yen : 0;
}

/* ---------------------------------------------------------------- the sentence */

static bool
needs_note(enum desk_money_verb verb)
{
    return verb == DESK_MONEY_REFUND || verb == DESK_MONEY_RESOLVE || desk_money_is_of_card(verb);
}

/* What is missing, NULL where nothing is. */
static const char *
find_missing(DeskMoneyForm *form)
{
    enum desk_money_verb verb = form_of(form)->verb;
    const Sugu__Attempt *held = held_of(form);
    bool has_yen = !desk_money_is_of_card(verb) &&
                   (verb != DESK_MONEY_RESOLVE || choice_of(form) == 0) &&
                   (!held || is_amount_held(held));

    if (is_decision(verb))
        return NULL;
    if (has_yen && most_of(form) == 0)
        return C_("money", "Nothing can go back for this reason.");
    if (has_yen && amount_of(form) == 0)
        return C_("money", "Say how much.");
    if (sugu_card_number_is_in(note_of(form)) || sugu_card_number_is_all(provider_of(form)))
        return C_("money", "A card number must not be written down. Its last four digits may.");
    if (held && has_yen && !provider_of(form)[0])
        return C_("money", "Write down the number of the hold in the provider's list.");
    if (needs_note(verb) && !note_of(form)[0])
        return C_("money", "Say why: the books need a reason.");
    return NULL;
}

static char *
settle_sentence(DeskMoneyForm *form, const char *yen)
{
    char rest[DESK_WORDS_SIZE];

    desk_words_yen(rest, most_of(form) - amount_of(form));
    return g_strdup_printf(C_("money", "Taken: %s, %s. Due afterwards: %s."), yen,
                           choice_words(DESK_MONEY_SETTLE, choice_of(form)), rest);
}

static char *
refund_sentence(DeskMoneyForm *form, const char *yen)
{
    const Sugu__Attempt *attempt = desk_model_form_attempt(desk_page_model(DESK_PAGE(form)));
    char way[DESK_WORDS_SIZE];

    if (!attempt)
        return g_strdup("");
    if (is_by_hand(form))
        return g_strdup_printf(C_("money", "%s is handed over at a desk as soon as another person "
                                           "has agreed."),
                               yen);
    if (desk_attempt_goes_back_by_hand(attempt))
        return g_strdup_printf(
            C_("money", "%s is handed over here, at the desk. Above the limit another person has "
                        "to agree first; then it is handed over after that."),
            yen);
    return g_strdup_printf(C_("money", "%s goes back to where it came from: %s. Above the limit "
                                       "another person has to agree first."),
                           yen, desk_words_way(way, attempt));
}

static char *
decision_sentence(DeskMoneyForm *form)
{
    DeskModel *model = desk_page_model(DESK_PAGE(form));
    const Sugu__Refund *refund = desk_model_form_refund(model);
    const Sugu__Attempt *original =
        refund ? desk_money_find_attempt(desk_model_money(model), &refund->original) : NULL;
    char yen[DESK_WORDS_SIZE];

    if (!refund)
        return g_strdup("");
    desk_words_yen(yen, refund->amount_yen);
    if (form_of(form)->verb == DESK_MONEY_GRANT && original &&
        (refund->is_by_hand || desk_attempt_goes_back_by_hand(original)))
        return g_strdup_printf(
            C_("money", "You agree and hand over %s at this desk now. Ordered by %s: %s"), yen,
            refund->ordered_by, refund->note);
    if (form_of(form)->verb == DESK_MONEY_GRANT)
        return g_strdup_printf(C_("money", "You agree: %s goes back. Ordered by %s: %s"), yen,
                               refund->ordered_by, refund->note);
    return g_strdup_printf(C_("money", "You refuse: %s does not go back. Ordered by %s: %s"), yen,
                           refund->ordered_by, refund->note);
}

/* What follows from it. */
static char *
held_sentence(DeskMoneyForm *form, const Sugu__Attempt *held, const char *yen)
{
    bool is_done = choice_of(form) == 0;

    if (held->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER)
        return g_strdup(
            is_done
                ? C_("money", "The card cannot pay: nobody here knows what the provider calls it. "
                              "Delete it there; the patient may register it once more.")
                : C_("money", "No card was registered. The patient may register it once more."));
    if (held->kind == SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE)
        return g_strdup(is_done ? C_("money", "Nothing is held on the card any more.")
                                : C_("money", "The amount stays held until the provider lets it go "
                                              "by itself, or you let it go there."));
    if (!is_done)
        return g_strdup(C_("money", "The card does not pay this visit: the bill is paid at a kiosk "
                                    "or at a desk."));
    return held->amount_yen > 0
               ? g_strdup_printf(C_("money", "%s is held on the card: the bill is taken out of it, "
                                             "or it is let go."),
                                 yen)
               : g_strdup(C_("money", "The card is good: it may pay."));
}

static char *
sentence_of(DeskMoneyForm *form)
{
    char yen[DESK_WORDS_SIZE];

    desk_words_yen(yen, amount_of(form));
    switch (form_of(form)->verb) {
    case DESK_MONEY_SETTLE:
        return settle_sentence(form, yen);
    case DESK_MONEY_REFUND:
        return refund_sentence(form, yen);
    case DESK_MONEY_GRANT:
    case DESK_MONEY_DENY:
        return decision_sentence(form);
    case DESK_MONEY_RESOLVE:
        if (held_of(form))
            return held_sentence(form, held_of(form), yen);
        return choice_of(form) == 0 ? g_strdup_printf("%s: %s.", outcome_words(0), yen)
                                    : g_strdup_printf(C_("money", "%s. The bill stays as it is."),
                                                      outcome_words(choice_of(form)));
    case DESK_MONEY_CHANGE:
        return g_strdup_printf(C_("money", "%s of change is handed over here, at the desk."), yen);
    case DESK_MONEY_SUSPEND:
        return g_strdup(C_("money", "The card pays nothing until a supervisor lets it pay again."));
    case DESK_MONEY_RELEASE:
        return g_strdup(C_("money", "The card may pay again. Is nothing owed any more?"));
    case DESK_MONEY_END:
        return g_strdup(C_("money",
                           "The patient takes back what was agreed to. The card is deleted "
                           "at its provider, too, and has to be registered anew."));
    case DESK_MONEY_VERB_COUNT:
        break;
    }
    return g_strdup("");
}

static void
show_sentence(DeskMoneyForm *form)
{
    const char *missing = find_missing(form);
    char *sentence = missing ? g_strdup(missing) : sentence_of(form);

    g_object_set(form->sentence, "label", sentence, NULL);
    gtk_widget_set_sensitive(GTK_WIDGET(form->go), missing == NULL);
    g_free(sentence);
}

/* ---------------------------------------------------------------- fields */

static void
set_most(DeskMoneyForm *form)
{
    int64_t most = most_of(form);

    gtk_spin_button_set_range(form->amount, 0, (double)most);
    gtk_spin_button_set_value(form->amount, (double)most);
    gtk_widget_set_sensitive(GTK_WIDGET(form->amount), most > 0);
}

static void
on_field(GtkWidget *field, DeskMoneyForm *form)
{
    (void)field;
    if (!form->is_filling)
        show_sentence(form);
}

static void
on_choice(GtkDropDown *choice, GParamSpec *spec, DeskMoneyForm *form)
{
    (void)choice;
    (void)spec;
    if (form->is_filling)
        return;
    set_most(form);
    show_sentence(form);
}

/* The sum of the chosen lines is offered, as far as so much can go back. */
static void
on_lines(GtkSelectionModel *selection, guint position, guint count, DeskMoneyForm *form)
{
    const Sugu__Bill *bill = desk_model_bill(desk_page_model(DESK_PAGE(form)));
    bool is_chosen[LINES_MAX] = {false};
    bool is_any = false;

    (void)position;
    (void)count;
    if (form->is_filling || !bill)
        return;
    for (guint i = 0; i < MIN(bill->n_lines, LINES_MAX); i++) {
        is_chosen[i] = gtk_selection_model_is_selected(selection, i);
        is_any = is_any || is_chosen[i];
    }
    gtk_spin_button_set_value(
        form->amount, (double)(is_any ? desk_money_lines_yen(bill, is_chosen) : most_of(form)));
    show_sentence(form);
}

static void
fill_choices(DeskMoneyForm *form, enum desk_money_verb verb)
{
    GtkStringList *words = gtk_string_list_new(NULL);
    bool is_held = held_of(form) != NULL;

    for (guint i = 0; i < (is_held ? 2 : 3); i++)
        gtk_string_list_append(words, is_held ? held_words(i) : choice_words(verb, i));
    gtk_drop_down_set_model(form->choice, G_LIST_MODEL(words));
    gtk_drop_down_set_selected(form->choice, 0);
    g_object_unref(words);
    gtk_label_set_label(form->choice_label, verb == DESK_MONEY_SETTLE   ? C_("money", "Paid by")
                                            : verb == DESK_MONEY_REFUND ? C_("money", "Because")
                                                                        : C_("money", "Found out"));
}

static void
fill_texts(DeskMoneyForm *form, enum desk_money_verb verb)
{
    const Sugu__Attempt *attempt = desk_model_form_attempt(desk_page_model(DESK_PAGE(form)));

    gtk_label_set_label(form->title, desk_money_verb_label(verb));
    gtk_label_set_label(form->note_label,
                        verb == DESK_MONEY_RESOLVE ? C_("money", "How it was found out")
                        : needs_note(verb)         ? C_("money", "Why, for the books")
                                                   : C_("money", "Note, number of the slip"));
    gtk_editable_set_text(GTK_EDITABLE(form->note), "");
    gtk_editable_set_text(GTK_EDITABLE(form->provider),
                          verb == DESK_MONEY_RESOLVE && attempt ? attempt->provider_id : "");
}

static bool
has_failed_back(DeskMoneyForm *form)
{
    DeskModel *model = desk_page_model(DESK_PAGE(form));
    const Sugu__Money *money = desk_model_money(model);
    const Sugu__Attempt *attempt = desk_model_form_attempt(model);

    return form_of(form)->verb == DESK_MONEY_REFUND && money && attempt &&
           desk_money_has_failed_back(money, attempt);
}

static void
show_rows(DeskMoneyForm *form, enum desk_money_verb verb)
{
    GListModel *lines = G_LIST_MODEL(gtk_list_view_get_model(form->lines));
    const Sugu__Attempt *held = held_of(form);

    gtk_widget_set_visible(form->fields, !is_decision(verb));
    gtk_widget_set_visible(GTK_WIDGET(form->by_hand), has_failed_back(form));
    gtk_check_button_set_active(form->by_hand, FALSE);
    gtk_widget_set_visible(form->amount_row,
                           !desk_money_is_of_card(verb) && (!held || is_amount_held(held)));
    gtk_widget_set_visible(form->choice_row,
                           !desk_money_is_of_card(verb) && verb != DESK_MONEY_CHANGE);
    gtk_widget_set_visible(form->provider_row,
                           verb == DESK_MONEY_RESOLVE && (!held || is_amount_held(held)));
    gtk_widget_set_visible(form->lines_row,
                           verb == DESK_MONEY_REFUND && g_list_model_get_n_items(lines) > 1);
}

static void
fill(DeskMoneyForm *form)
{
    DeskModel *model = desk_page_model(DESK_PAGE(form));
    enum desk_money_verb verb = form_of(form)->verb;

    form->is_filling = true;
    fill_choices(form, verb);
    if (verb == DESK_MONEY_REFUND && desk_model_money(model))
        gtk_drop_down_set_selected(form->choice,
                                   (guint)desk_money_refund_reason(desk_model_money(model)));
    fill_texts(form, verb);
    gtk_selection_model_unselect_all(gtk_list_view_get_model(form->lines));
    set_most(form);
    show_rows(form, verb);
    form->is_filling = false;
}

/* ---------------------------------------------------------------- the question */

static void
ask(DeskMoneyForm *form, bool is_asked)
{
    bool has_fields = !is_decision(form_of(form)->verb);

    gtk_widget_set_visible(form->question, is_asked);
    gtk_widget_set_visible(form->steps, !is_asked);
    gtk_widget_set_sensitive(form->fields, !is_asked);
    if (is_asked)
        gtk_widget_grab_focus(GTK_WIDGET(form->no));
    else if (has_fields)
        gtk_widget_grab_focus(gtk_widget_get_sensitive(GTK_WIDGET(form->amount))
                                  ? GTK_WIDGET(form->amount)
                                  : GTK_WIDGET(form->note));
}

static void
on_go(GtkWidget *from, DeskMoneyForm *form)
{
    (void)from;
    gtk_spin_button_update(form->amount);
    show_sentence(form);
    if (gtk_widget_get_sensitive(GTK_WIDGET(form->go)))
        ask(form, true);
}

static GVariant *
value_of(DeskMoneyForm *form)
{
    enum desk_money_verb verb = form_of(form)->verb;

    if (is_decision(verb))
        return NULL;
    if (verb == DESK_MONEY_RESOLVE)
        return g_variant_new("(uxss)", (guint32)outcomes[MIN(choice_of(form), 2)],
                             choice_of(form) == 0 ? amount_of(form) : INT64_C(0), provider_of(form),
                             note_of(form));
    if (verb == DESK_MONEY_REFUND)
        return g_variant_new("(xusb)", amount_of(form), choice_of(form), note_of(form),
                             is_by_hand(form));
    return g_variant_new("(xus)", amount_of(form), choice_of(form), note_of(form));
}

static void
on_yes(GtkButton *button, DeskMoneyForm *form)
{
    const char *action;

    (void)button;
    if (!form_of(form)->is_open)
        return;
    action = desk_money_verb_find(form_of(form)->verb)->action;
    desk_page_do(DESK_PAGE(form), action, value_of(form));
}

static void
on_no(GtkButton *button, DeskMoneyForm *form)
{
    (void)button;
    if (is_decision(form_of(form)->verb))
        desk_model_close_form(desk_page_model(DESK_PAGE(form)));
    else
        ask(form, false);
}

static void
on_cancel(GtkButton *button, DeskMoneyForm *form)
{
    (void)button;
    desk_model_close_form(desk_page_model(DESK_PAGE(form)));
}

bool
desk_money_form_key(DeskMoneyForm *form, guint key)
{
    bool is_asked = gtk_widget_get_visible(form->question);

    if (!form_of(form)->is_open)
        return false;
    if (key == GDK_KEY_Escape && is_asked)
        on_no(NULL, form);
    else if (key == GDK_KEY_Escape)
        on_cancel(NULL, form);
    else if (is_asked && gdk_keyval_to_lower(key) == GDK_KEY_y)
        on_yes(NULL, form);
    else /* no letter is a verb now; Tab and the arrows go on to the window */
        return g_unichar_isalpha(gdk_keyval_to_unicode(key));
    return true;
}

/* ---------------------------------------------------------------- opening and closing */

static void
on_form(DeskModel *model, GParamSpec *spec, DeskMoneyForm *form)
{
    const struct desk_money_form *open = desk_model_form(model);

    (void)spec;
    gtk_widget_set_visible(form->box, open->is_open);
    if (!open->is_open)
        return;
    fill(form);
    show_sentence(form);
    ask(form, is_decision(open->verb));
}

/* Under way: the answer cannot be given twice. */
static void
on_enabled(GActionGroup *actions, const char *name, gboolean is_enabled, DeskMoneyForm *form)
{
    const struct desk_money_form *open = form_of(form);

    (void)actions;
    if (open->is_open && g_str_equal(name, desk_money_verb_find(open->verb)->action))
        gtk_widget_set_sensitive(GTK_WIDGET(form->yes), is_enabled);
}

static void
desk_money_form_ready(DeskPage *page)
{
    DeskMoneyForm *form = DESK_MONEY_FORM(page);
    DeskModel *model = desk_page_model(page);
    GtkListItemFactory *factory = desk_line_factory_new();
    GtkSelectionModel *selection;
    GActionGroup *actions;
    GListModel *lines;

    g_object_get(model, "bill-lines", &lines, NULL);
    selection = GTK_SELECTION_MODEL(gtk_multi_selection_new(lines)); /* takes it over */
    gtk_list_view_set_model(form->lines, selection);
    gtk_list_view_set_factory(form->lines, factory);
    g_signal_connect_object(selection, "selection-changed", G_CALLBACK(on_lines), form, 0);
    g_object_unref(selection);
    g_object_unref(factory);
    g_object_get(page, "actions", &actions, NULL);
    g_signal_connect(actions, "action-enabled-changed", G_CALLBACK(on_enabled), form);
    g_object_unref(actions);
    g_signal_connect(model, "notify::money-form", G_CALLBACK(on_form), form);
    on_form(model, NULL, form);
}

static void
desk_money_form_class_init(DeskMoneyFormClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    DESK_PAGE_CLASS(class)->ready = desk_money_form_ready;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                DESK_RESOURCES "/widgets/money-form.ui");
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, box);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, fields);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, amount_row);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, choice_row);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, provider_row);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, note_row);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, lines_row);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, title);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, choice_label);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, note_label);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, amount);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, choice);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, provider);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, note);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, by_hand);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, lines);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, sentence);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, steps);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, go);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, cancel);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, question);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, yes);
    gtk_widget_class_bind_template_child(widget_class, DeskMoneyForm, no);
    gtk_widget_class_set_css_name(widget_class, "money-form");
}

static gboolean
on_amount_key(GtkEventControllerKey *keys,
              guint key,
              guint code,
              GdkModifierType modifiers,
              DeskMoneyForm *form)
{
    (void)keys;
    (void)code;
    (void)modifiers;
    if (key != GDK_KEY_Return && key != GDK_KEY_KP_Enter)
        return GDK_EVENT_PROPAGATE;
    on_go(NULL, form);
    return GDK_EVENT_STOP;
}

static void
desk_money_form_init(DeskMoneyForm *form)
{
    GtkEventController *keys = gtk_event_controller_key_new();

    gtk_widget_init_template(GTK_WIDGET(form));
    desk_page_name_drop_down(form->choice, C_("money", "Way or reason"));
    g_signal_connect(form->amount, "value-changed", G_CALLBACK(on_field), form);
    g_signal_connect(form->note, "changed", G_CALLBACK(on_field), form);
    g_signal_connect(form->provider, "changed", G_CALLBACK(on_field), form);
    g_signal_connect(form->by_hand, "toggled", G_CALLBACK(on_field), form);
    g_signal_connect(form->choice, "notify::selected", G_CALLBACK(on_choice), form);
    g_signal_connect(form->note, "activate", G_CALLBACK(on_go), form);
    g_signal_connect(form->provider, "activate", G_CALLBACK(on_go), form);
    g_signal_connect(form->go, "clicked", G_CALLBACK(on_go), form);
    g_signal_connect(form->cancel, "clicked", G_CALLBACK(on_cancel), form);
    g_signal_connect(form->yes, "clicked", G_CALLBACK(on_yes), form);
    g_signal_connect(form->no, "clicked", G_CALLBACK(on_no), form);
    /* Enter goes on; the entry inside would only take the number over. */
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(on_amount_key), form);
    gtk_widget_add_controller(GTK_WIDGET(form->amount), keys);
}
