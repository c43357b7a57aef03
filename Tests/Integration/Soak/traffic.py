"""All concurrent activity: visitors, bursts, reloads."""

import asyncio
import collections
import random
import signal
import time

import clients

_VISITORS = 40
_BURST_SECONDS = 10
_RELOAD_SECONDS = 15


class Traffic:
    """The results of all clients."""

    def __init__(self, port, site, process):
        self.seen = collections.Counter()
        self.failures = []
        # The time at which the clients of slow pages left.
        self.left = {}
        self.reloads = 0
        self._port = port
        self._site = site
        self._process = process
        self._ends = 0

    async def run(self, seconds, watched):
        self._ends = time.monotonic() + seconds
        tasks = [self._visitor() for _ in range(_VISITORS)]
        await asyncio.gather(*tasks, self._bursts(), self._reloads(), self._progress(seconds, watched))

    async def _visitor(self):
        kinds, weights = zip(*clients.KINDS)
        while time.monotonic() < self._ends:
            kind = random.choices(kinds, weights)[0]
            await self._visit(kind, kind(self._port, self._site))

    async def _visit(self, kind, visit):
        try:
            for status in await visit:
                self.seen[status // 100] += 1
            self.seen[kind.__name__] += 1
        except clients.Unrepeatable:
            self.seen["unrepeatable"] += 1
        except (clients.Failed, OSError, asyncio.IncompleteReadError, ValueError) as reason:
            if kind not in (clients.aborted, clients.hostile):
                self.failures.append(f"{kind.__name__}: {reason!r}")

    async def _bursts(self):
        while await self._pause(_BURST_SECONDS):
            await self._visit(clients.burst, clients.burst(self._port, self._site, self.left))

    async def _reloads(self):
        """Reloads by a new release and by SIGHUP, in turn; the latter also restarts the app's workers."""
        while await self._pause(_RELOAD_SECONDS):
            if self.reloads % 2:
                self._process.send_signal(signal.SIGHUP)
            else:
                await self._site.publish()
            self.reloads += 1

    async def _pause(self, seconds):
        """Waits; returns False if the time is over before the pause ends."""
        left = self._ends - time.monotonic()
        await asyncio.sleep(max(0, min(seconds, left)))
        return left > seconds

    async def _progress(self, seconds, watched):
        while time.monotonic() < self._ends:
            await self._pause(30)
            resident, descriptors, _ = watched.now()
            answers = sum(count for key, count in self.seen.items() if isinstance(key, int))
            print(
                f"{time.monotonic() - self._ends + seconds:6.0f} s  {resident} KiB, {descriptors} descriptors, "
                f"{answers} answers, {len(self.failures)} failures, {self.reloads} reloads",
                flush=True,
            )
