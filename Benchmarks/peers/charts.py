"""Charts as SVG, readable on light and dark pages."""

import math
from xml.sax.saxutils import escape

from figures import number

_COLORS = {
    "staticd": "#e4572e",
    "floor": "#8a8f98",
    "nginx": "#2e9e5b",
    "h2o": "#2f7ed8",
    "lighttpd": "#b08900",
    "caddy": "#00a3a3",
    "haproxy": "#d1477a",
    "whitenoise": "#8e5bd0",
    "django + whitenoise": "#c2549b",
}
_WIDTH = 640


def _color(name):
    return _COLORS.get(name, "#666666")


def _document(height, parts):
    style = (
        "text{font:12px system-ui,sans-serif;fill:#1f2328}"
        ".grid{stroke:#d0d7de}.note{fill:#656d76}"
        "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#3d444d}"
        ".note{fill:#9198a1}}"
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}">'
    return "\n".join([head, f"<style>{style}</style>", *parts, "</svg>", ""])


def _text(x, y, text, anchor="start", css=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{css}">{escape(text)}</text>'


def bars(figures, unit):
    """Horizontal bars of medians with their spread; `figures` maps names to `Figure`s.

    Each is labelled with its value and its ratio to staticd.
    """
    left, right, row = max(140, 16 + 7 * max(map(len, figures))), 130, 28
    most = max(figure.high for figure in figures.values()) or 1
    scale = (_WIDTH - left - right) / most
    reference = figures.get("staticd")
    parts = []
    for index, (name, figure) in enumerate(figures.items()):
        y = 8 + index * row
        width = max(1, figure.median * scale)
        low, high = left + figure.low * scale, left + figure.high * scale
        parts += [
            _text(left - 8, y + 15, name, "end"),
            f'<rect x="{left}" y="{y}" width="{width:.1f}" height="20" rx="2" fill="{_color(name)}"/>',
            f'<path d="M{low:.1f} {y + 10}H{high:.1f}" stroke="#00000080" stroke-width="2"/>',
        ]
        label = number(figure.median)
        if reference and name != "staticd":
            label += f"  ({number(figure.median / reference.median)}x)"
        parts.append(_text(max(left + width, high) + 6, y + 15, label))
    height = 8 + len(figures) * row + 22
    parts.append(_text(left, height - 6, unit + "; the line is the spread of the rounds", css="note"))
    return _document(height, parts)


def curves(lines, x_unit, y_unit):
    """Lines over logarithmic axes; `lines` maps names to lists of (x, y). An x of 0 is drawn at 1."""
    left, right, top, bottom, height = 64, 150, 12, 44, 360
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points if y > 0]
    x_low, x_high = math.log10(max(1, min(xs))), math.log10(max(xs))
    y_low, y_high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    y_high = max(y_high, y_low + 1)

    def place(x, y):
        across = (math.log10(max(1, x)) - x_low) / ((x_high - x_low) or 1)
        up = (math.log10(max(y, 10**y_low)) - y_low) / (y_high - y_low)
        return left + across * (_WIDTH - left - right), height - bottom - up * (height - top - bottom)

    parts = []
    for power in range(y_low, y_high + 1):
        _, y = place(10**x_low, 10**power)
        parts.append(f'<path class="grid" d="M{left} {y:.1f}H{_WIDTH - right}"/>')
        parts.append(_text(left - 6, y + 4, f"{10**power:,g}", "end"))
    for x in sorted(set(xs)):
        parts.append(_text(place(x, 10**y_low)[0], height - bottom + 18, _short(x), "middle"))
    ends = []
    for name, points in lines.items():
        placed = [place(x, y) for x, y in sorted(points)]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
        parts.append(f'<path d="{path}" fill="none" stroke="{_color(name)}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_color(name)}"/>' for x, y in placed]
        ends.append((placed[-1][1], name))
    parts += _legend(ends, _WIDTH - right + 10, height - bottom)
    parts.append(_text(left, height - 8, f"across: {x_unit}; up: {y_unit}; both logarithmic", css="note"))
    return _document(height, parts)


def _legend(ends, x, lowest):
    """Names at the ends of their lines, moved apart where they would overlap."""
    parts, previous = [], -math.inf
    for index, (y, name) in enumerate(sorted(ends)):
        room = lowest - (len(ends) - 1 - index) * 15
        previous = max(previous + 15, min(y, room))
        parts.append(f'<circle cx="{x}" cy="{previous:.1f}" r="4" fill="{_color(name)}"/>')
        parts.append(_text(x + 8, previous + 4, name))
    return parts


def _short(value):
    for size, suffix in ((1 << 20, "Mi"), (1 << 10, "Ki")):
        if value >= size and value % size == 0:
            return f"{value // size}{suffix}"
    return f"{value:,}"
