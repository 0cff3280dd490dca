/* SPDX-License-Identifier: Apache-2.0 */
/*
 * details - who is looked at: place in the queue and why, and what the kiosk already knows
 */
#pragma once

#include "page.h"

#define DESK_TYPE_DETAILS (desk_details_get_type())
G_DECLARE_FINAL_TYPE(DeskDetails, desk_details, DESK, DETAILS, DeskPage)
