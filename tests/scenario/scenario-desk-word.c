/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-desk-word - what a department's desks are called reaches everybody who names one
 *
 * Outcome: sugu-admin sets the word, or takes the usual one of the kind; boards (event and whole
 * state), the phone page, the kiosk's ticket and the desk that called get the same one; changed in
 * the middle of the day, the next call has it.
 */
#include "scenario/queue-world.h"
#include "testlib/checks.h"

#include <string.h>

/* The word in the ticket of who arrives there; the phone page's token. */
static Sugu__DeskWord
arrive(struct ward *ward, const char *department, uint8_t ret_token[16])
{
    Sugu__Reply *reply =
        ward_send_arrive(ward, NULL, department, SUGU__PRIORITY__PRIORITY_ORDINARY);
    Sugu__DeskWord word;

    ck_assert_str_eq(reply->code, "");
    word = reply->ticket->desk_word;
    ck_assert_int_eq(reply->ticket->stages[0]->desk_word, word);
    ck_assert_uint_eq(reply->ticket->token.len, 16);
    memcpy(ret_token, reply->ticket->token.data, 16);
    sugu__reply__free_unpacked(reply, NULL);
    return word;
}

static Sugu__DeskWord
word_on_phone(struct ward *ward, uint8_t bytes[16])
{
    Sugu__GetPhonePages get = SUGU__GET_PHONE_PAGES__INIT;
    Sugu__PhoneToken token = SUGU__PHONE_TOKEN__INIT, *tokens[] = {&token};
    Sugu__Reply *reply;
    Sugu__DeskWord word;

    token.token = (ProtobufCBinaryData){16, bytes};
    get.n_tokens = 1;
    get.tokens = tokens;
    reply = sugu_test_client_call(&ward->web, SUGU__REQUEST__BODY_GET_PHONE_PAGES, &get, NULL);
    ck_assert_uint_eq(reply->phone_pages->pages[0]->n_stages, 1);
    word = reply->phone_pages->pages[0]->stages[0]->desk_word;
    sugu__reply__free_unpacked(reply, NULL);
    return word;
}

static Sugu__DeskWord
word_on_board(struct ward *ward, const char *department)
{
    Sugu__GetBoard get = SUGU__GET_BOARD__INIT;
    Sugu__Reply *reply =
        sugu_test_client_call(&ward->board, SUGU__REQUEST__BODY_GET_BOARD, &get, NULL);
    int word = -1;

    for (size_t i = 0; i < reply->board->n_numbers; i++)
        if (strcmp(reply->board->numbers[i]->department, department) == 0)
            word = reply->board->numbers[i]->desk_word;
    sugu__reply__free_unpacked(reply, NULL);
    ck_assert_int_ge(word, 0);
    return (Sugu__DeskWord)word;
}

static Sugu__DeskWord
word_of_queue(struct ward *ward, const char *department)
{
    Sugu__GetQueues get = SUGU__GET_QUEUES__INIT;
    Sugu__Reply *reply =
        sugu_test_client_call(&ward->desk, SUGU__REQUEST__BODY_GET_QUEUES, &get, NULL);
    int word = -1;

    for (size_t i = 0; i < reply->queues->n_queues; i++)
        if (strcmp(reply->queues->queues[i]->department, department) == 0)
            word = reply->queues->queues[i]->desk_word;
    sugu__reply__free_unpacked(reply, NULL);
    ck_assert_int_ge(word, 0);
    return (Sugu__DeskWord)word;
}

/* Somebody comes and is called; everybody has to hear the same word. */
static void
expect_word(
    struct ward *ward, const char *department, const char *desk, Sugu__DeskWord word, size_t *from)
{
    uint8_t token[16];
    const Sugu__Event *event;
    Sugu__Reply *reply;

    ck_assert_int_eq(arrive(ward, department, token), word);
    reply = ward_send_verb(&ward->desk, SUGU__TICKET_VERB__CALL_NEXT, desk, "", "");
    ck_assert_str_eq(reply->code, "");
    ck_assert_int_eq(reply->stage->desk_word, word);
    event = sugu_test_client_event(&ward->board, SUGU__EVENT__BODY_NUMBER_CALLED, from);
    ck_assert_str_eq(event->number_called->department, department);
    ck_assert_int_eq(event->number_called->desk_word, word);
    ck_assert_int_eq(word_on_board(ward, department), word);
    ck_assert_int_eq(word_on_phone(ward, token), word);
    ck_assert_int_eq(word_of_queue(ward, department), word);
    sugu__reply__free_unpacked(reply, NULL);
}

START_TEST(one_word_reaches_boards_phones_tickets_and_desks)
{
    struct ward ward;
    size_t from = 0;

    ward_init(&ward);
    expect_word(&ward, "eye", "2", SUGU__DESK_WORD__DESK_ROOM, &from);
    expect_word(&ward, "blood", "b1", SUGU__DESK_WORD__DESK_TEST_ROOM, &from);
    WARD_SETUP(&ward, "department", "xray", "X線", "X", "test", "counter");
    expect_word(&ward, "xray", "x1", SUGU__DESK_WORD__DESK_COUNTER, &from);
    ward_done(&ward);
}
END_TEST

START_TEST(a_word_that_is_changed_counts_from_the_next_call_on)
{
    struct ward ward;
    uint8_t token[16];
    size_t from = 0;

    ward_init(&ward);
    ck_assert_int_eq(word_of_queue(&ward, "reception"), SUGU__DESK_WORD__DESK_COUNTER);
    ck_assert_int_eq(word_of_queue(&ward, "pharmacy"), SUGU__DESK_WORD__DESK_COUNTER);
    ck_assert_int_eq(arrive(&ward, "eye", token), SUGU__DESK_WORD__DESK_ROOM);
    WARD_SETUP(&ward, "department", "eye", "眼科", "B", "test-room");
    ward_verb(&ward, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "eye:1 ");
    ck_assert_int_eq(sugu_test_client_event(&ward.board, SUGU__EVENT__BODY_NUMBER_CALLED, &from)
                         ->number_called->desk_word,
                     SUGU__DESK_WORD__DESK_TEST_ROOM);
    ck_assert_int_eq(word_on_phone(&ward, token), SUGU__DESK_WORD__DESK_TEST_ROOM);
    ward_done(&ward);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("desk-word",
                       60,
                       one_word_reaches_boards_phones_tickets_and_desks,
                       a_word_that_is_changed_counts_from_the_next_call_on)
