"""The cost of observability: the access log and the metrics, compared with the same server without."""

import serve
import sites
from figures import ratio
from peers import Staticd
from report import Check, Theme, table
from rounds import Rounds

_SCENARIO = serve.Scenario("1 KiB, br", "1 KiB", (("Accept-Encoding", "br"),))
# The options of each server, and the allowed cost relative to the first.
_SERVERS = {
    "neither": (["--access-log", "off"], None),
    "log in JSON": (["--access-log", "json", "--access-log-file", "{log}"], 1.10),
    "log as combined": (["--access-log", "combined", "--access-log-file", "{log}"], 1.10),
    "metrics": (["--access-log", "off", "--admin", "127.0.0.1:0"], 1.03),
}


class _Observed(Staticd):
    def __init__(self, tools, name, options):
        super().__init__(tools)
        self.name, self._options = name, options

    def command(self, root, work, port, log):
        options = [option.format(log=work / "access.log") for option in self._options]
        listen = ["--listen", f"127.0.0.1:{port}", "--workers", "1"]
        return [self.tools.staticd, "serve", "--root", root, *listen, *options], {}


def run(bench):
    site = sites.sizes(bench.tools, bench.work)
    servers = {}
    rounds = {name: Rounds() for name in _SERVERS}
    try:
        for name, (options, _) in _SERVERS.items():
            servers[name] = _Observed(bench.tools, name, options).start(site.root, bench.work)
        # Differences of 1 % need more rounds than those of 50 %.
        for number in range(2 * bench.rounds):
            bench.say(f"observing: round {number + 1}")
            for name, process in servers.items():
                path = _SCENARIO.path(site)
                serve.add_round(bench, rounds[name], process, path, _SCENARIO, _SCENARIO.fields)
    finally:
        for process in servers.values():
            process.stop()
    return _report(bench, rounds)


def _report(bench, rounds):
    theme = Theme("observing", "Access log and metrics", bench)
    theme.add(
        "A style sheet of 1 KiB with brotli, 64 connections, one core for the server and one for wrk. CPU in "
        "microseconds per request: median (lowest-highest) of interleaved rounds."
    )
    reference = rounds["neither"].cost
    header = ["", "CPU us", "ratio", "requests/s", "p50 ms", "p99 ms", ""]
    theme.add(table(header, [serve.row(name, found, reference) for name, found in rounds.items()]))
    for name, (_, most) in _SERVERS.items():
        if most and rounds[name].cost:
            measured = ratio(rounds[name].cost, reference).median
            theme.check(Check(f"{name}: CPU to neither", f"at most {most:.2f}", measured, measured <= most))
    return theme
