/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk-house-money - the money of one bill of the invented morning, as the server tells it to a
 * desk
 */
#include "desk-house.h"

#include "base/macros.h"

#include <assert.h>
#include <string.h>

#define MINUTE (60 * SUGU_SECOND)

/* ---------------------------------------------------------------- the bill's lines */

void
desk_house_fill_lines(Sugu__Bill *bill)
{
    static const struct {
        const char *name;
        uint32_t points, count;
        int64_t yen;
    } rows[] = {
        {"再診料", 75, 1, 0},
        {"血液化学検査（10項目以上）・末梢血液一般検査・静脈採血", 3800, 1, 0},
        {"文書料（診断書）", 0, 1, 715},
    };
    enum { COUNT = sizeof rows / sizeof *rows };
    static Sugu__BillLine line[COUNT], *lines[COUNT];

    for (unsigned i = 0; i < COUNT; i++) {
        lines[i] = &line[i];
        sugu__bill_line__init(&line[i]);
        line[i].category = (char *)"A00";
        line[i].act_code = (char *)"112007410";
        line[i].name = (char *)rows[i].name;
        line[i].points = rows[i].points;
        line[i].count = rows[i].count;
        line[i].yen = rows[i].yen;
    }
    bill->lines = lines;
    bill->n_lines = COUNT;
    bill->ratio_percent = 30;
    bill->visit_date = 20250602;
}

/* ---------------------------------------------------------------- attempts */

struct attempt_row {
    Sugu__AttemptKind kind;
    Sugu__PaymentMethod method;
    Sugu__AttemptState state;
    int64_t asked, approved, refunded;
    const char *code, *brand, *last4, *place;
    int minutes;
};

#define STATE(name)  SUGU__ATTEMPT_STATE__ATTEMPT_##name
#define KIND(name)   SUGU__ATTEMPT_KIND__ATTEMPT_##name
#define METHOD(name) SUGU__PAYMENT_METHOD__METHOD_##name

enum { ATTEMPTS = 5, REFUNDS = 3 };

static const struct attempt_row attempt_rows[ATTEMPTS] = {
    {KIND(PAYMENT), METHOD(DESK), STATE(APPROVED), 3000, 3000, 500, "", "transfer", "", "desk-1",
     3},
    {KIND(REFUND), METHOD(ON_FILE), STATE(DECLINED), 500, 0, 0, "payment.not-reversible",
     "Mastercard", "4444", "kiosk-3-east-entrance", 9},
    {KIND(PAYMENT), METHOD(ON_FILE), STATE(APPROVED), 9840, 9840, 0, "", "Mastercard", "4444",
     "kiosk-3-east-entrance", 14},
    {KIND(PAYMENT), METHOD(CARD), STATE(DECLINED), 12340, 0, 0, "payment.declined", "JCB", "0505",
     "kiosk-3-east-entrance", 16},
    {KIND(PAYMENT), METHOD(CASH), STATE(DECLINED), 12340, 0, 0, "cash.no-change", "", "", "kiosk-1",
     21},
};

static const struct attempt_row held_row = {KIND(PAYMENT),
                                            METHOD(CARD),
                                            STATE(HELD),
                                            2500,
                                            0,
                                            0,
                                            "payment.no-answer",
                                            "",
                                            "",
                                            "kiosk-3-east-entrance",
                                            3};

static void
fill_attempt(Sugu__Attempt *to, const struct attempt_row *row, struct sugu_id *id, unsigned i)
{
    *id = desk_house_visit(810000 + i);
    sugu__attempt__init(to);
    to->attempt = sugu_id_field(id);
    to->kind = row->kind;
    to->method = row->method;
    to->state = row->state;
    to->amount_yen = row->asked;
    to->approved_yen = row->approved;
    to->refunded_yen = row->refunded;
    to->code = (char *)row->code;
    to->brand = (char *)row->brand;
    to->last4 = (char *)row->last4;
    to->place = (char *)row->place;
    to->provider_id = (char *)"T-000123";
    to->begun_utc_us = DESK_HOUSE_NOW - row->minutes * MINUTE;
}

/* ---------------------------------------------------------------- refunds */

static const struct {
    unsigned original;
    int64_t yen;
    Sugu__RefundReason reason;
    Sugu__RefundState state;
    const char *note, *ordered_by, *decided_by;
    int minutes;
} refund_rows[REFUNDS] = {
    {0, 500, SUGU__REFUND_REASON__REFUND_OVERPAID, SUGU__REFUND_STATE__REFUND_WAITING,
     "振込が二重のため差額を返金（整理番号十二）", "k.yamamoto-shinjiro", "", 2},
    {2, 500, SUGU__REFUND_REASON__REFUND_OVERPAID, SUGU__REFUND_STATE__REFUND_FAILED, "差額",
     "m.sato", "t.kobayashi", 9},
    {2, 9840, SUGU__REFUND_REASON__REFUND_CORRECTION, SUGU__REFUND_STATE__REFUND_DENIED,
     "検査の取り消し", "m.sato", "t.kobayashi", 12},
};

static void
fill_refund(Sugu__Refund *to, struct sugu_id *id, unsigned i)
{
    static struct sugu_id originals[REFUNDS];

    *id = desk_house_visit(820000 + i);
    originals[i] = desk_house_visit(810000 + refund_rows[i].original);
    sugu__refund__init(to);
    to->refund = sugu_id_field(id);
    to->original = sugu_id_field(&originals[i]);
    to->amount_yen = refund_rows[i].yen;
    to->reason = refund_rows[i].reason;
    to->state = refund_rows[i].state;
    to->note = (char *)refund_rows[i].note;
    to->ordered_by = (char *)refund_rows[i].ordered_by;
    to->decided_by = (char *)refund_rows[i].decided_by;
    to->ordered_utc_us = DESK_HOUSE_NOW - refund_rows[i].minutes * MINUTE;
}

const Sugu__Money *
desk_house_money(bool is_held)
{
    static Sugu__Money money;
    static Sugu__Attempt attempt[ATTEMPTS], *attempts[ATTEMPTS];
    static Sugu__Refund refund[REFUNDS], *refunds[REFUNDS];
    static struct sugu_id bill, ids[ATTEMPTS], refund_ids[REFUNDS];

    bill = desk_house_visit(800000);
    sugu__money__init(&money);
    money.bill = sugu_id_field(&bill);
    money.revision = 1;
    money.state = is_held ? SUGU__BILL_STATE__BILL_IN_PAYMENT : SUGU__BILL_STATE__BILL_OVERPAID;
    money.total_yen = 12340;
    money.paid_yen = is_held ? 9840 : 12840;
    money.change_owed_yen = is_held ? 0 : 20;
    for (unsigned i = 0; i < ATTEMPTS; i++) {
        attempts[i] = &attempt[i];
        fill_attempt(&attempt[i], is_held && i == 0 ? &held_row : &attempt_rows[i], &ids[i], i);
    }
    for (unsigned i = 0; i < REFUNDS; i++) {
        refunds[i] = &refund[i];
        fill_refund(&refund[i], &refund_ids[i], i);
        refund[i].bill = money.bill;
    }
    money.attempts = attempts;
    money.n_attempts = ATTEMPTS;
    money.refunds = is_held ? refunds + 1 : refunds;
    money.n_refunds = is_held ? REFUNDS - 1 : REFUNDS;
    return &money;
}

/* ---------------------------------------------------------------- tasks */

#define DAY (24 * 60 * MINUTE)

const Sugu__MoneyTasks *
desk_house_tasks(void)
{
    static const struct {
        const char *code, *number, *place, *name;
        int64_t yen, age_us;
        bool is_earlier;
        Sugu__AttemptKind held; /* of no bill */
    } rows[] = {
        {"later.suspended", "C-004", "", "小林 陽菜", 0, 12 * DAY, true},
        {"bill.deposit-held", "B-018", "kiosk-2", "山本 新次郎", 5000, 3 * DAY, true},
        {"payment.no-answer", "A-010", "kiosk-1", "高橋 実", 870, 4 * MINUTE, false},
        {"refund.waiting", "A-017", "", "佐藤 花子", 500, 9 * MINUTE, false},
        {"bill.overpaid", "A-021", "", "田中 美咲", 130, 11 * MINUTE, false},
        {"cash.change-owed", "A-024", "kiosk-3-east-entrance", "伊藤 健一", 20, 15 * MINUTE, false},
        {"payment.held", "A-026", "cards", "渡辺 真由美", 3000, 40 * MINUTE, false,
         SUGU__ATTEMPT_KIND__ATTEMPT_HOLD},
        {"payment.held", "", "kiosk-2", "中村 誠", 0, 2 * DAY, false,
         SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER},
        {"later.not-forgotten", "B-002", "", "加藤 千代子", 0, 9 * DAY, true},
    };
    enum { COUNT = sizeof rows / sizeof *rows };
    static_assert(COUNT == DESK_HOUSE_TASKS, "the header says how many");
    static Sugu__MoneyTasks tasks;
    static Sugu__MoneyTask task[COUNT], *list[COUNT];
    static struct sugu_id visits[COUNT], attempts[COUNT];

    sugu__money_tasks__init(&tasks);
    for (unsigned i = 0; i < COUNT; i++) {
        list[i] = &task[i];
        visits[i] = desk_house_visit(830000 + i);
        attempts[i] = desk_house_visit(840000 + i);
        sugu__money_task__init(&task[i]);
        task[i].code = (char *)rows[i].code;
        task[i].since_utc_us = DESK_HOUSE_NOW - rows[i].age_us;
        if (rows[i].number[0])
            task[i].visit = sugu_id_field(&visits[i]);
        if (rows[i].held) {
            task[i].attempt = sugu_id_field(&attempts[i]);
            task[i].kind = rows[i].held;
            task[i].method = rows[i].held == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER
                                 ? SUGU__PAYMENT_METHOD__METHOD_CARD
                                 : SUGU__PAYMENT_METHOD__METHOD_ON_FILE;
        }
        task[i].number = (char *)rows[i].number;
        task[i].visit_date = rows[i].is_earlier ? 20250521 : 20250602;
        task[i].is_earlier = rows[i].is_earlier;
        task[i].yen = rows[i].yen;
        task[i].place = (char *)rows[i].place;
        task[i].patient_number = (char *)"0002";
        task[i].patient_name = (char *)rows[i].name;
    }
    tasks.tasks = list;
    tasks.n_tasks = COUNT;
    return &tasks;
}

const Sugu__PatientBills *
desk_house_bills(void)
{
    static const struct {
        uint32_t day;
        const char *number, *department;
        Sugu__BillState state;
        int64_t total, due, back;
    } rows[] = {
        {20250602, "A-017", "内科", SUGU__BILL_STATE__BILL_OVERPAID, 12340, 0, 500},
        {20250521, "B-018", "整形外科（リハビリテーション）", SUGU__BILL_STATE__BILL_ANNOUNCED,
         3240, 3240, 0},
        {20250107, "C-002", "眼科", SUGU__BILL_STATE__BILL_SETTLED, 870, 0, 0},
    };
    enum { COUNT = sizeof rows / sizeof *rows };
    static Sugu__PatientBills bills;
    static Sugu__PatientBill bill[COUNT], *list[COUNT];
    static struct sugu_id visits[COUNT], ids[COUNT];

    sugu__patient_bills__init(&bills);
    for (unsigned i = 0; i < COUNT; i++) {
        list[i] = &bill[i];
        visits[i] = desk_house_visit(840000 + i);
        ids[i] = desk_house_visit(850000 + i);
        sugu__patient_bill__init(&bill[i]);
        bill[i].visit = sugu_id_field(&visits[i]);
        bill[i].bill = sugu_id_field(&ids[i]);
        bill[i].visit_date = rows[i].day;
        bill[i].number = (char *)rows[i].number;
        bill[i].department_name = (char *)rows[i].department;
        bill[i].state = rows[i].state;
        bill[i].total_yen = rows[i].total;
        bill[i].due_yen = rows[i].due;
        bill[i].refund_due_yen = rows[i].back;
        bill[i].is_earlier = i > 0;
    }
    bills.bills = list;
    bills.n_bills = COUNT;
    return &bills;
}

const Sugu__CardOnFile *
desk_house_card(void)
{
    static Sugu__CardOnFile card;
    static struct sugu_id id;

    id = desk_house_visit(860000);
    sugu__card_on_file__init(&card);
    card.card = sugu_id_field(&id);
    card.brand = (char *)"Mastercard";
    card.last4 = (char *)"4444";
    card.state = SUGU__CARD_ON_FILE_STATE__ON_FILE_SUSPENDED;
    card.code = (char *)"later.declined";
    return &card;
}
