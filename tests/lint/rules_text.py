# SPDX-License-Identifier: Apache-2.0
"""rules_text - rules for every text file: first lines, lengths, words, paths"""

import os
import re

from tree import rule

C_HEAD = "/* SPDX-License-Identifier: Apache-2.0 */\n/*\n * %s - %s\n */\n"
SPDX = "SPDX-License-Identifier: Apache-2.0"
SOURCES = (".c", ".h", ".def", ".proto", ".py", ".sh", ".ui", ".css", ".sql", ".service",
           ".target", ".socket", ".timer", ".rules", ".conf", "meson.build", "meson_options.txt")
# In these a purpose line would only repeat the folder's name.
WITHOUT_PURPOSE = ("meson.build", "meson_options.txt")
# This rule's own words and samples stand here.
SELF = ("tests/lint/",)


def is_script(path, text):
    return text.startswith("#!") or path == "tools/lib.sh"


def is_source(path, text):
    return path.endswith(SOURCES) or is_script(path, text) or \
        re.search(r"^docs/man/.*\.[1-8]$", path)


def has_purpose(path, lines):
    stem = os.path.splitext(os.path.basename(path))[0]
    if path.endswith((".c", ".h", ".def")):
        # A main is named after its program, a private header may be after what it is private to.
        name = r"[\w-]+" if stem.startswith(("main", "emulate")) else \
            re.escape(stem.replace("-private", "")) + "(-private)?"
        return len(lines) > 2 and lines[1] == "/*" and re.match(
            r" \* " + name + r"( [A-Z][^-]*)? - \S+ \S+", lines[2])
    head = " ".join(line for line in lines[:10] if SPDX not in line and not line.startswith("#!"))
    # A sentence in a comment or a docstring: four words before anything else begins.
    return re.search(r"""(?:#|//|<!--|"{3}|/\*|--|\.\\")\s*\S+(?:\s+\S+){3,}""", head)


@rule("first-lines",
      "begin with the SPDX line, then one sentence of purpose: ' * <file's stem> - <what it is>'",
      bad=[{"core/base/a.c": "int x;\n"},
           {"core/base/a.c": "/* " + SPDX + " */\n#include <stdio.h>\nint x;\n"},
           {"core/base/a.h": C_HEAD % ("b", "the wrong name")},
           {"tools/x": "#!/bin/sh\necho\n"},
           {"kiosk/style.css": "/* " + SPDX + " */\n.a { color: red; }\n"}],
      good=[{"core/base/a.c": C_HEAD % ("a", "something for a test")},
            {"tools/x": "#!/bin/sh\n# " + SPDX + "\n# x: do a thing for people\n"},
            {"kiosk/a.ui": '<?xml version="1.0"?>\n<!-- ' + SPDX + " -->\n"
                           "<!-- a - the page that asks who it is -->\n"}])
def first_lines(tree):
    for path, text in sorted(tree.files.items()):
        if not is_source(path, text):
            continue
        lines = text.split("\n")
        if not any(SPDX in line for line in lines[:3]):
            yield path, 1, "no SPDX line among the first three"
        elif not path.endswith(WITHOUT_PURPOSE) and not has_purpose(path, lines):
            yield path, 2, "no purpose in the first lines"


@rule("line-length", "break the line; 100 columns",
      bad=[{"core/base/a.c": "x" * 101 + "\n"}],
      good=[{"core/base/a.c": "病" * 60 + "x" * 40 + "\n",
             "a.sql": "COMMENT ON TABLE x IS '" + "x" * 100 + "';\n"}])
def line_length(tree):
    tables = ("core/base/error-codes.def",)  # a row is a row
    for path, text in sorted(tree.files.items()):
        if path in tables or not is_source(path, text) or \
                path.endswith((".ui", ".css")) or path.startswith("docs/man/"):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            is_row = path.endswith(".sql") and line.startswith("COMMENT ON ")  # a sentence
            if len(line) > 100 and not is_row:
                yield path, number, f"{len(line)} columns"


@rule("file-length", "cut it by concern, not by size",
      bad=[{"core/base/a.c": "\n" * 701}, {"core/base/a.h": "\n" * 201}],
      good=[{"core/base/a.c": "\n" * 700, "core/base/a.h": "\n" * 200, "b.md": "\n" * 900}])
def file_length(tree):
    for path, text in sorted(tree.files.items()):
        most = 200 if path.endswith(".h") else 700
        count = text.count("\n")
        if is_source(path, text) and not path.endswith(".css") and count > most:
            yield path, most + 1, f"{count} lines, at most {most}"


@rule("whitespace", "no blanks at line ends, no tabs, no CR, one newline at the end",
      bad=[{"a.c": "int x; \n"}, {"a.c": "\tint x;\n"}, {"a.py": "x = 1"}, {"a.c": "int x;\r\n"}],
      good=[{"a.c": "int x;\n"}])
def whitespace(tree):
    for path, text in sorted(tree.files.items()):
        if not is_source(path, text):
            continue
        if text and not text.endswith("\n"):
            yield path, text.count("\n") + 1, "no newline at the end"
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip(" \t\r"):
                yield path, number, "blank at the end of the line"
            elif "\t" in line and not path.startswith("packaging/"):
                yield path, number, "tab"


UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|(?i:\bnot[ -]implemented\b"
                        r"|\bunimplemented\b|\bplaceholder\b(?![-_]text)|\bfor now\b)")


@rule("unfinished", "do it, or write an issue; the tree holds what works",
      bad=[{"a.c": "/* TODO: later */\n"}, {"a.c": 'fail("not implemented");\n'},
           {"b.md": "This is a placeholder.\n"}, {"a.py": "# for now\n"}],
      good=[{"a.c": 'mkdtemp("/tmp/x.XXXXXX");\n'}, {"a.ui": "placeholder-text\n"},
            {"HACKING.md": "How to hack.\n"}])
def unfinished(tree):
    for path, text in sorted(tree.files.items()):
        if path.startswith(SELF) or not (is_source(path, text) or path.endswith(".md")):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            match = UNFINISHED.search(line)
            if match:
                yield path, number, f"'{match.group()}'"


MACHINE = re.compile(r"(?<![\w.$}])/(?:home/\w+|root/\w+|Users/\w+|work/\w+|tmp/(?:wt|bash_)\w*)")


@rule("machine-paths", "no path of one machine: take it from an argument, a setting or mkdtemp",
      bad=[{"a.c": 'open("/home/taro/x");\n'}, {"tools/x": "cd /home/hana/main\n"},
           {"b.md": "see /root/sugu\n"}],
      good=[{"a.c": 'open("/run/sugu/reader");\n'}, {"a.md": "`docs/home/x`\n"}])
def machine_paths(tree):
    for path, text in sorted(tree.files.items()):
        if path.startswith(SELF):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            match = MACHINE.search(line)
            if match:
                yield path, number, match.group()
            elif tree.root and tree.root + "/" in line:
                yield path, number, tree.root + "/"


SCRIPT_SLEEP = re.compile(r"^[^#]*\b(?:sleep +[0-9$]|time\.sleep\()")


@rule("script-sleeps", "wait for the event with a deadline",
      bad=[{"tools/x": "#!/bin/sh\nsleep 1\n"}, {"tests/a.py": "time.sleep(0.5)\n"}],
      good=[{"tools/x": "#!/bin/sh\n# they sleep 1 s\nwait\n"}])
def script_sleeps(tree):
    for path, text in sorted(tree.files.items()):
        if path.startswith(SELF) or not (path.endswith((".py", ".sh")) or is_script(path, text)):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if SCRIPT_SLEEP.search(line):
                yield path, number, "sleeps to settle"


@rule("documents", "every relative link of a document leads to a file of the tree",
      bad=[{"docs/a.md": "[x](missing.md)\n"}, {"README.md": "![a](docs/pictures/none.png)\n"}],
      good=[{"docs/a.md": "[x](../b.md#part) [y](https://example.org/)\n", "b.md": "\n"}])
def documents(tree):
    for path in tree.paths(".md"):
        for number, line in enumerate(tree.files[path].split("\n"), 1):
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", line):
                if re.match(r"[a-z]+:", target):
                    continue
                there = os.path.normpath(os.path.join(os.path.dirname(path), target))
                known = there in tree.files or any(p.startswith(there + "/") for p in tree.files)
                if not known and not (tree.root and os.path.exists(os.path.join(tree.root, there))):
                    yield path, number, f"no file '{there}'"
