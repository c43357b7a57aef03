"""Time from the start of the process to the first response, and reload."""

import subprocess
import threading
import time

import charts
import http_client
import sites
import sync_workers
from figures import Figure, ratio
from peers import DidNotStart, SERVERS, Staticd
from processes import ALL_CORES, Process, free_port
from report import Check, Theme, table

_FILE_BYTES = 2048
# Above this number of files, compressing would take longer than everything else.
_COMPRESSED_MAX = 10_000
_RELOAD_TIMEOUT = 5
# The number of files of the promises.
_MANY = 10_000
# The numbers of files with which an app is started behind staticd.
_APP_FILES = [1000, _MANY]
_APPS = {"a WSGI function": "slow_site:application", "a Django project": "django_page:application"}


def run(bench):
    """Measures each number of files with every peer."""
    counts = [10, 1000, 10_000] if bench.is_quick else [10, 1000, 10_000, 100_000]
    results, notes, floors = {}, {}, {}
    for count in counts:
        bench.say(f"startup: {count:,} files")
        site = _site(bench, count)
        path = next(iter(site.paths.values()))
        for _ in range(_rounds(bench, count)):
            floors.setdefault(count, []).append(_listing(bench, site.root))
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
    many = _site(bench, _MANY)
    large = [_reading(bench, many) for _ in range(3)]
    apps = {name: {count: [] for count in [None, *_APP_FILES]} for name in _APPS}
    for _ in range(7):
        for name, application in _APPS.items():
            bench.say(f"startup: {name}, alone and under staticd")
            for count, seconds in apps[name].items():
                root = count and _site(bench, count).root
                seconds.append(_first_page(bench, application, root))
    return _report(bench, counts, results, floors, reloads, large, apps, notes)


def _listing(bench, root):
    """Seconds that a C program takes to list and stat the files."""
    start = time.monotonic()
    subprocess.run([bench.tools.listing, root], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def _reading(bench, site):
    """Seconds from SIGHUP until staticd serves a reloaded table.

    A new file would not show the reload: it is found at request time anyway.
    """
    process = Staticd(bench.tools).start(site.root, bench.work, timeout=120, cores=ALL_CORES)
    try:
        # After the first responses, bodies are still being read into memory.
        time.sleep(2)
        started = time.monotonic()
        process.signal(Staticd.reload_signal)
        while "Reloaded:" not in process.output():
            if time.monotonic() - started > _RELOAD_TIMEOUT:
                return None
            time.sleep(0.001)
        return time.monotonic() - started
    finally:
        process.stop()


def _first_page(bench, application, root):
    """Seconds from the start to the first page of an app, by gunicorn alone or behind staticd with the
    files in `root`."""
    port = free_port()
    app = [bench.tools.python("gunicorn"), application]
    if root:
        options = ["--root", root, "--listen", f"127.0.0.1:{port}", "--access-log", "off"]
        command = [bench.tools.staticd, "run", *options, "--", *app]
    else:
        command = [*app, "--bind", f"127.0.0.1:{port}"]
    log = bench.work / "first-page"
    return _time_to(
        "/page", Process(command, port, log, sync_workers.environment(), cores=ALL_CORES)
    )


def _time_to(path, process):
    """Seconds from the start of a process to its first response; the process is ended."""
    try:
        answer = http_client.get(process.port, path, timeout=120)
        seconds = time.monotonic() - process.started
        if answer.status != 200:
            raise DidNotStart(f"answers {answer.status}")
        return seconds
    finally:
        process.stop()


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
    return _time_to(path, peer.start(root, bench.work, timeout=120, cores=ALL_CORES))


def _reload(bench, peer, site):
    """Seconds until a file added under the running server is served, and the slowest response meanwhile, or None."""
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
    """A client that sends a thousand requests a second and records the slowest response."""

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


def _report(bench, counts, results, floors, reloads, large, apps, notes):
    theme = Theme("startup", "Start and reload", bench)
    theme.add(
        "Milliseconds from starting the process to the first answer, median (lowest-highest) of "
        "interleaved rounds, and the ratio to staticd. Servers may use both cores here. The files are style sheets of about "
        f"{_FILE_BYTES >> 10} KiB, each with its hashed copy, both with br and gzip up to "
        f"{_COMPRESSED_MAX:,} files, and in the page cache."
    )
    for count in counts:
        reference = results.get("staticd", {}).get(count, [])
        rows = [_row("listing alone", floors[count], reference)]
        for kind in SERVERS:
            values = results.get(kind.name, {}).get(count)
            if values:
                rows.append(_row(kind.name, values, reference))
            else:
                rows.append([kind.name, "", "", notes.get(kind.name, "")])
        theme.add(f"### {count:,} files", table(["server", "ms", "ratio", ""], rows))
    theme.add(
        "### Reload",
        "A file is added to 1,000 under the running server; those that have to be told are told. "
        "staticd, nginx, h2o, lighttpd and Caddy look at the disk for a name that they do not know.",
        table(["server", "ms until it is served", "slowest answer meanwhile, ms"], _reload_rows(reloads)),
    )
    theme.add(
        "### With an app",
        "Milliseconds to the first page of an app under gunicorn, alone and started by `staticd run`.",
        table(
            ["", "gunicorn alone", *(f"run, {count:,} files" for count in _APP_FILES)],
            [[name, *map(_milliseconds, found.values())] for name, found in apps.items()],
        ),
    )
    _check(theme, results, floors[_MANY], large, apps)
    lines = {
        name: [(count, Figure.of(values).median * 1e3) for count, values in found.items()]
        for name, found in results.items()
    }
    theme.chart("Time to the first answer by number of files", charts.curves(lines, "files", "ms"))
    return theme


def _row(name, values, reference):
    relative = ratio(values, reference).text() if len(reference) == len(values) else ""
    return [name, _milliseconds(values), relative, ""]


def _milliseconds(values):
    return Figure.of([v * 1e3 for v in values]).text()


def _check(theme, results, floor, large, apps):
    listing = Figure.of(floor).median
    started = results.get("staticd", {}).get(_MANY)
    if started:
        times = Figure.of(started).median / listing
        theme.check(Check(f"first answer, {_MANY:,} files, to listing them in C", "at most 2", times, times <= 2))
    if all(large):
        times = Figure.of(large).median / listing
        theme.check(Check(f"reload, {_MANY:,} files, to listing them in C", "at most 2", times, times <= 2))
    for app, found in apps.items():
        for count in _APP_FILES:
            added = (Figure.of(found[count]).median - Figure.of(found[None]).median) * 1e3
            name = f"ms that `run` adds to the start of {app}, {count:,} files"
            theme.check(Check(name, "at most 50", added, added <= 50))


def _reload_rows(reloads):
    rows = []
    for name, measured in reloads.items():
        if measured is None:
            rows.append([name, f"not within {_RELOAD_TIMEOUT} s", ""])
        else:
            rows.append([name, *(f"{seconds * 1e3:.1f}" for seconds in measured)])
    return rows
