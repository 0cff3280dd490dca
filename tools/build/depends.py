#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""depends - what built Debian packages need, held against the list of packages

Usage: depends.py PACKAGES.LIST FILE.deb…. The linker and dpkg-shlibdeps say what the programs need;
packages.list says what its group `run` installs. Each has to name what the other names, and the
exit status is 1 where one does not. libc6 and systemd are on every Debian.
"""

import re
import subprocess
import sys

EVERYWHERE = {"libc6", "systemd"}


def listed(path):
    with open(path, encoding="utf-8") as file:
        rows = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return {name for group, name in rows if group == "run"}


def needed(deb):
    """Names in Depends and Recommends; of alternatives the first, of our own packages none."""
    text = subprocess.run(["dpkg-deb", "-f", deb, "Depends", "Recommends"], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    text = re.sub(r"^\w+: ", ",", text, flags=re.M)
    names = {part.split("|")[0].split()[0] for part in text.split(",") if part.strip()}
    return {name for name in names if not name.startswith("sugu-")}


def complaints(wanted, debs):
    found = {}
    for deb in debs:
        for name in needed(deb) - EVERYWHERE:
            found.setdefault(name, deb.rpartition("/")[2])
    for name in sorted(set(found) - wanted):
        yield f"{found[name]} needs {name}, which the group run of packages.list does not have"
    for name in sorted(wanted - set(found)):
        yield f"the group run of packages.list has {name}, which no package needs"


def main():
    if len(sys.argv) < 3:
        print(__doc__.splitlines()[2], file=sys.stderr)
        return 64
    said = list(complaints(listed(sys.argv[1]), sys.argv[2:]))
    for text in said:
        print(f"depends: {text}", file=sys.stderr)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
