/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-money - what a desk knows of the money of the bill that is looked at, and the open form
 */
#pragma once

#include "model.h"
#include "money.h"

/* A page shows the money of the bill looked at: it has to be asked for, and asked for again. */
void desk_model_want_money(DeskModel *model, bool is_wanted);
bool desk_model_wants_money(DeskModel *model);
/* Dropped where another bill is looked at by now. */
void desk_model_take_money(DeskModel *model, const Sugu__Money *money);
/* Of the bill looked at; NULL where nothing is known (yet). */
const Sugu__Money *desk_model_money(DeskModel *model);
/* Is that the bill looked at? */
bool desk_model_looks_at_bill(DeskModel *model, const struct sugu_id *bill);
void desk_model_choose_attempt(DeskModel *model, const char *key);
void desk_model_choose_refund(DeskModel *model, const char *key);
/* Possible with what is known, and not ordered by the person who would have to agree to it. */
bool desk_model_may_money(DeskModel *model, enum desk_money_verb verb);

/* What the person is asked about: the bill, the attempt or refund as they were when it was opened.
 */
struct desk_money_form {
    bool is_open;
    enum desk_money_verb verb;
    struct sugu_id bill, target; /* attempt or refund; none for SETTLE */
    uint32_t revision;
};
/* Nothing where it is not possible. */
void desk_model_open_form(DeskModel *model, enum desk_money_verb verb);
void desk_model_close_form(DeskModel *model);
const struct desk_money_form *desk_model_form(DeskModel *model);
/* The attempt of the open form; NULL where it has none. */
const Sugu__Attempt *desk_model_form_attempt(DeskModel *model);
const Sugu__Refund *desk_model_form_refund(DeskModel *model);
