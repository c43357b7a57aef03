"""Checks at the end: resources that must not grow, and figures that must agree."""

import collections
import json
import re

# A request that begins this long after its client has left waited for a thread of the app.
_LATE_SECONDS = 0.25


def growth(before, after, status):
    """Compares resident KiB, descriptors and temporary files before and after."""
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


def failed(failures):
    """Failures of well-behaved clients: each kind once, with its count."""
    kinds = collections.defaultdict(list)
    for text in failures:
        kinds[re.sub(r"\d+", "N", text)[:60]].append(text)
    return [f"{len(texts)} x {texts[0]}" for texts in kinds.values()]


def in_vain(request_log, access_log, left):
    """Requests that the app began although their clients had left before they were forwarded.

    The reason in the log identifies them, so clocks are not compared.
    """
    begun = {}
    for line in request_log.read_text().splitlines():
        at, _, name = line.partition(" ")
        begun[name] = int(at) / 1e9
    spared = {}
    for line in access_log.read_text().splitlines():
        entry = json.loads(line)
        if entry.get("reason") in ("client left while queued", "client left while connecting to the app"):
            spared[entry["target"].partition("?")[2]] = entry
    late = sum(1 for name, at in left.items() if begun.get(name, 0) > at + _LATE_SECONDS)
    print(
        f"{len(spared)} clients left while they were queued; the app began with {late} requests more than "
        f"{_LATE_SECONDS} s after their clients had left, having been given them before"
    )
    vain = spared.keys() & begun.keys()
    for name in vain:
        print(f"{name} began at {begun[name]:.6f}, its client left at {left.get(name)}: {spared[name]}")
    return [f"{len(vain)} of {len(spared)} requests reached the app after their clients had left"] if vain else []


def contradictions(work, seen):
    """Compares the counters in the last line, staticd's log, the app's log and the clients' records."""
    text = (work / "output").read_text()
    found = re.search(r"^Stopped: (.*)$", text, re.M)
    if not found:
        return [f"no counters at the end: {text[-500:]}"]
    counters = {name: int(number) for number, name in re.findall(r"(\d+) ([a-z0-9 ]+)", found.group(1))}
    print(f"counters: {counters}")
    logged = collections.Counter()
    for line in (work / "access.log").read_text().splitlines():
        entry = json.loads(line)
        if "status" not in entry:
            continue
        status = entry["status"]
        # 499 is a response whose client has left.
        logged[status if status == 499 else status // 100] += 1
    problems = []
    if counters["abandoned"] != logged[499]:
        problems.append(f"{counters['abandoned']} requests abandoned, {logged[499]} logged")
    for kind, name in ((1, "1xx"), (2, "2xx"), (3, "3xx"), (4, "4xx"), (5, "5xx")):
        if seen[kind] > logged[kind]:
            problems.append(f"clients saw {seen[kind]} answers of {name}, the log has {logged[kind]}")
        if counters.get(name, logged[kind]) != logged[kind]:
            problems.append(f"{counters[name]} answers of {name} counted, {logged[kind]} logged")
    app = sum(1 for _ in open(work / "app.log"))
    if app > counters["forwarded"] + counters["repeated"]:
        problems.append(f"the app saw {app} requests, {counters['forwarded']} were forwarded")
    if counters["connections"] != counters["closed"]:
        problems.append(f"{counters['connections']} connections accepted, {counters['closed']} closed")
    return problems
