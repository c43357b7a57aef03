"""CPU time per forwarded request: the proxy on one core, wrk and the app on the other."""

import dataclasses
import resource

import charts
import http_client
import sites
from figures import Figure, number, ratio
from peers import DidNotStart, Floor, Staticd
from processes import CLIENT_CORE
from proxies import PROXIES, StaticdProxy, CaddyProxy
from report import Check, Theme, table
from rounds import Rounds

# A response head as Django sends it with its usual middleware.
_HEAD = (
    "HTTP/1.1 200 OK\r\n"
    "Server: gunicorn\r\n"
    "Date: Sat, 21 Nov 2026 10:00:00 GMT\r\n"
    "Connection: keep-alive\r\n"
    "Content-Type: text/html; charset=utf-8\r\n"
    "X-Frame-Options: DENY\r\n"
    "Vary: Cookie\r\n"
    "Content-Length: {length}\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Set-Cookie: csrftoken=AkvEGVXZ0eR1a1eLBlBTx6D2yv1p1RGB; Path=/; SameSite=Lax\r\n"
    "\r\n"
)

_UPGRADED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)
_UPGRADE_FIELDS = (
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("Sec-WebSocket-Version", "13"),
)
_TUNNELS = 10_000

# Request fields as a browser sends them.
_FIELDS = (
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "en-US,en;q=0.5"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Cookie", "csrftoken=AkvEGVXZ0eR1a1eLBlBTx6D2yv1p1RGB; sessionid=q2w5rwqlhhq3bn2qk1i7uz"),
)


@dataclasses.dataclass
class Scenario:
    """One kind of request, by the size of the response."""

    name: str
    page_bytes: int
    body_bytes: int = 0
    connections: int = 64
    is_quick: bool = False


SCENARIOS = [
    Scenario("2 KiB page", 2048, is_quick=True),
    Scenario("32 KiB page", 32768),
    Scenario("POST of 1 KiB, 2 KiB page", 2048, body_bytes=1024),
    Scenario("2 KiB page, 1,000 connections", 2048, connections=1000),
]


def run(bench):
    """Measures every scenario with every proxy, and static requests beside forwarding."""
    site = sites.sizes(bench.tools, bench.work)
    StaticdProxy.root = site.root
    results = {}
    for scenario in SCENARIOS:
        if scenario.is_quick or not bench.is_quick:
            bench.say(f"proxy: {scenario.name}")
            results[scenario.name] = _forwarded(bench, scenario)
    bench.say("proxy: static requests")
    static = _static(bench, site)
    bench.say("proxy: beside idle WebSockets")
    tunnels = _beside_tunnels(bench)
    return _report(bench, results, static, tunnels)


def _forwarded(bench, scenario):
    app = _start_app(bench, scenario.page_bytes)
    rounds, running = {}, []
    try:
        for kind in PROXIES:
            proxy = kind(bench.tools)
            rounds[proxy.name] = Rounds()
            if bench.is_quick and kind is CaddyProxy:
                rounds[proxy.name].note = "not measured with --quick"
                continue
            try:
                process = proxy.start(app.port, bench.work)
            except DidNotStart as reason:
                rounds[proxy.name].note = f"did not run: {reason}"
                continue
            running.append((rounds[proxy.name], process))
            _check_answer(rounds[proxy.name], process, scenario)
        for _ in range(bench.rounds):
            for result, process in running:
                _round(bench, result, process, "/page/", _FIELDS, scenario)
    finally:
        for _, process in running:
            process.stop()
        app.stop()
    return rounds


def _start_app(bench, page_bytes):
    """The floor as the app: it costs next to nothing, on the client's core."""
    app = Floor(bench.tools)
    app.response = bench.work / f"page-{page_bytes}"
    app.response.write_bytes(_HEAD.format(length=page_bytes).encode() + b"x" * page_bytes)
    app.upgrade = bench.work / "upgraded"
    app.upgrade.write_bytes(_UPGRADED)
    work = bench.work / f"app-{page_bytes}"
    return app.start(work, work, cores=CLIENT_CORE)


def _check_answer(result, process, scenario):
    answer = http_client.get(process.port, "/page/", _FIELDS)
    if answer.status != 200 or answer.body_bytes != scenario.page_bytes:
        result.note = f"failed: answers {answer.status} with {answer.body_bytes} bytes"


def _round(bench, result, process, path, fields, scenario):
    result.add(
        process,
        path,
        fields=fields,
        connections=scenario.connections,
        seconds=bench.seconds,
        body_bytes=scenario.body_bytes,
    )


def _tunnel_count():
    """The number of tunnels: the wanted number, or as many as the proxy's descriptors allow.

    Each tunnel takes two descriptors; some are left for requests, and for what a proxy reserves for files.
    """
    return min(_TUNNELS, (resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 2000) // 2)


def _open_tunnels(port, count):
    clients = []
    for index in range(count):
        # Each source address has its own ephemeral ports.
        client = http_client.Connection(port, source=f"127.0.0.{1 + index % 16}")
        clients.append(client)
        if client.get("/socket/", _UPGRADE_FIELDS).status != 101:
            raise DidNotStart("no upgrade")
    return clients


def _beside_tunnels(bench):
    """The same page from a proxy that holds idle WebSockets, and from one that does not."""
    app = _start_app(bench, 2048)
    alone = StaticdProxy(bench.tools).start(app.port, bench.work / "alone")
    beside = StaticdProxy(bench.tools).start(app.port, bench.work / "beside")
    results = {"alone": Rounds(), "beside idle WebSockets": Rounds()}
    clients = []
    try:
        clients = _open_tunnels(beside.port, _tunnel_count())
        for _ in range(bench.rounds * 3):
            for result, process in zip(results.values(), (alone, beside)):
                _round(bench, result, process, "/page/", _FIELDS, SCENARIOS[0])
    finally:
        for client in clients:
            client.close()
        for process in (app, alone, beside):
            process.stop()
    return results


def _static(bench, site):
    """The same static request to a server that forwards the rest, and to one that does not."""
    scenario = Scenario("1 KiB, br", 0)
    path = site.paths[sites.file_name("1 KiB")]
    fields = (("Accept-Encoding", "br"),)
    app = _start_app(bench, 2048)
    plain = Staticd(bench.tools).start(site.root, bench.work / "plain")
    both = StaticdProxy(bench.tools).start(app.port, bench.work / "both")
    results = {"without": Rounds(), "with": Rounds()}
    try:
        # A difference near zero needs more rounds to be significant.
        for _ in range(bench.rounds * 3):
            _round(bench, results["without"], plain, path, fields, scenario)
            _round(bench, results["with"], both, path, fields, scenario)
    finally:
        for process in (app, plain, both):
            process.stop()
    return results


def _report(bench, results, static, tunnels):
    theme = Theme("proxy", "CPU time per forwarded request", bench)
    theme.add(
        f"Proxy on one core, wrk and the app on the other; {bench.rounds} interleaved rounds of "
        f"{bench.seconds} s, 64 connections unless said otherwise, kept on both sides. The app is "
        "the floor with an answer of Django's fields; requests have a browser's. CPU is user and "
        "system time of the proxy's processes, in microseconds per request: median "
        "(lowest-highest). The ratio is to staticd in the same round."
    )
    kinds = {kind.name: kind(bench.tools) for kind in PROXIES}
    rows = [[name, kind.version() or "this revision", kind.settings] for name, kind in kinds.items()]
    theme.add(table(["proxy", "version", "configuration"], rows))
    for name, rounds in results.items():
        reference = rounds["staticd"].cost
        rows = [_row(proxy, result, reference) for proxy, result in rounds.items()]
        header = ["proxy", "CPU us", "ratio", "requests/s", "p99 ms", ""]
        theme.add(f"### {name}", table(header, rows))
        if reference and rounds["nginx"].cost:
            measured = ratio(reference, rounds["nginx"].cost).median
            theme.check(Check(f"{name}: CPU to nginx", "at most 0.85", measured, measured <= 0.85))
    without, beside = static["without"].cost, static["with"].cost
    if without and beside:
        measured = ratio(beside, without).median
        theme.check(
            Check("static 1 KiB, br: with forwarding to without", "at most 1.02", measured, measured <= 1.02)
        )
        rows = [[name, Figure.of([c * 1e6 for c in r.cost]).text()] for name, r in static.items()]
        theme.add("### Static requests with and without forwarding", table(["forwarding", "CPU us"], rows))
    _report_tunnels(theme, tunnels)
    for name, rounds in results.items():
        bars = {n: Figure.of([c * 1e6 for c in r.cost]) for n, r in rounds.items() if r.cost}
        if bars:
            theme.chart(f"CPU per request: {name}", charts.bars(bars, "us of CPU per request"))
    return theme


def _report_tunnels(theme, tunnels):
    alone, beside = tunnels.values()
    count = f"{_tunnel_count():,}"
    if alone.cost and beside.cost:
        measured = ratio(beside.cost, alone.cost).median
        theme.check(
            Check(f"2 KiB page: beside {count} idle WebSockets to alone", "at most 1.10", measured, measured <= 1.1)
        )
    rows = [_row(name, rounds, alone.cost) for name, rounds in tunnels.items()]
    theme.add(
        f"### 2 KiB page beside {count} idle WebSockets",
        f"The ratio is to alone in the same round. {_TUNNELS:,} are wanted; each takes two of the proxy's "
        "descriptors, of which the machine may allow fewer.",
        table(["staticd", "CPU us", "ratio", "requests/s", "p99 ms", ""], rows),
    )


def _row(name, rounds, reference):
    if not rounds.cost:
        return [name, "", "", "", "", rounds.note]
    cost = Figure.of([value * 1e6 for value in rounds.cost])
    relative = ratio(rounds.cost, reference).text() if reference else ""
    p99 = number(Figure.of(rounds.p99).median * 1e3, 3)
    return [name, cost.text(), relative, number(Figure.of(rounds.rate).median), p99, rounds.note]
