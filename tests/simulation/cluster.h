/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cluster - the private PostgreSQL of the simulation, and a fresh database for each run
 *
 * In memory, without flushes: what is lost is lost with the machine. A run's database is a copy of
 * one that was migrated and filled with house.sql, so that every run begins the same.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Ends the process where it cannot be made. `is_profiled`: cluster_print_profile may be called. */
void cluster_init(bool is_profiled);
/* Which statements took how much of PostgreSQL's time, to standard output. */
void cluster_print_profile(void);
void cluster_done(void);
/* Processor time of the runs that have ended, and of PostgreSQL with its sessions that have. */
struct cluster_cpu {
    int64_t runs_us, postgres_us;
};

struct cluster_cpu cluster_cpu(void);

struct cluster_database {
    char name[64];
    char owner[512], server[512]; /* conninfo */
    char folder[128];             /* the run's own; in memory */
};

/* A run, its connections' sessions and their answers take turns: on one processor, none has to be
 * woken on another. Before anything else of the run; `slot`: which of those that are played now. */
void cluster_stay(unsigned slot);
/* The session at the other end comes to where this run stays. */
struct pg_conn;
void cluster_take_near(struct pg_conn *connection);

void cluster_database_init(struct cluster_database *database);
void cluster_database_done(const struct cluster_database *database);
/* What autovacuum, which is off, would do at a time of its own: plans that were made while the
 * tables were empty are made again. `owner`: conninfo of the database. */
void cluster_database_analyze(const char *owner);

/* house.c: posts change money into the cash machine of every kiosk, more than any of them holds. */
enum sugu_status house_fill_machines(const char *owner, struct sugu_error *reterr) SUGU_MUST_CHECK;
