# SPDX-License-Identifier: Apache-2.0
"""rules_project - rules across files: codes, statements, meson, man pages, packages, history"""

import os
import re

from rules_c import LAYERS
from tree import Tree, rule

CODES = "core/base/error-codes.def"
ROW = re.compile(r'^SUGU_CODE\("([^"]+)",\s*(\w+),\s*"((?:\\.|[^"\\])*)",\s*"((?:\\.|[^"\\])*)"\)$')
CODE = re.compile(r"^[a-z]+\.[a-z0-9-]+$")
# The programs of one patient's day. While one of them is missing, rows are there that it will use.
DAY = ("kiosk/flow.c", "kiosk/reader/", "printer/", "payment/", "queue-server/",
       "gateways/insurance/", "gateways/fee/")


def code_rows(tree):
    """(line, code, status, patient, staff) of error-codes.def; None for a line that is no row."""
    for number, line in enumerate(tree.files.get(CODES, "").split("\n"), 1):
        if line.startswith("SUGU_CODE"):
            match = ROW.match(line)
            yield (number,) + (match.groups() if match else (None,) * 4)


def codes_meant(c):
    """(line, code) where C text names an error code: the places where nothing else can stand."""
    for line, _, arguments in c.calls("sugu_fail"):
        for value in c.string_values(arguments[2] if len(arguments) > 2 else ""):
            yield line, value
    for line, _, arguments in c.calls("sugu_code_find"):
        for value in c.string_values(arguments[0]):
            yield line, value
    for line, _, arguments in c.calls("sugu_assert_fails"):
        for value in c.string_values(arguments[2] if len(arguments) > 2 else ""):
            yield line, value
    for match in re.finditer(r"(?:\.|->|\b)(?:code|refusal|reason)\s*=\s*\"", c.code):
        for line, offset, value in c.strings:
            if offset == match.end() - 1 and CODE.match(value):  # acts have a code too
                yield line, value


@rule("error-codes",
      "write the row into core/base/error-codes.def, in its section; patients get a text or \"\"",
      bad=[{CODES: "SUGU_CODE(broken)\n"},
           {CODES: 'SUGU_CODE("a.b", SUGU_OK, "", "x")\nSUGU_CODE("a.b", SUGU_OK, "", "y")\n'},
           {CODES: 'SUGU_CODE("A.b", SUGU_OK, "", "x")\n'},
           {CODES: 'SUGU_CODE("a.b", SUGU_OK, "", "")\n'},
           {CODES: 'SUGU_CODE("a.b", SUGU_OK, "", "x")\n',
            "kiosk/a.c": 'f();\nreturn sugu_fail(reterr, SUGU_RETRY, x ? "a.b" : "a.c", "");\n'},
           {CODES: 'SUGU_CODE("a.b", SUGU_OK, "", "x")\n', "kiosk/a.c": '{.refusal = "a.c"};\n'}],
      good=[{CODES: 'SUGU_CODE("a.b", SUGU_OK, "", "x")\n',
             "kiosk/a.c": 'sugu_fail(e, SUGU_RETRY, "a.b", "a.c");\nsugu_log(I, "a.open", "");\n'}])
def error_codes(tree):
    known = set()
    for line, code, _, _, staff in code_rows(tree):
        if code is None:
            yield CODES, line, 'not of the form SUGU_CODE("area.what", STATUS, "patient", "staff")'
        elif not CODE.match(code):
            yield CODES, line, f"'{code}' is not of the form area.what-happened"
        elif code in known:
            yield CODES, line, f"'{code}' stands there twice"
        elif not staff:
            yield CODES, line, f"'{code}' tells the staff nothing"
        known.add(code)
    for path, c in tree.c_files():
        if path == "tests/unit/test-status.c":  # asks for codes that are not there
            continue
        for line, code in codes_meant(c):
            if code not in known:
                yield path, line, f"'{code}' is not in error-codes.def"


@rule("error-codes-used", "use the code where it happens, or take the row away",
      bad=[dict({CODES: 'SUGU_CODE("a.b", SUGU_OK, "", "x")\n'}, **{
          path if path.endswith(".c") else path + "a.c": "x();\n" for path in DAY})],
      good=[dict({CODES: 'SUGU_CODE("a.b", SUGU_OK, "", "x")\n'}, **{
          path if path.endswith(".c") else path + "a.c": 'x("a.b");\n' for path in DAY}),
            {CODES: 'SUGU_CODE("a.b", SUGU_OK, "", "x")\n', "kiosk/flow.c": "x();\n"}])
def error_codes_used(tree):
    if not all(any(path.startswith(part) and path.endswith(".c") for path in tree.files)
               for part in DAY):
        return
    said = " ".join(text for path, text in tree.files.items()
                    if path != CODES and not path.startswith(("tests/", "docs/"))
                    and path.endswith((".c", ".h", ".def", ".sql", ".ui")))
    for line, code, _, _, _ in code_rows(tree):
        if code and not code.startswith("bug.") and f'"{code}"' not in said \
                and f"'{code}'" not in said:
            yield CODES, line, f"nothing says '{code}'"


# ---------------------------------------------------------------- SQL

QUERY = "-- SPDX\n-- :name %s\n%s\n"
QUERIES = "queue-server/store/query/a.sql"


def blocks(text):
    """[line, name, declared parameters, statement] of the `-- :name` blocks."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r"--\s*:(name|param)\s*(.*)$", line)
        if match and match.group(1) == "name":
            found.append([number, match.group(2).strip(), [], ""])
        elif match and found:
            found[-1][2].append(match.group(2).split()[0] if match.group(2) else "")
        elif not line.lstrip().startswith("--"):
            if found:
                found[-1][3] += line + "\n"
            elif line.strip():
                found.append([number, None, [], line])
    return found


def without_quotes(statement):
    return re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|\$(\w*)\$.*?\$\1\$", "''", statement,
                  flags=re.S)


def check_query(name, declared, plain):
    """What is wrong with one block."""
    used = re.findall(r"(?<![:\w]):([a-z]\w*)", plain)
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+( (exec|one|many)\b.*)?", name):
        yield f"'{name}' is not of the form 'noun_verb exec', 'noun_verb one' or 'noun_verb many'"
    if plain.count(";") != 1 or not plain.endswith(";") or plain == ";":
        yield f"'{name}' is not one statement ended by ';'"
    for parameter in sorted(set(used) - set(declared)):
        yield f"'{name}' uses :{parameter} without '-- :param {parameter} TYPE'"
    for parameter in sorted(set(declared) - set(used)):
        yield f"'{name}' declares :{parameter} and does not use it"
    if len(declared) != len(set(declared)):
        yield f"'{name}' declares a parameter twice"
    if re.search(r"\$\d", plain):
        yield f"'{name}' has a parameter without a name"


@rule("queries",
      "one statement per '-- :name noun_verb exec|one|many' block, its parameters declared",
      bad=[{QUERIES: QUERY % ("Bad-Name", "SELECT 1;")},
           {QUERIES: QUERY % ("a_b some", "SELECT 1;")},
           {QUERIES: QUERY % ("a_b", "SELECT 1; SELECT 2;")},
           {QUERIES: QUERY % ("a_b", "SELECT 1")},
           {QUERIES: QUERY % ("a_b", "")},
           {QUERIES: QUERY % ("a_b one", "SELECT :x;")},
           {QUERIES: QUERY % ("a_b one", "-- :param x int4\nSELECT 1;")},
           {QUERIES: QUERY % ("a_b one", "SELECT $1;")},
           {QUERIES: "SELECT 1;\n"},
           {QUERIES: QUERY % ("a_b", "SELECT 1;"),
            "queue-server/store/query/b.sql": QUERY % ("a_b one", "SELECT 1;")}],
      good=[{QUERIES: QUERY % ("a_b one", "-- :param x int4\nSELECT :x::int8, ';:y' || :x;\n") +
             "\n-- why\n-- :name a_c\nSELECT count(*) FROM x;\n"}])
def queries(tree):
    seen = {}
    for path in tree.paths(".sql"):
        if "/query/" not in path:
            continue
        for line, name, declared, statement in blocks(tree.files[path]):
            if name is None:
                yield path, line, "a statement before the first '-- :name'"
                continue
            for complaint in check_query(name, declared, without_quotes(statement).strip()):
                yield path, line, complaint
            key = path.split("/")[0], name.split(" ")[0]
            if key in seen:
                yield path, line, f"'{name}' stands in {seen[key]} too"
            seen[key] = path


@rule("schema", "number migrations 0001, 0002 … without a hole: NNNN-name.sql",
      bad=[{"a/schema/0001-a.sql": "\n", "a/schema/0003-b.sql": "\n"},
           {"a/schema/0001-a.sql": "\n", "a/schema/0001-b.sql": "\n"},
           {"a/schema/first.sql": "\n"}],
      good=[{"a/schema/0001-a.sql": "\n", "a/schema/0002-b.sql": "\n",
             "a/schema/register.sql": "\n", "b/schema/0001-c.sql": "\n"}])
def schema(tree):
    numbers = {}
    for path in tree.paths(".sql"):
        folder, name = os.path.split(path)
        if os.path.basename(folder) != "schema" or name == "register.sql":
            continue  # register.sql is what runs the others
        match = re.fullmatch(r"(\d{4})-[a-z0-9-]+\.sql", name)
        if not match:
            yield path, 1, "is not named NNNN-name.sql"
            continue
        numbers[folder] = numbers.get(folder, 0) + 1
        if int(match.group(1)) != numbers[folder]:
            yield path, 1, f"expected number {numbers[folder]:04}"


# ---------------------------------------------------------------- meson, programs, packages

@rule("meson-lists", "list the file in its folder's meson.build, or remove it",
      bad=[Tree({"kiosk/a.c": "\n"}, listed=set())],
      good=[Tree({"kiosk/a.c": "\n", "kiosk/a.h": "\n"}, listed={"kiosk/a.c"}),
            {"kiosk/a.c": "\n"}])
def meson_lists(tree):
    if tree.listed is None:
        return
    for path in tree.paths(".c"):
        if path not in tree.listed:
            yield path, 1, "no meson target compiles it"


def options_of(text):
    return set(re.findall(r"(?<![\w-])--([a-z][a-z0-9-]*)", text))


def plain_man(text):
    return re.sub(r"\\f.", "", text.replace("\\-", "-"))


def options_section(page):
    match = re.search(r'^\.SH "?OPTIONS"?\n(.*?)(?=^\.SH |\Z)', page, re.M | re.S)
    return match.group(1) if match else ""


MAN = ".SH NAME\nsugu-a \\- x\n.SH OPTIONS\n.TP\n.B \\-\\-listen\nWhere.\n"


@rule("man-pages",
      "describe every option of --help under .SH OPTIONS of docs/man/<program>.8, and no other",
      bad=[Tree({}, helps={"sugu-a": "--listen"}),
           Tree({"docs/man/sugu-a.8": MAN}, helps={"sugu-a": "--listen\n --port N"}),
           Tree({"docs/man/sugu-a.8": MAN}, helps={"sugu-a": "none"}),
           Tree({"docs/man/sugu-a.1": MAN}, helps={})],
      good=[Tree({"docs/man/sugu-a.8": MAN}, helps={"sugu-a": "  --listen TEXT\n"}),
            {"docs/man/sugu-a.8": MAN}])
def man_pages(tree):
    if tree.helps is None:
        return
    pages = {os.path.splitext(os.path.basename(path))[0]: path
             for path in tree.paths(".1", ".8", under=("docs/man/",))}
    for name, help_text in sorted(tree.helps.items()):
        path = pages.get(name)
        if not path:
            yield f"docs/man/{name}.8", 1, "the program has no man page"
            continue
        said = plain_man(tree.files[path])
        for option in sorted(options_of(help_text) - options_of(said)):
            yield path, 1, f"does not say --{option}, which --help lists"
        for option in sorted(options_of(options_section(said)) - options_of(help_text)):
            yield path, 1, f"says --{option}, which --help does not list"
    for name, path in sorted(pages.items()):
        if name.startswith("sugu-") and name not in tree.helps:
            yield path, 1, "is of a program that is not built"


PACKAGES = "packaging/packages.list"
CONTROL = "packaging/debian/control"
GROUPS = ("build", "run", "test", "package")


@rule("packages",
      "one list of packages: packaging/packages.list; debian/control repeats its build group, and "
      "names of its run group alone",
      bad=[{PACKAGES: "build gcc\nbuild gcc\n"}, {PACKAGES: "other gcc\n"}, {PACKAGES: "gcc\n"},
           {PACKAGES: "build libx-dev\n", CONTROL: "Build-Depends:\n debhelper-compat (= 13),\n"},
           {PACKAGES: "build gcc\n", CONTROL: "Build-Depends: libx-dev\n"},
           {PACKAGES: "build liby\n", CONTROL: "Build-Depends: liby\nPackage: a\nDepends: liby\n"},
           {PACKAGES: "run liby\n", CONTROL: "Build-Depends:\nPackage: a\nDepends: a-b, liby,\n"
            " libz\nDescription: x\n"},
           {PACKAGES: "run liby\n", CONTROL: "Build-Depends:\nPackage: a\nRecommends: libz\n"}],
      good=[{PACKAGES: "# a\nbuild gcc\nbuild libx-dev\nrun liby\ntest git\n",
             CONTROL: "Build-Depends: debhelper-compat (= 13),\n libx-dev,\nPackage: sugu-a\n"
             "Depends: ${shlibs:Depends}, sugu-b (= 1),\n liby (>= 2)\nDescription: x\n"}])
def packages(tree):
    if PACKAGES not in tree.files:
        return
    seen = {}
    for number, line in enumerate(tree.files[PACKAGES].split("\n"), 1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if len(words) != 2 or words[0] not in GROUPS:
            yield PACKAGES, number, f"needs '<group> <package>', group one of {', '.join(GROUPS)}"
        elif words[1] in seen:
            yield PACKAGES, number, f"{words[1]} stands there twice"
        else:
            seen[words[1]] = words[0]
    if CONTROL not in tree.files:
        return
    # Of the compilers Debian installs gcc and libc by itself; clang is for our own checks only.
    wanted = {name for name, group in seen.items() if group == "build"}
    wanted -= {"gcc", "clang", "libc6-dev"}
    there = control_names(tree, "Build-Depends") - {"debhelper-compat"}
    for name in sorted(wanted - there):
        yield CONTROL, 1, f"Build-Depends misses {name} of packages.list"
    for name in sorted(there - wanted):
        yield CONTROL, 1, f"Build-Depends has {name}, which the build group does not"
    for name in sorted(control_names(tree, "Depends") | control_names(tree, "Recommends")):
        if not name.startswith("sugu-") and seen.get(name) != "run":
            yield CONTROL, 1, f"a package needs {name}, which the run group does not have"


def control_names(tree, field):
    """The packages that a field of debian/control names, in all its paragraphs."""
    text = re.sub(r"^#[^\n]*\n", "", tree.files[CONTROL], flags=re.M)
    found = re.findall(rf"^{field}:(.*(?:\n[ \t].*)*)", text, re.M)
    return {part.split()[0] for value in found for part in re.split(r"[,|]", value)
            if part.strip() and not part.strip().startswith("$")}


# The Debian package behind what a meson.build asks for by dependency() or find_library().
LIBRARIES = {
    "atspi-2": "libatspi2.0-dev", "cairo": "libcairo2-dev", "cairo-pdf": "libcairo2-dev",
    "cairo-xlib": "libcairo2-dev", "gio-2.0": "libglib2.0-dev", "gio-unix-2.0": "libglib2.0-dev",
    "gstreamer-app-1.0": "libgstreamer-plugins-base1.0-dev",
    "gstreamer-audio-1.0": "libgstreamer-plugins-base1.0-dev", "libsodium": "libsodium-dev",
    "check": "check", "cups": "libcups2-dev", "glib-2.0": "libglib2.0-dev",
    "gobject-2.0": "libglib2.0-dev", "gtk4": "libgtk-4-dev", "libcrypto": "libssl-dev",
    "libcurl": "libcurl4-openssl-dev", "libnfc": "libnfc-dev", "libpq": "libpq-dev",
    "libprotobuf-c": "libprotobuf-c-dev", "libqrencode": "libqrencode-dev", "libssl": "libssl-dev",
    "libxml-2.0": "libxml2-dev", "libzmq": "libzmq3-dev", "pangocairo": "libpango1.0-dev",
    "sqlite3": "libsqlite3-dev", "x11": "libx11-dev", "xtst": "libxtst-dev",
    "json-glib-1.0": "libjson-glib-dev", "libsoup-3.0": "libsoup-3.0-dev",
    "gstreamer-1.0": "libgstreamer1.0-dev", "xlsxwriter": "libxlsxwriter-dev",
}
OF_LIBC = {"threads", "m", "dl", "rt"}


@rule("libraries",
      "put the package of a library that a meson.build asks for into packaging/packages.list "
      "(group test if only tests do), and none that nothing asks for; a library that is new here "
      "gets a row in LIBRARIES",
      bad=[{PACKAGES: "build gcc\n", "a/meson.build": "a = dependency('libzmq')\n"},
           {PACKAGES: "test libzmq3-dev\n", "a/meson.build": "a = dependency('libzmq')\n"},
           {PACKAGES: "build libzmq3-dev\n", "a/meson.build": "\n"},
           {PACKAGES: "build libzmq3-dev\n", "tests/meson.build": "a = dependency('libzmq')\n"},
           {PACKAGES: "build gcc\n", "a/meson.build": "a = dependency('libnew')\n"}],
      good=[{PACKAGES: "build gcc\nbuild libzmq3-dev\nbuild libcups2-dev\nbuild libc6-dev\n"
             "test check\n",
             "a/meson.build": "a = dependency('libzmq', version: '>= 4')\nm = c.find_library('m')\n"
             "c = c.find_library('cups')\n",
             "tests/meson.build": "a = [dependency('check'), dependency('libzmq')]\n"}])
def libraries(tree):
    if PACKAGES not in tree.files:
        return
    rows = [line.split() for line in tree.files[PACKAGES].split("\n")]
    group = {row[1]: row[0] for row in rows if len(row) == 2 and row[0] != "#"}
    used = set()
    for path in tree.paths("meson.build"):
        is_test = path.startswith("tests/")
        text = re.sub(r"#[^\n]*", "", tree.files[path])
        for match in re.finditer(r"\b(?:dependency|find_library)\(\s*'([^']+)'", text):
            name, line = match.group(1), text.count("\n", 0, match.start()) + 1
            package = LIBRARIES.get(name)
            if name not in OF_LIBC and not package:
                yield path, line, f"no package is known for {name}"
            elif package and group.get(package) not in ("build", "test" if is_test else "build"):
                yield path, line, f"{name} needs {package} in packages.list"
            elif package and (not is_test or group[package] == "test"):
                used.add(package)
    for name in sorted(set(LIBRARIES.values()) & set(group) - used):
        yield PACKAGES, 1, f"{name}: no meson.build asks for it in the group {group[name]}"
    for name in sorted(group):
        if re.match(r"lib.*-dev$", name) and name not in LIBRARIES.values() and \
                name not in ("libc6-dev", "libclang-rt-14-dev"):
            yield PACKAGES, 1, f"{name}: LIBRARIES does not say what it is for"


BY_HAND = {"sugu-admin", "sugu-board", "sugu-desk"}  # programs that no service starts


@rule("packaging",
      "put the program and its page into a packaging/debian/*.install, its unit too, and a sample "
      "of its settings into packaging/settings; a program that people start stands in BY_HAND; one "
      "that serves at two places has a unit and a sample for each, named after it",
      bad=[Tree({"packaging/debian/a.install": "usr/bin/sugu-b\n"}, helps={"sugu-a": ""}),
           Tree({"packaging/debian/a.install": "usr/bin/sugu-a\n"}, helps={"sugu-a": ""}),
           Tree({"packaging/debian/a.install": "\n", "packaging/systemd/sugu-b.service": "\n"},
                helps={}),
           Tree({"packaging/debian/a.install": "\n",
                 "packaging/systemd/sugu-b.service": "ExecStart=/usr/bin/sugu-c --x\n"}, helps={}),
           Tree({"packaging/debian/a.install": "usr/bin/sugu-a\nusr/share/man/man1/sugu-a.1\n"},
                helps={"sugu-a": ""}),
           Tree({"packaging/debian/a.install": "lib/systemd/system/sugu-a.service\n",
                 "packaging/systemd/sugu-a.service":
                 "ExecStart=/usr/bin/sugu-a --settings /etc/sugu/a.conf\n"}, helps={}),
           # another place's unit with the first one's settings; a sample that no package brings
           Tree({"packaging/debian/a.install": "lib/systemd/system/sugu-a-b.service\n",
                 "packaging/debian/a.examples": "packaging/settings/a-b.conf\n",
                 "packaging/systemd/sugu-a-b.service":
                 "ExecStart=/usr/bin/sugu-a --settings /etc/sugu/a.conf\n",
                 "packaging/settings/a-b.conf": "x = 1\n"}, helps={}),
           Tree({"packaging/debian/a.install": "\n", "packaging/settings/a.conf": "x = 1\n"},
                helps={})],
      good=[Tree({"packaging/debian/a.install": "usr/bin/sugu-a\nusr/share/man/man1/sugu-a.1\n"
                  "lib/systemd/system/sugu-a.service\n"
                  "lib/systemd/system/sugu-a-b.service\n",
                  "packaging/debian/a.examples": "packaging/settings/a.conf\n"
                  "packaging/settings/a-b.conf\n",
                  "packaging/systemd/sugu-a.service":
                  "ExecStart=/usr/bin/sugu-a --settings /etc/sugu/a.conf\n",
                  "packaging/systemd/sugu-a-b.service":
                  "ExecStart=/usr/bin/sugu-a --settings /etc/sugu/a-b.conf\n",
                  "packaging/settings/a.conf": "x = 1\n",
                  "packaging/settings/a-b.conf": "x = 1\n"},
                 helps={"sugu-a": ""}),
            Tree({"packaging/debian/a.install": "usr/bin/sugu-admin\n"
                  "usr/share/man/man1/sugu-admin.1\n"}, helps={"sugu-admin": ""})])
def packaging(tree):
    lists = list(tree.paths(".install", under=("packaging/debian/",)))
    placed = {line.strip() for path in lists for line in tree.files[path].split("\n")}
    if not lists:
        return
    for name in sorted(tree.helps or {}):
        if f"usr/bin/{name}" not in placed:
            yield lists[0], 1, f"no package has usr/bin/{name}"
        elif not any(re.search(f"/{name}\\.[1-8]$", line) for line in placed):
            yield lists[0], 1, f"no package has the manual page of {name}"
        if name not in BY_HAND and f"packaging/systemd/{name}.service" not in tree.files:
            yield f"packaging/systemd/{name}.service", 1, f"{name} has no unit"
    for path in tree.paths(".service", under=("packaging/systemd/",)):
        name = os.path.basename(path)[:-len(".service")]
        if f"lib/systemd/system/{name}.service" not in placed:
            yield lists[0], 1, f"no package has {name}.service"
        yield from started(tree, path, name)
    offered = {line.strip() for path in tree.paths(".examples", under=("packaging/debian/",))
               for line in tree.files[path].split("\n")}
    for path in tree.paths(".conf", under=("packaging/settings/",)):
        if path not in offered:
            yield path, 1, "no packaging/debian/*.examples has it"


def started(tree, path, name):
    """What is wrong with what a unit starts: a program by its own name, or at a second place."""
    part = name[len("sugu-"):]
    match = re.search(r"^ExecStart=/usr/bin/(\S+)(?: .*)? --settings /etc/sugu/(\S+)\.conf$",
                      tree.files[path], re.M)
    if not match or not (name + "-").startswith(match.group(1) + "-"):
        yield path, 1, f"does not start /usr/bin/{name}"
    elif match.group(2) != part:
        yield path, 1, f"does not read /etc/sugu/{part}.conf"
    if f"packaging/settings/{part}.conf" not in tree.files:
        yield path, 1, "no sample of its settings in packaging/settings"


@rule("sample-settings",
      "packaging/settings/<name>.conf has to be taken as it is by sugu-<name>, or by the program "
      "whose name its own begins with",
      bad=[Tree({}, samples={"a": "settings line 3: colour: no such setting"}),
           Tree({}, samples={"b": "is of no program"})],
      good=[Tree({}, samples={"a": "", "a-b": ""}), {}])
def sample_settings(tree):
    for name, said in sorted((tree.samples or {}).items()):
        if said:
            yield f"packaging/settings/{name}.conf", 1, said.split("\n", maxsplit=1)[0]


HARD = "LimitCORE=0\nNoNewPrivileges=yes\nProtectSystem=strict\n"


@rule("units",
      "a service leaves no core dump, gains no rights and writes nowhere but in its own folders; "
      "libzmq aborts where sched_setscheduler is refused",
      bad=[{"packaging/systemd/a.service": "[Service]\nLimitCORE=0\nNoNewPrivileges=yes\n"},
           {"packaging/session/a.service": "[Service]\nLimitCORE=0\nProtectSystem=strict\n"},
           {"packaging/systemd/a.service": "#LimitCORE=0\nNoNewPrivileges=yes\n"
            "ProtectSystem=strict\nUser=a\n"},
           {"packaging/systemd/a.service": HARD + "User=root\n"},
           {"packaging/systemd/a.service": HARD + "User=sugu-a\n"
            "SystemCallFilter=~@privileged @resources\n"}],
      good=[{"packaging/systemd/a.service": HARD + "User=sugu-a\n"},
            {"packaging/systemd/a.service": HARD + "User=sugu-a\nSystemCallFilter=~@resources\n"
             "SystemCallFilter=sched_setscheduler\n"}])
def units(tree):
    for path in tree.paths(".service", under=("packaging/",)):
        lines = tree.files[path].split("\n")
        for wanted in ("LimitCORE=0", "NoNewPrivileges=yes", "ProtectSystem=strict"):
            if wanted not in lines:
                yield path, 1, f"has no {wanted}"
        if not any(line.startswith("User=sugu-") for line in lines):
            yield path, 1, "has no user of its own"
        if re.search("^SystemCallFilter=~.*@resources", tree.files[path], re.M) and \
                "SystemCallFilter=sched_setscheduler" not in lines:
            yield path, 1, "refuses sched_setscheduler"


ARCHITECTURE = "docs/ARCHITECTURE.md"


@rule("architecture",
      "let the folder's row of docs/ARCHITECTURE.md say what LAYERS (tests/lint/rules_c.py) allows",
      bad=[{ARCHITECTURE: "| folder |\n", "core/base/a.c": "\n"},
           {ARCHITECTURE: "| `core/base/` | x | nothing | zmq |\n", "core/base/a.c": "\n"},
           {ARCHITECTURE: "| `core/protocol/` | x | base | protobuf-c |\n",
            "core/protocol/a.c": "\n"}],
      good=[{ARCHITECTURE: "| `core/base/` | x | nothing | none |\n"
             "| `core/protocol/` | x | base, domain | protobuf-c |\n",
             "core/base/a.c": "\n", "core/protocol/a.c": "\n"},
            {"core/base/a.c": "\n"}])
def architecture(tree):
    rows = re.findall(r"^\| `([^`]+)` \|[^|]*\| ([^|]*) \| ([^|]*) \|$",
                      tree.files.get(ARCHITECTURE, ""), re.M)
    told = {name.rstrip("/"): (uses, libraries) for name, uses, libraries in rows}
    for folder, (uses, libraries) in sorted(LAYERS.items()):
        if ARCHITECTURE not in tree.files or not any(p.startswith(folder) for p in tree.files):
            continue
        core = sorted(name.rpartition("/")[2] for name in uses)
        wanted = ("core" if len(uses) == 5 else ", ".join(core) or "nothing",
                  ", ".join(sorted(libraries)) or "none")
        if folder not in told:
            yield ARCHITECTURE, 1, f"has no row for {folder}"
            continue
        said = tuple(", ".join(sorted(part.split(", "))) for part in told[folder])
        if said != wanted:
            yield ARCHITECTURE, 1, f"row {folder} says '{said[0]}' and '{said[1]}', " \
                f"the rule '{wanted[0]}' and '{wanted[1]}'"


@rule("commits", "subject 'area: Say what it does now', at most 72 characters",
      bad=[Tree({}, subjects=[("1", "Fixed things")]), Tree({}, subjects=[("1", "fix: ")]),
           Tree({}, subjects=[("1", "base: " + "x" * 70)])],
      good=[Tree({}, subjects=[("1", "queue-server: Give each ticket once"),
                               ("2", 'Revert "base: Begin"')])])
def commits(tree):
    for number, subject in tree.subjects or []:
        if not re.match(r"(?:[a-z0-9][a-z0-9,/ _.-]*: \S|Revert \")", subject):
            yield number, 1, f"'{subject}' has no area"
        elif len(subject) > 72:
            yield number, 1, f"'{subject}' is too long"
