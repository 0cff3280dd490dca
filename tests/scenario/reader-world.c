/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader-world - the real sugu-reader over the emulated chip, with a kiosk's end of its sockets
 */
#include "reader-world.h"

#include "base/files.h"
#include "base/text.h"
#include "port/pin-channel.h"

#include <zmq.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define YEAR_US (INT64_C(365) * 86400 * SUGU_SECOND)

struct reader_fixture reader_fixture;

const struct my_number_person reader_person = {
    .label = "test",
    .name = "山田　太郎",
    .address = "東京都千代田区霞が関１丁目１番１号",
    .birth_date = "19580415",
    .sex = '1',
    .number = "123456789018",
    .pin = "8317",
    .text_pin = "8317",
    .blocked_sw = 0x6984,
};

void
reader_fixture_init(void)
{
    const struct sugu_clock *clock = sugu_clock_system();

    reader_fixture.now = clock->utc_us(clock);
    reader_fixture.authority = card_authority_new("Sugu Test", reader_fixture.now);
    reader_fixture.stranger = card_authority_new("Stranger", reader_fixture.now);
    reader_fixture.key = card_key_new(2048);
    reader_fixture.key_2 = card_key_new(2048);
}

void
reader_fixture_done(void)
{
    card_authority_free(reader_fixture.authority);
    card_authority_free(reader_fixture.stranger);
    EVP_PKEY_free(reader_fixture.key);
    EVP_PKEY_free(reader_fixture.key_2);
}

static int64_t
now_us(void)
{
    const struct sugu_clock *clock = sugu_clock_system();

    return clock->monotonic_us(clock);
}

static void
on_card(struct reader_world *world, const Sugu__CardChange *change)
{
    struct seen_card *card = &world->card;

    *card = (struct seen_card){
        .presence = sugu_id_of(&change->presence),
        .change = change->change,
        .kind = change->card,
        .serial_size = change->serial.len,
        .tries_left = change->tries_left,
    };
    if (change->serial.len)
        memcpy(card->serial, change->serial.data, change->serial.len);
    sugu_text_copy(card->code, sizeof card->code, change->code);
    world->card_count++;
}

static void
on_event(void *user, const Sugu__Event *event)
{
    struct reader_world *world = user;

    if (event->body_case == SUGU__EVENT__BODY_CARD_CHANGED) {
        on_card(world, event->card_changed);
    } else if (event->body_case == SUGU__EVENT__BODY_PART_CHANGED) {
        ck_assert_int_eq(event->part_changed->part, SUGU__PART__PART_READER);
        world->health = event->part_changed->health;
        world->health_count++;
    }
}

void
reader_world_start_program(struct reader_world *world, const char *preload)
{
    char device[128];

    snprintf(device, sizeof device, "pn532_uart:%s", world->link);
    world->pid = fork();
    ck_assert_int_ge(world->pid, 0);
    if (world->pid == 0) {
        int log = open(world->log, O_WRONLY | O_CREAT | O_APPEND, 0600);

        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nothing running */
        dup2(log, STDERR_FILENO);
        setenv("LIBNFC_LOG_LEVEL", "3", 1); /* would print every byte, if it were heeded */
        if (preload)
            setenv("LD_PRELOAD", preload, 1);
        execl(SUGU_READER, "sugu-reader", "--listen", world->listen, "--device", device, "--roots",
              world->roots, "--poll-ms", "20", "--watchdog-ms", "2000", (char *)NULL);
        _exit(127);
    }
}

void
reader_world_start_client(struct reader_world *world)
{
    struct sugu_client_settings settings = {
        .endpoint = world->listen,
        .listens = true,
        .heartbeat_us = 100 * SUGU_MS,
    };
    struct sugu_client_callbacks callbacks = {.on_event = on_event, .user = world};
    struct sugu_error error;

    world->store = sugu_store_memory();
    sugu_assert_ok(sugu_client_new(&settings, &callbacks,
                                   &(struct sugu_client_means){world->zmq, sugu_clock_system(),
                                                               sugu_random_system(), world->store},
                                   &world->client, &error),
                   error);
}

void
reader_world_init(struct reader_world *world, const char *preload)
{
    memset(world, 0, sizeof *world);
    world->health = SUGU__PART_HEALTH__PART_AWAY;
    snprintf(world->folder, sizeof world->folder, "/tmp/sugu-reader-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    snprintf(world->listen, sizeof world->listen, "ipc://%s/run/reader", world->folder);
    snprintf(world->pin_path, sizeof world->pin_path, "%s/run/reader.pin", world->folder);
    snprintf(world->roots, sizeof world->roots, "%s/roots", world->folder);
    snprintf(world->link, sizeof world->link, "%s/tty", world->folder);
    snprintf(world->log, sizeof world->log, "%s/log", world->folder);
    card_authority_write(reader_fixture.authority, world->roots);
    world->chip = pn532_new(world->link);
    world->zmq = zmq_ctx_new();
    reader_world_start_program(world, preload);
    reader_world_start_client(world);
    reader_world_wait_health(world, SUGU__PART_HEALTH__PART_OK);
}

/* Nothing of a person, no PIN, no bytes of a VERIFY: whatever happened in the test. */
static void
check_log(struct reader_world *world)
{
    static const char *const forbidden[] = {
        "山田", "千代田", "19580415", "123456789018", "8317", "38333137", "38 33 31 37", "00 20 00",
    };
    struct sugu_error error;
    uint8_t *text;
    size_t size;

    sugu_assert_ok(sugu_file_read(world->log, 1 << 20, &text, &size, &error), error);
    ck_assert_uint_gt(size, 0);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(forbidden); i++)
        ck_assert_msg(!strstr((char *)text, forbidden[i]), "log has %s: %s", forbidden[i], text);
    free(text);
}

void
reader_world_done(struct reader_world *world)
{
    char command[128];
    int status = 0;

    sugu_client_free(world->client);
    world->store->free(world->store);
    zmq_ctx_term(world->zmq);
    kill(world->pid, SIGTERM);
    ck_assert_int_eq(waitpid(world->pid, &status, 0), world->pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "sugu-reader ended with %x",
                  (unsigned)status);
    ck_assert_int_ne(access(world->pin_path, F_OK), 0);
    check_log(world);
    pn532_free(world->chip);
    snprintf(command, sizeof command, "rm -r '%s'", world->folder);
    ck_assert_int_eq(system(command), 0);
}

struct emulated_card *
reader_world_card(const struct my_number_person *person,
                  EVP_PKEY *key,
                  struct card_authority *authority,
                  sugu_time_us until)
{
    X509 *certificate =
        card_authority_issue(authority, person->label, key, reader_fixture.now - YEAR_US, until);
    struct emulated_card *card =
        my_number_card_new(person, key, certificate, card_authority_issuing(authority));

    X509_free(certificate);
    return card;
}

void
reader_world_wait(struct reader_world *world,
                  bool (*holds)(struct reader_world *world),
                  const char *what)
{
    int64_t deadline = now_us() + DEADLINE_US;
    bool never = false;

    while (!holds(world)) {
        ck_assert_msg(now_us() < deadline, "%s: card change %d kind %d code \"%s\" health %d", what,
                      world->card.change, world->card.kind, world->card.code, world->health);
        sugu_client_wait(world->client, &never, 5 * SUGU_MS);
    }
}

static Sugu__CardChangeKind wanted_change;
static Sugu__PartHealth wanted_health;

static bool
has_card(struct reader_world *world)
{
    return world->card_count && world->card.change == wanted_change;
}

static bool
has_health(struct reader_world *world)
{
    return world->health_count && world->health == wanted_health;
}

static bool
has_reply(struct reader_world *world)
{
    return world->reply.is_there;
}

void
reader_world_wait_card(struct reader_world *world, Sugu__CardChangeKind change)
{
    wanted_change = change;
    reader_world_wait(world, has_card, "card");
}

void
reader_world_wait_health(struct reader_world *world, Sugu__PartHealth health)
{
    wanted_health = health;
    reader_world_wait(world, has_health, "health");
}

void
reader_world_send_packet(struct reader_world *world, const void *bytes, size_t size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int file = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    ck_assert_int_ge(file, 0);
    sugu_text_copy(address.sun_path, sizeof address.sun_path, world->pin_path);
    ck_assert_msg(connect(file, (struct sockaddr *)&address, sizeof address) == 0, "%s: %s",
                  world->pin_path, strerror(errno));
    ck_assert_int_eq(send(file, bytes, size, MSG_NOSIGNAL), (ssize_t)size);
    close(file);
}

void
reader_world_send_pin(struct reader_world *world,
                      const struct sugu_id *presence,
                      const char *digits)
{
    struct sugu_pin_packet packet = {.presence = *presence};

    memcpy(packet.digits, digits, SUGU_PIN_DIGITS);
    reader_world_send_packet(world, &packet, sizeof packet);
}

static void
on_reply(void *user, const Sugu__Reply *reply)
{
    struct seen_reply *seen = &((struct reader_world *)user)->reply;

    *seen = (struct seen_reply){.is_there = true, .status = (enum sugu_status)reply->status};
    sugu_text_copy(seen->code, sizeof seen->code, reply->code);
    sugu_text_copy(seen->detail, sizeof seen->detail, reply->detail);
    if (reply->body_case != SUGU__REPLY__BODY_IDENTITY)
        return;
    sugu_text_copy(seen->name, sizeof seen->name, reply->identity->name);
    sugu_text_copy(seen->address, sizeof seen->address, reply->identity->address);
    seen->birth_date = reply->identity->birth_date;
    seen->sex = reply->identity->sex;
    seen->tries_left = reply->identity->tries_left;
}

void
reader_world_read(struct reader_world *world, const struct sugu_id *presence)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__ReadIdentity read = SUGU__READ_IDENTITY__INIT;
    struct sugu_error error;

    world->reply = (struct seen_reply){.is_there = false};
    read.presence = sugu_id_field(presence);
    request.body_case = SUGU__REQUEST__BODY_READ_IDENTITY;
    request.read_identity = &read;
    sugu_assert_ok(sugu_client_request(world->client, &request,
                                       &(struct sugu_ask){.is_read = true,
                                                          .wait_us = DEADLINE_US,
                                                          .on_reply = on_reply,
                                                          .user = world},
                                       &error),
                   error);
    reader_world_wait(world, has_reply, "reply");
}

void
reader_world_read_with(struct reader_world *world, const char *digits)
{
    struct sugu_id presence = world->card.presence;

    reader_world_send_pin(world, &presence, digits);
    reader_world_read(world, &presence);
}

pid_t
reader_world_side(struct reader_world *world)
{
    char path[64], text[64] = "";
    FILE *file;
    int64_t pid = 0;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)world->pid, (int)world->pid);
    file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    if (fgets(text, sizeof text, file))
        text[strcspn(text, " \n")] = '\0';
    fclose(file);
    return sugu_text_to_int64(text, 1, INT32_MAX, &pid) ? (pid_t)pid : 0;
}
