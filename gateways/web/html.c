/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html - pages as text: escaping, the words filled in, and the parts that change
 */
#include "web/html.h"

#include "domain/ticket.h"

#include <string.h>

void
web_html_escape(GString *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '&':
            g_string_append(out, "&amp;");
            break;
        case '<':
            g_string_append(out, "&lt;");
            break;
        case '>':
            g_string_append(out, "&gt;");
            break;
        case '"':
            g_string_append(out, "&quot;");
            break;
        case '\'':
            g_string_append(out, "&#39;");
            break;
        default:
            g_string_append_c(out, *text);
        }
}

void
web_json_string(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_printf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20 || *text == 0x7f)
            g_string_append_printf(out, "\\u%04x", (unsigned)(unsigned char)*text);
        else
            g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

/* The name of a place or a line of the hospital's: its lines may end where its parts do. */
static void
escape_name(GString *out, const char *name)
{
    static const char *const before[] = {"（", "(", NULL};
    static const char *const after[] = {"・", "、", "。", "）", "　", "：", NULL};

    for (const char *next; *name; name = next) {
        char letter[8] = "";
        next = g_utf8_find_next_char(name, NULL);
        memcpy(letter, name, MIN((size_t)(next - name), sizeof letter - 1));
        if (g_strv_contains(before, letter))
            g_string_append(out, "<wbr>");
        web_html_escape(out, letter);
        if (g_strv_contains(after, letter))
            g_string_append(out, "<wbr>");
    }
}

/* ---- words with values in them */

struct values {
    bool has_own_desk; /* a name, in the language of the hospital */
    const char *place, *time;
    char desk[SUGU_DESK_NAME_SIZE];
    uint32_t count, low, high;
};

/* The value of the name that stands at `pattern`; NULL where none does. A place's name is in the
 * hospital's language whatever the page's is. */
static const char *
value_at(const char *pattern, const struct values *values, char number[16], bool *ret_is_place)
{
    const struct {
        const char *name, *text;
        uint32_t number;
    } rows[] = {
        {"{place}", values->place, 0}, {"{desk}", values->desk, 0},
        {"{time}", values->time, 0},   {"{count}", NULL, values->count},
        {"{low}", NULL, values->low},  {"{high}", NULL, values->high},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        if (g_str_has_prefix(pattern, rows[i].name)) {
            *ret_is_place = i == 0 || (i == 1 && values->has_own_desk);
            if (i < 3)
                return rows[i].text ? rows[i].text : "";
            g_snprintf(number, 16, "%u", rows[i].number);
            return number;
        }
    return NULL;
}

#define SENTENCE_END "。" /* a '|' or a blank comes behind it, or nothing */

/* With markup: places where a line may end, values that stand out. */
static void
say(GString *out, const struct web_view *view, enum web_word word, const struct values *values)
{
    const char *pattern = web_word(view->words, view->language, word);

    while (*pattern) {
        char number[16], letter[2] = {*pattern, '\0'};
        bool is_place = false;
        const char *value =
            *pattern == '{' && values ? value_at(pattern, values, number, &is_place) : NULL;
        if (value) {
            g_string_append(out, is_place ? "<b lang=\"ja\">" : "<b>");
            escape_name(out, value);
            g_string_append(out, "</b>");
            pattern += strcspn(pattern, "}") + 1;
            continue;
        }
        if (g_str_has_prefix(pattern, SENTENCE_END) && pattern[strlen(SENTENCE_END)]) {
            g_string_append(out, SENTENCE_END "<br>"); /* one thing on a line, read one by one */
            pattern += strlen(SENTENCE_END) + 1;
            continue;
        }
        if (*pattern == '|')
            g_string_append(out, "<wbr>");
        else
            web_html_escape(out, letter);
        pattern++;
    }
}

/* Without markup and not escaped yet, for titles and attributes. */
static void
say_plain(GString *out, const struct web_view *view, enum web_word word)
{
    for (const char *from = web_word(view->words, view->language, word); *from; from++)
        if (*from != '|')
            g_string_append_c(out, *from);
}

static void
escape_plain(GString *out, const struct web_view *view, enum web_word word)
{
    GString *text = g_string_new(NULL);

    say_plain(text, view, word);
    web_html_escape(out, text->str);
    g_string_free(text, TRUE);
}

/* ---- the parts of a page */

static const struct {
    const char *style; /* class of the sheet */
    const char *sign;  /* so that colour is never the only bearer */
    enum web_word head, more;
} advices[WEB_ADVICE_COUNT] = {
    [WEB_ADVICE_OVER] = {"ask", "!", WEB_WORD_HEAD_OVER, WEB_WORD_MORE_OVER},
    [WEB_ADVICE_CALLED] = {"go", "▶", WEB_WORD_HEAD_CALLED, WEB_WORD_MORE_CALLED},
    [WEB_ADVICE_PRESENT] = {"calm", "●", WEB_WORD_HEAD_PRESENT, WEB_WORD_MORE_PRESENT},
    [WEB_ADVICE_MISSED] = {"ask", "!", WEB_WORD_HEAD_MISSED, WEB_WORD_MORE_MISSED},
    [WEB_ADVICE_SOON] = {"soon", "▲", WEB_WORD_HEAD_SOON, WEB_WORD_MORE_SOON},
    [WEB_ADVICE_BILL] = {"go", "¥", WEB_WORD_HEAD_BILL, WEB_WORD_MORE_BILL},
    [WEB_ADVICE_COUNTER] = {"go", "¥", WEB_WORD_HEAD_COUNTER, WEB_WORD_MORE_COUNTER},
    [WEB_ADVICE_PAID_NEXT] = {"calm", "✓", WEB_WORD_HEAD_PAID_NEXT, WEB_WORD_MORE_PAID_NEXT},
    [WEB_ADVICE_WAIT] = {"calm", "…", WEB_WORD_HEAD_WAIT, WEB_WORD_MORE_WAIT},
    [WEB_ADVICE_PARKED] = {"calm", "…", WEB_WORD_HEAD_PARKED, WEB_WORD_MORE_PARKED},
    [WEB_ADVICE_LEAVE] = {"done", "✓", WEB_WORD_HEAD_LEAVE, WEB_WORD_MORE_LEAVE},
    [WEB_ADVICE_GOODBYE] = {"done", "✓", WEB_WORD_HEAD_GOODBYE, WEB_WORD_MORE_GOODBYE},
    [WEB_ADVICE_BILL_SOON] = {"calm", "…", WEB_WORD_HEAD_BILL_SOON, WEB_WORD_MORE_BILL_SOON},
};

static struct values
stage_values(const struct web_view *view, const struct web_stage *stage)
{
    struct values values = {.place = stage->name,
                            .has_own_desk = !sugu_desk_is_numbered(stage->desk),
                            .count = stage->before_you < SUGU_BEFORE_YOU_MAX ? stage->before_you
                                                                             : SUGU_BEFORE_YOU_MAX,
                            .low = stage->low_min,
                            .high = stage->high_min};

    sugu_desk_name(values.desk, web_language(view->language)->code, stage->desk_word, stage->desk);
    return values;
}

static void
put_now(GString *out, const struct web_view *view, const struct web_page *page)
{
    size_t about;
    enum web_advice advice = web_page_advice(page, view->few, &about);
    struct values values = {0};
    enum web_word more = advices[advice].more;

    if (about < WEB_STAGES_MAX)
        values = stage_values(view, &page->stages[about]);
    if (more == WEB_WORD_MORE_CALLED && !*values.desk)
        more = WEB_WORD_MORE_CALLED_NO_DESK;
    g_string_append_printf(out, "<div class=\"now %s\"><p class=\"head\">", advices[advice].style);
    g_string_append_printf(out, "<span class=\"sign\" aria-hidden=\"true\">%s</span> ",
                           advices[advice].sign);
    g_string_append(out, "<span>");
    say(out, view, advices[advice].head, &values);
    g_string_append(out, "</span></p><p class=\"more\">");
    say(out, view, more, &values);
    g_string_append(out, "</p></div>");
    if (view->is_stale) {
        g_string_append(out, "<p class=\"stale\">");
        say(out, view, WEB_WORD_STALE, NULL);
        g_string_append(out, "</p>");
    }
}

static void
put_range(GString *out, const struct web_view *view, const struct web_stage *stage)
{
    struct values values = stage_values(view, stage);

    if (stage->high_min == 0)
        return;
    g_string_append(out, "<span class=\"range\">");
    say(out, view,
        stage->low_min == 0                 ? WEB_WORD_RANGE_UP_TO
        : stage->low_min == stage->high_min ? WEB_WORD_RANGE_ONE
                                            : WEB_WORD_RANGE,
        &values);
    g_string_append(out, "</span>");
}

static enum web_word
word_of(const struct web_stage *stage)
{
    switch (stage->state) {
    case SUGU_STAGE_WAITING:
        return stage->before_you == 0                    ? WEB_WORD_ROW_NEXT
               : stage->before_you == 1                  ? WEB_WORD_ROW_ONE
               : stage->before_you < SUGU_BEFORE_YOU_MAX ? WEB_WORD_ROW_MANY
                                                         : WEB_WORD_ROW_MOST;
    case SUGU_STAGE_CALLED:
        return *stage->desk ? WEB_WORD_ROW_CALLED : WEB_WORD_ROW_CALLED_NO_DESK;
    case SUGU_STAGE_PRESENT:
        return WEB_WORD_ROW_PRESENT;
    case SUGU_STAGE_PARKED:
        return WEB_WORD_ROW_PARKED;
    case SUGU_STAGE_MISSED:
        return WEB_WORD_ROW_MISSED;
    case SUGU_STAGE_PLANNED:
        return WEB_WORD_ROW_PLANNED;
    case SUGU_STAGE_DONE:
    case SUGU_STAGE_MOVED:
    case SUGU_STAGE_DROPPED:
    case SUGU_STAGE_STATE_COUNT:
        break;
    }
    return WEB_WORD_ROW_DONE;
}

static const char *
style_of(const struct web_stage *stage)
{
    switch (stage->state) {
    case SUGU_STAGE_WAITING:
        return "waiting";
    case SUGU_STAGE_CALLED:
    case SUGU_STAGE_MISSED:
        return "called";
    case SUGU_STAGE_PRESENT:
        return "present";
    case SUGU_STAGE_PARKED:
    case SUGU_STAGE_PLANNED:
        return "later";
    case SUGU_STAGE_DONE:
    case SUGU_STAGE_MOVED:
    case SUGU_STAGE_DROPPED:
    case SUGU_STAGE_STATE_COUNT:
        break;
    }
    return "done";
}

static void
put_plan(GString *out, const struct web_view *view, const struct web_page *page)
{
    bool has_any = false;

    for (size_t i = 0; i < page->stage_count; i++)
        has_any = has_any || web_stage_is_shown(&page->stages[i]);
    if (!has_any)
        return;
    g_string_append(out, "<h2>");
    say(out, view, WEB_WORD_PLAN, NULL);
    g_string_append(out, "</h2><ol>");
    for (size_t i = 0; i < page->stage_count; i++) {
        const struct web_stage *stage = &page->stages[i];
        struct values values = stage_values(view, stage);
        if (!web_stage_is_shown(stage))
            continue;
        g_string_append_printf(out, "<li class=\"%s\"><span class=\"place\" lang=\"ja\">",
                               style_of(stage));
        escape_name(out, stage->name);
        g_string_append(out, "</span> <span class=\"state\">");
        say(out, view, word_of(stage), &values);
        g_string_append(out, "</span> ");
        if (stage->state == SUGU_STAGE_WAITING)
            put_range(out, view, stage);
        g_string_append(out, "</li>");
    }
    g_string_append(out, "</ol>");
}

/* Lines of this language and of none; where there are none of it, the Japanese ones. */
static bool
is_for(const struct web_house *house, size_t line, const char *code)
{
    return !*house->lines[line].language || strcmp(house->lines[line].language, code) == 0;
}

static void
put_lines(GString *out, const struct web_view *view)
{
    const struct web_house *house = view->house;
    const char *code = web_language(view->language)->code;
    size_t own = 0, shown = 0;

    for (size_t i = 0; i < house->line_count; i++)
        own += is_for(house, i, code);
    if (own == 0)
        code = web_language(0)->code;
    for (size_t i = 0; i < house->line_count; i++) {
        if (!is_for(house, i, code))
            continue;
        if (shown++ == 0) {
            g_string_append(out, "<h2>");
            say(out, view, WEB_WORD_LINES, NULL);
            g_string_append(out, "</h2><ul>");
        }
        g_string_append(out, own == 0 ? "<li lang=\"ja\">" : "<li>");
        escape_name(out, house->lines[i].text);
        g_string_append(out, "</li>");
    }
    if (shown > 0)
        g_string_append(out, "</ul>");
}

static void
put_as_of(GString *out, const struct web_view *view)
{
    struct values values = {.time = view->time};

    say(out, view, WEB_WORD_AS_OF, &values);
}

/* Not escaped. */
static void
put_title(GString *out, const struct web_view *view, const struct web_page *page)
{
    size_t about;
    enum web_advice advice = web_page_advice(page, view->few, &about);

    g_string_append(out, page->number);
    g_string_append_c(out, ' ');
    say_plain(out, view, advices[advice].head);
}

/* ---- whole documents */

static void
put_languages(GString *out, const struct web_view *view)
{
    g_string_append(out, "<nav aria-label=\"");
    escape_plain(out, view, WEB_WORD_LANGUAGES);
    g_string_append(out, "\"><ul>");
    for (size_t i = 0; i < WEB_LANGUAGE_COUNT; i++) {
        const struct web_language *language = web_language(i);
        g_string_append_printf(out, "<li><a href=\"?lang=%s\" lang=\"%s\" hreflang=\"%s\"%s>",
                               language->query, language->tag, language->tag,
                               i == view->language ? " aria-current=\"true\"" : "");
        web_html_escape(out, language->own_name);
        g_string_append(out, "</a></li>");
    }
    g_string_append(out, "</ul></nav>");
}

/* Up to the title's text. */
static void
begin_document(GString *out, const struct web_view *view)
{
    g_string_append_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\" data-lang=\"%s\">\n<head>\n",
                           web_language(view->language)->tag, web_language(view->language)->query);
    g_string_append(out, "<meta charset=\"utf-8\">\n<title>");
}

static void
end_head(GString *out, const struct web_view *view, bool is_live)
{
    g_string_append(out, "</title>\n<meta name=\"viewport\" content=\"width=device-width, "
                         "initial-scale=1\">\n"
                         "<meta name=\"robots\" content=\"noindex, nofollow, noarchive\">\n"
                         "<meta name=\"color-scheme\" content=\"light dark\">\n"
                         "<meta name=\"format-detection\" content=\"telephone=no\">\n");
    g_string_append_printf(out, "<link rel=\"stylesheet\" href=\"%sphone.css%s\">\n", view->up,
                           view->assets);
    if (is_live) {
        g_string_append_printf(out,
                               "<noscript><meta http-equiv=\"refresh\" content=\"%" G_GINT64_FORMAT
                               "\"></noscript>\n",
                               view->refresh_s);
        g_string_append_printf(out, "<script src=\"%sphone.js%s\" defer></script>\n", view->up,
                               view->assets);
    }
    g_string_append(out, "</head>\n<body>\n<header><p class=\"house\" lang=\"ja\">");
    web_html_escape(out, view->house->facility_name);
    g_string_append(out, "</p>");
    put_languages(out, view);
    g_string_append(out, "</header>\n<main>\n");
}

void
web_html_page(GString *out, const struct web_view *view, const struct web_page *page)
{
    GString *title = g_string_new(NULL);

    put_title(title, view, page);
    begin_document(out, view);
    web_html_escape(out, title->str);
    g_string_free(title, TRUE);
    end_head(out, view, /* is_live= */ true);
    g_string_append(out, "<h1><span class=\"label\">");
    say(out, view, WEB_WORD_NUMBER, NULL);
    g_string_append(out, "</span> <span class=\"number\">");
    web_html_escape(out, page->number);
    g_string_append(out, "</span></h1>\n<div id=\"now\" role=\"status\" aria-live=\"polite\">");
    put_now(out, view, page);
    g_string_append(out, "</div>\n<section id=\"plan\">");
    put_plan(out, view, page);
    g_string_append(out, "</section>\n<section id=\"lines\">");
    put_lines(out, view);
    g_string_append(out, "</section>\n</main>\n<footer><p id=\"asof\">");
    put_as_of(out, view);
    g_string_append(out, "</p><p id=\"offline\" role=\"status\" hidden>");
    say(out, view, WEB_WORD_OFFLINE, NULL);
    g_string_append(out, "</p></footer>\n</body>\n</html>\n");
}

void
web_html_notice(GString *out, const struct web_view *view, enum web_word title)
{
    begin_document(out, view);
    escape_plain(out, view, title);
    end_head(out, view, /* is_live= */ false);
    g_string_append(out, "<div class=\"now ask\"><h1 class=\"head\">");
    say(out, view, title, NULL);
    g_string_append(out, "</h1><p class=\"more\">");
    say(out, view, (enum web_word)(title + 1), NULL);
    g_string_append(out, "</p></div>\n</main>\n</body>\n</html>\n");
}

/* `"name":` and what `put` writes, as a JSON string. */
static void
put_field(GString *out, const char *name, GString *part)
{
    g_string_append_printf(out, "%c\"%s\":", out->str[out->len - 1] == '{' ? ' ' : ',', name);
    web_json_string(out, part->str);
    g_string_truncate(part, 0);
}

void
web_html_change(GString *out, const struct web_view *view, const struct web_page *page)
{
    GString *part = g_string_new(NULL);

    g_string_append_c(out, '{');
    put_title(part, view, page);
    put_field(out, "title", part);
    put_now(part, view, page);
    put_field(out, "now", part);
    put_plan(part, view, page);
    put_field(out, "plan", part);
    put_lines(part, view);
    put_field(out, "lines", part);
    put_as_of(part, view);
    put_field(out, "asof", part);
    g_string_append_c(out, '}');
    g_string_free(part, TRUE);
}

void
web_html_tick(GString *out, const struct web_view *view)
{
    GString *part = g_string_new(NULL);

    g_string_append_c(out, '{');
    put_as_of(part, view);
    put_field(out, "asof", part);
    g_string_append_c(out, '}');
    g_string_free(part, TRUE);
}
