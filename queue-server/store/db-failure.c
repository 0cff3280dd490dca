/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db-failure - from PostgreSQL's SQLSTATE and constraint names to what the caller has to do
 *
 * Classes: PostgreSQL manual, appendix A. A violated constraint that a person can run into has a
 * code of its own here; any other one is a bug.
 */
#include "store/db-private.h"

#include <string.h>

static const struct {
    const char *constraint, *code;
} constraint_rows[] = {
    {"attempt_one_open", "payment.open"},           {"attempt_one_settled", "payment.open"},
    {"attempt_provider", "payment.differs"},        {"visit_one_open", "visit.already-here"},
    {"department_empty", "plan.department-in-use"},
};

static const struct {
    const char *prefix; /* of the SQLSTATE */
    enum sugu_status status;
    const char *code;
} state_rows[] = {
    {"40", SUGU_RETRY, "store.conflict"},    /* serialization failure, deadlock */
    {"55P03", SUGU_RETRY, "store.conflict"}, /* lock not available */
    {"57014", SUGU_RETRY, "store.conflict"}, /* statement time-out */
    {"25P03", SUGU_RETRY, "store.conflict"}, /* idle in transaction for too long */
    {"08", SUGU_RETRY, "store.away"},
    {"57P", SUGU_RETRY, "store.away"}, /* shutting down, starting up */
    {"53100", SUGU_BROKEN, "store.full"},
    {"53", SUGU_RETRY, "store.away"},    /* out of connections or memory */
    {"25006", SUGU_RETRY, "store.away"}, /* read-only: a standby */
};

enum sugu_status
sugu_db_away(const char *message, struct sugu_error *reterr)
{
    static const char before[] = "connection to server ", between[] = " failed: ";
    int length = (int)strcspn(message, "\n");
    const char *reason = strstr(message, between);
    const char *place = message + strlen(before);

    if (strncmp(message, before, strlen(before)) != 0 || !reason || reason < place ||
        reason > message + length)
        return sugu_fail(reterr, SUGU_RETRY, "store.away", "%.*s", length, message);
    return sugu_fail(reterr, SUGU_RETRY, "store.away", "%.*s: PostgreSQL %.*s",
                     length - (int)(reason + strlen(between) - message), reason + strlen(between),
                     (int)(reason - place), place);
}

enum sugu_status
sugu_db_failure_error(const struct sugu_db_failure *failure, struct sugu_error *reterr)
{
    const char *name =
        failure->statement >= 0 ? sugu_statements[failure->statement].name : "connection";

    /* The same request, or the same receipt, was written by someone else at this moment: look
     * again. */
    if (strcmp(failure->constraint, "request_pkey") == 0 ||
        strcmp(failure->constraint, "receipt_facility_bill_revision_key") == 0)
        return sugu_fail(reterr, SUGU_RETRY, "store.conflict", "%s", failure->constraint);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(constraint_rows); i++)
        if (strcmp(failure->constraint, constraint_rows[i].constraint) == 0)
            return sugu_fail(reterr, SUGU_REFUSED, constraint_rows[i].code, "%s",
                             failure->constraint);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(state_rows); i++)
        if (strncmp(failure->sqlstate, state_rows[i].prefix, strlen(state_rows[i].prefix)) == 0)
            return sugu_fail(reterr, state_rows[i].status, state_rows[i].code, "%s: SQLSTATE %s",
                             name, failure->sqlstate);
    return sugu_fail(reterr, SUGU_BROKEN, "store.broken", "%s: SQLSTATE %s %s", name,
                     failure->sqlstate, failure->constraint);
}
