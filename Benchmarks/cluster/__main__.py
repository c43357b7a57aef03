"""Simulates a site of several machines on one machine, in network namespaces; needs root.

Usage: Benchmarks/cluster [--staticd PATH] [--requests N] [--clients N] [--controls] [--results FILE] [PART ...]

Parts are `rollout` and `mix`, by default both. It needs iproute2, HAProxy, Varnish and Traffic Server:
`scripts/internal/prepare ip=iproute2 haproxy=haproxy varnishd=varnish traffic_server=trafficserver`.
"""

import argparse
import datetime
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

import fronts
import mix
import rollout


# Titles of the results, by part.
TITLES = {
    ("rollout",): "A rolling deploy in a cluster",
    ("mix",): "A mix of requests through shared caches",
    ("rollout", "mix"): "A cluster on one machine",
}

# The feature that a control run omits, and its label in the table.
CONTROLS = {"has_peers": " without --peer", "carries": " without --from-release"}


def description(command):
    """Machine, date and command, as in the other results."""
    revision = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=pathlib.Path(__file__).parent, capture_output=True,
        text=True, check=False,
    ).stdout.strip()
    processor = next(
        (line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")), platform.machine(),
    )
    cores = len(os.sched_getaffinity(0))
    machine = f"{processor}, {cores} cores, Linux {platform.release().split('-')[0]}"
    return f"Measured on {datetime.date.today().isoformat()} by `{command}` at revision {revision} ({machine})."


def table(rows):
    head, *rest = rows
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in [head, ["---"] * len(head), *rest]]
    return "\n".join(lines) + "\n"


def run_rollout(options, work):
    text = "## Rolling deploy of five releases\n\n"
    text += (
        "Three replicas and a place for one more, HAProxy, a cache, and clients that load whole pages without"
        " a stop. Each image has\nthe newest release and what `collect --from-release` carries over; each"
        " replica has the others as `--peer`. In the third release\na replica is killed, in the fourth one is"
        " slow, in the fifth the cache is restarted, and at the end emptied. Clients ask for files of a page of the"
        " release before as well,\nas a tab that was left open does. A mixed page has an unhashed file of\nanother release"
        " than its own: such files may be cached for a second here. Runs without one of the options show that"
        " missing\nfiles would be noticed.\n\n"
    )
    rows = [["cache", "pages", "assets", "missing", "wrong content", "mixed pages", "other statuses",
             "connections lost"]]
    times = [["cache", "phase", "requests", "median, ms", "p99, ms"]]
    failures = []
    runs = [("varnish", {}), ("trafficserver", {})]
    if options.controls:
        runs += [("varnish", {"has_peers": False}), ("varnish", {"carries": False})]
    for program, without in runs:
        cache = program + "".join(CONTROLS[name] for name in without)
        directory = work / cache.replace(" ", "-")
        directory.mkdir()
        clients = rollout.run(options.staticd, directory, program, options.clients, **without)
        counts = clients.counts
        others = sum(count for key, count in counts.items() if " with " in key)
        rows.append([cache, counts["pages"], counts["assets"], counts["missing"], counts["wrong content"],
                     counts["mixed pages"], others, counts["connections lost"]])
        for phase, values in [] if without else clients.times.items():
            times.append([cache, phase, len(values), f"{rollout.percentile(values, 0.5):.1f}",
                          f"{rollout.percentile(values, 0.99):.1f}"])
        if without and not counts["missing"]:
            failures.append(f"{cache}: nothing is missing, so the simulation notices nothing")
        elif not without:
            failures += clients.failures[:5]
        print(cache, dict(counts), clients.failures[:5], flush=True)
    return text + table(rows) + "\n" + table(times), failures


def run_mix(options, work):
    text = "## A mix of requests through a shared cache\n\n"
    text += (
        "15 values of Accept-Encoding, 20 % conditions, 5 % ranges, 5 % HEAD, popular names of 26 first; each answer is"
        " compared with the\nfile. The hit ratio is the share of requests that did not reach staticd.\n\n"
    )
    rows = [["cache", "requests", "seconds", "wrong", "br to clients that name br", "reached staticd",
             "hit ratio", "206", "304"]]
    wrong = []
    for cache in ("varnish", "trafficserver"):
        directory = work / f"mix-{cache}"
        directory.mkdir()
        counts, examples = mix.run(options.staticd, directory, cache, options.requests)
        share = 100 * counts["br sent"] / max(1, counts["br possible"])
        ratio = 100 * (1 - counts["origin requests"] / counts["requests"])
        rows.append([cache, counts["requests"], counts["seconds"], counts["wrong"], f"{share:.2f} %",
                     counts["origin requests"], f"{ratio:.2f} %", counts["status 206"],
                     counts["status 304"]])
        wrong += examples
        print(cache, dict(counts), examples, flush=True)
    return text + table(rows), wrong


def main():
    parser = argparse.ArgumentParser(prog="Benchmarks/cluster")
    parser.add_argument("parts", nargs="*", choices=["rollout", "mix", []], default=[])
    parser.add_argument("--staticd", default=".build/release/staticd")
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--controls", action="store_true", help="also without peers, and without carrying")
    parser.add_argument("--results", type=pathlib.Path)
    options = parser.parse_args()
    if missing := fronts.missing():
        sys.exit(f"missing: {', '.join(missing)}")
    options.staticd = pathlib.Path(options.staticd).resolve()
    parts = [part for part in ("rollout", "mix") if part in options.parts or not options.parts]
    versions = ", ".join(
        f"{name} {fronts.version(*command)}"
        for name, command in [("Varnish", ["varnishd", "-V"]), ("Traffic Server", ["traffic_server", "-V"]),
                              ("HAProxy", ["haproxy", "-v"])]
    )
    words = " ".join(sys.argv[1:])
    text = f"# {TITLES[tuple(parts)]}\n\n{description(f'python3 Benchmarks/cluster {words}')}\n{versions}.\n\n"
    faults = []
    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        work = pathlib.Path(name)
        work.chmod(0o755)
        for part in parts:
            section, found = {"rollout": run_rollout, "mix": run_mix}[part](options, work)
            text += section + "\n"
            faults += found
    if options.results:
        options.results.write_text(text.rstrip() + "\n")
    print(text)
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
