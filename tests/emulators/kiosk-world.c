/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-world - a kiosk's session in a world of scripted peers that speak the real protocol
 */
#include "emulators/kiosk-world-private.h"

#include "base/text.h"
#include "testlib/checks.h"

#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

#include <string.h>

static int64_t
ahead_monotonic(const struct sugu_clock *clock)
{
    const struct sugu_clock *system = sugu_clock_system();

    return system->monotonic_us(system) + ((const struct kiosk_world_clock *)clock)->ahead_us;
}

static sugu_time_us
ahead_utc(const struct sugu_clock *clock)
{
    const struct sugu_clock *system = sugu_clock_system();

    return system->utc_us(system) + ((const struct kiosk_world_clock *)clock)->ahead_us;
}

/* ---- the devices */

static void
note_restart(void *user)
{
    struct kiosk_world *world = user;

    world->restarts++;
}

void
kiosk_world_publish_part(struct kiosk_world *world, enum kiosk_peer peer, Sugu__Part part)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PartState state = SUGU__PART_STATE__INIT;

    state.part = part;
    event.body_case = SUGU__EVENT__BODY_PART_CHANGED;
    event.part_changed = &state;
    sugu_service_publish(world->services[peer], &event);
}

static void
on_reader_listener(void *user)
{
    kiosk_world_publish_part(user, KIOSK_PEER_READER, SUGU__PART__PART_READER);
}

static void
on_printer_listener(void *user)
{
    kiosk_world_publish_part(user, KIOSK_PEER_PRINTER, SUGU__PART__PART_PRINTER);
}

static void
on_server_listener(void *user)
{
    (void)user;
}

static void
on_reader_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct kiosk_world *world = user;
    struct sugu_pin_packet packet;
    int caller = accept(world->pin_file, NULL, NULL);
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Identity identity = SUGU__IDENTITY__INIT;
    struct sugu_id presence = sugu_id_of(&request->read_identity->presence);

    ck_assert_int_ge(caller, 0);
    ck_assert_int_eq(recv(caller, &packet, sizeof packet, 0), sizeof packet);
    close(caller);
    ck_assert(sugu_id_equal(&packet.presence, &presence));
    if (memcmp(packet.digits, world->right_pin, SUGU_PIN_DIGITS) != 0) {
        if (world->does_reader_say_count)
            kiosk_world_tell_card_again(world, --world->tries, "");
        kiosk_world_refuse(world, KIOSK_PEER_READER, asker, "pin.wrong");
        return;
    }
    identity.name = KIOSK_WORLD_NAME;
    identity.address = "東京都千代田区";
    identity.birth_date = 19550401;
    identity.tries_left = 3;
    reply.body_case = SUGU__REPLY__BODY_IDENTITY;
    reply.identity = &identity;
    sugu_service_reply(world->services[KIOSK_PEER_READER], asker, &reply);
}

static void
on_printer_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct kiosk_world *world = user;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PaperChange change = SUGU__PAPER_CHANGE__INIT;
    int64_t left_us = request->deadline_utc_us - world->clock.clock.utc_us(&world->clock.clock);

    /* Not without an end, and not before the page that waits for it has gone. */
    ck_assert_int_gt(left_us, 90 * SUGU_SECOND);
    ck_assert_int_le(left_us, 120 * SUGU_SECOND);
    world->papers++;
    if (request->print_paper->content_case == SUGU__PRINT_PAPER__CONTENT_CLAIM) {
        world->slips++;
        world->slip.yen = request->print_paper->claim->yen;
    }
    sugu_service_reply(world->services[KIOSK_PEER_PRINTER], asker, &reply);
    change.paper = request->print_paper->paper;
    change.kind = request->print_paper->kind;
    change.state =
        world->is_paper_jammed ? SUGU__PAPER_STATE__PAPER_QUEUED : SUGU__PAPER_STATE__PAPER_OUT;
    change.code = world->is_paper_jammed ? "printer.jam" : "";
    event.body_case = SUGU__EVENT__BODY_PRINT_CHANGED;
    event.print_changed = &change;
    sugu_service_publish(world->services[KIOSK_PEER_PRINTER], &event);
}

/* ---- the world */

static void
start_peer(struct kiosk_world *world,
           enum kiosk_peer peer,
           const struct sugu_service_callbacks *callbacks)
{
    struct kiosk_world_clock *clock =
        peer == KIOSK_PEER_SERVER ? &world->server_clock : &world->clock;
    struct sugu_error error;

    sugu_assert_ok(sugu_service_new(world->context, world->endpoints[peer], callbacks,
                                    &clock->clock, &world->services[peer], &error),
                   error);
    world->sources[peer] = sugu_service_source_attach(world->services[peer]);
}

void
kiosk_world_start_payment(struct kiosk_world *world)
{
    start_peer(world, KIOSK_PEER_PAYMENT,
               &(struct sugu_service_callbacks){kiosk_world_on_payment_request,
                                                kiosk_world_on_payment_listener, world});
}

static void
start_peers(struct kiosk_world *world)
{
    const struct sugu_service_callbacks callbacks[] = {
        [KIOSK_PEER_SERVER] = {kiosk_world_on_server_request, on_server_listener, world},
        [KIOSK_PEER_READER] = {on_reader_request, on_reader_listener, world},
        [KIOSK_PEER_PRINTER] = {on_printer_request, on_printer_listener, world},
        [KIOSK_PEER_PAYMENT] = {kiosk_world_on_payment_request, kiosk_world_on_payment_listener,
                                world},
    };
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    for (unsigned peer = 0; peer < KIOSK_PEER_COUNT; peer++)
        start_peer(world, (enum kiosk_peer)peer, &callbacks[peer]);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/reader.pin", world->folder);
    world->pin_file = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(world->pin_file, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(world->pin_file, 4), 0);
}

static void
start_session(struct kiosk_world *world)
{
    char *folder = g_strdup_printf("%s/requests", world->folder);
    struct kiosk_session_settings settings = {
        .server = {.endpoint = world->endpoints[KIOSK_PEER_SERVER], .facility = 1},
        .reader = world->endpoints[KIOSK_PEER_READER],
        .printer = world->endpoints[KIOSK_PEER_PRINTER],
        .payment = world->endpoints[KIOSK_PEER_PAYMENT],
        .language = "ja",
        .facility_name = "試験病院",
        .kiosk_name = "K-03",
        .phone_page = "",
        .idle_s = 45,
        .warning_s = 25,
    };
    struct kiosk_session_parts parts = {
        .zmq_context = world->context,
        .model = world->model,
        .secret = world->secret,
        .clock = &world->clock.clock,
        .random = sugu_random_system(),
        .on_restart = note_restart,
        .restart_user = world,
    };
    struct sugu_error error;

    sugu_assert_ok(sugu_store_folder(folder, &parts.store, &error), error);
    sugu_assert_ok(kiosk_session_new(&settings, &parts, &world->session, &error), error);
    g_free(folder);
}

static bool
is_ready(struct kiosk_world *world)
{
    const struct kiosk_place *place = &world->session->facts.place;

    return sugu_client_is_fresh(world->session->server.client) && place->has_printer &&
           world->session->orders.is_known && place->ways &&
           world->session->parts[SUGU__PART__PART_READER].is_known;
}

static void
await_peers(struct kiosk_world *world)
{
    int64_t end = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;

    while (!is_ready(world)) {
        ck_assert_msg(g_get_monotonic_time() < end, "the peers are not there after 10 s");
        g_main_context_iteration(NULL, TRUE);
    }
}

void
kiosk_world_init(struct kiosk_world *world)
{
    static const char *const names[] = {"server", "reader", "printer", "payment"};
    struct sugu_error error;

    *world = (struct kiosk_world){
        .clock = {.clock = {.utc_us = ahead_utc, .monotonic_us = ahead_monotonic}},
        .server_clock = {.clock = {.utc_us = ahead_utc, .monotonic_us = ahead_monotonic}},
        .right_pin = "4821",
        .outcome = SUGU__ELIGIBILITY_OUTCOME__VERIFIED,
        .bill_state = SUGU__BILL_STATE__BILL_ANNOUNCED,
        .attempt = SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED,
        .revision = 1,
    };
    g_strlcpy(world->folder, "/tmp/sugu-kiosk-XXXXXX", sizeof world->folder);
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    for (unsigned peer = 0; peer < KIOSK_PEER_COUNT; peer++)
        snprintf(world->endpoints[peer], sizeof world->endpoints[peer], "ipc://%s/%s",
                 world->folder, names[peer]);
    world->bill = sugu_id_new(sugu_clock_system(), sugu_random_system());
    world->visit = sugu_id_new(sugu_clock_system(), sugu_random_system());
    world->paid_bill = world->bill;
    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(world->old_bills); i++)
        world->old_bills[i] = sugu_id_new(sugu_clock_system(), sugu_random_system());
    world->context = zmq_ctx_new();
    sugu_assert_ok(kiosk_secret_new(&world->secret, &error), error);
    world->model = kiosk_model_new(world->secret);
    start_peers(world);
    start_session(world);
    await_peers(world);
}

void
kiosk_world_restart(struct kiosk_world *world, int64_t pause_us)
{
    kiosk_session_free(world->session);
    world->clock.ahead_us += pause_us;
    world->server_clock.ahead_us += pause_us;
    start_session(world);
    await_peers(world);
}

void
kiosk_world_done(struct kiosk_world *world)
{
    char *command = g_strdup_printf("rm -r '%s'", world->folder);

    kiosk_session_free(world->session);
    for (unsigned peer = 0; peer < KIOSK_PEER_COUNT; peer++) {
        g_source_destroy(world->sources[peer]);
        g_source_unref(world->sources[peer]);
        sugu_service_free(world->services[peer]);
    }
    close(world->pin_file);
    g_assert_finalize_object(world->model);
    kiosk_secret_free(world->secret);
    zmq_ctx_term(world->context);
    ck_assert_int_eq(system(command), 0);
    g_free(command);
}

void
kiosk_world_await(struct kiosk_world *world, enum sugu_kiosk_state state)
{
    int64_t end = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;

    while (kiosk_session_state(world->session) != state) {
        ck_assert_msg(g_get_monotonic_time() < end, "on page %s instead of %s",
                      sugu_kiosk_page(kiosk_session_state(world->session)), sugu_kiosk_page(state));
        g_main_context_iteration(NULL, TRUE);
    }
}

void
kiosk_world_press(struct kiosk_world *world, const char *action)
{
    /* Whoever presses has read the page. Not the clock is moved: at six pages a moment it would be
     * ahead of what the peers said, and their links stale. */
    world->session->page_since_us -= SUGU_SECOND / 2;
    g_action_group_activate_action(kiosk_session_actions(world->session), action, NULL);
}

void
kiosk_world_enter(struct kiosk_world *world, const char *digits)
{
    for (; *digits; digits++)
        ck_assert(kiosk_secret_add(world->secret, (unsigned)(*digits - '0')));
    kiosk_world_press(world, "digits");
}

static void
publish_card(struct kiosk_world *world,
             Sugu__CardChangeKind kind,
             Sugu__CardKind card,
             uint32_t tries,
             const char *code)
{
    static const uint8_t serial[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__CardChange change = SUGU__CARD_CHANGE__INIT;

    change.presence = sugu_id_field(&world->presence);
    change.change = kind;
    change.card = card;
    change.tries_left = tries;
    change.code = (char *)code;
    change.is_found = world->is_card_found;
    if (card == SUGU__CARD_KIND__CARD_FELICA)
        change.serial = (ProtobufCBinaryData){sizeof serial, (uint8_t *)serial};
    event.body_case = SUGU__EVENT__BODY_CARD_CHANGED;
    event.card_changed = &change;
    sugu_service_publish(world->services[KIOSK_PEER_READER], &event);
}

void
kiosk_world_change_card(struct kiosk_world *world,
                        Sugu__CardChangeKind kind,
                        Sugu__CardKind card,
                        uint32_t tries)
{
    world->presence = sugu_id_new(sugu_clock_system(), sugu_random_system());
    world->tries = tries;
    publish_card(world, kind, card, tries, "");
}

void
kiosk_world_put_card(struct kiosk_world *world)
{
    kiosk_world_change_card(world, SUGU__CARD_CHANGE_KIND__CARD_PUT,
                            SUGU__CARD_KIND__CARD_MY_NUMBER, 3);
    kiosk_world_await(world, SUGU_KIOSK_PIN);
}

void
kiosk_world_take_card(struct kiosk_world *world)
{
    kiosk_world_change_card(world, SUGU__CARD_CHANGE_KIND__CARD_TAKEN,
                            SUGU__CARD_KIND__CARD_UNKNOWN, 0);
}

void
kiosk_world_come_to_pay(struct kiosk_world *world)
{
    world->has_ticket = world->has_bill = true;
    world->open_code = "identity.birthday-needed";
    kiosk_session_scanned(world->session, &world->visit);
    kiosk_world_await(world, SUGU_KIOSK_BIRTHDAY);
    kiosk_world_enter(world, "0401");
    kiosk_world_await(world, SUGU_KIOSK_BILL);
}

void
kiosk_world_tell_card_again(struct kiosk_world *world, uint32_t tries, const char *code)
{
    publish_card(world, SUGU__CARD_CHANGE_KIND__CARD_PUT, SUGU__CARD_KIND__CARD_MY_NUMBER, tries,
                 code);
}

void
kiosk_world_kill_payment(struct kiosk_world *world)
{
    g_source_destroy(world->sources[KIOSK_PEER_PAYMENT]);
    g_source_unref(world->sources[KIOSK_PEER_PAYMENT]);
    world->services[KIOSK_PEER_PAYMENT] = sugu_service_free(world->services[KIOSK_PEER_PAYMENT]);
    world->clock.ahead_us += 4 * SUGU_SECOND;
}

char *
kiosk_world_shown(struct kiosk_world *world, const char *property)
{
    char *text = NULL;

    g_object_get(world->model, property, &text, NULL);
    return text;
}
