"""Medians, spreads and ratios of interleaved rounds."""

import dataclasses
import statistics


@dataclasses.dataclass
class Figure:
    """The median of some rounds and what they span."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values):
        return cls(statistics.median(values), min(values), max(values))

    def text(self, digits=2):
        return f"{number(self.median, digits)} ({number(self.low, digits)}-{number(self.high, digits)})"


def ratio(values, reference):
    """Each round's value to that of `reference` in the same round.

    A slow moment of the machine falls on both, so that the ratio is steadier than either.
    """
    return Figure.of([value / base for value, base in zip(values, reference)])


def percentile(values, share):
    """The value below which this share of them lies; not a number when there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def number(value, digits=2):
    """With as many digits behind the point as say something."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.{digits if abs(value) >= 0.2 or value == 0 else digits + 1}f}"
