/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - the program sugu-admin: setting an installation up, and a desk's requests by hand
 */
#include "admin.h"

#include "base/log.h"
#include "base/process.h"

#include <zmq.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME       "sugu-admin"
#define CONNECT_US (10 * SUGU_SECOND)
#define WORDS_MAX  320

static const struct sugu_setting rows[] = {
    SUGU_SETTING_TEXT_ROW(struct admin_settings,
                          database,
                          "database",
                          0,
                          "",
                          "Database as its owner, a libpq connection string."),
    SUGU_SETTING_TEXT_ROW(
        struct admin_settings,
        standalone,
        "standalone",
        0,
        "",
        "Folder of the private cluster of sugu-queue-server, instead of database."),
    SUGU_CONNECTION_ROWS(struct admin_settings, connection),
};

static const struct sugu_program program = {
    .name = NAME,
    .summary =
        "Sets a facility up, and sends a desk's requests by hand. 'sugu-admin help' lists the "
        "commands.",
    .settings = rows,
    .settings_count = SUGU_ARRAY_SIZE(rows),
    .arguments = "COMMAND [ARGUMENT]…",
};

enum sugu_status
admin_conninfo(const struct admin *admin, char conninfo[600], struct sugu_error *reterr)
{
    const struct admin_settings *settings = admin->settings;

    if (*settings->standalone)
        snprintf(conninfo, 600, "host='%s/run' dbname=sugu user=sugu_owner", settings->standalone);
    else if (*settings->database)
        snprintf(conninfo, 600, "%s", settings->database);
    else
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "this command needs --database or --standalone");
    return SUGU_OK;
}

enum sugu_status
admin_open_database(struct admin *admin, struct sugu_error *reterr)
{
    char conninfo[600];
    enum sugu_status status;

    if (admin->db)
        return SUGU_OK;
    status = admin_conninfo(admin, conninfo, reterr);
    if (status != SUGU_OK)
        return status;
    admin->db = sugu_db_new(conninfo, sugu_clock_system());
    return sugu_db_wait_ready(admin->db, CONNECT_US, reterr);
}

enum sugu_status
admin_open_client(struct admin *admin, struct sugu_error *reterr)
{
    struct sugu_client_settings settings;
    enum sugu_status status;

    if (admin->client)
        return SUGU_OK;
    status = sugu_connection_prepare(&admin->settings->connection, &settings, reterr);
    if (status != SUGU_OK)
        return status;
    admin->zmq = zmq_ctx_new();
    return sugu_client_new(&settings, NULL,
                           &(struct sugu_client_means){admin->zmq, sugu_clock_system(),
                                                       sugu_random_system(), sugu_store_memory()},
                           &admin->client, reterr);
}

static const struct {
    const struct admin_command *commands;
    const size_t *count;
} lists[] = {
    {admin_setup_commands, &admin_setup_command_count},
    {admin_house_commands, &admin_house_command_count},
    {admin_on_file_commands, &admin_on_file_command_count},
    {admin_ledger_commands, &admin_ledger_command_count},
    {admin_cash_commands, &admin_cash_command_count},
    {admin_day_commands, &admin_day_command_count},
    {admin_desk_commands, &admin_desk_command_count},
};

static const struct admin_command *
find_command(const char *name)
{
    for (size_t list = 0; list < SUGU_ARRAY_SIZE(lists); list++)
        for (size_t i = 0; i < *lists[list].count; i++)
            if (strcmp(lists[list].commands[i].name, name) == 0)
                return &lists[list].commands[i];
    return NULL;
}

static void
print_commands(void)
{
    for (size_t list = 0; list < SUGU_ARRAY_SIZE(lists); list++)
        for (size_t i = 0; i < *lists[list].count; i++)
            printf("%s %s\n    %s\n", lists[list].commands[i].name,
                   lists[list].commands[i].arguments, lists[list].commands[i].help);
    puts("run FILE\n    Run the commands of a file, one a line; - is standard input.");
}

static enum sugu_status
run_command(struct admin *admin, int count, char **words, struct sugu_error *reterr)
{
    const struct admin_command *command = find_command(words[0]);

    if (!command)
        return sugu_fail(reterr, SUGU_REFUSED, "command.invalid", "no command %s", words[0]);
    if (count - 1 < command->least || count - 1 > command->most)
        return sugu_fail(reterr, SUGU_REFUSED, "command.invalid", "use: %s %s", command->name,
                         command->arguments);
    admin->command = command;
    return command->run(admin, count - 1, words + 1, reterr);
}

/* Cuts a line into words at blanks; double quotes hold a word together. In place. */
static int
split(char *line, char *words[WORDS_MAX])
{
    int count = 0;

    while (count < WORDS_MAX) {
        bool is_quoted;
        line += strspn(line, " \t\r\n");
        if (!*line || *line == '#')
            break;
        is_quoted = *line == '"';
        line += is_quoted;
        words[count++] = line;
        line += strcspn(line, is_quoted ? "\"" : " \t\r\n");
        if (!*line)
            break;
        *line++ = '\0';
    }
    return count;
}

static enum sugu_status
run_file(struct admin *admin, const char *path, struct sugu_error *reterr)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    char line[8192], *words[WORDS_MAX];
    enum sugu_status status = SUGU_OK;
    int number = 0;

    if (!file)
        return sugu_fail(reterr, SUGU_REFUSED, "file.missing", "cannot read %s", path);
    while (status == SUGU_OK && fgets(line, sizeof line, file)) {
        int count = split(line, words);
        number++;
        if (count > 0)
            status = run_command(admin, count, words, reterr);
        if (status != SUGU_OK)
            fprintf(stderr, "%s: %s line %d:\n", NAME, path, number);
    }
    if (file != stdin)
        fclose(file);
    return status;
}

int
main(int argc, char **argv)
{
    static struct admin_settings settings;
    struct admin admin = {.settings = &settings};
    struct sugu_error error;
    enum sugu_status status;
    int first;

    sugu_process_start(NAME);
    first = sugu_program_start(&program, argc, argv, &settings);
    if (first == argc || strcmp(argv[first], "help") == 0) {
        print_commands();
        return first == argc ? SUGU_EXIT_USAGE : SUGU_EXIT_OK;
    }
    if (strcmp(argv[first], "run") == 0 && first + 2 != argc)
        status = sugu_fail(&error, SUGU_REFUSED, "command.invalid", "use: run FILE");
    else if (strcmp(argv[first], "run") == 0)
        status = run_file(&admin, argv[first + 1], &error);
    else
        status = run_command(&admin, argc - first, argv + first, &error);
    sugu_client_free(admin.client);
    if (admin.zmq)
        zmq_ctx_term(admin.zmq);
    sugu_db_free(admin.db);
    if (status != SUGU_OK)
        sugu_process_die(NAME, &error);
    return SUGU_EXIT_OK;
}
