/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk - the commands that send what a desk sends: call, finish, record acts, look up
 */
#include "admin.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define WAIT_US  (10 * SUGU_SECOND)
#define ACTS_MAX 300

/* Sends it; `print` (NULL: nothing) says what came of it. */
static enum sugu_status
ask(struct admin *admin,
    Sugu__Request *request,
    bool is_read,
    void (*print)(const Sugu__Reply *reply),
    struct sugu_error *reterr)
{
    Sugu__Reply *reply = NULL;
    enum sugu_status status = admin_open_client(admin, reterr);

    if (status == SUGU_OK)
        status = sugu_client_call(admin->client, request,
                                  &(struct sugu_ask){.is_read = is_read, .wait_us = WAIT_US},
                                  &reply, reterr);
    if (status == SUGU_OK && print)
        print(reply);
    if (reply)
        sugu__reply__free_unpacked(reply, NULL);
    return status;
}

/* ---- verbs on a ticket: each is a command of its name */

static const struct {
    const char *command;
    Sugu__TicketVerb verb;
} verbs[] = {
    {"again", SUGU__TICKET_VERB__CALL_AGAIN}, {"present", SUGU__TICKET_VERB__PRESENT},
    {"finish", SUGU__TICKET_VERB__FINISH},    {"miss", SUGU__TICKET_VERB__MISS},
    {"park", SUGU__TICKET_VERB__PARK},        {"back", SUGU__TICKET_VERB__SEND_BACK},
    {"move", SUGU__TICKET_VERB__MOVE},        {"no-show", SUGU__TICKET_VERB__NO_SHOW},
    {"undo", SUGU__TICKET_VERB__UNDO},
};

/* "call" names no ticket, or this one. */
static Sugu__TicketVerb
verb_of(const char *command, bool names_ticket)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(verbs); i++)
        if (strcmp(verbs[i].command, command) == 0)
            return verbs[i].verb;
    return names_ticket ? SUGU__TICKET_VERB__CALL : SUGU__TICKET_VERB__CALL_NEXT;
}

static void
print_stage(const Sugu__Reply *reply)
{
    printf("%s desk=%s\n", reply->stage->number, reply->stage->desk);
}

static enum sugu_status
run_verb(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;

    body.desk = arguments[0];
    body.verb = verb_of(admin->command->name, count > 1);
    if (count > 1)
        body.number = arguments[1];
    if (count > 2)
        body.department = arguments[2];
    request.body_case = SUGU__REQUEST__BODY_MOVE_TICKET;
    request.move_ticket = &body;
    return ask(admin, &request, /* is_read= */ false, print_stage, reterr);
}

/* ---- acts, and the patient's share */

/* "112007410" or "112007410*2". */
static bool
parse_act(char *text, Sugu__Act *act)
{
    char *star = strchr(text, '*');
    int64_t count = 1;

    sugu__act__init(act);
    if (star)
        *star = '\0';
    if (strlen(text) != 9 || !sugu_text_is_digits(text, 9) ||
        (star && !sugu_text_to_int64(star + 1, 1, 9999, &count)))
        return false;
    act->code = text;
    act->count = (uint32_t)count;
    return true;
}

static enum sugu_status
run_acts(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__RecordActs body = SUGU__RECORD_ACTS__INIT;
    Sugu__Act acts[ACTS_MAX], *list[ACTS_MAX];

    for (int i = 1; i < count; i++) {
        list[i - 1] = &acts[i - 1];
        if (!parse_act(arguments[i], list[i - 1]))
            return sugu_fail(reterr, SUGU_REFUSED, "acts.unknown",
                             "%s is not CODE or CODE*COUNT with nine digits", arguments[i]);
    }
    body.number = arguments[0];
    body.n_acts = (size_t)(count - 1);
    body.acts = list;
    request.body_case = SUGU__REQUEST__BODY_RECORD_ACTS;
    request.record_acts = &body;
    return ask(admin, &request, /* is_read= */ false, NULL, reterr);
}

static enum sugu_status
run_ratio(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__StateRatio body = SUGU__STATE_RATIO__INIT;
    int64_t percent;

    (void)count;
    if (!sugu_text_to_int64(arguments[1], 0, 100, &percent))
        return sugu_fail(reterr, SUGU_REFUSED, "fee.ratio-wrong", "%s", arguments[1]);
    body.number = arguments[0];
    body.ratio_percent = (uint32_t)percent;
    request.body_case = SUGU__REQUEST__BODY_STATE_RATIO;
    request.state_ratio = &body;
    return ask(admin, &request, /* is_read= */ false, NULL, reterr);
}

/* ---- what is known of a visit */

static void
print_charge(const Sugu__VisitFound *found)
{
    static const char *const sources[] = {"not-proven", "verified", "unknown", "stated"};

    if (found->ratio_source == SUGU__RATIO_SOURCE__RATIO_UNKNOWN)
        printf("ratio unknown\n");
    else
        printf("ratio %u %s\n", found->ratio_percent, sources[found->ratio_source]);
    if (found->charge_report)
        printf("unbilled %s acts=%s\nunbilled-advice %s\n", found->charge_report->code,
               found->charge_report->act_codes, sugu_code_find(found->charge_report->code)->staff);
}

static void
print_visit(const Sugu__Reply *reply)
{
    const Sugu__VisitFound *found = reply->visit_found;
    static const char *const states[] = {"expected",      "arrived", "in-stages",
                                         "awaiting-bill", "billed",  "settled",
                                         "left",          "no-show", "cancelled"};
    static const char *const papers[] = {"queued", "printing", "out", "failed", "doubtful"};
    static const char *const kinds[] = {"ticket", "receipt", "statement", "claim", "refund"};

    printf("number %s\nstate %s\ndepartment %s\nreason %s\neligibility %s\n", found->ticket->number,
           states[found->ticket->state], found->ticket->department, found->ticket->reason,
           found->eligibility_code);
    print_charge(found);
    if (found->bill)
        printf("bill revision=%u state=%d total=%ld\n", found->bill->revision,
               (int)found->bill->state, (long)found->bill->total_yen);
    for (size_t i = 0; i < found->n_papers; i++)
        printf("paper %s %s %s\n", kinds[found->papers[i]->kind], papers[found->papers[i]->state],
               found->papers[i]->code);
    for (size_t i = 0; i < found->n_helps; i++)
        printf("help %s %s\n", found->helps[i]->place, found->helps[i]->reason);
}

static enum sugu_status
run_show(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__FindVisit body = SUGU__FIND_VISIT__INIT;

    (void)count;
    body.number = arguments[0];
    request.body_case = SUGU__REQUEST__BODY_FIND_VISIT;
    request.find_visit = &body;
    return ask(admin, &request, /* is_read= */ true, print_visit, reterr);
}

/* ---- kiosks */

static bool
find_kiosk_verb(const char *word, Sugu__KioskVerb *ret_verb)
{
    static const struct {
        const char *word;
        Sugu__KioskVerb verb;
    } kiosk_verbs[] = {
        {"message", SUGU__KIOSK_VERB__SHOW_MESSAGE},
        {"close", SUGU__KIOSK_VERB__DRAIN},
        {"open", SUGU__KIOSK_VERB__OPEN_AGAIN},
        {"restart", SUGU__KIOSK_VERB__RESTART},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(kiosk_verbs); i++)
        if (strcmp(kiosk_verbs[i].word, word) == 0) {
            *ret_verb = kiosk_verbs[i].verb;
            return true;
        }
    return false;
}

static enum sugu_status
run_kiosk(struct admin *admin, int count, char **arguments, struct sugu_error *reterr)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__CommandKiosk body = SUGU__COMMAND_KIOSK__INIT;

    if (!find_kiosk_verb(arguments[1], &body.verb) ||
        (count > 2 && body.verb != SUGU__KIOSK_VERB__SHOW_MESSAGE))
        return sugu_fail(reterr, SUGU_REFUSED, "command.invalid",
                         "%s is not message [TEXT], close, open or restart", arguments[1]);
    body.place = arguments[0];
    if (count > 2)
        body.text = arguments[2];
    request.body_case = SUGU__REQUEST__BODY_COMMAND_KIOSK;
    request.command_kiosk = &body;
    return ask(admin, &request, /* is_read= */ false, NULL, reterr);
}

const struct admin_command admin_desk_commands[] = {
    {"call", 1, 2, "DESK [NUMBER]", "Call the next ticket, or this one, to the desk.", run_verb},
    {"again", 2, 2, "DESK NUMBER", "Call it again.", run_verb},
    {"present", 2, 2, "DESK NUMBER", "The person is there.", run_verb},
    {"finish", 2, 2, "DESK NUMBER", "The stage is done.", run_verb},
    {"miss", 2, 2, "DESK NUMBER", "Called, and did not come.", run_verb},
    {"park", 2, 2, "DESK NUMBER", "Let the person go for ten minutes, and keep the place.",
     run_verb},
    {"back", 2, 2, "DESK NUMBER", "Back into the queue, with the place it had.", run_verb},
    {"move", 3, 3, "DESK NUMBER DEPARTMENT", "To another queue; the waiting time is kept.",
     run_verb},
    {"no-show", 2, 2, "DESK NUMBER", "The person is not in the house.", run_verb},
    {"undo", 2, 2, "DESK NUMBER", "Take the last verb on the number back.", run_verb},
    {"acts", 2, ACTS_MAX, "NUMBER CODE[*COUNT]…", "Record the acts of the visit.", run_acts},
    {"ratio", 2, 2, "NUMBER PERCENT",
     "State the patient's share (30 = 3割); acts that were recorded are billed anew with it.",
     run_ratio},
    {"show", 1, 1, "NUMBER", "Print what is known of a visit of today.", run_show},
    {"kiosk", 2, 3, "PLACE message|close|open|restart [TEXT]", "Tell a kiosk what to do.",
     run_kiosk},
};
const size_t admin_desk_command_count = SUGU_ARRAY_SIZE(admin_desk_commands);
