/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-kiosk-flow - no page of the kiosk is a dead end, and money never ends by a time-out
 */
#include "domain/kiosk-flow.h"

#include "testlib/checks.h"

#include <string.h>

/* What the effects of one step may hold. */
static uint32_t
step(struct sugu_kiosk_flow *flow, enum sugu_kiosk_event event)
{
    struct sugu_error error;
    uint32_t effects = 0;

    sugu_assert_ok(sugu_kiosk_flow_step(flow, event, &effects, &error), error);
    return effects;
}

static struct sugu_kiosk_flow
flow_in(enum sugu_kiosk_state state)
{
    struct sugu_kiosk_flow flow = {state, state};

    if (state == SUGU_KIOSK_STILL_THERE)
        flow.resume = SUGU_KIOSK_BILL;
    return flow;
}

START_TEST(every_pair_of_page_and_event_leads_to_a_page_or_is_refused)
{
    for (unsigned state = 0; state < SUGU_KIOSK_RESUME; state++)
        for (unsigned event = 0; event < SUGU_KIOSK_EVENT_COUNT; event++) {
            struct sugu_kiosk_flow flow = flow_in((enum sugu_kiosk_state)state);
            struct sugu_kiosk_flow before = flow;
            struct sugu_error error;
            uint32_t effects = 0;
            bool is_allowed = sugu_kiosk_flow_allows(&flow, (enum sugu_kiosk_event)event);
            enum sugu_status status =
                sugu_kiosk_flow_step(&flow, (enum sugu_kiosk_event)event, &effects, &error);
            ck_assert_int_eq(status == SUGU_OK, is_allowed);
            ck_assert_int_lt(flow.state, SUGU_KIOSK_RESUME);
            ck_assert_int_lt(flow.resume, SUGU_KIOSK_RESUME);
            if (status == SUGU_OK) {
                ck_assert_uint_lt(effects, 1u << SUGU_KIOSK_EFFECT_COUNT);
                continue;
            }
            ck_assert_str_eq(error.code, "flow.not-allowed");
            ck_assert_mem_eq(&flow, &before, sizeof flow);
        }
}
END_TEST

/*
 * Can the patient, by what is done or left undone but without any machine answering, come from this
 * page to one that shows a number and a place, without starting anew?
 */
static bool
leads_to_an_end(struct sugu_kiosk_flow flow, bool *visited, bool may_pause)
{
    if (sugu_kiosk_kind_of(flow.state) == SUGU_KIOSK_ENDS)
        return true;
    if (visited[flow.state])
        return false;
    visited[flow.state] = true;
    for (unsigned event = 0; event < SUGU_KIOSK_EVENT_COUNT; event++) {
        struct sugu_kiosk_flow next = flow;
        struct sugu_error error;
        uint32_t effects;
        enum sugu_kiosk_cause cause = sugu_kiosk_cause_of((enum sugu_kiosk_event)event);
        if (cause == SUGU_KIOSK_BY_WORLD || (cause == SUGU_KIOSK_BY_PAUSE && !may_pause) ||
            sugu_kiosk_flow_step(&next, (enum sugu_kiosk_event)event, &effects, &error) != SUGU_OK)
            continue;
        if (leads_to_an_end(next, visited, may_pause))
            return true;
    }
    return false;
}

START_TEST(from_every_page_the_patient_reaches_a_number_and_a_place)
{
    for (unsigned state = 0; state < SUGU_KIOSK_RESUME; state++) {
        bool visited[SUGU_KIOSK_STATE_COUNT] = {false};
        if (state == SUGU_KIOSK_OUT_OF_USE)
            continue; /* the staff closed it: the page says where to go */
        /* Leaving is over; only the next patient begins anew, so WELCOME is reached on purpose. */
        if (state != SUGU_KIOSK_TAKE_CARD)
            visited[SUGU_KIOSK_TAKE_CARD] = true;
        ck_assert_msg(leads_to_an_end(flow_in((enum sugu_kiosk_state)state), visited, true),
                      "dead end: %s", sugu_kiosk_machine.states[state]);
    }
}
END_TEST

START_TEST(a_machine_that_never_answers_leaves_no_page_waiting)
{
    for (unsigned state = 0; state < SUGU_KIOSK_RESUME; state++) {
        struct sugu_kiosk_flow flow = flow_in((enum sugu_kiosk_state)state);
        enum sugu_kiosk_kind kind = sugu_kiosk_kind_of(flow.state);
        bool waits = kind == SUGU_KIOSK_WAITS || kind == SUGU_KIOSK_MONEY;
        ck_assert_int_eq(sugu_kiosk_flow_allows(&flow, SUGU_KIOSK_ON_NO_ANSWER), waits);
        if (kind == SUGU_KIOSK_WARNS)
            ck_assert(sugu_kiosk_flow_allows(&flow, SUGU_KIOSK_ON_TIME_UP));
        else if (kind != SUGU_KIOSK_WAITS)
            ck_assert_msg(sugu_kiosk_flow_allows(&flow, SUGU_KIOSK_ON_IDLE), "%s never ends",
                          sugu_kiosk_machine.states[state]);
    }
}
END_TEST

START_TEST(money_under_way_never_ends_by_a_pause)
{
    for (unsigned state = 0; state < SUGU_KIOSK_RESUME; state++)
        for (unsigned event = 0; event < SUGU_KIOSK_EVENT_COUNT; event++) {
            struct sugu_kiosk_flow flow = flow_in((enum sugu_kiosk_state)state);
            if (sugu_kiosk_kind_of(flow.state) != SUGU_KIOSK_MONEY ||
                sugu_kiosk_cause_of((enum sugu_kiosk_event)event) != SUGU_KIOSK_BY_PAUSE ||
                !sugu_kiosk_flow_allows(&flow, (enum sugu_kiosk_event)event))
                continue;
            uint32_t effects = step(&flow, (enum sugu_kiosk_event)event);
            ck_assert_int_eq(flow.state, SUGU_KIOSK_UNCLEAR);
            ck_assert_uint_eq(effects & SUGU_KIOSK_LEAVE_EFFECTS, 0);
        }
}
END_TEST

START_TEST(an_unclear_payment_is_asked_for_then_staff_come_then_they_take_over)
{
    struct sugu_kiosk_flow flow = flow_in(SUGU_KIOSK_UNCLEAR);
    uint32_t done = 0;

    for (unsigned pauses = 1; flow.state == SUGU_KIOSK_UNCLEAR; pauses++) {
        ck_assert_uint_le(pauses, SUGU_KIOSK_PAUSES_MAX);
        done |= step(&flow, sugu_kiosk_pause(flow.state, pauses));
        if (flow.state == SUGU_KIOSK_UNCLEAR)
            ck_assert_uint_ne(done & SUGU_KIOSK_DO_ASK_PAYMENT, 0);
        if (pauses == SUGU_KIOSK_PAUSES_SILENT)
            ck_assert_uint_ne(done & SUGU_KIOSK_DO_CALL_STAFF, 0);
        else if (pauses < SUGU_KIOSK_PAUSES_SILENT)
            ck_assert_uint_eq(done & SUGU_KIOSK_DO_CALL_STAFF, 0);
    }
    ck_assert_int_eq(flow.state, SUGU_KIOSK_HELD);
    ck_assert_uint_eq(done & SUGU_KIOSK_LEAVE_EFFECTS, 0);
}
END_TEST

START_TEST(a_bill_at_the_counter_is_offered_on_no_page)
{
    for (unsigned state = 0; state < SUGU_KIOSK_RESUME; state++) {
        struct sugu_kiosk_flow flow = flow_in((enum sugu_kiosk_state)state);
        uint32_t effects;
        bool is_about_paying = sugu_kiosk_flow_allows(&flow, SUGU_KIOSK_ON_PAY) ||
                               sugu_kiosk_flow_allows(&flow, SUGU_KIOSK_ON_AGAIN);
        /* Whose paid bill is sent there is not told "thank you" either. */
        bool is_about_receipt = state >= SUGU_KIOSK_ISSUING_RECEIPT && state <= SUGU_KIOSK_PAID;
        if (!is_about_paying && !is_about_receipt)
            continue;
        effects = step(&flow, SUGU_KIOSK_ON_BILL_TO_COUNTER);
        ck_assert_int_eq(flow.state, SUGU_KIOSK_SEE_DESK);
        ck_assert_uint_ne(effects & SUGU_KIOSK_DO_CALL_STAFF, 0);
    }
}
END_TEST

START_TEST(nobody_can_start_a_second_payment_while_one_is_under_way)
{
    for (unsigned state = 0; state < SUGU_KIOSK_RESUME; state++)
        for (unsigned event = 0; event < SUGU_KIOSK_EVENT_COUNT; event++) {
            const struct sugu_rule *rule =
                &sugu_kiosk_machine.rules[state * SUGU_KIOSK_EVENT_COUNT + event];
            if (rule->effects & SUGU_KIOSK_DO_START_PAYMENT) {
                ck_assert(state == SUGU_KIOSK_BILL || state == SUGU_KIOSK_CHOOSE_WAY);
                ck_assert(event == SUGU_KIOSK_ON_PAY || event == SUGU_KIOSK_ON_PAY_CASH ||
                          event == SUGU_KIOSK_ON_PAY_CODE);
                ck_assert_int_eq(sugu_kiosk_kind_of((enum sugu_kiosk_state)rule->next),
                                 SUGU_KIOSK_MONEY);
            }
            /* A part that was taken in leaves the rest to pay: that payment is over. */
            if (rule->is_there && event != SUGU_KIOSK_ON_PAYMENT_PARTIAL &&
                sugu_kiosk_kind_of((enum sugu_kiosk_state)state) == SUGU_KIOSK_MONEY)
                ck_assert_int_ne(rule->next, SUGU_KIOSK_BILL);
        }
}
END_TEST

START_TEST(a_window_that_knows_nobody_comes_back_to_the_cash_and_to_nothing_else)
{
    static const enum sugu_kiosk_event others[] = {
        SUGU_KIOSK_ON_PAYMENT_APPROVED, SUGU_KIOSK_ON_PAYMENT_UNKNOWN, SUGU_KIOSK_ON_CODE_OFFERED,
        SUGU_KIOSK_ON_CHANGE_OWED, SUGU_KIOSK_ON_CARD_STORED};
    struct sugu_kiosk_flow flow = flow_in(SUGU_KIOSK_WELCOME);

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(others); i++)
        ck_assert(!sugu_kiosk_flow_allows(&flow, others[i]));
    ck_assert_uint_eq(step(&flow, SUGU_KIOSK_ON_CASH_TAKING), 0);
    ck_assert_int_eq(flow.state, SUGU_KIOSK_CASH);
    flow = flow_in(SUGU_KIOSK_CLOSED);
    step(&flow, SUGU_KIOSK_ON_CASH_MOVING);
    ck_assert_int_eq(flow.state, SUGU_KIOSK_CASH_GIVING);
}
END_TEST

START_TEST(money_that_is_owed_is_told_once_on_a_slip_and_to_the_staff)
{
    for (unsigned state = 0; state < SUGU_KIOSK_RESUME; state++) {
        struct sugu_kiosk_flow flow = flow_in((enum sugu_kiosk_state)state);
        if (!sugu_kiosk_flow_allows(&flow, SUGU_KIOSK_ON_CHANGE_OWED))
            continue;
        ck_assert_uint_eq(step(&flow, SUGU_KIOSK_ON_CHANGE_OWED),
                          SUGU_KIOSK_DO_PRINT_CLAIM | SUGU_KIOSK_DO_CALL_STAFF);
        ck_assert_uint_eq(flow.state, state);
        step(&flow, SUGU_KIOSK_ON_MONEY_OWED);
        ck_assert_int_eq(flow.state, SUGU_KIOSK_CASH_OWED);
    }
}
END_TEST

START_TEST(a_card_is_registered_after_a_consent_only)
{
    for (unsigned state = 0; state < SUGU_KIOSK_RESUME; state++)
        for (unsigned event = 0; event < SUGU_KIOSK_EVENT_COUNT; event++) {
            const struct sugu_rule *rule =
                &sugu_kiosk_machine.rules[state * SUGU_KIOSK_EVENT_COUNT + event];
            if (rule->effects & SUGU_KIOSK_DO_REGISTER_CARD)
                ck_assert(state == SUGU_KIOSK_STORING && event == SUGU_KIOSK_ON_CONSENT_TAKEN);
            if (rule->effects & SUGU_KIOSK_DO_GIVE_CONSENT)
                ck_assert_uint_eq(state, SUGU_KIOSK_PAYER);
            if (rule->effects & SUGU_KIOSK_DO_END_CARD)
                ck_assert_uint_eq(state, SUGU_KIOSK_CARD_END);
        }
}
END_TEST

START_TEST(no_way_to_the_first_page_keeps_what_is_personal)
{
    for (unsigned state = 0; state < SUGU_KIOSK_RESUME; state++)
        for (unsigned event = 0; event < SUGU_KIOSK_EVENT_COUNT; event++) {
            const struct sugu_rule *rule =
                &sugu_kiosk_machine.rules[state * SUGU_KIOSK_EVENT_COUNT + event];
            if (!rule->is_there || event == SUGU_KIOSK_ON_HELP)
                continue;
            if (rule->next == SUGU_KIOSK_TAKE_CARD && state != SUGU_KIOSK_TAKE_CARD)
                ck_assert_uint_eq(rule->effects & SUGU_KIOSK_LEAVE_EFFECTS,
                                  SUGU_KIOSK_LEAVE_EFFECTS);
            if (rule->next == SUGU_KIOSK_WELCOME && state != SUGU_KIOSK_CLOSED)
                ck_assert_uint_ne(rule->effects & SUGU_KIOSK_DO_CLEAR, 0);
        }
}
END_TEST

START_TEST(a_new_card_over_somebodys_page_forgets_that_person_first)
{
    static const enum sugu_kiosk_event cards[] = {
        SUGU_KIOSK_ON_CARD_WITH_PIN, SUGU_KIOSK_ON_HOSPITAL_CARD, SUGU_KIOSK_ON_CARD_STOPPED};
    static const enum sugu_kiosk_state personal[] = {SUGU_KIOSK_CONFIRM, SUGU_KIOSK_TICKET,
                                                     SUGU_KIOSK_BILL, SUGU_KIOSK_NO_BILL};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(personal); i++)
        for (size_t k = 0; k < SUGU_ARRAY_SIZE(cards); k++) {
            struct sugu_kiosk_flow flow = flow_in(personal[i]);
            ck_assert_uint_ne(step(&flow, cards[k]) & SUGU_KIOSK_DO_FORGET, 0);
        }
}
END_TEST

START_TEST(the_warning_goes_back_to_the_page_it_covered)
{
    struct sugu_kiosk_flow flow = flow_in(SUGU_KIOSK_CONFIRM);

    step(&flow, SUGU_KIOSK_ON_IDLE);
    ck_assert_int_eq(flow.state, SUGU_KIOSK_STILL_THERE);
    step(&flow, SUGU_KIOSK_ON_CONTINUE);
    ck_assert_int_eq(flow.state, SUGU_KIOSK_CONFIRM);
}
END_TEST

START_TEST(a_revised_bill_under_the_warning_leaves_the_warning_but_a_withdrawn_one_ends_it)
{
    struct sugu_kiosk_flow flow = flow_in(SUGU_KIOSK_BILL);

    step(&flow, SUGU_KIOSK_ON_IDLE);
    step(&flow, SUGU_KIOSK_ON_BILL_ARRIVED);
    ck_assert_int_eq(flow.state, SUGU_KIOSK_STILL_THERE);
    step(&flow, SUGU_KIOSK_ON_BILL_WITHDRAWN);
    ck_assert_int_eq(flow.state, SUGU_KIOSK_NO_BILL);
    ck_assert_int_eq(flow.resume, SUGU_KIOSK_NO_BILL);
}
END_TEST

START_TEST(the_day_of_a_patient_goes_from_card_to_receipt)
{
    static const struct {
        enum sugu_kiosk_event event;
        enum sugu_kiosk_state state;
        uint32_t effects;
    } rows[] = {
        {SUGU_KIOSK_ON_CARD_WITH_PIN, SUGU_KIOSK_PIN, SUGU_KIOSK_DO_SHOW_TRIES},
        {SUGU_KIOSK_ON_DIGITS, SUGU_KIOSK_READING, SUGU_KIOSK_DO_READ_IDENTITY},
        {SUGU_KIOSK_ON_PIN_WRONG, SUGU_KIOSK_PIN, SUGU_KIOSK_DO_SHOW_TRIES},
        {SUGU_KIOSK_ON_DIGITS, SUGU_KIOSK_READING, SUGU_KIOSK_DO_READ_IDENTITY},
        {SUGU_KIOSK_ON_IDENTITY_READ, SUGU_KIOSK_OPENING, SUGU_KIOSK_DO_OPEN_SESSION},
        {SUGU_KIOSK_ON_OPENED_NEW, SUGU_KIOSK_CHECKING, SUGU_KIOSK_DO_ASK_ELIGIBILITY},
        {SUGU_KIOSK_ON_VERIFIED, SUGU_KIOSK_CONFIRM, 0},
        {SUGU_KIOSK_ON_YES, SUGU_KIOSK_ISSUING, SUGU_KIOSK_DO_CHECK_IN},
        {SUGU_KIOSK_ON_TICKET_ISSUED, SUGU_KIOSK_TICKET, SUGU_KIOSK_DO_PRINT_TICKET},
        {SUGU_KIOSK_ON_DONE, SUGU_KIOSK_TAKE_CARD, SUGU_KIOSK_LEAVE_EFFECTS},
        {SUGU_KIOSK_ON_CARD_TAKEN, SUGU_KIOSK_WELCOME, SUGU_KIOSK_DO_CLEAR},
        {SUGU_KIOSK_ON_TICKET_SCANNED, SUGU_KIOSK_OPENING, SUGU_KIOSK_DO_OPEN_SESSION},
        {SUGU_KIOSK_ON_BIRTHDAY_NEEDED, SUGU_KIOSK_BIRTHDAY, 0},
        {SUGU_KIOSK_ON_DIGITS, SUGU_KIOSK_OPENING, SUGU_KIOSK_DO_OPEN_SESSION},
        {SUGU_KIOSK_ON_OPENED_WAITING, SUGU_KIOSK_NO_BILL, 0},
        {SUGU_KIOSK_ON_BILL_ARRIVED, SUGU_KIOSK_BILL, 0},
        {SUGU_KIOSK_ON_PAY, SUGU_KIOSK_PAYING, SUGU_KIOSK_DO_START_PAYMENT},
        {SUGU_KIOSK_ON_PAYMENT_UNKNOWN, SUGU_KIOSK_UNCLEAR, SUGU_KIOSK_DO_ASK_PAYMENT},
        {SUGU_KIOSK_ON_PAYMENT_APPROVED, SUGU_KIOSK_SETTLING, 0},
        {SUGU_KIOSK_ON_BILL_SETTLED, SUGU_KIOSK_ISSUING_RECEIPT, SUGU_KIOSK_DO_ISSUE_RECEIPT},
        {SUGU_KIOSK_ON_RECEIPT_ISSUED, SUGU_KIOSK_PRINTING, SUGU_KIOSK_DO_PRINT_RECEIPT},
        {SUGU_KIOSK_ON_PAPER_OUT, SUGU_KIOSK_PAID, 0},
    };
    struct sugu_kiosk_flow flow = {SUGU_KIOSK_WELCOME, SUGU_KIOSK_WELCOME};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        ck_assert_msg(step(&flow, rows[i].event) == rows[i].effects, "effects of row %zu", i);
        ck_assert_msg(flow.state == rows[i].state, "row %zu leads to %s", i,
                      sugu_kiosk_machine.states[flow.state]);
    }
}
END_TEST

START_TEST(every_page_lets_one_call_staff_and_has_an_id_of_its_own)
{
    for (unsigned state = 0; state < SUGU_KIOSK_RESUME; state++) {
        struct sugu_kiosk_flow flow = flow_in((enum sugu_kiosk_state)state);
        ck_assert_uint_eq(step(&flow, SUGU_KIOSK_ON_HELP), SUGU_KIOSK_DO_CALL_STAFF);
        ck_assert_uint_eq(flow.state, state);
        for (unsigned other = 0; other < state; other++)
            ck_assert_str_ne(sugu_kiosk_page((enum sugu_kiosk_state)state),
                             sugu_kiosk_page((enum sugu_kiosk_state)other));
    }
}
END_TEST

SUGU_TEST_MAIN("kiosk-flow",
               every_pair_of_page_and_event_leads_to_a_page_or_is_refused,
               from_every_page_the_patient_reaches_a_number_and_a_place,
               a_machine_that_never_answers_leaves_no_page_waiting,
               money_under_way_never_ends_by_a_pause,
               an_unclear_payment_is_asked_for_then_staff_come_then_they_take_over,
               a_bill_at_the_counter_is_offered_on_no_page,
               nobody_can_start_a_second_payment_while_one_is_under_way,
               a_window_that_knows_nobody_comes_back_to_the_cash_and_to_nothing_else,
               money_that_is_owed_is_told_once_on_a_slip_and_to_the_staff,
               a_card_is_registered_after_a_consent_only,
               no_way_to_the_first_page_keeps_what_is_personal,
               a_new_card_over_somebodys_page_forgets_that_person_first,
               the_warning_goes_back_to_the_page_it_covered,
               a_revised_bill_under_the_warning_leaves_the_warning_but_a_withdrawn_one_ends_it,
               the_day_of_a_patient_goes_from_card_to_receipt,
               every_page_lets_one_call_staff_and_has_an_id_of_its_own)
