/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-world-private - what the peers of a kiosk's world share
 */
#pragma once

#include "emulators/kiosk-world.h"

void kiosk_world_refuse(struct kiosk_world *world,
                        enum kiosk_peer peer,
                        const struct sugu_asker *asker,
                        const char *code);
/* The part of a peer works. */
void kiosk_world_publish_part(struct kiosk_world *world, enum kiosk_peer peer, Sugu__Part part);

/* kiosk-world-server.c, kiosk-world-payment.c: `user` is the world. */
void kiosk_world_on_server_request(void *user,
                                   const struct sugu_asker *asker,
                                   const Sugu__Request *request);
void kiosk_world_on_payment_request(void *user,
                                    const struct sugu_asker *asker,
                                    const Sugu__Request *request);
void kiosk_world_on_payment_listener(void *user);
