/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-cctalk - the cash port over ccTalk: coins, notes and payouts on one line
 */
#include "payment/cash/cash-cctalk.h"

#include "payment/cash/acceptor.h"
#include "payment/cash/payout.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define AWAY_US (1 * SUGU_SECOND) /* between two looks at a device that does not answer */
#define WAIT_US (100 * SUGU_MS)   /* to be polled again after so long at the latest */

struct cash_cctalk {
    struct sugu_cash cash; /* first: the port's view */
    struct sugu_cash_settings settings;
    struct sugu_cash_room room;
    size_t count;
    struct sugu_cash_part parts[SUGU_CASH_DEVICES_MAX];
    uint32_t cycle;
    bool is_open;    /* between open and close */
    bool has_line;   /* the line itself is open */
    int64_t line_us; /* try it again */
};

static int64_t
now_us(const struct cash_cctalk *self)
{
    return self->room.bus.clock->monotonic_us(self->room.bus.clock);
}

static bool
is_acceptor(const struct sugu_cash_part *part)
{
    return part->place.kind != SUGU_CASH_PAYOUT;
}

/* It does not answer, or the line is gone: what it was doing is not forgotten. */
static void
lose(struct cash_cctalk *self, struct sugu_cash_part *part)
{
    if (part->seen.trouble == SUGU_CASH_TROUBLE_OTHER_DEVICE)
        return;
    if (part->seen.is_ready)
        sugu_cash_part_tell(&self->room, part, SUGU_CASH_NEWS_AWAY);
    part->seen.is_ready = false;
    part->seen.trouble = SUGU_CASH_TROUBLE_AWAY;
    part->has_masks = false;
    part->was_lost = true;
    part->stage = 0;
    part->due_us = now_us(self) + AWAY_US;
}

static enum sugu_status
prepare(struct cash_cctalk *self, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    enum sugu_status status;

    if (part->stage == 0)
        part->due_us = 0;
    status = is_acceptor(part) ? sugu_acceptor_prepare(&self->room, part, reterr)
                               : sugu_payout_prepare(&self->room, part, reterr);
    if (status || !part->seen.is_ready)
        return status;
    if (part->seen.trouble == SUGU_CASH_TROUBLE_AWAY)
        part->seen.trouble = SUGU_CASH_TROUBLE_NONE;
    sugu_cash_part_tell(&self->room, part, SUGU_CASH_NEWS_BACK);
    return SUGU_OK;
}

/* All questions of one device, at open. */
static enum sugu_status
prepare_whole(struct cash_cctalk *self, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    enum sugu_status status = SUGU_OK;

    while (!status && !part->seen.is_ready)
        status = prepare(self, part, reterr);
    if (status && part->seen.trouble != SUGU_CASH_TROUBLE_OTHER_DEVICE)
        lose(self, part);
    /* Only a line that is gone ends the opening. */
    return status == SUGU_RETRY && strcmp(reterr->code, "cash.line") == 0 ? status : SUGU_OK;
}

static void
begin_part(struct cash_cctalk *self,
           const struct sugu_cash_place *place,
           const struct sugu_cash_known *known,
           size_t known_count)
{
    struct sugu_cash_part *part = self->parts + self->count++;

    *part = (struct sugu_cash_part){.place = *place};
    part->seen.id = place->address;
    part->seen.kind = place->kind;
    part->seen.gives = place->kind == SUGU_CASH_PAYOUT ? SUGU_CASH_BIT(place->unit) : 0;
    part->seen.trouble = SUGU_CASH_TROUBLE_AWAY;
    part->is_exposed = true; /* to whatever the last program did */
    for (size_t i = 0; i < known_count; i++) {
        if (known[i].id != place->address)
            continue;
        part->has_known = part->has_serial = true;
        part->known_serial = known[i].serial;
        part->counter = known[i].counter;
        part->newest[0] = known[i].newest[0];
        part->newest[1] = known[i].newest[1];
        part->step = known[i].step;
    }
}

static enum sugu_status
open_line(struct cash_cctalk *self, struct sugu_error *reterr)
{
    enum sugu_status status =
        self->room.bus.line->ops->open(self->room.bus.line, self->settings.line, reterr);

    self->has_line = status == SUGU_OK;
    self->line_us = now_us(self) + AWAY_US;
    return status;
}

static enum sugu_status
cctalk_open(struct sugu_cash *cash,
            const struct sugu_cash_known *known,
            size_t known_count,
            struct sugu_error *reterr)
{
    struct cash_cctalk *self = (struct cash_cctalk *)cash;
    struct sugu_error error;
    enum sugu_status status;

    cash->ops->close(cash);
    self->count = 0;
    self->cycle = 0;
    self->room.units = 0;
    self->room.news = NULL;
    status = open_line(self, &error);
    for (size_t i = 0; !status && i < self->settings.count; i++) {
        begin_part(self, self->settings.places + i, known, known_count);
        status = prepare_whole(self, self->parts + i, &error);
    }
    self->is_open = status == SUGU_OK;
    if (!status)
        return SUGU_OK;
    cash->ops->close(cash);
    if (reterr)
        *reterr = error;
    return status;
}

/* Acceptors take no money unless they are polled every second, and a motor that runs is watched:
 * with slow devices the others have to wait. */
static bool
is_urgent(const struct sugu_cash_part *part)
{
    return part->seen.is_ready && (is_acceptor(part) || part->is_running);
}

static bool
goes_first(const struct sugu_cash_part *part, const struct sugu_cash_part *other)
{
    if (!other || is_urgent(part) != is_urgent(other))
        return !other || is_urgent(part);
    return part->due_us < other->due_us;
}

/* The part that is due longest; NULL where none is. Writes when the next one is. */
static struct sugu_cash_part *
find_due(struct cash_cctalk *self, int64_t *ret_wait_us)
{
    struct sugu_cash_part *found = NULL;
    int64_t now = now_us(self);

    *ret_wait_us = WAIT_US;
    for (size_t i = 0; i < self->count; i++) {
        struct sugu_cash_part *part = self->parts + i;

        if (part->seen.trouble == SUGU_CASH_TROUBLE_OTHER_DEVICE)
            continue;
        if (part->due_us <= now && goes_first(part, found))
            found = part;
        if (part->due_us - now < *ret_wait_us)
            *ret_wait_us = part->due_us > now ? part->due_us - now : 0;
    }
    return found;
}

static void
end_cycle(struct cash_cctalk *self)
{
    for (size_t i = 0; i < self->count; i++)
        if (is_acceptor(self->parts + i) && self->parts[i].was_ready && !self->parts[i].was_read)
            return;
    self->cycle++;
    for (size_t i = 0; i < self->count; i++)
        self->parts[i].was_read = false;
}

static bool
is_still(const struct cash_cctalk *self)
{
    for (size_t i = 0; i < self->count; i++) {
        const struct sugu_cash_part *part = self->parts + i;

        if (part->was_ready && (!part->seen.is_ready || part->way != SUGU_CASH_NOTE_NONE ||
                                part->is_running || part->seen.remaining > 0))
            return false;
    }
    return true;
}

static enum sugu_status
poll_part(struct cash_cctalk *self, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    size_t told = self->room.news->count;
    enum sugu_status status;

    if (!part->seen.is_ready)
        status = prepare(self, part, reterr);
    else if (is_acceptor(part))
        status = sugu_acceptor_poll(&self->room, part, reterr);
    else
        status = sugu_payout_poll(&self->room, part, reterr);
    if (self->room.news->count > told)
        for (size_t i = 0; i < self->count; i++)
            self->parts[i].was_read = false; /* a cycle without news begins */
    return status;
}

static void
lose_line(struct cash_cctalk *self)
{
    self->has_line = false;
    self->room.bus.line->ops->close(self->room.bus.line);
    for (size_t i = 0; i < self->count; i++)
        lose(self, self->parts + i);
}

static enum sugu_status
cctalk_poll(struct sugu_cash *cash, struct sugu_cash_news *ret_news, struct sugu_error *reterr)
{
    struct cash_cctalk *self = (struct cash_cctalk *)cash;
    struct sugu_cash_part *part;
    struct sugu_error error;
    enum sugu_status status = SUGU_OK;

    assert(self->is_open);
    *ret_news = (struct sugu_cash_news){.wait_us = WAIT_US};
    self->room.news = ret_news;
    if (!self->has_line && now_us(self) >= self->line_us)
        (void)open_line(self, &error);
    part = self->has_line ? find_due(self, &ret_news->wait_us) : NULL;
    if (part) {
        status = poll_part(self, part, &error);
        if (status == SUGU_RETRY && strcmp(error.code, "cash.line") == 0)
            lose_line(self);
        else if (status == SUGU_UNKNOWN || status == SUGU_REFUSED)
            lose(self, part); /* a refusal of what every such device can do is no device either */
        else if (status == SUGU_RETRY)
            part->due_us = now_us(self) + WAIT_US;
        end_cycle(self);
        (void)find_due(self, &ret_news->wait_us);
    }
    self->room.news = NULL;
    ret_news->cycle = self->cycle;
    ret_news->is_still = self->has_line && is_still(self);
    /* The news say which device is away; only the line is the caller's matter. */
    if (self->has_line)
        return SUGU_OK;
    return sugu_fail(reterr, SUGU_RETRY, "cash.line", "%s", self->settings.line);
}

static struct sugu_cash_part *
find_part(struct cash_cctalk *self, uint8_t device, enum sugu_cash_kind kind)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->parts[i].place.address == device && self->parts[i].place.kind == kind)
            return self->parts + i;
    return NULL;
}

/* A failure here is made good by poll, which sends the masks until they are acknowledged. */
static enum sugu_status
command_accept(struct cash_cctalk *self, uint32_t units, struct sugu_error *reterr)
{
    enum sugu_status status = SUGU_OK;

    self->room.units = units;
    for (size_t i = 0; i < self->count; i++)
        self->parts[i].was_read = self->parts[i].has_masks = false;
    for (size_t i = 0; i < self->count; i++) {
        struct sugu_error error;
        enum sugu_status one;

        if (!is_acceptor(self->parts + i) || !self->parts[i].seen.is_ready)
            continue;
        one = sugu_acceptor_mask(&self->room, self->parts + i, &error);
        if (!one)
            continue;
        status = one == SUGU_REFUSED ? SUGU_UNKNOWN : one;
        if (reterr)
            *reterr = error;
    }
    return status;
}

static enum sugu_status
command_stop(struct cash_cctalk *self, struct sugu_error *reterr)
{
    enum sugu_status status = SUGU_OK;

    for (size_t i = 0; i < self->count; i++) {
        enum sugu_status one = SUGU_OK;

        if (!is_acceptor(self->parts + i) && self->parts[i].seen.is_ready)
            one = sugu_payout_stop(&self->room, self->parts + i, reterr);
        status = status ? status : one;
    }
    return status;
}

static enum sugu_status
command_part(struct cash_cctalk *self,
             const struct sugu_cash_command *command,
             struct sugu_error *reterr)
{
    bool is_pay = command->kind == SUGU_CASH_PAY;
    struct sugu_cash_part *part =
        find_part(self, command->device, is_pay ? SUGU_CASH_PAYOUT : SUGU_CASH_NOTE_ACCEPTOR);

    if (!part)
        return sugu_fail(reterr, SUGU_REFUSED, "cash.unknown-device", "device %u", command->device);
    if (!part->seen.is_ready)
        return sugu_fail(reterr, SUGU_RETRY, "cash.away", "device %u", command->device);
    if (!is_pay)
        return sugu_acceptor_route(&self->room, part, command->kind == SUGU_CASH_STACK, reterr);
    if (command->count == 0)
        return sugu_fail(reterr, SUGU_REFUSED, "cash.payout-refused", "0 pieces");
    return sugu_payout_pay(&self->room, part, command->count, command->counter, reterr);
}

static enum sugu_status
cctalk_command(struct sugu_cash *cash,
               const struct sugu_cash_command *command,
               struct sugu_error *reterr)
{
    struct cash_cctalk *self = (struct cash_cctalk *)cash;

    assert(self->is_open);
    if (!self->has_line && command->kind != SUGU_CASH_ACCEPT)
        return sugu_fail(reterr, SUGU_RETRY, "cash.line", "%s", self->settings.line);
    switch (command->kind) {
    case SUGU_CASH_ACCEPT:
        return command_accept(self, command->units, reterr);
    case SUGU_CASH_STOP:
        return command_stop(self, reterr);
    case SUGU_CASH_STACK:
    case SUGU_CASH_RETURN:
    case SUGU_CASH_PAY:
        return command_part(self, command, reterr);
    }
    assert(!"a kind of command");
    return SUGU_OK;
}

static void
cctalk_report(struct sugu_cash *cash, struct sugu_cash_report *ret_report)
{
    const struct cash_cctalk *self = (const struct cash_cctalk *)cash;

    *ret_report = (struct sugu_cash_report){.count = self->count};
    for (size_t i = 0; i < self->count; i++)
        ret_report->devices[i] = self->parts[i].seen;
}

static void
cctalk_close(struct sugu_cash *cash)
{
    struct cash_cctalk *self = (struct cash_cctalk *)cash;
    struct sugu_error error;

    if (self->is_open && self->has_line)
        (void)command_accept(self, 0, &error); /* they also stop by themselves, unpolled */
    self->room.bus.line->ops->close(self->room.bus.line);
    self->is_open = self->has_line = false;
}

enum sugu_status
sugu_cash_cctalk_new(const struct sugu_cash_settings *settings,
                     struct sugu_cash_line *line,
                     const struct sugu_clock *clock,
                     struct sugu_cash **ret_cash,
                     struct sugu_error *reterr)
{
    static const struct sugu_cash_ops ops = {
        .name = "cctalk",
        .open = cctalk_open,
        .poll = cctalk_poll,
        .command = cctalk_command,
        .report = cctalk_report,
        .close = cctalk_close,
    };
    struct cash_cctalk *self = calloc(1, sizeof *self);

    if (!self)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    self->cash.ops = &ops;
    self->settings = *settings;
    self->room.bus = (struct sugu_cctalk_bus){.line = line, .clock = clock};
    *ret_cash = &self->cash;
    return SUGU_OK;
}

struct sugu_cash *
sugu_cash_cctalk_free(struct sugu_cash *cash)
{
    if (!cash)
        return NULL;
    cash->ops->close(cash);
    free(cash);
    return NULL;
}
