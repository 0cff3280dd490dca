/* SPDX-License-Identifier: Apache-2.0 */
/*
 * browser - a real Chromium at the size of a phone, driven over WebDriver (W3C), without a window
 */
#pragma once

#include "testlib/process.h"

struct sugu_browser {
    struct sugu_process driver;
    char address[64]; /* of chromedriver */
    char session[64];
    void *http; /* SoupSession */
};

struct sugu_browser_settings {
    const char *folder;    /* profile and log go below it */
    const char *languages; /* Accept-Language: "zh-CN,zh;q=0.9" */
    bool has_scripts, is_dark;
    unsigned text_percent; /* of the usual size of text, as its owner has set it; 0 = 100 */
};

/* Ends the test where Chromium does not come up. */
void sugu_browser_init(struct sugu_browser *browser, const struct sugu_browser_settings *settings);
void sugu_browser_done(struct sugu_browser *browser);

void sugu_browser_open(struct sugu_browser *browser, const char *url);
/* The document as it is now; free with g_free. */
char *sugu_browser_source(struct sugu_browser *browser);
/* Waits until the document has the words; fails the test after 15 s. Milliseconds waited. */
double sugu_browser_expect(struct sugu_browser *browser, const char *words);
/* Presses the link with this text. */
void sugu_browser_press(struct sugu_browser *browser, const char *link);
/* The value of a JavaScript expression as text; free with g_free. Works where the page's own
 * scripts are off. */
char *sugu_browser_value(struct sugu_browser *browser, const char *expression);
/* The whole page as PNG. */
void sugu_browser_save(struct sugu_browser *browser, const char *path);
