"""What `staticd.json` in the collected root says of each file."""

from __future__ import annotations

import json
import os
import threading

NAME = "staticd.json"


class Integrities:
    """The `integrity` of collected files, by name; read again when the manifest has changed.

    What was known of a hashed name stays known: a process that has loaded Django's manifest goes on to
    name the files of its release, while the next one is published.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._path = ""
        self._state: tuple[int, ...] = ()
        self._known: dict[str, str] = {}

    def of(self, name: str, root: str) -> str | None:
        """The integrity of the file `name` below `root`; None if it is not known."""
        path = os.path.join(root, NAME)
        try:
            status = os.stat(path)
        except OSError:
            return None
        state = (status.st_mtime_ns, status.st_ino, status.st_size)
        if (path, state) != (self._path, self._state):
            self._read(path, state)
        return self._known.get(name)

    def _read(self, path: str, state: tuple[int, ...]) -> None:
        with self._lock:
            if (path, state) == (self._path, self._state):
                return
            known = self._known if path == self._path else {}
            try:
                with open(path, encoding="utf-8") as file:
                    files = json.load(file)["files"]
                known = {**known, **{n: f["integrity"] for n, f in files.items() if _is_hashed(n, f)}}
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                # A file that is no manifest of ours; `staticd check` tells of it.
                pass
            self._path, self._state, self._known = path, state, known


def _is_hashed(name: str, file: dict[str, object]) -> bool:
    """Whether a name changes with the content: only then the integrity holds as long as the name."""
    return bool(file.get("integrity")) and file.get("name") != name


integrities = Integrities()
