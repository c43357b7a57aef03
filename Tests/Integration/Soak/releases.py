"""A collected site that gets a new release from time to time."""

import asyncio
import json
import random
import time

# How long after a publication the server may still serve the previous release.
_NOTICE_SECONDS = 5
# `collect` keeps one more besides the newest: the next may be published meanwhile.
_KEPT = 2


class Releases:
    """Files that do not change, and one that names its release."""

    def __init__(self, staticd, work):
        self._staticd = staticd
        self._cache = work / "cache"
        self._source = work / "static"
        self.root = work / "root"
        self._source.mkdir()
        # Path and content of each unchanging file.
        self.files = []
        # Path, content, and the time at which its publication ended.
        self._published = []

    def write_files(self):
        for index, count in enumerate([100, 5_000, 70_000, 400_000]):
            content = random.Random(index).randbytes(count // 2).hex().encode()
            (self._source / f"{index}.bin").write_bytes(content)
            self.files.append((f"/static/{index}.bin", content))

    async def publish(self):
        """Collects the next release."""
        content = f"release {len(self._published)}\n".encode()
        (self._source / "release.txt").write_bytes(content)
        process = await asyncio.create_subprocess_exec(
            self._staticd, "collect", self._source, "--root", self.root, "--cache", self._cache, "-q"
        )
        if await process.wait() != 0:
            raise SystemExit(f"collect ended with {process.returncode}")
        names = json.loads((self.root / "staticfiles.json").read_text())["paths"]
        self._published.append((f"/static/{names['release.txt']}", content, time.monotonic()))

    def kept(self, since):
        """Path and content of a release that the server must serve at `since`, and whose files still exist."""
        noticed = self._noticed(since)
        return self._published[random.randint(max(0, noticed - _KEPT + 1), noticed)][:2]

    def current(self, since):
        """The allowed contents of `release.txt` in a response to a request that began at `since`."""
        # The next release may be visible before its `collect` ends.
        return [f"release {number}\n".encode() for number in range(self._noticed(since), len(self._published) + 1)]

    def _noticed(self, since):
        """The newest release that the server must have noticed at `since`; it started with the first."""
        old = [number for number, row in enumerate(self._published) if row[2] < since - _NOTICE_SECONDS]
        return old[-1] if old else 0
