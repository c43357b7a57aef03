"""Collecting: against Django with WhiteNoise, and against the codecs alone."""

import dataclasses
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

import charts
import sites
from figures import Figure, number, ratio
from report import Check, Theme, table

# As CompressionPolicy and whitenoise.compress: these are not compressed.
_SKIPPED = set(
    "jpg jpeg png gif webp zip gz tgz bz2 tbz xz br swf flv woff woff2 "
    "3gp 3gpp asf avi m4v mov mp4 mpeg mpg webm wmv".split()
)
_CASES = ["cold", "unchanged", "cached, empty root"]
_HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass
class Run:
    """One process: its time and the most memory it had at once."""

    wall: float
    cpu: float
    peak: int


def run(bench):
    """Measures each project with staticd, Django and the codecs, interleaved."""
    theme = Theme("collect", "Collecting", bench)
    theme.add(
        "Seconds of wall time on all cores, median (lowest-highest), the ratio to staticd in the "
        "same round, CPU seconds, and the most memory of the process in MiB. `cold` is an empty "
        "root; `unchanged` the same command again; `cached, empty root` another empty root after "
        "that, the sources some seconds old. The floor is libbrotli and zlib alone on the distinct contents, one process on each "
        "core, their CPU time divided by the cores. Django runs `collectstatic` with "
        "`CompressedManifestStaticFilesStorage`."
    )
    packages = _packages(bench.tools)
    admin = packages / "django/contrib/admin/static"
    framework = packages / "rest_framework/static"
    if bench.is_quick:
        _project(bench, theme, "Django admin", [admin], rounds=3)
    else:
        _project(bench, theme, "Django admin and REST framework", [admin, framework], rounds=3)
        generated = sites.many_sources(bench.work, 10_000, 1024)
        # What was written less than two seconds before a run is read again by the next one.
        time.sleep(3)
        _project(bench, theme, "10,000 generated files", [generated], rounds=1)
    return theme


def _packages(tools):
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    result = subprocess.run([tools.python(), "-c", code], capture_output=True, text=True, check=True)
    return pathlib.Path(result.stdout.strip())


def _project(bench, theme, title, sources, rounds):
    results = {}
    for turn in range(rounds):
        for name, command in (("staticd", _staticd), ("django + whitenoise", _django)):
            bench.say(f"collect: {title}, {name}")
            for case, measured in zip(_CASES, _cases(bench, command, sources)):
                results.setdefault((name, case), []).append(measured)
        if turn == 0:
            # Before the first round there is no root to take the contents from.
            contents = _distinct(bench.work / "staticd-root-0")
        bench.say(f"collect: {title}, floor")
        results.setdefault(("floor", "cold"), []).append(_floor(bench, contents))
    _report(theme, title, results)


def _cases(bench, command, sources):
    """Cold, unchanged, and another empty root, in this order."""
    roots = [bench.work / f"{command.__name__.strip('_')}-root-{index}" for index in (0, 1)]
    for directory in (*roots, _cache(roots[0])):
        shutil.rmtree(directory, ignore_errors=True)
    yield _run(*command(bench.tools, sources, roots[0]))
    yield _repeated(lambda: _run(*command(bench.tools, sources, roots[0])))

    def into_empty_root():
        shutil.rmtree(roots[1], ignore_errors=True)
        return _run(*command(bench.tools, sources, roots[1]))

    yield _repeated(into_empty_root)


def _repeated(run):
    """The median of several runs where one is so short that a single fsync shows in it."""
    runs = [run()]
    while len(runs) < 7 and runs[0].wall < 0.5:
        runs.append(run())
    return sorted(runs, key=lambda one: one.wall)[len(runs) // 2]


def _staticd(tools, sources, root):
    command = [tools.staticd, "collect", *sources, "--root", root, "--cache", _cache(root)]
    return command, {}


def _cache(root):
    """The cache that all roots of a project share, empty before the first."""
    return root.parent / "staticd-cache"


def _django(tools, sources, root):
    environment = {
        "STATIC_ROOT": str(root),
        "STATICFILES_DIRS": ":".join(map(str, sources)),
        "PYTHONPATH": str(_HERE),
    }
    return [tools.python(), _HERE / "django_site.py"], environment


def _run(command, environment):
    started = time.monotonic()
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.DEVNULL, env={**os.environ, **environment}
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def _distinct(root):
    """One file for each content that is worth a try at compressing, largest first."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.name
        is_manifest = name in ("staticfiles.json", "staticd.json")
        if not path.is_file() or is_manifest or path.suffix in (".br", ".gz"):
            continue
        if path.suffix[1:].lower() not in _SKIPPED and path.stat().st_size > 0:
            found.setdefault(hashlib.sha256(path.read_bytes()).digest(), path)
    return sorted(found.values(), key=lambda path: -path.stat().st_size)


def _floor(bench, contents):
    cores = len(os.sched_getaffinity(0))
    processes = []
    for index in range(cores):
        names = "".join(f"{path}\n" for path in contents[index::cores])
        process = subprocess.Popen(
            [bench.tools.codecs], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        process.stdin.write(names)
        process.stdin.close()
        processes.append(process)
    cpu = sum(sum(map(float, process.stdout.read().split())) for process in processes)
    for process in processes:
        process.wait()
    return Run(cpu / cores, cpu, 0)


def _report(theme, title, results):
    rows = []
    for case in _CASES:
        reference = [run.wall for run in results[("staticd", case)]]
        for name in ("floor", "staticd", "django + whitenoise"):
            runs = results.get((name, case))
            if not runs:
                continue
            walls = [run.wall for run in runs]
            peak = Figure.of([run.peak / (1 << 20) for run in runs])
            rows.append([
                case,
                name,
                Figure.of(walls).text(3),
                ratio(walls, reference).text(),
                number(Figure.of([run.cpu for run in runs]).median),
                number(peak.median) if peak.median else "",
            ])
    theme.add(f"### {title}", table(["", "", "s", "ratio", "CPU s", "peak MiB"], rows))
    cold = [run.wall for run in results[("staticd", "cold")]]
    floor = [run.wall for run in results[("floor", "cold")]]
    _promise(theme, f"{title}: cold to the codecs", cold, floor, 1.05)
    # The promise is for trees that take long; the start of a process alone is 1 % of a short run.
    if Figure.of(cold).median > 10:
        for case, most in (("unchanged", 0.01), ("cached, empty root", 0.03)):
            values = [run.wall for run in results[("staticd", case)]]
            _promise(theme, f"{title}: {case} to cold", values, cold, most)
    bars = {
        name: Figure.of([run.wall for run in results[(name, "cold")]])
        for name in ("floor", "staticd", "django + whitenoise")
    }
    theme.chart(f"{title}, nothing there yet", charts.bars(bars, "seconds"))


def _promise(theme, what, values, reference, most):
    measured = ratio(values, reference).median
    theme.check(Check(what, f"at most {most:.2f}", measured, measured <= most))
