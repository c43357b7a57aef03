"""CPU time per request of apps that serve files: through staticd's adapters, and by their framework's means."""

import dataclasses
import subprocess

import charts
import http_client
import load
import sites
from figures import Figure, number, ratio
from peers import DidNotStart
from processes import Process, free_port
from report import Check, Theme, table
from rounds import Rounds
from tools import PROJECT

_SIZES = {"1 KiB": 1024, "1 MiB": 1 << 20}
_BUILT = PROJECT / "Tests/Examples/.build/release"
# FlyingFox closes the connection unless the client requests keep-alive.
_FIELDS = (("Connection", "keep-alive"),)


@dataclasses.dataclass
class App:
    """An app with one way to serve."""

    framework: str
    name: str
    program: str
    arguments: tuple = ()
    # The reference of the ratio: our way of doing the same.
    ours: str = ""
    is_http2: bool = False
    # A constant response of 1 KiB instead of a file: the upper limit of the framework.
    is_constant: bool = False

    def start(self, root, work):
        port = free_port()
        log = work / f"{self.program}{'-'.join(self.arguments)}.log"
        # The frameworks log every request; servers are measured without a log.
        environment = {"LOG_LEVEL": "critical"}
        return Process([_BUILT / self.program, root, port, *self.arguments], port, log, environment)

    def path(self, size):
        return "/constant" if self.is_constant else f"/static/{sites.file_name(size)}"


def _apps(framework, example, peer, own, constant="constant", is_http2=False):
    ours = f"{framework} + staticd"
    name, kind = own
    return [
        App(framework, ours, example, (), ours, is_http2),
        App(framework, f"{framework} + {name}", peer, (kind,), ours, is_http2),
        App(framework, f"{framework}, constant", peer, (constant,), ours, is_http2, is_constant=True),
    ]


APPS = [
    *_apps("Hummingbird", "HummingbirdExample", "HummingbirdPeer", ("FileMiddleware", "files")),
    *_apps("NIO", "NIOExample", "NIOPeer", ("chunks", "chunks")),
    App("NIO", "NIO + staticd, regions", "NIOExample", ("regions",), "NIO + staticd, regions"),
    App("NIO", "NIO + FileRegion", "NIOPeer", ("files",), "NIO + staticd, regions"),
    *_apps(
        "NIO with HTTP/2", "NIOHTTP2Example", "NIOPeer", ("chunks", "chunks-http2"), "constant-http2", True
    ),
    *_apps("FlyingFox", "FlyingFoxExample", "FlyingFoxPeer", ("DirectoryHTTPHandler", "files")),
]
FRAMEWORKS = list(dict.fromkeys(app.framework for app in APPS))


def run(bench):
    """Measures every app with files of every size."""
    root = bench.work / "root"
    root.mkdir()
    for label, count in _SIZES.items():
        (root / sites.file_name(label)).write_bytes(sites.style_sheet(count, count))
    results = {size: {} for size in _SIZES}
    for framework in FRAMEWORKS:
        _measure(bench, root, [app for app in APPS if app.framework == framework], results)
    return _report(bench, results)


def _measure(bench, root, apps, results):
    running = []
    try:
        for app in apps:
            try:
                running.append((app, app.start(root, bench.work)))
            except DidNotStart as reason:
                for rounds in results.values():
                    rounds[app.name] = Rounds(note=f"did not run: {reason}")
        for size in _SIZES:
            bench.say(f"embed: {apps[0].framework}, {size}")
            wanted = [(a, p) for a, p in running if not (a.is_constant and size != "1 KiB")]
            for app, process in wanted:
                results[size][app.name] = Rounds(note=_judge(app, process, root, size))
            for _ in range(bench.rounds):
                for app, process in wanted:
                    options = {"run": load.run_http2} if app.is_http2 else {"fields": _FIELDS}
                    results[size][app.name].add(
                        process, app.path(size), seconds=bench.seconds, **options
                    )
    finally:
        for _, process in running:
            process.stop()


def _judge(app, process, root, size):
    """Checks that the response is the file's content."""
    wanted = b"x" * 1024 if app.is_constant else (root / sites.file_name(size)).read_bytes()
    if app.is_http2:
        url = f"http://127.0.0.1:{process.port}{app.path(size)}"
        command = ["curl", "--silent", "--fail", "--http2-prior-knowledge", url]
        body = subprocess.run(command, capture_output=True).stdout
    else:
        answer = http_client.get(process.port, app.path(size), _FIELDS)
        body = answer.raw[len(answer.raw) - answer.body_bytes :] if answer.status == 200 else b""
    return "" if body == wanted else "failed: answers with other bytes"


def _report(bench, results):
    theme = Theme("embed", "Files from within an app", bench)
    theme.add(
        f"App on one core with all its threads, wrk on the other; {bench.rounds} interleaved rounds of "
        f"{bench.seconds} s, 64 kept connections, with HTTP/2 8 of them with 8 requests at a time (h2load), files "
        "without stored codings. `staticd` is the example in "
        "`Tests/Examples` that uses the library, the others are the framework's own way and, as the most that "
        "the framework can do, a constant answer of 1 KiB. CPU is user and system time, in microseconds per "
        "request: median (lowest-highest). The ratio is to staticd in the same round, for `FileRegion` to staticd "
        "with regions."
    )
    for size, rounds in results.items():
        rows = [_row(app, rounds, size) for app in APPS if app.name in rounds]
        header = ["app", "requests/s", "ratio", "CPU us", "ratio", "p99 ms", ""]
        theme.add(f"### {size}", table(header, rows))
    for framework in FRAMEWORKS:
        _check(theme, results, framework)
    for size, rounds in results.items():
        bars = {n: Figure.of([c * 1e6 for c in r.cost]) for n, r in rounds.items() if r.cost}
        if bars:
            theme.chart(f"CPU per request: {size}", charts.bars(bars, "us of CPU per request"))
    return theme


def _row(app, rounds, size):
    result, ours = rounds[app.name], rounds[app.ours]
    if not result.cost:
        return [app.name, "", "", "", "", "", result.note]
    rate = number(Figure.of(result.rate).median)
    cost = Figure.of([value * 1e6 for value in result.cost]).text()
    ratios = [
        ratio(values, own).text() if own else ""
        for values, own in ((result.rate, ours.rate), (result.cost, ours.cost))
    ]
    return [app.name, rate, ratios[0], cost, ratios[1], number(Figure.of(result.p99).median * 1e3), result.note]


def _check(theme, results, framework):
    """Each of our ways compared with the framework's own."""
    apps = [app for app in APPS if app.framework == framework]
    for size, least in (("1 KiB", 3.0), ("1 MiB", 1.0)):
        rounds = {name: result for name, result in results[size].items() if result.cost}
        for app in apps:
            peers = [peer for peer in apps if peer.ours == app.name != peer.name]
            own = [rounds[p.name] for p in peers if not p.is_constant and p.name in rounds]
            if app.name not in rounds or not own:
                continue
            what = f"{app.name}, {size}"
            times = ratio(rounds[app.name].rate, own[0].rate).median
            theme.check(Check(f"{what}: requests/s to its own", f"at least {least:.0f}", times, times >= least))
            for constant in (rounds[p.name] for p in peers if p.is_constant and p.name in rounds):
                part = ratio(rounds[app.name].rate, constant.rate).median
                theme.check(
                    Check(f"{what}: requests/s to a constant answer", "at least 0.85", part, part >= 0.85)
                )
            cost = ratio(rounds[app.name].cost, own[0].cost).median
            theme.check(Check(f"{what}: CPU to its own", "below 1", cost, cost < 1))
