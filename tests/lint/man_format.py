#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""man_format - every man page formats without a warning and has the sections a reader looks for

Usage: man_format.py PAGE…. Prints TAP, one line per page. groff says nothing about a page that is
right; whatever it says is a failure.
"""

import re
import subprocess
import sys

SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS"]


def complaints(path):
    done = subprocess.run(["groff", "-t", "-K", "utf8", "-man", "-Tutf8", "-ww", "-z", path],
                          check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace")
    found = done.stdout.splitlines()
    if done.returncode != 0:
        found.append(f"groff ended with {done.returncode}")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    there = re.findall(r'^\.SH "?([^"\n]+)"?$', text, re.M)
    found += [f"has no section {name}" for name in SECTIONS if name not in there]
    if not re.search(r"^\.SH NAME\n\S+ \\- \S", text, re.M):
        found.append(r"NAME is not of the form 'program \- what it does'")
    return found


def main():
    failed = 0
    print(f"1..{len(sys.argv) - 1}")
    for number, path in enumerate(sys.argv[1:], 1):
        found = complaints(path)
        failed += bool(found)
        print(f"{'not ok' if found else 'ok'} {number} - {path.rpartition('/')[2]}")
        for text in found:
            print(f"{path}: {text}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
