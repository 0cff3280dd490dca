/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-house-paper - papers that do not come out: the number stands large on the screen with
 * its code, staff know the state of the paper, and money is not touched
 */
#include "scenario/house-world.h"

#include "testlib/checks.h"
#include "testlib/folder.h"
#include "testlib/sql.h"

#include <stdio.h>
#include <string.h>

static const struct house_options options = {.people = NULL};

static void
tell_printer(struct house_world *world, const char *line)
{
    house_world_tell(world, HOUSE_PRINTER_EMULATOR, line);
}

static int
papers(struct house_world *world)
{
    char path[300];

    snprintf(path, sizeof path, "%s/ipp/papers", world->folder);
    return sugu_test_folder_count(path);
}

/* ---- tickets */

static const struct {
    const char *before, *seen; /* command, and what sugu-printer has to know first; "" = nothing */
    const char *words;         /* on the page */
    const char *staff[2];      /* what staff see; NULL = no more */
    const char *after;
} rows[] = {
    {"paper out",
     "code=printer.paper-out",
     "用紙が",
     {"help kiosk-1 printer.paper-out"},
     "paper in"},
    {"off", "code=printer.away", "印刷できません", {"help kiosk-1 printer.away"}, "on"},
    {"jam on",
     "",
     "印刷できません",
     {"help kiosk-1 printer.jam", "paper ticket printing printer.jam"},
     "jam off"},
    {"abort on",
     "",
     "紙が",
     {"help kiosk-1 printer.failed", "paper ticket failed printer.failed"},
     "abort off"},
};

/* The code on the screen is the ticket's own. */
static void
expect_code(struct house_world *world)
{
    char shown[128], is[64];

    house_world_read_code(world, shown, sizeof shown);
    snprintf(is, sizeof is, "SUGU1:%s",
             sugu_sql_text(world->facts.connection, "SELECT encode(token, 'hex') FROM visit "
                                                    "ORDER BY arrived_at DESC LIMIT 1"));
    ck_assert_str_eq(shown, is);
}

static void
meet(struct house_world *world, size_t row)
{
    char number[17];

    world->trouble = rows[row].before;
    tell_printer(world, rows[row].before);
    if (*rows[row].seen)
        house_world_hear(world, HOUSE_PRINTER, rows[row].seen, NULL, 0);
    house_world_get_ticket(world, (unsigned)row);
    house_world_newest(world, number);
    house_world_sees(world, number);
    house_world_sees(world, rows[row].words);
    expect_code(world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows[row].staff) && rows[row].staff[i]; i++)
        house_world_staff_see(world, number, rows[row].staff[i]);
    tell_printer(world, rows[row].after);
    if (*rows[row].seen)
        house_world_hear(world, HOUSE_PRINTER, "printer.state code=ok", NULL, 0);
}

START_TEST(a_ticket_that_does_not_come_out_is_a_large_number_with_its_code)
{
    struct house_world world;

    house_world_init(&world, &options);
    for (size_t row = 0; row < SUGU_ARRAY_SIZE(rows); row++) {
        meet(&world, row);
        if (strcmp(rows[row].before, "jam on") == 0) { /* it was only waiting */
            house_world_sees(&world, "お取りください");
            house_world_staff_see(&world, "A-003", "paper ticket out");
        }
        house_world_leave(&world);
    }
    ck_assert_int_eq(papers(&world), 1);
    world.trouble = "no paper for a number of the desk";
    tell_printer(&world, "paper out");
    house_world_hear(&world, HOUSE_PRINTER, "code=printer.paper-out", NULL, 0);
    house_world_go(&world, "カードがない方", "no-card");
    house_world_go(&world, "番号札を取る", "to-desk");
    house_world_sees(&world, "R-001");
    house_world_sees(&world, "用紙が");
    expect_code(&world);
    house_world_staff_see(&world, "R-001", "help kiosk-1 printer.paper-out");
    tell_printer(&world, "paper in");
    house_world_hear(&world, HOUSE_PRINTER, "printer.state code=ok", NULL, 0);
    house_world_leave(&world);
    world.trouble = "after all that";
    house_world_get_ticket(&world, SUGU_ARRAY_SIZE(rows));
    house_world_sees(&world, "お取りください");
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM visit"),
                     SUGU_ARRAY_SIZE(rows) + 2);
    house_world_done(&world);
}
END_TEST

/* ---- receipts */

/* Paid, and the papers come at the desk; `help` is what staff hear. */
static void
pays_without_papers(struct house_world *world, const struct house_visit *visit, const char *help)
{
    char line[80];

    house_world_see_bill(world, visit);
    house_world_press(world, "カードで");
    house_world_page(world, "receipt-later");
    house_world_sees(world, "受付窓口で");
    house_world_sees(world, visit->number);
    snprintf(line, sizeof line, "help kiosk-1 %s", help);
    house_world_staff_see(world, visit->number, line);
    house_world_staff_see(world, visit->number, "bill revision=1 state=4");
}

START_TEST(what_was_paid_stays_paid_when_the_receipt_does_not_come_out)
{
    struct house_world world;
    struct house_visit visit;
    long yen;

    house_world_init(&world, &options);
    world.trouble = "no paper for the receipt";
    house_world_bill(&world, 0, &visit);
    yen = visit.bill_yen;
    tell_printer(&world, "paper out");
    house_world_hear(&world, HOUSE_PRINTER, "code=printer.paper-out", NULL, 0);
    pays_without_papers(&world, &visit, "printer.paper-out");
    house_world_books_agree(&world, yen);
    house_world_leave(&world);
    world.trouble = "printed later";
    tell_printer(&world, "paper in");
    house_world_hear(&world, HOUSE_PRINTER, "printer.state code=ok", NULL, 0);
    house_world_come_back(&world, &visit);
    house_world_page(&world, "already-paid");
    house_world_go(&world, "領収書を", "paid");
    ck_assert_int_eq(papers(&world), 2);
    ck_assert_int_eq(house_world_number(&world, "SELECT sum(copies) FROM receipt"), 1);
    house_world_leave(&world);
    world.trouble = "job aborted";
    house_world_bill(&world, 1, &visit);
    yen += visit.bill_yen;
    tell_printer(&world, "abort on");
    pays_without_papers(&world, &visit, "printer.failed");
    house_world_staff_see(&world, visit.number, "paper receipt failed printer.failed");
    tell_printer(&world, "abort off");
    house_world_books_agree(&world, yen);
    house_world_done(&world);
}
END_TEST

START_TEST(a_printer_that_goes_off_or_lies_in_mid_job_leaves_the_money_alone)
{
    struct house_world world;
    struct house_visit visit;
    long yen;

    house_world_init(&world, &options);
    world.trouble = "off in mid-job";
    house_world_bill(&world, 0, &visit);
    yen = visit.bill_yen;
    tell_printer(&world, "hold on");
    house_world_see_bill(&world, &visit);
    house_world_press(&world, "カードで");
    house_world_hear(&world, HOUSE_PRINTER, "state=PRINTING", NULL, 0);
    house_world_page(&world, "printing");
    tell_printer(&world, "off");
    house_world_page(&world, "receipt-later");
    house_world_staff_see(&world, visit.number, "help kiosk-1 printer.away");
    house_world_staff_see(&world, visit.number, "paper receipt printing printer.away");
    house_world_books_agree(&world, yen);
    tell_printer(&world, "hold off");
    tell_printer(&world, "on");
    house_world_hear(&world, HOUSE_PRINTER, "printer.state code=ok", NULL, 0);
    house_world_staff_see(&world, visit.number, "paper receipt doubtful"); /* never printed twice */
    house_world_leave(&world);
    world.trouble = "completed without a page";
    house_world_bill(&world, 1, &visit);
    yen += visit.bill_yen;
    tell_printer(&world, "skip on");
    house_world_see_bill(&world, &visit);
    house_world_press(&world, "カードで");
    house_world_page(&world, "paper-doubt");
    house_world_sees(&world, "出ましたか");
    house_world_books_agree(&world, yen);
    house_world_go(&world, "いいえ", "receipt-later");
    house_world_staff_see(&world, visit.number, "bill revision=1 state=4");
    house_world_staff_see(&world, visit.number, "help kiosk-1 printer.");
    house_world_books_agree(&world, yen);
    house_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("house-paper",
                       100,
                       a_ticket_that_does_not_come_out_is_a_large_number_with_its_code,
                       what_was_paid_stays_paid_when_the_receipt_does_not_come_out,
                       a_printer_that_goes_off_or_lies_in_mid_job_leaves_the_money_alone)
