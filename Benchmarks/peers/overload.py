"""Far more requests than two sync workers can answer: which of them each proxy forwards."""

import contextlib
import dataclasses
import time

import http_client
import sites
import sync_workers
from crowd import Crowd, GAVE_UP
from figures import number, percentile
from peers import DidNotStart, Floor
from processes import ALL_CORES, free_port
from queueing import APPLICATION, KINDS, QueueingNginx
from report import Check, Theme, table

_AT_ONCE = 4500
_WAITING = 4000
_TIMES_TOO_MANY = 10
# Concurrent clients that keep both workers busy without queueing.
_CLOSED_CLIENTS = 4
_STATIC_RATE = 200
_STATIC_PATIENCE = 5
# Requests in flight between proxy and app when the client gives up do not count as wasted.
_IN_FLIGHT_SECONDS = 0.05
_PATIENT = (30, 30)
_IMPATIENT = (0.5, 3.5)


@dataclasses.dataclass
class Found:
    """The results of one proxy under one load."""

    requests: list
    static: list
    # The time at which the app began each request.
    served: list
    # Seconds after the first request that are left out of the rates.
    skipped: float = 0.0
    # The same requests as `static`, to a server beside the load that has nothing else to do.
    idle: list = ()

    def app_rate(self):
        """Requests a second that the app began."""
        return self._rate([at for at, _ in self.served])

    def answer_rate(self):
        """Responses a second that reached their clients."""
        return self._rate([request.ended for request in self.requests if request.status == 200])

    def _rate(self, times):
        """The rate while requests arrived; if all arrived at once, while they were answered."""
        first, last = self.requests[0].started, self.requests[-1].started
        end = last if last - first > 1 else max((r.ended for r in self.requests if r.status == 200), default=last)
        within = sorted(at for at in times if first + self.skipped <= at <= end)
        return (len(within) - 1) / (within[-1] - within[0]) if len(within) > 1 else 0.0

    def in_vain(self):
        """Requests that the app began with after their clients had given up."""
        left = {r.identifier: r.ended for r in self.requests if r.status == GAVE_UP}
        return sum(at > left.get(name, at) + _IN_FLIGHT_SECONDS for at, name in self.served)

    def count(self, *statuses):
        return sum(request.status in statuses for request in self.requests)

    def static_milliseconds(self, share, skipped=0.0):
        """A percentile of the file's latencies, from `skipped` seconds on; a failure counts as the full patience."""
        return _milliseconds(self.static, share, skipped)

    def idle_milliseconds(self, share):
        """The same of the idle server, without the first second."""
        return _milliseconds(self.idle, share, 1)

    def static_ratio(self, unloaded, share):
        """The ratio to `unloaded`, without the first second, in which thousands of connections are accepted."""
        return self.static_milliseconds(share, skipped=1) / unloaded.static_milliseconds(share)


def _milliseconds(requests, share, skipped):
    since = requests[0].started + skipped
    seconds = [r.seconds if r.status == 200 else _STATIC_PATIENCE for r in requests if r.started >= since]
    return percentile(seconds, share) * 1e3


def run(bench):
    """Measures every proxy with the same app, restarted for each load."""
    site = sites.sizes(bench.tools, bench.work)
    path = site.paths[sites.file_name("1 KiB")]
    results, notes = {}, {}
    for scheme in ("unix",) if bench.is_quick else ("unix", "tcp"):
        for kind in KINDS:
            if bench.is_quick and kind is QueueingNginx:
                notes[kind.name, scheme] = "not measured with --quick"
                continue
            try:
                results[kind.name, scheme] = _measure(bench, kind, scheme, site, path)
            except (DidNotStart, OSError) as reason:
                notes[kind.name, scheme] = f"failed: {reason}"
                bench.say(f"overload: {kind.name}: {reason}")
    return _report(bench, results, notes)


def _measure(bench, kind, scheme, site, path):
    seconds = 6 if bench.is_quick else 60
    found = {}
    bench.say(f"overload: {kind.name}, {scheme}")
    with _running(bench, kind, scheme, site, path) as stand:
        found["unloaded"] = _unloaded(bench, stand, path)
    rate = found["unloaded"].app_rate()
    with _running(bench, kind, scheme, site, path) as stand:
        found["at once"] = _load(bench, stand, path, "at-once", _AT_ONCE, 0, _PATIENT)
    if scheme == "unix":
        with _running(bench, kind, scheme, site, path) as stand:
            found["flood"] = _load(bench, stand, path, "rate", rate * _TIMES_TOO_MANY, seconds, _IMPATIENT)
        with _running(bench, kind, scheme, site, path) as stand:
            found["waiting"] = _waiting(bench, stand)
    return found


@dataclasses.dataclass
class _Stand:
    """A proxy with its app."""

    process: object
    starts_app: bool
    request_log: object

    @property
    def port(self):
        return self.process.port

    def proxy_cpu_seconds(self):
        """CPU of the proxy alone: its child, if any, is the app."""
        return self.process.cpu_seconds(with_children=not self.starts_app)

    def served(self):
        lines = [line.split() for line in self.request_log.read_text().splitlines()]
        return sorted((int(at) / 1e9, name) for at, name in lines)


@contextlib.contextmanager
def _running(bench, kind, scheme, site, path):
    proxy = kind(bench.tools)
    proxy.root = site.root
    proxy.file = site.root / path.rpartition("/")[2]
    proxy.request_log = bench.work / "requests"
    proxy.request_log.write_text("")
    address = f"unix:{bench.work}/app" if scheme == "unix" else f"127.0.0.1:{free_port()}"
    with contextlib.ExitStack() as stack:
        if not proxy.starts_app:
            variables = proxy.app_environment()
            log = bench.work / "gunicorn"
            app = sync_workers.start(bench.tools, address, APPLICATION, log, variables=variables)
            stack.callback(app.stop)
        process = proxy.start(address, bench.work, cores=ALL_CORES)
        stack.callback(process.stop)
        if http_client.get(process.port, "/page/first").status != 200:
            raise DidNotStart("the app does not answer")
        yield _Stand(process, proxy.starts_app, proxy.request_log)


def _unloaded(bench, stand, path):
    """The file without other load, then the app at its maximum rate."""
    static = _static(bench, stand.port, path, 2 if bench.is_quick else 3).requests()
    pages = Crowd(bench.tools, stand.port, "/page/", "closed", _CLOSED_CLIENTS, seconds=2, name="best").requests()
    return Found(pages, static, stand.served())


def _static(bench, port, path, seconds):
    patience = (_STATIC_PATIENCE, _STATIC_PATIENCE)
    return Crowd(
        bench.tools, port, path, "rate", _STATIC_RATE, seconds=seconds, patience=patience, is_urgent=True
    )


@contextlib.contextmanager
def _idle_server(bench):
    """A server that sends one canned response, and has nothing else to do."""
    floor = Floor(bench.tools)
    floor.response = bench.work / "canned"
    floor.response.write_bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 1024\r\n\r\n" + bytes(1024))
    process = floor.start(None, bench.work, cores=ALL_CORES)
    try:
        yield process.port
    finally:
        process.stop()


def _load(bench, stand, path, mode, count, seconds, patience):
    crowd = Crowd(
        bench.tools, stand.port, "/page/", mode, count, seconds=seconds, patience=patience, name="page"
    )
    static = _static(bench, stand.port, path, seconds or 10)
    with _idle_server(bench) as port:
        idle = _static(bench, port, path, seconds or 10)
        found = Found(crowd.requests(), static.requests(), [], skipped=2 if seconds else 0, idle=idle.requests())
    # Waits for the app to finish requests of clients that have gone.
    time.sleep(1)
    found.served = [(at, name) for at, name in stand.served() if name.startswith("page-")]
    late = percentile([request.late for request in found.requests], 0.99)
    bench.say(f"overload: {len(found.requests)} requests; started late (p99): {number(late * 1e3, 3)} ms")
    return found


def _waiting(bench, stand):
    """CPU of the proxy while requests wait because both workers are busy."""
    seconds = 3
    busy = Crowd(bench.tools, stand.port, f"/wait/{seconds + 3}/", "at-once", 2, name="busy")
    time.sleep(0.5)
    crowd = Crowd(
        bench.tools, stand.port, "/page/", "at-once", _WAITING, patience=(seconds + 2, seconds + 2), name="page"
    )
    time.sleep(1.5)
    began, before = time.monotonic(), stand.proxy_cpu_seconds()
    time.sleep(seconds)
    ended, after = time.monotonic(), stand.proxy_cpu_seconds()
    requests = crowd.requests()
    busy.requests()
    waited = sum(request.started < began and request.ended > ended for request in requests)
    return waited, (after - before) / (ended - began)


def _report(bench, results, notes):
    theme = Theme("overload", "More requests than the app can answer", bench)
    theme.add(
        "gunicorn with two sync workers, whose pages wait 5 ms; proxy and app on both cores, the clients on "
        "one of them. Each request has a connection and an identifier of its own: the app notes it when it "
        "begins, answers with it, and the client compares. Meanwhile another client asks for a file of "
        f"1 KiB {_STATIC_RATE} times a second, each time on a new connection. Each load meets a proxy and an app "
        "that were just started. The file's ratios leave out the first second, in which thousands of connections "
        "at once are accepted: whoever connects behind them waits for that. *p99 of an idle server*: the same "
        "requests beside the same load, to a program in C that sends one canned answer and gets no other request; "
        "it is what the machine's processors add.",
        "*in vain*: the app began with the request after its client had left. *wrong*: an answer that belongs "
        "to another request. *of unloaded*: to what the app does for four clients that ask one after the other.",
    )
    theme.add(table(["proxy", "version", "configuration"], [_kind(bench, kind) for kind in KINDS]))
    for key, reason in notes.items():
        theme.add(f"{key[0]}, {key[1]}: {reason}")
    rows = [_unloaded_row(*key, found["unloaded"]) for key, found in results.items()]
    header = ["proxy", "socket", "app requests/s", "file p50 ms", "file p99 ms"]
    theme.add("### Unloaded", table(header, rows))
    _add(theme, f"{_AT_ONCE:,} requests at once, clients that wait 30 s", "at once", results)
    seconds = 6 if bench.is_quick else 60
    patience = "{} to {} s".format(*_IMPATIENT)
    title = f"{_TIMES_TOO_MANY} times what the app can do for {seconds} s, clients that wait {patience}"
    _add(theme, title, "flood", results)
    rows = [
        [name, f"{found['waiting'][0]:,}", f"{found['waiting'][1] * 100:.2f} %"]
        for (name, _), found in results.items()
        if "waiting" in found
    ]
    theme.add(
        f"### CPU of the proxy while {_WAITING:,} requests wait",
        table(["proxy", "requests that waited", "of one core"], rows),
    )
    _check(theme, results)
    return theme


def _kind(bench, kind):
    return [kind.name, kind(bench.tools).version() or "this revision", kind.settings]


def _unloaded_row(name, scheme, found):
    return [
        name, scheme, number(found.app_rate()), *(number(found.static_milliseconds(s), 3) for s in (0.5, 0.99))
    ]


def _add(theme, title, load, results):
    rows, static = [], []
    for (name, scheme), all_found in results.items():
        found, unloaded = all_found.get(load), all_found["unloaded"]
        if found is None:
            continue
        refused = [r for r in found.requests if r.status == 503]
        others = len(found.requests) - found.count(200, 502, 503, 504, GAVE_UP)
        rows.append([
            name, scheme, len(found.requests), found.count(200), found.count(503),
            sum(r.has_retry_after for r in refused), found.count(502), found.count(504), found.count(GAVE_UP),
            others, sum(r.is_wrong for r in found.requests), found.in_vain(),
            number(found.app_rate()), number(found.app_rate() / unloaded.app_rate()),
            number(found.answer_rate() / unloaded.app_rate()),
        ])
        p50, p99 = (found.static_milliseconds(share) for share in (0.5, 0.99))
        static.append([
            name, scheme, len(found.static), len(found.static) - sum(r.status == 200 for r in found.static),
            number(p50, 3), number(p99, 3), number(found.static_milliseconds(0.99, skipped=1), 3),
            *(number(found.static_ratio(unloaded, share)) for share in (0.5, 0.99)),
            number(found.idle_milliseconds(0.99), 3),
        ])
    header = ["proxy", "socket", "requests", "200", "503", "of them Retry-After", "502", "504", "left", "other"]
    header += ["wrong", "in vain", "app requests/s", "of unloaded", "answers of unloaded"]
    theme.add(f"### {title}", table(header, rows))
    header = ["proxy", "socket", "file", "failed", "p50 ms", "p99 ms", "p99 after 1 s"]
    header += ["p50 to unloaded", "p99 to unloaded", "p99 of an idle server"]
    theme.add(table(header, static))


def _check(theme, results):
    for (name, scheme), found in results.items():
        if name != "staticd":
            continue
        for load in ("at once", "flood"):
            if load not in found:
                continue
            what, unloaded = f"{load}, {scheme}", found["unloaded"]
            rate = found[load].app_rate() / unloaded.app_rate()
            theme.check(Check(f"{what}: app's requests to unloaded", "at least 0.95", rate, rate >= 0.95))
            vain = found[load].in_vain()
            theme.check(Check(f"{what}: requests of clients that had left", "0", vain, vain == 0))
            wrong = sum(r.is_wrong for r in found[load].requests)
            theme.check(Check(f"{what}: answers of other requests", "0", wrong, wrong == 0))
            bare = sum(r.status == 503 and not r.has_retry_after for r in found[load].requests)
            theme.check(Check(f"{what}: 503 without Retry-After", "0", bare, bare == 0))
            p99 = found[load].static_ratio(unloaded, 0.99)
            theme.check(Check(f"{what}: p99 of the file to unloaded", "at most 2", p99, p99 <= 2))
        if "waiting" in found:
            waited, cpu = found["waiting"]
            theme.check(Check("requests that waited", f"{_WAITING:,}", waited, waited == _WAITING))
            theme.check(Check("share of a core while they waited", "below 0.01", cpu, cpu < 0.01))
