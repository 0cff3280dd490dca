/* SPDX-License-Identifier: Apache-2.0 */
/*
 * right - which role of the person who is signed in may do what at a desk: the one table of it
 */
#include "protocol/right.h"

#define SUGU_RIGHT_ROW(name, words_, request_, verb_, role)                                        \
    [SUGU_RIGHT_##name] = {.words = words_,                                                        \
                           .request = SUGU__REQUEST__BODY_##request_,                              \
                           .verb = (int)verb_,                                                     \
                           .least = SUGU__STAFF_ROLE__##role},
static const struct sugu_right_row rows[] = {SUGU_RIGHTS(SUGU_RIGHT_ROW)};
#undef SUGU_RIGHT_ROW

const struct sugu_right_row *
sugu_right_row(enum sugu_right right)
{
    return &rows[right];
}

bool
sugu_right_is_granted(enum sugu_right right, Sugu__StaffRole role)
{
    return role >= rows[right].least;
}

static int
verb_of(const Sugu__Request *request)
{
    if (request->body_case == SUGU__REQUEST__BODY_MOVE_TICKET)
        return (int)request->move_ticket->verb;
    if (request->body_case == SUGU__REQUEST__BODY_COMMAND_KIOSK)
        return (int)request->command_kiosk->verb;
    if (request->body_case == SUGU__REQUEST__BODY_ASSIST_BILL)
        return (int)request->assist_bill->verb;
    if (request->body_case == SUGU__REQUEST__BODY_CHANGE_CARD)
        return (int)request->change_card->verb;
    return SUGU_RIGHT_NO_VERB;
}

bool
sugu_right_of_request(const Sugu__Request *request, enum sugu_right *ret_right)
{
    int verb = verb_of(request);

    for (unsigned i = 0; i < SUGU_RIGHT_COUNT; i++)
        if (rows[i].request == request->body_case && rows[i].verb == verb) {
            *ret_right = (enum sugu_right)i;
            return true;
        }
    return false;
}
