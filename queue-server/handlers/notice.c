/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notice - the outbox of the message hooks: what is to be sent, and that it was
 */
#include "handlers/queue-view.h"

#include "base/log.h"

#define NOTICES_MAX 200

/* ---- GetNotices */

struct get_notices {
    struct sugu_notice_expire_row expired;
    struct sugu_notice_unsent_rows rows;
    struct sugu_notice_next_row next;
};

static void
get_notices_done(void *state)
{
    sugu_notice_unsent_rows_done(&((struct get_notices *)state)->rows);
}
const struct sugu_state sugu_state_get_notices = {sizeof(struct get_notices), get_notices_done};

static void
reply_notices(struct sugu_work *work)
{
    struct get_notices *get = work->state;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Notices notices = SUGU__NOTICES__INIT;
    Sugu__Notice notice[NOTICES_MAX], *list[NOTICES_MAX];
    char numbers[NOTICES_MAX][SUGU_TICKET_NUMBER_SIZE];

    for (size_t i = 0; i < get->rows.count; i++) {
        struct sugu_notice_unsent_row *row = &get->rows.rows[i];
        list[i] = &notice[i];
        sugu__notice__init(list[i]);
        sugu_ticket_number_format(numbers[i], row->series, (uint32_t)row->number);
        notice[i].notice = (uint64_t)row->notice;
        notice[i].kind = (Sugu__NoticeKind)row->kind;
        notice[i].token = (ProtobufCBinaryData){row->token_size, row->token};
        notice[i].number = numbers[i];
        notice[i].made_utc_us = row->made_at;
        notice[i].expires_utc_us = row->expires_at;
        notice[i].tries = (uint32_t)row->tries;
        notice[i].refusals = (uint32_t)row->refusals;
    }
    notices.n_notices = get->rows.count;
    notices.notices = list;
    notices.next_due_utc_us = get->next.is_found ? get->next.due_at : 0;
    reply.body_case = SUGU__REPLY__BODY_NOTICES;
    reply.notices = &notices;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_get_notices(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct get_notices *get = works[0]->state;

    (void)count;
    if (round == 0) {
        sugu_db_notice_asked(batch->db,
                             &(struct sugu_notice_asked_params){
                                 .facility = batch->facility.facility, .at = batch->now_utc},
                             NULL);
        sugu_db_notice_expire(batch->db,
                              &(struct sugu_notice_expire_params){
                                  .facility = batch->facility.facility, .at = batch->now_utc},
                              &get->expired);
        sugu_db_notice_unsent(batch->db,
                              &(struct sugu_notice_unsent_params){
                                  .facility = batch->facility.facility, .at = batch->now_utc},
                              &get->rows);
        sugu_db_notice_next(batch->db,
                            &(struct sugu_notice_next_params){.facility = batch->facility.facility,
                                                              .at = batch->now_utc},
                            &get->next);
        return true;
    }
    if (get->expired.expired > 0)
        sugu_log(SUGU_LOG_WARNING, "notice.expired", "facility=%d notices=%d",
                 batch->facility.facility, get->expired.expired);
    reply_notices(works[0]);
    return false;
}

/* ---- ConfirmNotice */

const struct sugu_state sugu_state_confirm_notice = {0, NULL};

bool
sugu_step_confirm_notice(struct sugu_batch *batch,
                         struct sugu_work **works,
                         size_t count,
                         int round)
{
    (void)count;
    (void)round;
    sugu_db_notice_sent(batch->db,
                        &(struct sugu_notice_sent_params){
                            .facility = batch->facility.facility,
                            .notice = (int64_t)works[0]->request->confirm_notice->notice,
                            .sent_at = batch->now_utc},
                        NULL);
    sugu_work_reply_ok(works[0]);
    return false;
}

/* ---- FailNotice */

const struct sugu_state sugu_state_fail_notice = {0, NULL};

bool
sugu_step_fail_notice(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    const Sugu__FailNotice *body = works[0]->request->fail_notice;

    (void)count;
    (void)round;
    sugu_db_notice_fail(
        batch->db,
        &(struct sugu_notice_fail_params){.facility = batch->facility.facility,
                                          .notice = (int64_t)body->notice,
                                          .at = batch->now_utc,
                                          .due_at = batch->now_utc + body->pause_ms * SUGU_MS,
                                          .status = (int16_t)body->http_status,
                                          .is_refused = body->is_refused,
                                          .is_final = body->is_final},
        NULL);
    sugu_work_reply_ok(works[0]);
    return false;
}
