"""CPU time per request: the server on one core, wrk on the other."""

import dataclasses

import charts
import http_client
import sites
from figures import Figure, number, ratio
from peers import ALL, Caddy, DidNotStart, DjangoWhiteNoise, EagerNginx, Floor, WhiteNoise
from report import Check, Theme, table
from rounds import Rounds

_BROTLI = (("Accept-Encoding", "br"),)


@dataclasses.dataclass
class Scenario:
    """One kind of request."""

    name: str
    size: str
    fields: tuple = ()
    status: int = 200
    connections: int = 64
    pipelined: int = 1
    log: bool = False
    is_quick: bool = False
    # For scenarios with a large spread, which depends on the client's socket buffers.
    extra_rounds: int = 0
    # Python servers are measured in few scenarios only, because they are slow.
    with_python: bool = False
    is_conditional: bool = False
    is_missing: bool = False

    def path(self, site):
        return "/static/missing.css" if self.is_missing else site.paths[sites.file_name(self.size)]


SCENARIOS = [
    Scenario("1 KiB, br", "1 KiB", _BROTLI, is_quick=True, with_python=True),
    *[Scenario(f"{size}, identity", size) for size in sites.SIZES if size != "350 KiB"],
    Scenario("350 KiB, identity", "350 KiB", is_quick=True, extra_rounds=3),
    Scenario("4 MiB, identity", sites.LARGE, extra_rounds=3),
    Scenario("5 KiB, br", "5 KiB", _BROTLI),
    Scenario("37 KiB, br", "37 KiB", _BROTLI, with_python=True),
    Scenario("350 KiB, br", "350 KiB", _BROTLI),
    Scenario("304", "1 KiB", status=304, is_conditional=True, is_quick=True),
    Scenario("206, 64 KiB of 4 MiB", sites.LARGE, (("Range", "bytes=1000000-1065535"),), 206),
    Scenario("404", "1 KiB", status=404, is_missing=True),
    Scenario("1 KiB, br, 1 connection", "1 KiB", _BROTLI, connections=1),
    Scenario("1 KiB, br, 1,000 connections", "1 KiB", _BROTLI, connections=1000),
    Scenario("1 KiB, br, 16 pipelined", "1 KiB", _BROTLI, pipelined=16, is_quick=True),
    Scenario("1 KiB, br, access log", "1 KiB", _BROTLI, log=True),
]


def run(bench):
    """Measures every scenario with every peer."""
    site = sites.sizes(bench.tools, bench.work)
    scenarios = [s for s in SCENARIOS if s.is_quick or not bench.is_quick]
    results = {}
    for log in (False, True):
        wanted = [s for s in scenarios if s.log == log]
        if not wanted:
            continue
        servers, notes = _start(bench, site, log)
        try:
            for scenario in wanted:
                bench.say(f"serve: {scenario.name}")
                results[scenario.name] = _measure(bench, site, scenario, servers, notes)
        finally:
            for _, process in servers:
                process.stop()
    return _report(bench, scenarios, results)


def _start(bench, site, log):
    servers, notes = [], {}
    for kind in ALL:
        peer = kind(bench.tools)
        if log and not peer.has_access_log:
            notes[peer.name] = "has no access log"
            continue
        try:
            servers.append((peer, peer.start(site.root, bench.work, log=log)))
        except DidNotStart as reason:
            notes[peer.name] = f"did not run: {reason}"
    return servers, notes


def _measure(bench, site, scenario, servers, notes):
    rounds = {name: Rounds(note=note) for name, note in notes.items()}
    runners, floor = [], None
    for peer, process in servers:
        if not _is_measured(bench, peer, scenario):
            continue
        fields, answer = ask(process, site, scenario)
        result = rounds[peer.name] = Rounds(note=judge(scenario, answer))
        if answer.status != scenario.status:
            continue
        if floor is None and peer.name == "staticd":
            floor = _start_floor(bench, answer)
            rounds["floor"] = Rounds()
            runners.append((rounds["floor"], floor, fields))
        runners.append((result, process, fields))
    try:
        for _ in range(bench.rounds + scenario.extra_rounds):
            for result, process, fields in runners:
                add_round(bench, result, process, scenario.path(site), scenario, fields)
    finally:
        if floor:
            floor.stop()
    return rounds


def _is_measured(bench, peer, scenario):
    if peer.is_for_pipelining and scenario.pipelined == 1:
        return False
    if isinstance(peer, WhiteNoise):
        return scenario.with_python
    # Caddy is ten times slower: a quick run measures it in few scenarios.
    return scenario.with_python or not (bench.is_quick and isinstance(peer, Caddy))


def ask(process, site, scenario):
    """Sends one request to check the response; returns the fields to send as well."""
    path, fields = scenario.path(site), scenario.fields
    if scenario.is_conditional:
        tag = http_client.get(process.port, path).fields.get("etag", "")
        fields = (("If-None-Match", tag),)
    return fields, http_client.get(process.port, path, fields)


def judge(scenario, answer):
    if answer.status != scenario.status:
        return f"answers {answer.status}"
    wanted = dict(scenario.fields).get("Accept-Encoding", "identity")
    if scenario.status == 200 and answer.coding != wanted:
        return f"sends {answer.coding}"
    return ""


def _start_floor(bench, answer):
    floor = Floor(bench.tools)
    floor.response = bench.work / "response"
    floor.response.write_bytes(answer.raw)
    return floor.start(bench.work, bench.work)


def add_round(bench, result, process, path, scenario, fields):
    result.add(
        process,
        path,
        fields=fields,
        connections=scenario.connections,
        seconds=bench.seconds,
        pipelined=scenario.pipelined,
        errors_expected=scenario.status >= 400,
    )


def _report(bench, scenarios, results):
    theme = Theme("serve", "CPU time per request", bench)
    theme.add(
        f"Server on one core, wrk on the other; {bench.rounds} interleaved rounds "
        f"(large bodies: {bench.rounds + 3}) of {bench.seconds} s, 64 connections unless said otherwise. CPU is user and system time of "
        "the server's processes, in microseconds per request: median (lowest-highest). The ratio "
        "is to staticd in the same round, above 1 where staticd is cheaper."
    )
    for scenario in scenarios:
        rounds = results[scenario.name]
        reference = rounds["staticd"].cost if "staticd" in rounds else []
        rows = [row(name, rounds[name], reference) for name in order(rounds)]
        header = ["server", "CPU us", "ratio", "requests/s", "p50 ms", "p99 ms", ""]
        theme.add(f"### {scenario.name}", table(header, rows))
    _checks(theme, results)
    _charts(theme, results)
    return theme


def order(rounds):
    costs = {name: Figure.of(r.cost).median if r.cost else 1e9 for name, r in rounds.items()}
    return sorted(rounds, key=lambda name: (costs[name], name))


def row(name, rounds, reference):
    if not rounds.cost:
        return [name, "", "", "", "", "", rounds.note]
    cost = Figure.of([value * 1e6 for value in rounds.cost])
    relative = ratio(rounds.cost, reference).text() if reference else ""
    latency = [_milliseconds(values) for values in (rounds.p50, rounds.p99)]
    return [name, cost.text(), relative, number(Figure.of(rounds.rate).median), *latency, rounds.note]


def _milliseconds(values):
    # wrk measures no latency for pipelined requests.
    median = Figure.of(values).median
    return number(median * 1e3, 3) if median else ""


# Promises of design and documentation: at most this many times the peer's cost.
_PROMISES = [
    ("1 KiB, br", "floor", 1.15),
    ("1 KiB, br", "nginx", 0.70),
    ("1 KiB, br", "h2o", 0.85),
    *[
        (name, peer, 1.0)
        for name in ("37 KiB, br", "37 KiB, identity", "350 KiB, identity", "350 KiB, br", "304")
        for peer in ("nginx", "h2o")
    ],
    # The log's promise is relative to the floor without a log.
    ("1 KiB, br, access log", "floor", 1.30),
]


def _checks(theme, results):
    for scenario, peer, most in _PROMISES:
        rounds = results.get(scenario, {})
        costs = [rounds[name].cost if name in rounds else [] for name in ("staticd", peer)]
        if all(costs):
            measured = ratio(*costs).median
            theme.check(Check(f"{scenario}: CPU to {peer}", f"at most {most:.2f}", measured, measured <= most))
    pipelined = results.get("1 KiB, br, 16 pipelined", {})
    eager = pipelined.get(EagerNginx.name)
    if eager and eager.rate and pipelined["staticd"].rate:
        times = ratio(pipelined["staticd"].rate, eager.rate).median
        theme.check(Check("16 pipelined: requests/s to nginx", "at least 3", times, times >= 3))


def _charts(theme, results):
    for scenario in ("1 KiB, br", "37 KiB, br", "350 KiB, identity", "304"):
        rounds = results.get(scenario)
        if rounds:
            bars = {
                name: Figure.of([value * 1e6 for value in rounds[name].cost])
                for name in order(rounds)
                if rounds[name].cost and name not in (WhiteNoise.name, DjangoWhiteNoise.name)
            }
            theme.chart(f"CPU per request: {scenario}", charts.bars(bars, "us of CPU per request"))
    by_size = {**sites.SIZES, sites.LARGE: sites.LARGE_BYTES}
    _curve(theme, results, "CPU per request by size of the file", "bytes", {
        count: f"{label}, identity" for label, count in by_size.items()
    })
    _curve(theme, results, "CPU per request by number of connections", "connections", {
        1: "1 KiB, br, 1 connection", 64: "1 KiB, br", 1000: "1 KiB, br, 1,000 connections",
    })


def _curve(theme, results, title, unit, names):
    if not all(name in results for name in names.values()):
        return
    lines = {}
    for x, scenario in names.items():
        for peer, rounds in results[scenario].items():
            if rounds.cost and peer not in (WhiteNoise.name, DjangoWhiteNoise.name):
                lines.setdefault(peer, []).append((x, Figure.of(rounds.cost).median * 1e6))
    theme.chart(title, charts.curves(lines, unit, "us of CPU per request"))
