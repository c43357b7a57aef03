"""Medians, spreads and ratios of interleaved rounds."""

import dataclasses
import statistics


@dataclasses.dataclass
class Figure:
    """The median and the spread of some rounds."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values):
        return cls(statistics.median(values), min(values), max(values))

    def text(self, digits=2):
        return f"{number(self.median, digits)} ({number(self.low, digits)}-{number(self.high, digits)})"


def ratio(values, reference):
    """The ratio of each round's value to that of `reference` in the same round.

    A slow moment of the machine affects both, so the ratio is steadier than either value.
    """
    return Figure.of([value / base for value, base in zip(values, reference)])


def percentile(values, share):
    """The value below which this share of the values lies; NaN if there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def number(value, digits=2):
    """Formats with as many decimals as are significant."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.{digits if abs(value) >= 0.2 or value == 0 else digits + 1}f}"
