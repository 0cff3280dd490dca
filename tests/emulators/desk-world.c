/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk-world - a desk's session in a world of scripted peers that speak the real protocol
 */
#include "desk-world.h"

#include "desk-house.h"
#include "words.h"

#include "base/text.h"
#include "client/client-source.h"
#include "client/password.h"
#include "testlib/checks.h"

#include <zmq.h>

#include <string.h>

#define PAGE 60

/* ---------------------------------------------------------------- answers */

static void
refuse(struct desk_world *world, const struct sugu_asker *asker, const char *code)
{
    struct sugu_error error;

    sugu_fail(&error, SUGU_REFUSED, code, "by the script");
    sugu_service_reply_error(world->server, asker, &error);
}

static void
answer_sign_in(struct desk_world *world,
               const struct sugu_asker *asker,
               const Sugu__SignIn *sign_in)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__SignedIn signed_in = SUGU__SIGNED_IN__INIT;
    uint8_t proof[SUGU_PASSWORD_PROOF_SIZE];
    struct sugu_error error;
    struct sugu_id id;

    /* A request that comes again, because the answer was slow, signs nobody in again. */
    world->sign_ins += !sugu_id_equal(&world->sign_in_request, &asker->request);
    world->sign_in_request = asker->request;
    id = desk_house_visit(7000 + world->sign_ins);
    sugu_assert_ok(sugu_password_proof(1, "m.sato", DESK_WORLD_PASSWORD, proof, &error), error);
    if (!sign_in->card && (sign_in->proof.len != sizeof proof ||
                           memcmp(sign_in->proof.data, proof, sizeof proof) != 0)) {
        refuse(world, asker, "staff.unknown");
        return;
    }
    signed_in.sign_in = sugu_id_field(&id);
    signed_in.staff = (char *)"m.sato";
    signed_in.name = (char *)"佐藤 美和";
    signed_in.role = world->role;
    signed_in.valid_until_utc_us = DESK_HOUSE_NOW + INT64_C(100000000) * SUGU_SECOND;
    reply.body_case = SUGU__REPLY__BODY_SIGNED_IN;
    reply.signed_in = &signed_in;
    sugu_service_reply(world->server, asker, &reply);
}

/* The visit's place in the list is in its last bytes. */
static unsigned
index_of(const ProtobufCBinaryData *visit)
{
    return visit->len < 16 ? 0 : (unsigned)visit->data[14] << 8 | (unsigned)visit->data[15];
}

static void
answer_queues(struct desk_world *world, const struct sugu_asker *asker, const Sugu__GetQueues *get)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    unsigned first = get->after_visit.len ? index_of(&get->after_visit) + 1 : 0;
    unsigned count = MIN(PAGE, world->rows - first);
    struct desk_house_page *page = desk_house_page_new(first, count, "internal");

    world->pages++;
    desk_house_queues(page)->is_last = first + count >= world->rows;
    reply.body_case = SUGU__REPLY__BODY_QUEUES;
    reply.queues = desk_house_queues(page);
    sugu_service_reply(world->server, asker, &reply);
    desk_house_page_free(page);
}

static void
answer_move(struct desk_world *world, const struct sugu_asker *asker, const Sugu__MoveTicket *move)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Stage stage = SUGU__STAGE__INIT;
    struct desk_house_entry entry;
    bool is_next = move->verb == SUGU__TICKET_VERB__CALL_NEXT;

    world->moves++;
    world->verb = move->verb;
    world->minutes = move->park_minutes;
    sugu_text_copy(world->desk, sizeof world->desk, move->desk);
    sugu_text_copy(world->number, sizeof world->number, move->number);
    sugu_text_copy(world->department, sizeof world->department, move->department);
    world->has_seen = move->has_seen;
    world->seen = move->seen;
    sugu_text_copy(world->seen_desk, sizeof world->seen_desk, move->seen_desk);
    if (world->is_mute)
        return;
    if (world->code) {
        refuse(world, asker, world->code);
        return;
    }
    desk_house_fill(&entry, 70, "internal");
    stage.visit = entry.message.visit;
    stage.number = is_next ? entry.number : move->number;
    stage.department = (char *)"internal";
    stage.desk = move->desk;
    stage.state = SUGU__STAGE_STATE__STAGE_CALLED;
    reply.body_case = SUGU__REPLY__BODY_STAGE;
    reply.stage = &stage;
    sugu_service_reply(world->server, asker, &reply);
}

static void
answer_check_in(struct desk_world *world,
                const struct sugu_asker *asker,
                const Sugu__AssistCheckIn *check_in)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Ticket ticket = SUGU__TICKET__INIT;

    world->check_ins++;
    world->departments[0] = '\0';
    for (size_t i = 0; i < check_in->n_departments; i++) {
        g_strlcat(world->departments, check_in->departments[i]->department,
                  sizeof world->departments);
        g_strlcat(world->departments, ",", sizeof world->departments);
    }
    ticket.number = (char *)"C-017";
    ticket.department_name = (char *)"眼科";
    reply.body_case = SUGU__REPLY__BODY_TICKET;
    reply.ticket = &ticket;
    sugu_service_reply(world->server, asker, &reply);
}

/* What only has to be counted and answered. */
static void
answer_rest(struct desk_world *world, const struct sugu_asker *asker, const Sugu__Request *request)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__MoneyTasks no_tasks = SUGU__MONEY_TASKS__INIT;

    if (request->body_case == SUGU__REQUEST__BODY_FIND_PATIENTS) {
        world->finds++;
        sugu_text_copy(world->text, sizeof world->text, request->find_patients->text);
        reply.body_case = SUGU__REPLY__BODY_PATIENTS_FOUND;
        reply.patients_found = (Sugu__PatientsFound *)desk_house_patients();
    } else if (request->body_case == SUGU__REQUEST__BODY_FIND_VISIT) {
        world->looks++;
        world->has_visit = request->find_visit->visit.len > 0;
        if (world->has_visit)
            world->visit = sugu_id_of(&request->find_visit->visit);
        reply.body_case = SUGU__REPLY__BODY_VISIT_FOUND;
        reply.visit_found = (Sugu__VisitFound *)desk_house_known(request->find_visit->number);
    } else if (request->body_case == SUGU__REQUEST__BODY_GET_KIOSKS) {
        reply.body_case = SUGU__REPLY__BODY_KIOSKS;
        reply.kiosks = (Sugu__Kiosks *)desk_house_kiosks();
    } else if (request->body_case == SUGU__REQUEST__BODY_GET_MONEY_TASKS) {
        world->task_reads++;
        reply.body_case = SUGU__REPLY__BODY_MONEY_TASKS;
        reply.money_tasks =
            world->has_no_tasks ? &no_tasks : (Sugu__MoneyTasks *)desk_house_tasks();
    } else if (request->body_case == SUGU__REQUEST__BODY_GET_PATIENT_BILLS) {
        reply.body_case = SUGU__REPLY__BODY_PATIENT_BILLS;
        reply.patient_bills = (Sugu__PatientBills *)desk_house_bills();
    } else if (request->body_case == SUGU__REQUEST__BODY_GET_TODAY) {
        reply.body_case = SUGU__REPLY__BODY_TODAY;
        reply.today = (Sugu__Today *)desk_house_today();
    } else if (request->body_case == SUGU__REQUEST__BODY_COMMAND_KIOSK) {
        world->commands++;
        sugu_text_copy(world->place, sizeof world->place, request->command_kiosk->place);
        sugu_text_copy(world->text, sizeof world->text, request->command_kiosk->text);
    } else if (request->body_case == SUGU__REQUEST__BODY_ASSIST_BILL)
        world->bills++;
    else if (request->body_case == SUGU__REQUEST__BODY_STATE_RATIO)
        world->ratio_percent = request->state_ratio->ratio_percent;
    else if (request->body_case == SUGU__REQUEST__BODY_CHANGE_PLAN)
        world->plans++;
    sugu_service_reply(world->server, asker, &reply);
}

/* ---- money */

static bool
is_money_verb(const Sugu__Request *request)
{
    return request->body_case == SUGU__REQUEST__BODY_SETTLE_BILL ||
           request->body_case == SUGU__REQUEST__BODY_ORDER_REFUND ||
           request->body_case == SUGU__REQUEST__BODY_DECIDE_REFUND ||
           request->body_case == SUGU__REQUEST__BODY_RESOLVE_PAYMENT ||
           request->body_case == SUGU__REQUEST__BODY_PAY_CHANGE ||
           request->body_case == SUGU__REQUEST__BODY_CHANGE_CARD;
}

static void
answer_money(struct desk_world *world, const struct sugu_asker *asker)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;

    world->money_reads++;
    reply.body_case = SUGU__REPLY__BODY_MONEY;
    reply.money = (Sugu__Money *)desk_house_money(world->is_held);
    sugu_service_reply(world->server, asker, &reply);
}

static void
answer_money_verb(struct desk_world *world,
                  const struct sugu_asker *asker,
                  const Sugu__Request *request)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Refund refund;

    world->money_verbs++;
    if (world->money)
        sugu__request__free_unpacked(world->money, NULL);
    world->money = (Sugu__Request *)sugu_message_copy(&request->base);
    if (world->is_mute)
        return;
    if (world->code) {
        refuse(world, asker, world->code);
        return;
    }
    if (request->body_case == SUGU__REQUEST__BODY_ORDER_REFUND) {
        refund = *desk_house_money(false)->refunds[0];
        refund.amount_yen = request->order_refund->amount_yen;
        reply.body_case = SUGU__REPLY__BODY_REFUND;
        reply.refund = &refund;
    }
    if (request->body_case == SUGU__REQUEST__BODY_CHANGE_CARD) {
        reply.body_case = SUGU__REPLY__BODY_CARD_ON_FILE;
        reply.card_on_file = (Sugu__CardOnFile *)desk_house_card();
    }
    sugu_service_reply(world->server, asker, &reply);
}

static void
on_server_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct desk_world *world = user;

    if (request->body_case == SUGU__REQUEST__BODY_SIGN_IN_STAFF) {
        answer_sign_in(world, asker, request->sign_in_staff);
        return;
    }
    world->sign_in = sugu_id_of(&request->sign_in);
    if (world->knows_nobody) {
        refuse(world, asker, "staff.sign-in-needed");
        return;
    }
    if (request->body_case == SUGU__REQUEST__BODY_GET_QUEUES)
        answer_queues(world, asker, request->get_queues);
    else if (request->body_case == SUGU__REQUEST__BODY_MOVE_TICKET) {
        world->deadline_utc_us = request->deadline_utc_us;
        answer_move(world, asker, request->move_ticket);
    } else if (request->body_case == SUGU__REQUEST__BODY_ASSIST_CHECK_IN)
        answer_check_in(world, asker, request->assist_check_in);
    else if (request->body_case == SUGU__REQUEST__BODY_GET_MONEY)
        answer_money(world, asker);
    else if (is_money_verb(request))
        answer_money_verb(world, asker, request);
    else
        answer_rest(world, asker, request);
}

static void
on_server_listener(void *user)
{
    (void)user;
}

static void
on_reader_listener(void *user)
{
    struct desk_world *world = user;
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PartState state = SUGU__PART_STATE__INIT;

    state.part = SUGU__PART__PART_READER;
    event.body_case = SUGU__EVENT__BODY_PART_CHANGED;
    event.part_changed = &state;
    sugu_service_publish(world->reader, &event);
}

static void
on_reader_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    (void)user;
    (void)asker;
    (void)request;
}

/* ---------------------------------------------------------------- the world */

void
desk_world_start_server(struct desk_world *world)
{
    const struct sugu_service_callbacks callbacks = {on_server_request, on_server_listener, world};
    struct sugu_error error;

    sugu_assert_ok(sugu_service_new(world->context, world->server_endpoint, &callbacks,
                                    sugu_clock_system(), &world->server, &error),
                   error);
    world->server_source = sugu_service_source_attach(world->server);
}

void
desk_world_stop_server(struct desk_world *world)
{
    g_source_destroy(world->server_source);
    g_source_unref(world->server_source);
    world->server = sugu_service_free(world->server);
}

static void
start_session(struct desk_world *world)
{
    const struct desk_model_settings shown = {.facility_name = "試験病院",
                                              .time_zone = "Asia/Tokyo",
                                              .desk = "1",
                                              .long_wait_min = 30,
                                              .late_wait_min = 60};
    char *requests = g_strdup_printf("%s/requests", world->folder);
    struct desk_session_settings settings = {
        .server = {.endpoint = world->server_endpoint,
                   .facility = 1,
                   .heartbeat_us = 100 * SUGU_MS,
                   .resend_us = SUGU_SECOND},
        .reader = world->reader_endpoint,
        .language = "ja",
    };
    struct desk_session_parts parts = {.zmq_context = world->context, .clock = sugu_clock_system()};
    struct sugu_error error;

    sugu_assert_ok(desk_model_new(&shown, &world->model, &error), error);
    parts.model = world->model;
    sugu_assert_ok(sugu_store_folder(requests, &parts.store, &error), error);
    sugu_assert_ok(desk_session_new(&settings, &parts, &world->session, &error), error);
    g_free(requests);
}

void
desk_world_init(struct desk_world *world, unsigned rows)
{
    const struct sugu_service_callbacks callbacks = {on_reader_request, on_reader_listener, world};
    struct sugu_error error;

    *world = (struct desk_world){.rows = rows, .role = SUGU__STAFF_ROLE__SUPERVISOR};
    g_strlcpy(world->folder, "/tmp/sugu-desk-XXXXXX", sizeof world->folder);
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    snprintf(world->server_endpoint, sizeof world->server_endpoint, "ipc://%s/server",
             world->folder);
    snprintf(world->reader_endpoint, sizeof world->reader_endpoint, "ipc://%s/reader",
             world->folder);
    world->context = zmq_ctx_new();
    desk_world_start_server(world);
    sugu_assert_ok(sugu_service_new(world->context, world->reader_endpoint, &callbacks,
                                    sugu_clock_system(), &world->reader, &error),
                   error);
    world->reader_source = sugu_service_source_attach(world->reader);
    start_session(world);
    desk_world_await(world, !desk_model_is_stale(world->model));
}

void
desk_world_done(struct desk_world *world)
{
    char *command = g_strdup_printf("rm -r '%s'", world->folder);

    desk_session_free(world->session);
    if (world->money)
        sugu__request__free_unpacked(world->money, NULL);
    g_source_destroy(world->reader_source);
    g_source_unref(world->reader_source);
    sugu_service_free(world->reader);
    if (world->server)
        desk_world_stop_server(world);
    g_assert_finalize_object(world->model);
    zmq_ctx_term(world->context);
    ck_assert_int_eq(system(command), 0);
    g_free(command);
}

/* ---------------------------------------------------------------- what a person does */

void
desk_world_sign_in(struct desk_world *world)
{
    desk_session_sign_in(world->session, "m.sato", DESK_WORLD_PASSWORD);
    desk_world_await(world, desk_model_has_snapshot(world->model));
    desk_model_flush(world->model);
}

void
desk_world_do(struct desk_world *world, const char *action, GVariant *value)
{
    g_action_group_activate_action(desk_session_actions(world->session), action, value);
}

const char *
desk_world_select(struct desk_world *world, enum sugu_stage_state state, unsigned nth)
{
    DeskRows *rows = desk_model_rows(world->model);
    GListModel *list = G_LIST_MODEL(rows);

    for (guint i = 0; i < g_list_model_get_n_items(list); i++) {
        DeskRow *row = g_list_model_get_item(list, i);
        g_object_unref(row);
        if (desk_row_entry(row)->state == state && nth-- == 0) {
            desk_rows_select_only(rows, row);
            return desk_row_entry(row)->number;
        }
    }
    ck_abort_msg("nobody is %s", desk_words_state(state));
}

void
desk_world_tell(struct desk_world *world, Sugu__QueueEntry *entry)
{
    Sugu__Event event = SUGU__EVENT__INIT;

    event.body_case = SUGU__EVENT__BODY_QUEUE_CHANGED;
    event.queue_changed = entry;
    sugu_service_publish(world->server, &event);
}

void
desk_world_put_card(struct desk_world *world)
{
    static uint8_t serial[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct sugu_id presence = desk_house_visit(3);
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__CardChange change = SUGU__CARD_CHANGE__INIT;

    change.presence = sugu_id_field(&presence);
    change.change = SUGU__CARD_CHANGE_KIND__CARD_PUT;
    change.card = SUGU__CARD_KIND__CARD_FELICA;
    change.serial = (ProtobufCBinaryData){sizeof serial, serial};
    event.body_case = SUGU__EVENT__BODY_CARD_CHANGED;
    event.card_changed = &change;
    sugu_service_publish(world->reader, &event);
}
