#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench_json - lines of `what name=value …` as a JSON list"""
import json
import sys


def value(text):
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def main():
    rows = []
    for line in open(sys.argv[1], encoding="utf-8"):
        what, *pairs = line.split()
        rows.append({"what": what, **{k: value(v) for k, v in (p.split("=", 1) for p in pairs)}})
    json.dump(rows, sys.stdout, indent=1)
    print()


main()
