/* SPDX-License-Identifier: Apache-2.0 */
/*
 * languages - the languages of the phone page, and which of them a visitor gets
 */
#pragma once

#include <stddef.h>

#define WEB_LANGUAGE_COUNT 4

struct web_language {
    const char *code;     /* of the catalogues, and as the kiosk says it: "ja@easy" */
    const char *query;    /* in addresses: ?lang=ja-easy */
    const char *tag;      /* of HTML (BCP 47) */
    const char *own_name; /* in its own script */
};

/* `index` < WEB_LANGUAGE_COUNT; the first one is Japanese. */
const struct web_language *web_language(size_t index);

/*
 * The index of the language to show. All three may be NULL or "":
 *  - `query`, what the address says, is taken where it is one of ours;
 *  - `kiosk`, the language of the visit, where the patient chose another than the kiosk's first;
 *  - `accept`, the browser's Accept-Language header (RFC 9110 12.5.4); who asks only for languages
 *    that we do not have gets Easy Japanese, which most foreign residents want (domain/screens.md
 *    section 1).
 * Else Japanese.
 */
size_t web_language_choose(const char *query, const char *kiosk, const char *accept);
