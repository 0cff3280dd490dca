/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-desk-money - a bill's money in the real window, by keys alone: taken, given back with a
 * second person, and found out
 */
#include "scenario/front-world.h"
#include "scenario/money-world.h"
#include "testlib/checks.h"
#include "testlib/sql.h"

#include <stdio.h>
#include <string.h>

#define APPROVED SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED
#define SETTLED  SUGU__BILL_STATE__BILL_SETTLED

struct world {
    struct till till;
    struct front front;
};

static void
world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    till_init(&world->till);
    front_init(&world->front, &world->till.day.hospital);
    front_start(&world->front, &world->till.day.hospital);
    front_sign_in(&world->front);
}

static void
world_done(struct world *world)
{
    front_done(&world->front);
    till_done(&world->till);
}

/* Types without Enter. */
static void
type(struct world *world, const char *text)
{
    sugu_screen_type(&world->front.screen, text);
}

static void
key(struct world *world, const char *name)
{
    sugu_screen_key(&world->front.screen, name);
}

/* To the page of money, and there to the patient by the ticket's number. */
static void
look_up(struct world *world)
{
    key(world, "F6");
    front_expect(&world->front, "Waits because of money", true);
    front_press(&world->front, "B-001");
    front_expect(&world->front, "¥870", true);
}

/* Yes to the question, and what is said then. */
static void
confirm(struct world *world, const char *said)
{
    front_expect(&world->front, "Is that right?", true);
    type(world, "y");
    front_expect(&world->front, said, true);
    front_expect(&world->front, "Is that right?", false);
}

START_TEST(a_bill_is_paid_at_the_desk_in_two_parts)
{
    static struct world world;

    world_init(&world);
    sugu_day_until_billed(&world.till.day);
    look_up(&world);
    type(&world, "s");
    front_expect(&world.front, "Due afterwards: ¥0.", true);
    front_press(&world.front, "300"); /* Enter goes on */
    front_expect(&world.front, "Taken: ¥300, cash. Due afterwards: ¥570.", true);
    key(&world, "Escape"); /* not yet: it can be changed */
    front_expect(&world.front, "Is that right?", false);
    front_press(&world.front, "400");
    front_expect(&world.front, "Taken: ¥400, cash. Due afterwards: ¥470.", true);
    confirm(&world, "The money is booked.");
    front_expect(&world.front, "¥470", true);
    till_bill_is(&world.till, SUGU__BILL_STATE__BILL_ANNOUNCED, 870, 400);
    front_press(&world.front, "s");
    confirm(&world, "Nothing is due. Every kiosk prints the receipt");
    till_bill_is(&world.till, SETTLED, 870, 870);
    till_fee_posts(&world.till, 1, 870);
    till_receipt_is(&world.till, 1, 0, 2, 870, false);
    till_books_say(&world.till, "cash-desk 870 revenue-clearing -870");
    type(&world, "s"); /* nothing is due: the key does nothing */
    front_expect(&world.front, "Is that right?", false);
    ck_assert_int_eq(till_count(&world.till, "attempt"), 2);
    world_done(&world);
}
END_TEST

static struct sugu_id
refund_of_sato(struct world *world)
{
    struct sugu_id refund;

    ck_assert(sugu_id_from_text(
        sugu_sql_text(world->till.facts.connection,
                      "SELECT attempt::text FROM refund WHERE ordered_by = 'sato'"),
        &refund));
    return refund;
}

START_TEST(a_refund_above_the_limit_needs_another_person)
{
    static struct world world;
    struct sugu_id paid, refund;

    world_init(&world);
    till_set_money(&world.till, "0", "500");
    sugu_day_until_billed(&world.till.day);
    paid = till_pay(&world.till, CARD, 870);
    look_up(&world);
    type(&world, "r");
    front_expect(&world.front, "Say why: the books need a reason.", true);
    key(&world, "Tab");
    type(&world, "4111111111111111"); /* of the patient's card: it is not taken */
    front_expect(&world.front, "A card number must not be written down.", true);
    key(&world, "Escape");
    type(&world, "r");
    key(&world, "Tab");
    front_press(&world.front, "slip-12");
    front_expect(&world.front, "¥870 goes back to where it came from: Card", true);
    confirm(&world, "Refund of ¥870: Waits for a second person");
    front_expect(&world.front, "you have ordered it yourself", true);
    type(&world, "g");
    front_expect(&world.front, "Is that right?", false);
    ck_assert_int_eq(till_count(&world.till, "refund WHERE state = 0 AND note = 'slip-12' AND "
                                             "ordered_by = 'sato'"),
                     1);
    refund = refund_of_sato(&world);
    till_decide(&world.till, &world.till.other, &refund, false, DENIED, "");
    front_expect(&world.front, "× Refused", true);

    refund = till_order_refund(&world.till, &world.till.boss, &paid, ORDER(870, VOID, WAITING, ""));
    front_expect(&world.front, "ordered by boss, waits for a second person.", true);
    type(&world, "g");
    confirm(&world, "Refund of ¥870: Is being given back");
    till_carry_out(&world.till, &refund, 870, APPROVED, "");
    till_bill_is(&world.till, SUGU__BILL_STATE__BILL_ANNOUNCED, 870, 0);
    front_expect(&world.front, "Given back", true);
    ck_assert_int_eq(till_count(&world.till, "refund WHERE state = 2 AND ordered_by = 'boss' AND "
                                             "decided_by = 'sato'"),
                     1);
    world_done(&world);
}
END_TEST

START_TEST(what_became_of_a_held_payment_is_said_by_a_person)
{
    static struct world world;

    world_init(&world);
    sugu_day_until_billed(&world.till.day);
    till_begin(&world.till, SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT, CARD, 870, "");
    till_end(&world.till, SUGU__ATTEMPT_STATE__ATTEMPT_HELD, 0, "");
    key(&world, "F6");
    front_expect(&world.front, "Payment has to be resolved", true);
    front_press(&world.front, "B-001");
    front_expect(&world.front, "Look at the list of the card terminal of", true);
    type(&world, "h");
    front_expect(&world.front, "Say why: the books need a reason.", true);
    key(&world, "Tab"); /* amount, number in that list, how it was found out */
    key(&world, "Tab");
    front_press(&world.front, "list-of-the-terminal");
    front_expect(&world.front, "The money was taken: ¥870.", true);
    confirm(&world, "What became of the payment is booked.");
    till_bill_is(&world.till, SETTLED, 870, 870);
    till_books_say(&world.till, "card-clearing 870 revenue-clearing -870");
    world_done(&world);
}
END_TEST

START_TEST(what_is_pressed_while_the_server_is_away_is_not_lost)
{
    static struct world world;

    world_init(&world);
    sugu_day_until_billed(&world.till.day);
    look_up(&world);
    sugu_hospital_kill_server(&world.till.day.hospital);
    front_expect(&world.front, "No connection to the server since", true);
    front_press(&world.front, "s");
    front_expect(&world.front, "Is that right?", true);
    type(&world, "y");
    front_expect(&world.front, "Being booked", true);
    sugu_hospital_start_server(&world.till.day.hospital, NULL);
    front_expect(&world.front, "The money is booked.", true);
    till_bill_is(&world.till, SETTLED, 870, 870);
    ck_assert_int_eq(till_count(&world.till, "attempt"), 1);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-desk-money",
                       110,
                       a_bill_is_paid_at_the_desk_in_two_parts,
                       a_refund_above_the_limit_needs_another_person,
                       what_became_of_a_held_payment_is_said_by_a_person,
                       what_is_pressed_while_the_server_is_away_is_not_lost)
