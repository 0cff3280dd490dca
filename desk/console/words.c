/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words - states, times, rules and reasons as the staff's language says them
 */
#include "words.h"

#include "base/text.h"

#include <glib/gi18n.h>

#include <inttypes.h>
#include <string.h>

/* ---------------------------------------------------------------- numbers and times */

static const char *
clock_words(char to[static DESK_WORDS_SIZE], GTimeZone *zone, int64_t utc_us, bool has_seconds)
{
    GDateTime *utc, *local;

    to[0] = '\0';
    if (utc_us == 0)
        return to;
    utc = g_date_time_new_from_unix_utc(utc_us / SUGU_SECOND);
    local = g_date_time_to_timezone(utc, zone);
    snprintf(to, DESK_WORDS_SIZE, has_seconds ? "%d:%02d:%02d" : "%d:%02d",
             g_date_time_get_hour(local), g_date_time_get_minute(local),
             g_date_time_get_second(local));
    g_date_time_unref(local);
    g_date_time_unref(utc);
    return to;
}

const char *
desk_words_clock(char to[static DESK_WORDS_SIZE], GTimeZone *zone, int64_t utc_us)
{
    return clock_words(to, zone, utc_us, /* has_seconds= */ false);
}

const char *
desk_words_clock_s(char to[static DESK_WORDS_SIZE], GTimeZone *zone, int64_t utc_us)
{
    return clock_words(to, zone, utc_us, /* has_seconds= */ true);
}

const char *
desk_words_duration(char to[static DESK_WORDS_SIZE], int64_t us)
{
    int64_t seconds = us > 0 ? us / SUGU_SECOND : 0;

    if (seconds < 60)
        snprintf(to, DESK_WORDS_SIZE, C_("duration", "%d s"), (int)seconds);
    else if (seconds < 600 * 60)
        snprintf(to, DESK_WORDS_SIZE, C_("duration", "%d min"), (int)(seconds / 60));
    else
        snprintf(to, DESK_WORDS_SIZE, C_("duration", "%d h"), (int)(seconds / 3600));
    return to;
}

const char *
desk_words_date(char to[static DESK_WORDS_SIZE], uint32_t date)
{
    to[0] = '\0';
    if (date > 0)
        /* TRANSLATORS: a date: year, month, day */
        snprintf(to, DESK_WORDS_SIZE, C_("date", "%u-%02u-%02u"), date / 10000, date / 100 % 100,
                 date % 100);
    return to;
}

const char *
desk_words_moment(char to[static DESK_WORDS_SIZE], GTimeZone *zone, int64_t utc_us)
{
    char date[DESK_WORDS_SIZE], clock[DESK_WORDS_SIZE];
    GDateTime *utc = g_date_time_new_from_unix_utc(utc_us / SUGU_SECOND);
    GDateTime *local = g_date_time_to_timezone(utc, zone);
    int day = g_date_time_get_year(local) * 10000 + g_date_time_get_month(local) * 100 +
              g_date_time_get_day_of_month(local);

    snprintf(to, DESK_WORDS_SIZE, "%.60s %.20s", desk_words_date(date, (uint32_t)day),
             desk_words_clock(clock, zone, utc_us));
    g_date_time_unref(local);
    g_date_time_unref(utc);
    return to;
}

const char *
desk_words_yen(char to[static DESK_WORDS_SIZE], int64_t yen)
{
    char digits[24], grouped[40];
    size_t length, out = 0;

    snprintf(digits, sizeof digits, "%" PRId64, yen < 0 ? -yen : yen);
    length = strlen(digits);
    if (yen < 0)
        grouped[out++] = '-';
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            grouped[out++] = ',';
        grouped[out++] = digits[i];
    }
    grouped[out] = '\0';
    /* TRANSLATORS: an amount in Japanese yen, %s is like 12,340 */
    snprintf(to, DESK_WORDS_SIZE, C_("amount", "¥%s"), grouped);
    return to;
}

/* ---------------------------------------------------------------- one word each */

/* The translated name in a table whose index is a number of the wire. */
static const char *
name_of(const char *context, const char *const *names, size_t count, unsigned value)
{
    return value < count && names[value] && names[value][0]
               ? g_dpgettext2(NULL, context, names[value])
               : "";
}
#define NAME_OF(context, names, value)                                                             \
    name_of(context, names, SUGU_ARRAY_SIZE(names), (unsigned)(value))

const char *
desk_words_desk(char to[static DESK_WORDS_SIZE], enum sugu_desk_word word, const char *desk)
{
    char name[SUGU_DESK_NAME_SIZE];

    /* TRANSLATORS: the code of this language, as core/domain/desk-name.h has it */
    sugu_desk_name(name, C_("language", "en"), word, desk);
    sugu_text_copy(to, DESK_WORDS_SIZE, name);
    return to;
}

const char *
desk_words_state(enum sugu_stage_state state)
{
    static const char *const names[] = {
        [SUGU_STAGE_WAITING] = NC_("stage", "Waiting"),
        [SUGU_STAGE_CALLED] = NC_("stage", "Called"),
        [SUGU_STAGE_PRESENT] = NC_("stage", "At the desk"),
        [SUGU_STAGE_DONE] = NC_("stage", "Done"),
        [SUGU_STAGE_PARKED] = NC_("stage", "Parked"),
        [SUGU_STAGE_MISSED] = NC_("stage", "Missed"),
        [SUGU_STAGE_MOVED] = NC_("stage", "Moved"),
        [SUGU_STAGE_PLANNED] = NC_("stage", "Later"),
        [SUGU_STAGE_DROPPED] = NC_("stage", "Dropped"),
    };

    return NAME_OF("stage", names, state);
}

const char *
desk_words_priority(enum sugu_priority priority)
{
    static const char *const names[] = {
        [SUGU_PRIORITY_URGENT] = NC_("priority", "Urgent"),
        [SUGU_PRIORITY_ASSISTED] = NC_("priority", "Assisted"),
        [SUGU_PRIORITY_ORDINARY] = "",
    };

    return NAME_OF("priority", names, priority);
}

const char *
desk_words_visit(Sugu__VisitState state)
{
    static const char *const names[] = {
        [SUGU__VISIT_STATE__VISIT_EXPECTED] = NC_("visit", "Expected"),
        [SUGU__VISIT_STATE__VISIT_ARRIVED] = NC_("visit", "Arrived"),
        [SUGU__VISIT_STATE__VISIT_IN_STAGES] = NC_("visit", "In the house"),
        [SUGU__VISIT_STATE__VISIT_AWAITING_BILL] = NC_("visit", "Waits for the bill"),
        [SUGU__VISIT_STATE__VISIT_BILLED] = NC_("visit", "Has a bill"),
        [SUGU__VISIT_STATE__VISIT_SETTLED] = NC_("visit", "Has paid"),
        [SUGU__VISIT_STATE__VISIT_LEFT] = NC_("visit", "Left"),
        [SUGU__VISIT_STATE__VISIT_NO_SHOW] = NC_("visit", "Did not come"),
        [SUGU__VISIT_STATE__VISIT_CANCELLED] = NC_("visit", "Cancelled"),
    };

    return NAME_OF("visit", names, state);
}

const char *
desk_words_bill(Sugu__BillState state)
{
    static const char *const names[] = {
        [SUGU__BILL_STATE__BILL_ANNOUNCED] = NC_("bill", "to be paid"),
        [SUGU__BILL_STATE__BILL_REVISED] = NC_("bill", "revised, to be paid"),
        [SUGU__BILL_STATE__BILL_WITHDRAWN] = NC_("bill", "withdrawn"),
        [SUGU__BILL_STATE__BILL_IN_PAYMENT] = NC_("bill", "is being paid"),
        [SUGU__BILL_STATE__BILL_SETTLED] = NC_("bill", "paid"),
        [SUGU__BILL_STATE__BILL_REFUNDED_IN_PART] = NC_("bill", "refunded in part"),
        [SUGU__BILL_STATE__BILL_REFUNDED] = NC_("bill", "refunded"),
        [SUGU__BILL_STATE__BILL_TO_COUNTER] = NC_("bill", "to be paid at the counter"),
        [SUGU__BILL_STATE__BILL_DEPOSITED] = NC_("bill", "deposit held until insurance is proven"),
        [SUGU__BILL_STATE__BILL_OVERPAID] = NC_("bill", "paid too much: give back"),
    };

    return NAME_OF("bill", names, state);
}

const char *
desk_words_paper(Sugu__PaperKind kind)
{
    static const char *const names[] = {
        [SUGU__PAPER_KIND__PAPER_TICKET] = NC_("paper", "Ticket"),
        [SUGU__PAPER_KIND__PAPER_RECEIPT] = NC_("paper", "Receipt"),
        [SUGU__PAPER_KIND__PAPER_STATEMENT] = NC_("paper", "Statement"),
    };

    return NAME_OF("paper", names, kind);
}

const char *
desk_words_paper_state(Sugu__PaperState state)
{
    static const char *const names[] = {
        [SUGU__PAPER_STATE__PAPER_QUEUED] = NC_("paper", "waits for the printer"),
        [SUGU__PAPER_STATE__PAPER_PRINTING] = NC_("paper", "is being printed"),
        [SUGU__PAPER_STATE__PAPER_OUT] = NC_("paper", "came out"),
        [SUGU__PAPER_STATE__PAPER_FAILED] = NC_("paper", "did not come out"),
        [SUGU__PAPER_STATE__PAPER_DOUBTFUL] = NC_("paper", "nobody knows: ask the patient"),
    };

    return NAME_OF("paper", names, state);
}

const char *
desk_words_eligibility(Sugu__EligibilityOutcome outcome)
{
    static const char *const names[] = {
        [SUGU__ELIGIBILITY_OUTCOME__ELIGIBILITY_OPEN] = NC_("insurance", "not verified yet"),
        [SUGU__ELIGIBILITY_OUTCOME__VERIFIED] = NC_("insurance", "verified"),
        [SUGU__ELIGIBILITY_OUTCOME__VERIFIED_WITH_CHANGE] =
            NC_("insurance", "verified, data on file were replaced"),
        [SUGU__ELIGIBILITY_OUTCOME__NOT_VERIFIED_NOW] =
            NC_("insurance", "could not be verified now"),
        [SUGU__ELIGIBILITY_OUTCOME__NOT_FOUND] = NC_("insurance", "not found"),
        [SUGU__ELIGIBILITY_OUTCOME__INVALID] = NC_("insurance", "not valid"),
    };

    return NAME_OF("insurance", names, outcome);
}

const char *
desk_words_kind(Sugu__StageKind kind)
{
    static const char *const names[] = {
        [SUGU__STAGE_KIND__KIND_RECEPTION] = NC_("queue", "Reception"),
        [SUGU__STAGE_KIND__KIND_TEST] = NC_("queue", "Test"),
        [SUGU__STAGE_KIND__KIND_CONSULTATION] = NC_("queue", "Consultation"),
        [SUGU__STAGE_KIND__KIND_BILLING] = NC_("queue", "Billing"),
        [SUGU__STAGE_KIND__KIND_PHARMACY] = NC_("queue", "Pharmacy"),
    };

    return NAME_OF("queue", names, kind);
}

const char *
desk_words_role(Sugu__StaffRole role)
{
    static const char *const names[] = {
        [SUGU__STAFF_ROLE__CLERK] = NC_("role", "Clerk"),
        [SUGU__STAFF_ROLE__SUPERVISOR] = NC_("role", "Supervisor"),
        [SUGU__STAFF_ROLE__ADMINISTRATOR] = NC_("role", "Administrator"),
    };

    return NAME_OF("role", names, role);
}

const char *
desk_words_part(Sugu__Part part)
{
    static const char *const names[] = {
        [SUGU__PART__PART_READER] = NC_("part", "Card reader"),
        [SUGU__PART__PART_PRINTER] = NC_("part", "Printer"),
        [SUGU__PART__PART_TERMINAL] = NC_("part", "Card terminal"),
        [SUGU__PART__PART_CASH] = NC_("part", "Cash machine"),
        [SUGU__PART__PART_CODE] = NC_("part", "Code payment"),
        [SUGU__PART__PART_ON_FILE] = NC_("part", "Registered cards"),
    };

    return NAME_OF("part", names, part);
}

const char *
desk_words_health(Sugu__PartHealth health)
{
    static const char *const names[] = {
        [SUGU__PART_HEALTH__PART_OK] = NC_("part", "well"),
        [SUGU__PART_HEALTH__PART_LOW] = NC_("part", "needs someone soon"),
        [SUGU__PART_HEALTH__PART_AWAY] = NC_("part", "does not work"),
    };

    return NAME_OF("part", names, health);
}

const char *
desk_words_health_sign(Sugu__PartHealth health)
{
    static const char *const signs[] = {
        [SUGU__PART_HEALTH__PART_OK] = "○",
        [SUGU__PART_HEALTH__PART_LOW] = "▲",
        [SUGU__PART_HEALTH__PART_AWAY] = "■",
    };

    return health < SUGU_ARRAY_SIZE(signs) ? signs[health] : "";
}

const char *
desk_words_language(const char *code)
{
    static const struct {
        const char *code, *name;
    } rows[] = {
        {"ja", NC_("language", "Japanese")},
        {"ja@easy", NC_("language", "Easy Japanese")},
        {"en", NC_("language", "English")},
        {"zh_CN", NC_("language", "Chinese")},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        if (strcmp(rows[i].code, code) == 0)
            return g_dpgettext2(NULL, "language", rows[i].name);
    return code;
}

const char *
desk_words_page(const char *page)
{
    static const struct {
        const char *page, *name;
    } rows[] = {
        {"welcome", NC_("page", "Free")},
        {"closed", NC_("page", "Closed: no server")},
        {"out-of-use", NC_("page", "Out of use")},
        {"no-card", NC_("page", "Without a card")},
        {"card-trouble", NC_("page", "Card cannot be used")},
        {"card-back", NC_("page", "Waits for the card")},
        {"pin", NC_("page", "PIN")},
        {"reading", NC_("page", "Reads the card")},
        {"opening", NC_("page", "Looks the person up")},
        {"birthday", NC_("page", "Birthday")},
        {"checking", NC_("page", "Verifies the insurance")},
        {"confirm", NC_("page", "Is this right?")},
        {"issuing", NC_("page", "Makes the ticket")},
        {"ticket", NC_("page", "Ticket")},
        {"issuing-desk", NC_("page", "Makes a ticket for the desk")},
        {"to-desk", NC_("page", "Sends to the desk")},
        {"desk-away", NC_("page", "No server: sends to the desk")},
        {"see-desk", NC_("page", "Sends to the desk")},
        {"no-bill", NC_("page", "No bill yet")},
        {"bill", NC_("page", "Bill")},
        {"paying", NC_("page", "Is paying")},
        {"cancelling", NC_("page", "Stops the payment")},
        {"unclear", NC_("page", "Payment is unclear")},
        {"pay-trouble", NC_("page", "Not paid")},
        {"held", NC_("page", "Payment has to be resolved")},
        {"settling", NC_("page", "Paid, waits for the server")},
        {"issuing-receipt", NC_("page", "Makes the receipt")},
        {"printing", NC_("page", "Prints")},
        {"paper-doubt", NC_("page", "Did the paper come out?")},
        {"receipt-later", NC_("page", "Paid, without paper")},
        {"paid", NC_("page", "Paid")},
        {"already-paid", NC_("page", "Paid before")},
        {"still-there", NC_("page", "Is anybody there?")},
        {"take-card", NC_("page", "Waits until the card is taken")},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        if (strcmp(rows[i].page, page) == 0)
            return g_dpgettext2(NULL, "page", rows[i].name);
    return page;
}

const char *
desk_words_code(char to[static DESK_WORDS_SIZE], const char *code, const char *detail)
{
    const struct sugu_code *row = sugu_code_find(code);

    if (!code[0])
        to[0] = '\0';
    else if (strcmp(row->code, code) == 0)
        snprintf(to, DESK_WORDS_SIZE, "%s", gettext(row->staff));
    else if (detail && detail[0])
        snprintf(to, DESK_WORDS_SIZE, "%s: %s", code, detail);
    else
        snprintf(to, DESK_WORDS_SIZE, "%s", code);
    return to;
}

/* ---------------------------------------------------------------- waiting */

const char *
desk_words_range(char to[static DESK_WORDS_SIZE], uint32_t low_min, uint32_t high_min)
{
    to[0] = '\0';
    if (low_min == 0 && high_min == 0)
        return to;
    /* TRANSLATORS: a range of the waiting time in minutes */
    snprintf(to, DESK_WORDS_SIZE, C_("wait", "about %u–%u min"), low_min, high_min);
    return to;
}

const char *
desk_words_calibration(char to[static DESK_WORDS_SIZE], uint32_t told, uint32_t held)
{
    if (told == 0)
        snprintf(to, DESK_WORDS_SIZE, "%s",
                 C_("wait", "No waiting time was said here in the last 30 days."));
    else
        /* TRANSLATORS: %u of ten ranges of the waiting time were right, out of %u said */
        snprintf(to, DESK_WORDS_SIZE,
                 C_("wait", "Waiting times of the last 30 days: %u of 10 fell within (%u said)"),
                 (unsigned)(((uint64_t)held * 10 + told / 2) / told), told);
    return to;
}

/* Adds a sentence about a number of minutes, or nothing. */
static void
add_minutes(char to[static DESK_WORDS_SIZE], const char *format, int32_t minutes)
{
    char sentence[DESK_WORDS_SIZE];
    int size;

    if (minutes == 0)
        return;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    size = snprintf(sentence, sizeof sentence, format, (int)minutes);
#pragma GCC diagnostic pop
    if (size > 0)
        g_strlcat(to, sentence, DESK_WORDS_SIZE);
}

const char *
desk_words_rule(char to[static DESK_WORDS_SIZE], const struct sugu_queue_rule *rule)
{
    g_strlcpy(to, C_("rule", "Urgent first, then by appointment."), DESK_WORDS_SIZE);
    if (rule->walk_in_after_min == 0)
        g_strlcat(to, C_("rule", " Without appointment: from the time of arrival."),
                  DESK_WORDS_SIZE);
    add_minutes(to, C_("rule", " Without appointment: as if booked %d min after arriving."),
                rule->walk_in_after_min);
    add_minutes(to, C_("rule", " An appointment holds for %d min."), rule->grace_min);
    add_minutes(to, C_("rule", " Later than that: as if booked %d min after arriving."),
                rule->late_after_min);
    add_minutes(to, C_("rule", " Wheelchair or infant: %d min earlier."), rule->assist_before_min);
    return to;
}

static struct sugu_queue_place
place_of(const struct desk_entry *entry)
{
    return (struct sugu_queue_place){
        .priority = entry->priority,
        .appointment_utc_us = entry->appointment_utc_us,
        .arrived_utc_us = entry->arrived_utc_us,
        .due_utc_us = entry->due_utc_us,
        .visit = entry->visit,
    };
}

const char *
desk_words_place(char to[static DESK_WORDS_SIZE], const struct desk_place *place)
{
    const struct desk_entry *entry = place->entry;
    struct sugu_queue_place queue_place = place_of(entry);
    char appointment[DESK_WORDS_SIZE], arrived[DESK_WORDS_SIZE], due[DESK_WORDS_SIZE];

    desk_words_clock(appointment, place->zone, entry->appointment_utc_us);
    desk_words_clock(arrived, place->zone, entry->arrived_utc_us);
    desk_words_clock(due, place->zone, entry->due_utc_us);
    switch (sugu_queue_basis(place->rule, &queue_place)) {
    case SUGU_QUEUE_BY_URGENCY:
        snprintf(to, DESK_WORDS_SIZE, C_("place", "urgent, arrived %s"), arrived);
        break;
    case SUGU_QUEUE_BY_APPOINTMENT:
        snprintf(to, DESK_WORDS_SIZE, C_("place", "appointment %s, arrived %s"), appointment,
                 arrived);
        break;
    case SUGU_QUEUE_BY_LATE_ARRIVAL:
        snprintf(to, DESK_WORDS_SIZE,
                 C_("place", "too late for the appointment %s, arrived %s, counts as %s"),
                 appointment, arrived, due);
        break;
    case SUGU_QUEUE_BY_ARRIVAL:
        snprintf(to, DESK_WORDS_SIZE, C_("place", "no appointment, arrived %s, counts as %s"),
                 arrived, due);
        break;
    }
    if (entry->priority == SUGU_PRIORITY_ASSISTED)
        add_minutes(to, C_("place", ", wheelchair or infant: %d min earlier"),
                    place->rule->assist_before_min);
    return to;
}

const char *
desk_words_why(char to[static DESK_WORDS_SIZE],
               const struct desk_place *place,
               const struct desk_entry *next)
{
    char words[DESK_WORDS_SIZE];

    /* TRANSLATORS: why one number is called before another: "before B-031: appointment 10:20" */
    snprintf(to, DESK_WORDS_SIZE, C_("place", "before %s: %s"), next->number,
             desk_words_place(words, place));
    return to;
}
