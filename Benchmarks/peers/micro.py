"""The single steps of serving and collecting, measured in the nested Swift package."""

import subprocess

from figures import number
from report import Theme, table
from tools import PROJECT


def run(bench):
    """Runs the package's benchmarks; `scripts/bench` has built them."""
    theme = Theme("micro", "Steps", bench)
    theme.add(
        "Wall time of one step on one core, from the nested package `Benchmarks/`: median and "
        "90th percentile of samples of a thousand rounds (scanners: single rounds)."
    )
    bench.say("micro")
    build = PROJECT / "Benchmarks/.build/release"
    # Not through the package's plugin, which takes a minute to find that nothing needs building.
    command = [build / "BenchmarkTool", "--command", "run", "--grouping", "benchmark", "--quiet"]
    command += ["--baseline-storage-path", bench.work, "--path", bench.work]
    command += ["--benchmark-executable-paths", build / "Micro", "--targets", "Micro"]
    command += ["--format", "histogramPercentiles", "--no-progress"]
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if result.returncode != 0:
        theme.add(f"Did not run: {(result.stderr.strip().splitlines() or ['no reason given'])[-1]}")
        return theme
    rows = [_row(path) for path in sorted(bench.work.glob("Current_run.Micro.*.tsv"))]
    theme.add(table(["step", "median", "p90", "unit"], rows))
    return theme


def _row(path):
    name = path.name.removeprefix("Current_run.Micro.").partition(".wallClock")[0]
    header, *lines = path.read_text().splitlines()
    values = dict(line.split("\t") for line in lines if "\t" in line)
    unit = header.rpartition("(")[2].partition(")")[0]
    return [name.replace("_", " "), *(number(float(values[at])) for at in ("50", "90")), unit]
