"""Files looked up at request time: `--live` compared with nginx with `open_file_cache`."""

import random

import serve
import sites
from figures import ratio
from peers import DidNotStart, Nginx, Staticd
from report import Check, Theme, table
from rounds import Rounds


class LiveStaticd(Staticd):
    """The root as a directory of uploads, which may change at any time."""

    def command(self, root, work, port, log):
        listen = ["--listen", f"127.0.0.1:{port}", "--workers", "1", "--access-log", "off"]
        return [self.tools.staticd, "serve", "--live", f"/static/={root}", *listen], {}


_SIZES = {"1 KiB": 1024, "8 KiB": 8192, "37 KiB": 37888, "350 KiB": 358400, "4 MiB": 4 << 20}


def _scenarios():
    for label in _SIZES:
        yield serve.Scenario(label, label, extra_rounds=3 if "MiB" in label else 0)
    yield serve.Scenario("304", "1 KiB", status=304, is_conditional=True)
    yield serve.Scenario("206, 64 KiB of 4 MiB", "4 MiB", (("Range", "bytes=1000000-1065535"),), 206)
    yield serve.Scenario("404", "1 KiB", status=404, is_missing=True)
    yield serve.Scenario("1 KiB, 1 connection", "1 KiB", connections=1)


def run(bench):
    """Measures every scenario with both."""
    root = bench.work / "uploads"
    root.mkdir()
    site = sites.Uploads(root)
    for label, count in _SIZES.items():
        (root / sites.file_name(label)).write_bytes(random.Random(count).randbytes(count))
        site.paths[sites.file_name(label)] = f"/static/{sites.file_name(label)}"
    servers, notes = [], {}
    for kind in (LiveStaticd, Nginx):
        peer = kind(bench.tools)
        try:
            servers.append((peer, peer.start(root, bench.work)))
        except DidNotStart as reason:
            notes[peer.name] = f"did not run: {reason}"
    results = {}
    try:
        for scenario in _scenarios():
            bench.say(f"live: {scenario.name}")
            results[scenario.name] = _measure(bench, site, scenario, servers, notes)
    finally:
        for _, process in servers:
            process.stop()
    return _report(bench, results)


def _measure(bench, site, scenario, servers, notes):
    rounds = {name: Rounds(note=note) for name, note in notes.items()}
    runners = []
    for peer, process in servers:
        fields, answer = serve.ask(process, site, scenario)
        result = rounds[peer.name] = Rounds(note=serve.judge(scenario, answer))
        if answer.status == scenario.status:
            runners.append((result, process, fields))
    for _ in range(bench.rounds + scenario.extra_rounds):
        for result, process, fields in runners:
            serve.add_round(bench, result, process, scenario.path(site), scenario, fields)
    return rounds


def _report(bench, results):
    theme = Theme("live", "Live directories", bench)
    theme.add(
        "A directory of uploads with `--live`, whose changes the next request sees, beside nginx with "
        "`open_file_cache`, which looks again after 600 s. CPU of the server in microseconds per "
        "request: median (lowest-highest); the ratio is to staticd in the same round."
    )
    for name, rounds in results.items():
        reference = rounds["staticd"].cost if "staticd" in rounds else []
        rows = [serve.row(peer, rounds[peer], reference) for peer in serve.order(rounds)]
        header = ["server", "CPU us", "ratio", "requests/s", "p50 ms", "p99 ms", ""]
        theme.add(f"### {name}", table(header, rows))
        costs = [rounds[peer].cost if peer in rounds else [] for peer in ("staticd", "nginx")]
        if all(costs):
            measured = ratio(*costs).median
            theme.check(Check(f"{name}: CPU to nginx", "at most 1.00", measured, measured <= 1))
    return theme
