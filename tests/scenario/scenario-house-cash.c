/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-house-cash - coins, notes and a phone at the real kiosk: what the patient sees, what the
 * desk hears, and books that say what the devices and the provider say
 *
 * Where SUGU_PICTURES names a folder the pages' photographs go there, else into the house's own.
 */
#include "scenario/house-world.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_S    60
#define BILL_YEN  2910
#define BILL      "2,910円を"
#define CASH_SQL  "SELECT coalesce(sum(yen), 0) FROM entry WHERE account = 'cash'"
#define CODES_SQL "SELECT coalesce(sum(yen), 0) FROM entry WHERE account = 'code-clearing'"
#define PAID_SQL  "SELECT count(*) FROM bill WHERE state = 4"

static const struct house_options options = {
    .has_cash = true,
    .has_codes = true,
    .more =
        {
            [HOUSE_PAYMENT] =
                (const char *const[]){"--status-interval-ms", "200", "--provider-check-ms", "500",
                                      "--cash-idle-ms", "120000", NULL},
            [HOUSE_KIOSK] =
                (const char *const[]){"--idle-seconds", "20", "--warning-seconds", "20", NULL},
        },
};

static void
init(struct house_world *world, struct house_visit *visit)
{
    house_world_init(world, &options);
    world->wait_s = WAIT_S;
    house_world_bill(world, 0, visit);
    ck_assert_int_eq(visit->bill_yen, BILL_YEN);
    house_world_see_bill(world, visit);
}

static void
picture(struct house_world *world, const char *name)
{
    const char *folder = getenv("SUGU_PICTURES");
    char path[400];

    snprintf(path, sizeof path, "%s/%s.png", folder ? folder : world->folder, name);
    sugu_screen_save(&world->house.screen, path);
}

/* From the bill to the page of this way. */
static void
choose(struct house_world *world, const char *way, const char *page)
{
    house_world_go(world, BILL, "choose-way");
    house_world_go(world, way, page);
}

/* ---- a hand at the slots */

struct truth {
    long long gain_yen, in_yen, returned_yen;
};

/* The yen of "NAME UNIT:PIECES UNIT:PIECES …". */
static long long
sum_of(const char *line, const char *name)
{
    const char *at = strstr(line, name);
    long long sum = 0, unit, pieces;
    int used;

    ck_assert_msg(at != NULL, "%s: %s", line, name);
    for (at += strlen(name); sscanf(at, " %lld:%lld%n", &unit, &pieces, &used) == 2; at += used)
        sum += unit * pieces;
    return sum;
}

static void
read_truth(struct house_world *world, struct truth *truth)
{
    char line[512];

    house_say(&world->house, HOUSE_CASH_EMULATOR, "truth");
    house_world_hear(world, HOUSE_CASH_EMULATOR, "gain=", line, sizeof line);
    ck_assert_int_eq(sscanf(line, "gain=%lld", &truth->gain_yen), 1);
    truth->in_yen = sum_of(line, " in");
    truth->returned_yen = sum_of(line, " returned");
}

struct hand {
    struct house_world *world;
    const char *line;
    struct truth before;
    bool holds_it;
};

/* A slot that is shut still, or again, gives the piece back; the hand puts it in once more. */
static bool
is_taken(void *user)
{
    struct hand *hand = user;
    struct truth now;
    char answer[128];

    if (hand->holds_it) {
        house_say(&hand->world->house, HOUSE_CASH_EMULATOR, hand->line);
        house_world_hear(hand->world, HOUSE_CASH_EMULATOR, "", answer, sizeof answer);
        hand->holds_it = strncmp(answer, "ok", 2) != 0;
    }
    read_truth(hand->world, &now);
    if (now.returned_yen != hand->before.returned_yen) {
        hand->before.returned_yen = now.returned_yen;
        hand->holds_it = true;
    }
    return now.in_yen > hand->before.in_yen;
}

static void
insert(struct house_world *world, const char *line)
{
    struct hand hand = {.world = world, .line = line, .holds_it = true};

    read_truth(world, &hand.before);
    ck_assert_msg(sugu_wait_until(is_taken, &hand, WAIT_S), "%s is not taken", line);
}

/* ---- the books */

/* What lies in the devices more than at first is what was posted, piece by piece. */
static void
cash_agrees(struct house_world *world, long yen)
{
    struct truth truth;
    char sql[300];

    snprintf(sql, sizeof sql,
             "SELECT coalesce(sum(unit * (pieces_in - pieces_out)), 0) - %d FROM cash_count",
             HOUSE_FLOAT_YEN);
    house_world_await(world, sql, yen);
    house_world_await(world, CASH_SQL, yen);
    read_truth(world, &truth);
    ck_assert_int_eq(truth.gain_yen, yen);
}

static void
codes_agree(struct house_world *world, long yen)
{
    char counts[256], expected[64];

    house_world_await(world, CODES_SQL, yen);
    house_say(&world->house, HOUSE_CODE_EMULATOR, "counts");
    house_world_hear(world, HOUSE_CODE_EMULATOR, "questions=", counts, sizeof counts);
    snprintf(expected, sizeof expected, "twins=0 taken=%ld given=0", yen);
    ck_assert_msg(strstr(counts, expected) != NULL, "%s", counts);
}

/* ---- cash */

START_TEST(coins_and_a_note_pay_and_the_change_comes_out)
{
    struct house_world world;
    struct house_visit visit;

    init(&world, &visit);
    house_world_go(&world, BILL, "choose-way");
    house_world_sees(&world, "クレジットカード");
    house_world_sees(&world, "スマホ");
    picture(&world, "choose-way");
    house_world_go(&world, "現金", "cash");
    house_world_sees(&world, "使える");
    insert(&world, "coin 500");
    house_world_sees(&world, "2,410円");
    insert(&world, "coin 100");
    house_world_sees(&world, "2,310円");
    picture(&world, "cash-600");
    insert(&world, "note 5000");
    house_world_left(&world, "cash", "cash-giving");
    picture(&world, "cash-giving");
    house_world_page(&world, "paid");
    house_world_sees(&world, "おつり2,690円");
    picture(&world, "cash-paid");
    house_world_await(&world, PAID_SQL, 1);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM receipt"), 1);
    cash_agrees(&world, BILL_YEN);
    house_world_leave(&world);
    house_world_staff_see(&world, visit.number, "state left");
    house_world_done(&world);
}
END_TEST

START_TEST(who_stops_gets_every_coin_back_and_pays_by_card)
{
    struct house_world world;
    struct house_visit visit;

    init(&world, &visit);
    choose(&world, "現金", "cash");
    insert(&world, "coin 500");
    house_world_sees(&world, "2,410円");
    insert(&world, "coin 100");
    house_world_sees(&world, "2,310円");
    house_world_press(&world, "やめる");
    house_world_page(&world, "pay-trouble");
    house_world_sees(&world, "600円を");
    picture(&world, "cash-stopped");
    cash_agrees(&world, 0);
    house_world_go(&world, "別の方法", "choose-way");
    house_world_press(&world, "クレジットカード");
    house_world_page(&world, "paid");
    house_world_books_agree(&world, BILL_YEN);
    cash_agrees(&world, 0);
    house_world_leave(&world);
    house_world_done(&world);
}
END_TEST

START_TEST(a_coin_that_the_hopper_owes_is_on_a_slip_and_the_desk_knows)
{
    /* The hopper of 10 yen has three where four are due; nothing smaller is there. */
    static const char *const stocks[] = {"stock 5 3", "stock 4 0", "stock 3 0"};
    struct house_world world;
    struct house_visit visit;
    char sql[200];

    init(&world, &visit);
    choose(&world, "現金", "cash");
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(stocks); i++)
        house_world_tell(&world, HOUSE_CASH_EMULATOR, stocks[i]);
    insert(&world, "note 1000");
    house_world_sees(&world, "1,910円");
    insert(&world, "note 1000");
    house_world_sees(&world, "910円");
    insert(&world, "note 1000");
    house_world_page(&world, "paid");
    house_world_sees(&world, "おつり80円");
    house_world_sees(&world, "10円が");
    house_world_sees(&world, "控えの紙");
    picture(&world, "cash-owed");
    snprintf(sql, sizeof sql, "SELECT count(*) FROM paper WHERE kind = %d AND state = %d",
             (int)SUGU__PAPER_KIND__PAPER_CLAIM, (int)SUGU__PAPER_STATE__PAPER_OUT);
    house_world_await(&world, sql, 1);
    house_world_staff_see(&world, visit.number, "help kiosk-1 cash.change-owed");
    house_world_await(&world, PAID_SQL, 1);
    cash_agrees(&world, BILL_YEN + 10);
    house_world_await(&world,
                      "SELECT sum(yen) FROM entry WHERE account = 'deposit' AND "
                      "detail = 'change'",
                      -10);
    house_world_leave(&world);
    house_world_done(&world);
}
END_TEST

START_TEST(a_window_that_dies_comes_back_to_the_money_that_is_in)
{
    struct house_world world;
    struct house_visit visit;

    init(&world, &visit);
    choose(&world, "現金", "cash");
    insert(&world, "coin 500");
    house_world_sees(&world, "2,410円");
    house_world_kill(&world, HOUSE_KIOSK);
    house_world_start(&world, HOUSE_KIOSK);
    house_world_page(&world, "cash");
    house_world_sees(&world, "2,410円");
    picture(&world, "cash-again");
    insert(&world, "note 5000");
    house_world_page(&world, "receipt-later");
    house_world_sees(&world, "おつり2,590円");
    picture(&world, "cash-receipt-later");
    cash_agrees(&world, BILL_YEN);
    house_world_await(&world, PAID_SQL, 1);
    house_world_go(&world, "終わる", "welcome");
    /* The receipt comes by itself for who comes once more. */
    house_world_come_back(&world, &visit);
    house_world_page(&world, "paid");
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM receipt"), 1);
    house_world_leave(&world);
    house_world_done(&world);
}
END_TEST

/* ---- codes */

START_TEST(a_phone_reads_the_code_and_pays)
{
    struct house_world world;
    struct house_visit visit;
    char code[512];

    init(&world, &visit);
    choose(&world, "スマホ", "code");
    house_world_sees(&world, "残り時間");
    picture(&world, "code");
    house_world_read_code(&world, code, sizeof code);
    ck_assert_msg(strncmp(code, "https://", 8) == 0, "%s", code);
    house_world_tell(&world, HOUSE_CODE_EMULATOR, "pay");
    house_world_page(&world, "paid");
    picture(&world, "code-paid");
    house_world_await(&world, PAID_SQL, 1);
    codes_agree(&world, BILL_YEN);
    house_world_leave(&world);
    house_world_done(&world);
}
END_TEST

/* A phone that has read the code can pay until the provider ends it. */
START_TEST(who_walks_away_from_a_code_and_pays_all_the_same_is_booked)
{
    struct house_world world;
    struct house_visit visit;

    init(&world, &visit);
    choose(&world, "スマホ", "code");
    house_world_sees(&world, "残り時間");
    house_world_tell(&world, HOUSE_CODE_EMULATOR, "scan");
    house_world_go(&world, "支払いをやめる", "cancelling");
    picture(&world, "code-cancelling");
    ck_assert_int_eq(house_world_number(&world, CODES_SQL), 0);
    house_world_tell(&world, HOUSE_CODE_EMULATOR, "pay");
    house_world_await(&world, PAID_SQL, 1);
    codes_agree(&world, BILL_YEN);
    house_world_page(&world, "welcome"); /* nobody touches anything */
    house_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("house-cash",
                       200,
                       coins_and_a_note_pay_and_the_change_comes_out,
                       who_stops_gets_every_coin_back_and_pays_by_card,
                       a_coin_that_the_hopper_owes_is_on_a_slip_and_the_desk_knows,
                       a_window_that_dies_comes_back_to_the_money_that_is_in,
                       a_phone_reads_the_code_and_pays,
                       who_walks_away_from_a_code_and_pays_all_the_same_is_booked)
