/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view - rows of the store as the messages that several replies and events share
 */
#pragma once

#include "handlers/handlers.h"

#include "domain/ticket.h"

/* A ticket as it is now. Send, wait for the round, fill. */
struct sugu_ticket_view {
    struct sugu_visit_ticket_row row;
    char number[SUGU_TICKET_NUMBER_SIZE];
};
void sugu_ticket_view_send(struct sugu_batch *batch,
                           struct sugu_ticket_view *view,
                           struct sugu_id visit);
/* The message points into view and `visit`. The token is for the patient only. */
void sugu_ticket_view_fill(struct sugu_ticket_view *view,
                           const struct sugu_id *visit,
                           bool with_token,
                           Sugu__Ticket *to);

/* The visit of a number as a person types it; nothing is sent for what is none. */
void sugu_visit_by_number_send(struct sugu_batch *batch,
                               const char *number,
                               struct sugu_visit_by_number_row *row);

/* A bill with its lines. */
struct sugu_bill_view {
    struct sugu_id bill;
    struct sugu_bill_view_row row;
    struct sugu_bill_lines_rows lines;
    Sugu__BillLine *messages;
    Sugu__BillLine **list;
};
void
sugu_bill_view_send(struct sugu_batch *batch, struct sugu_bill_view *view, struct sugu_id bill);
void sugu_bill_view_fill(struct sugu_bill_view *view, Sugu__Bill *to);
void sugu_bill_view_done(struct sugu_bill_view *view);

/* Publishes the bill to the kiosk that has its visit open, and to desks. */
void sugu_bill_view_publish(struct sugu_batch *batch, struct sugu_bill_view *view);

/* Until when a message of this kind is worth hearing. */
sugu_time_us sugu_notice_expires(const struct sugu_batch *batch, Sugu__NoticeKind kind);
/* The message that the patient may leave, if the bill is paid and no place is left to go to. */
void sugu_may_leave(struct sugu_batch *batch, struct sugu_id visit);

/* A row of the audit trail: who did what, where. `visit` may be NULL. */
void sugu_audit(struct sugu_batch *batch,
                const struct sugu_work *work,
                const char *verb,
                const struct sugu_id *visit,
                const char *detail);

/* A person has to look: event to the desks, and a row. */
void sugu_want_help(struct sugu_batch *batch,
                    const char *place,
                    struct sugu_id visit,
                    const char *reason,
                    const char *number);
