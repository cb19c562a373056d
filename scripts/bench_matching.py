# SPDX-License-Identifier: Apache-2.0
"""How long one payment takes to find its registration among 100,000 open ones.

Run by `bench MUTABIK matching`. Beside MUTABIK stands `matching-bench`, built with it
(`swift build -c release --product matching-bench`). The ledger is on the disk; the plain scan has every
registration in memory and compares the payment with each of them.
"""

import json
import subprocess
import sys


def matching(mutabik, folder, options, say):
    program = mutabik.parent / "matching-bench"
    if not program.exists():
        sys.exit(f"bench: build {program} first: swift build -c release --product matching-bench")
    done = subprocess.run(
        [program, folder / "matching.sqlite"], stdout=subprocess.PIPE, text=True, check=True
    )
    found = {}
    for line in done.stdout.splitlines():
        say(line)
        row = json.loads(line)
        found[row["name"]] = row
    ours, scan, load = found["all"], found["plain_scan"], found["import"]
    return [
        (
            "one payment, 100,000 open registrations, p99",
            f"{ours['p99_ms']} ms",
            f"plain scan {scan['p99_ms']} ms",
            f"{scan['p99_ms'] / max(ours['p99_ms'], 0.001):.0f}",
        ),
        ("import of 100,000 registrations", f"{load['seconds']} s", "–", "–"),
        ("resident memory after it", f"{found['memory']['resident_mib']} MiB", "–", "–"),
    ]
