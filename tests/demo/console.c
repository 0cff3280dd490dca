/* SPDX-License-Identifier: Apache-2.0 */
/*
 * console - the demo by hand: what one can type, until the end
 */
#include "demo/console.h"

#include "testlib/checks.h"
#include "testlib/facts.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_MS  500 /* between two looks for new tickets */
#define ANSWER_S 5

static const char people_text[] =
    "\nThe hospital is open. At the kiosk (cards on its reader):\n"
    "  山田　太郎  card yamada, PIN 1234, born 04-15, appointment in internal medicine\n"
    "  佐藤　花子  card sato, PIN 2580, or felica, born 08-22, appointment in eye medicine\n"
    "At the front desk (password " WARD_PASSWORD "):\n"
    "  " WARD_CLERK "  a clerk;  " WARD_SUPERVISOR "  a supervisor\n"
    "Everybody else in the house is simulated, and so is the staff of all rooms but 1 and 2.\n\n";

static const char help_text[] =
    "card yamada|sato        put that My Number card on the reader\n"
    "felica                  put 佐藤's hospital card on the reader\n"
    "take                    take the card away\n"
    "pace N                  simulated seconds in one (begins with 10; 60: a minute in a second; "
    "0:\n"
    "                        nothing moves)\n"
    "patients N              so many simulated patients come in an hour (begins with 40)\n"
    "counts                  how their day goes\n"
    "call DESK [NUMBER]      the desk calls (desk 1: internal medicine, 2: eye)\n"
    "finish DESK NUMBER      the stage is done\n"
    "acts NUMBER CODE…       record acts, a bill follows: 111000110 160008010 160000310\n"
    "show NUMBER             what is known of the visit\n"
    "paper out|in            empty or fill the printer's tray\n"
    "terminal COMMAND        e.g. terminal decline, terminal drop-response\n"
    "cash COMMAND            coins and notes: cash coin 100, cash coin 10 3, cash note 1000, cash "
    "jam,\n"
    "                        cash note-jam, cash stock 5 2, cash truth\n"
    "code COMMAND            the phone before the code: code scan, code pay, code fail\n"
    "reader COMMAND          e.g. reader fault silence, reader help\n"
    "oqs COMMAND             e.g. oqs fault not-found\n"
    "ledger                  sums of the accounts\n"
    "quit\n";

struct console {
    struct house *house;
    struct ward *ward;
    struct sugu_facts facts;
    int tickets; /* of the cards' people, told so far */
};

/* sugu-admin with the words of the line; what it said is shown, whatever its end. */
static void
run_admin(struct console *console, const char *line)
{
    const struct sugu_hospital *hospital = &console->house->hospital;
    char program[512], command[2048];

    snprintf(command, sizeof command,
             "%s --standalone '%s' --facility 1 --server '%s' --server-key '%s.pub' "
             "--key '%s/desk-1.key' %s",
             sugu_hospital_program("queue-server/sugu-admin", program), hospital->folder,
             hospital->endpoint, hospital->server_key, hospital->folder, line);
    if (system(command) != 0)
        puts("(refused)");
}

static void
tell_morning(struct console *console, const char *line)
{
    struct ward_counts counts;

    ward_tell_morning(console->ward, line, &counts);
    printf(
        "%u came (%u were sent to the desk), %u calls, %u missed, %u parked, %u treatments done, "
        "%u bills, %u paid: %ld yen\n",
        counts.arrived, counts.sent_to_desk, counts.called, counts.missed, counts.parked,
        counts.finished, counts.billed, counts.paid, counts.paid_yen);
}

static bool
begins(const char *line, const char *word)
{
    size_t size = strlen(word);

    return strncmp(line, word, size) == 0 && (line[size] == ' ' || line[size] == '\0');
}

struct answer {
    struct sugu_process *process;
    long offset;
    char line[512];
};

static bool
is_answered(void *user)
{
    struct answer *answer = user;

    return sugu_process_has_said(answer->process, "", &answer->offset, answer->line,
                                 sizeof answer->line);
}

/* A hand's word, and what became of it: a slot may be shut, a code gone. */
static void
tell_and_show(struct console *console, enum house_part part, const char *words)
{
    struct answer answer = {.process = &console->house->parts[part]};
    struct stat status = {.st_size = 0};

    if (!*words)
        return;
    stat(answer.process->log, &status);
    answer.offset = (long)status.st_size;
    house_say(console->house, part, words);
    if (sugu_wait_until(is_answered, &answer, ANSWER_S))
        fputs(answer.line, stdout);
}

/* Words for a device's emulator; false where the line is none. */
static bool
tell_device(struct console *console, const char *line)
{
    const char *rest = strchr(line, ' ') ? strchr(line, ' ') + 1 : "";
    char words[300];

    if (begins(line, "card")) {
        snprintf(words, sizeof words, "put my-number %.200s", rest);
        house_say(console->house, HOUSE_READER_EMULATOR, words);
    } else if (begins(line, "felica")) {
        house_say(console->house, HOUSE_READER_EMULATOR, "put felica 0114b34d5c2f9a01");
    } else if (begins(line, "take")) {
        house_say(console->house, HOUSE_READER_EMULATOR, "take");
    } else if (begins(line, "paper")) {
        house_say(console->house, HOUSE_PRINTER_EMULATOR, line);
    } else if (begins(line, "terminal")) {
        house_say(console->house, HOUSE_TERMINAL_EMULATOR, rest);
    } else if (begins(line, "cash")) {
        tell_and_show(console, HOUSE_CASH_EMULATOR, rest);
    } else if (begins(line, "code")) {
        tell_and_show(console, HOUSE_CODE_EMULATOR, rest);
    } else if (begins(line, "reader")) {
        house_say(console->house, HOUSE_READER_EMULATOR, rest);
    } else if (begins(line, "oqs")) {
        house_say(console->house, HOUSE_QUALIFICATION_EMULATOR, rest);
    } else {
        return false;
    }
    return true;
}

static void
obey(struct console *console, const char *line)
{
    if (tell_device(console, line))
        return;
    if (begins(line, "pace") || begins(line, "patients") || begins(line, "counts"))
        tell_morning(console, line);
    else if (begins(line, "call") || begins(line, "finish") || begins(line, "acts") ||
             begins(line, "show") || begins(line, "ledger"))
        run_admin(console, line);
    else
        fputs(help_text, stdout);
}

/* Tickets of the cards' people that were not told yet. */
static void
tell_tickets(struct console *console)
{
    PGresult *result = PQexec(
        console->facts.connection,
        "SELECT v.series || '-' || lpad(v.number::text, 3, '0'), encode(v.token, 'hex') "
        "FROM visit v JOIN patient p USING (facility, patient) WHERE p.number IN ('1001', '1002') "
        "ORDER BY v.arrived_at");
    int count = PQresultStatus(result) == PGRES_TUPLES_OK ? PQntuples(result) : 0;

    for (; console->tickets < count; console->tickets++)
        printf("\nThe phone page of %s: %s%s\n> ", PQgetvalue(result, console->tickets, 0),
               console->house->phone_page, PQgetvalue(result, console->tickets, 1));
    fflush(stdout);
    PQclear(result);
}

/* The next line; false at the end of the input. */
static bool
read_line(struct console *console, char *line, int size)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    while (poll(&input, 1, LOOK_MS) == 0)
        tell_tickets(console);
    if (!fgets(line, size, stdin))
        return false;
    line[strcspn(line, "\n")] = '\0';
    return true;
}

void
console_run(struct house *house, struct ward *ward)
{
    struct console console = {.house = house, .ward = ward};
    char line[512] = "";

    sugu_facts_init(&console.facts, house->hospital.folder);
    setvbuf(stdin, NULL, _IONBF, 0); /* a line that has been read is not behind poll's back */
    fputs(people_text, stdout);
    fputs(help_text, stdout);
    while (fputs("> ", stdout), fflush(stdout), read_line(&console, line, sizeof line)) {
        if (strcmp(line, "quit") == 0)
            break;
        if (*line)
            obey(&console, line);
    }
    sugu_facts_done(&console.facts);
}
