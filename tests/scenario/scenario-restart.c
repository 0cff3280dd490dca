/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-restart - the server killed and the database restarted under load: nothing lost, nothing
 * doubled
 *
 * Kiosks issue tickets without pause. Every answer is written down outside the system; at the end
 * the numbers are compared with it: each acknowledged one once, 1 … n without a hole.
 */
#include "testlib/checks.h"
#include "testlib/facts.h"
#include "testlib/load.h"
#include "testlib/raw.h"

#include <zmq.h>

#include <stdio.h>
#include <string.h>

#define KIOSKS 6

static void
start(struct sugu_hospital *hospital, struct sugu_load *load)
{
    memset(load, 0, sizeof *load);
    sugu_hospital_init(hospital, NULL);
    for (int i = 0; i < KIOSKS; i++) {
        char name[16];
        snprintf(name, sizeof name, "kiosk-%d", i);
        sugu_load_add(load, hospital, name);
    }
}

START_TEST(a_killed_server_loses_and_doubles_nothing)
{
    static struct sugu_load load;
    struct sugu_hospital hospital;

    start(&hospital, &load);
    for (int round = 0; round < 4; round++) {
        sugu_load_issue(&load, 60);
        sugu_hospital_kill_server(&hospital);
        sugu_hospital_start_server(&hospital, NULL);
    }
    sugu_load_issue(&load, 60);
    sugu_load_finish(&load);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

START_TEST(a_restarted_database_loses_and_doubles_nothing)
{
    static struct sugu_load load;
    static const char *const modes[] = {"immediate", "fast", "immediate"};
    struct sugu_hospital hospital;

    start(&hospital, &load);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(modes); i++) {
        sugu_load_issue(&load, 60);
        sugu_load_fill(&load); /* requests are under way while it goes down */
        sugu_hospital_restart_database(&hospital, modes[i]);
    }
    sugu_load_issue(&load, 60);
    sugu_load_finish(&load);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

/* The first commit loses its connection, all others end in a conflict. */
static const char trouble[] =
    "CREATE SEQUENCE commits;"
    "CREATE FUNCTION trouble() RETURNS trigger SECURITY DEFINER SET search_path = sugu "
    "LANGUAGE plpgsql AS $$ BEGIN "
    "IF nextval('commits') > 1 THEN RAISE SQLSTATE '40001'; END IF; "
    "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(9); RETURN NULL; END $$;"
    "CREATE CONSTRAINT TRIGGER trouble AFTER INSERT ON request "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trouble()";

START_TEST(what_may_have_happened_once_stays_unknown_whatever_the_last_try_says)
{
    struct sugu_hospital hospital;
    struct sugu_facts facts;
    void *kiosk;

    sugu_hospital_init(&hospital, NULL);
    sugu_facts_init(&facts, hospital.folder);
    sugu_hospital_add_client(&hospital, "kiosk-1", "kiosk", "kiosk-1");
    kiosk = sugu_raw_dealer(&hospital, "kiosk-1");
    sugu_facts_run(&facts, trouble);
    sugu_raw_send_check_in(kiosk, 1, 1, "internal");
    sugu_raw_expect_code(kiosk, "store.unknown");
    ck_assert_int_gt(sugu_facts_number(&facts, "SELECT nextval('commits')"), 3);
    /* With nothing unknown before, a conflict is a conflict. */
    sugu_raw_send_check_in(kiosk, 1, 1, "internal");
    sugu_raw_expect_code(kiosk, "store.conflict");
    zmq_close(kiosk);
    sugu_facts_done(&facts);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("restart",
                       150,
                       a_killed_server_loses_and_doubles_nothing,
                       a_restarted_database_loses_and_doubles_nothing,
                       what_may_have_happened_once_stays_unknown_whatever_the_last_try_says)
