"""Measured processes: started on given cores, with the figures of all their children."""

import os
import pathlib
import signal
import socket
import subprocess
import time

SERVER_CORE, CLIENT_CORE, ALL_CORES = "0", "1", "0,1"


class DidNotStart(Exception):
    """A peer cannot run here; the text is the reason."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A server on its own cores, with all its child processes.

    `port` is its port on 127.0.0.1, or the path of its Unix socket.
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
        """Waits until the port accepts connections."""
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
        """The output so far."""
        return self._log.read_text(errors="replace")

    def signal(self, number):
        self._popen.send_signal(number)

    @property
    def is_running(self):
        return self._popen.poll() is None

    def stop(self):
        """Ends the process and all its children."""
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
        """User and system time so far, in seconds with nanosecond resolution."""
        nanoseconds = 0
        for pid in self._tree() if with_children else [self._popen.pid]:
            for task in _entries(f"/proc/{pid}/task"):
                nanoseconds += int(_text(task / "schedstat", "0").split()[0])
        return nanoseconds / 1e9

    def resident_bytes(self):
        """Proportional memory: a page shared by several processes counts by their share."""
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
