/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-private - between the files of the emulated cash devices
 */
#pragma once

#include "emulators/cctalk-emulator.h"

/* What a device says to a request. `size` < 0: nothing at all. */
struct cctalk_answer {
    int size;
    uint8_t header; /* 0, or 5 = no */
    uint8_t data[40];
};

#define CCTALK_HEADER_NAK  5
#define CCTALK_HEADER_BUSY 6

void cctalk_answer_bytes(struct cctalk_answer *answer, const void *bytes, size_t size);
void cctalk_refuse(struct cctalk_answer *answer);

/* What every device answers; false where the header is not one of these. */
bool cctalk_common_ask(struct emulated_cash *cash,
                       struct emulated_cash_device *device,
                       uint8_t header,
                       struct cctalk_answer *answer,
                       int64_t now_us);
void cctalk_acceptor_ask(struct emulated_cash_device *device,
                         uint8_t header,
                         const uint8_t *data,
                         uint8_t size,
                         struct cctalk_answer *answer,
                         int64_t now_us);
void cctalk_hopper_ask(struct emulated_cash_device *device,
                       uint8_t header,
                       const uint8_t *data,
                       uint8_t size,
                       struct cctalk_answer *answer,
                       int64_t now_us);

void cctalk_acceptor_pass(struct emulated_cash *cash,
                          struct emulated_cash_device *device,
                          int64_t now_us);
void
cctalk_hopper_pass(struct emulated_cash *cash, struct emulated_cash_device *device, int64_t now_us);

/* A coin has reached the end of the acceptor; a hand puts a note into its slot. */
void cctalk_coin_arrive(struct emulated_cash *cash,
                        struct emulated_cash_device *device,
                        const struct emulated_coin *coin);
bool cctalk_note_insert(struct emulated_cash *cash,
                        struct emulated_cash_device *device,
                        uint8_t unit,
                        int64_t now_us);

void cctalk_push_event(struct emulated_cash_device *device, uint8_t a, uint8_t b);

/* Without power, and with it again. `is_first` = as it comes from the factory. */
void cctalk_device_power(struct emulated_cash *cash,
                         struct emulated_cash_device *device,
                         bool is_on,
                         int64_t now_us);
