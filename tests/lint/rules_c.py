# SPDX-License-Identifier: Apache-2.0
"""rules_c - rules for C files: function size, layers, banned calls, SQL, headers"""

import os
import re

from tree import rule

HEAD = "int\nf(%s)\n{\n%s}\n"


@rule("function-length", "cut it; aim at 30 lines, never pass 70",
      bad=[{"a.c": HEAD % ("void", "    x();\n" * 70)}],
      good=[{"a.c": HEAD % ("void", "    x();\n" * 69)},
            {"a.c": "static const int t[] = {\n" + "    1,\n" * 200 + "};\n"}])
def function_length(tree):
    for path, c in tree.c_files():
        for name, _, first, last in c.functions:
            if last - first > 70:
                yield path, first, f"{name} has {last - first + 1} lines"


@rule("parameters", "at most six: put what belongs together into a struct",
      bad=[{"a.c": HEAD % (", ".join(f"int p{i}" for i in range(7)), "    x();\n")}],
      good=[{"a.c": HEAD % ("int a, void (*f)(int, int, int, int), int b, int c, int d, int e",
                            "    x();\n")},
            {"a.c": HEAD % ("void", "    x();\n")}])
def parameters(tree):
    for path, c in tree.c_files():
        for name, count, first, _ in c.functions:
            if count > 6:
                yield path, first, f"{name} has {count} parameters"


@rule("nesting", "at most four levels: leave early, or make a function of the inside",
      bad=[{"a.c": HEAD % ("void", " " * 20 + "while (x)\n" + " " * 24 + "y();\n")}],
      good=[{"a.c": HEAD % ("void", " " * 16 + "if (x)\n" + " " * 20 + "y();\n")}])
def nesting(tree):
    for path, c in tree.c_files():
        # clang-format holds the indentation; a keyword never begins a continued line.
        for match in re.finditer(r"^ {20,}(?:if|for|while|switch|do)\b", c.code, re.M):
            yield path, c.line_of(match.end()), "is more than four levels deep"


@rule("goto", "no goto but to the one label `done`",
      bad=[{"a.c": HEAD % ("void", "again:\n    goto again;\n")}],
      good=[{"a.c": HEAD % ("void", "    goto done;\ndone:\n    y();\n")}])
def goto(tree):
    for path, c in tree.c_files():
        for match in re.finditer(r"\bgoto\s+(\w+)", c.code):
            if match.group(1) != "done":
                yield path, c.line_of(match.start()), f"goto {match.group(1)}"


@rule("headers", "'#pragma once' in a header; a .c file includes its own header first; never a .c",
      bad=[{"core/base/a.h": "int x;\n"},
           {"core/base/a.h": "#pragma once\n", "core/base/a.c": '#include <errno.h>\n'
            '#include "base/a.h"\n'},
           {"a.c": '#include "b.c"\n'}],
      good=[{"core/base/a.h": "#pragma once\n", "core/base/a.c": '#include "base/a.h"\n'},
            {"a.h": "#pragma once\n", "a-private.h": "#pragma once\n",
             "a.c": '#include "a-private.h"\n'}])
def headers(tree):
    for path, c in tree.c_files():
        includes = list(c.includes())
        for line, name, _ in includes:
            if name.endswith(".c"):
                yield path, line, f"includes {name}"
        own = os.path.splitext(path)[0] + ".h"
        if path.endswith(".h") and not re.search(r"^#pragma once$", c.code, re.M):
            yield path, 1, "no #pragma once"
        elif path.endswith(".c") and own in tree.files and includes and \
                os.path.basename(includes[0][1]).replace("-private.h", ".h") != \
                os.path.basename(own):
            yield path, includes[0][0], f"includes {includes[0][1]} before its own header"


# ---------------------------------------------------------------- layers

# Which library a system header belongs to; what is in no row is libc's if it is in LIBC.
LIBRARIES = [
    ("zmq", r"zmq(_utils)?\.h$"), ("protobuf-c", r"protobuf-c/"), ("sodium", r"sodium\.h$"),
    ("gtk", r"(gtk|gdk|gsk|gdk-pixbuf|graphene[\w.-]*)/|graphene"),
    ("glib", r"(glib|gio|gobject|gmodule)[/.-]"),
    ("cairo", r"cairo"), ("pango", r"pango/"), ("libnfc", r"nfc/"), ("openssl", r"openssl/"),
    ("cups", r"cups/"), ("qrencode", r"qrencode\.h$"), ("sqlite", r"sqlite3\.h$"),
    ("curl", r"curl/"), ("libxml2", r"libxml/"), ("libsoup", r"libsoup/"),
    ("json-glib", r"json-glib/"), ("libpq", r"(libpq-fe\.h$|libpq/|catalog/|postgres_ext)"),
    ("gstreamer", r"gst/"), ("xlsxwriter", r"xlsxwriter"), ("check", r"check\.h$"),
    ("x11", r"X11/"), ("atspi", r"atspi"), ("systemd", r"systemd/"), ("fontconfig", r"fontconfig/"),
]
LIBC_FOLDERS = ("sys/", "linux/", "arpa/", "net/", "netinet/", "netpacket/", "asm/", "bits/")
LIBC = set("""
    assert byteswap ctype dirent dlfcn endian err errno fcntl fenv float fnmatch ftw getopt
    glob grp iconv inttypes langinfo libgen libintl limits link locale malloc math mqueue
    netdb poll pthread pty pwd regex sched search semaphore setjmp signal spawn stdalign
    stdarg stdatomic stdbool stddef stdint stdio stdlib string strings syslog termios threads
    time uchar ucontext unistd utime utmp wchar wctype
""".split())
# Headers made at build time, and the layer that they stand for.
GENERATED = {"sugu.pb-c.h": "protobuf-c"}

CORE = ("core/base", "core/domain", "core/protocol", "core/client", "core/port")
WIRE = ("protobuf-c", "zmq")  # a program's main makes the ZeroMQ context for core/client
DESKTOP = ("gtk", "glib", "cairo", "pango")
# folder: (folders it may use besides itself, libraries it may use). The longest prefix counts; the
# table is that of docs/ARCHITECTURE.md and of the design's list of programs.
LAYERS = {
    "core/base": ((), ()),
    "core/domain": (("core/base",), ()),
    "core/protocol": (("core/base", "core/domain"), ("protobuf-c",)),
    "core/client": (("core/base", "core/domain", "core/protocol"), WIRE + ("sodium",)),
    "core/client/client-source": (("core/base", "core/protocol", "core/client"), WIRE + ("glib",)),
    "core/port": (("core/base", "core/domain"), ()),
    "core/window": (("core/base",), ("gtk", "glib")),
    "kiosk": (CORE, WIRE + DESKTOP + ("qrencode",)),  # a number whose paper did not come out
    "kiosk/reader": (CORE, WIRE + ("libnfc", "openssl")),
    "printer": (CORE, WIRE + ("cups", "cairo", "pango", "glib", "qrencode")),
    "payment": (CORE, WIRE + ("openssl", "sqlite", "curl", "libsoup")),
    "queue-server": (CORE, WIRE + ("libpq", "openssl", "sodium")),
    "gateways/insurance": (CORE, WIRE + ("libxml2",)),
    "gateways/fee": (CORE, WIRE + ("libsoup", "glib", "libxml2")),
    "gateways/web": (CORE, WIRE + ("libsoup", "glib", "json-glib")),
    "desk/console": (CORE, WIRE + DESKTOP),
    "desk/board": (CORE, WIRE + DESKTOP + ("gstreamer",)),
    "desk/finance": (CORE, WIRE + DESKTOP + ("xlsxwriter",)),
    "tools": (CORE, ("protobuf-c",)),
}
# A folder whose files are no part of the folder above them.
APART = ("kiosk/reader", "core/client/client-source")


def layer_of(path):
    found = [folder for folder in LAYERS if path.startswith(folder + "/") or
             (path.startswith(folder + ".") and folder in APART)]
    return max(found, key=len, default=None)


def find_own(tree, path, name):
    """The file of the tree that a quoted include means, or None."""
    here = os.path.dirname(path)
    for there in (os.path.join(here, name), "core/" + name, name, "tests/" + name):
        if os.path.normpath(there) in tree.files:
            return os.path.normpath(there)
    top = path.split("/")[0] + "/"
    return next((other for other in tree.files
                 if other.startswith(top) and other.endswith("/" + name)), None)


def library_of(name):
    for library, pattern in LIBRARIES:
        if re.match(pattern, name):
            return library
    is_libc = name.startswith(LIBC_FOLDERS) or (name.endswith(".h") and name[:-2] in LIBC)
    return "libc" if is_libc else None


def is_made_by_meson(tree, name):
    """Made at build time by a target."""
    if tree.made is not None or tree.root:  # without a build folder nobody knows
        return tree.made is None or os.path.basename(name) in tree.made
    return any(f"'{os.path.basename(name)}'" in tree.files[path]
               for path in tree.files if path.endswith("meson.build"))


def check_own(tree, path, name, layer, allowed):
    there = find_own(tree, path, name)
    if not there:
        library = GENERATED.get(name)
        if library:
            return None if library in LAYERS[layer][1] else f"may not use {library} ({name})"
        return None if is_made_by_meson(tree, name) else f"'{name}' is no file of the tree"
    if there.startswith("tests/"):
        return f"uses the tests' {there}"
    other = layer_of(there)
    if other == layer or other in allowed or (other is None and "/" not in there):
        return None
    if other == "core/client/client-source" and "glib" in LAYERS[layer][1]:
        return None
    if other == "core/window" and "gtk" in LAYERS[layer][1]:
        return None
    return f"may not use {there}"


@rule("layers",
      "use only what the folder's row allows: LAYERS in tests/lint/rules_c.py, ARCHITECTURE.md",
      bad=[{"core/base/a.c": "#include <zmq.h>\n"},
           {"core/domain/a.c": '#include "protocol/message.h"\n', "core/protocol/message.h": "\n"},
           {"core/domain/a.c": '#include "sugu.pb-c.h"\n'},
           {"core/client/client.c": "#include <glib.h>\n"},
           {"core/port/reader.h": '#include "protocol/x.h"\n', "core/protocol/x.h": "\n"},
           {"queue-server/server.c": "#include <gtk/gtk.h>\n"},
           {"kiosk/flow.c": "#include <nfc/nfc.h>\n"},
           {"kiosk/flow.c": '#include "reader/card.h"\n', "kiosk/reader/card.h": "\n"},
           {"core/client/client-source.h": "\n",
            "payment/b.c": '#include "client/client-source.h"\n'},
           {"core/window/a.h": "\n", "gateways/web/b.c": '#include "window/a.h"\n'},
           {"payment/a.c": '#include "testlib/checks.h"\n', "tests/testlib/checks.h": "\n"},
           {"payment/a.c": "#include <unheard-of.h>\n"},
           {"payment/a.c": '#include "nowhere.h"\n'},
           {"newfolder/a.c": "int x;\n"}],
      good=[{"core/protocol/a.c": '#include "sugu.pb-c.h"\n#include <string.h>\n'},
            {"core/client/client-source.c": "#include <glib.h>\n"},
            {"kiosk/reader/a.c": '#include <nfc/nfc.h>\n#include "port/reader.h"\n',
             "core/port/reader.h": "\n"},
            {"queue-server/store/a.c": '#include "queries.h"\n#include <libpq-fe.h>\n',
             "queue-server/meson.build": "output: ['queries.h']\n"},
            {"tests/unit/a.c": "#include <anything.h>\n"}])
def layers(tree):
    for path, c in tree.c_files(but=("tests/",)):
        layer = layer_of(path)
        if layer is None:
            yield path, 1, "stands in a folder that has no row"
            continue
        allowed, libraries = LAYERS[layer]
        for line, name, is_quoted in c.includes():
            if is_quoted:
                complaint = check_own(tree, path, name, layer, allowed)
            else:
                library = library_of(name)
                complaint = None if library == "libc" or library in libraries else \
                    f"<{name}> is of no known library" if library is None else \
                    f"may not use {library} (<{name}>)"
            if complaint:
                yield path, line, complaint


# ---------------------------------------------------------------- calls

SLEEPS = r"sleep|usleep|nanosleep|clock_nanosleep|thrd_sleep|g_usleep"
TIME = (r"time|clock_gettime|gettimeofday|clock|timespec_get|g_get_real_time|g_get_monotonic_time"
        r"|g_date_time_new_now\w*|rand|rand_r|random|[delmnj]rand48|g_random_\w+|g_rand_\w+"
        r"|getrandom|getentropy")
SHELL = r"system|popen"


@rule("sleeps", "wait for the event with a deadline; a sleep is either too long or too short",
      bad=[{"tests/unit/a.c": HEAD % ("void", "    usleep(5);\n")},
           {"kiosk/a.c": HEAD % ("void", "    g_usleep(5);\n")},
           {"tests/a.c": HEAD % ("void", "    poll(NULL, 0, 100);\n")}],
      good=[{"tests/a.c": HEAD % ("void", "    poll(rows, 1, 100); /* no sleep(1) */\n")}])
def sleeps(tree):
    # A disk that takes its time is what tests/bench/slow-flush.c is; nobody waits by it.
    for path, c in tree.c_files():
        if path == "tests/bench/slow-flush.c":
            continue
        for line, name, _ in c.calls(SLEEPS):
            yield path, line, f"calls {name}()"
        for line, _, arguments in c.calls("poll"):
            # The helpers there look at a process or a file again until a deadline.
            if not path.startswith("tests/testlib/") and arguments[:2] == ["NULL", "0"]:
                yield path, line, "sleeps by poll(NULL, 0, …)"


@rule("time-and-chance", "take a struct sugu_clock or struct sugu_random as an argument",
      bad=[{"kiosk/a.c": HEAD % ("void", "    t = time(NULL);\n")},
           {"core/domain/a.c": HEAD % ("void", "    clock_gettime(CLOCK_REALTIME, &now);\n")},
           {"printer/a.c": HEAD % ("void", "    x = g_get_monotonic_time();\n")}],
      good=[{"core/base/clock.c": HEAD % ("void", "    clock_gettime(CLOCK_REALTIME, &now);\n")},
            {"kiosk/a.c": HEAD % ("void", "    wait_time(3); x->time(3); /* time(NULL) */\n")}])
def time_and_chance(tree):
    for path, c in tree.c_files(but=("core/base/", "tests/")):
        for line, name, _ in c.calls(TIME):
            yield path, line, f"calls {name}()"


@rule("start", "main calls sugu_process_start, then sugu_program_start: see docs/ARCHITECTURE.md",
      bad=[{"kiosk/main.c": HEAD % ("void", "    sugu_program_start(&p);\n"
                                    "    sugu_process_start(NAME);\n")},
           {"kiosk/main.c": HEAD % ("void", "    sugu_program_start(&p);\n")}],
      good=[{"kiosk/main.c": HEAD % ("void", "    sugu_process_start(NAME);\n"
                                     "    sugu_program_start(&p);\n")},
            {"core/base/settings.c": HEAD % ("void", "    x();\n")}])
def start(tree):
    for path, c in tree.c_files(but=("core/", "tests/unit/")):
        process = [line for line, _, _ in c.calls("sugu_process_start")]
        for line, _, _ in c.calls("sugu_program_start"):
            if not process or process[0] > line:
                yield path, line, "sugu_program_start() before sugu_process_start()"


@rule("shell", "start a program with posix_spawn and its arguments, never through a shell",
      bad=[{"kiosk/a.c": HEAD % ("void", '    system("ls");\n')}],
      good=[{"kiosk/a.c": HEAD % ("void", "    sugu_clock_system();\n")}])
def shell(tree):
    for path, c in tree.c_files(but=("tests/",)):
        for line, name, _ in c.calls(SHELL):
            yield path, line, f"calls {name}()"


@rule("core-is-silent", "core/ returns a status; only programs log or print",
      bad=[{"core/domain/a.c": HEAD % ("void", '    sugu_log(SUGU_LOG_INFO, "x", "");\n')},
           {"core/client/a.c": HEAD % ("void", '    printf("x");\n')}],
      good=[{"core/base/log.c": HEAD % ("void", '    sugu_log(SUGU_LOG_INFO, "x", "");\n')},
            {"core/domain/a.c": HEAD % ("void", "    fprintf(file, \"x\");\n")}])
def core_is_silent(tree):
    for path, c in tree.c_files(under=("core/",), but=("core/base/",)):
        for line, name, arguments in c.calls(r"sugu_log\w*|printf|puts|perror|fprintf"):
            # What a program asks to be written somewhere, or the last words before an abort.
            if name != "fprintf" or arguments[0] == "stdout":
                yield path, line, f"calls {name}()"


SQL = re.compile(
    r"\s*(?:SELECT\s|INSERT\s|DELETE\s+FROM\b|(?i:select\b.*\bfrom\b|insert\s+into\b"
    r"|update\s+\S+\s+set\b|delete\s+from\b"
    r"|(?:create|alter|drop)\s+(?:(?:unlogged|temp\w*|unique|or\s+replace)\s+)*"
    r"(?:table|index|role|database|schema|view|function|trigger|user|extension|sequence|type)\b"
    r"|grant\s.*\bto\b|revoke\s.*\bfrom\b|truncate\s+\w+|with\s+\w+\s+as\s*\())")


@rule("sql-text", "put the statement into a query/*.sql file and give it a name",
      bad=[{"queue-server/a.c": 'q = "SELECT 1";\n'}, {"payment/a.c": 'q = "insert into x "\n'},
           {"payment/a.c": 'q = "CREATE TABLE x (a int)";\n'},
           {"kiosk/a.c": 'q = "UPDATE visit SET x = 1";\n'}],
      good=[{"kiosk/a.c": 'q = "Select a department";\n/* "SELECT 1" */\n'},
            {"tests/unit/a.c": 'q = "SELECT 1";\n'}])
def sql_text(tree):
    for path, c in tree.c_files(but=("tests/",)):
        for line, _, value in c.strings:
            if SQL.match(value):
                yield path, line, f'"{value[:40]}"'
