/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample-orders - orders to print as a hospital's day brings them, and the extreme ones
 */
#include "testlib/sample-orders.h"

#include "base/random.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

#define ISSUED_UTC_US INT64_C(1795310640000000) /* 2026-11-22 10:24 in Tokyo */

static void
begin(struct sample_order *sample, Sugu__PaperKind kind, const char *language, uint64_t seed)
{
    struct sugu_random_seeded seeded;
    struct sugu_clock_manual manual;

    memset(sample, 0, sizeof *sample);
    sugu_clock_manual_init(&manual, ISSUED_UTC_US);
    sugu_random_seeded_init(&seeded, seed);
    sample->paper = sugu_id_new(&manual.clock, &seeded.random);
    sample->visit = sugu_id_new(&manual.clock, &seeded.random);
    sample->bill_id = sugu_id_new(&manual.clock, &seeded.random);
    sample->token = sugu_id_new(&manual.clock, &seeded.random);
    sugu__print_paper__init(&sample->order);
    sugu__ticket__init(&sample->ticket);
    sugu__receipt__init(&sample->receipt);
    sugu__bill__init(&sample->bill);
    sample->order.paper = sugu_id_field(&sample->paper);
    sample->order.visit = sugu_id_field(&sample->visit);
    sample->order.kind = kind;
    sample->order.language = (char *)language;
    sample->order.facility_name = (char *)"すぐ中央病院";
}

void
sample_ticket(struct sample_order *sample, const char *language, uint64_t seed)
{
    begin(sample, SUGU__PAPER_KIND__PAPER_TICKET, language, seed);
    sample->order.content_case = SUGU__PRINT_PAPER__CONTENT_TICKET;
    sample->order.ticket = &sample->ticket;
    sample->order.phone_page = (char *)"https://sugu.example.jp/v/";
    sample->ticket.visit = sugu_id_field(&sample->visit);
    sample->ticket.token = sugu_id_field(&sample->token);
    sample->ticket.number = (char *)"A-042";
    sample->ticket.department = (char *)"01";
    sample->ticket.department_name = (char *)"内科";
    sample->ticket.before_you = 3;
    sample->ticket.business_day = 20261122;
    sample->ticket.issued_utc_us = ISSUED_UTC_US;
}

void
sample_claim(struct sample_order *sample, Sugu__PaperKind kind, const char *language, uint64_t seed)
{
    begin(sample, kind, language, seed);
    sugu__claim__init(&sample->claim);
    sample->order.content_case = SUGU__PRINT_PAPER__CONTENT_CLAIM;
    sample->order.claim = &sample->claim;
    sample->claim.number = (char *)"A-042";
    sample->claim.place = (char *)"K-03";
    sample->claim.reference = (char *)"5F0E1A92";
    sample->claim.yen = 940;
    sample->claim.utc_us = ISSUED_UTC_US;
}

void
sample_bill_clear(struct sample_order *sample)
{
    sample->bill.n_lines = 0;
}

void
sample_bill_add(struct sample_order *sample,
                const char *category,
                const char *name,
                uint32_t points,
                uint32_t count,
                int64_t yen)
{
    size_t at = sample->bill.n_lines++;
    Sugu__BillLine *line = &sample->lines[at];

    assert(at < SAMPLE_LINES_MAX);
    sugu__bill_line__init(line);
    sugu_text_copy(sample->names[at], sizeof sample->names[at], name);
    line->category = (char *)category;
    line->act_code = (char *)"111000110";
    line->name = sample->names[at];
    line->points = points;
    line->count = count;
    line->yen = yen;
    sample->line_places[at] = line;
    sample->bill.lines = sample->line_places;
}

void
sample_bill_total(struct sample_order *sample)
{
    Sugu__Bill *bill = &sample->bill;

    bill->total_points = 0;
    bill->self_pay_yen = 0;
    for (size_t i = 0; i < bill->n_lines; i++) {
        bill->total_points += bill->lines[i]->points * bill->lines[i]->count;
        bill->self_pay_yen += bill->lines[i]->yen;
    }
    bill->copay_yen = ((int64_t)bill->total_points * 3 + 5) / 10 * 10;
    bill->total_yen = bill->copay_yen + bill->self_pay_yen;
    sample->receipt.paid_yen = bill->total_yen;
}

static void
add_usual_lines(struct sample_order *sample)
{
    sample_bill_add(sample, "A00", "初診料", 291, 1, 0);
    sample_bill_add(sample, "B00", "診療情報提供料（１）", 250, 1, 0);
    sample_bill_add(sample, "D00", "末梢血液一般検査", 21, 1, 0);
    sample_bill_add(sample, "D00", "生化学的検査（１）判断料", 144, 1, 0);
    sample_bill_add(sample, "D00", "Ｂ－Ｖ", 40, 1, 0);
    sample_bill_add(sample, "E00", "単純撮影（イの写真診断）", 85, 2, 0);
    sample_bill_add(sample, "E00", "単純撮影（デジタル撮影）", 68, 2, 0);
    sample_bill_add(sample, "F00", "処方箋料（その他）", 60, 1, 0);
    sample_bill_add(sample, "J00", "創傷処置（１００ｃｍ２未満）", 52, 1, 0);
    sample_bill_add(sample, "SELF", "診断書（当院書式）", 0, 1, 3300);
}

void
sample_receipt(struct sample_order *sample,
               Sugu__PaperKind kind,
               const char *language,
               uint64_t seed)
{
    Sugu__Receipt *receipt = &sample->receipt;

    begin(sample, kind, language, seed);
    sample->order.content_case = SUGU__PRINT_PAPER__CONTENT_RECEIPT;
    sample->order.receipt = receipt;
    receipt->bill = &sample->bill;
    sample->bill.bill = sugu_id_field(&sample->bill_id);
    sample->bill.visit = sugu_id_field(&sample->visit);
    sample->bill.revision = 1;
    sample->bill.ratio_percent = 30;
    sample->bill.department_name = (char *)"内科";
    add_usual_lines(sample);
    sample_bill_total(sample);
    receipt->receipt_number = 1042;
    receipt->patient_number = (char *)"00012345";
    receipt->patient_name = (char *)"山田　花子";
    receipt->visit_date = 20261122;
    receipt->issued_utc_us = ISSUED_UTC_US;
    sugu__receipt_part__init(&sample->part);
    sample->part.method = SUGU__PAYMENT_METHOD__METHOD_CARD;
    sample->part.brand = (char *)"VISA";
    sample->part.last4 = (char *)"4242";
    sample->part_list[0] = &sample->part;
    receipt->n_parts = 1;
    receipt->parts = sample->part_list;
    receipt->insurance = (char *)"社保（協会けんぽ）本人";
    receipt->facility_name = (char *)"医療法人社団すぐ会　すぐ中央病院";
    receipt->facility_address = (char *)"〒100-0001　東京都千代田区千代田１丁目１番１号";
    receipt->facility_phone = (char *)"03-1234-5678";
    receipt->ticket_number = (char *)"A-042";
}
