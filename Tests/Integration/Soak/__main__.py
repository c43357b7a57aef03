"""Mixed traffic for a long time; run by `scripts/internal/soak`."""

import argparse
import asyncio
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

import verdict
from releases import Releases
from traffic import Traffic


class Watched:
    """The resources of the running server."""

    def __init__(self, pid):
        self._proc = pathlib.Path(f"/proc/{pid}")

    def now(self):
        """Resident KiB, descriptors, and the number of open unlinked files."""
        text = (self._proc / "status").read_text()
        resident = int(re.search(r"VmRSS:\s+(\d+)", text).group(1))
        links = []
        for entry in (self._proc / "fd").iterdir():
            try:
                links.append(os.readlink(entry))
            except OSError:
                pass
        return resident, len(links), sum(link.endswith("(deleted)") for link in links)

    def settled(self):
        """The same without clients."""
        time.sleep(4)
        return self.now()


def main():
    parser = argparse.ArgumentParser(prog="scripts/internal/soak", description=__doc__)
    parser.add_argument("staticd")
    parser.add_argument("gunicorn")
    parser.add_argument("--minutes", type=float, default=30)
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as work:
        sys.exit(1 if _run(options, pathlib.Path(work)) else 0)


def _run(options, work):
    site = Releases(options.staticd, work)
    site.write_files()
    asyncio.run(site.publish())
    process = _start(options, work, site)
    try:
        watched = Watched(process.pid)
        traffic = Traffic(_port(work / "output"), site, process)
        # Memory that the first requests load is not growth.
        warm = min(60, options.minutes * 20)
        asyncio.run(traffic.run(warm, watched))
        before = watched.settled()
        asyncio.run(traffic.run(options.minutes * 60 - warm, watched))
        after = watched.settled()
    finally:
        process.send_signal(signal.SIGTERM)
        status = process.wait(60)
    problems = verdict.failed(traffic.failures) + verdict.growth(before, after, status)
    problems += verdict.in_vain(work / "requests", work / "access.log", traffic.left)
    problems += verdict.contradictions(work, traffic.seen)
    print(f"visits and answers by class: {dict(traffic.seen)}")
    print(f"{traffic.reloads} reloads; {len(traffic.left)} clients left in a burst")
    print(f"resident KiB, descriptors, temporary files: {before} after a minute, {after} at the end")
    for problem in problems:
        print(f"PROBLEM: {problem}")
    return problems


def _start(options, work, site):
    log = open(work / "output", "wb")
    return subprocess.Popen(
        [
            options.staticd, "run", "--root", site.root, "--listen", "127.0.0.1:0",
            "--workers", "2", "--access-log-file", work / "access.log", "--keepalive-timeout", "2",
            "--", options.gunicorn, "--chdir", pathlib.Path(__file__).parent, "--workers", "2",
            # Each open WebSocket occupies a thread.
            "--worker-class", "gthread", "--threads", "32", "--access-logfile", work / "app.log",
            "--max-requests", "5000", "--max-requests-jitter", "500", "app:application",
        ],
        stdout=log,
        stderr=log,
        env={**os.environ, "TMPDIR": str(work), "REQUEST_LOG": str(work / "requests")},
    )


def _port(output):
    for _ in range(300):
        found = re.search(r"at http://127\.0\.0\.1:(\d+)", output.read_text())
        if found:
            return int(found.group(1))
        time.sleep(0.1)
    raise SystemExit(f"staticd did not start: {output.read_text()}")


if __name__ == "__main__":
    main()
