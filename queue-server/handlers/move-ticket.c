/* SPDX-License-Identifier: Apache-2.0 */
/*
 * move-ticket - what a desk does with a number: call, park, finish, move, undo …
 *
 * The verb is decided on what the visit's row lock shows, by the tables of the domain; the change
 * itself is made and told by stage-change.c. Who calls the next of a queue waits for whoever does
 * the same at this moment (queue_lock), so the order holds and no press is lost.
 */
#include "handlers/stage-change.h"

#include <string.h>

#define NEXT_TRIES_MAX 8
#define PARK_MIN_USUAL 10
#define UNDO_US_MAX    (15 * SUGU_MINUTE)

enum phase { MOVE_BEGUN, MOVE_FOUND, MOVE_NEXT, MOVE_READ, MOVE_WRITTEN };

struct move_ticket {
    enum phase phase;
    int next_tries;
    struct sugu_desk_find_row desk;
    struct sugu_visit_by_number_row by_number;
    struct sugu_queue_lock_row lock;
    struct sugu_queue_next_row next;
    struct sugu_stage_change_last_rows last; /* of UNDO */
    struct sugu_visit_again_row again;       /* likewise */
    struct sugu_visit_change change;
};

static void
move_ticket_done(void *state)
{
    struct move_ticket *move = state;

    sugu_stage_change_last_rows_done(&move->last);
    sugu_visit_change_done(&move->change);
}
const struct sugu_state sugu_state_move_ticket = {sizeof(struct move_ticket), move_ticket_done};

static enum sugu_stage_event
event_of(Sugu__TicketVerb verb)
{
    switch (verb) {
    case SUGU__TICKET_VERB__CALL_NEXT:
    case SUGU__TICKET_VERB__CALL:
    case SUGU__TICKET_VERB__UNDO:
    case _SUGU__TICKET_VERB_IS_INT_SIZE:
        break;
    case SUGU__TICKET_VERB__CALL_AGAIN:
        return SUGU_STAGE_ON_CALL_AGAIN;
    case SUGU__TICKET_VERB__PRESENT:
        return SUGU_STAGE_ON_PRESENT;
    case SUGU__TICKET_VERB__FINISH:
        return SUGU_STAGE_ON_FINISH;
    case SUGU__TICKET_VERB__MISS:
        return SUGU_STAGE_ON_MISS;
    case SUGU__TICKET_VERB__PARK:
        return SUGU_STAGE_ON_PARK;
    case SUGU__TICKET_VERB__UNPARK:
        return SUGU_STAGE_ON_UNPARK;
    case SUGU__TICKET_VERB__MOVE:
        return SUGU_STAGE_ON_MOVE;
    case SUGU__TICKET_VERB__SEND_BACK:
        return SUGU_STAGE_ON_SEND_BACK;
    case SUGU__TICKET_VERB__NO_SHOW:
        return SUGU_STAGE_ON_DROP;
    }
    return SUGU_STAGE_ON_CALL;
}

/* ---- finding */

static bool
send_next(struct sugu_batch *batch, struct sugu_work *work)
{
    struct move_ticket *move = work->state;
    const char *asked = work->request->move_ticket->department;
    const char *department = *asked ? asked : move->desk.department;
    int32_t facility = batch->facility.facility;

    if (move->next_tries++ >= NEXT_TRIES_MAX) {
        sugu_work_refuse(work, "store.conflict", "the queue changes too fast");
        return false;
    }
    sugu_db_queue_lock(
        batch->db, &(struct sugu_queue_lock_params){.facility = facility, .department = department},
        &move->lock);
    sugu_db_queue_next(batch->db,
                       &(struct sugu_queue_next_params){.facility = facility,
                                                        .day = batch->day,
                                                        .department = department,
                                                        .at = batch->now_utc},
                       &move->next);
    move->phase = MOVE_NEXT;
    return true;
}

static bool
send_visit(struct sugu_batch *batch, struct sugu_work *work, struct sugu_id visit)
{
    struct move_ticket *move = work->state;

    sugu_visit_change_send(batch, &move->change, visit);
    if (work->request->move_ticket->verb == SUGU__TICKET_VERB__UNDO) {
        sugu_stage_change_last_rows_done(&move->last);
        sugu_db_stage_change_last(batch->db,
                                  &(struct sugu_stage_change_last_params){
                                      .facility = batch->facility.facility, .visit = visit},
                                  &move->last);
        sugu_db_visit_again(
            batch->db,
            &(struct sugu_visit_again_params){.facility = batch->facility.facility, .visit = visit},
            &move->again);
    }
    move->phase = MOVE_READ;
    return true;
}

static bool
take_target(struct sugu_batch *batch, struct sugu_work *work)
{
    struct move_ticket *move = work->state;
    const Sugu__MoveTicket *body = work->request->move_ticket;

    if (!move->desk.is_found) {
        sugu_work_refuse(work, "desk.unknown", body->desk);
        return false;
    }
    if (body->verb == SUGU__TICKET_VERB__CALL_NEXT)
        return send_next(batch, work);
    if (!move->by_number.is_found) {
        sugu_work_refuse(work, "visit.unknown", "");
        return false;
    }
    return send_visit(batch, work, move->by_number.visit);
}

/* ---- which stage is meant */

/* How well a stage fits: at this desk now, of this desk's department, any that the verb may change;
 * 0 = not at all. A department that was named has to be it; without one a desk calls only those who
 * wait for its own. */
static int
rate_stage(const struct move_ticket *move,
           const Sugu__MoveTicket *body,
           const struct sugu_stage_list_row *row)
{
    bool is_named = *body->department && body->verb != SUGU__TICKET_VERB__MOVE;
    bool is_here = row->state == SUGU_STAGE_CALLED || row->state == SUGU_STAGE_PRESENT;

    if (!sugu_machine_allows(&sugu_stage_machine, (unsigned)row->state, event_of(body->verb)) ||
        (is_named && strcmp(row->department, body->department) != 0))
        return 0;
    if (is_here && strcmp(row->desk, body->desk) == 0)
        return 4;
    if (strcmp(row->department, move->desk.department) == 0)
        return 3;
    if (event_of(body->verb) == SUGU_STAGE_ON_CALL && !is_named)
        return 0;
    return is_here ? 2 : 1;
}

static const struct sugu_stage_list_row *
pick_stage(const struct move_ticket *move, const Sugu__MoveTicket *body)
{
    const struct sugu_stage_list_row *best = NULL;
    int best_rate = 0;

    for (size_t i = 0; i < move->change.before.stages.count; i++) {
        const struct sugu_stage_list_row *row = &move->change.before.stages.rows[i];
        int rate = rate_stage(move, body, row);
        if (rate > best_rate) {
            best = row;
            best_rate = rate;
        }
    }
    return best;
}

/* What happened since the desk pressed its key, for its people: "called 2". */
static const char *
say_state(const struct sugu_stage_list_row *row, char to[64])
{
    static const char *const words[] = {
#define SUGU_STATE(name) #name,
        SUGU_STAGE_STATES(SUGU_STATE)
#undef SUGU_STATE
    };

    snprintf(to, 64, "%s %s", words[row->state], row->desk);
    return to;
}

/* Where the person is now; NULL = nowhere, waiting. */
static const struct sugu_stage_list_row *
find_present(const struct move_ticket *move)
{
    for (size_t i = 0; i < move->change.before.stages.count; i++) {
        const struct sugu_stage_list_row *row = &move->change.before.stages.rows[i];
        if (row->state == SUGU_STAGE_CALLED || row->state == SUGU_STAGE_PRESENT)
            return row;
    }
    return NULL;
}

/* ---- the verbs */

/* Who is to go there anyway has one stage of it, not two: it waits now, as long as the one that is
 * moved or, where it waited longer, as it did. */
static void
join_stage(struct sugu_batch *batch,
           struct move_ticket *move,
           const struct sugu_department_list_row *department,
           const struct sugu_stage_list_row *row,
           const struct sugu_stage_list_row *open)
{
    bool is_new = open->state == SUGU_STAGE_PLANNED;
    const char *advanced = move->change.advanced; /* the queue that is left, not this one */
    struct sugu_stage_write *write;

    if (open->state == SUGU_STAGE_CALLED || open->state == SUGU_STAGE_PRESENT)
        return; /* is there already */
    write = sugu_visit_change_stage(&move->change, open, SUGU_STAGE_WAITING, batch->now_utc);
    move->change.advanced = advanced;
    write->waiting_at =
        is_new || row->waiting_at < open->waiting_at ? row->waiting_at : open->waiting_at;
    sugu_visit_change_place(&move->change, write, department,
                            open->appointment_at ? open->appointment_at : row->appointment_at);
}

static bool
move_to_queue(struct sugu_batch *batch,
              struct sugu_work *work,
              const struct sugu_stage_list_row *row)
{
    struct move_ticket *move = work->state;
    const char *target = work->request->move_ticket->department;
    const struct sugu_department_list_row *department =
        sugu_house_find(&move->change.house, target);
    const struct sugu_stage_list_row *open = sugu_visit_change_find_open(&move->change, target);
    struct sugu_stage_write *write;

    if (!department || !department->is_open || strcmp(target, row->department) == 0) {
        sugu_work_refuse(work, "department.unknown", target);
        return false;
    }
    sugu_visit_change_stage(&move->change, row, SUGU_STAGE_MOVED, batch->now_utc);
    if (open) {
        join_stage(batch, move, department, row, open);
        return true;
    }
    write = sugu_visit_change_add(batch, &move->change, department, row->waiting_at, row->reason);
    if (!write) {
        sugu_work_refuse(work, "plan.full", "");
        return false;
    }
    sugu_visit_change_place(&move->change, write, department, row->appointment_at);
    return true;
}

/* Is the person with another desk than the one that was shown? */
static bool
is_elsewhere(const Sugu__MoveTicket *body, const struct sugu_stage_list_row *row)
{
    bool is_at_desk = row->state == SUGU_STAGE_CALLED || row->state == SUGU_STAGE_PRESENT;

    return is_at_desk && *body->seen_desk && strcmp(row->desk, body->seen_desk) != 0;
}

/* Is the stage still what the desk saw? What this desk itself has done since does not count. `row`
 * NULL: nothing is left that the verb could be done to. */
static bool
is_as_seen(const struct move_ticket *move,
           struct sugu_work *work,
           const struct sugu_stage_list_row *row)
{
    const Sugu__MoveTicket *body = work->request->move_ticket;
    const struct sugu_stage_list_row *now = row;
    char words[64];

    for (size_t i = 0; i < move->change.before.stages.count && !now; i++)
        if (strcmp(move->change.before.stages.rows[i].department, body->department) == 0)
            now = &move->change.before.stages.rows[i];
    if (!body->has_seen || (row && ((row->state == (int)body->seen && !is_elsewhere(body, row)) ||
                                    strcmp(row->desk, body->desk) == 0)))
        return true;
    sugu_work_refuse(work, "ticket.changed", now ? say_state(now, words) : "");
    return false;
}

static bool
drop_all(struct sugu_batch *batch, struct sugu_work *work)
{
    struct move_ticket *move = work->state;
    const struct sugu_stage_list_row *present = find_present(move);
    bool has_any = false;

    if (!is_as_seen(move, work, present ? present : pick_stage(move, work->request->move_ticket)))
        return false;
    for (size_t i = 0; i < move->change.before.stages.count; i++) {
        const struct sugu_stage_list_row *row = &move->change.before.stages.rows[i];
        if (!sugu_machine_allows(&sugu_stage_machine, (unsigned)row->state, SUGU_STAGE_ON_DROP))
            continue;
        sugu_visit_change_stage(&move->change, row, SUGU_STAGE_DROPPED, batch->now_utc);
        has_any = true;
    }
    if (!has_any)
        sugu_work_refuse(work, "ticket.not-allowed", "nothing is open");
    return has_any;
}

/* Is the last change this desk's own, of just now, and what it meant? Else the code that says what
 * happened; `ret_detail` says it in words, where there are any. */
static const char *
judge_undo(const struct sugu_batch *batch,
           const struct move_ticket *move,
           const Sugu__MoveTicket *body,
           const char **ret_detail)
{
    const struct sugu_stage_change_last_row *last = move->last.rows;
    bool is_seen = !body->has_seen;

    *ret_detail = "";
    if (move->last.count == 0)
        return "ticket.nothing-to-undo";
    /* What no desk did, the house did: the money came. */
    if (!*last->desk)
        return "ticket.undo-too-late";
    if (strcmp(last->desk, body->desk) != 0) {
        *ret_detail = last->desk;
        return "ticket.undo-other-desk";
    }
    if (batch->now_utc - last->changed_at > UNDO_US_MAX)
        return "ticket.undo-expired";
    for (size_t i = 0; i < move->last.count; i++)
        is_seen = is_seen || last[i].to_state == (int)body->seen;
    return is_seen ? "" : "ticket.changed";
}

/* Who was a no-show has come after all, and is here under another number. */
static bool
refuse_twice(struct sugu_work *work)
{
    const struct move_ticket *move = work->state;
    char number[SUGU_TICKET_NUMBER_SIZE];

    if (!move->again.is_found)
        return false;
    sugu_ticket_number_format(number, move->again.series, (uint32_t)move->again.number);
    sugu_work_refuse(work, "ticket.undo-here-again", number);
    return true;
}

/* Puts back what the last verb found, if nothing has been built on it since. */
static bool
undo(struct sugu_batch *batch, struct sugu_work *work)
{
    struct move_ticket *move = work->state;
    int state = move->change.lock.state;
    bool is_open = state == SUGU_VISIT_ARRIVED || state == SUGU_VISIT_IN_STAGES ||
                   state == SUGU_VISIT_AWAITING_BILL || state == SUGU_VISIT_NO_SHOW;
    const char *detail;
    const char *code = judge_undo(batch, move, work->request->move_ticket, &detail);

    if (*code) {
        sugu_work_refuse(work, code, detail);
        return false;
    }
    if (refuse_twice(work))
        return false;
    for (size_t i = 0; i < move->last.count; i++) {
        const struct sugu_stage_change_last_row *row = &move->last.rows[i];
        const struct sugu_stage_list_row *now =
            sugu_visit_view_stage(&move->change.before, row->stage);
        if (!now || now->state != row->to_state || (!is_open && state != row->visit_state)) {
            sugu_work_refuse(work, "ticket.undo-too-late", "");
            return false;
        }
    }
    for (size_t i = 0; i < move->last.count; i++)
        sugu_visit_change_restore(batch, &move->change, &move->last.rows[i]);
    move->change.visit_state = (unsigned)move->last.rows[0].visit_state;
    move->change.undone = move->last.rows[0].change;
    if (move->last.rows[0].from_priority >= 0)
        move->change.lock.priority = move->last.rows[0].from_priority;
    return true;
}

static bool
change_one(struct sugu_batch *batch, struct sugu_work *work)
{
    struct move_ticket *move = work->state;
    const Sugu__MoveTicket *body = work->request->move_ticket;
    enum sugu_stage_event event = event_of(body->verb);
    const struct sugu_stage_list_row *row = pick_stage(move, body);
    struct sugu_stage_write *write;
    unsigned next;

    if (!is_as_seen(move, work, row))
        return false;
    if (!row || sugu_machine_step(&sugu_stage_machine, (unsigned)row->state, event, &next, NULL,
                                  NULL) != SUGU_OK) {
        sugu_work_refuse(work, "ticket.not-allowed", "");
        return false;
    }
    if (event == SUGU_STAGE_ON_MOVE)
        return move_to_queue(batch, work, row);
    write = sugu_visit_change_stage(&move->change, row, next, batch->now_utc);
    if (event == SUGU_STAGE_ON_CALL || event == SUGU_STAGE_ON_CALL_AGAIN) {
        write->is_call = true;
        write->called_at = batch->now_utc;
        write->desk = body->desk;
    } else if (event == SUGU_STAGE_ON_PARK) {
        uint32_t minutes = body->park_minutes ? body->park_minutes : PARK_MIN_USUAL;
        write->parked_until = batch->now_utc + minutes * SUGU_MINUTE;
    } else if (event == SUGU_STAGE_ON_PRESENT) {
        write->desk = body->desk;
    } else if (event == SUGU_STAGE_ON_UNPARK) { /* who is back is told anew how long it takes */
        sugu_visit_change_place(&move->change, write,
                                sugu_house_find(&move->change.house, row->department),
                                row->appointment_at);
    }
    return true;
}

/* False after a refusal, or where the next of the queue has to be looked for again. */
static bool
decide(struct sugu_batch *batch, struct sugu_work *work)
{
    struct move_ticket *move = work->state;
    const Sugu__MoveTicket *body = work->request->move_ticket;
    const struct sugu_stage_list_row *present = find_present(move);
    bool is_call =
        event_of(body->verb) == SUGU_STAGE_ON_CALL && body->verb != SUGU__TICKET_VERB__UNDO;

    if (is_call && present) {
        sugu_work_refuse(work, "ticket.already-called", present->desk);
        return false;
    }
    if (body->verb == SUGU__TICKET_VERB__UNDO)
        return undo(batch, work);
    if (body->verb == SUGU__TICKET_VERB__NO_SHOW)
        return drop_all(batch, work) &&
               sugu_visit_change_settle(batch, &move->change, work, /* is_no_show= */ true);
    return change_one(batch, work) &&
           sugu_visit_change_settle(batch, &move->change, work, /* is_no_show= */ false);
}

/* Somebody took the one that was next between the look and the lock. */
static bool
is_gone(const struct move_ticket *move, const Sugu__MoveTicket *body)
{
    return body->verb == SUGU__TICKET_VERB__CALL_NEXT &&
           (find_present(move) || !pick_stage(move, body));
}

static bool
write_and_read(struct sugu_batch *batch, struct sugu_work *work)
{
    struct move_ticket *move = work->state;
    const Sugu__MoveTicket *body = work->request->move_ticket;

    if (is_gone(move, body))
        return send_next(batch, work);
    if (!decide(batch, work))
        return false;
    sugu_visit_change_write(batch, &move->change, work,
                            &(struct sugu_verb){(int)body->verb, body->desk});
    move->phase = MOVE_WRITTEN;
    return true;
}

static void
reply_moved(struct sugu_batch *batch, struct sugu_work *work)
{
    struct move_ticket *move = work->state;
    struct sugu_visit_view *after = &move->change.after;
    const struct sugu_stage_list_row *row = NULL;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Stage stage = SUGU__STAGE__INIT;

    sugu_visit_change_publish(batch, &move->change);
    if (move->change.write_count > 0)
        row = sugu_visit_view_stage(after, move->change.writes[0].stage);
    stage.visit = sugu_id_field(&after->visit);
    stage.number = after->number;
    if (row) {
        stage.department = (char *)row->department;
        stage.state = (Sugu__StageState)row->state;
        stage.desk = (char *)row->desk;
        stage.desk_word = (Sugu__DeskWord)row->desk_word;
    }
    stage.visit_state = (Sugu__VisitState)after->head.state;
    stage.n_next = sugu_visit_view_list(after);
    stage.next = after->list;
    reply.body_case = SUGU__REPLY__BODY_STAGE;
    reply.stage = &stage;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_move_ticket(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct move_ticket *move = work->state;
    const Sugu__MoveTicket *body = work->request->move_ticket;

    (void)count;
    (void)round;
    switch (move->phase) {
    case MOVE_BEGUN:
        sugu_db_desk_find(batch->db,
                          &(struct sugu_desk_find_params){.facility = batch->facility.facility,
                                                          .desk = body->desk},
                          &move->desk);
        sugu_visit_by_number_send(batch, body->number, &move->by_number);
        move->phase = MOVE_FOUND;
        return true;
    case MOVE_FOUND:
        return take_target(batch, work);
    case MOVE_NEXT:
        if (move->next.is_found)
            return send_visit(batch, work, move->next.visit);
        sugu_work_refuse(work, "ticket.none-waiting", "");
        return false;
    case MOVE_READ:
        return write_and_read(batch, work);
    case MOVE_WRITTEN:
        break;
    }
    reply_moved(batch, work);
    return false;
}
