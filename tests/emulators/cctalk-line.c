/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-line - the emulated cash devices behind the driver's line port, in the same process
 */
#include "emulators/cctalk-line.h"

static enum sugu_status
fail_gone(struct cctalk_line *self, struct sugu_error *reterr)
{
    self->is_open = false;
    return sugu_fail(reterr, SUGU_RETRY, "cash.line", "emulated: no line");
}

static enum sugu_status
line_open(struct sugu_cash_line *line, const char *where, struct sugu_error *reterr)
{
    struct cctalk_line *self = (struct cctalk_line *)line;

    (void)where;
    if (self->is_gone)
        return fail_gone(self, reterr);
    self->is_open = true;
    return SUGU_OK;
}

static enum sugu_status
line_send(struct sugu_cash_line *line, const uint8_t *bytes, size_t size, struct sugu_error *reterr)
{
    struct cctalk_line *self = (struct cctalk_line *)line;
    uint8_t old[64];

    if (self->is_gone || !self->is_open)
        return fail_gone(self, reterr);
    while (emulated_cash_say(self->cash, old, sizeof old, self->clock->monotonic) > 0)
        ;
    emulated_cash_hear(self->cash, bytes, size, self->clock->monotonic);
    return SUGU_OK;
}

static enum sugu_status
line_receive(struct sugu_cash_line *line,
             uint8_t *to,
             size_t size_max,
             int64_t deadline_us,
             size_t *ret_size,
             struct sugu_error *reterr)
{
    struct cctalk_line *self = (struct cctalk_line *)line;
    int64_t now_us = self->clock->monotonic;
    int64_t until_us = emulated_cash_next_us(self->cash);

    if (self->is_gone || !self->is_open)
        return fail_gone(self, reterr);
    until_us = until_us < deadline_us ? until_us : deadline_us;
    if (self->stands_still) {
        *ret_size =
            emulated_cash_say(self->cash, to, size_max, until_us > now_us ? until_us : now_us);
        return SUGU_OK;
    }
    if (until_us > now_us)
        sugu_clock_manual_advance(self->clock, until_us - now_us);
    *ret_size = emulated_cash_say(self->cash, to, size_max, self->clock->monotonic);
    return SUGU_OK;
}

static void
line_close(struct sugu_cash_line *line)
{
    ((struct cctalk_line *)line)->is_open = false;
}

void
cctalk_line_init(struct cctalk_line *line,
                 struct emulated_cash *cash,
                 struct sugu_clock_manual *clock)
{
    static const struct sugu_cash_line_ops ops = {
        .name = "emulated",
        .open = line_open,
        .send = line_send,
        .receive = line_receive,
        .close = line_close,
    };

    *line = (struct cctalk_line){.line = {&ops}, .cash = cash, .clock = clock};
}
