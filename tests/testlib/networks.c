/* SPDX-License-Identifier: Apache-2.0 */
/*
 * networks - two networks of our own, joined by a cable that a test can cut
 */
#include "testlib/networks.h"

#include "base/text.h"

#include "testlib/checks.h"
#include "testlib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define IP    "/usr/sbin/ip"
#define NFT   "/usr/sbin/nft"
#define CUT_S 12

static void
write_map(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);

    ck_assert_msg(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text), "%s: %s",
                  path, strerror(errno));
    close(file);
}

/* We stay who we are: PostgreSQL and our programs refuse root. */
static bool
enter_user_namespace(char reason[200])
{
    unsigned user = getuid(), group = getgid();
    char text[64];

    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
        snprintf(reason, 200, "no user and network namespaces: %s", strerror(errno));
        return false;
    }
    write_map("/proc/self/setgroups", "deny");
    snprintf(text, sizeof text, "%u %u 1", user, user);
    write_map("/proc/self/uid_map", text);
    snprintf(text, sizeof text, "%u %u 1", group, group);
    write_map("/proc/self/gid_map", text);
    return true;
}

/* A program of the system, with the right to change our networks, and no other one. */
static void
run(const struct sugu_networks *networks, const char *const *argv)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct caps[2];

    ck_assert_int_eq(syscall(SYS_capget, &head, caps), 0);
    caps[0].inheritable |= 1u << CAP_NET_ADMIN;
    ck_assert_int_eq(syscall(SYS_capset, &head, caps), 0);
    ck_assert_int_eq(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0), 0);
    ck_assert_msg(sugu_process_run(networks->log, argv, NULL) == 0, "%s %s %s: see %s", argv[0],
                  argv[1], argv[2], networks->log);
    ck_assert_int_eq(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), 0);
}
#define RUN(networks, ...) run(networks, (const char *const[]){__VA_ARGS__, NULL})

void
sugu_networks_enter(const struct sugu_networks *networks, int network)
{
    (void)networks;
    ck_assert_int_eq(setns(network, CLONE_NEWNET), 0);
}

static int
open_own(void)
{
    int file = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

    ck_assert_int_ge(file, 0);
    return file;
}

static void
bring_up(const struct sugu_networks *networks, const char *device, const char *address)
{
    RUN(networks, IP, "link", "set", "lo", "up");
    RUN(networks, IP, "address", "add", address, "dev", device);
    RUN(networks, IP, "link", "set", device, "up");
}

static bool
has_programs(char reason[200])
{
    if (access(IP, X_OK) == 0 && access(NFT, X_OK) == 0)
        return true;
    snprintf(reason, 200, "%s and %s are needed", IP, NFT);
    return false;
}

bool
sugu_networks_are_possible(char reason[200])
{
    int status = 0;
    pid_t child;

    if (!has_programs(reason))
        return false;
    child = fork(); /* outside a test nothing may be asserted */
    if (child == 0)
        _exit(unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 ? 0 : 1);
    if (child > 0 && waitpid(child, &status, 0) == child && status == 0)
        return true;
    snprintf(reason, 200, "no user and network namespaces here");
    return false;
}

int
sugu_networks_run_tests(const char *suite,
                        const TTest *const *tests,
                        size_t count,
                        double timeout_s)
{
    char reason[200];

    if (sugu_networks_are_possible(reason))
        return sugu_run_tests(suite, tests, count, timeout_s);
    printf("1..0 # SKIP the network cannot be cut: %s\n", reason);
    return 0;
}

bool
sugu_networks_init(struct sugu_networks *networks, const char *folder, char reason[200])
{
    char near[64];

    snprintf(networks->log, sizeof networks->log, "%s/networks.log", folder);
    if (!has_programs(reason) || !enter_user_namespace(reason))
        return false;
    networks->near = open_own();
    ck_assert_int_eq(unshare(CLONE_NEWNET), 0);
    networks->far = open_own();
    snprintf(near, sizeof near, "/proc/self/fd/%d", networks->near);
    fcntl(networks->near, F_SETFD, 0); /* for the next program only */
    RUN(networks, IP, "link", "add", "far", "type", "veth", "peer", "name", "near", "netns", near);
    fcntl(networks->near, F_SETFD, FD_CLOEXEC);
    bring_up(networks, "far", SUGU_NETWORKS_FAR "/30");
    sugu_networks_enter(networks, networks->near);
    bring_up(networks, "near", SUGU_NETWORKS_NEAR "/30");
    return true;
}

void
sugu_networks_open_hospital(struct sugu_hospital *hospital, struct sugu_hospital *far)
{
    unsigned port;

    /* The programs on this side keep 127.0.0.1. */
    sugu_hospital_kill_server(hospital);
    ck_assert_int_eq(sscanf(strrchr(hospital->endpoint, ':'), ":%u", &port), 1);
    snprintf(hospital->endpoint, sizeof hospital->endpoint, "tcp://0.0.0.0:%u", port);
    sugu_hospital_start_server(hospital, NULL);
    snprintf(hospital->endpoint, sizeof hospital->endpoint, "tcp://127.0.0.1:%u", port);
    *far = *hospital;
    far->zmq = NULL;
    snprintf(far->endpoint, sizeof far->endpoint, "tcp://" SUGU_NETWORKS_NEAR ":%u", port);
}

int64_t
sugu_networks_cut_us(void)
{
    const char *text = getenv("SUGU_CUT_S");
    int64_t seconds = CUT_S;

    ck_assert(!text || sugu_text_to_int64(text, CUT_S, 600, &seconds));
    return seconds * SUGU_SECOND;
}

void
sugu_networks_cut(const struct sugu_networks *networks)
{
    RUN(networks, NFT,
        "table inet cut {\n"
        "    chain in { type filter hook input priority 0; iifname \"near\" drop; }\n"
        "    chain out { type filter hook output priority 0; oifname \"near\" drop; }\n"
        "}\n");
}

void
sugu_networks_mend(const struct sugu_networks *networks)
{
    RUN(networks, NFT, "delete table inet cut");
}
