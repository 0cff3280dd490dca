/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board - what call boards and phone pages ask for: numbers, ranges, bills; never a name
 */
#include "handlers/queue-view.h"

#include "domain/bill-machine.h"
#include "domain/visit.h"

#include <stdlib.h>
#include <string.h>

#define NUMBERS_MAX 200
#define WAITS_MAX   60
#define BILLS_MAX   200
#define PAGES_MAX   10
#define STAGES_MAX  200
#define LINES_MAX   20

static void *
new_message(size_t size)
{
    void *message = calloc(1, size);

    if (!message)
        abort();
    return message;
}

/* ---- GetBoard */

struct get_board {
    struct sugu_board_numbers_rows numbers;
    struct sugu_board_waits_rows waits;
    struct sugu_board_bills_rows bills;
};

static void
get_board_done(void *state)
{
    struct get_board *get = state;

    sugu_board_numbers_rows_done(&get->numbers);
    sugu_board_waits_rows_done(&get->waits);
    sugu_board_bills_rows_done(&get->bills);
}
const struct sugu_state sugu_state_get_board = {sizeof(struct get_board), get_board_done};

struct board_message {
    Sugu__Board board;
    Sugu__NumberCalled number[NUMBERS_MAX], *number_list[NUMBERS_MAX];
    Sugu__QueueWait wait[WAITS_MAX], *wait_list[WAITS_MAX];
    Sugu__BillReady bill[BILLS_MAX], *bill_list[BILLS_MAX];
    char numbers[NUMBERS_MAX][SUGU_TICKET_NUMBER_SIZE], bills[BILLS_MAX][SUGU_TICKET_NUMBER_SIZE];
};

static bool
is_wanted(const Sugu__GetBoard *body, const char *department)
{
    for (size_t i = 0; i < body->n_departments; i++)
        if (strcmp(body->departments[i]->department, department) == 0)
            return true;
    return body->n_departments == 0;
}

static void
fill_numbers(struct get_board *get, struct board_message *to)
{
    for (size_t i = 0; i < get->numbers.count; i++) {
        struct sugu_board_numbers_row *row = &get->numbers.rows[i];
        Sugu__NumberCalled *called = to->number_list[i] = &to->number[i];
        sugu__number_called__init(called);
        sugu_ticket_number_format(to->numbers[i], row->series, (uint32_t)row->number);
        called->number = to->numbers[i];
        called->department = row->department;
        called->department_name = row->department_name;
        called->state = (Sugu__StageState)row->state;
        called->desk = row->desk;
        called->desk_word = (Sugu__DeskWord)row->desk_word;
        called->called_utc_us = row->called_at;
        called->calls = (uint32_t)row->calls;
        called->language = row->language;
    }
    to->board.n_numbers = get->numbers.count;
    to->board.numbers = to->number_list;
}

static void
fill_waits(struct get_board *get, const Sugu__GetBoard *body, struct board_message *to)
{
    for (size_t i = 0; i < get->waits.count; i++) {
        struct sugu_board_waits_row *row = &get->waits.rows[i];
        Sugu__QueueWait *wait = &to->wait[to->board.n_waits];
        if (!is_wanted(body, row->department))
            continue;
        to->wait_list[to->board.n_waits++] = wait;
        sugu__queue_wait__init(wait);
        wait->department = row->department;
        wait->department_name = row->department_name;
        wait->waiting = (uint32_t)row->waiting;
        sugu_range_minutes(row->low_s, row->high_s, &wait->low_min, &wait->high_min);
    }
    to->board.waits = to->wait_list;
}

static void
reply_board(struct sugu_work *work)
{
    struct get_board *get = work->state;
    struct board_message *to = new_message(sizeof *to);
    Sugu__Reply reply = SUGU__REPLY__INIT;

    sugu__board__init(&to->board);
    fill_numbers(get, to);
    fill_waits(get, work->request->get_board, to);
    for (size_t i = 0; i < get->bills.count; i++) {
        to->bill_list[i] = &to->bill[i];
        sugu__bill_ready__init(&to->bill[i]);
        sugu_ticket_number_format(to->bills[i], get->bills.rows[i].series,
                                  (uint32_t)get->bills.rows[i].number);
        to->bill[i].number = to->bills[i];
        to->bill[i].is_ready = true;
    }
    to->board.n_bills = get->bills.count;
    to->board.bills = to->bill_list;
    reply.body_case = SUGU__REPLY__BODY_BOARD;
    reply.board = &to->board;
    sugu_work_reply(work, &reply);
    free(to);
}

bool
sugu_step_get_board(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct get_board *get = works[0]->state;
    const Sugu__GetBoard *body = works[0]->request->get_board;
    const char *departments[WAITS_MAX];
    int32_t facility = batch->facility.facility;

    (void)count;
    if (round > 0) {
        reply_board(works[0]);
        return false;
    }
    for (size_t i = 0; i < body->n_departments; i++)
        departments[i] = body->departments[i]->department;
    sugu_db_board_numbers(batch->db,
                          &(struct sugu_board_numbers_params){.count = body->n_departments,
                                                              .facility = facility,
                                                              .day = batch->day,
                                                              .departments = departments},
                          &get->numbers);
    sugu_db_board_waits(batch->db,
                        &(struct sugu_board_waits_params){.facility = facility, .day = batch->day},
                        &get->waits);
    sugu_db_board_bills(batch->db,
                        &(struct sugu_board_bills_params){.facility = facility, .day = batch->day},
                        &get->bills);
    return true;
}

/* ---- GetPhonePages */

struct get_phone_pages {
    struct sugu_facility_find_row facility;
    struct sugu_visit_by_tokens_rows visits;
    struct sugu_phone_heads_rows heads;
    struct sugu_phone_stages_rows stages;
    struct sugu_house_line_list_rows lines;
};

static void
get_phone_pages_done(void *state)
{
    struct get_phone_pages *get = state;

    sugu_visit_by_tokens_rows_done(&get->visits);
    sugu_phone_heads_rows_done(&get->heads);
    sugu_phone_stages_rows_done(&get->stages);
    sugu_house_line_list_rows_done(&get->lines);
}
const struct sugu_state sugu_state_get_phone_pages = {sizeof(struct get_phone_pages),
                                                      get_phone_pages_done};

struct pages_message {
    Sugu__PhonePages pages;
    Sugu__PhonePage page[PAGES_MAX], *page_list[PAGES_MAX];
    Sugu__TicketStage stage[STAGES_MAX], *stage_list[PAGES_MAX][SUGU_VISIT_STAGES_MAX];
    Sugu__HouseLine line[LINES_MAX], *line_list[LINES_MAX];
    char numbers[PAGES_MAX][SUGU_TICKET_NUMBER_SIZE];
};

static void
send_tokens(struct sugu_batch *batch, struct sugu_work *work)
{
    struct get_phone_pages *get = work->state;
    const Sugu__GetPhonePages *body = work->request->get_phone_pages;
    struct sugu_bytes tokens[PAGES_MAX];
    int32_t facility = batch->facility.facility;

    for (size_t i = 0; i < body->n_tokens; i++)
        tokens[i] = (struct sugu_bytes){body->tokens[i]->token.data, body->tokens[i]->token.len};
    sugu_db_facility_find(batch->db, &(struct sugu_facility_find_params){.facility = facility},
                          &get->facility);
    sugu_db_house_line_list(batch->db, &(struct sugu_house_line_list_params){.facility = facility},
                            &get->lines);
    sugu_db_visit_by_tokens(
        batch->db,
        &(struct sugu_visit_by_tokens_params){
            .count = body->n_tokens, .facility = facility, .day = batch->day, .tokens = tokens},
        &get->visits);
}

static void
send_pages(struct sugu_batch *batch, struct sugu_work *work)
{
    struct get_phone_pages *get = work->state;
    struct sugu_id visits[PAGES_MAX];
    int32_t facility = batch->facility.facility;

    for (size_t i = 0; i < get->visits.count; i++)
        visits[i] = get->visits.rows[i].visit;
    sugu_db_phone_heads(batch->db,
                        &(struct sugu_phone_heads_params){
                            .count = get->visits.count, .facility = facility, .visits = visits},
                        &get->heads);
    sugu_db_phone_stages(batch->db,
                         &(struct sugu_phone_stages_params){
                             .count = get->visits.count, .facility = facility, .visits = visits},
                         &get->stages);
}

static void
fill_stages(struct get_phone_pages *get,
            struct pages_message *to,
            size_t page,
            struct sugu_id visit)
{
    Sugu__PhonePage *message = &to->page[page];

    for (size_t i = 0; i < get->stages.count; i++) {
        struct sugu_phone_stages_row *row = &get->stages.rows[i];
        Sugu__TicketStage *stage = &to->stage[i];
        if (!sugu_id_equal(&row->visit, &visit) || message->n_stages >= SUGU_VISIT_STAGES_MAX)
            continue;
        to->stage_list[page][message->n_stages++] = stage;
        sugu__ticket_stage__init(stage);
        stage->department = row->department;
        stage->department_name = row->department_name;
        stage->kind = (Sugu__StageKind)row->kind;
        stage->state = (Sugu__StageState)row->state;
        stage->desk = row->desk;
        stage->desk_word = (Sugu__DeskWord)row->desk_word;
        stage->before_you = (uint32_t)row->ahead_now;
        stage->appointment_utc_us = row->appointment_at;
        sugu_range_minutes(row->low_s, row->high_s, &stage->low_min, &stage->high_min);
    }
    message->stages = to->stage_list[page];
}

static void
fill_page(struct get_phone_pages *get, struct pages_message *to, size_t page)
{
    Sugu__PhonePage *message = &to->page[page];
    const struct sugu_visit_by_tokens_row *found = NULL;

    for (size_t i = 0; i < get->visits.count && !found; i++)
        if (memcmp(get->visits.rows[i].token, message->token.data, message->token.len) == 0)
            found = &get->visits.rows[i];
    for (size_t i = 0; i < get->heads.count && found; i++) {
        struct sugu_phone_heads_row *head = &get->heads.rows[i];
        if (!sugu_id_equal(&head->visit, &found->visit))
            continue;
        message->is_found = true;
        sugu_ticket_number_format(to->numbers[page], head->series, (uint32_t)head->number);
        message->visit = sugu_id_field(&head->visit);
        message->number = to->numbers[page];
        message->state = (Sugu__VisitState)head->state;
        message->language = head->language;
        message->is_bill_ready =
            head->has_bill && head->state == SUGU_VISIT_BILLED &&
            (head->bill_state == SUGU_BILL_ANNOUNCED || head->bill_state == SUGU_BILL_REVISED);
        message->is_at_counter = head->has_bill && head->bill_state == SUGU_BILL_TO_COUNTER;
        message->is_paid = head->has_bill && head->bill_state == SUGU_BILL_SETTLED;
        fill_stages(get, to, page, head->visit);
    }
}

static void
reply_pages(struct sugu_work *work)
{
    struct get_phone_pages *get = work->state;
    const Sugu__GetPhonePages *body = work->request->get_phone_pages;
    struct pages_message *to = new_message(sizeof *to);
    Sugu__Reply reply = SUGU__REPLY__INIT;

    sugu__phone_pages__init(&to->pages);
    for (size_t i = 0; i < body->n_tokens; i++) {
        to->page_list[i] = &to->page[i];
        sugu__phone_page__init(&to->page[i]);
        to->page[i].token = body->tokens[i]->token;
        fill_page(get, to, i);
    }
    for (size_t i = 0; i < get->lines.count; i++) {
        to->line_list[i] = &to->line[i];
        sugu__house_line__init(&to->line[i]);
        to->line[i].language = get->lines.rows[i].language;
        to->line[i].text = get->lines.rows[i].text;
    }
    to->pages.n_pages = body->n_tokens;
    to->pages.pages = to->page_list;
    to->pages.n_lines = get->lines.count;
    to->pages.lines = to->line_list;
    to->pages.facility_name = get->facility.name;
    reply.body_case = SUGU__REPLY__BODY_PHONE_PAGES;
    reply.phone_pages = &to->pages;
    sugu_work_reply(work, &reply);
    free(to);
}

bool
sugu_step_get_phone_pages(struct sugu_batch *batch,
                          struct sugu_work **works,
                          size_t count,
                          int round)
{
    struct get_phone_pages *get = works[0]->state;

    (void)count;
    if (round == 0) {
        send_tokens(batch, works[0]);
        return true;
    }
    if (round == 1 && get->visits.count > 0) {
        send_pages(batch, works[0]);
        return true;
    }
    reply_pages(works[0]);
    return false;
}
