"""Deltas between releases of real packages: their size compared with brotli, and their cost."""

import dataclasses
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time
import zipfile

import delta_caches
import startup
from figures import Figure, number
from peers import Staticd
from processes import free_port
from report import Check, Theme, table
from tools import PROJECT

# Packages with static files, each with two versions, older first.
_PAIRS = [
    ("django", "5.2.3", "5.2.4"),
    ("django", "5.1", "5.2"),
    ("djangorestframework", "3.15.2", "3.16.0"),
    ("django-debug-toolbar", "5.1.0", "5.2.0"),
    ("wagtail", "7.0", "7.0.1"),
    ("wagtail", "6.4", "7.0"),
    ("drf-spectacular-sidecar", "2025.6.1", "2025.7.1"),
    ("bokeh", "3.7.2", "3.7.3"),
    ("plotly", "6.1.1", "6.1.2"),
    ("jupyterlab", "4.4.2", "4.4.3"),
    ("notebook", "7.4.2", "7.4.3"),
    ("streamlit", "1.45.0", "1.45.1"),
    ("django-unfold", "0.60.0", "0.61.0"),
    ("django-jazzmin", "3.0.0", "3.0.1"),
]
_KINDS = {".js", ".mjs", ".css", ".svg", ".html", ".wasm"}
_PLAIN = ["--formats", "br,gzip"]


def run(bench):
    """Collects both versions of each pair, and serves a root with a thousand deltas."""
    theme = Theme("deltas", "Deltas", bench)
    theme.add(
        "Two versions of packages from PyPI, collected one after the other: their scripts, style sheets, SVG, "
        "HTML and WebAssembly, without source maps. `changed` is what a visitor of the first version has to load "
        "of the second: files with another content. `br` is the smallest coding of these without deltas, `dcz` "
        "with them, and `of br` their ratio. `with a delta` counts only the files that have one. CPU seconds are "
        "those of `collect` with `--formats none`, `br`, and `br,dcz`, without a cache: `br` less `none`, and "
        "`br,dcz` less `br`."
    )
    pairs = _PAIRS[:3] if bench.is_quick else _PAIRS
    results = []
    for pair in pairs:
        bench.say(f"deltas: {' '.join(pair)}")
        results.append(_measure(bench, *pair))
    total = _Pair("all", "", "")
    for result in results:
        total.add(result)
    theme.add(
        table(
            ["package", "from", "to", "changed", "with a delta", "bytes", "br", "dcz", "of br", "br of those", "dcz of those", "of br", "CPU br", "CPU dcz", "ratio"],
            [result.row() for result in [*results, total]],
        )
    )
    theme.check(Check("dcz of br, all changed files", "<= 0.13", total.after / total.before, total.after <= 0.13 * total.before))
    cpu = total.delta_cpu / total.brotli_cpu
    theme.check(Check("CPU of dcz of that of br", "<= 0.25", cpu, cpu <= 0.25))
    _train(theme, bench, results)
    _serve(theme, bench)
    _caches(theme, bench)
    return theme


@dataclasses.dataclass
class _Pair:
    package: str
    first: str
    second: str
    changed: int = 0
    with_delta: int = 0
    identity: int = 0
    before: int = 0
    after: int = 0
    own_before: int = 0
    own_after: int = 0
    brotli_cpu: float = 0
    delta_cpu: float = 0
    trained: int = 0

    def add(self, other):
        for field in dataclasses.fields(self)[3:]:
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    def row(self):
        return [
            self.package, self.first, self.second, self.changed, self.with_delta,
            *(f"{count:,}" for count in [self.identity, self.before, self.after]),
            _share(self.after, self.before),
            *(f"{count:,}" for count in [self.own_before, self.own_after]),
            _share(self.own_after, self.own_before),
            number(self.brotli_cpu), number(self.delta_cpu), _share(self.delta_cpu, self.brotli_cpu),
        ]


def _share(part, whole):
    return number(part / whole, 3) if whole else "-"


def _measure(bench, package, first, second):
    result = _Pair(package, first, second)
    place = bench.work / f"{package}-{first}-{second}"
    sources = {version: _source(bench, place, package, version) for version in [first, second]}
    root = place / "root"
    _collect(bench, sources[first], root, "--formats", "none")
    old = _records(root)
    plain, coded = (shutil.copytree(root, place / name) for name in ["plain", "coded"])
    none = _collect(bench, sources[second], plain, "--formats", "none")
    brotli = _collect(bench, sources[second], coded, "--formats", "br")
    delta = _collect(bench, sources[second], root, "--formats", "br,dcz")
    result.brotli_cpu, result.delta_cpu = brotli - none, delta - brotli
    known = {record["sha256"] for record in old.values()}
    result.files = []
    current = json.loads((root / "staticd.json").read_text())["releases"][0]
    for name, record in _records(root).items():
        if record["release"] != current or name == record["name"] or record["sha256"] in known:
            continue
        codings = [c["bytes"] for c in record["codings"] if c["coding"] != "dcz"]
        deltas = [c["bytes"] for c in record["codings"] if c["coding"] == "dcz"]
        smallest = min([record["bytes"], *codings])
        result.changed += 1
        result.identity += record["bytes"]
        result.before += smallest
        result.after += min([smallest, *deltas])
        result.files.append((root / name, smallest))
        if deltas:
            result.with_delta += 1
            result.own_before += smallest
            result.own_after += min(deltas)
    result.old_files = [root / name for name, record in old.items() if name != record["name"]]
    return result


def _records(root):
    return json.loads((root / "staticd.json").read_text())["files"]


def _source(bench, place, package, version):
    """The files of a wheel that a browser loads."""
    wheels = PROJECT / ".build/bench/wheels" / f"{package}-{version}"
    if not wheels.is_dir():
        command = [bench.tools.python(), "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, "-d", wheels, f"{package}=={version}"], check=True)
    (wheel,) = wheels.iterdir()
    source = place / version
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            path = pathlib.PurePosixPath(name)
            if path.suffix not in _KINDS or "templates" in path.parts:
                continue
            # The data directory of a wheel has the version in its name.
            parts = [part for part in path.parts if not part.endswith(".data")]
            target = source.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))
    return source


def _collect(bench, source, root, *options):
    """The CPU seconds of one run."""
    command = [bench.tools.staticd, "collect", source, "--root", root, "--no-cache", "-q"]
    command += ["--missing", "warn", "--durability", "none", *options]
    process = subprocess.Popen(command, env={}, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command} failed: {status}")
    return usage.ru_utime + usage.ru_stime


def _train(theme, bench, results):
    """Dictionaries trained on the first version, of 112,640 bytes, against the files of the first version."""
    rows, sums = [], [0, 0, 0]
    for result in results:
        texts = [file for file in result.old_files if file.stat().st_size > 1024]
        dictionary = bench.work / "trained"
        command = ["zstd", "-q", "-f", "--train", "--maxdict=112640", "-o", dictionary, *texts]
        if subprocess.run(command, stderr=subprocess.DEVNULL).returncode != 0:
            continue
        trained = sum(min(smallest, _compressed(file, dictionary)) for file, smallest in result.files)
        values = [result.before, result.after, trained]
        sums = [total + value for total, value in zip(sums, values)]
        rows.append([f"{result.package} {result.second}", *(f"{value:,}" for value in values)])
    rows.append(["all", *(f"{value:,}" for value in sums)])
    theme.add(
        "## Trained dictionaries",
        "In the place of the earlier content of the same file: a dictionary of 112,640 bytes, trained by `zstd "
        "--train` on all files of the first version, its own bytes not counted. zstd level 19, the smaller of "
        "it and br. Pairs for which zstd has too few files to train on are left out.",
        table(["package", "br", "earlier content", "trained"], rows),
    )


def _compressed(file, dictionary):
    command = ["zstd", "-q", "-19", f"--patch-from={dictionary}", "-c", file]
    result = subprocess.run(command, capture_output=True)
    return len(result.stdout) if result.returncode == 0 else file.stat().st_size


def _serve(theme, bench):
    """Start time and memory of a server whose root has a thousand deltas, and of one without."""
    count, rounds = (100 if bench.is_quick else 1000), 5
    place = bench.work / "many"
    rows = []
    for label, formats in [("without deltas", "br,gzip"), (f"{count:,} deltas", "br,gzip,dcz")]:
        bench.say(f"deltas: {label}")
        root = place / formats / "root"
        for release in range(2):
            source = _scripts(place / formats / f"source-{release}", count, release)
            _collect(bench, source, root, "--formats", formats)
        found = len(list(root.rglob("*.dcz")))
        name = next(name for name in _records(root) if name.endswith(".js"))
        peer = Staticd(bench.tools)
        times = [startup._first_answer(bench, peer, root, f"/static/{name}") for _ in range(rounds)]
        rows.append([label, found, Figure.of([1000 * seconds for seconds in times]).text(), f"{_memory(bench, root):,}"])
    theme.add(
        "## Serving",
        f"A root of two releases of {count:,} scripts of 8 KiB, of which each has one line changed: the time from the start "
        "of the process to the first answer, in milliseconds, and the resident memory then, in KiB.",
        table(["root", "files in dcz", "start, ms", "memory, KiB"], rows),
    )


def _caches(theme, bench):
    """Three releases of some scripts behind shared caches."""
    root = bench.work / "cached" / "root"
    for release in range(3):
        _collect(bench, _scripts(bench.work / "cached" / f"source-{release}", 40, release), root, "--formats", "br,gzip,dcz")
    rows = delta_caches.measure(bench, root, 2000 if bench.is_quick else 20_000)
    wrong = sum(row[2] for row in rows)
    theme.check(Check("wrong answers through caches", "0", wrong, wrong == 0))
    theme.add(
        "## Through shared caches",
        "40 scripts with deltas from two earlier releases; clients with and without a dictionary, the right one and "
        "others. Every answer is compared with the files in the root. `due` are requests with the dictionary of a delta.",
        table(["cache", "requests", "wrong", "deltas due", "delivered"], rows),
    )


def _scripts(directory, count, release):
    directory.mkdir(parents=True)
    for number in range(count):
        lines = random.Random(number)
        text = [f"f({lines.getrandbits(64)}, {lines.getrandbits(64)});\n" for _ in range(180)]
        text[90] = f"release({release});\n"
        (directory / f"{number}.js").write_text("".join(text))
    return directory


def _memory(bench, root):
    """The resident memory, in KiB, of a server that has answered a request."""
    port = free_port()
    command = [bench.tools.staticd, "serve", "--root", root, "--listen", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env={}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(2)
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))
    finally:
        process.terminate()
        process.wait()
