/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phone-house - the queue server as sugu-web sees it: pages, events and an outbox, scripted
 */
#include "emulators/phone-house.h"

#include "base/text.h"
#include "client/client-source.h"

#include <zmq.h>

#include <assert.h>
#include <string.h>

#define PAGES_MAX 10

/* ---- answers; called in the house's thread */

static struct phone_visit *
find_visit(struct phone_house *house, const ProtobufCBinaryData *token)
{
    for (size_t i = 0; i < house->visit_count; i++)
        if (memcmp(house->visits[i].token, token->data, 16) == 0)
            return &house->visits[i];
    return NULL;
}

struct made_page {
    Sugu__PhonePage page;
    Sugu__TicketStage stages[PHONE_STAGES_MAX], *places[PHONE_STAGES_MAX];
};

static void
make_stage(const struct phone_stage *from, Sugu__TicketStage *to)
{
    sugu__ticket_stage__init(to);
    to->department = (char *)from->department;
    to->department_name = (char *)from->name;
    to->desk = (char *)(from->desk ? from->desk : "");
    to->kind = from->kind;
    to->state = from->state;
    to->before_you = from->before_you;
    to->low_min = from->low_min;
    to->high_min = from->high_min;
}

static void
make_page(struct phone_visit *visit, ProtobufCBinaryData token, struct made_page *to)
{
    sugu__phone_page__init(&to->page);
    to->page.token = token;
    if (!visit || visit->is_over)
        return;
    visit->asked++;
    to->page.is_found = true;
    to->page.visit = sugu_id_field(&visit->id);
    to->page.number = visit->number;
    to->page.state = visit->state;
    to->page.is_bill_ready = visit->is_bill_ready;
    to->page.is_paid = visit->is_paid;
    to->page.language = (char *)(visit->language ? visit->language : "");
    to->page.n_stages = visit->stage_count;
    to->page.stages = to->places;
    for (size_t i = 0; i < visit->stage_count; i++) {
        make_stage(&visit->stages[i], &to->stages[i]);
        to->places[i] = &to->stages[i];
    }
}

static void
answer_pages(struct phone_house *house,
             const struct sugu_asker *asker,
             const Sugu__GetPhonePages *get)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__PhonePages pages = SUGU__PHONE_PAGES__INIT;
    struct made_page made[PAGES_MAX];
    Sugu__PhonePage *places[PAGES_MAX];
    Sugu__HouseLine lines[SUGU_ARRAY_SIZE(house->lines)];
    Sugu__HouseLine *line_places[SUGU_ARRAY_SIZE(house->lines)];

    assert(get->n_tokens <= PAGES_MAX);
    house->looks++;
    house->tokens += (unsigned)get->n_tokens;
    if (get->n_tokens > house->tokens_most)
        house->tokens_most = (unsigned)get->n_tokens;
    if (house->is_mute)
        return;
    for (size_t i = 0; i < get->n_tokens; i++) {
        make_page(find_visit(house, &get->tokens[i]->token), get->tokens[i]->token, &made[i]);
        places[i] = &made[i].page;
    }
    for (size_t i = 0; i < house->line_count; i++) {
        lines[i] = (Sugu__HouseLine)SUGU__HOUSE_LINE__INIT;
        lines[i].language = (char *)house->lines[i].language;
        lines[i].text = (char *)house->lines[i].text;
        line_places[i] = &lines[i];
    }
    pages.n_pages = get->n_tokens;
    pages.pages = places;
    pages.n_lines = house->line_count;
    pages.lines = line_places;
    pages.facility_name = (char *)house->facility_name;
    reply.body_case = SUGU__REPLY__BODY_PHONE_PAGES;
    reply.phone_pages = &pages;
    sugu_service_reply(house->service, asker, &reply);
}

static void
make_notice(struct phone_house *house, const struct phone_notice *from, Sugu__Notice *to)
{
    sugu__notice__init(to);
    to->notice = from->notice;
    to->kind = from->kind;
    to->token = (ProtobufCBinaryData){16, house->visits[from->visit].token};
    to->number = house->visits[from->visit].number;
    to->made_utc_us = INT64_C(1790000000) * SUGU_SECOND;
    to->expires_utc_us = from->expires_utc;
    to->tries = from->tries;
    to->refusals = from->refusals;
}

static void
answer_notices(struct phone_house *house, const struct sugu_asker *asker)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Notices notices = SUGU__NOTICES__INIT;
    Sugu__Notice made[200], *places[200];
    sugu_time_us now = sugu_clock_system()->utc_us(sugu_clock_system());

    house->outbox_asked++;
    for (size_t i = 0; i < house->outbox_count && notices.n_notices < 200; i++) {
        const struct phone_notice *notice = &house->outbox[i];
        if (notice->confirmed || notice->is_given_up || notice->expires_utc <= now)
            continue;
        if (notice->due_utc > now) {
            if (!notices.next_due_utc_us || notice->due_utc < notices.next_due_utc_us)
                notices.next_due_utc_us = notice->due_utc;
            continue;
        }
        make_notice(house, &house->outbox[i], &made[notices.n_notices]);
        places[notices.n_notices] = &made[notices.n_notices];
        notices.n_notices++;
    }
    notices.notices = places;
    reply.body_case = SUGU__REPLY__BODY_NOTICES;
    reply.notices = &notices;
    sugu_service_reply(house->service, asker, &reply);
}

static void
answer_confirm(struct phone_house *house, const struct sugu_asker *asker, uint64_t notice)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;

    for (size_t i = 0; i < house->outbox_count; i++)
        if (house->outbox[i].notice == notice)
            house->outbox[i].confirmed++;
    sugu_service_reply(house->service, asker, &reply);
}

static void
answer_fail(struct phone_house *house,
            const struct sugu_asker *asker,
            const Sugu__FailNotice *failure)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;

    for (size_t i = 0; i < house->outbox_count; i++) {
        struct phone_notice *notice = &house->outbox[i];
        if (notice->notice != failure->notice)
            continue;
        notice->tries++;
        notice->refusals += failure->is_refused;
        notice->is_given_up = failure->is_final;
        notice->due_utc =
            sugu_clock_system()->utc_us(sugu_clock_system()) + failure->pause_ms * SUGU_MS;
    }
    sugu_service_reply(house->service, asker, &reply);
}

static void
on_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct phone_house *house = user;
    struct sugu_error error;

    g_mutex_lock(&house->mutex);
    if (request->body_case == SUGU__REQUEST__BODY_GET_PHONE_PAGES) {
        answer_pages(house, asker, request->get_phone_pages);
    } else if (request->body_case == SUGU__REQUEST__BODY_GET_NOTICES) {
        answer_notices(house, asker);
    } else if (request->body_case == SUGU__REQUEST__BODY_CONFIRM_NOTICE) {
        answer_confirm(house, asker, request->confirm_notice->notice);
    } else if (request->body_case == SUGU__REQUEST__BODY_FAIL_NOTICE) {
        answer_fail(house, asker, request->fail_notice);
    } else {
        sugu_fail(&error, SUGU_REFUSED, "request.not-allowed", "not of the role web");
        sugu_service_reply_error(house->service, asker, &error);
    }
    g_mutex_unlock(&house->mutex);
}

static void
on_listener(void *user)
{
    struct phone_house *house = user;

    g_mutex_lock(&house->mutex);
    house->listeners++;
    g_mutex_unlock(&house->mutex);
}

/* ---- the thread */

static gpointer
run(gpointer user)
{
    struct phone_house *house = user;
    struct sugu_service_callbacks callbacks = {on_request, on_listener, house};
    struct sugu_error error;
    GSource *source;

    g_main_context_push_thread_default(house->context);
    if (sugu_service_new(house->zmq, house->endpoint, &callbacks, sugu_clock_system(),
                         &house->service, &error) != SUGU_OK)
        g_error("%s: %s", error.code, error.detail);
    source = sugu_service_source_attach(house->service);
    g_main_loop_run(house->loop);
    g_source_destroy(source);
    g_source_unref(source);
    house->service = sugu_service_free(house->service);
    g_main_context_pop_thread_default(house->context);
    return NULL;
}

void
phone_house_start(struct phone_house *house)
{
    house->zmq = zmq_ctx_new();
    house->context = g_main_context_new();
    house->loop = g_main_loop_new(house->context, FALSE);
    house->thread = g_thread_new("phone-house", run, house);
}

static gboolean
on_quit(gpointer user)
{
    g_main_loop_quit(((struct phone_house *)user)->loop);
    return G_SOURCE_REMOVE;
}

static void
in_thread(struct phone_house *house, GSourceFunc function, gpointer user)
{
    GSource *source = g_idle_source_new();

    g_source_set_priority(source, G_PRIORITY_HIGH);
    g_source_set_callback(source, function, user, NULL);
    g_source_attach(source, house->context);
    g_source_unref(source);
}

void
phone_house_stop(struct phone_house *house)
{
    in_thread(house, on_quit, house);
    g_thread_join(house->thread);
    g_main_loop_unref(house->loop);
    g_main_context_unref(house->context);
    zmq_ctx_term(house->zmq);
}

void
phone_house_init(struct phone_house *house, const char *folder, size_t visit_count)
{
    *house = (struct phone_house){.facility_name = "すぐ市立病院", .visit_count = visit_count};
    g_snprintf(house->endpoint, sizeof house->endpoint, "ipc://%s/queue", folder);
    g_mutex_init(&house->mutex);
    house->visits = g_new0(struct phone_visit, visit_count);
    for (size_t i = 0; i < visit_count; i++) {
        struct phone_visit *visit = &house->visits[i];
        visit->id = sugu_id_new(sugu_clock_system(), sugu_random_system());
        sugu_random_system()->fill(sugu_random_system(), visit->token, sizeof visit->token);
        g_snprintf(visit->number, sizeof visit->number, "A-%03zu", i + 1);
        visit->state = SUGU__VISIT_STATE__VISIT_ARRIVED;
        visit->stage_count = 1;
        visit->stages[0] = (struct phone_stage){.department = "A",
                                                .name = "内科",
                                                .kind = SUGU__STAGE_KIND__KIND_CONSULTATION,
                                                .before_you = (uint32_t)i,
                                                .low_min = 20,
                                                .high_min = 30};
    }
    phone_house_start(house);
}

void
phone_house_done(struct phone_house *house)
{
    phone_house_stop(house);
    g_mutex_clear(&house->mutex);
    g_free(house->visits);
}

void
phone_house_lock(struct phone_house *house)
{
    g_mutex_lock(&house->mutex);
}

void
phone_house_unlock(struct phone_house *house)
{
    g_mutex_unlock(&house->mutex);
}

/* ---- what the house says by itself */

struct saying {
    struct phone_house *house;
    size_t visit;
    char department[17];
};

static gboolean
on_change(gpointer user)
{
    struct saying *saying = user;
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__VisitChanged changed = SUGU__VISIT_CHANGED__INIT;

    changed.visit = sugu_id_field(&saying->house->visits[saying->visit].id);
    changed.department = saying->department;
    event.body_case = SUGU__EVENT__BODY_VISIT_CHANGED;
    event.visit_changed = &changed;
    sugu_service_publish(saying->house->service, &event);
    g_free(saying);
    return G_SOURCE_REMOVE;
}

void
phone_house_change(struct phone_house *house, size_t visit, const char *department)
{
    struct saying *saying = g_new0(struct saying, 1);

    saying->house = house;
    saying->visit = visit;
    sugu_text_copy(saying->department, sizeof saying->department, department);
    in_thread(house, on_change, saying);
}

void
phone_house_notice(struct phone_house *house, size_t visit, Sugu__NoticeKind kind)
{
    phone_house_lock(house);
    assert(house->outbox_count < PHONE_OUTBOX_MAX);
    house->outbox[house->outbox_count] = (struct phone_notice){
        .notice = house->outbox_count + 1,
        .kind = kind,
        .visit = visit,
        .expires_utc = sugu_clock_system()->utc_us(sugu_clock_system()) + 60 * SUGU_MINUTE};
    house->outbox_count++;
    phone_house_unlock(house);
    phone_house_change(house, visit, "");
}

const char *
phone_house_token(const struct phone_house *house, size_t visit, char to[33])
{
    sugu_hex_from_bytes(to, house->visits[visit].token, 16);
    return to;
}
