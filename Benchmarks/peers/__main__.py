"""Measures staticd against its peers; run by `scripts/bench`, which prepares what is needed."""

import argparse
import datetime
import os
import pathlib
import platform
import resource
import shlex
import subprocess
import sys
import tempfile
import time

import collect
import deltas
import embed
import live
import memory
import micro
import observing
import overload
import proxy
import publish
import serve
import slow
import startup
from peers import ALL
from report import table
from tools import PROJECT, Tools

_THEMES = {theme.__name__: theme for theme in (serve, live, observing, memory, startup, proxy, slow, overload, collect, deltas, publish, embed, micro)}


class Bench:
    """State shared by the themes: tools, a working directory, the duration of a measurement."""

    def __init__(self, tools, work, is_quick, command):
        self.tools = tools
        self.work = work
        self.is_quick = is_quick
        self.rounds = 4 if is_quick else 5
        self.seconds = 1
        self._command = command
        self._started = time.monotonic()

    def say(self, text):
        """Prints one line of progress."""
        print(f"[{time.monotonic() - self._started:6.1f} s] {text}", file=sys.stderr, flush=True)

    def description(self):
        """Machine, date and command."""
        date = datetime.date.today().isoformat()
        cores = len(os.sched_getaffinity(0))
        machine = f"{_processor()}, {cores} cores, Linux {platform.release().split('-')[0]}"
        return f"Measured on {date} by `{self._command}` at {_revision()} ({machine})."


def _processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _revision():
    revision = _git("describe", "--always")
    # Results are written while this runs, so changes below Benchmarks/results do not count.
    is_changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!Benchmarks/results")
    return f"revision {revision or 'unknown'}{'-dirty' if is_changed else ''}"


def _git(*arguments):
    command = ["git", "-C", str(PROJECT), *arguments]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def _peers(tools):
    rows = [[p.name, p.version() or "this revision", p.settings] for p in (k(tools) for k in ALL)]
    return table(["server", "version", "configuration"], rows)


def _arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("themes", nargs="*", metavar="THEME", help=f"{', '.join(_THEMES)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="the telling cases only, within 4 minutes")
    parser.add_argument(
        "--results",
        type=pathlib.Path,
        metavar="DIR",
        help="where pages and charts go (default: Benchmarks/results, with --quick .build/bench/results)",
    )
    options = parser.parse_args()
    unknown = [name for name in options.themes if name not in _THEMES]
    if unknown:
        parser.error(f"no theme '{unknown[0]}'; there are {', '.join(_THEMES)}")
    # The measurements with slow clients and overload take long.
    usual = [name for name in _THEMES if not (options.quick and name in ("slow", "overload"))]
    options.themes = options.themes or usual
    if options.results is None:
        options.results = PROJECT / (".build/bench/results" if options.quick else "Benchmarks/results")
    return options


def main():
    options = _arguments()
    # A thousand connections need as many descriptors, here and in every server started from here.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    tools = Tools.prepared()
    options.results.mkdir(parents=True, exist_ok=True)
    peers = _peers(tools)
    (options.results / "peers.md").write_text(f"# Peers\n\n{peers}\n")
    print(peers)
    # In memory-backed storage if available, so that the disk of the build machine does not count.
    with tempfile.TemporaryDirectory(prefix="staticd-bench-") as work:
        os.chmod(work, 0o755)
        bench = Bench(tools, pathlib.Path(work), options.quick, shlex.join(["scripts/bench", *sys.argv[1:]]))
        for name in options.themes:
            directory = bench.work / name
            directory.mkdir()
            shared, bench.work = bench.work, directory
            theme = _THEMES[name].run(bench)
            bench.work = shared
            theme.write(options.results)
            print(f"\n{theme.text()}", flush=True)
        bench.say(f"done; pages and charts are in {options.results}")


if __name__ == "__main__":
    main()
