#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""update - makes anew what stands in the tree and follows from tables; the target `update` of ninja

Usage: update.py ROOT PRINT_MACHINES TEST_WIRE. Golden bytes and the released schema change with it:
read the difference before you commit it.
"""

import os
import subprocess
import sys


def main():
    root, print_machines, test_wire = sys.argv[1:4]
    here = os.path.dirname(os.path.abspath(__file__))
    commands = [
        [print_machines, os.path.join(root, "docs/machines")],
        [sys.executable, os.path.join(here, "proto_page.py"), root],
        [test_wire, "--write"],
    ]
    environment = dict(os.environ, SUGU_SOURCE=root, CK_FORK="no")
    return max(subprocess.run(command, env=environment, check=False).returncode
               for command in commands)


if __name__ == "__main__":
    sys.exit(main())
