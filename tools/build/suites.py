#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""suites - build in each way and run the meson suites; the part of tools/test after the set-up

Usage: suites.py TOP [SUITE…] [asan] [clang]

Without a name: all suites with gcc, a compilation with clang, then the suites of SANITIZED with the
address and undefined-behaviour sanitizers. Scenarios that run there do not run with gcc alone too:
they are the longest, and what an optimizer may break the others see. Most tests wait for something
most of their time; the other ways are built meanwhile, behind them in priority, and twice as many
tests run as there are processors. The last line is the sum: "N passed, N failed, N skipped".
Tests get a TMPDIR of their own; what a failed test leaves there is kept and named. A process that a
test leaves behind is found (this process adopts it), named, ended and counted as a failure.
"""

import concurrent.futures
import ctypes
import fcntl
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

# What runs under the sanitizers: scenarios that open a GTK window (suite 'gtk') do not, because
# the libraries below GTK leak more than a list of suppressions can say.
SANITIZED = ["unit", "fuzz", "scenario"]
SANITIZED_WITHOUT = ["gtk", "lint", "tidy"]
SANITIZED_ONLY = ["scenario"]  # in a full run; those with a window are of the suite 'gtk' as well
WAYS = ["asan", "clang"]
PR_SET_CHILD_SUBREAPER = 36
ROOM = 6 << 30  # bytes
CPUS = os.cpu_count() or 2
TESTS_AT_ONCE = 2 * CPUS  # scenarios wait for devices, time-outs and each other most of their time
BEHIND = 15  # niceness of what goes on beside the tests
PATIENCE = "4"  # times the limits of tests, which are for what hangs, not for a busy machine

# Of clang's build the warnings, errors and links are wanted, and nothing of it is run: what clang
# warns about it sees before it optimizes (what needs that, as unused results do, gcc's build says).
# For a sanitizer's report the lines are enough, without the types of all variables. gold, the other
# linker of binutils, takes a fourth of the time; _build, which is what is installed, has the usual.
SETUPS = {
    "_build": ("gcc", []),
    "_clang": ("clang", ["-Doptimization=0", "-Ddebug=false"]),
    "_asan": ("gcc", ["-Db_sanitize=address,undefined", "-Db_lundef=false", "-Doptimization=1",
                      "-Ddebug=false", "-Dc_args=-g1"]),
}
QUICK_LINKER = "gold"

# What all tests of a run copy, and the program that makes it.
MADE_ONCE = {
    "SUGU_CLUSTER": "tests/testlib/make-cluster",
    "SUGU_CARDS": "tests/emulators/make-cards",
}


class Sums:
    """What passed, failed and was skipped so far."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.failures = []

    def add(self, name, passed, failed, skipped):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped
        if failed:
            self.failures.append(name)

    def add_all(self, other):
        self.add("", other.passed, 0, other.skipped)
        self.failed += other.failed
        self.failures += other.failures


def say(text):
    print(text, flush=True)


builds = set()  # process ids of builds that go on behind the tests; under this lock
builds_lock = threading.Lock()


def children():
    """Processes whose parent is this one: our own, and orphans that were adopted."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                text = file.read()
            with open(f"/proc/{name}/cmdline", "rb") as file:
                command = file.read().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue  # it ended meanwhile
        state, parent = text.rpartition(")")[2].split()[:2]
        if int(parent) == os.getpid():
            found.append((int(name), state, command or text.split("(")[1].split(")")[0]))
    return found


def end_process(pid):
    """TERM, then KILL after five seconds; waits for the end."""
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except OSError:
            break
        if select.select([handle], [], [], 5)[0]:
            break
    os.close(handle)


def collect_orphans():
    """Ends what was left running; returns the command lines of what was still alive."""
    left = []
    while True:
        with builds_lock:
            orphans = [row for row in children() if row[0] not in builds]
        if not orphans:
            return left
        for pid, state, command in orphans:
            if state != "Z":
                left.append(f"{pid} {command}")
                end_process(pid)
            try:
                os.waitpid(pid, 0)
            except ChildProcessError:
                pass  # it was not ours any more


def on_signal(number, _frame):
    """Stopped from outside: end everything that was started, then go."""
    signal.signal(number, signal.SIG_IGN)
    for pid, _, _ in children():
        end_process(pid)
    collect_orphans()
    shutil.rmtree(os.environ["SUGU_SCRATCH"], ignore_errors=True)
    os._exit(128 + number)


def run_build(command, environment=None):
    """Runs a step of a build; its output is shown only where it fails. True on success."""
    with builds_lock:
        process = subprocess.Popen(command, env=environment, text=True, errors="replace",
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        builds.add(process.pid)
    with process:
        text = process.communicate()[0]
    builds.discard(process.pid)
    if process.returncode != 0:  # without ninja's lines about what went well
        say("\n".join(line for line in text.splitlines()
                      if not re.match(r"\[\d+/\d+\] ", line))[-20000:])
    return process.returncode == 0


def build_folder(top, name):
    """The folder in the clone, or one with the user's name where that belongs to someone else."""
    folder = os.path.join(top, name)
    if os.path.exists(folder) and not os.access(folder, os.W_OK):
        folder += "-" + (os.environ.get("USER") or str(os.getuid()))
    return folder


def suites_of(folder):
    """Names of the suites that the build folder has tests in."""
    with open(os.path.join(folder, "meson-info", "intro-tests.json"), encoding="utf-8") as file:
        return {suite.partition(":")[2] or suite for test in json.load(file)
                for suite in test["suite"]}


def tests_of(folder, suites, without):
    """What meson says of the tests that are in one of the suites and in none of the others."""
    with open(os.path.join(folder, "meson-info", "intro-tests.json"), encoding="utf-8") as file:
        for test in json.load(file):
            here = {suite.partition(":")[2] or suite for suite in test["suite"]}
            if here & set(suites) and not here & set(without):
                yield test


def targets_of(folder, suites, without):
    """The files that these tests run or load, relative to the folder."""
    with open(os.path.join(folder, "meson-info", "intro-targets.json"), encoding="utf-8") as file:
        made = {target["id"]: target["filename"] for target in json.load(file)}
    needed = {path for test in tests_of(folder, suites, without) for name in test["depends"]
              for path in made[name]}
    needed |= {os.path.join(folder, program) for program in MADE_ONCE.values()}
    return sorted(os.path.relpath(path, folder) for path in needed)


def configure_and_build(top, name, sums, niceness=0, suites=None):
    """One way of building; counts as one test. Returns the folder, None where it failed. With
    suites (those wanted and those unwanted) only what their tests need is built."""
    compiler, options = SETUPS[name]
    folder = build_folder(top, name)
    nice = ["nice", "-n", str(niceness)]
    start = time.monotonic()
    is_there = os.path.exists(os.path.join(folder, "meson-private", "coredata.dat"))
    environment = dict(os.environ, CC=compiler)
    if name != "_build" and shutil.which("ld." + QUICK_LINKER):
        environment["CC_LD"] = QUICK_LINKER
    is_good = True
    if not is_there:
        is_good = run_build(nice + ["meson", "setup", folder, top] + options, environment)
    if is_good:
        targets = targets_of(folder, *suites) if suites else []
        is_good = run_build(nice + ["ninja", "-C", folder, "-j", str(CPUS), "-k", "20"] + targets)
    say(f"-- {'built' if is_good else 'FAILED to build'} {name} with {compiler} in "
        f"{time.monotonic() - start:.0f} s")
    sums.add(f"build {name}", int(is_good), int(not is_good), 0)
    return folder if is_good else None


def count_test(record, sums):
    """One line of meson's log: its TAP lines where it has some, else the test as one."""
    text = record.get("stdout") or ""
    passed = failed = skipped = 0
    if re.search(r"^1\.\.\d+", text, re.M):
        for line in re.findall(r"^(?:not )?ok\b.*$", text, re.M):
            if re.search(r"# *skip", line, re.I):
                skipped += 1
            elif line.startswith("ok"):
                passed += 1
            else:
                failed += 1
    result = record["result"]
    if result in ("OK", "EXPECTEDFAIL"):
        passed = passed or int(not skipped)
    elif result == "SKIP":
        skipped = skipped or 1
    else:
        failed = failed or 1
    sums.add(record["name"], passed, failed, skipped)


def make_once(folder):
    """The database and the cards that tests copy; without them each would make its own, only
    slower."""
    for variable, program in MADE_ONCE.items():
        made = os.path.join(os.environ["SUGU_SCRATCH"], variable.partition("_")[2].lower())
        if variable not in os.environ and \
                subprocess.run([os.path.join(folder, program), made], check=False,
                               stdout=subprocess.DEVNULL).returncode == 0:
            os.environ[variable] = made


def run_suites(folder, suites, without, setup, sums):
    """Runs suites of a build folder in one go of meson, so that its scheduler fills the cores."""
    here = suites_of(folder)
    chosen = [suite for suite in suites if suite in here]
    if not chosen:
        return
    log = "testlog" if not setup else "testlog-" + setup
    command = ["meson", "test", "-C", folder, "--no-rebuild", "--print-errorlogs",
               "--num-processes", str(TESTS_AT_ONCE), "--timeout-multiplier", PATIENCE]
    for suite in chosen:
        command += ["--suite", suite]
    for suite in without:
        if suite in here:
            command += ["--no-suite", suite]
    if setup:
        command += ["--setup", setup]
    for name in (log + ".json",):
        if os.path.exists(os.path.join(folder, "meson-logs", name)):
            os.remove(os.path.join(folder, "meson-logs", name))
    before = sums.failed
    make_once(folder)
    is_good = subprocess.run(command, check=False).returncode == 0
    left = collect_orphans()
    try:
        with open(os.path.join(folder, "meson-logs", log + ".json"), encoding="utf-8") as file:
            for line in file:
                count_test(json.loads(line), sums)
    except OSError:
        pass
    if not is_good and sums.failed == before:
        sums.add(f"meson test in {folder}", 0, 1, 0)
    for process in left:
        say(f"-- left running by a test: {process}")
    if left:
        sums.add("processes left running", 0, 1, 0)


def test_with_gcc(folder, suites, sums):
    here = suites_of(folder)
    for suite in suites:
        if suite not in here:
            say(f"-- no suite '{suite}'; there are: {', '.join(sorted(here))}")
            sums.add(f"suite {suite}", 0, 1, 0)
    run_suites(folder, suites or sorted(here - set(SANITIZED_ONLY)), [], None, sums)


def build_ways(top, ways, niceness):
    """Builds one after the other; returns their sums, and the folder for the sanitizers or None."""
    sums, folder = Sums(), None
    if "clang" in ways:
        configure_and_build(top, "_clang", sums, niceness)
    if "asan" in ways:
        folder = configure_and_build(top, "_asan", sums, niceness, (SANITIZED, SANITIZED_WITHOUT))
    return sums, folder


def run_everything(top, names, sums):
    suites = [name for name in names if name not in WAYS]
    ways = [name for name in names if name in WAYS] if names else WAYS
    folder = None
    if suites or not names:
        folder = configure_and_build(top, "_build", sums)
    with concurrent.futures.ThreadPoolExecutor(1) as behind:
        others = behind.submit(build_ways, top, ways, BEHIND if folder else 0)
        if folder:
            test_with_gcc(folder, suites, sums)
        built, folder = others.result()
    sums.add_all(built)
    if folder:
        run_suites(folder, SANITIZED, SANITIZED_WITHOUT, "asan", sums)


def scratch_place():
    """Where tests put their folders: in memory where there is room, because a database is a
    thousand files, and making and removing them was a third of what the tests took. A short path,
    because paths of sockets have 107 characters at most."""
    memory = "/dev/shm"
    if os.access(memory, os.W_OK | os.X_OK):
        state = os.statvfs(memory)
        if state.f_bavail * state.f_frsize >= ROOM:
            return memory
    return "/tmp"


def main():
    top, names = os.path.realpath(sys.argv[1]), sys.argv[2:]
    sums = Sums()
    start = time.monotonic()
    scratch = tempfile.mkdtemp(prefix="sugu-test.", dir=scratch_place())
    os.environ["TMPDIR"] = os.environ["SUGU_SCRATCH"] = scratch
    os.environ["CK_TIMEOUT_MULTIPLIER"] = PATIENCE
    # No test speaks to the session bus of whoever runs it, or starts one by accident.
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, on_signal)
    os.makedirs(build_folder(top, "_build"), exist_ok=True)
    lock = open(os.path.join(build_folder(top, "_build"), ".suites.lock"), "w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say("-- another run uses this clone; waiting for its end")
        fcntl.flock(lock, fcntl.LOCK_EX)
    run_everything(top, names, sums)
    say(f"-- {time.monotonic() - start:.0f} s in all")
    for name in sums.failures:
        say(f"-- failed: {name}")
    for name in ("cluster", "cards"):
        shutil.rmtree(os.path.join(scratch, name), ignore_errors=True)
    if sums.failed and os.listdir(scratch):
        for name in sorted(os.listdir(scratch)):
            say(f"-- kept: {os.path.join(scratch, name)}")
    else:
        shutil.rmtree(scratch, ignore_errors=True)
    say(f"{sums.passed} passed, {sums.failed} failed, {sums.skipped} skipped")
    return 1 if sums.failed else 0


if __name__ == "__main__":
    sys.exit(main())
