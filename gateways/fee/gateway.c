/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gateway - between the queue server and a fee module: each charge billed, each payment posted,
 * once
 */
#include "fee/gateway.h"

#include "base/log.h"
#include "base/text.h"
#include "fee/derived-id.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOBS_MAX     512
#define RETRY_US     (5 * SUGU_SECOND)
#define RETRY_US_MAX (15 * SUGU_MINUTE)

/* One thing to bring about at the server: announce the bill of a visit's acts, report why there is
 * none, confirm a posting. A report stays when it was taken in, so that it is made once. */
struct job {
    bool is_used;
    bool is_sent;           /* a request is on its way */
    char reason[280];       /* of a report: what was said last, "" = nothing */
    enum sugu_derived what; /* ANNOUNCE, REPORT or CONFIRM */
    struct sugu_id about;   /* visit, or bill */
    uint32_t number;        /* acts version, or revision */
    uint32_t attempt;       /* requests that were refused before */
    uint32_t failures;      /* in a row, for the wait */
    int64_t not_before;     /* monotonic */
    struct sugu_id request;
};

struct sugu_gateway {
    const struct sugu_clock *clock;
    struct sugu_client *client;
    struct sugu_fee_module *module;
    int64_t poll_us, poll_at;
    bool is_asking;
    struct job jobs[JOBS_MAX];
    struct sugu_charge charge; /* the one at hand; large, so not on the stack */
};

/* A bill on its way onto the wire: the generated structs point into it. */
struct wire_bill {
    Sugu__Bill bill;
    Sugu__BillLine lines[SUGU_BILL_LINES_MAX];
    Sugu__BillLine *line_pointers[SUGU_BILL_LINES_MAX];
    struct sugu_id id;
};

static int64_t
now_us(const struct sugu_gateway *gateway)
{
    return gateway->clock->monotonic_us(gateway->clock);
}

struct sugu_gateway *
sugu_gateway_new(const struct sugu_clock *clock, int64_t poll_us)
{
    struct sugu_gateway *gateway = calloc(1, sizeof *gateway);

    if (!gateway)
        abort();
    gateway->clock = clock;
    gateway->poll_us = poll_us;
    gateway->poll_at = now_us(gateway);
    return gateway;
}

struct sugu_gateway *
sugu_gateway_free(struct sugu_gateway *gateway)
{
    if (gateway && gateway->module)
        gateway->module->ops->free(gateway->module);
    free(gateway);
    return NULL;
}

void
sugu_gateway_connect(struct sugu_gateway *gateway,
                     struct sugu_client *client,
                     struct sugu_fee_module *module)
{
    gateway->client = client;
    gateway->module = module;
}

/* ---- jobs */

static struct job *
find_job(struct sugu_gateway *gateway,
         enum sugu_derived what,
         const struct sugu_id *about,
         uint32_t number)
{
    for (size_t i = 0; i < JOBS_MAX; i++) {
        struct job *job = &gateway->jobs[i];
        if (job->is_used && job->what == what && job->number == number &&
            sugu_id_equal(&job->about, about))
            return job;
    }
    return NULL;
}

/* A free place, else that of the waiting job which is due last: the open work brings it back. */
static struct job *
free_job(struct sugu_gateway *gateway)
{
    struct job *latest = NULL;

    for (size_t i = 0; i < JOBS_MAX; i++) {
        struct job *job = &gateway->jobs[i];
        if (!job->is_used)
            return job;
        if (!job->is_sent && (!latest || job->not_before > latest->not_before))
            latest = job;
    }
    return latest;
}

/* The job where it may be worked on now; NULL where it is under way, waits, or finds no place. */
static struct job *
take_job(struct sugu_gateway *gateway,
         enum sugu_derived what,
         const struct sugu_id *about,
         uint32_t number)
{
    struct job *job = find_job(gateway, what, about, number);

    if (!job) {
        job = free_job(gateway);
        if (!job)
            return NULL;
        *job = (struct job){.is_used = true, .what = what, .about = *about, .number = number};
    }
    return job->is_sent || job->not_before > now_us(gateway) ? NULL : job;
}

static void
log_job(enum sugu_log_level level,
        const char *event,
        const struct job *job,
        const char *code,
        const char *detail)
{
    char about[SUGU_ID_TEXT_SIZE];

    sugu_log(level, event, "%s=%s %s=%u%s%s%s%s%s",
             job->what == SUGU_DERIVED_CONFIRM  ? "bill"
             : job->what == SUGU_DERIVED_CHANGE ? "change"
                                                : "visit",
             sugu_id_to_text(&job->about, about),
             job->what == SUGU_DERIVED_CONFIRM ? "revision" : "acts_version", job->number,
             *code ? " code=" : "", code, *detail ? " detail=\"" : "", detail, *detail ? "\"" : "");
}

static void
put_off(struct sugu_gateway *gateway, struct job *job)
{
    int64_t wait = RETRY_US;

    for (uint32_t i = 0; i < job->failures && wait < RETRY_US_MAX; i++)
        wait *= 2;
    job->failures++;
    job->not_before = now_us(gateway) + (wait < RETRY_US_MAX ? wait : RETRY_US_MAX);
    if (gateway->poll_at > job->not_before) /* the open work brings it back then */
        gateway->poll_at = job->not_before;
}

static const char *
done_event(enum sugu_derived what)
{
    return what == SUGU_DERIVED_ANNOUNCE ? "fee.announced"
           : what == SUGU_DERIVED_REPORT ? "fee.reported"
                                         : "fee.confirmed";
}

static const char *
refused_event(enum sugu_derived what)
{
    return what == SUGU_DERIVED_ANNOUNCE ? "fee.announce-refused"
           : what == SUGU_DERIVED_REPORT ? "fee.report-refused"
                                         : "fee.confirm-refused";
}

/* A bill of these acts, or newer acts, came: what was reported of them is over. */
static void
forget_reports(struct sugu_gateway *gateway, const struct sugu_id *visit, uint32_t below)
{
    for (size_t i = 0; i < JOBS_MAX; i++) {
        struct job *job = &gateway->jobs[i];
        if (job->is_used && !job->is_sent && job->what == SUGU_DERIVED_REPORT &&
            job->number < below && sugu_id_equal(&job->about, visit))
            job->is_used = false;
    }
}

static void
on_job_reply(void *user, const Sugu__Reply *reply)
{
    struct sugu_gateway *gateway = user;
    struct sugu_id id = sugu_id_of(&reply->id);
    struct job *job = NULL;

    for (size_t i = 0; i < JOBS_MAX && !job; i++)
        if (gateway->jobs[i].is_used && gateway->jobs[i].is_sent &&
            sugu_id_equal(&gateway->jobs[i].request, &id))
            job = &gateway->jobs[i];
    if (!job)
        return;
    job->is_sent = false;
    if (reply->status == SUGU__STATUS__OK) {
        log_job(SUGU_LOG_INFO, done_event(job->what), job, "", "");
        if (job->what == SUGU_DERIVED_ANNOUNCE)
            forget_reports(gateway, &job->about, job->number + 1);
        job->is_used = job->what == SUGU_DERIVED_REPORT;
        return;
    }
    /* The same id would get the same answer for ever. */
    log_job(SUGU_LOG_WARNING, refused_event(job->what), job, reply->code, reply->detail);
    job->attempt++;
    job->reason[0] = '\0';
    put_off(gateway, job);
}

static void
send_job(struct sugu_gateway *gateway, struct job *job, Sugu__Request *request)
{
    struct sugu_error error;

    job->request = sugu_id_derive(&job->about, job->what, job->number, job->attempt);
    job->is_sent = true;
    if (sugu_client_request(
            gateway->client, request,
            &(struct sugu_ask){.id = &job->request, .on_reply = on_job_reply, .user = gateway},
            &error) == SUGU_OK)
        return;
    sugu_log_error(SUGU_LOG_ERROR, "fee.not-sent", &error);
    job->is_sent = false;
    put_off(gateway, job);
}

/* ---- a bill */

static void
fill_line(Sugu__BillLine *to, const struct sugu_bill_line *from)
{
    sugu__bill_line__init(to);
    to->category = (char *)sugu_category_code(from->category);
    to->act_code = (char *)from->act_code;
    to->name = (char *)from->name;
    to->points = (uint32_t)from->points.value;
    to->count = from->count;
    to->yen = from->yen.value;
}

static void
fill_bill(struct wire_bill *to, const struct sugu_id *visit, const struct sugu_bill *from)
{
    sugu__bill__init(&to->bill);
    to->id = sugu_id_derive(visit, SUGU_DERIVED_BILL, /* number= */ 0, /* attempt= */ 0);
    to->bill.bill = sugu_id_field(&to->id);
    to->bill.visit = sugu_id_field(visit);
    to->bill.ratio_percent = from->ratio_percent;
    to->bill.total_points = (uint32_t)from->totals.points.value;
    to->bill.copay_yen = from->totals.copay.value;
    to->bill.self_pay_yen = from->totals.self_pay.value;
    to->bill.total_yen = from->totals.total.value;
    to->bill.n_lines = from->line_count;
    to->bill.lines = to->line_pointers;
    for (size_t i = 0; i < from->line_count; i++) {
        fill_line(&to->lines[i], &from->lines[i]);
        to->line_pointers[i] = &to->lines[i];
    }
}

/* The desk is told once per reason. Another reason for the same acts is another request. */
static void
on_not_billed(void *user, const struct sugu_refusal *refusal)
{
    struct sugu_gateway *gateway = user;
    struct job *job =
        take_job(gateway, SUGU_DERIVED_REPORT, &refusal->visit, refusal->acts_version);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__ReportCharge report = SUGU__REPORT_CHARGE__INIT;
    char reason[sizeof job->reason];

    snprintf(reason, sizeof reason, "%s %s", refusal->code, refusal->act_codes);
    if (!job || strcmp(reason, job->reason) == 0)
        return;
    if (job->reason[0])
        job->attempt++;
    sugu_text_copy(job->reason, sizeof job->reason, reason);
    log_job(SUGU_LOG_WARNING, "fee.not-billed", job, refusal->code, refusal->detail);
    report.visit = sugu_id_field(&refusal->visit);
    report.acts_version = refusal->acts_version;
    report.code = (char *)refusal->code;
    report.act_codes = (char *)refusal->act_codes;
    request.body_case = SUGU__REQUEST__BODY_REPORT_CHARGE;
    request.report_charge = &report;
    send_job(gateway, job, &request);
}

static void
on_bill(void *user,
        const struct sugu_id *visit,
        uint32_t acts_version,
        const struct sugu_bill *bill)
{
    struct sugu_gateway *gateway = user;
    struct job *job = take_job(gateway, SUGU_DERIVED_ANNOUNCE, visit, acts_version);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__AnnounceBill announce = SUGU__ANNOUNCE_BILL__INIT;
    struct sugu_error error;
    struct wire_bill *wire;

    if (!job)
        return;
    if (sugu_bill_check(bill, &error) != SUGU_OK) { /* a module of another maker may be wrong */
        log_job(SUGU_LOG_ERROR, "fee.bill-wrong", job, error.code, error.detail);
        put_off(gateway, job);
        on_not_billed(gateway, &(struct sugu_refusal){.visit = *visit,
                                                      .acts_version = acts_version,
                                                      .code = "fee.not-billed",
                                                      .act_codes = "",
                                                      .detail = error.detail});
        return;
    }
    wire = calloc(1, sizeof *wire);
    if (!wire)
        abort();
    fill_bill(wire, visit, bill);
    announce.bill = &wire->bill;
    announce.acts_version = acts_version;
    request.body_case = SUGU__REQUEST__BODY_ANNOUNCE_BILL;
    request.announce_bill = &announce;
    send_job(gateway, job, &request);
    free(wire);
}

static void
read_charge(const Sugu__ChargeOrder *order, struct sugu_charge *to)
{
    assert(order->n_acts <= SUGU_CHARGE_ACTS_MAX); /* bounds.def */
    *to = (struct sugu_charge){.visit = sugu_id_of(&order->visit),
                               .acts_version = order->acts_version,
                               .ratio_percent = order->ratio_percent,
                               .is_ratio_unknown =
                                   order->ratio_source == SUGU__RATIO_SOURCE__RATIO_UNKNOWN,
                               .business_day = order->business_day,
                               .act_count = order->n_acts};
    for (size_t i = 0; i < order->n_acts; i++) {
        sugu_text_copy(to->acts[i].code, sizeof to->acts[i].code, order->acts[i]->code);
        to->acts[i].count = order->acts[i]->count;
    }
}

static void
take_charge(struct sugu_gateway *gateway, const Sugu__ChargeOrder *order)
{
    struct sugu_charge *charge = &gateway->charge;
    struct sugu_error error;
    struct job *job;

    read_charge(order, charge);
    forget_reports(gateway, &charge->visit, charge->acts_version);
    job = find_job(gateway, SUGU_DERIVED_ANNOUNCE, &charge->visit, charge->acts_version);
    if ((job && (job->is_sent || job->not_before > now_us(gateway))) ||
        gateway->module->ops->charge(gateway->module, charge, &error) == SUGU_OK)
        return;
    sugu_log_error(SUGU_LOG_WARNING, "fee.charge-later", &error);
}

/* ---- money received */

static void
on_change_posted(struct sugu_gateway *gateway, const struct sugu_posting *posting)
{
    struct job *job = take_job(gateway, SUGU_DERIVED_CHANGE, &posting->change, /* number= */ 0);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__ConfirmPostingChange confirm = SUGU__CONFIRM_POSTING_CHANGE__INIT;

    if (!job)
        return;
    confirm.change = sugu_id_field(&posting->change);
    request.body_case = SUGU__REQUEST__BODY_CONFIRM_POSTING_CHANGE;
    request.confirm_posting_change = &confirm;
    send_job(gateway, job, &request);
}

static void
on_revision_posted(struct sugu_gateway *gateway, const struct sugu_posting *posting)
{
    struct job *job = take_job(gateway, SUGU_DERIVED_CONFIRM, &posting->bill, posting->revision);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__ConfirmPosting confirm = SUGU__CONFIRM_POSTING__INIT;

    if (!job)
        return;
    confirm.bill = sugu_id_field(&posting->bill);
    confirm.revision = posting->revision;
    request.body_case = SUGU__REQUEST__BODY_CONFIRM_POSTING;
    request.confirm_posting = &confirm;
    send_job(gateway, job, &request);
}

static void
on_posted(void *user, const struct sugu_posting *posting)
{
    if (sugu_id_is_none(&posting->change))
        on_revision_posted(user, posting);
    else
        on_change_posted(user, posting);
}

static void
post(struct sugu_gateway *gateway,
     struct job *job,
     struct sugu_posting *posting,
     const char *method)
{
    struct sugu_error error;

    if (!job)
        return;
    sugu_text_copy(posting->method, sizeof posting->method, method);
    sugu_text_clean(posting->method);
    if (gateway->module->ops->post(gateway->module, posting, &error) == SUGU_OK)
        return;
    log_job(SUGU_LOG_ERROR, "fee.not-posted", job, error.code, error.detail);
    put_off(gateway, job);
}

static void
take_change(struct sugu_gateway *gateway, const Sugu__PostingChange *change)
{
    struct sugu_posting posting = {.bill = sugu_id_of(&change->bill),
                                   .visit = sugu_id_of(&change->visit),
                                   .revision = change->revision,
                                   .amount = {change->amount_yen},
                                   .business_day = change->business_day,
                                   .change = sugu_id_of(&change->change),
                                   .is_back = change->is_back,
                                   .reason = (enum sugu_posting_reason)change->reason,
                                   .kept = {change->kept_yen}};

    post(gateway, take_job(gateway, SUGU_DERIVED_CHANGE, &posting.change, /* number= */ 0),
         &posting, change->method);
}

static void
take_posting(struct sugu_gateway *gateway, const Sugu__PostingOrder *order)
{
    struct sugu_posting posting = {.bill = sugu_id_of(&order->bill),
                                   .visit = sugu_id_of(&order->visit),
                                   .revision = order->revision,
                                   .amount = {order->amount_yen},
                                   .business_day = order->business_day};

    post(gateway, take_job(gateway, SUGU_DERIVED_CONFIRM, &posting.bill, posting.revision),
         &posting, order->method);
}

/* ---- what the server says */

static void
on_event(void *user, const Sugu__Event *event)
{
    if (event->body_case == SUGU__EVENT__BODY_ACTS_RECORDED)
        take_charge(user, event->acts_recorded);
    else if (event->body_case == SUGU__EVENT__BODY_BILL_SETTLED)
        take_posting(user, event->bill_settled);
    else if (event->body_case == SUGU__EVENT__BODY_POSTING_CHANGED)
        take_change(user, event->posting_changed);
}

static void
on_open_work(void *user, const Sugu__Reply *reply)
{
    struct sugu_gateway *gateway = user;
    const Sugu__OpenWork *work = reply->open_work;

    gateway->is_asking = false;
    if (reply->status != SUGU__STATUS__OK || reply->body_case != SUGU__REPLY__BODY_OPEN_WORK) {
        sugu_log(SUGU_LOG_WARNING, "fee.open-work-unknown", "code=%s", reply->code);
        return;
    }
    for (size_t i = 0; i < work->n_charges; i++)
        take_charge(gateway, work->charges[i]);
    for (size_t i = 0; i < work->n_postings; i++)
        take_posting(gateway, work->postings[i]);
    for (size_t i = 0; i < work->n_posting_changes; i++)
        take_change(gateway, work->posting_changes[i]);
}

static void
ask_open_work(struct sugu_gateway *gateway)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;
    struct sugu_error error;

    gateway->poll_at = now_us(gateway) + gateway->poll_us;
    if (gateway->is_asking)
        return;
    request.body_case = SUGU__REQUEST__BODY_GET_OPEN_WORK;
    request.get_open_work = &get;
    gateway->is_asking = sugu_client_request(gateway->client, &request,
                                             &(struct sugu_ask){.is_read = true,
                                                                .wait_us = gateway->poll_us,
                                                                .on_reply = on_open_work,
                                                                .user = gateway},
                                             &error) == SUGU_OK;
    if (!gateway->is_asking)
        sugu_log_error(SUGU_LOG_WARNING, "fee.not-sent", &error);
}

static void
on_fresh(void *user, bool was_reset)
{
    sugu_log(SUGU_LOG_INFO, "fee.connected", "was_reset=%s", was_reset ? "yes" : "no");
    if (was_reset)
        ask_open_work(user);
}

static void
on_stale(void *user, sugu_time_us since_utc)
{
    (void)user, (void)since_utc;
    sugu_log(SUGU_LOG_WARNING, "fee.disconnected", "code=server.away");
}

static void
on_refused(void *user, const char *code)
{
    (void)user;
    sugu_log(SUGU_LOG_WARNING, "link.refused", "code=%s", code);
}

struct sugu_client_callbacks
sugu_gateway_client_callbacks(struct sugu_gateway *gateway)
{
    return (struct sugu_client_callbacks){.on_event = on_event,
                                          .on_fresh = on_fresh,
                                          .on_stale = on_stale,
                                          .on_refused = on_refused,
                                          .user = gateway};
}

struct sugu_fee_callbacks
sugu_gateway_fee_callbacks(struct sugu_gateway *gateway)
{
    return (struct sugu_fee_callbacks){
        .on_bill = on_bill, .on_refused = on_not_billed, .on_posted = on_posted, .user = gateway};
}

void
sugu_gateway_step(struct sugu_gateway *gateway)
{
    if (gateway->poll_at <= now_us(gateway))
        ask_open_work(gateway);
}

int64_t
sugu_gateway_due_us(const struct sugu_gateway *gateway)
{
    int64_t left = gateway->poll_at - now_us(gateway);

    return left > 0 ? left : 0;
}
