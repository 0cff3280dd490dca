#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""units - every systemd unit verifies, and every service exposes little

Usage: units.py UNIT…. Prints TAP. Copies of the units, with programs and users that are there, go
through `systemd-analyze verify` (which has to say nothing) and, services, through
`systemd-analyze security`, whose exposure level has to be 2.0 at most. Neither needs a running
systemd.
"""

import os
import re
import subprocess
import sys
import tempfile

EXPOSURE_MAX = 20  # in tenths


def run(*command):
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace")
    return done.returncode, done.stdout.strip()


def stand_in(path, folder):
    """Makes a copy whose program and user are on this machine."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.M)
    text = re.sub(r"^(User|Group|SocketUser|SocketGroup)=.*", r"\1=daemon", text, flags=re.M)
    copy = os.path.join(folder, os.path.basename(path))
    with open(copy, "w", encoding="utf-8") as file:
        file.write(text)


def complaints(path, folder):
    copy = os.path.join(folder, os.path.basename(path))
    status, text = run("systemd-analyze", "verify", "--man=no", copy)
    found = [line for line in text.splitlines() if line.strip()]
    if status != 0 and not found:
        found.append(f"systemd-analyze verify ended with {status}")
    if not path.endswith(".service"):
        return found
    status, text = run("systemd-analyze", "security", "--offline=true",
                       f"--threshold={EXPOSURE_MAX}", copy)
    if status != 0:
        found.append(text.splitlines()[-1] if text else f"security ended with {status}")
    return found


def main():
    failed = 0
    print(f"1..{len(sys.argv) - 1}")
    with tempfile.TemporaryDirectory() as folder:
        for path in sys.argv[1:]:  # all of them first: they name each other
            stand_in(path, folder)
        for number, path in enumerate(sys.argv[1:], 1):
            found = complaints(path, folder)
            failed += bool(found)
            print(f"{'not ok' if found else 'ok'} {number} - {os.path.basename(path)}")
            for text in found:
                print(f"{path}: {text}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
