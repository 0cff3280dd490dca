/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http - what every implementation of the port shares
 */
#include "payment/http/http.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void
sugu_http_reply_done(struct sugu_http_reply *reply)
{
    if (reply->bytes)
        explicit_bzero(reply->bytes, reply->size);
    free(reply->bytes);
    *reply = (struct sugu_http_reply){0};
}

bool
sugu_http_date_parse(const char *text, int64_t *ret_utc_s)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct tm date = {0};
    char month[4] = "", zone[4] = "";
    const char *found;
    int used = 0;

    if (strlen(text) != 29 ||
        sscanf(text, "%*3c, %2d %3s %4d %2d:%2d:%2d %3s%n", &date.tm_mday, month, &date.tm_year,
               &date.tm_hour, &date.tm_min, &date.tm_sec, zone, &used) != 7 ||
        used != 29 || strcmp(zone, "GMT") != 0 || strlen(month) != 3)
        return false;
    found = strstr(months, month);
    if (!found || (found - months) % 3 != 0 || date.tm_year < 1970 || date.tm_mday < 1 ||
        date.tm_mday > 31 || date.tm_hour > 23 || date.tm_min > 59 || date.tm_sec > 60)
        return false;
    date.tm_mon = (int)(found - months) / 3;
    date.tm_year -= 1900;
    *ret_utc_s = timegm(&date);
    return true;
}
