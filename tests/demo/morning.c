/* SPDX-License-Identifier: Apache-2.0 */
/*
 * morning - simulated patients, and the staff of the rooms: what comes to pass, and when
 */
#include "demo/morning.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLED_OVER 15 /* of 100 are called once more before they come */
/* Counted and not left to chance, so that there is always one to be seen: nobody follows each
 * eleventh call at first, and each fifteenth treatment goes on later. */
#define MISS_EACH 11
#define PARK_EACH 15
#define PARK_MIN  10

static const char *const first_acts[] = {"111000110", "112007410"};
static const char *const more_acts[] = {"160008010", "160054710", "160061710", "160095710",
                                        "140000610"};

static const struct morning_room rooms[MORNING_ROOMS] = {
    {.desk = "3", .place = TOWN_INTERNAL},  {.desk = "4", .place = TOWN_INTERNAL},
    {.desk = "5", .place = TOWN_EYE},       {.desk = "7", .place = TOWN_ORTHO},
    {.desk = "11", .place = TOWN_BLOOD},    {.desk = "21", .place = TOWN_XRAY},
    {.desk = "31", .place = TOWN_PHARMACY}, {.desk = "9", .place = TOWN_RECEPTION},
};

/* ---- time and chance */

void
morning_plan(struct morning *morning, enum morning_task_kind kind, size_t who, int64_t in_us)
{
    if (morning->task_count == MORNING_TASKS_MAX) {
        morning_trouble(morning, "plan", "too many tasks");
        return;
    }
    morning->tasks[morning->task_count++] =
        (struct morning_task){morning->now_us + in_us, morning->order++, kind, who};
}

int64_t
morning_minutes(struct morning *morning, unsigned min, unsigned max)
{
    uint64_t span_s = (uint64_t)(max - min) * 60 + 1;

    return min * SUGU_MINUTE + (int64_t)sugu_random_below(morning->random, span_s) * SUGU_SECOND;
}

bool
morning_chance(struct morning *morning, unsigned percent)
{
    return sugu_random_below(morning->random, 100) < percent;
}

/* ---- people */

static size_t
find_guest(const struct morning *morning, const char *number)
{
    size_t i = 0;

    while (i < morning->guest_count && strcmp(morning->guests[i].number, number) != 0)
        i++;
    return i;
}

struct morning_guest *
morning_add_guest(struct morning *morning)
{
    struct morning_guest *guest = NULL;

    if (morning->guest_count < MORNING_GUESTS_MAX)
        guest = &morning->guests[morning->guest_count++];
    for (size_t i = 0; i < morning->guest_count && !guest; i++)
        if (morning->guests[i].is_done)
            guest = &morning->guests[i];
    if (guest)
        memset(guest, 0, sizeof *guest);
    return guest;
}

/* Who is called, also one whom this program did not send; false where there is no place. */
static bool
take_called(struct morning *morning, const char *number, size_t *ret_guest)
{
    struct morning_guest *guest;
    size_t at = find_guest(morning, number);

    if (at == morning->guest_count) {
        guest = morning_add_guest(morning);
        if (!guest)
            return false;
        guest->is_other = true;
        snprintf(guest->number, sizeof guest->number, "%s", number);
        at = (size_t)(guest - morning->guests);
    }
    *ret_guest = at;
    return true;
}

static void
arrive(struct morning *morning)
{
    int64_t gap_us =
        3600 * SUGU_SECOND / (morning->settings.per_hour > 0 ? morning->settings.per_hour : 1);

    morning_plan(morning, MORNING_ARRIVAL, 0,
                 gap_us / 2 + (int64_t)sugu_random_below(morning->random, (uint64_t)gap_us));
    if (morning->settings.per_hour > 0)
        morning_check_in(morning, morning->arrivals++ % TOWN_PEOPLE);
}

/* ---- verbs */

/* The reply's stage where it was done, NULL with the code in `code` where not. */
static Sugu__Reply *
move(struct morning *morning,
     const struct morning_room *room,
     Sugu__TicketVerb verb,
     const char *number,
     char code[65])
{
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;
    Sugu__Reply *reply;

    body.desk = (char *)room->desk;
    body.verb = verb;
    body.number = (char *)number;
    body.park_minutes = verb == SUGU__TICKET_VERB__PARK ? PARK_MIN : 0;
    reply = morning_ask(morning, &morning->rooms, SUGU__REQUEST__BODY_MOVE_TICKET, &body);
    if (reply && reply->body_case == SUGU__REPLY__BODY_STAGE)
        return reply;
    snprintf(code, 65, "%s", reply ? reply->code : "server.no-answer");
    if (reply)
        sugu__reply__free_unpacked(reply, NULL);
    return NULL;
}

/* A room's verb on the person who is there. What is refused was done by somebody at a desk
 * meanwhile: the room goes on with the next. */
static bool
treat(struct morning *morning, size_t at, Sugu__TicketVerb verb, Sugu__VisitState *ret_state)
{
    struct morning_room *room = &morning->desks[at];
    char code[65];
    Sugu__Reply *reply = move(morning, room, verb, morning->guests[room->guest].number, code);

    if (!reply) {
        if (morning->settings.leaves_others)
            morning_trouble(morning, room->desk, code);
        return false;
    }
    if (ret_state)
        *ret_state = reply->stage->visit_state;
    sugu__reply__free_unpacked(reply, NULL);
    return true;
}

static void
leave_room(struct morning *morning, size_t at, int64_t pause_us)
{
    morning->desks[at].is_busy = false;
    morning_plan(morning, MORNING_ROOM, at, pause_us);
}

/* ---- who is next */

/* Waits, or was parked and the time is over. */
static bool
is_ready(const struct morning *morning, const Sugu__QueueEntry *entry)
{
    int64_t server_utc_us = morning->clock->utc_us(morning->clock) + *morning->shift_us;

    return entry->state == SUGU__STAGE_STATE__STAGE_WAITING ||
           (entry->state == SUGU__STAGE_STATE__STAGE_PARKED &&
            entry->parked_until_utc_us <= server_utc_us);
}

/* The first of this queue who was made here, in the server's order; false where nobody is. */
static bool
choose_own(struct morning *morning, const struct morning_room *room, char number[17])
{
    Sugu__GetQueues body = SUGU__GET_QUEUES__INIT;
    struct sugu_id after = {{0}};
    int64_t due_us = INT64_MAX;
    uint32_t rank = UINT32_MAX;
    bool is_last = false;

    while (!is_last) {
        Sugu__Reply *reply =
            morning_ask(morning, &morning->rooms, SUGU__REQUEST__BODY_GET_QUEUES, &body);
        if (!reply || reply->body_case != SUGU__REPLY__BODY_QUEUES)
            break;
        for (size_t i = 0; i < reply->queues->n_entries; i++) {
            const Sugu__QueueEntry *entry = reply->queues->entries[i];
            size_t guest = find_guest(morning, entry->number);
            after = sugu_id_of(&entry->visit);
            body.after_stage = entry->stage;
            if (!is_ready(morning, entry) || guest == morning->guest_count ||
                strcmp(entry->department, town_places[room->place].code) != 0 ||
                entry->rank > rank || (entry->rank == rank && entry->due_utc_us >= due_us))
                continue;
            rank = entry->rank;
            due_us = entry->due_utc_us;
            snprintf(number, 17, "%s", entry->number);
        }
        is_last = reply->queues->is_last || reply->queues->n_entries == 0;
        body.after_visit = sugu_id_field(&after);
        sugu__reply__free_unpacked(reply, NULL);
    }
    return due_us != INT64_MAX;
}

/* Somebody who was missed in this room and has come back goes first. */
static bool
choose_back(struct morning *morning, size_t at, char number[17])
{
    for (size_t i = 0; i < morning->guest_count; i++) {
        struct morning_guest *guest = &morning->guests[i];
        if (guest->is_back && guest->room == at) {
            guest->is_back = false;
            snprintf(number, 17, "%s", guest->number);
            return true;
        }
    }
    return false;
}

static void
call_next(struct morning *morning, size_t at)
{
    struct morning_room *room = &morning->desks[at];
    char number[17] = "", code[65] = "";
    bool is_chosen = choose_back(morning, at, number) ||
                     (morning->settings.leaves_others && choose_own(morning, room, number));
    Sugu__Reply *reply;

    if (!is_chosen && morning->settings.leaves_others) {
        leave_room(morning, at, SUGU_MINUTE);
        return;
    }
    reply = move(morning, room, is_chosen ? SUGU__TICKET_VERB__CALL : SUGU__TICKET_VERB__CALL_NEXT,
                 number, code);
    /* Nobody is there, is already somewhere else, or was taken by somebody at a desk. */
    if (!reply) {
        leave_room(morning, at, SUGU_MINUTE);
        return;
    }
    morning->counts.called++;
    room->is_busy = take_called(morning, reply->stage->number, &room->guest);
    sugu__reply__free_unpacked(reply, NULL);
    if (!room->is_busy)
        leave_room(morning, at, SUGU_MINUTE);
    else
        morning_plan(morning, MORNING_CALLED, at, morning_minutes(morning, 0, 3));
}

/* ---- in the room */

static void
come_in(struct morning *morning, size_t at)
{
    struct morning_room *room = &morning->desks[at];
    struct morning_guest *guest = &morning->guests[room->guest];
    const struct town_place *place = &town_places[room->place];

    if (!guest->is_other && !guest->was_missed && morning->counts.called % MISS_EACH == 5) {
        guest->was_missed = true;
        guest->room = at;
        if (treat(morning, at, SUGU__TICKET_VERB__MISS, NULL)) {
            morning->counts.missed++;
            morning_plan(morning, MORNING_RETURN, room->guest, morning_minutes(morning, 8, 40));
        }
        leave_room(morning, at, SUGU_MINUTE / 4);
        return;
    }
    if (morning_chance(morning, CALLED_OVER) &&
        treat(morning, at, SUGU__TICKET_VERB__CALL_AGAIN, NULL))
        morning->counts.called++;
    if (treat(morning, at, SUGU__TICKET_VERB__PRESENT, NULL))
        morning_plan(morning, MORNING_END, at,
                     morning_minutes(morning, place->minutes_min, place->minutes_max));
    else
        leave_room(morning, at, SUGU_MINUTE / 4);
}

static void
end_treatment(struct morning *morning, size_t at)
{
    struct morning_room *room = &morning->desks[at];
    struct morning_guest *guest = &morning->guests[room->guest];
    Sugu__VisitState state = SUGU__VISIT_STATE__VISIT_IN_STAGES;

    if (!guest->is_other && !guest->was_parked && room->place <= TOWN_ORTHO &&
        morning->counts.finished % PARK_EACH == 7) {
        guest->was_parked = true;
        morning->counts.parked += treat(morning, at, SUGU__TICKET_VERB__PARK, NULL);
    } else if (treat(morning, at, SUGU__TICKET_VERB__FINISH, &state)) {
        morning->counts.finished++;
        guest->is_done |= guest->is_other;
        if (state == SUGU__VISIT_STATE__VISIT_AWAITING_BILL)
            morning_plan(morning, MORNING_ACTS, room->guest, morning_minutes(morning, 1, 3));
    }
    leave_room(morning, at, SUGU_MINUTE / 3);
}

/* ---- the bill */

static void
enter_acts(struct morning *morning, size_t who)
{
    struct morning_guest *guest = &morning->guests[who];
    Sugu__RecordActs body = SUGU__RECORD_ACTS__INIT;
    Sugu__Act acts[3], *list[3];
    const char *codes[3] = {first_acts[sugu_random_below(morning->random, 2)]};
    size_t first = (size_t)sugu_random_below(morning->random, SUGU_ARRAY_SIZE(more_acts));

    codes[1] = more_acts[first];
    codes[2] = more_acts[(first + 1) % SUGU_ARRAY_SIZE(more_acts)];
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(acts); i++) {
        sugu__act__init(&acts[i]);
        acts[i].code = (char *)codes[i];
        acts[i].count = 1;
        list[i] = &acts[i];
    }
    body.number = guest->number;
    body.n_acts = 1 + (size_t)sugu_random_below(morning->random, 3);
    body.acts = list;
    if (!morning_do(morning, &morning->rooms, SUGU__REQUEST__BODY_RECORD_ACTS, &body))
        return;
    morning->counts.billed++;
    if (!guest->is_other)
        morning_plan(morning, MORNING_PAY, who, morning_minutes(morning, 5, 18));
}

/* ---- tasks */

static void
carry_out(struct morning *morning, const struct morning_task *task)
{
    switch (task->kind) {
    case MORNING_ARRIVAL:
        arrive(morning);
        break;
    case MORNING_ROOM:
        if (!morning->desks[task->who].is_busy)
            call_next(morning, task->who);
        break;
    case MORNING_CALLED:
        come_in(morning, task->who);
        break;
    case MORNING_END:
        end_treatment(morning, task->who);
        break;
    case MORNING_RETURN:
        morning->guests[task->who].is_back = true;
        break;
    case MORNING_ACTS:
        enter_acts(morning, task->who);
        break;
    case MORNING_PAY:
        if (!morning_pay(morning, &morning->guests[task->who]))
            morning_plan(morning, MORNING_PAY, task->who, SUGU_MINUTE);
        break;
    }
}

static size_t
first_task(const struct morning *morning)
{
    size_t first = 0;

    for (size_t i = 1; i < morning->task_count; i++) {
        const struct morning_task *task = &morning->tasks[i], *best = &morning->tasks[first];
        if (task->at_us < best->at_us || (task->at_us == best->at_us && task->order < best->order))
            first = i;
    }
    return first;
}

bool
morning_step(struct morning *morning, int64_t until_us, unsigned tasks_max)
{
    while (morning->task_count > 0) {
        size_t first = first_task(morning);
        struct morning_task task = morning->tasks[first];
        if (task.at_us > until_us)
            break;
        if (tasks_max-- == 0)
            return true;
        morning->tasks[first] = morning->tasks[--morning->task_count];
        morning->now_us = task.at_us > morning->now_us ? task.at_us : morning->now_us;
        carry_out(morning, &task);
    }
    morning->now_us = until_us;
    return false;
}

void
morning_init(struct morning *morning, const struct morning_settings *settings)
{
    memset(morning, 0, sizeof *morning);
    morning->settings = *settings;
    morning->clock = sugu_clock_system();
    sugu_random_seeded_init(&morning->seeded, settings->seed);
    morning->random = &morning->seeded.random;
    memcpy(morning->desks, rooms, sizeof rooms);
    morning_plan(morning, MORNING_ARRIVAL, 0, 0);
    for (size_t i = 0; i < MORNING_ROOMS; i++)
        morning_plan(morning, MORNING_ROOM, i, (int64_t)i * 10 * SUGU_SECOND);
}

/* The server's calendar stands where the simulation does. Where the business day began a short time
 * ago, the past is pressed together: it may not lie on the day before. */
void
morning_play_past(struct morning *morning)
{
    const int64_t day_us = 24 * 60 * SUGU_MINUTE, past_us = morning->settings.before_us;
    int64_t begin_utc = morning->clock->utc_us(morning->clock);
    /* 04:00 in Japan is 19:00 UTC. */
    int64_t age_us = (begin_utc - 19 * 60 * SUGU_MINUTE) % day_us - SUGU_MINUTE;
    int64_t behind_us = age_us < 0 ? 0 : age_us < past_us ? age_us : past_us;

    while (morning->now_us < past_us && morning->task_count > 0) {
        int64_t at_us = morning->tasks[first_task(morning)].at_us;
        int64_t play_us = at_us < past_us ? at_us : past_us;
        int64_t left_us = past_us - play_us;
        *morning->shift_us = begin_utc - left_us / 1000 * (behind_us / 1000) / (past_us / 1000000) -
                             morning->clock->utc_us(morning->clock);
        morning_step(morning, play_us, 1);
        morning->now_us = play_us;
    }
    *morning->shift_us = 0;
}
