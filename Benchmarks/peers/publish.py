"""Publishing to an object store: requests, time and memory by the number of objects."""

import dataclasses
import json
import os
import subprocess
import sys
import time
import urllib.request

from report import Check, Theme, table
from tools import PROJECT

_STORE = PROJECT / "Tests/Support/Store/memory_store.py"
# An unchanged release of this many objects takes at most four requests, as promised.
_USUAL = 1000
_COUNTS = [10, _USUAL, 10_000, 100_000]
_ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}


@dataclasses.dataclass
class Publishing:
    """One run of the command."""

    requests: int
    sent: int
    seconds: float
    cpu_seconds: float
    mebibytes: float


def run(bench):
    """Publishes sites of different sizes to a store in memory: first, unchanged, and with one file changed."""
    counts = _COUNTS[:-1] if bench.is_quick else _COUNTS
    results = {}
    for count in counts:
        bench.say(f"publish: {count:,} objects")
        source, root = bench.work / f"source-{count}", bench.work / f"root-{count}"
        source.mkdir()
        # Each is stored under its own name and under a hashed name.
        for number in range(count // 2):
            directory = source / str(number // 1000)
            directory.mkdir(exist_ok=True)
            (directory / f"{number}.css").write_text(f".c{number} {{ color: red }}\n" * 40)
        _collect(bench, source, root)
        store = subprocess.Popen([sys.executable, _STORE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            endpoint = f"http://127.0.0.1:{store.stdout.readline().strip()}"
            first = _publish(bench, root, endpoint)
            again = _publish(bench, root, endpoint)
            (source / "0/0.css").write_text("changed")
            _collect(bench, source, root)
            results[count] = {"first": first, "unchanged": again, "one file changed": _publish(bench, root, endpoint)}
        finally:
            store.terminate()
            store.wait()
    return _report(bench, results)


def _collect(bench, source, root):
    subprocess.run([bench.tools.staticd, "collect", source, "--root", root, "--formats", "none", "--quiet", "--no-cache",
                    "--durability", "none"], check=True)


def _publish(bench, root, endpoint):
    report = bench.work / "report.json"
    started = time.monotonic()
    process = subprocess.Popen([bench.tools.staticd, "publish", "s3://bucket/static", "--root", root, "--endpoint",
                                endpoint, "--report", report, "--quiet"], env={**os.environ, **_ENVIRONMENT})
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    if status:
        raise RuntimeError(f"staticd publish ended with {os.waitstatus_to_exitcode(status)}")
    # Reading the log empties it.
    urllib.request.urlopen(f"{endpoint}/_/log").read()
    counts = json.loads(report.read_text())["counts"]
    return Publishing(counts["requests"], counts["sent"], seconds, usage.ru_utime + usage.ru_stime,
                      usage.ru_maxrss / 1024)


def _report(bench, results):
    theme = Theme("publish", "Publishing to an object store", bench)
    usual = results[_USUAL]
    theme.check(Check(f"requests besides one for each object, first release of {_USUAL:,}", "at most 4",
                      usual["first"].requests - usual["first"].sent, usual["first"].requests <= usual["first"].sent + 4))
    theme.check(Check(f"requests for an unchanged release of {_USUAL:,}", "at most 4", usual["unchanged"].requests,
                      usual["unchanged"].requests <= 4))
    theme.add("The store is a Python program that keeps objects in memory, on the same two cores: it bounds the time, so the "
              "CPU time of `staticd publish` stands beside it. 16 requests are in flight. Half of the objects have hashed "
              "names; each has about 800 bytes. Memory is the largest resident set.")
    for what in ("first", "unchanged", "one file changed"):
        rows = []
        for count, runs in results.items():
            one = runs[what]
            rows.append([f"{count:,}", f"{one.requests:,}", f"{one.sent:,}", f"{one.seconds:.2f}",
                         f"{one.cpu_seconds:.2f}", f"{one.mebibytes:.0f}"])
        theme.add(f"### {what.capitalize()}", table(["objects", "requests", "sent", "s", "CPU s", "MiB"], rows))
    return theme
