/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-slips - papers about money beside the usual receipt: parts, deposits, what is owed
 */
#include "paper-document.h"

#include "testlib/checks.h"

START_TEST(a_deposit_is_no_receipt_and_says_so)
{
    struct sample_order sample;
    struct document document;

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "en", 30);
    sample.receipt.is_deposit = true;
    sample.receipt.paid_yen = sample.part.yen = 5000;
    render(&sample, "deposit-en", &document);
    assert_says(&document, "預り証");
    assert_says(&document, "お預り金額 Deposit received");
    assert_says(&document, "これは領収証ではありません");
    assert_says(&document, "1,790円"); /* of 6,790 is left */
    ck_assert_uint_eq(count_of(&document, "領収済"), 0);
    ck_assert_uint_eq(count_of(&document, "医療費控除"), 0);
    ck_assert_uint_eq(document.paper.pages, 1);
    document_done(&document);
}
END_TEST

START_TEST(a_receipt_names_each_way_that_it_was_paid_by)
{
    struct sample_order sample;
    struct document document;
    Sugu__ReceiptPart parts[3], *list[3];

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 31);
    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(parts); i++) {
        list[i] = &parts[i];
        sugu__receipt_part__init(list[i]);
    }
    parts[0].method = SUGU__PAYMENT_METHOD__METHOD_CASH;
    parts[0].yen = 2000;
    parts[1].method = SUGU__PAYMENT_METHOD__METHOD_CODE;
    parts[1].yen = 1790;
    parts[2].method = SUGU__PAYMENT_METHOD__METHOD_ON_FILE;
    parts[2].yen = 2500;
    parts[2].brand = (char *)"VISA";
    parts[2].last4 = (char *)"4242";
    sample.receipt.n_parts = SUGU_ARRAY_SIZE(parts);
    sample.receipt.parts = list;
    sample.bill.waived_yen = 500;
    sample.receipt.paid_yen = 6290;
    render(&sample, "receipt-parts", &document);
    assert_says(&document, "現金2,000円");
    assert_says(&document, "コード決済1,790円");
    assert_says(&document, "登録カードVISA****42422,500円");
    assert_says(&document, "請求しない額-500円");
    assert_says(&document, "残額0円");
    assert_says(&document, "領収済");
    document_done(&document);
}
END_TEST

START_TEST(a_slip_over_owed_money_names_nobody)
{
    struct sample_order sample;
    struct document document;

    sample_claim(&sample, SUGU__PAPER_KIND__PAPER_CLAIM, "en", 32);
    render(&sample, "claim-en", &document);
    ck_assert_double_eq_tol(document.paper.width, SUGU_MM(80), 0.01);
    assert_says(&document, "The machine owes you");
    assert_says(&document, "お渡しできなかったお金");
    assert_says(&document, "940円");
    assert_says(&document, "Your number: A-042");
    assert_says(&document, "5F0E1A92");
    assert_says(&document, "Machine: K-03");
    assert_says(&document, "10:24");
    document_done(&document);

    sample_claim(&sample, SUGU__PAPER_KIND__PAPER_REFUND, "ja", 33);
    sample.claim.number = (char *)"";
    sample.claim.yen = 99999999;
    render(&sample, "refund-ja", &document);
    assert_says(&document, "お返しするお金");
    assert_says(&document, "99,999,999円");
    assert_says(&document, "カードへお戻しするか");
    ck_assert_uint_eq(count_of(&document, "受付番号"), 0);
    document_done(&document);
}
END_TEST

START_TEST(a_slip_over_nothing_is_not_printed)
{
    struct sample_order sample;
    struct sugu_paper paper;
    struct sugu_error error;

    sample_claim(&sample, SUGU__PAPER_KIND__PAPER_CLAIM, "ja", 34);
    sample.claim.yen = 0;
    ck_assert_int_eq(sugu_paper_render(&sample.order, SUGU_PAPER_PDF, 0, &paper, &error),
                     SUGU_BROKEN);
    sample.claim.yen = 940;
    sample.order.content_case = SUGU__PRINT_PAPER__CONTENT_TICKET;
    ck_assert_int_eq(sugu_paper_render(&sample.order, SUGU_PAPER_PDF, 0, &paper, &error),
                     SUGU_BROKEN);
}
END_TEST

SUGU_TEST_MAIN("slips",
               a_deposit_is_no_receipt_and_says_so,
               a_receipt_names_each_way_that_it_was_paid_by,
               a_slip_over_owed_money_names_nobody,
               a_slip_over_nothing_is_not_printed)
