#!/usr/bin/env python3
"""`vostro audit`, for pipelines that call this name: writes SECURITY-AUDIT-REPORT.md, and takes the same flags.

The program is the one that VOSTRO_BIN names, or else `vostro` on the path. Nothing is checked here.
"""

import os
import sys

PROGRAM = os.environ.get("VOSTRO_BIN", "vostro")

try:
    os.execvp(PROGRAM, [PROGRAM, "audit", "--report", *sys.argv[1:]])
except FileNotFoundError:
    sys.exit(f"there is no {PROGRAM}: build it with `cargo build -p vostro`, or name it in VOSTRO_BIN")
