/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-house-unclear - a payment that nobody knows the end of: what the patient sees meanwhile,
 * that nobody can pay again, and how it ends
 */
#include "scenario/house-world.h"

#include "testlib/checks.h"

#include <string.h>

static const struct house_options options = {
    .more =
        {
            [HOUSE_PAYMENT] =
                (const char *const[]){"--status-interval-ms", "200", "--check-interval-ms", "300",
                                      "--answer-wait-ms", "2000", "--exchange-wait-ms", "800",
                                      "--connect-wait-ms", "800", NULL},
        },
};

static const struct house_options impatient = {
    .more =
        {
            [HOUSE_PAYMENT] =
                (const char *const[]){"--status-interval-ms", "200", "--status-give-up-ms", "1500",
                                      "--held-interval-ms", "400", "--answer-wait-ms", "1500",
                                      "--exchange-wait-ms", "800", "--connect-wait-ms", "800",
                                      NULL},
        },
};

static void
tell_terminal(struct house_world *world, const char *line)
{
    house_world_tell(world, HOUSE_TERMINAL_EMULATOR, line);
}

/* Charged by the terminal, which then answers nothing any more. */
static void
leave_unclear(struct house_world *world)
{
    char line[128] = "";

    tell_terminal(world, "hold-after");
    house_world_press(world, "カードで");
    while (!strstr(line, "charges=1")) {
        house_say(&world->house, HOUSE_TERMINAL_EMULATOR, "charged");
        house_world_hear(world, HOUSE_TERMINAL_EMULATOR, "yen=", line, sizeof line);
    }
    tell_terminal(world, "away on");
}

static void
resolve(struct house_world *world)
{
    tell_terminal(world, "release");
    tell_terminal(world, "away off");
}

/* Another kiosk's payment program tries the same bill, and gets this code; what it began is handed
 * to the staff. */
static void
try_elsewhere(struct house_world *world,
              const struct house_visit *visit,
              const char *code,
              bool is_held)
{
    struct sugu_test_client payment;
    struct sugu_id session = sugu_test_id(), attempt = sugu_test_id();
    Sugu__BeginPayment begin = SUGU__BEGIN_PAYMENT__INIT;
    Sugu__EndPayment end = SUGU__END_PAYMENT__INIT;
    Sugu__Reply *opened = house_world_open_elsewhere(world, visit, &session), *reply;

    sugu_test_client_init(&payment, &world->house.hospital, "payment-2", "payment", "kiosk-2");
    begin.attempt = end.attempt = sugu_id_field(&attempt);
    begin.session = sugu_id_field(&session);
    begin.bill = opened->session_opened->bill->bill;
    begin.revision = opened->session_opened->bill->revision;
    begin.amount_yen = opened->session_opened->bill->total_yen;
    reply = sugu_test_client_call(&payment, SUGU__REQUEST__BODY_BEGIN_PAYMENT, &begin, NULL);
    ck_assert_str_eq(reply->code, code);
    sugu__reply__free_unpacked(reply, NULL);
    if (is_held) {
        end.state = SUGU__ATTEMPT_STATE__ATTEMPT_HELD;
        end.code = (char *)"payment.held";
        reply = sugu_test_client_call(&payment, SUGU__REQUEST__BODY_END_PAYMENT, &end, NULL);
        ck_assert_str_eq(reply->code, "");
        sugu__reply__free_unpacked(reply, NULL);
    }
    sugu__reply__free_unpacked(opened, NULL);
    sugu_test_client_done(&payment);
}

START_TEST(a_second_attempt_is_impossible_while_the_first_is_unclear)
{
    struct house_world world;
    struct house_visit visit;

    house_world_init(&world, &options);
    house_world_bill(&world, 0, &visit);
    house_world_see_bill(&world, &visit);
    world.trouble = "unclear";
    leave_unclear(&world);
    house_world_page(&world, "unclear");
    house_world_sees(&world, "お支払いにならないで");
    house_world_sees(&world, visit.number);
    house_world_sees_no(&world, "カードで");
    house_world_await(&world, "SELECT count(*) FROM attempt WHERE state = 4", 1);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM bill WHERE state = 3"), 1);
    try_elsewhere(&world, &visit, "payment.open", /* is_held= */ false);
    world.trouble = "payment program killed meanwhile";
    house_world_kill(&world, HOUSE_PAYMENT);
    house_world_start(&world, HOUSE_PAYMENT);
    house_world_hear(&world, HOUSE_PAYMENT, "payment.resumed", NULL, 0);
    house_world_page(&world, "unclear");
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM attempt"), 1);
    resolve(&world);
    house_world_page(&world, "paid");
    house_world_books_agree(&world, visit.bill_yen);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM attempt"), 1);
    house_world_done(&world);
}
END_TEST

START_TEST(a_payment_program_that_dies_while_the_patient_pays_is_asked_when_it_is_back)
{
    struct house_world world;
    struct house_visit visit;

    house_world_init(&world, &options);
    house_world_bill(&world, 0, &visit);
    house_world_see_bill(&world, &visit);
    world.trouble = "killed after the terminal has charged";
    leave_unclear(&world);
    house_world_page(&world, "paying");
    house_world_kill(&world, HOUSE_PAYMENT);
    house_world_page(&world, "unclear");
    resolve(&world);
    house_world_start(&world, HOUSE_PAYMENT);
    house_world_page(&world, "paid");
    house_world_books_agree(&world, visit.bill_yen);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM attempt"), 1);
    world.trouble = "kiosk killed, and the ticket held to the new one";
    house_world_kill(&world, HOUSE_KIOSK);
    house_world_start(&world, HOUSE_KIOSK);
    house_world_come_back(&world, &visit);
    house_world_page(&world, "already-paid");
    house_world_done(&world);
}
END_TEST

START_TEST(what_nobody_can_find_out_goes_to_the_staff_and_is_settled_once_it_is_known)
{
    struct house_world world;
    struct house_visit visit;

    house_world_init(&world, &impatient);
    house_world_bill(&world, 0, &visit);
    house_world_see_bill(&world, &visit);
    world.trouble = "held";
    leave_unclear(&world);
    house_world_page(&world, "held");
    house_world_sees(&world, "二重に");
    house_world_sees(&world, visit.number);
    house_world_staff_see(&world, visit.number, "help kiosk-1 payment.held");
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM bill WHERE state = 7"), 1);
    try_elsewhere(&world, &visit, "payment.open", /* is_held= */ false);
    resolve(&world);
    house_world_page(&world, "paid");
    house_world_books_agree(&world, visit.bill_yen);
    house_world_done(&world);
}
END_TEST

START_TEST(an_offer_that_is_gone_vanishes_and_the_patient_is_told_where_to_go)
{
    struct house_world world;
    struct house_visit visit;
    struct sugu_test_client fee;
    Sugu__WithdrawBill withdraw = SUGU__WITHDRAW_BILL__INIT;
    Sugu__Reply *opened, *reply;
    struct sugu_id session = sugu_test_id();

    house_world_init(&world, &options);
    sugu_test_client_init(&fee, &world.house.hospital, "fee-2", "fee", "");
    world.trouble = "bill withdrawn";
    house_world_bill(&world, 0, &visit);
    house_world_see_bill(&world, &visit);
    opened = house_world_open_elsewhere(&world, &visit, &session);
    withdraw.bill = opened->session_opened->bill->bill;
    reply = sugu_test_client_call(&fee, SUGU__REQUEST__BODY_WITHDRAW_BILL, &withdraw, NULL);
    ck_assert_str_eq(reply->code, "");
    house_world_page(&world, "no-bill");
    house_world_sees(&world, "取り消されました");
    house_world_sees(&world, visit.number);
    house_world_sees_no(&world, "カードで");
    world.trouble = "bill announced again";
    house_world_admin(&world,
                      (const char *const[]){"acts", visit.number, "111000110", "160008010", NULL});
    house_world_page(&world, "bill");
    world.trouble = "bill to the counter";
    try_elsewhere(&world, &visit, "", /* is_held= */ true);
    house_world_page(&world, "see-desk");
    house_world_sees(&world, "窓口で");
    house_world_sees(&world, visit.number);
    house_world_sees_no(&world, "カードで");
    house_world_staff_see(&world, visit.number, "help kiosk-1 bill.to-counter");
    house_world_leave(&world);
    house_world_come_back(&world, &visit);
    house_world_page(&world, "see-desk"); /* also for who comes later */
    house_world_books_agree(&world, 0);
    sugu__reply__free_unpacked(opened, NULL);
    sugu__reply__free_unpacked(reply, NULL);
    sugu_test_client_done(&fee);
    house_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("house-unclear",
                       100,
                       a_second_attempt_is_impossible_while_the_first_is_unclear,
                       a_payment_program_that_dies_while_the_patient_pays_is_asked_when_it_is_back,
                       what_nobody_can_find_out_goes_to_the_staff_and_is_settled_once_it_is_known,
                       an_offer_that_is_gone_vanishes_and_the_patient_is_told_where_to_go)
