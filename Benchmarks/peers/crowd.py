"""Many clients that do not wait for each other: runs the program of crowd.c."""

import subprocess
import tempfile
import typing

from processes import CLIENT_CORE

# In the place of a status; 1 and 2 stand for connections that failed before and after the request.
GAVE_UP = 0


class Request(typing.NamedTuple):
    """What became of one request; times are seconds of CLOCK_MONOTONIC."""

    identifier: str
    started: float
    ended: float
    status: int
    has_retry_after: bool
    is_wrong: bool
    late: float

    @property
    def seconds(self):
        return self.ended - self.started


class Crowd:
    """Clients at work.

    Each gives up after a time between the two of `patience`. Requests with a `name` carry an identifier
    behind their path. An urgent crowd does not wait for the other processes on its core.
    """

    def __init__(self, tools, port, path, mode, count, *, seconds=0, patience=(60, 60), name="-", is_urgent=False):
        self._name = name
        self._output = tempfile.TemporaryFile("w+")
        command = [tools.crowd, port, path, name, mode, count, seconds, *patience]
        # What is not allowed to be urgent runs as it is, after a word about it.
        urgency = ["nice", "-n", "-10"] if is_urgent else []
        self._popen = subprocess.Popen(
            [*urgency, "taskset", "-c", CLIENT_CORE, *map(str, command)],
            stdout=self._output,
            stderr=subprocess.DEVNULL if is_urgent else None,
        )

    def requests(self):
        """All of them, when they have ended."""
        if self._popen.wait() != 0:
            raise OSError(f"the crowd ended with {self._popen.returncode}")
        self._output.seek(0)
        found = [self._request(*map(int, line.split())) for line in self._output]
        self._output.close()
        return found

    def _request(self, index, started, ended, status, has_retry_after, is_wrong, late):
        name = f"{self._name}-{index}"
        times = started / 1e9, ended / 1e9
        return Request(name, *times, status, bool(has_retry_after), bool(is_wrong), late / 1e9)
