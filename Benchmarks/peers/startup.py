"""Time from the start of the process to the first answer, and reload."""

import threading
import time

import charts
import http_client
import sites
from figures import Figure, ratio
from peers import DidNotStart, SERVERS
from processes import ALL_CORES
from report import Check, Theme, table

_FILE_BYTES = 2048
# With more files than this, compressing them would take longer than everything else.
_COMPRESSED_MAX = 10_000
_RELOAD_TIMEOUT = 5


def run(bench):
    """Measures each number of files with every peer."""
    counts = [10, 1000, 10_000] if bench.is_quick else [10, 1000, 10_000, 100_000]
    results, notes = {}, {}
    for count in counts:
        bench.say(f"startup: {count:,} files")
        site = _site(bench, count)
        path = next(iter(site.paths.values()))
        for _ in range(_rounds(bench, count)):
            for kind in SERVERS:
                peer = kind(bench.tools)
                if peer.name in notes:
                    continue
                try:
                    seconds = _first_answer(bench, peer, site.root, path)
                except (DidNotStart, OSError) as reason:
                    notes[peer.name] = f"failed: {reason}"
                    continue
                results.setdefault(peer.name, {}).setdefault(count, []).append(seconds)
    reloads = {}
    site = _site(bench, 1000)
    for kind in SERVERS:
        peer = kind(bench.tools)
        bench.say(f"startup: reload of {peer.name}")
        try:
            reloads[peer.name] = _reload(bench, peer, site)
        except (DidNotStart, OSError) as reason:
            notes[peer.name] = f"failed: {reason}"
    return _report(bench, counts, results, reloads, notes)


def _rounds(bench, count):
    if count <= 10:
        return 7
    if count > 10_000:
        return 1
    return 3 if count > 1000 and bench.is_quick else 5


def _site(bench, count):
    source = bench.work / f"many-{count}"
    if not source.exists():
        sites.many_sources(bench.work, count, _FILE_BYTES)
    options = [] if count <= _COMPRESSED_MAX else ["--formats", "none"]
    return sites.Site(bench.tools, source, bench.work / f"many-{count}-root", *options)


def _first_answer(bench, peer, root, path):
    process = peer.start(root, bench.work, timeout=120, cores=ALL_CORES)
    try:
        answer = http_client.get(process.port, path, timeout=120)
        seconds = time.monotonic() - process.started
        if answer.status != 200:
            raise DidNotStart(f"answers {answer.status}")
        return seconds
    finally:
        process.stop()


def _reload(bench, peer, site):
    """Seconds until a file added under the running server is answered, and the slowest answer to
    another client meanwhile; None when it never is."""
    process = peer.start(site.root, bench.work, cores=ALL_CORES)
    path = next(iter(site.paths.values()))
    added = site.root / f"added-{peer.name.replace(' ', '-')}.css"
    try:
        http_client.get(process.port, path)
        with _Watcher(process.port, path) as watcher:
            added.write_text("a {}\n")
            started = time.monotonic()
            if peer.reload_signal:
                process.signal(peer.reload_signal)
            while not _is_answered(process.port, f"/static/{added.name}"):
                if time.monotonic() - started > _RELOAD_TIMEOUT:
                    return None
                time.sleep(0.001)
            seconds = time.monotonic() - started
        return seconds, watcher.slowest
    finally:
        process.stop()
        added.unlink(missing_ok=True)


def _is_answered(port, path):
    try:
        return http_client.get(port, path).status == 200
    except OSError:
        return False


class _Watcher:
    """A client that asks a thousand times a second and remembers the slowest answer."""

    def __init__(self, port, path):
        self.slowest = 0.0
        self._port, self._path = port, path
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ends.set()
        self._thread.join()

    def _run(self):
        connection = None
        while not self._ends.wait(0.001):
            start = time.monotonic()
            try:
                connection = connection or http_client.Connection(self._port, timeout=5)
                connection.get(self._path)
            except OSError:
                connection = None
                continue
            self.slowest = max(self.slowest, time.monotonic() - start)


def _report(bench, counts, results, reloads, notes):
    theme = Theme("startup", "Start and reload", bench)
    theme.add(
        "Milliseconds from starting the process to the first answer, median (lowest-highest) of "
        "interleaved rounds, and the ratio to staticd. Servers may use both cores here. The files are style sheets of about "
        f"{_FILE_BYTES >> 10} KiB, each with its hashed copy, both with br and gzip up to "
        f"{_COMPRESSED_MAX:,} files, and in the page cache."
    )
    for count in counts:
        reference = results.get("staticd", {}).get(count, [])
        rows = []
        for kind in SERVERS:
            values = results.get(kind.name, {}).get(count)
            if values:
                relative = ratio(values, reference).text() if len(reference) == len(values) else ""
                rows.append([kind.name, Figure.of([v * 1e3 for v in values]).text(), relative, ""])
            else:
                rows.append([kind.name, "", "", notes.get(kind.name, "")])
        theme.add(f"### {count:,} files", table(["server", "ms", "ratio", ""], rows))
    theme.add(
        "### Reload",
        "A file is added to 1,000 under the running server; those that have to be told are told. "
        "nginx, h2o, lighttpd and Caddy look at the disk for each request or hold its answer for a "
        "while.",
        table(["server", "ms until it is served", "slowest answer meanwhile, ms"], _reload_rows(reloads)),
    )
    started = results.get("staticd", {}).get(10_000)
    if started:
        measured = Figure.of(started).median * 1e3
        theme.check(Check("ms to the first answer, 10,000 files", "at most 150", measured, measured <= 150))
    lines = {
        name: [(count, Figure.of(values).median * 1e3) for count, values in found.items()]
        for name, found in results.items()
    }
    theme.chart("Time to the first answer by number of files", charts.curves(lines, "files", "ms"))
    return theme


def _reload_rows(reloads):
    rows = []
    for name, measured in reloads.items():
        if measured is None:
            rows.append([name, f"not within {_RELOAD_TIMEOUT} s", ""])
        else:
            rows.append([name, *(f"{seconds * 1e3:.1f}" for seconds in measured)])
    return rows
