"""Resident memory: of idle keep-alive connections, and of a server after serving."""

import charts
import http_client
import load
import sites
from figures import Figure, number
from peers import DidNotStart, SERVERS
from report import Check, Theme, table

_BROTLI = (("Accept-Encoding", "br"),)


def run(bench):
    """Measures every peer, restarted for each round."""
    counts = [1000] if bench.is_quick else [1000, 8000]
    site = sites.sizes(bench.tools, bench.work)
    path = site.paths[sites.file_name("1 KiB")]
    results, notes = {}, {}
    for _ in range(1 if bench.is_quick else 3):
        for kind in SERVERS:
            peer = kind(bench.tools)
            bench.say(f"memory: {peer.name}")
            if peer.name in notes:
                continue
            try:
                measured = _measure(peer.start(site.root, bench.work), path, counts)
            except (DidNotStart, load.WrongAnswers, OSError) as reason:
                notes[peer.name] = f"failed: {reason}"
                continue
            for key, value in measured.items():
                results.setdefault(peer.name, {}).setdefault(key, []).append(value)
    return _report(bench, counts, results, notes)


def _measure(process, path, counts):
    """Bytes after serving, and bytes per idle connection with `count` of them open."""
    try:
        load.run(process.port, path, fields=_BROTLI)
        served = process.resident_bytes()
        measured = {"served": served}
        clients = []
        for count in counts:
            while len(clients) < count:
                clients.append(http_client.Connection(process.port))
                clients[-1].get(path, _BROTLI)
            measured[count] = max(0, process.resident_bytes() - served) / count
        for client in clients:
            client.close()
        return measured
    finally:
        process.stop()


def _report(bench, counts, results, notes):
    theme = Theme("memory", "Memory", bench)
    theme.add(
        "Memory of the server's processes (proportional set size): after a second of 64 "
        "connections asking for 1 KiB, and what each further keep-alive connection adds that has "
        "had one answer and is idle. Median (lowest-highest) of runs with a new process."
    )
    header = ["server", "after serving MiB", *(f"bytes each of {count:,} idle" for count in counts), ""]
    rows = []
    for kind in SERVERS:
        found = results.get(kind.name)
        if not found:
            rows.append([kind.name, "", *("" for _ in counts), notes.get(kind.name, "")])
            continue
        served = Figure.of([value / (1 << 20) for value in found["served"]])
        idle = [Figure.of(found[count]).text() for count in counts]
        rows.append([kind.name, served.text(), *idle, notes.get(kind.name, "")])
    theme.add(table(header, rows))
    most = counts[-1]
    if "staticd" in results:
        measured = Figure.of(results["staticd"][most]).median
        theme.check(Check(f"bytes of one of {most:,} idle connections", "at most 400", measured, measured <= 400))
    bars = {name: Figure.of(found[most]) for name, found in results.items()}
    theme.chart(f"Idle connection: bytes, {number(most)} connections", charts.bars(bars, "bytes"))
    if len(counts) > 1:
        lines = {
            name: [(count, max(1, Figure.of(found[count]).median)) for count in counts]
            for name, found in results.items()
        }
        theme.chart("Idle connection by number of connections", charts.curves(lines, "connections", "bytes"))
    return theme
