"""Collecting: compared with Django with WhiteNoise, and with C programs that do only the necessary work.

No directory is removed before the end: for minutes after files are removed, ext4 creates files in the same file
system five times more slowly.
"""

import dataclasses
import hashlib
import itertools
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

# Not compressed, as in CompressionPolicy and whitenoise.compress.
_SKIPPED = set(
    "jpg jpeg png gif webp zip gz tgz bz2 tbz xz br swf flv woff woff2 "
    "3gp 3gpp asf avi m4v mov mp4 mpeg mpg webm wmv".split()
)
_CASES = ["cold", "unchanged", "cached, empty root"]
_HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass
class Run:
    """One process: its time and its peak memory."""

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
        "that, the sources some seconds old. The floor of `cold` is libbrotli and zlib alone on the distinct "
        "contents, one process on each core, their CPU time divided by the cores. The floor of `cached, empty "
        "root` is a C program that makes the same files and links from one open file. Django runs "
        "`collectstatic` with `CompressedManifestStaticFilesStorage`."
    )
    packages = _packages(bench.tools)
    admin = packages / "django/contrib/admin/static"
    framework = packages / "rest_framework/static"
    if bench.is_quick:
        projects = [_Project("Django admin", [admin], 3, 1.10)]
    else:
        projects = [
            _Project("Django admin and REST framework", [admin, framework], 3, 1.10),
            _Project("10,000 generated files", [sites.many_sources(bench.work, 10_000, 1024)], 1, 1.15),
        ]
        # What was written less than two seconds before a run is read again by the next one.
        time.sleep(3)
    for measure in (_measure_staticd, _measure_django):
        for project in projects:
            measure(bench, project)
    for project in projects:
        _report(theme, project)
        shutil.rmtree(project.work(bench))
    return theme


def _packages(tools):
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    result = subprocess.run([tools.python(), "-c", code], capture_output=True, text=True, check=True)
    return pathlib.Path(result.stdout.strip())


@dataclasses.dataclass
class _Project:
    title: str
    sources: list
    rounds: int
    # The promised maximum of a cold run, as a multiple of the codecs' time.
    cold_most: float
    # The runs by name and case.
    results: dict = dataclasses.field(default_factory=dict)

    def work(self, bench):
        return bench.work / f"collect-{len(self.sources)}"

    def note(self, name, case, measured):
        self.results.setdefault((name, case), []).append(measured)


def _measure_staticd(bench, project):
    """Interleaved with the floors. Runs before Django, which removes files."""
    for turn in range(project.rounds):
        _measure(bench, project, "staticd", _staticd, turn)
        bench.say(f"collect: {project.title}, floors")
        root = project.work(bench) / f"staticd-{turn}" / "0"
        project.note("floor", "cold", _floor(bench, _distinct(root)))
        project.note("floor", _CASES[2], _tree_floor(bench, root, project.work(bench) / f"tree-{turn}"))


def _measure_django(bench, project):
    for turn in range(project.rounds):
        _measure(bench, project, "django + whitenoise", _django, turn)


def _measure(bench, project, name, command, turn):
    bench.say(f"collect: {project.title}, {name}")
    # A separate cache, and roots that no other run has used.
    work = project.work(bench) / f"{name.split()[0]}-{turn}"
    fresh = (work / str(index) for index in itertools.count())
    for case, measured in zip(_CASES, _cases(bench, command, project.sources, fresh)):
        project.note(name, case, measured)


def _cases(bench, command, sources, fresh):
    """Cold, unchanged, and another empty root, in this order."""
    root = next(fresh)
    root.parent.mkdir(parents=True)
    yield _run(*command(bench.tools, sources, root))
    yield _repeated(lambda: _run(*command(bench.tools, sources, root)))
    yield _repeated(lambda: _run(*command(bench.tools, sources, next(fresh))))


def _repeated(run):
    """The median of several runs; a single run suffices unless it is so short that one fsync matters."""
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


def _run(command, environment, stdin=subprocess.DEVNULL):
    started = time.monotonic()
    process = subprocess.Popen(
        list(map(str, command)),
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def _distinct(root):
    """One file for each content worth compressing, largest first."""
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


def _tree_floor(bench, root, work):
    """Creates the files and links of a collected root again, several times if that is short."""
    work.mkdir()
    pack, lines, offset, first = bytearray(), [], 0, {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.is_dir():
            lines.append(f"D {name}\n")
            continue
        status = path.stat()
        if status.st_nlink > 1 and status.st_ino in first:
            lines.append(f"L {first[status.st_ino]}\t{name}\n")
            continue
        first[status.st_ino] = name
        pack += path.read_bytes()
        lines.append(f"F {offset} {status.st_size} {name}\n")
        offset = len(pack)
    (work / "pack").write_bytes(pack)
    (work / "list").write_text("".join(lines))
    roots = (work / str(index) for index in itertools.count())
    with open(work / "list", "rb") as names:

        def make():
            names.seek(0)
            return _run([bench.tools.tree, work / "pack", next(roots)], {}, names)

        return _repeated(make)


def _report(theme, project):
    title, results = project.title, project.results
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
    _promise(theme, f"{title}: cold to the codecs", cold, floor, project.cold_most)
    cached = [run.wall for run in results[("staticd", _CASES[2])]]
    floor = [run.wall for run in results[("floor", _CASES[2])]]
    _promise(theme, f"{title}: cached, empty root to the C program", cached, floor, 1.15)
    # The promise is for large trees; starting the process alone is 1 % of a short run.
    if Figure.of(cold).median > 1:
        unchanged = [run.wall for run in results[("staticd", "unchanged")]]
        _promise(theme, f"{title}: unchanged to cold", unchanged, cold, 0.005)
    bars = {
        name: Figure.of([run.wall for run in results[(name, "cold")]])
        for name in ("floor", "staticd", "django + whitenoise")
    }
    theme.chart(f"{title}, nothing there yet", charts.bars(bars, "seconds"))


def _promise(theme, what, values, reference, most):
    measured = ratio(values, reference).median
    theme.check(Check(what, f"at most {most:.3g}", measured, measured <= most))
