#!/usr/bin/env python3
"""Sends SIGTERM to the server of a file with its number, and waits for its end.

Its stand-in is its parent and writes its status to the file's neighbour `.status`.
"""

import os
import signal
import sys
import time
from pathlib import Path

file = Path(sys.argv[1])
status = file.with_suffix(".status")
try:
    os.kill(int(file.read_text()), signal.SIGTERM)
except ProcessLookupError:
    pass
until = time.monotonic() + 30
while not status.exists():
    if time.monotonic() > until:
        sys.exit(f"{file.stem} did not end after SIGTERM")
    time.sleep(0.01)
ended = int(status.read_text())
log = file.with_suffix(".log").read_text()
file.unlink()
status.unlink()
# An app that has no handler for SIGTERM ends by it, and `staticd run` with 128 and its number.
if ended not in (0, -signal.SIGTERM, 128 + signal.SIGTERM):
    sys.exit(f"{file.stem} ended with {ended}:\n{log}")
