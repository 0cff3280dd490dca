/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-show - facts into the words of the present language
 */
#include "model-private.h"

#include "languages.h"
#include "line-private.h"
#include "widgets/text.h"
#include "words.h"

#include "base/status.h"
#include "domain/ticket.h"

#include <glib/gi18n.h>

#include <stdio.h>
#include <string.h>

#define put kiosk_model_put

void
kiosk_model_put(KioskModel *model, enum kiosk_model_text id, const char *format, ...)
{
    char text[1024];
    va_list values;

    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    kiosk_model_set_text(model, id, text);
    explicit_bzero(text, sizeof text);
}

/* Pages that have the same screen and differ in words. */
struct page_words {
    const char *title, *text, *picture;
};

static const struct page_words *
find_page_words(enum sugu_kiosk_state state)
{
    static const struct page_words rows[SUGU_KIOSK_STATE_COUNT] = {
        [SUGU_KIOSK_READING] = {N_("Reading your card"), N_("Please leave the card where it is."),
                                "card"},
        [SUGU_KIOSK_OPENING] = {N_("One moment, please"), N_("We are looking for your data."),
                                "wait"},
        [SUGU_KIOSK_CHECKING] = {N_("We are verifying your insurance"),
                                 N_("This takes a few seconds."), "wait"},
        [SUGU_KIOSK_ISSUING] = {N_("One moment, please"), N_("We are getting your number."),
                                "wait"},
        [SUGU_KIOSK_ISSUING_DESK] = {N_("One moment, please"), N_("We are getting your number."),
                                     "wait"},
        [SUGU_KIOSK_CANCELLING] = {N_("The payment is being cancelled"),
                                   N_("Please wait a moment."), "terminal"},
        [SUGU_KIOSK_FETCHING_BILL] = {N_("One moment, please"), N_("We are looking for your bill."),
                                      "wait"},
        [SUGU_KIOSK_STORING] = {N_("One moment, please"), N_("Your consent is being stored."),
                                "wait"},
        [SUGU_KIOSK_CASH_OWED] = {N_("Please see the staff"), N_("The payment was not made."),
                                  "desk"},
        [SUGU_KIOSK_SETTLING] = {N_("Your payment was accepted"),
                                 N_("We are preparing your receipt."), "wait"},
        [SUGU_KIOSK_ISSUING_RECEIPT] = {N_("Your payment was accepted"),
                                        N_("We are preparing your receipt."), "wait"},
        [SUGU_KIOSK_TO_DESK] = {N_("Please go to the reception desk"), "", "desk"},
        [SUGU_KIOSK_SEE_DESK] = {N_("Please see the staff"),
                                 N_("Show this number. The staff will help you."), "desk"},
        [SUGU_KIOSK_DESK_AWAY] = {N_("Please go to the reception desk"),
                                  N_("The system is not reachable at the moment."), "desk"},
        [SUGU_KIOSK_NO_BILL] = {"",
                                N_("Your bill is not ready yet. As soon as it is, you can pay "
                                   "here."),
                                ""},
        [SUGU_KIOSK_UNCLEAR] = {N_("We are checking whether the payment went through"),
                                N_("Please do not pay again. Wait here, or ask the staff."),
                                "wait"},
        [SUGU_KIOSK_HELD] = {N_("Please see the staff"),
                             N_("We could not yet find out whether the payment went through. You "
                                "will not be charged twice."),
                             "desk"},
        [SUGU_KIOSK_RECEIPT_LATER] = {N_("Your payment is complete"),
                                      N_("The papers did not come out. You get your receipt at the "
                                         "reception desk."),
                                      "desk"},
    };

    return &rows[state];
}

static const char *
translated(const char *text)
{
    return text && text[0] ? gettext(text) : "";
}

/* Does the code say more to who is sent to the desk than that the staff will help? "Please wait"
 * and "try again" do not. */
static bool
tells_why(const char *code)
{
    const struct sugu_code *row = sugu_code_find(code);

    return code[0] && row->patient[0] && row->status != SUGU_RETRY;
}

/* A window that was started anew while cash was in the machine does not. */
static bool
knows_whom(const struct kiosk_person *person)
{
    return person->name[0] != '\0';
}

/* A payment came back to this page behind the patient's back: the window had been started again. */
static bool
is_receipt_of_unknown(const struct kiosk_facts *facts, enum sugu_kiosk_state state)
{
    return state == SUGU_KIOSK_RECEIPT_LATER && !knows_whom(&facts->person);
}

/* What the person has before the eyes: the terminal, the slots for money, the own phone. */
static const char *
way_picture(enum kiosk_way way)
{
    static const char *const pictures[] = {
        [KIOSK_WAY_CARD] = "terminal", [KIOSK_WAY_CASH] = "cash", [KIOSK_WAY_CODE] = "phone"};

    return way < SUGU_ARRAY_SIZE(pictures) ? pictures[way] : "wait";
}

static void
show_page_words(KioskModel *model, const struct kiosk_facts *facts, enum sugu_kiosk_state state)
{
    const struct page_words *words = find_page_words(state);
    const char *text = translated(words->text), *picture = words->picture;

    if (state == SUGU_KIOSK_CANCELLING)
        picture = way_picture(facts->person.way);
    if (state == SUGU_KIOSK_TO_DESK)
        text = kiosk_words_code(facts->person.ticket.reason);
    if (state == SUGU_KIOSK_NO_BILL && facts->person.notice[0])
        text = ""; /* the notice knows better */
    if (state == SUGU_KIOSK_SEE_DESK && tells_why(facts->person.notice))
        text = kiosk_words_code(facts->person.notice);
    if (is_receipt_of_unknown(facts, state)) {
        picture = "ticket";
        text = _("For your receipt press 'Done', then hold your ticket or your card here once "
                 "more.");
    }
    kiosk_model_set_text(model, KIOSK_MODEL_TITLE, translated(words->title));
    kiosk_model_set_text(model, KIOSK_MODEL_TEXT, text);
    kiosk_model_set_text(model, KIOSK_MODEL_PICTURE, picture ? picture : "");
}

static void
show_place(KioskModel *model, const struct kiosk_facts *facts)
{
    const struct kiosk_place *place = &facts->place;

    put(model, KIOSK_MODEL_FACILITY, "%s", place->facility_name);
    put(model, KIOSK_MODEL_MESSAGE, "%s", place->message);
    put(model, KIOSK_MODEL_MESSAGE_TITLE, "%s", place->message[0] ? _("From the staff") : "");
    put(model, KIOSK_MODEL_READER, "%s", place->has_reader ? "" : kiosk_words_code("reader.away"));
    put(model, KIOSK_MODEL_HELP, "%s",
        facts->person.is_staff_called ? kiosk_words_code("help.asked") : "");
    put(model, KIOSK_MODEL_NOTICE, "%s", kiosk_words_code(facts->person.notice));
    if (facts->person.is_paper_out)
        put(model, KIOSK_MODEL_PAPER, "%s", _("Please take your paper."));
    else
        put(model, KIOSK_MODEL_PAPER, "%s", kiosk_words_code(facts->person.paper_code));
}

static void
show_appointments(KioskModel *model, const struct kiosk_person *person)
{
    char lines[KIOSK_APPOINTMENTS_MAX * 120] = "";

    for (unsigned i = 0; i < person->appointment_count; i++) {
        char time[KIOSK_WORDS_SIZE];
        size_t used = strlen(lines);
        snprintf(lines + used, sizeof lines - used, "%s%s  %s", i > 0 ? "\n" : "",
                 kiosk_words_time(time, person->appointments[i].minutes),
                 person->appointments[i].department_name);
    }
    if (person->appointment_count == 0)
        put(model, KIOSK_MODEL_APPOINTMENTS, "%s", _("None today: reception desk"));
    else
        put(model, KIOSK_MODEL_APPOINTMENTS, "%s", lines);
    explicit_bzero(lines, sizeof lines);
}

static void
show_person(KioskModel *model, const struct kiosk_person *person)
{
    char words[KIOSK_WORDS_SIZE];

    if (person->has_tries)
        put(model, KIOSK_MODEL_TRIES,
            ngettext("You can try %u time.", "You can try %u times.", person->tries_left),
            person->tries_left);
    else
        put(model, KIOSK_MODEL_TRIES, "%s", "");
    put(model, KIOSK_MODEL_NAME, "%s", kiosk_words_name(words, person->name));
    put(model, KIOSK_MODEL_BIRTH_DATE, "%s", kiosk_words_date(words, person->birth_date));
    explicit_bzero(words, sizeof words);
    show_appointments(model, person);
    if (!person->is_eligible)
        put(model, KIOSK_MODEL_INSURANCE, "%s", kiosk_words_code(person->eligibility_code));
    else
        put(model, KIOSK_MODEL_INSURANCE, "%s",
            person->is_eligibility_changed ? _("Verified. Your data have been updated.")
                                           : _("Verified"));
}

/*
 * Does the page show the QR of the ticket? Beside a new number, and beside one of the desk or of
 * earlier while its paper is not out. Pages that send to the staff about money do not: the QR says
 * that one can pay here.
 */
static bool
has_code(const struct kiosk_person *person, enum sugu_kiosk_state state)
{
    if (sugu_id_is_none(&person->ticket.token))
        return false;
    return state == SUGU_KIOSK_TICKET ||
           ((state == SUGU_KIOSK_TO_DESK || state == SUGU_KIOSK_NO_BILL) && !person->is_paper_out);
}

/* The text of the QR: an address for the patient's own phone, or the bare token. */
static void
show_code(KioskModel *model, const struct kiosk_facts *facts, enum sugu_kiosk_state state)
{
    const struct sugu_id *token = &facts->person.ticket.token;
    const char *page = facts->place.phone_page;
    char hex[2 * SUGU_ID_SIZE + 1] = "";

    if (state == SUGU_KIOSK_CODE) {
        put(model, KIOSK_MODEL_CODE, "%s", facts->person.offer.payload);
        put(model, KIOSK_MODEL_CODE_TITLE, "%s", _("The code to pay with"));
        return;
    }
    if (!has_code(&facts->person, state)) {
        put(model, KIOSK_MODEL_CODE, "%s", "");
        put(model, KIOSK_MODEL_CODE_TITLE, "%s", "");
        return;
    }
    for (size_t i = 0; i < SUGU_ID_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", token->bytes[i]);
    if (page[0])
        put(model, KIOSK_MODEL_CODE, "%s%s%s", page, page[strlen(page) - 1] == '/' ? "" : "/", hex);
    else
        put(model, KIOSK_MODEL_CODE, "SUGU1:%s", hex);
    put(model, KIOSK_MODEL_CODE_TITLE, "%s",
        page[0] ? _("Take a picture with your phone: it shows when it is your turn.")
                : _("Take a picture: with it you can pay here later."));
    explicit_bzero(hex, sizeof hex);
}

/* Where the number leads now; nowhere while the bill is awaited, and to no desk for a receipt that
 * the kiosk prints. */
static void
show_goal(KioskModel *model, const struct kiosk_facts *facts, enum sugu_kiosk_state state)
{
    const struct kiosk_ticket *ticket = &facts->person.ticket;
    bool has_number = ticket->number[0] != '\0';
    char desk[SUGU_DESK_NAME_SIZE];

    sugu_desk_name(desk, kiosk_language_current()->code, ticket->desk_word, ticket->desk);
    if (is_receipt_of_unknown(facts, state))
        put(model, KIOSK_MODEL_PLACE, "%s", "");
    else if (desk[0]) /* TRANSLATORS: %s is like "Room 3" */
        put(model, KIOSK_MODEL_PLACE, _("You are called to %s"), desk);
    else if (!has_number || ticket->is_to_desk)
        put(model, KIOSK_MODEL_PLACE, "%s", _("Reception desk"));
    else
        put(model, KIOSK_MODEL_PLACE, "%s", ticket->is_waiting ? ticket->department_name : "");
    if (!has_number || !ticket->is_waiting)
        put(model, KIOSK_MODEL_BEFORE, "%s", "");
    else if (ticket->before_you == 0)
        put(model, KIOSK_MODEL_BEFORE, "%s", _("You are next."));
    else if (ticket->before_you >= SUGU_BEFORE_YOU_MAX)
        put(model, KIOSK_MODEL_BEFORE, _("%u or more people before you"), SUGU_BEFORE_YOU_MAX);
    else
        put(model, KIOSK_MODEL_BEFORE,
            ngettext("%u person before you", "%u people before you", ticket->before_you),
            ticket->before_you);
}

/* "1 Blood test → 2 Internal medicine → Payment": a blank in it that may not end a line keeps
 * number and place together. */
static void
show_plan(KioskModel *model, const struct kiosk_ticket *ticket)
{
    GString *plan = g_string_new(NULL), *spoken = g_string_new(NULL);

    for (unsigned i = 0; i < ticket->stage_count && !ticket->is_to_desk; i++) {
        g_string_append_printf(plan, "%u\u00a0%s → ", i + 1, ticket->stages[i].department_name);
        g_string_append_printf(spoken, "%u. %s. ", i + 1, ticket->stages[i].department_name);
    }
    if (plan->len > 0) {
        char *last = kiosk_text_plain(_("Payment"));
        g_string_append(plan, last);
        g_string_append(spoken, last);
        g_free(last);
    }
    kiosk_model_set_text(model, KIOSK_MODEL_PLAN, plan->str);
    kiosk_model_set_text(model, KIOSK_MODEL_PLAN_SPOKEN, spoken->str);
    g_string_free(plan, TRUE);
    g_string_free(spoken, TRUE);
    if (ticket->is_waiting && ticket->before_you > 0 && ticket->high_min > 0)
        put(model, KIOSK_MODEL_RANGE, _("About %u to %u minutes"), ticket->low_min,
            ticket->high_min);
    else
        put(model, KIOSK_MODEL_RANGE, "%s", "");
}

static void
show_ticket(KioskModel *model, const struct kiosk_facts *facts, enum sugu_kiosk_state state)
{
    const struct kiosk_ticket *ticket = &facts->person.ticket;
    bool has_number = ticket->number[0] != '\0';

    put(model, KIOSK_MODEL_NUMBER, "%s", has_number ? ticket->number : facts->person.reference);
    if (!has_number && !facts->person.reference[0])
        put(model, KIOSK_MODEL_NUMBER_TITLE, "%s", "");
    else
        put(model, KIOSK_MODEL_NUMBER_TITLE, "%s", has_number ? _("Your number") : _("Reference"));
    show_goal(model, facts, state);
    show_plan(model, ticket);
    show_code(model, facts, state);
}

void
kiosk_model_show(KioskModel *model,
                 const struct kiosk_facts *facts,
                 const struct sugu_kiosk_flow *flow,
                 unsigned countdown_s)
{
    g_object_freeze_notify(G_OBJECT(model));
    show_place(model, facts);
    show_page_words(model, facts, flow->state);
    show_person(model, &facts->person);
    show_ticket(model, facts, flow->state);
    kiosk_model_show_card(model, &facts->person, flow->state);
    kiosk_model_show_money(model, facts, flow->state);
    put(model, KIOSK_MODEL_COUNTDOWN, "%u", countdown_s);
    g_object_thaw_notify(G_OBJECT(model));
}
