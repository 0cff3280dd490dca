/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model - everything a desk knows, as lists and properties to bind to
 *
 * What comes over the wire goes in through the desk_model_take functions; a burst of it is made
 * visible by one desk_model_flush(). The model knows no network, no timer and no widget. Widgets
 * bind to it and never change it, but for what is chosen on the screen.
 */
#pragma once

#include "rows.h"
#include "verbs.h"

/*
 * Text properties; "" where there is nothing to say, and the widgets of empty texts hide
 * themselves.
 */
#define DESK_MODEL_TEXTS(X)                                                                        \
    X(FACILITY, "facility")                                                                        \
    X(STALE, "stale")   /* since when nothing has been heard */                                    \
    X(STATUS, "status") /* requests under way */                                                   \
    X(PERSON, "person") /* who is signed in, and the role */                                       \
    X(DESK, "desk")     /* where; "" = no desk chosen */                                           \
    X(SIGN_IN_NOTE, "sign-in-note")                                                                \
    X(SIGN_IN_CARD, "sign-in-card") /* whether a staff card can be put on the reader */            \
    X(QUEUE, "queue")               /* name of the chosen one */                                   \
    X(QUEUE_COUNTS, "queue-counts")                                                                \
    X(RULE, "rule")                                                                                \
    X(CALIBRATION, "calibration")                                                                  \
    X(EMPTY, "empty")         /* why the list is empty */                                          \
    X(VERB_NOTE, "verb-note") /* what became of the last verbs */                                  \
    X(SELECTED, "selected")   /* "3 selected" */                                                   \
    X(NOBODY, "nobody")       /* nobody is looked at */                                            \
    X(NUMBER, "number")       /* of the person looked at */                                        \
    X(NAME, "name")                                                                                \
    X(STATE, "state")                                                                              \
    X(PLACE, "place")       /* what it goes by in the queue */                                     \
    X(WHY, "why")           /* before whom, and why */                                             \
    X(WHY_NEXT, "why-next") /* what the other one goes by */                                       \
    X(RANGE, "range")       /* what was said about the waiting time */                             \
    X(SPEAKS, "speaks")                                                                            \
    X(REASON, "reason") /* why it is at the desk */                                                \
    X(TO_DO, "to-do")                                                                              \
    X(STAGES, "stages") /* the plan of the day, one a line */                                      \
    X(INSURANCE, "insurance")                                                                      \
    X(SHARE, "share") /* of the patient, and where it comes from */                                \
    X(BILL, "bill")                                                                                \
    X(PAPERS, "papers")                                                                            \
    X(HELPS, "helps")                                                                              \
    X(KNOWN_NOTE, "known-note") /* looking up, or why it cannot be */                              \
    X(BILL_NOTE, "bill-note")                                                                      \
    X(CASES_NOTE, "cases-note") /* nobody was sent to the desk */                                  \
    X(PEOPLE_NOTE, "people-note")                                                                  \
    X(PATIENT, "patient") /* name of the one chosen among those found */                           \
    X(PATIENT_TEXT, "patient-text")                                                                \
    X(CHECK_IN_NOTE, "check-in-note")                                                              \
    X(KIOSK, "kiosk")           /* the chosen one */                                               \
    X(KIOSK_TEXT, "kiosk-text") /* its parts in words */                                           \
    X(KIOSK_WHY, "kiosk-why")   /* what the commands do here, and why some are grey */             \
    X(KIOSK_NOTE, "kiosk-note")                                                                    \
    X(TODAY_ARRIVED, "today-arrived")                                                              \
    X(TODAY_WAITING, "today-waiting")                                                              \
    X(TODAY_CALLED, "today-called")                                                                \
    X(TODAY_GONE, "today-gone")                                                                    \
    X(TODAY_MISSED, "today-missed")                                                                \
    X(TODAY_MEDIAN, "today-median")                                                                \
    X(TODAY_P90, "today-p90")                                                                      \
    X(TODAY_SETTLED, "today-settled")                                                              \
    X(TODAY_ALONE, "today-alone") /* share that left without a cashier */                          \
    X(TODAY_NOTE, "today-note")                                                                    \
    X(MONEY_NOBODY, "money-nobody") /* no bill is looked at, and why */                            \
    X(MONEY_STATE, "money-state")   /* of the bill */                                              \
    X(MONEY_TOTAL, "money-total")                                                                  \
    X(MONEY_PAID, "money-paid")                                                                    \
    X(MONEY_DUE, "money-due")                                                                      \
    X(MONEY_EXCESS, "money-excess")   /* paid too much */                                          \
    X(MONEY_DEPOSIT, "money-deposit") /* held until insurance is proven */                         \
    X(MONEY_WAIVED, "money-waived")   /* not asked for any more */                                 \
    X(MONEY_CHANGE, "money-change")   /* change that a machine could not pay */                    \
    X(MONEY_CARD, "money-card")       /* the card on file, and why it does not pay */              \
    X(MONEY_HINT, "money-hint")       /* what to do next */                                        \
    X(MONEY_FORM, "money-form")       /* what the open form is about; "" = none is open */         \
    X(MONEY_NOTE, "money-note")       /* what became of the last verb */                           \
    X(MONEY_TASKS_NOTE, "money-tasks-note")                                                        \
    X(BILLS_TITLE, "bills-title") /* of whom; "" = nobody is chosen */                             \
    X(BILLS_NOTE, "bills-note")                                                                    \
    X(REFUNDS_TITLE, "refunds-title") /* "" where there are none */                                \
    X(TAB_MONEY, "tab-money")         /* how many wait because of money */                         \
    X(TAB_CASES, "tab-cases")         /* how many were sent to the desk */                         \
    X(TAB_KIOSKS, "tab-kiosks")       /* how many parts need someone */

enum desk_model_text {
#define DESK_TEXT(name, property) DESK_MODEL_##name,
    DESK_MODEL_TEXTS(DESK_TEXT)
#undef DESK_TEXT
        DESK_MODEL_TEXT_COUNT
};

/*
 * Further properties: "is-signed-in", "is-stale". Lists: "rows" (DeskRows, the chosen queue),
 * "queues", "cases", "people", "kiosks", "desks", "departments", "tasks", "attempts", "refunds",
 * "bill-lines", "bills" (GListModel of DeskItem).
 * Signals: "changed" (a flush is due), "subject-changed" (another person), "rights-changed" (who is
 * signed in, what is selected), "show-row" (a position of "rows"), "money-wanted" (shown from now).
 */
#define DESK_TYPE_MODEL (desk_model_get_type())
G_DECLARE_FINAL_TYPE(DeskModel, desk_model, DESK, MODEL, GObject)

struct desk_model_settings {
    const char *facility_name, *time_zone, *desk;
    int64_t long_wait_min, late_wait_min; /* from these minutes on a wait is long, or too long */
};

/* REFUSED "settings.invalid" where the time zone is not known. */
enum sugu_status desk_model_new(const struct desk_model_settings *settings,
                                DeskModel **ret_model,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;

/* ---- what comes over the wire */

/* A snapshot begins: what none of its pages has, and no event since brought, is forgotten. */
void desk_model_begin_snapshot(DeskModel *model);
/* A page. Returns true with the last one; else `ret_after` (may be NULL) says where to go on. */
bool desk_model_take_page(DeskModel *model, const Sugu__Queues *page, Sugu__GetQueues *ret_after);
void desk_model_take_entry(DeskModel *model, const Sugu__QueueEntry *message);
void desk_model_take_help(DeskModel *model, const Sugu__Help *help, int64_t asked_utc_us);
/* A page of them. A kiosk that is not registered any more stays until the next sign-in. */
void desk_model_take_kiosks(DeskModel *model, const Sugu__Kiosks *kiosks);
void desk_model_take_kiosk(DeskModel *model, const Sugu__Kiosk *kiosk);
void desk_model_take_today(DeskModel *model, const Sugu__Today *today);
void desk_model_take_patients(DeskModel *model, const Sugu__PatientsFound *found);
/* A call for help was dealt with, at this desk or another: it is not shown until it comes again. */
void desk_model_take_help_closed(DeskModel *model, const Sugu__HelpClosed *closed);
/* What closes the call with this key, that of its case; its texts belong to the model and stay
 * until the next event. False where there is no such call. */
bool desk_model_find_help(DeskModel *model, const char *key, Sugu__CloseHelp *ret_close);
/* What is known of the person looked at; dropped where that is another by now. */
void desk_model_take_visit(DeskModel *model, const char *number, const Sugu__VisitFound *found);

/* Makes a burst visible: one splice a list. */
void desk_model_flush(DeskModel *model);
/* The server's clock; waits, ages and pauses follow it. */
void desk_model_set_now(DeskModel *model, int64_t now_utc_us);
int64_t desk_model_now(DeskModel *model);
/* Nothing has been heard since; 0 = all is fresh. */
void desk_model_set_stale(DeskModel *model, int64_t since_utc_us);
bool desk_model_is_stale(DeskModel *model);
bool desk_model_has_snapshot(DeskModel *model);

/* ---- people at the desk */

struct desk_person {
    struct sugu_id sign_in; /* none = nobody */
    char staff[33], name[201];
    Sugu__StaffRole role;
    int64_t valid_until_utc_us;
};
/* NULL = nobody: everything personal is forgotten. */
void desk_model_set_person(DeskModel *model, const struct desk_person *person);
const struct desk_person *desk_model_person(DeskModel *model);

/* ---- what is chosen on the screen */

void desk_model_choose_queue(DeskModel *model, const char *department);
const char *desk_model_queue(DeskModel *model);
void desk_model_choose_groups(DeskModel *model, unsigned groups);
void desk_model_choose_desk(DeskModel *model, const char *desk);
const char *desk_model_desk(DeskModel *model);
/* The number of the person looked at: "" = nobody, or the one that is selected in the queue. */
void desk_model_look_at(DeskModel *model, const char *number);
/* Who is selected in the queue, where it is one. */
void desk_model_look_at_selected(DeskModel *model);
const char *desk_model_subject(DeskModel *model);
/* Is that this visit? False also while nobody knows. */
bool desk_model_looks_at_visit(DeskModel *model, const struct sugu_id *visit);
/* May the desk state the share of the person looked at: known, of today, and nothing was paid? */
bool desk_model_may_state_share(DeskModel *model);
/* The bill of the person looked at; NULL where there is none. */
const Sugu__Bill *desk_model_bill(DeskModel *model);
void desk_model_choose_patient(DeskModel *model, const char *key);
bool desk_model_patient(DeskModel *model, struct sugu_id *ret_patient);
void desk_model_choose_kiosk(DeskModel *model, const char *key);
/* The place of the chosen kiosk, "" where none is. */
const char *desk_model_kiosk(DeskModel *model);
/* Is it the program with the screens, to which all commands of the place go? */
bool desk_model_kiosk_is_screen(DeskModel *model);
/* Goes to the row of the number wherever it stands: chooses its queue, selects it alone. False
 * where nothing open has it; it is selected as soon as it comes. */
bool desk_model_go_to(DeskModel *model, const char *number, const char *department);

DeskRows *desk_model_rows(DeskModel *model);
/* The open row of a number in a department ("" = any); NULL where there is none. Not owned. */
DeskRow *desk_model_find(DeskModel *model, const char *number, const char *department);

/* ---- words of the session */

const char *desk_model_text(DeskModel *model, enum desk_model_text text);
void desk_model_say(DeskModel *model, enum desk_model_text text, const char *words);
/* One request more, one less. */
void desk_model_count_request(DeskModel *model, int change);
