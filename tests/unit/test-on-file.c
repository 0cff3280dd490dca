/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-on-file - who may leave without stopping, what is charged, when it is tried again
 */
#include "domain/on-file.h"

#include "domain/on-file-machine.h"
#include "testlib/checks.h"

static const struct sugu_on_file_house house = {
    .text_version = 3, .ceiling_yen_max = 100000, .hold_yen = 30000, .hold_days = 7};

static const struct sugu_on_file_consent consent = {.text_version = 3, .ceiling_yen = 50000};

static const struct sugu_on_file_facts good = {
    .is_active = true,
    .consent = {.text_version = 3, .ceiling_yen = 50000},
    .card = {.brand = "visa",
             .last4 = "1111",
             .expiry_month = 202606,
             .funding = SUGU_ON_FILE_CREDIT},
    .day = 20260630,
};

START_TEST(each_exclusion_stands_alone_and_has_its_code)
{
    struct sugu_on_file_facts facts;

    ck_assert_uint_eq(sugu_on_file_exclude(&good, &house), 0);
#define CHECK(change, name, code)                                                                  \
    facts = good;                                                                                  \
    change;                                                                                        \
    ck_assert_uint_eq(sugu_on_file_exclude(&facts, &house), UINT32_C(1)                            \
                                                                << SUGU_ON_FILE_EXCLUDED_##name);  \
    ck_assert_str_eq(sugu_on_file_exclusion_code(sugu_on_file_exclude(&facts, &house)), code)
    CHECK(facts.is_active = false, SUSPENDED, "later.suspended");
    CHECK(facts.has_open_payment = true, PAYMENT_OPEN, "payment.open");
    CHECK(facts.has_unpaid_bill = true, UNPAID_BILL, "later.unpaid-bill");
    CHECK(facts.has_ceiling_sheet = true, CEILING_SHEET, "later.ceiling-sheet");
    CHECK(facts.consent.text_version = 2, NO_CONSENT, "later.no-consent");
    CHECK(facts.consent.text_version = 4, NO_CONSENT, "later.no-consent");
    CHECK(facts.consent.ceiling_yen = 0, NO_CONSENT, "later.no-consent");
    CHECK(facts.card.expiry_month = 202605, CARD_EXPIRED, "later.card-expired");
    CHECK(facts.card.funding = SUGU_ON_FILE_DEBIT, NOT_CREDIT, "later.not-credit");
    CHECK(facts.card.funding = SUGU_ON_FILE_PREPAID, NOT_CREDIT, "later.not-credit");
    CHECK(facts.card.funding = SUGU_ON_FILE_FUNDING_UNKNOWN, NOT_CREDIT, "later.not-credit");
    CHECK(facts.is_declined_today = true, NOT_THIS_TIME, "later.not-this-time");
#undef CHECK
    facts = (struct sugu_on_file_facts){.day = 20260630, .has_open_payment = true};
    ck_assert_str_eq(sugu_on_file_exclusion_code(sugu_on_file_exclude(&facts, &house)),
                     "later.suspended");
    ck_assert_str_eq(sugu_on_file_exclusion_code(0), "");
}
END_TEST

START_TEST(a_consent_is_to_the_text_in_force_and_has_a_ceiling)
{
    struct sugu_on_file_consent given = consent;
    struct sugu_error error;

    sugu_assert_ok(sugu_on_file_check_consent(&given, &house, &error), error);
    given.ceiling_yen = 100000;
    sugu_assert_ok(sugu_on_file_check_consent(&given, &house, &error), error);
    given.ceiling_yen = 100001;
    sugu_assert_fails(sugu_on_file_check_consent(&given, &house, &error), SUGU_REFUSED,
                      "payment.amount", error);
    given.ceiling_yen = 0;
    sugu_assert_fails(sugu_on_file_check_consent(&given, &house, &error), SUGU_REFUSED,
                      "payment.amount", error);
    given = consent;
    given.text_version = 2;
    sugu_assert_fails(sugu_on_file_check_consent(&given, &house, &error), SUGU_REFUSED,
                      "later.no-consent", error);
}
END_TEST

START_TEST(what_is_charged_follows_from_bill_hold_and_ceiling)
{
    static const struct {
        int64_t bill_yen, hold_yen;
        uint32_t age_days;
        enum sugu_on_file_step step;
    } rows[] = {
        {0, 30000, 0, SUGU_ON_FILE_NOTHING},      {-1, 30000, 0, SUGU_ON_FILE_NOTHING},
        {1, 30000, 0, SUGU_ON_FILE_CAPTURE},      {30000, 30000, 0, SUGU_ON_FILE_CAPTURE},
        {30001, 30000, 0, SUGU_ON_FILE_CHARGE},   {50000, 30000, 0, SUGU_ON_FILE_CHARGE},
        {50001, 30000, 0, SUGU_ON_FILE_TO_KIOSK}, {50001, 60000, 0, SUGU_ON_FILE_TO_KIOSK},
        {1000, 0, 0, SUGU_ON_FILE_CHARGE},        {1000, 30000, 5, SUGU_ON_FILE_CAPTURE},
        {1000, 30000, 6, SUGU_ON_FILE_CHARGE},    {1000, 30000, 90, SUGU_ON_FILE_CHARGE},
    };
    struct sugu_on_file_house other = house;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        ck_assert_msg(sugu_on_file_decide(&consent, &house, rows[i].bill_yen, rows[i].hold_yen,
                                          rows[i].age_days) == rows[i].step,
                      "row %zu", i);
    ck_assert_int_eq(sugu_on_file_hold_yen(&consent, &house), 30000);
    other.hold_yen = 80000;
    ck_assert_int_eq(sugu_on_file_hold_yen(&consent, &other), 50000);
    other.hold_yen = 0;
    ck_assert_int_eq(sugu_on_file_hold_yen(&consent, &other), 0);
}
END_TEST

START_TEST(soft_declines_are_tried_on_three_days_and_hard_ones_never)
{
    uint32_t day = 0;

    ck_assert(sugu_on_file_next_try(20261230, 0, SUGU_ON_FILE_SOFT, &day));
    ck_assert_uint_eq(day, 20261231);
    ck_assert(sugu_on_file_next_try(20261230, 1, SUGU_ON_FILE_SOFT, &day));
    ck_assert_uint_eq(day, 20270102);
    ck_assert(sugu_on_file_next_try(20261230, 2, SUGU_ON_FILE_SOFT, &day));
    ck_assert_uint_eq(day, 20270106);
    ck_assert(!sugu_on_file_next_try(20261230, 3, SUGU_ON_FILE_SOFT, &day));
    for (uint32_t retries = 0; retries < 4; retries++) {
        ck_assert(!sugu_on_file_next_try(20261230, retries, SUGU_ON_FILE_HARD, &day));
        ck_assert(!sugu_on_file_next_try(20261230, retries, SUGU_ON_FILE_NOT_DECLINED, &day));
    }
}
END_TEST

START_TEST(a_key_is_not_sent_again_when_the_provider_may_have_forgotten_it)
{
    int64_t day_us = 24 * 60 * SUGU_MINUTE;

    ck_assert(sugu_on_file_may_repeat(1000, 1000));
    ck_assert(sugu_on_file_may_repeat(1000, 1000 + 6 * day_us - 1));
    ck_assert(!sugu_on_file_may_repeat(1000, 1000 + 6 * day_us));
    ck_assert(!sugu_on_file_may_repeat(1000, 1000 + 7 * day_us));
}
END_TEST

START_TEST(the_dues_of_a_visit_take_no_second_charge_beside_a_running_one)
{
    const struct sugu_machine *machine = &sugu_dues_machine;
    struct sugu_error failure;
    unsigned after;

    for (unsigned event = 0; event < machine->event_count; event++) {
        struct sugu_error error;
        unsigned next;
        uint32_t effects;

        /* While an attempt runs nothing but its own outcome moves the dues, … */
        if (!sugu_machine_step(machine, SUGU_DUES_TAKING, event, &next, &effects, &error))
            ck_assert_uint_eq(effects & SUGU_DUES_DO_ATTEMPT, 0);
        /* … and what is paid or ended stays so, but for another bill. */
        bool is_other_bill = event == SUGU_DUES_ON_BILL_TAKES ||
                             event == SUGU_DUES_ON_BILL_TOO_HIGH ||
                             event == SUGU_DUES_ON_CALLED_OFF;
        ck_assert(sugu_machine_allows(machine, SUGU_DUES_PAID, event) == is_other_bill);
        ck_assert(sugu_machine_allows(machine, SUGU_DUES_NOTHING, event) == is_other_bill);
    }
    sugu_assert_ok(sugu_machine_step(machine, SUGU_DUES_AT_KIOSK, SUGU_DUES_ON_WANTED_AGAIN, &after,
                                     NULL, &failure),
                   failure);
    ck_assert_uint_eq(after, SUGU_DUES_WAITING);
    ck_assert(!sugu_machine_allows(machine, SUGU_DUES_TAKING, SUGU_DUES_ON_PAID_OTHERWISE));
    ck_assert(!sugu_machine_allows(machine, SUGU_DUES_TAKING, SUGU_DUES_ON_CALLED_OFF));
}
END_TEST

START_TEST(an_ended_arrangement_never_comes_back_and_a_suspended_one_takes_a_new_card)
{
    const struct sugu_machine *machine = &sugu_on_file_machine;
    struct sugu_error error;
    unsigned next;
    uint32_t effects;

    for (unsigned event = 0; event < machine->event_count; event++)
        ck_assert(!sugu_machine_allows(machine, SUGU_ON_FILE_ENDED, event));
    for (unsigned state = 0; state < SUGU_ON_FILE_ENDED; state++) {
        sugu_assert_ok(
            sugu_machine_step(machine, state, SUGU_ON_FILE_ON_TAKEN_BACK, &next, &effects, &error),
            error);
        ck_assert_uint_eq(next, SUGU_ON_FILE_ENDED);
        ck_assert_uint_ne(effects & SUGU_ON_FILE_DO_FORGET, 0);
    }
    sugu_assert_ok(sugu_machine_step(machine, SUGU_ON_FILE_SUSPENDED, SUGU_ON_FILE_ON_NEW_CARD,
                                     &next, NULL, &error),
                   error);
    ck_assert_uint_eq(next, SUGU_ON_FILE_ACTIVE);
    sugu_assert_fails(sugu_machine_step(machine, SUGU_ON_FILE_SUSPENDED, SUGU_ON_FILE_ON_CARD_GOOD,
                                        &next, NULL, &error),
                      SUGU_REFUSED, "later.not-allowed", error);
}
END_TEST

SUGU_TEST_MAIN("on-file",
               each_exclusion_stands_alone_and_has_its_code,
               a_consent_is_to_the_text_in_force_and_has_a_ceiling,
               what_is_charged_follows_from_bill_hold_and_ceiling,
               soft_declines_are_tried_on_three_days_and_hard_ones_never,
               a_key_is_not_sent_again_when_the_provider_may_have_forgotten_it,
               the_dues_of_a_visit_take_no_second_charge_beside_a_running_one,
               an_ended_arrangement_never_comes_back_and_a_suspended_one_takes_a_new_card)
