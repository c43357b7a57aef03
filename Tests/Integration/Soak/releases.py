"""A collected site of which a new release comes every now and then."""

import asyncio
import json
import random
import time

# How long after its publication the server may still answer with the release before.
_NOTICE_SECONDS = 5
# What `collect` keeps beside the newest is one more: the next may be published meanwhile.
_KEPT = 2


class Releases:
    """Files that stay as they are, and one that tells which release it belongs to."""

    def __init__(self, staticd, work):
        self._staticd = staticd
        self._cache = work / "cache"
        self._source = work / "static"
        self.root = work / "root"
        self._source.mkdir()
        # Path and content of each file that stays.
        self.files = []
        # Path, content, and when its publication had ended.
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
        """Path and content of a release that the server must know at `since`, and whose files are still there."""
        noticed = self._noticed(since)
        return self._published[random.randint(max(0, noticed - _KEPT + 1), noticed)][:2]

    def current(self, since):
        """What `release.txt` may hold in an answer to a request that began at `since`."""
        # The next one may be there already although its `collect` has not ended yet.
        return [f"release {number}\n".encode() for number in range(self._noticed(since), len(self._published) + 1)]

    def _noticed(self, since):
        """The newest release that the server must have noticed at `since`; it began with the first."""
        old = [number for number, row in enumerate(self._published) if row[2] < since - _NOTICE_SECONDS]
        return old[-1] if old else 0
