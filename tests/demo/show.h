/* SPDX-License-Identifier: Apache-2.0 */
/*
 * show - the steps of the demo's day at the front desk, on the call boards and on the phone
 *
 * Each waits for what it is about, and leaves a picture in DIR/screens/.
 */
#pragma once

#include "demo/day.h"

/* The morning of the simulated patients, played by now: everything that can happen has. */
void show_morning(struct day *day);
/* Desk, both boards and the phone's browser. */
void show_windows(struct day *day);

/* The page that the ticket's QR leads to. */
void show_phone_waiting(struct day *day);
void show_phone_called(struct day *day);
void show_phone_bill(struct day *day);
void show_phone_leave(struct day *day);

/* Landscape with the call; portrait with the bill. */
void show_board_call(struct day *day);
void show_board_bill(struct day *day);

/* The clerk signs in; then each of the five pages. */
void show_sign_in(struct day *day);
void show_desk_queues(struct day *day);
void show_desk_cases(struct day *day);
void show_desk_people(struct day *day);
void show_desk_kiosks(struct day *day);
void show_desk_today(struct day *day);
