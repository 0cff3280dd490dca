#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang_tidy - .clang-tidy over every C file of the tree that the build folder compiles

Usage: clang_tidy.py ROOT BUILD [FILE…]

Prints TAP, one line per file. The analyzer, which takes most of the time, leaves the tests out:
they run under the sanitizers. In each function it looks at NODES places of its graph, a ninth of
its usual bound, which a few functions use up whole and most never reach; SUGU_TIDY_NODES=225000 is
the usual bound again (and four to ten times the time). A file that was clean is not looked at
again until it, a header, the checks or its flags change (what was clean stands in
BUILD/clang-tidy.clean).
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

# Flags of gcc that clang 14 does not know or refuses.
GCC_ONLY = re.compile(r"-f(trivial-auto-var-init|zero-call-used-regs|sanitize|no-omit)\S*|-pipe")
# GLib's headers as their introspection sees them: without some thousand inline functions for
# g_autoptr, which Sugu does not use and which the checks go through for each file.
LIGHT = ["--extra-arg=-D__GI_SCANNER__",
         "--extra-arg=-DG_STATIC_ASSERT(is)=_Static_assert(is,\"\")",
         "--extra-arg=-DG_STATIC_ASSERT_EXPR(is)=((void)0)"]
NODES = os.environ.get("SUGU_TIDY_NODES", "25000")
BOUND = ["--extra-arg=-Xclang", "--extra-arg=-analyzer-config", "--extra-arg=-Xclang",
         f"--extra-arg=max-nodes={NODES}"]


def digest(*texts):
    value = hashlib.sha256()
    for text in texts:
        value.update(text if isinstance(text, bytes) else text.encode())
        value.update(b"\0")
    return value.hexdigest()


def read(path):
    with open(path, "rb") as file:
        return file.read()


def headers_digest(root):
    """Of all that a C file may include, and of the checks."""
    texts = [read(os.path.join(root, ".clang-tidy"))]
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name[0] not in "_.")
        for name in sorted(names):
            if name.endswith((".h", ".def", ".proto", ".sql")):
                texts.append(read(os.path.join(folder, name)))
    return digest(*texts)


def compilations(root, build):
    """{path: entry} of our own files; generated ones lie in the build folder."""
    found = {}
    for entry in json.loads(read(os.path.join(build, "compile_commands.json"))):
        path = os.path.realpath(os.path.join(entry["directory"], entry["file"]))
        if path.startswith(root + "/") and not path.startswith(build + "/"):
            # What stands below /usr is not ours to warn about.
            entry["command"] = GCC_ONLY.sub("", entry["command"]).replace(" -I/usr/",
                                                                          " -isystem/usr/")
            found.setdefault(os.path.relpath(path, root), entry)
    return found


def check(root, database, path):
    """Empty where the file is clean, else what clang-tidy says."""
    done = subprocess.run(
        ["clang-tidy", "-p", database, "--quiet", "--extra-arg=-Wno-unknown-warning-option"] + LIGHT
        + (["--checks=-clang-analyzer-*"] if path.startswith("tests/") else BOUND)
        + [os.path.join(root, path)],
        check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    if done.returncode == 0 and "warning:" not in done.stdout:
        return ""
    return done.stdout or done.stderr or "failed"


def main():
    os.nice(15)  # beside it run tests that hold deadlines
    root, build = (os.path.realpath(path) for path in sys.argv[1:3])
    entries = compilations(root, build)
    paths = [path for path in sorted(entries) if not sys.argv[3:] or path in sys.argv[3:]]
    base = headers_digest(root) + NODES + "".join(LIGHT)
    memory = os.path.join(build, "clang-tidy.clean")
    clean = set(read(memory).decode().split()) if os.path.exists(memory) else set()
    keys = {path: digest(base, entries[path]["command"], read(os.path.join(root, path)))
            for path in paths}
    failed = 0
    print(f"1..{len(paths)}", flush=True)
    with tempfile.TemporaryDirectory() as database:
        with open(os.path.join(database, "compile_commands.json"), "w", encoding="utf-8") as file:
            json.dump(list(entries.values()), file)
        with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            said = pool.map(lambda path: "" if keys[path] in clean
                            else check(root, database, path), paths)
            for number, (path, text) in enumerate(zip(paths, said), 1):
                print(f"{'not ok' if text else 'ok'} {number} - {path}")
                sys.stdout.flush()
                if text:  # meson shows the standard error of a failed TAP test only
                    print(text, file=sys.stderr)
                failed += bool(text)
                if text:
                    keys.pop(path)
    with open(memory, "w", encoding="utf-8") as file:
        file.write("\n".join(sorted(keys.values())))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
