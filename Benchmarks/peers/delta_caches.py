"""Deltas through shared caches: how many are delivered, and that every response is right."""

import base64
import gzip
import http.client
import json
import pathlib
import random
import shutil
import subprocess
import sys
import time

from processes import free_port
from tools import PROJECT

sys.path.append(str(PROJECT / "Benchmarks" / "cluster"))

import fronts  # noqa: E402

# What browsers send, without a dictionary and with one.
_PLAIN = ["gzip, deflate, br, zstd", "gzip, deflate, br", "gzip, deflate", "gzip", "", "br;q=0.5, gzip"]
_DICTIONARY = ["gzip, deflate, br, zstd, dcb, dcz", "gzip, deflate, br, dcz"]


def measure(bench, root, count):
    """A row for each cache: requests, wrong responses, and the share of expected deltas delivered."""
    rows = []
    origin_port = free_port()
    command = [bench.tools.staticd, "serve", "--root", root, "--listen", f"127.0.0.1:{origin_port}"]
    origin = subprocess.Popen(command, env={}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(origin_port)
        rows.append(["none", *_ask(root, origin_port, count)])
        for label, options in [
            ("Varnish as it comes", []),
            ("Varnish, raw Accept-Encoding", ["-p", "http_gzip_support=off"]),
        ]:
            bench.say(f"deltas: {label}")
            with _Varnish(bench.work / "varnish", origin_port, options) as port:
                rows.append([label, *_ask(root, port, count)])
        for label, normalize in [
            ("Traffic Server as it comes", None),
            ("Traffic Server, normalize_ae 0", 0),
        ]:
            bench.say(f"deltas: {label}")
            with _TrafficServer(bench.work / f"ats-{normalize}", origin_port, normalize) as port:
                rows.append([label, *_ask(root, port, count)])
    finally:
        origin.terminate()
        origin.wait()
    return rows


def _await(port):
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            if connection.getresponse().status < 500:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"nothing answers at port {port}")


def _ask(root, port, count):
    root = pathlib.Path(root)
    manifest = json.loads((root / "staticd.json").read_text())
    current = manifest["releases"][0]
    names = [n for n, f in manifest["files"].items() if f["release"] == current and n != f["name"]]
    files = {name: _File(root, name, manifest["files"][name]) for name in names}
    digests = sorted({d for file in files.values() for d in file.deltas})
    choices = random.Random(1)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    wrong = due = delivered = 0
    for _ in range(count):
        file = files[choices.choice(names)]
        digest, fields = None, {"Accept-Encoding": choices.choice(_PLAIN)}
        if choices.random() < 0.6:
            own = choices.random() < 0.5 and file.deltas
            digest = choices.choice(sorted(own or digests))
            offer = base64.b64encode(bytes.fromhex(digest)).decode()
            fields = {"Accept-Encoding": choices.choice(_DICTIONARY), "Available-Dictionary": f":{offer}:"}
        if not fields["Accept-Encoding"]:
            del fields["Accept-Encoding"]
        connection.putrequest("GET", f"/static/{file.name}", skip_accept_encoding=True)
        for name, value in fields.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        body, coding = response.read(), response.getheader("Content-Encoding")
        is_due = digest in file.deltas
        due += is_due
        if coding == "dcz":
            delivered += is_due
            wrong += not (is_due and body == file.deltas[digest])
        else:
            wrong += response.status != 200 or not file.is_content(body, coding)
    return [f"{count:,}", wrong, f"{due:,}", f"{delivered:,}"]


class _File:
    def __init__(self, root, name, record):
        self.name = name
        self.content = (root / name).read_bytes()
        codings = record["codings"]
        self.deltas = {c["dictionary"]: (root / c["file"]).read_bytes() for c in codings if c["coding"] == "dcz"}
        self.brotli = [(root / c["file"]).read_bytes() for c in codings if c["coding"] == "br"]

    def is_content(self, body, coding):
        if coding == "br":
            return body in self.brotli
        return (gzip.decompress(body) if coding == "gzip" else body) == self.content


class _Varnish:
    def __init__(self, directory, origin, options):
        self.port = free_port()
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        self.command = ["varnishd", "-F", "-n", directory, "-a", f"127.0.0.1:{self.port}"]
        self.command += ["-b", f"127.0.0.1:{origin}", "-s", "malloc,256m", *options]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _await(self.port)
        return self.port

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class _TrafficServer:
    def __init__(self, directory, origin, normalize):
        self.directory = directory
        self.port = free_port()
        shutil.rmtree(directory, ignore_errors=True)
        # "#-1" stays root, as the directory of a benchmark is for nobody else.
        settings = {"proxy.config.admin.user_id": ("STRING", "#-1")}
        if normalize is not None:
            settings["proxy.config.http.normalize_ae"] = ("INT", str(normalize))
        remap = f"map / http://127.0.0.1:{origin}/\n"
        fronts.configure_trafficserver(directory, f"{self.port}:ip-in=127.0.0.1", settings, remap)

    def __enter__(self):
        log = (self.directory / "output").open("w")
        command = ["traffic_server", f"--run-root={self.directory / 'runroot.yaml'}"]
        self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        _await(self.port)
        return self.port

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
