#!/usr/bin/env python3
"""Publishes releases to every store, reads them back, and prints the number of requests of each step, compared with
django-storages and collectfasta.

Usage: check.py STATICD FIXTURES [STORE ...]      STORE is moto, radosgw or swift
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import boto3
from botocore.config import Config

sys.dont_write_bytecode = True
import stores  # noqa: E402
from proxy import Proxy  # noqa: E402

HERE = Path(__file__).resolve().parent
ODD = ("with space", "a+b", "100%", "é/日本語", "!'()*=&$@,;:", "<&>", "q?#[]")
SETTINGS = """\
from pathlib import Path
SECRET_KEY, USE_TZ = "x", True
INSTALLED_APPS = [{apps}"django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
                  "django.contrib.messages", "django.contrib.sessions", "django.contrib.staticfiles"]
STATIC_URL, STATICFILES_DIRS = "/static/", []
STORAGES = {{"default": {{"BACKEND": "django.core.files.storage.FileSystemStorage"}},
            "staticfiles": {{"BACKEND": "{backend}"}}}}
AWS_S3_ENDPOINT_URL, AWS_STORAGE_BUCKET_NAME, AWS_LOCATION = "{endpoint}", "bucket", "{prefix}"
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_S3_REGION_NAME = "{access}", "{secret}", "us-east-1"
COLLECTFASTA_STRATEGY = "collectfasta.strategies.boto3.Boto3Strategy"
AWS_PRELOAD_METADATA = True
CACHES = {{"default": {{"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": "{cache}"}}}}
"""


class Site:
    """Sources, and the root into which they are collected."""

    def __init__(self, run, name):
        self.run, self.source, self.root = run, run.work / name / "source", run.work / name / "root"
        # The files of Django's admin without third-party code, which is half of them.
        shutil.copytree(run.fixtures / "wheels/django/contrib/admin/static", self.source,
                        ignore=shutil.ignore_patterns("vendor"))
        for odd in ODD:
            self.write(f"odd/{odd}.txt", odd)

    def write(self, name, text):
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def collect(self):
        subprocess.run([self.run.staticd, "collect", self.source, "--root", self.root, "--quiet", "--cache",
                        self.run.work / "cache"], check=True)


class Run:
    """All steps against one store."""

    def __init__(self, store, staticd, fixtures, work):
        self.store, self.staticd, self.fixtures, self.work = store, staticd, fixtures, work
        self.proxy = Proxy(store.port)
        self.problems = []
        self.environment = {**os.environ, "AWS_ACCESS_KEY_ID": store.access, "AWS_SECRET_ACCESS_KEY": store.secret,
                            "AWS_DEFAULT_REGION": "us-east-1"}
        self.client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{store.port}", region_name="us-east-1",
                                   aws_access_key_id=store.access, aws_secret_access_key=store.secret,
                                   config=Config(s3={"addressing_style": "path"}))
        self.client.create_bucket(Bucket="bucket")

    def command(self, site, *arguments):
        return [self.staticd, "publish", "s3://bucket/static", "--endpoint", self.proxy.endpoint, "--root", site.root,
                "--report", str(site.root) + ".json", "--progress", "none", *arguments]

    def publish(self, site, *arguments, prefix=()):
        self.proxy.count, self.proxy.by_method = 0, {}
        result = subprocess.run([*prefix, *self.command(site, *arguments)], env=self.environment, capture_output=True,
                                text=True)
        if result.returncode:
            raise RuntimeError(f"{self.store.name}: {result.stderr}")
        return json.loads(Path(str(site.root) + ".json").read_text())["counts"]

    def note(self, what, counts, expected=None):
        self.show(what, counts["sent"], counts["updated"], counts["removed"])
        if self.proxy.count != counts["requests"]:
            self.fail(f"{what}: the report has {counts['requests']} requests, {self.proxy.count} came")
        if expected is not None and self.proxy.count > expected:
            self.fail(f"{what}: {self.proxy.count} requests, at most {expected} were expected")

    def show(self, what, sent="", updated="", removed=""):
        print(f"{what:36} {self.proxy.count:8}  {sent!s:>4}  {updated!s:>7}  {removed!s:>7}", flush=True)

    def fail(self, line):
        self.problems.append(f"{self.store.name}: {line}")

    def read_back(self, what, site, layout="identity", max_age="60"):
        result = subprocess.run(
            [sys.executable, HERE.parent / "Support/Store/read_back.py", f"http://127.0.0.1:{self.store.port}",
             site.root, layout, max_age], env=self.environment, capture_output=True, text=True)
        if result.returncode:
            self.fail(f"{what}: {result.stdout}{result.stderr}")

    def empty(self):
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket="bucket"):
            for item in page.get("Contents", []):
                self.client.delete_object(Bucket="bucket", Key=item["Key"])

    def steps(self):
        site = Site(self, self.store.name)
        site.collect()
        counts = self.publish(site)
        self.note("first", counts, counts["sent"] + 4)
        self.read_back("first", site)
        self.note("unchanged", self.publish(site), 4)
        site.write("admin/js/core.js", "let changed = 1;")
        site.collect()
        counts = self.publish(site)
        self.note("one file changed", counts, 9)
        self.read_back("one file changed", site)
        counts = self.publish(site, "--max-age", "5")
        self.note("other max-age", counts)
        if counts["sent"] or not counts["updated"]:
            self.fail(f"other max-age: {counts}")
        self.read_back("other max-age", site, max_age="5")
        self.killed(site)
        self.two_at_once(site)
        site.write("admin/js/core.js", "let failing = 1;")
        site.collect()
        self.proxy.fail_every = 5
        counts = self.publish(site, "--max-age", "5")
        self.proxy.fail_every = 0
        self.note("each fifth request 503", counts)
        self.read_back("each fifth request 503", site, max_age="5")
        if self.store.checks_signatures:
            self.skewed(site)
        # Two releases later the names of the first ones are removed.
        for number in range(3):
            site.write("admin/js/core.js", f"let release = {number};")
            shutil.rmtree(site.root)
            site.collect()
            counts = self.publish(site, "--keep-releases", "2")
        self.note("names of older releases removed", counts)
        if not counts["removed"]:
            self.fail(f"nothing was removed: {counts}")
        self.empty()
        for layout in ("suffixes", "br"):
            shutil.rmtree(site.root)
            site.collect()
            counts = self.publish(site, "--layout", layout)
            self.note(f"first, layout {layout}", counts, counts["sent"] + 4)
            self.read_back(layout, site, layout)
            self.note(f"unchanged, layout {layout}", self.publish(site, "--layout", layout), 4)
            self.empty()

    def killed(self, site):
        for name in sorted(path.name for path in (site.source / "admin/img").glob("*.svg")):
            (site.source / "admin/img" / name).write_text("<svg/>" + name)
        site.collect()
        self.proxy.reset()
        process = subprocess.Popen(self.command(site), env=self.environment, stderr=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL)
        self.proxy.limit, self.proxy.on_limit = 20, lambda: os.kill(process.pid, signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            self.fail(f"it was not killed: {process.returncode}")
        self.proxy.reset()
        counts = self.publish(site)
        self.note("killed after 20 objects, repeated", counts)
        self.read_back("killed and repeated", site)

    def two_at_once(self, site):
        other = Site(self, f"{self.store.name}-other")
        for number, one in enumerate((site, other)):
            for name in range(40):
                one.write(f"both/{name}.txt", f"of {number}")
            one.collect()
        self.proxy.reset()
        processes = [subprocess.Popen(self.command(one), env=self.environment, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True) for one in (site, other)]
        outcomes = [(process.communicate(), process.returncode) for process in processes]
        stored = self.client.get_object(Bucket="bucket", Key="static/staticd.json")["Body"].read()
        winner = 0 if stored == (site.root / "staticd.json").read_bytes() else 1
        if outcomes[winner][1] != 0 or any(code not in (0, 3) for _, code in outcomes):
            self.fail(f"two at once: {outcomes}")
        sites = (site, other)
        for name, file in json.loads(stored)["files"].items():
            body = self.client.get_object(Bucket="bucket", Key=f"static/{name}")["Body"].read()
            if body != (sites[winner].root / name).read_bytes():
                self.fail(f"two at once: {name} is not of the release that is there")
        self.show("two at once, whole")
        site.write("last.txt", "1")
        site.collect()
        self.publish(site)

    def skewed(self, site):
        for shift in ("+2 days", "-2 days"):
            site.write("skewed.txt", shift)
            site.collect()
            counts = self.publish(site, prefix=("faketime", "-f", shift.replace(" days", "d")))
            self.note(f"clock {shift}", counts)
            self.read_back(f"clock {shift}", site)


def django_requests(run, python):
    """The number of requests of Django's storages, for the first and the second run."""
    rows = []
    collectfasta = '"collectfasta", '
    for title, backend, apps in (
        ("django-storages, S3StaticStorage", "storages.backends.s3.S3StaticStorage", ""),
        ("django-storages, S3ManifestStaticStorage", "storages.backends.s3.S3ManifestStaticStorage", ""),
        ("collectfasta, S3StaticStorage", "storages.backends.s3.S3StaticStorage", collectfasta),
    ):
        directory = run.work / f"django{len(rows)}"
        directory.mkdir()
        (directory / "settings.py").write_text(SETTINGS.format(
            apps=apps, backend=backend, endpoint=run.proxy.endpoint, prefix=f"django{len(rows)}",
            access=run.store.access, secret=run.store.secret, cache=directory / "cache"))
        counts = []
        for _ in range(2):
            run.proxy.reset()
            result = subprocess.run([python, "-m", "django", "collectstatic", "--noinput"], cwd=directory,
                                    env={**run.environment, "DJANGO_SETTINGS_MODULE": "settings",
                                         "PYTHONPATH": str(directory)}, capture_output=True, text=True)
            if result.returncode:
                run.fail(f"{title}: {result.stderr[-500:]}")
            methods = ", ".join(f"{count} {method}" for method, count in sorted(run.proxy.by_method.items()))
            counts.append(f"{run.proxy.count} ({methods})")
        rows.append((title, *counts))
    return rows


def main():
    staticd, fixtures, names = os.path.realpath(sys.argv[1]), Path(sys.argv[2]).absolute(), sys.argv[3:]
    work = Path(tempfile.mkdtemp(prefix="staticd-stores-"))
    problems, begin = [], time.monotonic()
    try:
        for kind in (stores.Moto, stores.Radosgw, stores.Swift):
            if names and kind.name not in names:
                continue
            store = None
            try:
                store = kind(work / kind.name / "store")
                run = Run(store, staticd, fixtures, work / kind.name)
                print(f"\n{kind.name}, started in {store.seconds:.1f} s\n")
                print(f"{'step':36} requests  sent  updated  removed", flush=True)
                run.steps()
                print(f"{time.monotonic() - begin:.0f} s so far", flush=True)
                if kind is stores.Moto:
                    print(f"\n{'Django admin alone':44} {'first':28} again")
                    for title, first, again in django_requests(run, fixtures / "storages/bin/python"):
                        print(f"{title:44} {first:28} {again}")
                problems += run.problems
                sys.stdout.flush()
            finally:
                if store:
                    store.stop()
    finally:
        if not os.environ.get("KEEP_STORES"):
            shutil.rmtree(work, ignore_errors=True)
    print(f"\n{time.monotonic() - begin:.0f} s")
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
