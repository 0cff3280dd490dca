#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""proto_page - docs/protocol.md out of core/protocol/*.proto and bounds.def

Usage: proto_page.py ROOT [--check]

With --check it only compares. The schema's own comments are the text; a field's bound stands beside
it, so that whoever speaks the protocol from another language needs no other page.
"""

import os
import re
import sys

PROTO = "core/protocol/sugu.proto"
PARTS = ["visit", "house", "money", "kiosk"]  # which it imports
BOUNDS = "core/protocol/bounds.def"
PAGE = "docs/protocol.md"

HEAD = """<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Made of core/protocol/*.proto and bounds.def by `ninja -C _build update`; not edited. -->
# The protocol

{preamble}

The schema is [sugu.proto](../core/protocol/sugu.proto) with what it imports; this page is made of
it. "Bound" is what a receiver holds a field to before any handler sees it: bytes of a text or a
byte string, the range of a number, elements of a list. A message out of bounds is refused with
`message.out-of-bounds`; no frame is larger than 65536 bytes. What a status asks of the sender, and
every code, stand in [error-codes.def](../core/base/error-codes.def).
"""


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def bounds_of(text):
    """{(message, field): words}"""
    found = {}
    pattern = r'^(BYTES|TEXT|NUMBER|LIST)\("(\w+)", "(\w+)", ([^)]+)\)'
    for kind, message, field, numbers in re.findall(pattern, text, re.M):
        low, _, high = ([""] + numbers.split(", "))[-2:][0], "", numbers.split(", ")[-1]
        high = high.replace("INT64_MAX", "2^63 - 1")
        if kind == "BYTES":
            words = f"{high} bytes" if low == high else f"none or {high} bytes" \
                if low == "0" and high == "16" else f"{low} to {high} bytes"
        elif kind == "TEXT":
            words = f"up to {high} bytes"
        elif kind == "NUMBER":
            words = f"{low} to {high}"
        else:
            words = f"up to {high} elements"
        found[message, field] = words
    return found


def comment_text(lines):
    return " ".join(line.strip().lstrip("/").strip() for line in lines).strip()


def link(kind, known):
    name = kind.rpartition(" ")[2]
    return f"[{kind}](#{name.lower()})" if name in known else kind


def cell(text):
    return text.replace("|", "\\|")


class Page:
    """Goes through the schema line by line, and writes."""

    def __init__(self, bounds, known):
        self.out, self.bounds, self.known = [], bounds, known
        self.comment = []  # lines of the comment before what comes
        self.block = None  # (kind, name) of the message or enum we are in
        self.oneof = None
        self.rows = []

    def begin(self, kind, name):
        self.block, self.oneof, self.rows = (kind, name), None, []
        self.out += ["", f"### {name}", ""]
        if self.comment:
            self.out += [comment_text(self.comment), ""]
        self.comment = []

    def end(self):
        kind, _ = self.block
        if self.rows and kind == "message":
            self.out += ["| no. | field | type | bound | |", "|---|---|---|---|---|"] + self.rows
        elif self.rows:
            self.out += ["| value | name | |", "|---|---|---|"] + self.rows
        else:
            self.out += ["Has no fields."]
        self.block = None

    def field(self, match, note):
        kind, name, number = match.group(1), match.group(2), match.group(3)
        bound = self.bounds.get((self.block[1], name), "")
        words = [comment_text(self.comment), note]
        if self.oneof:
            words.insert(0, f"*one of `{self.oneof}`*")
        text = "; ".join(word for word in words if word)
        self.rows.append(f"| {number} | `{name}` | {link(kind, self.known)} | {bound} "
                         f"| {cell(text)} |")
        self.comment = []

    def line(self, line):
        code, _, note = line.partition("//")
        code, note = code.strip(), note.strip()
        section = re.match(r"// -{10,} (.*)", line)
        start = re.match(r"(message|enum) (\w+) \{(\})?", code)
        field = re.match(r"((?:repeated )?\w+) (\w+) = (\d+);", code)
        value = re.match(r"(\w+) = (\d+);", code)
        if section:
            self.out += ["", f"## {section.group(1)[0].upper()}{section.group(1)[1:]}"]
            self.comment = []
        elif start:
            self.begin(start.group(1), start.group(2))
            if start.group(3):
                self.end()
        elif code.startswith("oneof"):
            self.oneof, self.comment = code.split()[1], []
        elif code == "}":
            if self.oneof:
                self.oneof = None
            elif self.block:
                self.end()
            self.comment = []
        elif field and self.block:
            self.field(field, note)
        elif value and self.block:
            self.rows.append(f"| {value.group(2)} | `{value.group(1)}` | {cell(note)} |")
        elif not code and line.strip().startswith("//"):
            self.comment.append(line)
        elif not code:
            self.comment = []


def preamble_of(text):
    """The paragraphs of the schema's first comment, after its SPDX line and its purpose."""
    head = text.split('syntax = "proto3";')[0]
    lines = [line.lstrip("/").strip() for line in head.splitlines()]
    paragraphs = "\n".join(lines).strip().split("\n\n")
    return "\n\n".join(part for part in paragraphs if not part.startswith("SPDX"))


def make(root):
    proto = read(root, PROTO)
    texts = [proto] + [read(root, f"core/protocol/{part}.proto") for part in PARTS]
    known = set(re.findall(r"^(?:message|enum) (\w+)", "\n".join(texts), re.M))
    page = Page(bounds_of(read(root, BOUNDS)), known)
    for text in texts:
        for line in text.split('package sugu;', 1)[1].splitlines():
            page.line(line)
    return HEAD.format(preamble=preamble_of(proto)) + "\n".join(page.out) + "\n"


def main():
    root, is_check = sys.argv[1], "--check" in sys.argv[2:]
    now = make(root)
    path = os.path.join(root, PAGE)
    before = read(root, PAGE) if os.path.exists(path) else ""
    if now == before:
        return 0
    if is_check:
        print(f"{PAGE} is not that of the schema; run: ninja -C _build update", file=sys.stderr)
        return 1
    with open(path, "w", encoding="utf-8") as file:
        file.write(now)
    return 0


if __name__ == "__main__":
    sys.exit(main())
