/* SPDX-License-Identifier: Apache-2.0 */
/*
 * front - the side of sugu-reader that the kiosk talks to
 */
#include "reader/front.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define IPC_PREFIX "ipc://"
/* A card side that died is started again after this; libnfc's own back-off begins behind it. */
#define RESTART_US (500 * SUGU_MS)
/* A reading is some twenty exchanges of at most a second each. */
#define READING_US_MAX (30 * SUGU_SECOND)
/* The same request may come again where its reply was lost; the answer is kept so long. */
#define ANSWER_LIFE_US (10 * SUGU_SECOND)
#define FILES_MAX      (3 + 1 + SUGU_PIN_CALLERS_MAX)

struct front {
    const struct sugu_front_settings *settings;
    const struct sugu_clock *clock;
    struct sugu_service *service;
    struct sugu_pin_door door;
    struct sugu_pin_page *page;
    int page_file;
    /* the card side */
    pid_t pid; /* 0 = none */
    int channel;
    int64_t heard_us;
    int64_t start_us; /* when to start it, while there is none */
    /* what is the case */
    Sugu__PartHealth health;
    char health_code[64];
    struct sugu_card_note card; /* `change` TAKEN: nothing lies there */
    /* the reading */
    bool is_reading;
    struct sugu_asker asker;
    int64_t reading_since_us;
    /* the last answer */
    bool has_answer;
    struct sugu_id answered;
    int64_t answered_us;
    struct sugu_side_message answer; /* DONE; personal */
};

static int64_t
now_us(const struct front *front)
{
    return front->clock->monotonic_us(front->clock);
}

static void
publish_part(struct front *front)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PartState part = SUGU__PART_STATE__INIT;

    part.part = SUGU__PART__PART_READER;
    part.health = front->health;
    part.code = front->health_code;
    event.body_case = SUGU__EVENT__BODY_PART_CHANGED;
    event.part_changed = &part;
    sugu_service_publish(front->service, &event);
}

static void
publish_card(struct front *front)
{
    struct sugu_card_note *note = &front->card;
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__CardChange change = SUGU__CARD_CHANGE__INIT;

    change.change = note->change;
    if (!sugu_id_is_none(&note->presence))
        change.presence = sugu_id_field(&note->presence);
    change.card = note->kind;
    change.serial = (ProtobufCBinaryData){.len = note->serial_size, .data = note->serial};
    change.tries_left = note->tries_left;
    change.code = note->code;
    change.is_found = note->is_found;
    event.body_case = SUGU__EVENT__BODY_CARD_CHANGED;
    event.card_changed = &change;
    sugu_service_publish(front->service, &event);
}

static void
forget_answer(struct front *front)
{
    explicit_bzero(&front->answer, sizeof front->answer);
    front->has_answer = false;
}

static Sugu__Sex
sex_of(char sex)
{
    switch (sex) {
    case '1':
        return SUGU__SEX__MALE;
    case '2':
        return SUGU__SEX__FEMALE;
    case '3':
        return SUGU__SEX__OTHER;
    default:
        return SUGU__SEX__SEX_UNKNOWN;
    }
}

static void
send_answer(struct front *front, const struct sugu_asker *asker)
{
    struct sugu_side_message *answer = &front->answer;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Identity identity = SUGU__IDENTITY__INIT;

    reply.status = (Sugu__Status)answer->done.status;
    reply.code = answer->done.code;
    reply.detail = answer->done.detail;
    if (answer->done.status == SUGU_OK) {
        identity.name = answer->done.attributes.name;
        identity.address = answer->done.attributes.address;
        identity.birth_date = answer->done.attributes.birth_date;
        identity.sex = sex_of(answer->done.attributes.sex);
        identity.tries_left = answer->done.tries_left;
        reply.body_case = SUGU__REPLY__BODY_IDENTITY;
        reply.identity = &identity;
    }
    sugu_service_reply(front->service, asker, &reply);
}

static void
end_reading(struct front *front, const struct sugu_side_message *done)
{
    if (!front->is_reading)
        return;
    front->is_reading = false;
    sugu_pin_page_clear(front->page);
    front->answer = *done;
    front->has_answer = true;
    front->answered = front->asker.request;
    front->answered_us = now_us(front);
    send_answer(front, &front->asker);
    sugu_log(SUGU_LOG_INFO, "reading.ended", "status=%s code=%s tries=%u ms=%lld",
             sugu_status_name(done->done.status), done->done.code, done->done.tries_left,
             (long long)((now_us(front) - front->reading_since_us) / SUGU_MS));
}

static void
fail_reading(struct front *front, const char *detail)
{
    struct sugu_side_message done = {
        .word = SUGU_SIDE_DONE,
        .done = {.status = SUGU_RETRY, .code = "reader.away"},
    };

    sugu_text_copy(done.done.detail, sizeof done.done.detail, detail);
    end_reading(front, &done);
}

static void
set_health(struct front *front, Sugu__PartHealth health, const char *code)
{
    if (front->health == health && strcmp(front->health_code, code) == 0)
        return;
    front->health = health;
    sugu_text_copy(front->health_code, sizeof front->health_code, code);
    sugu_log(health == SUGU__PART_HEALTH__PART_OK ? SUGU_LOG_INFO : SUGU_LOG_WARNING,
             "reader.health", "ok=%d code=%s", health == SUGU__PART_HEALTH__PART_OK, code);
    publish_part(front);
}

static void
set_card(struct front *front, const struct sugu_card_note *note)
{
    static const char *const words[] = {"put", "taken", "several"};

    if (note->change != SUGU__CARD_CHANGE_KIND__CARD_PUT ||
        !sugu_id_equal(&note->presence, &front->card.presence))
        forget_answer(front);
    front->card = *note;
    sugu_log(SUGU_LOG_INFO, "card.changed", "change=%s kind=%d tries=%u code=%s",
             words[note->change], (int)note->kind, note->tries_left, note->code);
    publish_card(front);
}

/* ---- the card side */

/* It is gone, or will be: nothing lies on the reader as far as anyone knows. */
static void
bury_side(struct front *front)
{
    struct sugu_card_note taken = {
        .change = SUGU__CARD_CHANGE_KIND__CARD_TAKEN,
        .presence = front->card.presence,
    };

    close(front->channel);
    front->channel = -1;
    kill(front->pid, SIGKILL);
    while (waitpid(front->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    front->pid = 0;
    front->start_us = now_us(front) + RESTART_US;
    explicit_bzero(front->page, sizeof *front->page);
    if (front->card.change != SUGU__CARD_CHANGE_KIND__CARD_TAKEN)
        set_card(front, &taken);
    set_health(front, SUGU__PART_HEALTH__PART_AWAY, "reader.away");
    fail_reading(front, "the card side ended");
}

static void
start_side(struct front *front)
{
    struct sugu_error error;

    if (sugu_side_start(front->settings->argv, front->page_file, &front->pid, &front->channel,
                        &error) != SUGU_OK) {
        sugu_log_error(SUGU_LOG_ERROR, "reader.start", &error);
        front->pid = 0;
        front->start_us = now_us(front) + RESTART_US;
        return;
    }
    front->heard_us = now_us(front);
}

static void
take_message(struct front *front, const struct sugu_side_message *message)
{
    switch (message->word) {
    case SUGU_SIDE_ALIVE:
    case SUGU_SIDE_READ:
        break;
    case SUGU_SIDE_PART:
        set_health(front, message->part.health, message->part.code);
        break;
    case SUGU_SIDE_CARD:
        set_card(front, &message->card);
        break;
    case SUGU_SIDE_DONE:
        end_reading(front, message);
        break;
    }
}

static void
hear_side(struct front *front)
{
    while (front->pid) {
        struct sugu_side_message message;
        ssize_t got = recv(front->channel, &message, sizeof message, 0);

        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got != sizeof message) {
            sugu_log(SUGU_LOG_WARNING, "reader.ended", "pid=%d", (int)front->pid);
            bury_side(front);
            return;
        }
        front->heard_us = now_us(front);
        take_message(front, &message);
        explicit_bzero(&message, sizeof message);
    }
}

/* Starts what is not there and kills what hangs; returns the microseconds until it is due again. */
static int64_t
tend_side(struct front *front)
{
    int64_t now = now_us(front), limit = front->settings->watchdog_us, silent;

    if (!front->settings->has_device)
        return 60 * SUGU_SECOND;
    if (!front->pid && now >= front->start_us)
        start_side(front);
    if (!front->pid)
        return front->start_us - now;
    if (front->is_reading && limit < READING_US_MAX)
        limit = READING_US_MAX;
    silent = now - front->heard_us;
    if (silent < limit)
        return limit - silent;
    sugu_log(SUGU_LOG_WARNING, "reader.hangs", "silent_ms=%lld", (long long)(silent / SUGU_MS));
    bury_side(front);
    return RESTART_US;
}

/* ---- requests */

static void
refuse(struct front *front, const struct sugu_asker *asker, const char *code, const char *detail)
{
    struct sugu_error error;

    sugu_fail(&error, sugu_code_find(code)->status, code, "%s", detail);
    sugu_service_reply_error(front->service, asker, &error);
}

/* Why the reading cannot begin; NULL where it can. */
static const char *
hindrance(const struct front *front, const struct sugu_id *presence)
{
    if (!front->pid || front->health == SUGU__PART_HEALTH__PART_AWAY)
        return "reader.away";
    if (front->card.change == SUGU__CARD_CHANGE_KIND__CARDS_SEVERAL)
        return "card.several";
    if (front->card.change != SUGU__CARD_CHANGE_KIND__CARD_PUT ||
        !sugu_id_equal(&front->card.presence, presence))
        return "card.taken";
    if (front->card.code[0])
        return front->card.code;
    if (front->card.kind != SUGU__CARD_KIND__CARD_MY_NUMBER)
        return "card.not-known";
    if (front->is_reading)
        return "reader.busy";
    if (!sugu_pin_page_has(front->page, presence, now_us(front)))
        return "pin.missing";
    return NULL;
}

static void
begin_reading(struct front *front, const struct sugu_asker *asker, const struct sugu_id *presence)
{
    struct sugu_side_message order = {.word = SUGU_SIDE_READ, .presence = *presence};
    const char *code = hindrance(front, presence);
    char detail[32] = "";

    if (code) {
        if (strncmp(code, "pin.", 4) == 0 && strcmp(code, "pin.missing") != 0)
            snprintf(detail, sizeof detail, "tries=%u", front->card.tries_left);
        if (strcmp(code, "reader.busy") != 0)
            sugu_pin_page_clear(front->page);
        refuse(front, asker, code, detail);
        return;
    }
    forget_answer(front);
    front->is_reading = true;
    front->asker = *asker;
    front->reading_since_us = now_us(front);
    if (send(front->channel, &order, sizeof order, MSG_NOSIGNAL) != sizeof order)
        bury_side(front);
}

static void
take_pins(struct front *front)
{
    unsigned dropped =
        sugu_pin_door_step(&front->door, front->page, now_us(front), front->is_reading);

    if (dropped)
        sugu_log(SUGU_LOG_WARNING, "pin.dropped", "count=%u reading=%d", dropped,
                 front->is_reading);
}

static void
on_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct front *front = user;
    struct sugu_id presence;

    if (request->body_case != SUGU__REQUEST__BODY_READ_IDENTITY) {
        refuse(front, asker, "message.unknown", sugu_request_name(request));
        return;
    }
    if (front->is_reading && sugu_id_equal(&asker->request, &front->asker.request)) {
        front->asker = *asker; /* sent again while the card is being read */
        return;
    }
    if (front->has_answer && sugu_id_equal(&asker->request, &front->answered)) {
        send_answer(front, asker);
        return;
    }
    /* The PIN was sent before the request, but another socket may be looked at first. */
    take_pins(front);
    presence = sugu_id_of(&request->read_identity->presence);
    begin_reading(front, asker, &presence);
}

static void
on_listener(void *user)
{
    struct front *front = user;

    publish_part(front);
    publish_card(front);
}

/* ---- the loop */

static int64_t
shorter(int64_t a, int64_t b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* What is due now; returns the microseconds until something is again. */
static int64_t
do_what_is_due(struct front *front)
{
    int64_t wait_us = tend_side(front), now = now_us(front);

    if (!front->is_reading)
        wait_us = shorter(wait_us, sugu_pin_page_expire(front->page, now));
    if (front->has_answer && now - front->answered_us >= ANSWER_LIFE_US)
        forget_answer(front);
    if (front->has_answer)
        wait_us = shorter(wait_us, front->answered_us + ANSWER_LIFE_US - now);
    if (sugu_service_step(front->service))
        return 0;
    return shorter(wait_us, sugu_service_due_us(front->service));
}

static void
loop(struct front *front, int stop_file)
{
    for (;;) {
        struct pollfd files[FILES_MAX];
        int64_t wait_us = do_what_is_due(front);
        size_t count = 2;

        files[0] = (struct pollfd){.fd = stop_file, .events = POLLIN};
        files[1] = (struct pollfd){.fd = sugu_service_fd(front->service), .events = POLLIN};
        if (front->pid)
            files[count++] = (struct pollfd){.fd = front->channel, .events = POLLIN};
        count += sugu_pin_door_files(&front->door, files + count);
        assert(count <= FILES_MAX);
        if (poll(files, count, wait_us < 0 ? -1 : (int)((wait_us + SUGU_MS - 1) / SUGU_MS)) < 0)
            continue; /* a signal */
        if (files[0].revents)
            return;
        take_pins(front);
        hear_side(front);
    }
}

static enum sugu_status
open_front(struct front *front, void *zmq_context, struct sugu_error *reterr)
{
    const struct sugu_service_callbacks callbacks = {on_request, on_listener, front};
    const char *listen = front->settings->listen;
    char pin_path[sizeof front->door.path + 8];
    enum sugu_status status;

    if (strncmp(listen, IPC_PREFIX, strlen(IPC_PREFIX)) != 0)
        return sugu_fail(reterr, SUGU_BROKEN, "settings.invalid",
                         "listen: \"%s\" is not ipc://PATH", listen);
    front->page_file = sugu_pin_page_file();
    if (front->page_file < 0)
        return sugu_fail(reterr, SUGU_BROKEN, "memory.not-locked", "memfd: %s", strerror(errno));
    status = sugu_pin_page_new(front->page_file, &front->page, reterr);
    if (status == SUGU_OK)
        status = sugu_service_new(zmq_context, listen, &callbacks, front->clock, &front->service,
                                  reterr);
    if (status != SUGU_OK)
        return status;
    snprintf(pin_path, sizeof pin_path, "%s.pin", listen + strlen(IPC_PREFIX));
    return sugu_pin_door_open(&front->door, pin_path, reterr);
}

static void
close_front(struct front *front)
{
    if (front->pid) {
        close(front->channel); /* the card side ends by itself, or is killed */
        kill(front->pid, SIGKILL);
        while (waitpid(front->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    forget_answer(front);
    sugu_pin_door_close(&front->door);
    sugu_service_free(front->service);
    sugu_pin_page_free(front->page);
    if (front->page_file >= 0)
        close(front->page_file);
}

enum sugu_status
sugu_front_run(const struct sugu_front_settings *settings,
               void *zmq_context,
               const struct sugu_clock *clock,
               int stop_file,
               struct sugu_error *reterr)
{
    struct front front = {
        .settings = settings,
        .clock = clock,
        .door = {.listener = -1, .callers = {-1, -1, -1, -1}},
        .page_file = -1,
        .channel = -1,
        .health = SUGU__PART_HEALTH__PART_AWAY,
        .health_code = "reader.away",
        .card = {.change = SUGU__CARD_CHANGE_KIND__CARD_TAKEN},
    };
    enum sugu_status status = open_front(&front, zmq_context, reterr);

    if (status == SUGU_OK)
        loop(&front, stop_file);
    close_front(&front);
    explicit_bzero(&front, sizeof front);
    return status;
}
