/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fact - a caption and what it says; takes no room where it says nothing
 */
#pragma once

#include <gtk/gtk.h>

/* Properties: "caption", "value". */
#define DESK_TYPE_FACT (desk_fact_get_type())
G_DECLARE_FINAL_TYPE(DeskFact, desk_fact, DESK, FACT, GtkWidget)
