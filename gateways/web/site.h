/* SPDX-License-Identifier: Apache-2.0 */
/*
 * site - what is answered to whom: the addresses of the phone page, their headers and limits
 *
 *   /               what to scan
 *   /t/TOKEN        the page of a visit; ?lang=ja, ja-easy, en or zh-CN
 *   /t/TOKEN/events its changes as server-sent events
 *   /phone.css, /phone.js, /robots.txt, /favicon.ico
 *   /healthz        200 where the queue server answers, else 503
 *
 * A token that does not exist and one whose day is over are answered alike. No request is logged.
 */
#pragma once

#include "web/book.h"
#include "web/crowd.h"
#include "web/door.h"
#include "web/html.h"

struct web_site;

struct web_site_settings {
    uint32_t few;
    int64_t refresh_s;
    const char *time_zone;      /* "Asia/Tokyo" */
    const char *trusted_proxy;  /* address; its X-Forwarded-For is believed. "" = nobody's */
    uint32_t asks_per_minute;   /* of one address */
    uint32_t misses_per_minute; /* pages that do not exist, of one address */
    bool has_tls;
};

/* What a site works with; all of it outlives the site. */
struct web_site_means {
    SoupServer *server;
    struct web_book *book;
    struct web_crowd *crowd;
    const struct web_words *words;
    const struct sugu_clock *clock;
    struct web_figures *figures;
    bool (*is_up)(void *user); /* does the queue server answer? */
    void *user;
};

/* REFUSED "settings.invalid". */
enum sugu_status web_site_new(const struct web_site_settings *settings,
                              const struct web_site_means *means,
                              struct web_site **ret_site,
                              struct sugu_error *reterr) SUGU_MUST_CHECK;
struct web_site *web_site_free(struct web_site *site);
/* Once; the door is made after the site and let go before it. */
void web_site_set_door(struct web_site *site, struct web_door *door);

/* The last address of an X-Forwarded-For list, which the proxy next to us wrote; false where that
 * is none. */
bool web_forwarded_address(const char *header, struct web_address *ret_address);
