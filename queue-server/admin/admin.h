/* SPDX-License-Identifier: Apache-2.0 */
/*
 * admin - what the commands of sugu-admin share
 */
#pragma once

#include "client/keys.h"
#include "store/db.h"

struct admin_settings {
    char database[512], standalone[512];
    struct sugu_connection_settings connection;
};

struct admin {
    const struct admin_settings *settings;
    const struct admin_command *command; /* that runs now */
    struct sugu_db *db;                  /* opened by the first command that needs it */
    void *zmq;
    struct sugu_client *client; /* likewise */
};

/* The connection to the database as its owner, or to the queue server. */
enum sugu_status admin_open_database(struct admin *admin,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;
enum sugu_status admin_open_client(struct admin *admin, struct sugu_error *reterr) SUGU_MUST_CHECK;
/* The conninfo of the owner. */
enum sugu_status admin_conninfo(const struct admin *admin,
                                char conninfo[600],
                                struct sugu_error *reterr) SUGU_MUST_CHECK;

/* A transaction as the owner within the facility; statements go in between. */
void admin_begin(struct admin *admin);
enum sugu_status admin_commit(struct admin *admin, struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Ends it where nothing was written, or nothing shall be. */
void admin_rollback(struct admin *admin);
int32_t admin_facility(const struct admin *admin);
enum sugu_status admin_find_patient(struct admin *admin,
                                    const char *number,
                                    struct sugu_id *ret_patient,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;
/* The facility's business day now, by its own cut-off. REFUSED where there is no such facility. */
enum sugu_status
admin_today(struct admin *admin, uint32_t *ret_day, struct sugu_error *reterr) SUGU_MUST_CHECK;
/* "1950-04-01" to 19500401. */
bool admin_parse_date(const char *text, uint32_t *ret_date) SUGU_MUST_CHECK;

struct admin_command {
    const char *name;
    int least, most; /* arguments */
    const char *arguments, *help;
    enum sugu_status (*run)(struct admin *admin,
                            int count,
                            char **arguments,
                            struct sugu_error *reterr);
};
extern const struct admin_command admin_setup_commands[], admin_house_commands[],
    admin_desk_commands[], admin_ledger_commands[], admin_day_commands[], admin_on_file_commands[],
    admin_cash_commands[];
extern const size_t admin_setup_command_count, admin_house_command_count, admin_desk_command_count,
    admin_ledger_command_count, admin_day_command_count, admin_on_file_command_count,
    admin_cash_command_count;

/* export-ledger: the journals of these business days as hledger text on standard output. */
enum sugu_status admin_ledger_export(struct admin *admin,
                                     uint32_t from,
                                     uint32_t to,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;
