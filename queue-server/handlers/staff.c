/* SPDX-License-Identifier: Apache-2.0 */
/*
 * staff - people who sign in at desks, and out
 */
#include "handlers/view.h"

#include "client/password.h"

#include <string.h>

#define MISSES_MAX 5
#define LOCKED_US  (10 * SUGU_MINUTE)
#define SHIFT_US   (14 * 60 * SUGU_MINUTE) /* then one signs in again */

/* ---- SignIn */

struct sign_in_staff {
    struct sugu_staff_find_row staff;
    struct sugu_id sign_in;
};
const struct sugu_state sugu_state_sign_in_staff = {sizeof(struct sign_in_staff), NULL};

static void
send_staff(struct sugu_batch *batch, struct sugu_work *work)
{
    struct sign_in_staff *state = work->state;
    const Sugu__SignIn *body = work->request->sign_in_staff;
    const Sugu__HospitalCard *card = body->card;

    sugu_db_staff_find(batch->db,
                       &(struct sugu_staff_find_params){
                           .facility = batch->facility.facility,
                           .staff = body->staff,
                           .card_kind = card ? (int16_t)card->kind : 0,
                           .card = card ? (struct sugu_bytes){card->serial.data, card->serial.len}
                                        : (struct sugu_bytes){NULL, 0}},
                       &state->staff);
}

static void
set_misses(struct sugu_batch *batch, const struct sugu_staff_find_row *staff, int misses)
{
    sugu_db_staff_miss(batch->db,
                       &(struct sugu_staff_miss_params){.facility = batch->facility.facility,
                                                        .staff = staff->staff,
                                                        .misses = (int16_t)misses,
                                                        .missed_at = misses ? batch->now_utc : 0},
                       NULL);
}

/* A card finds its owner and needs no more: whoever may work at this desk has its key. */
static bool
check_staff(struct sugu_batch *batch, struct sugu_work *work)
{
    const struct sign_in_staff *state = work->state;
    const Sugu__SignIn *body = work->request->sign_in_staff;
    const struct sugu_staff_find_row *staff = &state->staff;
    bool is_card = !*body->staff && body->card;
    bool was_long_ago = staff->missed_at < batch->now_utc - LOCKED_US;
    int misses = was_long_ago ? 0 : staff->misses;

    if (!staff->is_found || !staff->is_active) {
        sugu_work_refuse(work, "staff.unknown", "");
        return false;
    }
    if (!is_card && misses >= MISSES_MAX) {
        sugu_work_refuse(work, "staff.locked", "");
        return false;
    }
    if (!is_card && !sugu_password_verify(body->proof.data, body->proof.len, staff->password)) {
        set_misses(batch, staff, misses + 1);
        sugu_work_refuse(work, misses + 1 >= MISSES_MAX ? "staff.locked" : "staff.unknown", "");
        return false;
    }
    if (staff->misses > 0)
        set_misses(batch, staff, 0);
    return true;
}

static void
reply_signed_in(struct sugu_batch *batch, struct sugu_work *work)
{
    struct sign_in_staff *state = work->state;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__SignedIn signed_in = SUGU__SIGNED_IN__INIT;

    /* The request's own id is nobody's secret; this one is. */
    batch->random->fill(batch->random, state->sign_in.bytes, sizeof state->sign_in.bytes);
    sugu_db_sign_in_add(batch->db,
                        &(struct sugu_sign_in_add_params){.facility = batch->facility.facility,
                                                          .sign_in = state->sign_in,
                                                          .staff = state->staff.staff,
                                                          .client = work->peer.client,
                                                          .signed_in_at = batch->now_utc,
                                                          .valid_until = batch->now_utc + SHIFT_US},
                        NULL);
    snprintf(work->staff, sizeof work->staff, "%s", state->staff.staff);
    sugu_audit(batch, work, "sign-in", NULL, "");
    signed_in.sign_in = sugu_id_field(&state->sign_in);
    signed_in.staff = state->staff.staff;
    signed_in.name = state->staff.name;
    signed_in.role = (Sugu__StaffRole)state->staff.role;
    signed_in.valid_until_utc_us = batch->now_utc + SHIFT_US;
    reply.body_case = SUGU__REPLY__BODY_SIGNED_IN;
    reply.signed_in = &signed_in;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_sign_in_staff(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    (void)count;
    if (round == 0) {
        send_staff(batch, works[0]);
        return true;
    }
    if (check_staff(batch, works[0]))
        reply_signed_in(batch, works[0]);
    return false;
}

/* ---- SignOut */

const struct sugu_state sugu_state_sign_out = {0, NULL};

bool
sugu_step_sign_out(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    (void)count;
    (void)round;
    sugu_db_sign_out(
        batch->db,
        &(struct sugu_sign_out_params){.facility = batch->facility.facility,
                                       .sign_in = sugu_id_of(&works[0]->request->sign_in),
                                       .client = works[0]->peer.client,
                                       .signed_out_at = batch->now_utc},
        NULL);
    sugu_audit(batch, works[0], "sign-out", NULL, "");
    sugu_work_reply_ok(works[0]);
    return false;
}
