/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue-view - a visit with all its stages, and the events that tell desks, boards, kiosks and
 * phone pages what became of them
 */
#pragma once

#include "handlers/house.h"
#include "handlers/view.h"

#define SUGU_VISIT_STAGES_MAX 20

/* Send, wait for the round, then use. */
struct sugu_visit_view {
    struct sugu_id visit;
    struct sugu_visit_head_row head;
    struct sugu_stage_list_rows stages;
    char number[SUGU_TICKET_NUMBER_SIZE];
    Sugu__TicketStage parts[SUGU_VISIT_STAGES_MAX];
    Sugu__TicketStage *list[SUGU_VISIT_STAGES_MAX];
};
void
sugu_visit_view_send(struct sugu_batch *batch, struct sugu_visit_view *view, struct sugu_id visit);
void sugu_visit_view_done(struct sugu_visit_view *view);
/* The row of a stage's number, or NULL. */
const struct sugu_stage_list_row *sugu_visit_view_stage(const struct sugu_visit_view *view,
                                                        int stage);

/* The stages as the patient sees them, without those that were moved or dropped. Returns how many
 * of view->list are set. */
size_t sugu_visit_view_list(struct sugu_visit_view *view);

/* The ticket carries them; it points into the view. */
void sugu_visit_view_fill_stages(struct sugu_visit_view *view, Sugu__Ticket *to);

/*
 * Publishes one stage as it is now: to the desks in full, to the boards the number where it was
 * called or is to be taken off, to the kiosk that has the visit open.
 */
void sugu_visit_view_publish(struct sugu_batch *batch,
                             struct sugu_visit_view *view,
                             const struct sugu_stage_list_row *stage,
                             bool was_on_board);
/* To the desks: the visit waits for its bill now, or does not any more. */
void sugu_visit_view_publish_bill_wait(struct sugu_batch *batch, struct sugu_visit_view *view);
/* To the phone pages: the visit, and with a department all who wait there. */
void sugu_visit_changed_publish(struct sugu_batch *batch,
                                const struct sugu_id *visit,
                                const char *department);
void sugu_queue_entry_publish(struct sugu_batch *batch, Sugu__QueueEntry *entry);

/* Seconds to whole minutes that hold them: down and up, at least one minute apart; 0, 0 stays. */
void
sugu_range_minutes(int32_t low_s, int32_t high_s, uint32_t *ret_low_min, uint32_t *ret_high_min);
