"""Deploys three releases of a script and loads each in headless Chromium, as visitors do.

Usage: deltas.py STATICD CHROMIUM SCRIPT
Output: a list of {"case", "status", "encoding", "bytes", "release", "errors"}, as JSON; `release` is the one
reported by the executed script, `bytes` the size of its response on the wire, including the head.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from chromium import Browser, errors

staticd, program, script = sys.argv[1:]
work = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
place = pathlib.Path(work.name)
for name in ["source/js", "root", "pages"]:
    (place / name).mkdir(parents=True)
content = pathlib.Path(script).read_text()
server = None
with socket.socket() as probe, socket.socket() as other_probe:
    probe.bind(("127.0.0.1", 0))
    other_probe.bind(("127.0.0.1", 0))
    port, other_port = probe.getsockname()[1], other_probe.getsockname()[1]


# The environment is empty except for sanitizer options.
SANITIZERS = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}


def deploy(release):
    """Collects a release, writes its pages and serves them instead of the previous release."""
    global server
    text = content.replace("use strict", f"use strict /* {release} */", 1)
    (place / "source/js/app.js").write_text(f"{text}\nwindow.release = {release};\n")
    collect = [staticd, "collect", "source", "--root", "root", "--no-cache", "-q"]
    subprocess.run(collect, check=True, cwd=place, env=SANITIZERS)
    name = json.loads((place / "root/staticfiles.json").read_text())["paths"]["js/app.js"]
    record = json.loads((place / "root/staticd.json").read_text())["files"][name]
    integrity = f'integrity="{record["integrity"]}"'
    for page, attributes, origin in [
        ("plain", "", ""),
        ("integrity", integrity, ""),
        ("cors", "crossorigin", f"http://127.0.0.1:{other_port}"),
        ("no-cors", "", f"http://127.0.0.1:{other_port}"),
    ]:
        element = f'<script src="{origin}/static/{name}" {attributes}></script>'
        (place / f"pages/{page}-{release}.html").write_text(
            f"<!doctype html><title>{page}</title><link rel=icon href=data:,>{element}"
        )
    stop()
    command = [staticd, "serve", "--root", "root", "--public", "pages"]
    command += ["--listen", f"127.0.0.1:{port}", "--listen", f"127.0.0.1:{other_port}"]
    server = subprocess.Popen(
        command, cwd=place, env=SANITIZERS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/plain-{release}.html").close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("staticd does not serve")


def stop():
    if server:
        server.terminate()
        server.wait()


def outcome(case, browser, events):
    """The result for the script in `events`."""
    request, result = None, {"case": case, "status": 0, "encoding": "", "bytes": 0}
    for event in events:
        parameters = event["params"]
        if event["method"] == "Network.responseReceived":
            response = parameters["response"]
            if "/static/js/app." in response["url"]:
                request = parameters["requestId"]
                fields = {name.lower(): value for name, value in response["headers"].items()}
                result["status"] = response["status"]
                result["encoding"] = fields.get("content-encoding", "")
        elif event["method"] == "Network.loadingFinished" and parameters["requestId"] == request:
            result["bytes"] = parameters["encodedDataLength"]
    result["release"] = browser.evaluate("window.release")
    result["errors"] = list(errors(events))
    results.append(result)


def visit(case, browser, page):
    outcome(case, browser, browser.visit(f"http://127.0.0.1:{port}/{page}.html"))


results = []
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    browser = Browser(program, profile)
    browser.attach()
    steady = browser.session
    deploy(1)
    visit("first visit", browser, "plain-1")
    # Visitors who will skip a release, and visitors of pages of another origin.
    windows = {}
    for case, page in [
        ("skips a release", "plain-1"),
        ("another origin, with crossorigin", "cors-1"),
        ("another origin, without crossorigin", "no-cors-1"),
        ("cache cleared", "plain-1"),
        ("site data cleared", "plain-1"),
    ]:
        browser.attach(is_private=True)
        windows[case] = browser.session
        browser.visit(f"http://127.0.0.1:{port}/{page}.html")
    deploy(2)
    browser.session = steady
    visit("second release, with integrity", browser, "integrity-2")
    for case, page in [
        ("another origin, with crossorigin", "cors-2"),
        ("another origin, without crossorigin", "no-cors-2"),
    ]:
        browser.session = windows[case]
        visit(case, browser, page)
    browser.session = windows["cache cleared"]
    browser.call("Network.clearBrowserCache")
    visit("cache cleared", browser, "plain-2")
    browser.session = windows["site data cleared"]
    origin = f"http://127.0.0.1:{port}"
    browser.call("Storage.clearDataForOrigin", origin=origin, storageTypes="all")
    visit("site data cleared", browser, "plain-2")
    deploy(3)
    browser.session = steady
    visit("third release", browser, "plain-3")
    outcome("hard reload", browser, browser.reload())
    browser.session = windows["skips a release"]
    visit("skips a release", browser, "integrity-3")
    browser.attach(is_private=True)
    visit("private window", browser, "plain-3")
    browser.session = {}
    browser.call("Browser.close")
    browser.process.wait()
stop()
print(json.dumps(results))
