"""Processes that are measured: started on one core, counted with all their children."""

import os
import pathlib
import signal
import socket
import subprocess
import time

SERVER_CORE, CLIENT_CORE, ALL_CORES = "0", "1", "0,1"


class DidNotStart(Exception):
    """A peer that cannot run here; the text says why."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A server on its own cores, with everything it forks.

    `port` is where it listens at 127.0.0.1, or the path of its Unix socket.
    """

    def __init__(self, command, port, log, environment=None, timeout=60, cores=SERVER_CORE):
        self.port = port
        self.started = time.monotonic()
        with open(log, "wb") as output:
            self._popen = subprocess.Popen(
                ["taskset", "-c", cores, *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        self._log = pathlib.Path(log)
        self._wait(timeout)

    def _wait(self, timeout):
        """Until the port is listened at."""
        deadline = self.started + timeout
        while True:
            try:
                self._connect()
                return
            except OSError:
                pass
            if self._popen.poll() is not None or time.monotonic() > deadline:
                self.stop()
                text = self._log.read_text(errors="replace").strip()
                raise DidNotStart(text.splitlines()[-1] if text else "ended without a word")
            time.sleep(0.0005)

    def _connect(self):
        if isinstance(self.port, int):
            socket.create_connection(("127.0.0.1", self.port)).close()
            return
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.port))

    def output(self):
        """What it has printed so far."""
        return self._log.read_text(errors="replace")

    def signal(self, number):
        self._popen.send_signal(number)

    @property
    def is_running(self):
        return self._popen.poll() is None

    def stop(self):
        """Ends the process and all that it forked."""
        if self.is_running:
            self._popen.terminate()
            try:
                self._popen.wait(5)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self._popen.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._popen.wait()

    def cpu_seconds(self, *, with_children=True):
        """User and system time so far, to the nanosecond."""
        nanoseconds = 0
        for pid in self._tree() if with_children else [self._popen.pid]:
            for task in _entries(f"/proc/{pid}/task"):
                nanoseconds += int(_text(task / "schedstat", "0").split()[0])
        return nanoseconds / 1e9

    def resident_bytes(self):
        """Memory of its own: pages that several processes share count by their share."""
        total = 0
        for pid in self._tree():
            for line in _text(f"/proc/{pid}/smaps_rollup", "").splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        return total

    def _tree(self):
        pids = [self._popen.pid]
        for pid in pids:
            for task in _entries(f"/proc/{pid}/task"):
                pids.extend(int(child) for child in _text(task / "children", "").split())
        return pids


def _entries(path):
    try:
        return list(pathlib.Path(path).iterdir())
    except OSError:
        return []


def _text(path, otherwise):
    try:
        return pathlib.Path(path).read_text()
    except OSError:
        return otherwise
