"""Interleaved rounds: the results of one server for one kind of request."""

import dataclasses

import load


@dataclasses.dataclass
class Rounds:
    """CPU seconds per request, requests a second and latencies, round by round."""

    cost: list = dataclasses.field(default_factory=list)
    rate: list = dataclasses.field(default_factory=list)
    p50: list = dataclasses.field(default_factory=list)
    p99: list = dataclasses.field(default_factory=list)
    note: str = ""

    def add(self, process, path, run=load.run, **options):
        """Measures one more round of `load.run`, or of `load.run_http2`, unless an earlier one failed."""
        if self.note.startswith("failed"):
            return
        before = process.cpu_seconds()
        try:
            done = run(process.port, path, **options)
        except load.WrongAnswers as reason:
            self.note = f"failed: {reason}"
            self.cost.clear()
            return
        self.cost.append((process.cpu_seconds() - before) / done.requests)
        self.rate.append(done.per_second)
        self.p50.append(done.p50)
        self.p99.append(done.p99)
