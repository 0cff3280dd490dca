/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk-house - an invented morning of a hospital, as the server tells it to a desk
 */
#include "desk-house.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE SUGU_MINUTE

static const struct {
    const char *code, *name;
    Sugu__StageKind kind;
    uint32_t told, held;
} departments[DESK_HOUSE_QUEUES] = {
    {"internal", "内科・循環器内科", SUGU__STAGE_KIND__KIND_CONSULTATION, 412, 331},
    {"reception", "総合受付", SUGU__STAGE_KIND__KIND_RECEPTION, 0, 0},
    {"eye", "眼科", SUGU__STAGE_KIND__KIND_CONSULTATION, 220, 178},
    {"surgery", "整形外科・リハビリテーション科", SUGU__STAGE_KIND__KIND_CONSULTATION, 190, 139},
    {"blood", "採血室", SUGU__STAGE_KIND__KIND_TEST, 900, 741},
    {"xray", "放射線科（X線・CT）", SUGU__STAGE_KIND__KIND_TEST, 300, 240},
    {"pharmacy", "薬局", SUGU__STAGE_KIND__KIND_PHARMACY, 0, 0},
    {"billing", "会計", SUGU__STAGE_KIND__KIND_BILLING, 0, 0},
};

static const char *const names[] = {
    "佐藤 花子",
    "長谷川 健太郎",
    "鈴木 一郎",
    "グエン・ティ・フオン・リン",
    "高橋 美咲",
    "田中 義男",
    "李 秀英",
    "伊藤 さくら",
    "Christopher Alexander Montgomery-Featherstone",
    "渡邊 和子",
    "山本 大輔",
    "中村 ひかり",
    "小林 正",
    "加藤 恵子",
    "吉田 翔",
};

struct sugu_id
desk_house_visit(unsigned i)
{
    struct sugu_id id = {{0x01, 0x97, 0x2e}};

    id.bytes[6] = 0x70;
    id.bytes[12] = (uint8_t)(i >> 24);
    id.bytes[13] = (uint8_t)(i >> 16);
    id.bytes[14] = (uint8_t)(i >> 8);
    id.bytes[15] = (uint8_t)i;
    return id;
}

static Sugu__StageState
state_of(unsigned i)
{
    static const Sugu__StageState states[] = {
        SUGU__STAGE_STATE__STAGE_CALLED,  SUGU__STAGE_STATE__STAGE_PRESENT,
        SUGU__STAGE_STATE__STAGE_WAITING, SUGU__STAGE_STATE__STAGE_WAITING,
        SUGU__STAGE_STATE__STAGE_PARKED,  SUGU__STAGE_STATE__STAGE_MISSED,
        SUGU__STAGE_STATE__STAGE_PLANNED, SUGU__STAGE_STATE__STAGE_DONE,
    };

    return i / DESK_HOUSE_QUEUES < sizeof states / sizeof *states
               ? states[i / DESK_HOUSE_QUEUES]
               : SUGU__STAGE_STATE__STAGE_WAITING;
}

static void
fill_times(Sugu__QueueEntry *to, unsigned i)
{
    /* In per cent of an hour and a half: how long the queues are. */
    static const int64_t lengths[DESK_HOUSE_QUEUES] = {70, 100, 30, 45, 20, 75, 15, 10};
    int64_t arrived = DESK_HOUSE_NOW -
                      (3 + (int64_t)(i * 37 % 89) * lengths[i % DESK_HOUSE_QUEUES] / 100) * MINUTE;

    to->arrived_utc_us = arrived;
    to->waiting_utc_us = arrived + (int64_t)(i % 3) * MINUTE;
    to->appointment_utc_us =
        i % 3 ? (arrived / (5 * MINUTE) + (int64_t)(i % 5) - 1) * 5 * MINUTE : 0;
    to->due_utc_us = to->appointment_utc_us ? to->appointment_utc_us : arrived + 10 * MINUTE;
    to->low_min = 10 + i % 4 * 5;
    to->high_min = to->low_min + 15;
    to->rank = to->priority == SUGU__PRIORITY__PRIORITY_URGENT ? 0 : 1;
    if (to->state == SUGU__STAGE_STATE__STAGE_CALLED ||
        to->state == SUGU__STAGE_STATE__STAGE_PRESENT ||
        to->state == SUGU__STAGE_STATE__STAGE_MISSED) {
        to->called_utc_us = DESK_HOUSE_NOW - (3 + i % 9) * MINUTE;
        to->calls = 1 + i % 2;
    }
    if (to->state == SUGU__STAGE_STATE__STAGE_PARKED)
        to->parked_until_utc_us = DESK_HOUSE_NOW + 12 * MINUTE;
}

void
desk_house_fill(struct desk_house_entry *entry, unsigned i, const char *department)
{
    Sugu__QueueEntry *to = &entry->message;
    unsigned queue = i % DESK_HOUSE_QUEUES;

    sugu__queue_entry__init(to);
    entry->visit = desk_house_visit(i);
    snprintf(entry->number, sizeof entry->number, "%c-%03u", 'A' + (int)(i / 999 % 26),
             i % 999 + 1);
    snprintf(entry->patient_number, sizeof entry->patient_number, "%06u", 100001 + i * 7);
    snprintf(entry->name, sizeof entry->name, "%s", names[i % (sizeof names / sizeof *names)]);
    snprintf(entry->desk, sizeof entry->desk, "%u", queue + 1);
    to->visit = sugu_id_field(&entry->visit);
    to->stage = 1;
    to->number = entry->number;
    to->department = (char *)(department ? department : departments[queue].code);
    to->state = state_of(i);
    to->priority = i % 29 == 17  ? SUGU__PRIORITY__PRIORITY_URGENT
                   : i % 11 == 5 ? SUGU__PRIORITY__PRIORITY_ASSISTED
                                 : SUGU__PRIORITY__PRIORITY_ORDINARY;
    to->patient_number = entry->patient_number;
    to->patient_name = entry->name;
    to->language = (char *)(i % 13 == 8 ? "en" : "ja");
    to->visit_state = SUGU__VISIT_STATE__VISIT_IN_STAGES;
    if (queue == 1)
        to->reason = (char *)(i % 3 == 0   ? "eligibility.no-insurance"
                              : i % 3 == 1 ? "identity.not-found"
                                           : "visit.wants-desk");
    fill_times(to, i);
    if (to->called_utc_us)
        to->desk = entry->desk;
}

/* ---------------------------------------------------------------- a page */

enum { HELPS = 6 };

struct desk_house_page {
    Sugu__Queues message;
    Sugu__Queue queues[DESK_HOUSE_QUEUES], *queue_list[DESK_HOUSE_QUEUES];
    Sugu__QueueRule rules[DESK_HOUSE_QUEUES];
    Sugu__Desk desks[DESK_HOUSE_QUEUES], *desk_list[DESK_HOUSE_QUEUES];
    char desk_names[DESK_HOUSE_QUEUES][4];
    Sugu__HelpWanted helps[HELPS], *help_list[HELPS];
    struct desk_house_entry *entries;
    Sugu__QueueEntry **entry_list;
};

static void
fill_queues(struct desk_house_page *page)
{
    for (unsigned i = 0; i < DESK_HOUSE_QUEUES; i++) {
        Sugu__Queue *queue = page->queue_list[i] = &page->queues[i];
        sugu__queue__init(queue);
        sugu__queue_rule__init(&page->rules[i]);
        page->rules[i].walk_in_after_min = 10;
        page->rules[i].grace_min = 15;
        page->rules[i].late_after_min = 30;
        page->rules[i].assist_before_min = 15;
        queue->department = (char *)departments[i].code;
        queue->name = (char *)departments[i].name;
        queue->kind = departments[i].kind;
        queue->is_desk = departments[i].kind == SUGU__STAGE_KIND__KIND_RECEPTION;
        queue->is_open = true;
        queue->told = departments[i].told;
        queue->held = departments[i].held;
        queue->rule = &page->rules[i];
        page->desk_list[i] = &page->desks[i];
        sugu__desk__init(&page->desks[i]);
        snprintf(page->desk_names[i], sizeof page->desk_names[i], "%u", i + 1);
        page->desks[i].desk = page->desk_names[i];
        page->desks[i].department = queue->department;
    }
    page->message.queues = page->queue_list;
    page->message.n_queues = DESK_HOUSE_QUEUES;
    page->message.desks = page->desk_list;
    page->message.n_desks = DESK_HOUSE_QUEUES;
}

static void
fill_helps(struct desk_house_page *page)
{
    static const struct {
        const char *place, *reason, *number;
        int minutes;
    } rows[] = {
        {"kiosk-2", "help.asked", "", 2},
        {"kiosk-1", "payment.no-answer", "A-010", 4},
        {"kiosk-3", "printer.paper-out", "A-027", 7},
        {"desk-2", "refund.waiting", "A-017", 9},
        {"kiosk-3-east-entrance", "refund.failed", "A-017", 11},
        {"kiosk-1", "cash.change-owed", "A-024", 15},
    };

    for (unsigned i = 0; i < HELPS; i++) {
        page->help_list[i] = &page->helps[i];
        sugu__help_wanted__init(&page->helps[i]);
        page->helps[i].place = (char *)rows[i].place;
        page->helps[i].reason = (char *)rows[i].reason;
        page->helps[i].number = (char *)rows[i].number;
        page->helps[i].asked_utc_us = DESK_HOUSE_NOW - rows[i].minutes * MINUTE;
    }
    page->message.helps = page->help_list;
    page->message.n_helps = HELPS;
}

struct desk_house_page *
desk_house_page_new(unsigned first, unsigned count, const char *department)
{
    struct desk_house_page *page = calloc(1, sizeof *page);

    if (!page)
        abort();
    sugu__queues__init(&page->message);
    if (first == 0) {
        fill_queues(page);
        if (count > 0)
            fill_helps(page);
    }
    page->entries = calloc(count + 1, sizeof *page->entries);
    page->entry_list = calloc(count + 1, sizeof *page->entry_list);
    for (unsigned i = 0; i < count; i++) {
        desk_house_fill(&page->entries[i], first + i, department);
        page->entry_list[i] = &page->entries[i].message;
    }
    page->message.entries = page->entry_list;
    page->message.n_entries = count;
    page->message.is_last = true;
    return page;
}

void
desk_house_page_free(struct desk_house_page *page)
{
    free(page->entries);
    free(page->entry_list);
    free(page);
}

Sugu__Queues *
desk_house_queues(struct desk_house_page *page)
{
    return &page->message;
}

/* ---------------------------------------------------------------- machines, numbers, people */

const Sugu__Kiosks *
desk_house_kiosks(void)
{
    static const struct {
        const char *place, *client, *role, *page, *error;
        int silent_s;
        Sugu__PartHealth health;
        const char *code;
        Sugu__Part part;
    } rows[] = {
        {"kiosk-1", "kiosk-1", "kiosk", "paying", "", 1, SUGU__PART_HEALTH__PART_OK, "",
         SUGU__PART__PART_READER},
        {"kiosk-1", "printer-1", "printer", "", "printer.jam", 2, SUGU__PART_HEALTH__PART_LOW,
         "printer.paper-low", SUGU__PART__PART_PRINTER},
        {"kiosk-2", "kiosk-2", "kiosk", "welcome", "", 1, SUGU__PART_HEALTH__PART_OK, "",
         SUGU__PART__PART_READER},
        {"kiosk-2", "payment-2", "payment", "", "terminal.away", 1, SUGU__PART_HEALTH__PART_AWAY,
         "terminal.away", SUGU__PART__PART_TERMINAL},
        {"kiosk-3", "kiosk-3", "kiosk", "ticket", "", 900, SUGU__PART_HEALTH__PART_OK, "",
         SUGU__PART__PART_READER},
        {"kiosk-4", "payment-4", "payment", "", "", 1, SUGU__PART_HEALTH__PART_LOW,
         "cash.near-empty", SUGU__PART__PART_CASH},
        {"kiosk-5", "payment-5", "payment", "", "cash.jammed", 1, SUGU__PART_HEALTH__PART_AWAY,
         "cash.jammed", SUGU__PART__PART_CASH},
    };
    enum { COUNT = sizeof rows / sizeof *rows };
    static Sugu__Kiosks kiosks;
    static Sugu__Kiosk kiosk[COUNT], *list[COUNT];
    static Sugu__PartState part[COUNT], *parts[COUNT];

    sugu__kiosks__init(&kiosks);
    for (unsigned i = 0; i < COUNT; i++) {
        list[i] = &kiosk[i];
        parts[i] = &part[i];
        sugu__kiosk__init(&kiosk[i]);
        sugu__part_state__init(&part[i]);
        part[i].part = rows[i].part;
        part[i].health = rows[i].health;
        part[i].code = (char *)rows[i].code;
        kiosk[i].place = (char *)rows[i].place;
        kiosk[i].client = (char *)rows[i].client;
        kiosk[i].role = (char *)rows[i].role;
        kiosk[i].page = (char *)rows[i].page;
        kiosk[i].last_error = (char *)rows[i].error;
        kiosk[i].errored_utc_us = *rows[i].error ? DESK_HOUSE_NOW - 25 * MINUTE : 0;
        kiosk[i].heard_utc_us = DESK_HOUSE_NOW - rows[i].silent_s * SUGU_SECOND;
        kiosk[i].parts = &parts[i];
        kiosk[i].n_parts = 1;
    }
    kiosks.kiosks = list;
    kiosks.n_kiosks = COUNT;
    kiosks.is_last = true;
    return &kiosks;
}

const Sugu__Today *
desk_house_today(void)
{
    static Sugu__Today today;

    sugu__today__init(&today);
    today.arrived = 612;
    today.waiting = 148;
    today.called = 23;
    today.gone = 401;
    today.missed = 9;
    today.wait_median_s = 17 * 60;
    today.wait_p90_s = 52 * 60;
    today.settled = 388;
    today.settled_at_kiosk = 341;
    return &today;
}

const Sugu__PatientsFound *
desk_house_patients(void)
{
    static const char *const dates[] = {"佐藤 花子", "佐藤 華子", "佐藤 はな"};
    static Sugu__PatientsFound found;
    static Sugu__PatientFound patient[3], *list[3];
    static Sugu__Appointment appointment, *appointments[1] = {&appointment};
    static struct sugu_id ids[3];
    static char numbers[3][8];

    sugu__patients_found__init(&found);
    sugu__appointment__init(&appointment);
    appointment.department = (char *)"eye";
    appointment.department_name = (char *)"眼科";
    appointment.minutes = 10 * 60 + 30;
    for (unsigned i = 0; i < 3; i++) {
        list[i] = &patient[i];
        ids[i] = desk_house_visit(900000 + i);
        sugu__patient_found__init(&patient[i]);
        snprintf(numbers[i], sizeof numbers[i], "%06u", 2 + i);
        patient[i].patient = sugu_id_field(&ids[i]);
        patient[i].patient_number = numbers[i];
        patient[i].name = (char *)dates[i];
        patient[i].birth_date = 19550401 + i * 10000;
    }
    patient[0].number = (char *)"A-001";
    patient[1].appointments = appointments;
    patient[1].n_appointments = 1;
    found.patients = list;
    found.n_patients = 3;
    return &found;
}

/* ---------------------------------------------------------------- what is known of one */

static void
fill_stages(Sugu__Ticket *ticket)
{
    static const struct {
        const char *name;
        Sugu__StageState state;
        unsigned before;
    } rows[] = {
        {"採血室", SUGU__STAGE_STATE__STAGE_DONE, 0},
        {"内科・循環器内科", SUGU__STAGE_STATE__STAGE_WAITING, 4},
        {"薬局", SUGU__STAGE_STATE__STAGE_PLANNED, 0},
    };
    static Sugu__TicketStage stage[3], *list[3];

    for (unsigned i = 0; i < 3; i++) {
        list[i] = &stage[i];
        sugu__ticket_stage__init(&stage[i]);
        stage[i].department_name = (char *)rows[i].name;
        stage[i].state = rows[i].state;
        stage[i].before_you = rows[i].before;
    }
    ticket->stages = list;
    ticket->n_stages = 3;
}

const Sugu__VisitFound *
desk_house_known(const char *number)
{
    static Sugu__VisitFound found;
    static Sugu__Ticket ticket;
    static Sugu__Bill bill;
    static Sugu__PaperChange paper, *papers[1] = {&paper};
    static Sugu__Help help, *helps[1] = {&help};
    static struct sugu_id bill_id, visit_id;

    sugu__visit_found__init(&found);
    sugu__ticket__init(&ticket);
    sugu__bill__init(&bill);
    sugu__paper_change__init(&paper);
    sugu__help__init(&help);
    bill_id = desk_house_visit(800000);
    visit_id = desk_house_visit(0);
    ticket.number = (char *)number;
    ticket.visit = sugu_id_field(&visit_id);
    fill_stages(&ticket);
    bill.bill = sugu_id_field(&bill_id);
    bill.visit = sugu_id_field(&visit_id);
    bill.revision = 1;
    bill.total_yen = 12340;
    bill.state = SUGU__BILL_STATE__BILL_TO_COUNTER;
    bill.refund_due_yen = 500;
    bill.on_file_code = (char *)"later.declined";
    desk_house_fill_lines(&bill);
    paper.paper = sugu_id_field(&bill_id);
    paper.kind = SUGU__PAPER_KIND__PAPER_TICKET;
    paper.state = SUGU__PAPER_STATE__PAPER_DOUBTFUL;
    paper.code = (char *)"printer.no-answer";
    help.place = (char *)"kiosk-1";
    help.reason = (char *)"payment.no-answer";
    found.ticket = &ticket;
    found.bill = &bill;
    found.papers = papers;
    found.n_papers = 1;
    found.helps = helps;
    found.n_helps = 1;
    found.eligibility = SUGU__ELIGIBILITY_OUTCOME__VERIFIED_WITH_CHANGE;
    found.card_on_file = (Sugu__CardOnFile *)desk_house_card();
    found.patient_number = (char *)"0002";
    found.patient_name = (char *)"佐藤 花子";
    found.ratio_percent = 30;
    found.ratio_source = SUGU__RATIO_SOURCE__RATIO_VERIFIED;
    return &found;
}
