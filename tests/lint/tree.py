# SPDX-License-Identifier: Apache-2.0
"""tree - what the rules look at: the files of the clone, its history, its meson targets

A Tree is plain data, so that a rule's samples (a few files in a dict) and the real clone are the
same thing to it.
"""

import functools
import json
import os
import re
import string
import subprocess

RULES = []
WORD = string.ascii_letters + string.digits + "_"


class Tree:
    """files: path → text (relative paths). The rest is None where it is not known."""

    def __init__(self, files, subjects=None, listed=None, helps=None, root=None, samples=None):
        self.files = files
        self.subjects = subjects  # [(hash, subject)] of the history
        self.listed = listed  # paths of the .c files that a meson target compiles
        self.made = None  # names of the files that meson's targets make
        self.helps = helps  # program → what it prints with --help
        self.samples = samples  # sample settings → what their program says against them, or ""
        self.root = root
        self._c = {}

    def paths(self, *endings, under=("",), but=()):
        """Paths with one of the endings, in order."""
        for path in sorted(self.files):
            if path.endswith(endings or "") and path.startswith(tuple(under)) \
                    and not path.startswith(tuple(but)):
                yield path

    def c(self, path):
        """The C file, taken apart."""
        if path not in self._c:
            self._c[path] = CText(self.files[path])
        return self._c[path]

    def c_files(self, under=("",), but=()):
        for path in self.paths(".c", ".h", under=under, but=but):
            yield path, self.c(path)


class CText:
    """A C file: `code` with comments and the inside of strings blanked, the strings, functions."""

    _TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def __init__(self, text):
        self.text = text
        self.strings = []  # (line, offset of the opening quote, value)
        self.code = self._TOKEN.sub(self._blank, text)

    def _blank(self, match):
        token = match.group()
        if token[0] == '"':
            self.strings.append((self.line_of(match.start()), match.start(), token[1:-1]))
            return '"' + re.sub(r"[^\n]", " ", token[1:-1]) + '"'
        if token[0] == "'":
            return "'" + " " * (len(token) - 2) + "'"
        return re.sub(r"[^\n]", " ", token)

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def includes(self):
        """(line, name, is_quoted)"""
        pattern = r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]'
        for match in re.finditer(pattern, self.text, re.M):
            if self.code[match.start():match.start(1)].strip():  # not inside a comment
                yield self.line_of(match.start()), match.group(2), match.group(1) == '"'

    @functools.cached_property
    def functions(self):
        """(name, parameters, first line, last line); bodies stand between braces in column 0."""
        found = []
        for match in re.finditer(r"^\{[ \t]*\n(.*?)^\}", self.code, re.M | re.S):
            head = self.code[:match.start()].rstrip()
            if not head.endswith(")"):
                continue
            depth, at = 0, len(head)
            while at > 0:
                at -= 1
                depth += {")": 1, "(": -1}.get(head[at], 0)
                if depth == 0:
                    break
            before = head[:at].rstrip()
            inside = head[at + 1:-1]
            found.append((before[len(before.rstrip(WORD)):] or "?", count_arguments(inside),
                          self.line_of(match.start()), self.line_of(match.end())))
        return found

    def calls(self, name_pattern):
        """(line, name, [argument texts]) of calls; arguments are taken from the whole text."""
        for match in re.finditer(r"(?<![\w.>])(" + name_pattern + r")\s*\(", self.code):
            end = closing(self.code, match.end() - 1)
            yield (self.line_of(match.start()), match.group(1),
                   split_arguments(self.code, self.text, match.end(), end))

    def string_values(self, text):
        return re.findall(r'"((?:\\.|[^"\\\n])*)"', text)


def closing(code, at):
    """Offset of the parenthesis that closes the one at `at`."""
    depth = 0
    for i in range(at, len(code)):
        depth += {"(": 1, ")": -1}.get(code[i], 0)
        if depth == 0:
            return i
    return len(code)


def split_arguments(code, text, start, end):
    depth, begin, found = 0, start, []
    for i in range(start, end):
        depth += {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}.get(code[i], 0)
        if code[i] == "," and depth == 0:
            found.append(text[begin:i].strip())
            begin = i + 1
    found.append(text[begin:end].strip())
    return found


def count_arguments(inside):
    if inside.strip() in ("", "void"):
        return 0
    return len(split_arguments(inside, inside, 0, len(inside)))


def rule(name, how, bad, good=()):
    """Registers a check. `bad`: samples (Tree or dict of files) in each of which it has to find
    something; `good`: samples in which it may not. `how` tells the reader what to do."""

    def register(function):
        RULES.append({"name": name, "how": how, "bad": list(bad), "good": list(good),
                      "find": function})
        return function

    return register


def as_tree(sample):
    return sample if isinstance(sample, Tree) else Tree(sample)


def _git(root, *words):
    done = subprocess.run(["git", "-c", "safe.directory=*", "-C", root, *words], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.decode(errors="replace") if done.returncode == 0 else None


def _names(root):
    listing = _git(root, "ls-files", "-z", "-co", "--exclude-standard")
    if listing is not None:
        return [name for name in listing.split("\0") if name]
    names = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith("_") and name != ".git"]
        names += [os.path.relpath(os.path.join(folder, name), root) for name in files]
    return names


def _run(root, *command):
    """Exit status and words of a program of ours."""
    if os.getuid() == 0:
        command = [os.path.join(root, "tools/as-user"), *command]
    try:
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, timeout=30,
                              stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, f"could not be run: {error}"
    return done.returncode, done.stdout.decode(errors="replace")


def _samples(root, programs):
    """What the programs say against the samples of their settings: payment-x.conf is of
    sugu-payment where there is no sugu-payment-x."""
    folder = os.path.join(root, "packaging/settings")
    said = {}
    for file in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        name = file.removesuffix(".conf")
        owners = [program for program in programs
                  if f"sugu-{name}-".startswith(program + "-")]
        if not owners:
            said[name] = "is of no program"
            continue
        status, text = _run(root, programs[max(owners, key=len)], "--settings",
                            os.path.join(folder, file), "--print-settings")
        said[name] = text.strip() if status else ""
    return said


def load(root, build):
    """The clone at `root`, with what meson knows in the build folder."""
    files = {}
    for name in _names(root):
        try:
            with open(os.path.join(root, name), encoding="utf-8") as file:
                files[name] = file.read()
        except (OSError, UnicodeDecodeError):
            continue  # deleted, or not text
    tree = Tree(files, root=root)
    log = _git(root, "log", "--no-merges", "--format=%h%x09%s")
    if log:
        tree.subjects = [tuple(line.split("\t", 1)) for line in log.splitlines()]
    if build:
        known = os.path.join(build, "meson-info", "intro-targets.json")
        with open(known, encoding="utf-8") as file:
            targets = json.load(file)
        tree.listed = {os.path.relpath(source, root) for target in targets
                       for part in target["target_sources"] for source in part.get("sources", [])}
        tree.made = {os.path.basename(name) for target in targets for name in target["filename"]}
        # A program for people is an executable sugu-… that no test folder defines.
        programs = {
            target["name"]: target["filename"][0] for target in targets
            if target["type"] == "executable" and target["name"].startswith("sugu-")
            and not os.path.relpath(target["defined_in"], root).startswith("tests/")
        }
        tree.helps = {name: _run(root, path, "--help")[1] for name, path in programs.items()}
        tree.samples = _samples(root, programs)
    return tree
