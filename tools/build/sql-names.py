#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sql-names PREFIX FILE.sql OUT.h OUT.c: named SQL statements as C constants.

No SQL text stands in a .c file. A block begins with a line `-- :name attempt_insert` and goes on to
the next one; other comments are left out. The header gets an enum (PREFIX_ATTEMPT_INSERT …) and the
array of texts and names that the .c file fills. A name that is used twice, an empty block or text
before the first name ends the build.
"""
import re
import sys


def blocks(path):
    """Name and text of each block of the file."""
    found, name, lines = [], None, []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            mark = re.fullmatch(r"-- :name ([a-z][a-z0-9_]*)\s*", line)
            if mark:
                if name:
                    found.append((name, lines))
                name, lines = mark.group(1), []
                continue
            text = line.split("--")[0].rstrip()
            if not text:
                continue
            if not name:
                sys.exit(f"{path}:{number}: a statement before the first '-- :name'")
            lines.append(text.strip())
    if name:
        found.append((name, lines))
    names = [name for name, _ in found]
    for name, lines in found:
        if not lines:
            sys.exit(f"{path}: {name} is empty")
        if names.count(name) > 1:
            sys.exit(f"{path}: {name} stands twice")
    return found


def c_text(line):
    """The line inside a C string."""
    return line.replace("\\", "\\\\").replace('"', '\\"')


def main():
    prefix, source, header, code = sys.argv[1:]
    found = blocks(source)
    lower = prefix.lower()
    with open(header, "w", encoding="utf-8") as file:
        file.write(f"/* made by sql-names.py */\n#pragma once\n\nenum {lower} {{\n")
        for name, _ in found:
            file.write(f"    {prefix}_{name.upper()},\n")
        file.write(f"    {prefix}_COUNT,\n}};\n\n")
        file.write(f"extern const char *const {lower}_texts[{prefix}_COUNT];\n")
        file.write(f"extern const char *const {lower}_names[{prefix}_COUNT];\n")
    with open(code, "w", encoding="utf-8") as file:
        file.write(f'/* made by sql-names.py */\n#include "{header.rsplit("/", 1)[-1]}"\n\n')
        file.write(f"const char *const {lower}_texts[{prefix}_COUNT] = {{\n")
        for name, lines in found:
            text = "\n".join(f'        "{c_text(line)}\\n"' for line in lines)
            file.write(f"    [{prefix}_{name.upper()}] =\n{text},\n")
        file.write(f"}};\n\nconst char *const {lower}_names[{prefix}_COUNT] = {{\n")
        for name, _ in found:
            file.write(f'    [{prefix}_{name.upper()}] = "{name}",\n')
        file.write("};\n")


if __name__ == "__main__":
    main()
