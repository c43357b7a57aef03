"""A server that a test starts, and requests to it."""

from __future__ import annotations

import http.client
import os
import select
import signal
import socket
import subprocess
import time
from typing import Any

from project import Project


def free_port(family: int = socket.AF_INET) -> int:
    with socket.socket(family) as probe:
        probe.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The process and its output; a context manager that ends it."""

    SECONDS = 30

    def __init__(self, project: Project, *arguments: str, **more: str) -> None:
        self.text = ""
        self.process = subprocess.Popen(
            arguments,
            cwd=project.path,
            env={**project.environment, "PYTHONUNBUFFERED": "1", **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # A shell starts background processes with SIGINT ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: Any) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def wait_for(self, words: str, count: int = 1) -> str:
        """Waits until the process has printed `words` this many times; returns its whole output."""
        end = time.monotonic() + self.SECONDS
        while self.text.count(words) < count:
            before = self.text
            if self.read(max(0, end - time.monotonic())) == before:
                raise AssertionError(f"{words!r} is not in: {self.text}")
        return self.text

    def read(self, seconds: float) -> str:
        """Waits for more output, at most for some time; returns the whole output."""
        assert self.process.stdout is not None
        descriptor = self.process.stdout.fileno()
        if select.select([descriptor], [], [], seconds)[0]:
            self.text += os.read(descriptor, 65536).decode()
        return self.text

    def end(self, number: int = signal.SIGINT) -> int:
        """Sends a signal to all processes, as a terminal does, and waits; returns the status."""
        os.killpg(self.process.pid, number)
        return self.process.wait(self.SECONDS)


def get(port: int, path: str, host: str = "127.0.0.1", **fields: str) -> tuple[int, dict[str, str], str]:
    """The response to GET; waits for a server that does not listen yet."""
    end = time.monotonic() + Server.SECONDS
    while True:
        connection = http.client.HTTPConnection(host, port, timeout=Server.SECONDS)
        try:
            connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in fields.items()})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()
        except (ConnectionRefusedError, ConnectionResetError, http.client.RemoteDisconnected):
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        finally:
            connection.close()


def get_until(port: int, path: str, body: str) -> None:
    """Polls until the response is `body`: the kernel notifies after the change."""
    end = time.monotonic() + Server.SECONDS
    while (found := get(port, path)[2]) != body:
        if time.monotonic() > end:
            raise AssertionError(f"{path} is {found!r}")
