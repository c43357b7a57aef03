"""Many independent clients: runs the program of crowd.c."""

import subprocess
import tempfile
import typing

from processes import CLIENT_CORE

# Used instead of a status; 1 and 2 are connections that failed before and after the request.
GAVE_UP = 0


class Request(typing.NamedTuple):
    """The result of one request; times are seconds of CLOCK_MONOTONIC."""

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
    """Running clients.

    Each gives up after a time between the two values of `patience`. Requests with a `name` carry an identifier
    after their path. An urgent crowd gets a higher priority than the other processes on its core.
    """

    def __init__(self, tools, port, path, mode, count, *, seconds=0, patience=(60, 60), name="-", is_urgent=False):
        self._name = name
        self._output = tempfile.TemporaryFile("w+")
        command = [tools.crowd, port, path, name, mode, count, seconds, *patience]
        # Without permission to raise the priority, nice prints a message and runs the program anyway.
        urgency = ["nice", "-n", "-10"] if is_urgent else []
        self._popen = subprocess.Popen(
            [*urgency, "taskset", "-c", CLIENT_CORE, *map(str, command)],
            stdout=self._output,
            stderr=subprocess.DEVNULL if is_urgent else None,
        )

    def requests(self):
        """Waits for the end; returns all requests."""
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
