"""Requests of many kinds through a shared cache: codings, conditions, ranges, HEAD.

Each response is compared with the file on disk: its bytes, its coding, its entity tag. The hit ratio is the
share of requests that did not reach staticd, whatever their method and status.
"""

import collections
import json
import multiprocessing
import random
import re
import time

import client
import fronts
import network
import releases
import rollout

# Accept-Encoding values as clients send them, with a relative frequency.
CODINGS = [
    ("gzip, deflate, br, zstd", 400), ("gzip, deflate, br", 250), ("gzip, deflate", 60), ("gzip", 50),
    ("br", 10), ("br, gzip", 20), ("br;q=1.0, gzip;q=0.8, *;q=0.1", 15), ("gzip;q=1.0, identity;q=0.5", 15),
    ("deflate, gzip;q=1.0, *;q=0.5", 15), ("identity", 50), ("*", 10), (None, 60), ("br;q=0, gzip", 5),
    ("gzip, deflate, br;q=0.9", 30), ("gzip,deflate,sdch", 10),
]


class File:
    def __init__(self, root, name):
        path = root / name
        self.url = f"/static/{name}"
        self.bodies = {"identity": path.read_bytes()}
        for coding, suffix in (("br", ".br"), ("gzip", ".gz")):
            coded = path.with_name(path.name + suffix)
            if coded.exists():
                self.bodies[coding] = coded.read_bytes()


def accepted(field):
    """The codings that a field accepts, identity among them."""
    codings = {"identity"}
    if field is None:
        return codings
    for item in field.split(","):
        name, *parameters = [part.strip() for part in item.split(";")]
        weight = next((float(part[2:]) for part in parameters if part.startswith("q=")), 1.0)
        names = ["br", "gzip"] if name == "*" else [name]
        for known in names:
            (codings.add if weight > 0 else codings.discard)(known)
    return codings


def load(number, address, root, names, count, results):
    """One client: `count` requests on one connection, with each response checked."""
    rollout.network_of_clients()
    files = [File(root, name) for name in names]
    chosen = random.Random(number)
    weights = [1 / (rank + 1) for rank in range(len(files))]
    fields, field_weights = zip(*CODINGS)
    takes = {field: accepted(field) for field in fields}
    counts = collections.Counter()
    wrong = []
    known = {}
    connection = client.Connection(address)
    picks = chosen.choices(files, weights, k=count)
    codings = chosen.choices(fields, field_weights, k=count)
    kinds = chosen.choices(["get", "condition", "range", "head"], [70, 20, 5, 5], k=count)
    for file, field, kind in zip(picks, codings, kinds):
        lines = [] if field is None else [f"Accept-Encoding: {field}"]
        method = "HEAD" if kind == "head" else "GET"
        tag = known.get((file.url, field))
        if kind == "condition" and tag:
            lines.append(f"If-None-Match: {tag}")
        if kind == "range":
            lines.append("Range: bytes=10-49")
        response = connection.ask(file.url, lines, method)
        coding = response.fields.get("content-encoding", "identity")
        counts["requests"] += 1
        counts[f"status {response.status}"] += 1
        body = file.bodies.get(coding)
        # "*" accepts any coding, so it does not show that the client can decode br.
        names_br = field is not None and "br" in field and "br" in takes[field]
        if names_br and "br" in file.bodies and response.status in (200, 206):
            counts["br possible"] += 1
            counts["br sent"] += coding == "br"
        is_right = False
        if response.status == 416:
            # The range lies beyond the end of a short file.
            is_right = kind == "range" and len(file.bodies["identity"]) <= 10
        elif response.status == 304:
            is_right = kind == "condition" and response.fields.get("etag") == tag
        elif body is not None and coding in takes[field]:
            if response.status == 200:
                is_right = method == "HEAD" or response.body == body
                known[(file.url, field)] = response.fields.get("etag")
            elif response.status == 206:
                is_right = kind == "range" and response.body == body[10:50]
        is_content = response.status in (200, 206, 304)
        if is_content and len(file.bodies) > 1 and "accept-encoding" not in response.fields.get("vary", "").lower():
            is_right = False
        if not is_right:
            counts["wrong"] += 1
            if len(wrong) < 3:
                wrong.append((file.url, field, kind, response.status, coding, dict(response.fields)))
    results.put((counts, wrong))


def origin_requests(net):
    """The number of requests that staticd has answered, from its metrics."""
    text = net.run("node1", ["curl", "-s", "http://127.0.0.1:9090/metrics"])
    return sum(
        int(float(value))
        for value in re.findall(r'^staticd_http_requests_total\{[^}]*\} (\S+)$', text, re.M)
    )


def run(staticd, work, cache_name, count, process_count=4):
    """Runs `count` requests; returns the counts."""
    with network.Network(["node1", "cache", "clients"]) as net:
        root = work / "root1"
        if not root.exists():
            root = releases.collect(staticd, work, 1, None)
        server = net.start(
            "node1",
            [staticd, "serve", "--root", root, "--listen", "0.0.0.0:8000", "--admin", "127.0.0.1:9090",
             "--workers", "1", "--access-log", "off", "--surrogate-key"],
            work / "mix.log",
        )
        cache = getattr(fronts, cache_name)(net, "cache", work, (net.addresses["node1"], 8000))
        try:
            address = (net.addresses["cache"], 6081)
            rollout.wait_for(net, address)
            manifest = json.loads((root / "staticfiles.json").read_text())["paths"]
            names = sorted(manifest.values()) + sorted(manifest)
            random.Random(7).shuffle(names)
            before = origin_requests(net)
            began = time.monotonic()
            results = multiprocessing.Queue()
            workers = [
                multiprocessing.Process(
                    target=load, args=(number, address, root, names, count // process_count, results)
                )
                for number in range(process_count)
            ]
            for worker in workers:
                worker.start()
            counts, wrong = collections.Counter(), []
            for _ in workers:
                part, examples = results.get()
                counts += part
                wrong += examples
            for worker in workers:
                worker.join()
            counts["seconds"] = round(time.monotonic() - began)
            counts["origin requests"] = origin_requests(net) - before
            return counts, wrong
        finally:
            for process in (cache, server):
                process.terminate()
            for process in (cache, server):
                process.wait()
