/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sent - the numbers of the last events that went to one listener
 */
#include "sent.h"

#include <string.h>

void
sugu_sent_begin(struct sugu_sent *sent, uint64_t number)
{
    sent->since = number;
    sent->count = 0;
}

void
sugu_sent_add(struct sugu_sent *sent, uint64_t number)
{
    if (sent->count == SUGU_SENT_MAX) {
        sent->since = sent->numbers[0];
        sent->count--;
        memmove(sent->numbers, sent->numbers + 1, sent->count * sizeof *sent->numbers);
    }
    sent->numbers[sent->count++] = number;
}

uint64_t
sugu_sent_rewind(struct sugu_sent *sent, uint64_t got, uint64_t seen)
{
    size_t kept = 0;

    if (seen == 0 || got < sent->since || got > seen) {
        sugu_sent_begin(sent, got);
        return got;
    }
    while (kept < sent->count && sent->numbers[kept] <= got)
        kept++;
    if (kept < sent->count)
        seen = sent->numbers[kept] - 1;
    sent->count = kept;
    return seen;
}
