"""The effect of slow clients on a normal client: gunicorn with two sync workers, behind staticd and alone."""

import socket
import threading
import time

import sync_workers
from figures import number, percentile
from processes import ALL_CORES, CLIENT_CORE, Process, free_port
from report import Check, Theme, table

_SLOW_CLIENTS = 200
_HEAD = b"POST /slow HTTP/1.1\r\nHost: bench\r\nContent-Length: 100000\r\n\r\n"
_LARGE = b"GET /large HTTP/1.1\r\nHost: bench\r\n\r\n"


class SlowClients:
    """Half of the clients send a request at a byte a second, half read a response at that rate."""

    def __init__(self, port):
        self._sockets = []
        for index in range(_SLOW_CLIENTS):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.settimeout(5)
            client.connect(("127.0.0.1", port))
            client.setblocking(False)
            client.send(_LARGE if index % 2 else _HEAD)
            self._sockets.append(client)
        self._stops = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self._stops.wait(1):
            for index, client in enumerate(self._sockets):
                try:
                    client.recv(1) if index % 2 else client.send(b"x")
                except OSError:
                    pass

    def stop(self):
        self._stops.set()
        self._thread.join()
        for client in self._sockets:
            client.close()


def run(bench):
    """Measures a client that sends a request every 5 ms, with the slow clients and without."""
    app, staticd = _start(bench)
    try:
        rows, found = [], {}
        for name, port in (("staticd", staticd.port), ("gunicorn alone", app.port)):
            for attack in (False, True):
                bench.say(f"slow: {name}, {'attacked' if attack else 'at peace'}")
                slow = SlowClients(port) if attack else None
                time.sleep(2)
                found[name, attack] = latencies, failures = _normal_client(port, bench.seconds * 6)
                if slow:
                    slow.stop()
                    time.sleep(1)
                rows.append(_row(name, attack, latencies, failures))
    finally:
        staticd.stop()
        app.stop()
    return _report(bench, rows, found)


def _start(bench):
    app = sync_workers.start(
        bench.tools, f"127.0.0.1:{free_port()}", "slow_site:application", bench.work / "gunicorn", cores=CLIENT_CORE
    )
    (bench.work / "root").mkdir()
    (bench.work / "root" / "a.txt").write_text("a")
    listen = free_port()
    staticd = Process(
        [
            bench.tools.staticd, "serve", "--root", bench.work / "root", "--access-log", "off",
            "--listen", f"127.0.0.1:{listen}", "--upstream", f"127.0.0.1:{app.port}",
        ],
        listen,
        bench.work / "staticd",
        cores=ALL_CORES,
    )
    return app, staticd


def _normal_client(port, seconds):
    """Latencies of the answered requests, and the number not answered within five seconds."""
    latencies, failures = [], 0
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        started = time.monotonic()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
                client.sendall(b"GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
                answer = b""
                while piece := client.recv(65536):
                    answer += piece
            if not answer.startswith(b"HTTP/1.1 200"):
                raise OSError(answer[:20])
            latencies.append(time.monotonic() - started)
        except OSError:
            failures += 1
        time.sleep(0.005)
    return latencies, failures


def _row(name, attack, latencies, failures):
    p50, p99 = (number(percentile(latencies, s) * 1e3, 3) if latencies else "" for s in (0.5, 0.99))
    return [name, _SLOW_CLIENTS if attack else 0, len(latencies), failures, p50, p99]


def _report(bench, rows, found):
    theme = Theme("slow", "A normal client beside slow ones", bench)
    theme.add(
        f"gunicorn with two sync workers. {_SLOW_CLIENTS} clients send a request, or take a response of "
        "4 MB, one byte a second. Meanwhile one client makes a request every 5 ms, each on a connection "
        "of its own; no answer within five seconds counts as a failure."
    )
    header = ["server", "slow clients", "answers", "failures", "p50 ms", "p99 ms"]
    theme.add(table(header, rows))
    peace, attacked = found["staticd", False][0], found["staticd", True][0]
    if peace and attacked:
        times = percentile(attacked, 0.99) / percentile(peace, 0.99)
        theme.check(Check("p99 beside slow clients to p99 without", "at most 1.50", times, times <= 1.5))
    alone, stopped = len(found["gunicorn alone", False][0]), len(found["gunicorn alone", True][0])
    theme.check(Check("answers of gunicorn alone, attacked to at peace", "next to 0", stopped / alone, stopped < alone / 100))
    return theme
