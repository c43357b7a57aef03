"""How the program asks the Django process that has started it, so that Django is loaded once.

Both are at the ends of a stream socket. A question is a line of JSON with functions in Python, which
come from the program, and what they are to tell; the answer is a line of JSON. The functions are those
that the program runs in the project's Python where no Django process has started it, so both ways give
the same answer.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import IO, Any

VARIABLE = "STATICD_DJANGO_DESCRIPTOR"


class Handover:
    """The sockets of one program, and the answers to its questions."""

    def __init__(self) -> None:
        self._socket, self._other = socket.socketpair()
        # The whole of what the program inherits of this object.
        self.descriptor = self._other.fileno()
        self._lines: IO[str] = self._socket.makefile("r", encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """The environment for the program: that of the start of this process.

        `manage.py` sets variables, and the program compares those that it was started with.
        """
        return {**initial_environment(), VARIABLE: str(self.descriptor)}

    def started(self) -> None:
        """To be called when the program has inherited the descriptor."""
        self._other.close()

    def answer(self) -> bool:
        """Waits for a question and answers it; false if the program has ended instead."""
        try:
            line = self._lines.readline()
            if not line:
                return False
            self._socket.sendall(_answer(line).encode() + b"\n")
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def close(self) -> None:
        """Closes what is open."""
        self._lines.close()
        self._socket.close()
        self._other.close()


def _answer(question: str) -> str:
    asked = json.loads(question)
    directory = project_directory()
    namespace: dict[str, Any] = {
        "__name__": "staticd_question",
        "wanted": asked["wanted"],
        "started_as": {
            "environment": initial_environment(),
            "directory": None if directory is None else str(directory),
        },
    }
    exec(compile(asked["script"], "<staticd>", "exec"), namespace)
    return json.dumps(namespace["hand_over"]())


def initial_environment() -> dict[str, str]:
    """The environment that this process was started with."""
    try:
        entries = Path("/proc/self/environ").read_bytes().split(b"\0")
    except OSError:
        return dict(os.environ)
    initial = dict(os.fsdecode(e).split("=", 1) for e in entries if b"=" in e)
    # Programs that change their own title write over what the kernel shows.
    is_whole = all(initial.get(name) for name in ("PATH", "HOME") if name in os.environ)
    return initial if is_whole else dict(os.environ)


def project_directory() -> Path | None:
    """The directory of the `manage.py` that was run, or of one in the working directory."""
    script = Path(sys.argv[0] if sys.argv else "")
    if script.name == "manage.py" and script.is_file():
        return script.resolve().parent
    return Path.cwd() if Path("manage.py").is_file() else None
