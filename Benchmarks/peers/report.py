"""Results as Markdown, with charts beside it."""

import dataclasses
import re

from figures import number


@dataclasses.dataclass
class Check:
    """A promise and its measurement."""

    what: str
    must: str
    measured: float
    holds: bool


class Theme:
    """The results of one theme: text, tables, charts, promises."""

    def __init__(self, name, title, bench):
        self.name = name
        self.title = title
        self.checks = []
        self._bench = bench
        self._parts = []
        self._charts = {}

    def add(self, *parts):
        self._parts.extend(parts)

    def check(self, check):
        self.checks.append(check)

    def chart(self, title, svg):
        """Adds a chart to the page."""
        name = f"{self.name}-{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')}.svg"
        self._charts[name] = svg
        self._parts.append(f"![{title}]({name})")

    def text(self):
        parts = [f"# {self.title}", self._bench.description()]
        if self.checks:
            rows = [
                [c.what, c.must, number(c.measured, 3), "holds" if c.holds else "**missed**"]
                for c in self.checks
            ]
            parts.append(table(["promise", "must", "measured", ""], rows))
        return "\n\n".join([*parts, *self._parts]) + "\n"

    def write(self, directory):
        for old in directory.glob(f"{self.name}-*.svg"):
            old.unlink()
        for name, svg in self._charts.items():
            (directory / name).write_text(svg)
        (directory / f"{self.name}.md").write_text(self.text())


def table(header, rows):
    """A Markdown table whose columns are aligned in a terminal, too."""
    cells = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[index]) for row in cells) for index in range(len(header))]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(row, widths)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
