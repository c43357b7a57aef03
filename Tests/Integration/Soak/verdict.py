"""What must not have grown, and what must agree when all is over."""

import collections
import json
import re

# A request that was on its way to the app when its client left; and what a busy machine adds.
_IN_FLIGHT_SECONDS = 0.25

# How long gunicorn's new workers take to start. What was sent to the app meanwhile is in the backlog of its
# socket, where nobody can take it back.
_START_SECONDS = 3


def growth(before, after, status):
    """By resident KiB, descriptors and temporary files, before and after."""
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
    """Failures of well-behaved clients: each kind once, with how many there were."""
    kinds = collections.defaultdict(list)
    for text in failures:
        kinds[re.sub(r"\d+", "N", text)[:60]].append(text)
    return [f"{len(texts)} x {texts[0]}" for texts in kinds.values()]


def in_vain(request_log, left, restarts):
    """Requests that the app began with although their clients had left while they waited."""
    late = excused = 0
    for line in request_log.read_text().splitlines():
        at, _, name = line.partition(" ")
        begun = int(at) / 1e9
        if begun <= left.get(name, float("inf")) + _IN_FLIGHT_SECONDS:
            continue
        if any(restart <= begun <= restart + _START_SECONDS for restart in restarts):
            excused += 1
        else:
            late += 1
    print(f"{excused} requests were in the app's backlog while its workers were started again")
    return [f"{late} of {len(left)} requests reached the app after their clients had left"] if late else []


def contradictions(work, seen):
    """What the last line of counters, our log, the app's log and the clients say of the same thing."""
    text = (work / "output").read_text()
    found = re.search(r"^Stopped: (.*)$", text, re.M)
    if not found:
        return [f"no counters at the end: {text[-500:]}"]
    counters = {name: int(number) for number, name in re.findall(r"(\d+) ([a-z0-9 ]+)", found.group(1))}
    print(f"counters: {counters}")
    logged = collections.Counter()
    for line in (work / "access.log").read_text().splitlines():
        status = json.loads(line)["status"]
        # 499 stands for an answer that nobody waited for.
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
