/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-papers - ticket, receipt and statement laid out, and read back by poppler
 *
 * Each document is read by pdftotext and pdfinfo: what a paper has to say must be found on it,
 * however long. SUGU_PAPERS_OUT=DIR keeps the PDFs for the eye.
 */
#include "papers/paper.h"
#include "papers/texts.h"

#include "domain/ticket-code.h"

#include "testlib/checks.h"
#include "testlib/sample-orders.h"

#include "paper-document.h"

#include <cups/raster.h>
#include <fcntl.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* With its running number almost the 120 bytes that the wire allows. */
#define LONG_NAME "超音波検査（断層撮影法）（胸腹部）（消化器領域）（パルスドプラ法加算）"

START_TEST(a_ticket_shows_the_number_the_place_and_the_way)
{
    struct sample_order sample;
    struct document document;

    sample_ticket(&sample, "ja", 1);
    render(&sample, "ticket-ja", &document);
    ck_assert_uint_eq(document.paper.pages, 1);
    ck_assert_double_eq_tol(document.paper.width, SUGU_MM(80), 0.01);
    ck_assert(document.paper.height > SUGU_MM(80) && document.paper.height < SUGU_MM(220));
    assert_says(&document, "すぐ中央病院");
    assert_says(&document, "令和8年(2026年)11月22日");
    assert_says(&document, "10:24");
    assert_says(&document, "A-042");
    assert_says(&document, "内科");
    assert_says(&document, "前にお待ちの方 3人");
    assert_says(&document, "精算機にかざしてください");
    ck_assert_uint_eq(count_of(&document, "People"), 0);
    ck_assert_uint_eq(count_of(&document, "再発行"), 0);
    document_done(&document);
}
END_TEST

START_TEST(a_ticket_in_english_keeps_the_japanese_for_the_staff)
{
    struct sample_order sample;
    struct document document;

    sample_ticket(&sample, "en", 2);
    sample.ticket.department_name = (char *)"Internal medicine 内科";
    sample.order.phone_page = (char *)"";
    render(&sample, "ticket-en", &document);
    assert_says(&document, "2026-11-22");
    assert_says(&document, "People before you: 3");
    assert_says(&document, "前にお待ちの方 3人");
    assert_says(&document, "To pay, hold this code to the kiosk.");
    ck_assert_uint_eq(count_of(&document, "phone"), 0);
    document_done(&document);
}
END_TEST

START_TEST(a_ticket_to_the_desk_says_so_and_not_why)
{
    struct sample_order sample;
    struct document document;

    sample_ticket(&sample, "en", 3);
    sample.ticket.number = (char *)"R-7";
    sample.ticket.department_name = (char *)"総合受付";
    sample.ticket.is_to_desk = true;
    sample.ticket.reason = (char *)"eligibility.not-found";
    render(&sample, "ticket-desk-en", &document);
    assert_says(&document, "Please go to this desk.");
    assert_says(&document, "総合受付");
    assert_says(&document, "こちらの窓口へお越しください");
    ck_assert_uint_eq(count_of(&document, "eligibility"), 0);
    ck_assert_uint_eq(count_of(&document, "People before"), 0);
    document_done(&document);
}
END_TEST

START_TEST(a_called_number_is_sent_where_the_board_sends_it)
{
    struct sample_order sample;
    struct document document;

    sample_ticket(&sample, "en", 0);
    sample.ticket.desk = (char *)"12";
    sample.ticket.desk_word = SUGU__DESK_WORD__DESK_COUNTER;
    render(&sample, "ticket-called-en", &document);
    assert_says(&document, "Please come to Counter 12 now.");
    document_done(&document);
    sample_ticket(&sample, "ja", 0);
    sample.ticket.desk = (char *)"12";
    sample.ticket.desk_word = SUGU__DESK_WORD__DESK_COUNTER;
    render(&sample, "ticket-called-counter", &document);
    assert_says(&document, "12番窓口へお越しください");
    document_done(&document);
    sample_ticket(&sample, "ja", 0);
    sample.ticket.desk = (char *)"処置室";
    render(&sample, "ticket-called", &document);
    assert_says(&document, "処置室へお越しください");
    document_done(&document);
}
END_TEST

START_TEST(long_words_on_a_ticket_are_not_cut)
{
    struct sample_order sample;
    struct document document;

    sample_ticket(&sample, "ja", 4);
    sample.ticket.number = (char *)"INTERNAL-9999999";
    sample.ticket.before_you = 100000;
    sample.ticket.department_name =
        (char *)"消化器・肝臓・膵臓・胆道内科（午後の専門外来・特別外来）";
    sample.order.facility_name =
        (char *)"独立行政法人国立病院機構すぐ中央医療センター附属すぐ北総合病院";
    render(&sample, "ticket-long", &document);
    assert_says(&document, "INTERNAL-9999999");
    assert_says(&document, sample.ticket.department_name);
    assert_says(&document, sample.order.facility_name);
    assert_says(&document, "100人以上");
    ck_assert_uint_eq(document.paper.pages, 1);
    document_done(&document);
}
END_TEST

/* Every place of the day in its order, then the cashier; how long the first may take. */
START_TEST(a_ticket_shows_the_plan_of_the_day)
{
    static const unsigned counts[] = {1, 2, 8};
    struct sample_order sample;
    struct document document;

    for (size_t row = 0; row < SUGU_ARRAY_SIZE(counts); row++) {
        Sugu__TicketStage stages[8], *list[8];
        char name[32];

        sample_ticket(&sample, row ? "ja" : "en", (unsigned)(20 + row));
        for (unsigned i = 0; i < counts[row]; i++) {
            list[i] = &stages[i];
            sugu__ticket_stage__init(list[i]);
            list[i]->department_name =
                (char *)(i % 2 ? "消化器・肝臓・膵臓・胆道内科（午後の専門外来・特別外来）"
                               : "採血");
        }
        sample.ticket.n_stages = counts[row];
        sample.ticket.stages = list;
        sample.ticket.low_min = 20;
        sample.ticket.high_min = 45;
        snprintf(name, sizeof name, "ticket-plan-%u", counts[row]);
        render(&sample, name, &document);
        ck_assert_uint_eq(document.paper.pages, 1);
        assert_says(&document, row ? "約20–45分" : "About 20–45 minutes");
        assert_says(&document, row ? "本日の順番" : "Your places today");
        ck_assert_uint_eq(count_of(&document, "→"), counts[row]);
        ck_assert_uint_eq(count_of(&document, stages[0].department_name), (counts[row] + 1) / 2);
        assert_says(&document, row ? "→会計" : "→Payment");
        document_done(&document);
    }
}
END_TEST

START_TEST(a_hundred_before_you_may_be_more)
{
    static const struct {
        uint32_t before_you;
        const char *language, *words;
    } rows[] = {{99, "ja", "99人"}, {100, "ja", "100人以上"}, {100, "en", "100 or more"}};
    struct sample_order sample;
    struct document document;

    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        sample_ticket(&sample, rows[i].language, 6 + i);
        sample.ticket.before_you = rows[i].before_you;
        render(&sample, "ticket-many", &document);
        assert_says(&document, rows[i].words);
        ck_assert(rows[i].before_you == 100 || count_of(&document, "以上") == 0);
        document_done(&document);
    }
}
END_TEST

START_TEST(nobody_before_you_is_you_are_next)
{
    struct sample_order sample;
    struct document document;

    sample_ticket(&sample, "ja", 5);
    sample.ticket.before_you = 0;
    sample.ticket.token.len = 0;
    render(&sample, "ticket-next", &document);
    assert_says(&document, "次にお呼びします");
    ck_assert_uint_eq(count_of(&document, "かざして"), 0);
    document_done(&document);
}
END_TEST

START_TEST(a_receipt_has_every_field_of_the_form)
{
    static const char *const words[] = {
        "領収証",
        "00012345",
        "山田花子様",
        "令和8年(2026年)11月22日",
        "内科",
        "外来",
        "社保（協会けんぽ）本人",
        "3割（30%）",
        "1042",
        "A-042",
        "初・再診料",
        "入院料等",
        "医学管理等",
        "在宅医療",
        "検査",
        "画像診断",
        "投薬",
        "注射",
        "リハビリテーション",
        "精神科専門療法",
        "処置",
        "手術",
        "麻酔",
        "放射線治療",
        "病理診断",
        "合計点数",
        "1,164点",
        "保険外負担",
        "診断書（当院書式）",
        "3,300円",
        "3,490円",
        "6,790円",
        "前回までの未収額",
        "残額",
        "クレジットカード",
        "VISA****4242",
        "領収印",
        "領収済",
        "8.11.22",
        "03-1234-5678",
        "医療法人社団すぐ会すぐ中央病院",
        "東京都千代田区千代田",
        "消費税が反映",
    };
    struct sample_order sample;
    struct document document;

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 6);
    render(&sample, "receipt-ja", &document);
    ck_assert_uint_eq(document.paper.pages, 1);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(words); i++)
        assert_says(&document, words[i]);
    ck_assert_uint_eq(count_of(&document, "再発行"), 0);
    document_done(&document);
}
END_TEST

START_TEST(a_reissued_receipt_says_so_and_english_stands_beside)
{
    struct sample_order sample;
    struct document document;

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "en", 7);
    sample.receipt.copy = 2;
    render(&sample, "receipt-copy-en", &document);
    assert_says(&document, "再発行 Copy");
    assert_says(&document, "再発行（2回目）");
    assert_says(&document, "領収金額 Amount received");
    assert_says(&document, "Imaging");
    ck_assert_uint_eq(document.paper.pages, 1);
    document_done(&document);
}
END_TEST

START_TEST(a_receipt_of_nothing_and_of_much_is_right)
{
    struct sample_order sample;
    struct document document;

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 8);
    sample_bill_clear(&sample);
    sample_bill_total(&sample);
    sample.bill.ratio_percent = 0;
    sample.part.method = SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE;
    render(&sample, "receipt-zero", &document);
    assert_says(&document, "請求額合計0円");
    assert_says(&document, "お支払いはありません");
    assert_says(&document, "0割（0%）");
    document_done(&document);

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 9);
    sample_bill_clear(&sample);
    sample_bill_add(&sample, "K00", "心臓移植術", 3333333, 1, 0);
    sample_bill_total(&sample);
    sample.bill.copay_yen = sample.bill.total_yen = sample.receipt.paid_yen = 9999999;
    sample.receipt.patient_name =
        (char *)"アレクサンドラ・フランシスカ・デ・ラ・コンセプシオン・ヴァン・デル・ヴェルデン＝"
                "シュヴァルツェンベルグ・イ・ガルシア";
    sample.receipt.insurance = (char *)"後期高齢者医療（東京都後期高齢者医療広域連合）";
    render(&sample, "receipt-much", &document);
    ck_assert_uint_eq(count_of(&document, "9,999,999円"), 4); /* share, now, in all, received */
    assert_says(&document, "3,333,333点");
    assert_says(&document, sample.receipt.patient_name);
    assert_says(&document, sample.receipt.insurance);
    document_done(&document);
}
END_TEST

START_TEST(many_items_outside_insurance_go_on_on_the_next_page)
{
    struct sample_order sample;
    struct document document;

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 10);
    sample_bill_clear(&sample);
    for (unsigned i = 0; i < 60; i++) {
        char name[128];
        snprintf(name, sizeof name, "特別室使用料（%02u号室）", i);
        sample_bill_add(&sample, "SELF", name, 0, 1, 1000 + i);
    }
    sample_bill_total(&sample);
    render(&sample, "receipt-many", &document);
    ck_assert_uint_gt(document.paper.pages, 1);
    for (unsigned i = 0; i < 60; i++) {
        char name[128];
        snprintf(name, sizeof name, "特別室使用料（%02u号室）", i);
        ck_assert_uint_eq(count_of(&document, name), 1);
    }
    ck_assert_uint_eq(count_of(&document, "領収金額"), 1);
    ck_assert_uint_eq(count_of(&document, "山田花子様"), document.paper.pages);
    document_done(&document);
}
END_TEST

START_TEST(a_statement_lists_every_line_under_its_category)
{
    struct sample_order sample;
    struct document document;

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_STATEMENT, "ja", 11);
    render(&sample, "statement-ja", &document);
    ck_assert_uint_eq(document.paper.pages, 1);
    for (size_t i = 0; i < sample.bill.n_lines; i++)
        assert_says(&document, sample.bill.lines[i]->name);
    assert_says(&document, "小計（画像診断）306点");
    assert_says(&document, "合計点数1,164点");
    assert_says(&document, "1/1");
    document_done(&document);
    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_STATEMENT, "en", 11);
    sample.receipt.copy = 1;
    render(&sample, "statement-copy-en", &document);
    assert_says(&document, "再発行 Copy");
    assert_says(&document, "項目名 Item");
    document_done(&document);
}
END_TEST

START_TEST(three_hundred_lines_fill_pages_with_carried_heads)
{
    static const char *const categories[] = {"A00", "D00", "E00", "G00", "SELF"};
    struct sample_order sample;
    struct document document;
    char page_mark[24];

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_STATEMENT, "ja", 12);
    sample_bill_clear(&sample);
    for (unsigned i = 0; i < SAMPLE_LINES_MAX; i++) {
        const char *category = categories[i % SUGU_ARRAY_SIZE(categories)];
        bool is_self = strcmp(category, "SELF") == 0;
        char name[128];
        snprintf(name, sizeof name, "%03u%s", i, i % 3 ? "生化学的検査" : LONG_NAME);
        sample_bill_add(&sample, category, name, is_self ? 0 : 999, is_self ? 1 : 14,
                        is_self ? 99999 : 0);
    }
    sample_bill_total(&sample);
    render(&sample, "statement-300", &document);
    ck_assert_uint_gt(document.paper.pages, 5);
    ck_assert_uint_lt(document.paper.pages, 20);
    for (unsigned i = 0; i < SAMPLE_LINES_MAX; i++)
        assert_says(&document, sample.names[i]);
    ck_assert_uint_eq(count_of(&document, "診療明細書"), document.paper.pages);
    ck_assert_uint_eq(count_of(&document, "項目名"), document.paper.pages);
    ck_assert_uint_gt(count_of(&document, "（続き）"), 2);
    snprintf(page_mark, sizeof page_mark, "%u/%u", document.paper.pages, document.paper.pages);
    assert_says(&document, page_mark);
    document_done(&document);
}
END_TEST

START_TEST(a_bill_that_does_not_add_up_gives_no_receipt)
{
    struct sample_order sample;
    struct sugu_paper paper;
    struct sugu_error error;

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 13);
    sample.bill.total_points++;
    sugu_assert_fails(sugu_paper_render(&sample.order, SUGU_PAPER_PDF, 0, &paper, &error),
                      SUGU_REFUSED, "bill.does-not-add-up", error);
    sample.bill.total_points--;
    sample.bill.copay_yen += 10;
    sugu_assert_fails(sugu_paper_render(&sample.order, SUGU_PAPER_PDF, 0, &paper, &error),
                      SUGU_REFUSED, "bill.does-not-add-up", error);
    sample.bill.copay_yen -= 10;
    sample.lines[0].category = (char *)"Z99";
    sugu_assert_fails(sugu_paper_render(&sample.order, SUGU_PAPER_PDF, 0, &paper, &error),
                      SUGU_REFUSED, "bill.lines", error);
    sample.order.kind = SUGU__PAPER_KIND__PAPER_TICKET;
    sugu_assert_fails(sugu_paper_render(&sample.order, SUGU_PAPER_PDF, 0, &paper, &error),
                      SUGU_BROKEN, "printer.layout", error);
}
END_TEST

/* Reads one page of PWG raster into fresh memory. */
static uint8_t *
read_raster_page(const struct sugu_paper *paper, cups_page_header2_t *header)
{
    char path[] = "/tmp/sugu-raster-XXXXXX";
    int file = mkostemp(path, O_CLOEXEC);
    cups_raster_t *reader;
    uint8_t *pixels;

    ck_assert_int_eq(write(file, paper->bytes, paper->size), (ssize_t)paper->size);
    lseek(file, 0, SEEK_SET);
    reader = cupsRasterOpen(file, CUPS_RASTER_READ);
    ck_assert(cupsRasterReadHeader2(reader, header));
    pixels = malloc((size_t)header->cupsBytesPerLine * header->cupsHeight);
    for (unsigned line = 0; line < header->cupsHeight; line++)
        ck_assert_uint_eq(cupsRasterReadPixels(reader,
                                               pixels + (size_t)line * header->cupsBytesPerLine,
                                               header->cupsBytesPerLine),
                          header->cupsBytesPerLine);
    cupsRasterClose(reader);
    close(file);
    unlink(path);
    return pixels;
}

/* Does the square of `modules` beginning at (x, y) with this module size hold the code? */
static bool
is_code_at(
    const uint8_t *pixels, unsigned line, double x, double y, double module, const QRcode *code)
{
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++) {
            unsigned px = (unsigned)(x + (column + 0.5) * module);
            unsigned py = (unsigned)(y + (row + 0.5) * module);
            bool is_dark = pixels[(size_t)py * line + px] < 128;
            if (is_dark != (code->data[row * code->width + column] & 1))
                return false;
        }
    return true;
}

START_TEST(the_code_on_a_ticket_is_the_one_of_its_token)
{
    struct sample_order sample;
    struct sugu_paper paper;
    struct sugu_error error;
    cups_page_header2_t header;
    char text[SUGU_TICKET_CODE_TEXT_SIZE];
    QRcode *code;
    uint8_t *pixels;
    bool is_found = false;
    double module, x;

    sample_ticket(&sample, "ja", 14);
    sugu_assert_ok(sugu_paper_render(&sample.order, SUGU_PAPER_PWG_RASTER, 300, &paper, &error),
                   error);
    pixels = read_raster_page(&paper, &header);
    ck_assert_uint_eq(header.cupsColorSpace, CUPS_CSPACE_SW);
    ck_assert_uint_eq(header.HWResolution[0], 300);
    ck_assert_uint_eq(header.cupsWidth, 944); /* 80 mm */
    ck_assert(sugu_ticket_code_text(sample.order.phone_page, sample.token.bytes, text));
    code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    /* 38 mm wide with four quiet modules at each side, in the middle; look for the row. */
    module = 38 / 25.4 * 300 / (code->width + 8);
    ck_assert_msg(module * 25.4 / 300 >= 0.5, "a scanner wants modules of half a millimetre");
    x = header.cupsWidth / 2.0 - code->width * module / 2;
    for (unsigned y = 0; y + (unsigned)(code->width * module) + 1 < header.cupsHeight; y++)
        if (is_code_at(pixels, header.cupsBytesPerLine, x, y, module, code))
            is_found = true;
    ck_assert(is_found);
    QRcode_free(code);
    free(pixels);
    sugu_paper_done(&paper);
}
END_TEST

/* What pdfinfo says of the file. */
static void
read_about(const struct document *document, char *to, size_t size)
{
    char command[200];
    FILE *pipe;

    snprintf(command, sizeof command, "pdfinfo %s", document->path);
    pipe = popen(command, "re");
    ck_assert_ptr_nonnull(pipe);
    to[fread(to, 1, size - 1, pipe)] = '\0';
    ck_assert_int_eq(pclose(pipe), 0);
}

START_TEST(a_document_says_what_it_is_and_not_whose)
{
    static const struct {
        Sugu__PaperKind kind;
        const char *language, *title;
    } rows[] = {
        {SUGU__PAPER_KIND__PAPER_TICKET, "ja", "受付票 – "},
        {SUGU__PAPER_KIND__PAPER_TICKET, "en", "Ticket – "},
        {SUGU__PAPER_KIND__PAPER_RECEIPT, "en", "領収証 – "},
        {SUGU__PAPER_KIND__PAPER_STATEMENT, "ja", "診療明細書 – "},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sample_order sample;
        struct document document;
        char about[4000], title[200];
        if (rows[i].kind == SUGU__PAPER_KIND__PAPER_TICKET)
            sample_ticket(&sample, rows[i].language, 1);
        else
            sample_receipt(&sample, rows[i].kind, rows[i].language, 1);
        render(&sample, "about", &document);
        read_about(&document, about, sizeof about);
        snprintf(title, sizeof title, "%s%s\n", rows[i].title, sample.order.facility_name);
        ck_assert_msg(strstr(about, title) != NULL, "not %s in: %s", title, about);
        /* Name, patient's number, ticket's number. */
        ck_assert_msg(!strstr(about, "山田") && !strstr(about, "00012345") && !strstr(about, "A-0"),
                      "%s", about);
        document_done(&document);
    }
}
END_TEST

START_TEST(raster_has_as_many_pages_as_the_pdf)
{
    struct sample_order sample;
    struct sugu_paper paper;
    struct sugu_error error;
    cups_page_header2_t header;
    uint8_t *pixels;
    size_t dark = 0;

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 15);
    sugu_assert_ok(sugu_paper_render(&sample.order, SUGU_PAPER_PWG_RASTER, 200, &paper, &error),
                   error);
    pixels = read_raster_page(&paper, &header);
    ck_assert_uint_eq(paper.pages, 1);
    ck_assert_uint_eq(header.cupsInteger[0], 1);
    ck_assert_str_eq(header.cupsPageSizeName, "iso_a4_210x297mm");
    for (size_t i = 0; i < (size_t)header.cupsBytesPerLine * header.cupsHeight; i++)
        dark += pixels[i] < 64;
    ck_assert_uint_gt(dark, 5000);
    ck_assert_uint_lt(dark, (size_t)header.cupsBytesPerLine * header.cupsHeight / 4);
    free(pixels);
    sugu_paper_done(&paper);
}
END_TEST

START_TEST(languages_fall_back_to_english)
{
    static const struct {
        const char *language;
        bool in_japanese;
    } rows[] = {{"ja", true},   {"", true},    {"ja-JP", true}, {"ja@easy", true},
                {"jav", false}, {"en", false}, {"vi", false},   {"zh-Hans", false}};
    struct sugu_error error;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        ck_assert_msg(sugu_language_is_japanese(rows[i].language) == rows[i].in_japanese, "%s",
                      rows[i].language);
    sugu_assert_ok(sugu_sheet_font_check(&error), error);
}
END_TEST

SUGU_TEST_MAIN("papers",
               a_ticket_shows_the_number_the_place_and_the_way,
               a_ticket_in_english_keeps_the_japanese_for_the_staff,
               a_ticket_to_the_desk_says_so_and_not_why,
               a_called_number_is_sent_where_the_board_sends_it,
               long_words_on_a_ticket_are_not_cut,
               a_ticket_shows_the_plan_of_the_day,
               a_hundred_before_you_may_be_more,
               nobody_before_you_is_you_are_next,
               a_receipt_has_every_field_of_the_form,
               a_reissued_receipt_says_so_and_english_stands_beside,
               a_receipt_of_nothing_and_of_much_is_right,
               many_items_outside_insurance_go_on_on_the_next_page,
               a_statement_lists_every_line_under_its_category,
               three_hundred_lines_fill_pages_with_carried_heads,
               a_bill_that_does_not_add_up_gives_no_receipt,
               the_code_on_a_ticket_is_the_one_of_its_token,
               a_document_says_what_it_is_and_not_whose,
               raster_has_as_many_pages_as_the_pdf,
               languages_fall_back_to_english)
