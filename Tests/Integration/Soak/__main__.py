"""Mixed traffic for a long time; run by `scripts/soak`."""

import argparse
import asyncio
import collections
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

import clients

_VISITORS = 40


class Watched:
    """What the running server holds."""

    def __init__(self, pid):
        self._proc = pathlib.Path(f"/proc/{pid}")

    def now(self):
        """Resident KiB, descriptors, and files among them that have no name any more."""
        text = (self._proc / "status").read_text()
        resident = int(re.search(r"VmRSS:\s+(\d+)", text).group(1))
        links = []
        for entry in (self._proc / "fd").iterdir():
            try:
                links.append(os.readlink(entry))
            except OSError:
                pass
        return resident, len(links), sum(link.endswith("(deleted)") for link in links)


async def _visitor(port, site, ends, seen, failures):
    kinds, weights = zip(*clients.KINDS)
    while time.monotonic() < ends:
        kind = random.choices(kinds, weights)[0]
        try:
            for status in await kind(port, site):
                seen[status // 100] += 1
            seen[kind.__name__] += 1
        except clients.Unrepeatable:
            seen["unrepeatable"] += 1
        except (clients.Failed, OSError, asyncio.IncompleteReadError, ValueError) as reason:
            if kind not in (clients.aborted, clients.hostile):
                failures.append(f"{kind.__name__}: {reason!r}")


async def _traffic(port, site, seconds, watched, seen, failures):
    ends = time.monotonic() + seconds
    visitors = [
        asyncio.create_task(_visitor(port, site, ends, seen, failures)) for _ in range(_VISITORS)
    ]
    started = time.monotonic()
    while time.monotonic() < ends:
        await asyncio.sleep(min(30, max(0.1, ends - time.monotonic())))
        resident, descriptors, _ = watched.now()
        print(
            f"{time.monotonic() - started:6.0f} s  {resident} KiB, {descriptors} descriptors, "
            f"{sum(v for k, v in seen.items() if isinstance(k, int))} answers, {len(failures)} failures",
            flush=True,
        )
    await asyncio.gather(*visitors)


def _settled(watched):
    """What is held when no client is there."""
    time.sleep(4)
    return watched.now()


def _site(work):
    source = work / "static"
    source.mkdir()
    site = []
    for index, count in enumerate([0, 100, 5_000, 70_000, 400_000]):
        content = random.Random(index).randbytes(count // 2).hex().encode()
        (source / f"{index}.bin").write_bytes(content)
        site.append((f"{index}.bin", content))
    return [row for row in site if row[1]]


def main():
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("staticd")
    parser.add_argument("gunicorn")
    parser.add_argument("--minutes", type=float, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        sys.exit(1 if _run(options, pathlib.Path(work)) else 0)


def _run(options, work):
    site = _site(work)
    log = open(work / "output", "wb")
    process = subprocess.Popen(
        [
            options.staticd, "run", "--root", work / "static", "--listen", "127.0.0.1:0",
            "--workers", "2", "--access-log-file", work / "access.log", "--keepalive-timeout", "2",
            "--", options.gunicorn, "--chdir", pathlib.Path(__file__).parent, "--workers", "2",
            "--worker-class", "gthread", "--threads", "4", "--access-logfile", work / "app.log",
            "--max-requests", "5000", "--max-requests-jitter", "500", "app:application",
        ],
        stdout=log,
        stderr=log,
        env={**os.environ, "TMPDIR": str(work)},
    )
    try:
        port = _port(work / "output")
        watched = Watched(process.pid)
        seen, failures = collections.Counter(), []
        # What the first requests bring into memory is no growth.
        warm = min(60, options.minutes * 20)
        asyncio.run(_traffic(port, site, warm, watched, seen, failures))
        before = _settled(watched)
        asyncio.run(_traffic(port, site, options.minutes * 60 - warm, watched, seen, failures))
        after = _settled(watched)
    finally:
        process.send_signal(signal.SIGTERM)
        status = process.wait(60)
    problems = failures[:10] + _judge(before, after, status)
    problems += _contradictions(work, seen)
    print(f"visits and answers by class: {dict(seen)}")
    print(f"resident KiB, descriptors, temporary files: {before} after a minute, {after} at the end")
    for problem in problems:
        print(f"PROBLEM: {problem}")
    return problems


def _port(output):
    for _ in range(300):
        found = re.search(r"at http://127\.0\.0\.1:(\d+)", output.read_text())
        if found:
            return int(found.group(1))
        time.sleep(0.1)
    raise SystemExit(f"staticd did not start: {output.read_text()}")


def _judge(before, after, status):
    problems = []
    if after[0] > before[0] * 1.1 + 2048:
        problems.append(f"memory has grown from {before[0]} to {after[0]} KiB")
    if after[1] > before[1] + 8:
        problems.append(f"descriptors have grown from {before[1]} to {after[1]}")
    if after[2] > before[2]:
        problems.append(f"{after[2]} temporary files are left")
    if status != 0:
        problems.append(f"staticd ended with {status}")
    return problems


def _contradictions(work, seen):
    """What the last line of counters, our log, the app's log and the clients say of the same thing."""
    text = (work / "output").read_text()
    found = re.search(r"^Stopped: (.*)$", text, re.M)
    if not found:
        return [f"no counters at the end: {text[-500:]}"]
    counters = {name: int(number) for number, name in re.findall(r"(\d+) ([a-z0-9 ]+)", found.group(1))}
    print(f"counters: {counters}")
    logged = collections.Counter()
    for line in (work / "access.log").read_text().splitlines():
        status = json.loads(line)["status"]
        # 499 stands for an answer that nobody waited for.
        logged[status if status == 499 else status // 100] += 1
    problems = []
    if counters["abandoned"] != logged[499]:
        problems.append(f"{counters['abandoned']} requests abandoned, {logged[499]} logged")
    for kind, name in ((2, "2xx"), (3, "3xx"), (4, "4xx"), (5, "5xx")):
        if seen[kind] > logged[kind]:
            problems.append(f"clients saw {seen[kind]} answers of {name}, the log has {logged[kind]}")
        if counters[name] != logged[kind]:
            problems.append(f"{counters[name]} answers of {name} counted, {logged[kind]} logged")
    app = sum(1 for _ in open(work / "app.log"))
    if app > counters["forwarded"] + counters["repeated"]:
        problems.append(f"the app saw {app} requests, {counters['forwarded']} were forwarded")
    if counters["connections"] != counters["closed"]:
        problems.append(f"{counters['connections']} connections accepted, {counters['closed']} closed")
    return problems


if __name__ == "__main__":
    main()
