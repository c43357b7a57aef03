"""staticd in front of Django's development server."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer

from staticd.executable import find_executable
from staticd.handover import Handover, project_directory

logger = logging.getLogger("django.server")
NO_REQUEST = (
    "No HTTP request. If you're accessing the development server over HTTPS, it only supports HTTP."
)
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class FrontedHandler(WSGIRequestHandler):
    """Django's handler of a request that staticd passes on."""

    def get_environ(self) -> dict[str, Any]:
        """What Django is told, with the client's address instead of staticd's."""
        environ: dict[str, Any] = super().get_environ()
        environ["REMOTE_ADDR"] = environ.get("HTTP_X_REAL_IP", environ.get("REMOTE_ADDR", ""))
        return environ


class FrontedServer(WSGIServer):
    """Django's development server at a private socket, with staticd at the address that was asked for.

    `settings` is the module that the command line names, or None; `on_failure` gets a line
    of staticd, and whether that has ended.
    """

    settings: str | None = None
    on_failure: Callable[[str, bool], None]
    front: Front | None = None

    def __init__(self, server_address: Any, handler_class: Any, **options: Any) -> None:
        super().__init__(server_address, FrontedHandler, **options)

    def server_bind(self) -> None:
        """Binds both sockets; OSError is about the one that was asked for."""
        front = Front(self.address_family, self.server_address, self.on_failure)
        self.front = front
        self.socket.close()
        self.socket = front.private
        # What HTTPServer and WSGIServer set.
        self.server_address = front.public.getsockname()
        host, port = self.server_address[:2]
        self.server_name, self.server_port = socket.getfqdn(str(host)), int(port)
        self.setup_environ()

    def server_activate(self) -> None:
        """Listens at both, and starts staticd."""
        if self.front:
            self.front.start(self.settings, self.request_queue_size)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """The next connection; its peer is on this machine, whatever kind of socket it has."""
        return self.socket.accept()[0], ("127.0.0.1", 0)

    def server_close(self) -> None:
        """Ends staticd too."""
        super().server_close()
        if self.front:
            self.front.stop()


class Front:
    """The process of staticd, and the sockets between it, the browser and Django."""

    def __init__(self, family: int, address: Any, on_failure: Callable[[str, bool], None]) -> None:
        self._on_failure = on_failure
        self._process: subprocess.Popen[str] | None = None
        self._is_stopping = False
        self.public = socket.socket(family, socket.SOCK_STREAM)
        try:
            self.public.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.public.bind(address)
        except BaseException:
            self.public.close()
            raise
        # Mode 0700: nobody else can pretend to be staticd.
        self._directory = _make_directory()
        self._path = str(Path(self._directory) / "app.sock")
        self.private = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.private.bind(self._path)

    def start(self, settings: str | None, queue_size: int) -> None:
        """Listens, and starts staticd; browsers wait in the queue of the socket until it accepts."""
        self.private.listen(queue_size)
        self.public.listen(queue_size)
        handover = Handover()
        directory = project_directory() or Path.cwd()
        arguments = [find_executable(), "serve", "--django", str(directory), "--autorefresh"]
        arguments += ["--settings", settings] if settings else []
        arguments += ["--listen", f"fd:{self.public.fileno()}", "--upstream", f"unix:{self._path}"]
        # Names that no directory has may be of a finder that makes its files.
        arguments += ["--unknown", "app", "--workers", "1"]
        # Whatever stands before the server in production, a browser is no load balancer and speaks HTTP
        # here: Django's runserver, too, neither redirects files nor sends HSTS with them.
        arguments += ["--proxy-protocol=false", "--https-redirect=false", "--hsts", "0"]
        arguments += ["--access-log", "json", "--access-log-file", "-", "--log-format", "json"]
        self._process = subprocess.Popen(
            arguments,
            env=handover.environment(),
            pass_fds=[self.public.fileno(), handover.descriptor],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            preexec_fn=_prepare_process,
        )
        handover.started()
        # staticd alone accepts from now on.
        self.public.close()
        atexit.register(self.stop)
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        for work, argument in (
            (self._answer, handover),
            (_relay_requests, self._process.stdout),
            (self._relay_notices, self._process.stderr),
        ):
            threading.Thread(target=work, args=(argument,), daemon=True).start()

    def stop(self) -> None:
        """Ends staticd and removes what it needed."""
        self._is_stopping = True
        atexit.unregister(self.stop)
        if self._process is not None:
            # Not SIGTERM: the next server has to find the address free.
            self._process.kill()
            self._process.wait()
        self.public.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _answer(self, handover: Handover) -> None:
        while handover.answer():
            pass
        handover.close()

    def _relay_notices(self, stream: IO[str]) -> None:
        """Tells what staticd warns of, and its end."""
        for line in stream:
            notice = _json(line)
            if notice.get("level") != "info":
                self._on_failure(_advice(str(notice.get("message", line.rstrip("\n")))), False)
        assert self._process is not None
        status = self._process.wait()
        if not self._is_stopping:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._on_failure(f"staticd has ended with status {status}.", True)


def _make_directory() -> str:
    """A directory for the private socket; those of servers that were killed are removed."""
    place, prefix = tempfile.gettempdir(), "staticd-runserver-"
    # A path of a Unix socket has at most 107 bytes.
    place = place if len(place) < 64 else "/tmp"
    for old in Path(place).glob(f"{prefix}[0-9]*-*"):
        if not Path("/proc", old.name[len(prefix) :].partition("-")[0]).exists():
            shutil.rmtree(old, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=place)


def _prepare_process() -> None:
    """Runs in the new process: it is killed when the thread that serves, or its process, has ended.

    In a group of its own it does not get the Ctrl-C that is for Django.
    """
    os.setpgid(0, 0)
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _advice(text: str) -> str:
    """A notice, whose options runserver does not take itself."""
    if re.search(r"(^|\s)--[a-z]", text) is None:
        return text
    return f"{text} (runserver reads options of staticd from staticd.toml, without the dashes)"


def _relay_requests(stream: IO[str]) -> None:
    """Logs the files that staticd has sent as Django logs them; Django logs its own answers."""
    for line in stream:
        entry = _json(line)
        reason = entry.get("reason", "answered by the app")
        if "status" not in entry or ("upstream_ms" in entry and reason == "answered by the app"):
            continue
        status = int(entry["status"])
        if status == 400 and not entry["method"]:
            # Django looks at the bytes for those of TLS; here they are not known.
            _log(logging.ERROR, NO_REQUEST, status)
            continue
        level = logging.WARNING if status >= 400 else logging.INFO
        request = f"{entry['method']} {entry['target']} {entry['protocol']}".strip()
        _log(level, '"%s" %s %s', status, request, status, entry["bytes"])


def _log(level: int, text: str, status: int, *arguments: object) -> None:
    extra = {"status_code": status, "server_time": _server_time()}
    with contextlib.suppress(BrokenPipeError):
        logger.log(level, text, *arguments, extra=extra)


def _server_time() -> str:
    from datetime import datetime

    return datetime.now().strftime("%d/%b/%Y %H:%M:%S")


def _json(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
