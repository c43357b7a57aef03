"""What `staticd.json` in the collected root says of each file."""

from __future__ import annotations

import json
import os
import threading
from typing import NamedTuple

NAME = "staticd.json"


class _Reading(NamedTuple):
    """What was read of a manifest, and which file that was."""

    path: str
    state: tuple[int, ...]
    newest: dict[str, str]
    first: dict[str, str]


class Integrities:
    """The `integrity` of collected files, by name; read again when the manifest has changed.

    What was first known of a hashed name stays known: a process that has loaded Django's manifest goes on
    to name the files of its release, while the next ones are published.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # One value: a thread without the lock never sees a new state with an old table.
        self._reading = _Reading("", (), {}, {})

    def of(self, name: str, root: str) -> str | None:
        """The integrity of the file `name` below `root`; None if it is not known."""
        path = os.path.join(root, NAME)
        try:
            status = os.stat(path)
        except OSError:
            return None
        state = (status.st_mtime_ns, status.st_ino, status.st_size)
        reading = self._reading
        if (path, state) != (reading.path, reading.state):
            reading = self._read(path, state)
        return reading.newest.get(name) or reading.first.get(name)

    def _read(self, path: str, state: tuple[int, ...]) -> _Reading:
        with self._lock:
            last = self._reading
            if (path, state) == (last.path, last.state):
                return last
            newest, first = (last.newest, last.first) if path == last.path else ({}, {})
            try:
                with open(path, encoding="utf-8") as file:
                    files = json.load(file)["files"]
                newest = {n: f["integrity"] for n, f in files.items() if _is_hashed(n, f)}
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                # A file that is no manifest of ours; `staticd check` tells of it.
                pass
            self._reading = _Reading(path, state, newest, first or newest)
            return self._reading


def _is_hashed(name: str, file: dict[str, object]) -> bool:
    """Whether a name changes with the content: only then the integrity holds as long as the name."""
    return bool(file.get("integrity")) and file.get("name") != name


integrities = Integrities()
