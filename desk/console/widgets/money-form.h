/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money-form - what a verb about money has to know: amount, way or reason, why; then the question
 * whether that is meant
 *
 * Shown while the model has a form open. What was typed stays until the verb is done or taken back.
 */
#pragma once

#include "page.h"

#define DESK_TYPE_MONEY_FORM (desk_money_form_get_type())
G_DECLARE_FINAL_TYPE(DeskMoneyForm, desk_money_form, DESK, MONEY_FORM, DeskPage)

/* A key of the window while the form is open: Escape, and Y to the question. True where it took it.
 */
bool desk_money_form_key(DeskMoneyForm *form, guint key);
