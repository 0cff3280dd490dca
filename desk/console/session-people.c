/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-people - who is at the desk, and what is done for people: check-in, bill, plan, kiosks
 */
#include "session-private.h"

#include "base/log.h"
#include "base/text.h"
#include "client/password.h"
#include "words.h"

#include <glib/gi18n.h>

#include <string.h>

#define DEPARTMENTS_MAX 10 /* of a check-in; bounds.def */

/* ---------------------------------------------------------------- signing in and out */

static void
take_person(struct desk_session *session, const Sugu__SignedIn *signed_in)
{
    struct desk_person person = {
        .sign_in = sugu_id_of(&signed_in->sign_in),
        .role = signed_in->role,
        .valid_until_utc_us = signed_in->valid_until_utc_us,
    };

    sugu_text_copy(person.staff, sizeof person.staff, signed_in->staff);
    sugu_text_copy(person.name, sizeof person.name, signed_in->name);
    session->generation++;
    desk_model_set_person(session->model, &person);
    sugu_log(SUGU_LOG_INFO, "desk.signed-in", "staff=%s role=%d", person.staff, (int)person.role);
    desk_reads_snapshot(session);
    desk_reads_machines(session);
    desk_reads_today(session);
    desk_money_tasks(session);
}

static void
on_signed_in(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *here = ask->session, *session = desk_ask_end(ask);

    desk_ask_free(ask);
    here->is_signing_in = false;
    if (session && desk_session_heard(session, DESK_MODEL_SIGN_IN_NOTE, reply) &&
        reply->body_case == SUGU__REPLY__BODY_SIGNED_IN)
        take_person(session, reply->signed_in);
}

/* A password is not written into a store: this counts as a read, which is asked again or given up.
 */
static void
sign_in(struct desk_session *session, Sugu__SignIn *sign_in)
{
    Sugu__Request request = SUGU__REQUEST__INIT;

    if (session->is_signing_in || desk_model_person(session->model))
        return;
    session->is_signing_in = true;
    desk_model_say(session->model, DESK_MODEL_SIGN_IN_NOTE, C_("sign-in", "Checking …"));
    request.body_case = SUGU__REQUEST__BODY_SIGN_IN_STAFF;
    request.sign_in_staff = sign_in;
    desk_session_send(session, &request, /* is_read= */ true,
                      desk_ask_new(session, DESK_MODEL_SIGN_IN_NOTE), on_signed_in);
}

/* A password on its way to its proof, in a thread of its own: Argon2id takes its time. */
struct proof {
    uint32_t facility;
    char staff[33], password[129];
    uint8_t proof[SUGU_PASSWORD_PROOF_SIZE];
};

static void
proof_free(void *data)
{
    explicit_bzero(data, sizeof(struct proof));
    g_free(data);
}

static void
make_proof(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    struct proof *proof = data;

    (void)source;
    (void)cancellable;
    g_task_return_boolean(task, sugu_password_proof(proof->facility, proof->staff, proof->password,
                                                    proof->proof, /* reterr= */ NULL) == SUGU_OK);
}

static void
on_proof(GObject *source, GAsyncResult *result, gpointer user)
{
    struct desk_session *session = user;
    struct proof *proof = g_task_get_task_data(G_TASK(result));
    Sugu__SignIn message = SUGU__SIGN_IN__INIT;
    bool is_cancelled = g_cancellable_is_cancelled(g_task_get_cancellable(G_TASK(result)));

    (void)source;
    if (is_cancelled)
        return; /* the session has ended meanwhile */
    session->is_signing_in = false;
    if (!g_task_propagate_boolean(G_TASK(result), NULL)) {
        desk_model_say(session->model, DESK_MODEL_SIGN_IN_NOTE,
                       C_("sign-in", "There is not enough memory to check a password."));
        return;
    }
    message.staff = proof->staff;
    message.proof = (ProtobufCBinaryData){sizeof proof->proof, proof->proof};
    sign_in(session, &message);
}

void
desk_session_sign_in(struct desk_session *session, const char *staff, const char *password)
{
    struct proof *proof = g_new0(struct proof, 1);
    GTask *task;

    proof->facility = session->settings.server.facility;
    if (!sugu_text_copy(proof->staff, sizeof proof->staff, staff) ||
        !sugu_text_copy(proof->password, sizeof proof->password, password)) {
        desk_model_say(session->model, DESK_MODEL_SIGN_IN_NOTE,
                       C_("sign-in", "Name or password is too long."));
        proof_free(proof);
        return;
    }
    if (session->is_signing_in) {
        proof_free(proof);
        return;
    }
    session->is_signing_in = true;
    desk_model_say(session->model, DESK_MODEL_SIGN_IN_NOTE, C_("sign-in", "Checking …"));
    task = g_task_new(NULL, session->until_end, on_proof, session);
    g_task_set_task_data(task, proof, proof_free);
    g_task_run_in_thread(task, make_proof);
    g_object_unref(task);
}

void
desk_people_card(struct desk_session *session, const Sugu__CardChange *change)
{
    Sugu__SignIn message = SUGU__SIGN_IN__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;
    char words[DESK_WORDS_SIZE];

    if (change->change != SUGU__CARD_CHANGE_KIND__CARD_PUT || desk_model_person(session->model))
        return;
    if (change->code[0] || change->serial.len == 0) {
        desk_words_code(words, change->code[0] ? change->code : "card.not-known", NULL);
        desk_model_say(session->model, DESK_MODEL_SIGN_IN_NOTE, words);
        return;
    }
    card.kind = change->card;
    card.serial = change->serial;
    message.card = &card;
    sign_in(session, &message);
}

static void
on_signed_out(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;

    (void)reply; /* nobody is here any more whom it could be told */
    desk_ask_end(ask);
    desk_ask_free(ask);
}

static void
on_sign_out(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__SignOut sign_out = SUGU__SIGN_OUT__INIT;

    (void)action;
    (void)value;
    if (!desk_model_person(session->model))
        return;
    request.body_case = SUGU__REQUEST__BODY_SIGN_OUT;
    request.sign_out = &sign_out;
    desk_session_send(session, &request, /* is_read= */ false,
                      desk_ask_new(session, DESK_MODEL_SIGN_IN_NOTE), on_signed_out);
    desk_session_sign_out(session, "");
}

/* ---------------------------------------------------------------- finding people */

static void
on_found(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);

    desk_ask_free(ask);
    if (!session || !desk_session_heard(session, DESK_MODEL_PEOPLE_NOTE, reply) ||
        reply->body_case != SUGU__REPLY__BODY_PATIENTS_FOUND)
        return;
    if (reply->patients_found->n_patients == 0)
        desk_model_say(session->model, DESK_MODEL_PEOPLE_NOTE, C_("people", "Nobody was found."));
    desk_model_take_patients(session->model, reply->patients_found);
}

static void
on_find(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__FindPatients find = SUGU__FIND_PATIENTS__INIT;
    char text[101];

    (void)action;
    sugu_text_copy(text, sizeof text, g_variant_get_string(value, NULL));
    g_strstrip(text);
    if (!text[0])
        return;
    desk_model_say(session->model, DESK_MODEL_PEOPLE_NOTE, C_("people", "Searching …"));
    find.text = text;
    request.body_case = SUGU__REQUEST__BODY_FIND_PATIENTS;
    request.find_patients = &find;
    desk_session_send(session, &request, /* is_read= */ true,
                      desk_ask_new(session, DESK_MODEL_PEOPLE_NOTE), on_found);
}

/* ---------------------------------------------------------------- check-in */

static void
on_checked_in(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);
    char *words;

    desk_ask_free(ask);
    if (!session || !desk_session_heard(session, DESK_MODEL_CHECK_IN_NOTE, reply) ||
        reply->body_case != SUGU__REPLY__BODY_TICKET)
        return;
    words = g_strdup_printf(C_("check-in", "Number %s, %s"), reply->ticket->number,
                            reply->ticket->department_name);
    desk_model_say(session->model, DESK_MODEL_CHECK_IN_NOTE, words);
    desk_model_look_at(session->model, reply->ticket->number);
    g_free(words);
}

/* Codes of departments as the wire has them. */
struct department_list {
    Sugu__DepartmentCode codes[DEPARTMENTS_MAX], *list[DEPARTMENTS_MAX];
    size_t count;
};

static void
fill_departments(struct department_list *to, gchar **from)
{
    for (to->count = 0; from[to->count] && to->count < DEPARTMENTS_MAX; to->count++) {
        to->list[to->count] = &to->codes[to->count];
        sugu__department_code__init(&to->codes[to->count]);
        to->codes[to->count].department = from[to->count];
    }
}

static void
send_check_in(struct desk_session *session,
              const struct sugu_id *patient,
              guint32 priority,
              gchar **departments)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__AssistCheckIn check_in = SUGU__ASSIST_CHECK_IN__INIT;
    struct sugu_id visit = sugu_id_new(session->clock, sugu_random_system());
    struct department_list list;

    fill_departments(&list, departments);
    check_in.visit = sugu_id_field(&visit);
    check_in.patient = sugu_id_field(patient);
    check_in.priority = (Sugu__Priority)MIN(priority, SUGU_PRIORITY_ORDINARY);
    check_in.departments = list.list;
    check_in.n_departments = list.count;
    check_in.desk = (char *)desk_model_desk(session->model);
    check_in.language = (char *)session->settings.language;
    request.body_case = SUGU__REQUEST__BODY_ASSIST_CHECK_IN;
    request.assist_check_in = &check_in;
    desk_model_say(session->model, DESK_MODEL_CHECK_IN_NOTE, C_("check-in", "Checking in …"));
    desk_session_send(session, &request, /* is_read= */ false,
                      desk_ask_new(session, DESK_MODEL_CHECK_IN_NOTE), on_checked_in);
}

static void
on_check_in(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    struct sugu_id patient;
    guint32 priority;
    gchar **departments;

    (void)action;
    if (!desk_model_patient(session->model, &patient))
        return;
    g_variant_get(value, "(u^as)", &priority, &departments);
    send_check_in(session, &patient, priority, departments);
    g_strfreev(departments);
}

/* ---------------------------------------------------------------- plan and bill */

/* Shown at the ask's note; what is known of the person is asked for again. */
static void
on_changed_something(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);

    if (session && desk_session_heard(session, ask->note, reply))
        desk_reads_look(session);
    desk_ask_free(ask);
}

static void
change_plan(struct desk_session *session, Sugu__ChangePlan *plan)
{
    Sugu__Request request = SUGU__REQUEST__INIT;

    plan->number = (char *)desk_model_subject(session->model);
    plan->desk = (char *)desk_model_desk(session->model);
    request.body_case = SUGU__REQUEST__BODY_CHANGE_PLAN;
    request.change_plan = plan;
    desk_session_send(session, &request, /* is_read= */ false,
                      desk_ask_new(session, DESK_MODEL_KNOWN_NOTE), on_changed_something);
}

static void
on_priority(GSimpleAction *action, GVariant *value, void *user)
{
    Sugu__ChangePlan plan = SUGU__CHANGE_PLAN__INIT;

    (void)action;
    plan.has_priority = true;
    plan.priority = (Sugu__Priority)MIN(g_variant_get_uint32(value), SUGU_PRIORITY_ORDINARY);
    change_plan(user, &plan);
}

static void
on_add_stage(GSimpleAction *action, GVariant *value, void *user)
{
    Sugu__ChangePlan plan = SUGU__CHANGE_PLAN__INIT;
    gchar *departments[] = {(char *)g_variant_get_string(value, NULL), NULL};
    struct department_list list;

    if (!departments[0][0])
        return;
    fill_departments(&list, departments);
    if (strcmp(g_action_get_name(G_ACTION(action)), "add-stage") == 0) {
        plan.add = list.list;
        plan.n_add = list.count;
    } else {
        plan.drop = list.list;
        plan.n_drop = list.count;
    }
    change_plan(user, &plan);
}

static void
on_bill(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    const Sugu__Bill *bill = desk_model_bill(session->model);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__AssistBill assist = SUGU__ASSIST_BILL__INIT;

    (void)value;
    if (!bill)
        return;
    assist.bill = bill->bill;
    assist.verb = strcmp(g_action_get_name(G_ACTION(action)), "offer-bill") == 0
                      ? SUGU__BILL_VERB__OFFER_AGAIN
                      : SUGU__BILL_VERB__TO_COUNTER;
    assist.desk = (char *)desk_model_desk(session->model);
    request.body_case = SUGU__REQUEST__BODY_ASSIST_BILL;
    request.assist_bill = &assist;
    desk_session_send(session, &request, /* is_read= */ false,
                      desk_ask_new(session, DESK_MODEL_BILL_NOTE), on_changed_something);
}

static void
on_share(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__StateRatio state = SUGU__STATE_RATIO__INIT;

    (void)action;
    state.number = (char *)desk_model_subject(session->model);
    state.ratio_percent = MIN(g_variant_get_uint32(value), 100);
    state.desk = (char *)desk_model_desk(session->model);
    request.body_case = SUGU__REQUEST__BODY_STATE_RATIO;
    request.state_ratio = &state;
    desk_session_send(session, &request, /* is_read= */ false,
                      desk_ask_new(session, DESK_MODEL_BILL_NOTE), on_changed_something);
}

/* ---------------------------------------------------------------- calls for help */

/* That it is over comes as an event, to this desk as to the others. */
static void
on_help_closed(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);

    desk_ask_free(ask);
    if (session)
        desk_session_heard(session, DESK_MODEL_CASES_NOTE, reply);
}

static void
on_close_help(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__CloseHelp close;

    (void)action;
    if (!desk_model_find_help(session->model, g_variant_get_string(value, NULL), &close))
        return;
    close.desk = (char *)desk_model_desk(session->model);
    request.body_case = SUGU__REQUEST__BODY_CLOSE_HELP;
    request.close_help = &close;
    desk_session_send(session, &request, /* is_read= */ false,
                      desk_ask_new(session, DESK_MODEL_CASES_NOTE), on_help_closed);
}

/* ---------------------------------------------------------------- kiosks */

static void
on_commanded(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);

    desk_ask_free(ask);
    if (session && desk_session_heard(session, DESK_MODEL_KIOSK_NOTE, reply)) {
        desk_model_say(session->model, DESK_MODEL_KIOSK_NOTE, C_("kiosk", "Sent to the kiosk."));
        desk_reads_machines(session);
    }
}

static void
on_command(GSimpleAction *action, GVariant *value, void *user)
{
    static const struct {
        const char *action;
        Sugu__KioskVerb verb;
    } rows[] = {
        {"message", SUGU__KIOSK_VERB__SHOW_MESSAGE},
        {"drain", SUGU__KIOSK_VERB__DRAIN},
        {"open", SUGU__KIOSK_VERB__OPEN_AGAIN},
        {"restart", SUGU__KIOSK_VERB__RESTART},
    };
    struct desk_session *session = user;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__CommandKiosk command = SUGU__COMMAND_KIOSK__INIT;
    char text[201] = "";

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        if (strcmp(g_action_get_name(G_ACTION(action)), rows[i].action) == 0)
            command.verb = rows[i].verb;
    if (value)
        sugu_text_copy(text, sizeof text, g_variant_get_string(value, NULL));
    command.place = (char *)desk_model_kiosk(session->model);
    command.text = text;
    if (!command.place[0])
        return;
    request.body_case = SUGU__REQUEST__BODY_COMMAND_KIOSK;
    request.command_kiosk = &command;
    desk_model_say(session->model, DESK_MODEL_KIOSK_NOTE, C_("kiosk", "Sending …"));
    desk_session_send(session, &request, /* is_read= */ false,
                      desk_ask_new(session, DESK_MODEL_KIOSK_NOTE), on_commanded);
}

static void
on_refresh(GSimpleAction *action, GVariant *value, void *user)
{
    (void)action;
    (void)value;
    desk_reads_snapshot(user);
    desk_reads_machines(user);
    desk_money_tasks(user);
    desk_reads_today(user);
}

/* ---------------------------------------------------------------- what is offered */

void
desk_people_add(struct desk_session *session)
{
    static const GActionEntry entries[] = {
        {.name = "sign-out", .activate = on_sign_out},
        {.name = "refresh", .activate = on_refresh},
        {.name = "find", .activate = on_find, .parameter_type = "s"},
        {.name = "check-in", .activate = on_check_in, .parameter_type = "(uas)"},
        {.name = "priority", .activate = on_priority, .parameter_type = "u"},
        {.name = "add-stage", .activate = on_add_stage, .parameter_type = "s"},
        {.name = "drop-stage", .activate = on_add_stage, .parameter_type = "s"},
        {.name = "offer-bill", .activate = on_bill},
        {.name = "bill-to-counter", .activate = on_bill},
        {.name = "share", .activate = on_share, .parameter_type = "u"},
        {.name = "close-help", .activate = on_close_help, .parameter_type = "s"},
        {.name = "message", .activate = on_command, .parameter_type = "s"},
        {.name = "drain", .activate = on_command},
        {.name = "open", .activate = on_command},
        {.name = "restart", .activate = on_command},
    };

    g_action_map_add_action_entries(G_ACTION_MAP(session->actions), entries, G_N_ELEMENTS(entries),
                                    session);
}

static bool
may(const struct desk_person *person, enum sugu_right right)
{
    return person && sugu_right_is_granted(right, person->role);
}

/* What the commands of a kiosk are for, and why some of them are grey. */
static void
say_why(struct desk_session *session, const struct desk_person *person)
{
    DeskModel *model = session->model;
    const char *place = desk_model_kiosk(model);
    GString *why = g_string_new(NULL);

    if (place[0] && !desk_model_kiosk_is_screen(model))
        g_string_append_printf(
            why,
            C_("kiosk", "What is pressed here goes to the screens of %s, not to this program."),
            place);
    if (place[0] && person && !may(person, SUGU_RIGHT_MESSAGE_KIOSK))
        g_string_append_printf(
            why, "%s%s", why->len ? "\n" : "",
            C_("kiosk", "Grey: only a supervisor or an administrator may do this."));
    else if (place[0] && person && !may(person, SUGU_RIGHT_RESTART_KIOSK))
        g_string_append_printf(why, "%s%s", why->len ? "\n" : "",
                               C_("kiosk", "Grey: only an administrator may restart a program."));
    desk_model_say(model, DESK_MODEL_KIOSK_WHY, why->str);
    g_string_free(why, TRUE);
}

void
desk_people_enable(struct desk_session *session)
{
    const struct desk_person *person = desk_model_person(session->model);
    const Sugu__Bill *bill = desk_model_bill(session->model);
    bool has_kiosk = desk_model_kiosk(session->model)[0] != '\0';
    struct sugu_id earlier;
    bool has_subject = desk_model_subject(session->model)[0] != '\0' &&
                       !desk_model_subject_visit(session->model, &earlier);
    bool is_offered = bill && (bill->state == SUGU__BILL_STATE__BILL_ANNOUNCED ||
                               bill->state == SUGU__BILL_STATE__BILL_REVISED);
    struct sugu_id patient;
    const struct {
        const char *action;
        bool is_enabled;
    } rows[] = {
        {"sign-out", person},
        {"refresh", person},
        {"find", person},
        {"check-in",
         may(person, SUGU_RIGHT_CHECK_IN) && desk_model_patient(session->model, &patient)},
        {"priority", may(person, SUGU_RIGHT_CHANGE_PLAN) && has_subject},
        {"add-stage", may(person, SUGU_RIGHT_CHANGE_PLAN) && has_subject},
        {"drop-stage", may(person, SUGU_RIGHT_CHANGE_PLAN) && has_subject},
        {"offer-bill", may(person, SUGU_RIGHT_OFFER_BILL) && bill &&
                           bill->state == SUGU__BILL_STATE__BILL_TO_COUNTER},
        {"bill-to-counter", may(person, SUGU_RIGHT_BILL_TO_COUNTER) && is_offered},
        {"share",
         may(person, SUGU_RIGHT_STATE_RATIO) && desk_model_may_state_share(session->model)},
        {"close-help", may(person, SUGU_RIGHT_CLOSE_HELP)},
        {"message", may(person, SUGU_RIGHT_MESSAGE_KIOSK) && has_kiosk},
        {"drain", may(person, SUGU_RIGHT_DRAIN_KIOSK) && has_kiosk},
        {"open", may(person, SUGU_RIGHT_OPEN_KIOSK) && has_kiosk},
        {"restart", may(person, SUGU_RIGHT_RESTART_KIOSK) && has_kiosk},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        desk_session_set_enabled(session, rows[i].action, rows[i].is_enabled);
    say_why(session, person);
}

/* ---------------------------------------------------------------- the reader of staff cards */

static void
on_reader_event(void *user, const Sugu__Event *event)
{
    struct desk_session *session = user;
    char words[DESK_WORDS_SIZE];

    if (event->body_case == SUGU__EVENT__BODY_CARD_CHANGED)
        desk_people_card(session, event->card_changed);
    else if (event->body_case == SUGU__EVENT__BODY_PART_CHANGED &&
             event->part_changed->part == SUGU__PART__PART_READER)
        desk_model_say(session->model, DESK_MODEL_SIGN_IN_CARD,
                       event->part_changed->health == SUGU__PART_HEALTH__PART_AWAY
                           ? desk_words_code(words, "reader.away", NULL)
                           : C_("sign-in", "Or put your staff card on the reader."));
}

static void
on_reader_stale(void *user, sugu_time_us since_utc)
{
    struct desk_session *session = user;
    char words[DESK_WORDS_SIZE];

    (void)since_utc;
    desk_model_say(session->model, DESK_MODEL_SIGN_IN_CARD,
                   desk_words_code(words, "reader.away", NULL));
}

enum sugu_status
desk_people_connect(struct desk_session *session, void *zmq_context, struct sugu_error *reterr)
{
    const struct sugu_client_callbacks callbacks = {
        .on_event = on_reader_event, .on_stale = on_reader_stale, .user = session};
    struct sugu_client_settings settings = {.endpoint = session->settings.reader, .listens = true};
    enum sugu_status status;

    if (!session->settings.reader[0])
        return SUGU_OK;
    session->reader.store = sugu_store_memory();
    status =
        sugu_client_new(&settings, &callbacks,
                        &(struct sugu_client_means){zmq_context, session->clock,
                                                    sugu_random_system(), session->reader.store},
                        &session->reader.client, reterr);
    if (status == SUGU_OK)
        session->reader.source = sugu_client_source_attach(session->reader.client);
    return status;
}
