#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tidy - the rules of the house as a test

Usage: tidy.py [--root DIR] [--build DIR] [--tap] [RULE…]
       tidy.py --self-test [--tap]
       tidy.py --list

Without --build the rules that need meson's targets or the built programs are skipped. With
--self-test each rule is held against its own samples: it has to find something in every bad one and
nothing in a good one, so that a rule that cannot fail is noticed. Python's standard library only.
"""

import argparse
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import tree as tree_module  # noqa: E402
import rules_c  # noqa: E402,F401
import rules_project  # noqa: E402,F401
import rules_text  # noqa: E402,F401

SHOWN_MAX = 40


def self_test(row):
    """What is wrong with a rule."""
    complaints = []
    if not row["bad"]:
        complaints.append("has no bad sample")
    for number, sample in enumerate(row["bad"], 1):
        if not list(row["find"](tree_module.as_tree(sample))):
            complaints.append(f"finds nothing in its bad sample {number}")
    for number, sample in enumerate(row["good"], 1):
        for path, line, text in row["find"](tree_module.as_tree(sample)):
            complaints.append(f"complains about its good sample {number}: {path}:{line}: {text}")
    return complaints


def findings(row, tree):
    found = [f"{path}:{line}: {text}" for path, line, text in row["find"](tree)]
    more = len(found) - SHOWN_MAX
    if more > 0:
        found = found[:SHOWN_MAX] + [f"… and {more} more"]
    return found + [f"→ {row['how']}"] if found else []


def report(number, name, complaints, is_tap):
    if is_tap:
        print(f"{'not ok' if complaints else 'ok'} {number} - {name}")
        for text in complaints:  # meson shows the standard error of a failed TAP test only
            print(f"[{name}] {text}", file=sys.stderr)
    elif complaints:
        print(f"[{name}]")
        for text in complaints:
            print("  " + text)
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description="the rules of the house as a test")
    parser.add_argument("--root", default=os.path.join(os.path.dirname(__file__), "..", ".."))
    parser.add_argument("--build", help="build folder of meson")
    parser.add_argument("--tap", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("rules", nargs="*")
    options = parser.parse_args()
    rules = [row for row in tree_module.RULES if not options.rules or row["name"] in options.rules]
    if options.list:
        for row in rules:
            print(f"{row['name']}: {row['how']}")
        return 0
    if not rules:
        parser.error("no such rule; --list names them")
    loaded = None
    if not options.self_test:
        loaded = tree_module.load(os.path.realpath(options.root), options.build)
    failed = 0
    if options.tap:
        print(f"1..{len(rules)}")
    for number, row in enumerate(rules, 1):
        complaints = self_test(row) if options.self_test else findings(row, loaded)
        failed += bool(complaints)
        report(number, row["name"], complaints, options.tap)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
