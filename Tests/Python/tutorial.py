"""A new user's site, from `django-admin startproject` on, following only README.md.

Usage: tutorial.py WHEEL [STATICD]

Creates an environment and a site in a temporary directory, installs the wheel by requirements.txt, adds
the lines of README.md to the settings, collects, serves with gunicorn, and requests a page and its
files. The response fields and the collected bytes are compared with those of the executable STATICD on
the same site. PIP_FIND_LINKS and PIP_NO_INDEX apply to the other packages.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from server import free_port

SETTINGS = """
INSTALLED_APPS.insert(0, "staticd")
ALLOWED_HOSTS = ["127.0.0.1"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
DEBUG = False
"""
REQUIREMENTS = "Django\ngunicorn\nstaticd\n"
# Fields that differ between responses.
CHANGING = ("date", "expires", "x-request-id", "set-cookie")


def main() -> None:
    wheel = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="staticd-tutorial-") as name:
        root = Path(name)
        began = time.monotonic()
        subprocess.run([sys.executable, "-m", "venv", "venv"], cwd=root, check=True)
        print(f"{time.monotonic() - began:.1f} s: the environment is made")
        (root / "requirements.txt").write_text(REQUIREMENTS)
        path = f"{root}/venv/bin:/usr/bin:/bin"
        kept = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_"))}
        environment = {**kept, "PATH": path, "HOME": name, "PYTHONDONTWRITEBYTECODE": "1"}

        def run(*command: str, **more: str) -> str:
            result = subprocess.run(
                command, cwd=root, env={**environment, **more}, capture_output=True, text=True
            )
            if result.returncode != 0:
                sys.exit(f"{' '.join(command)}: {result.stdout}{result.stderr}")
            return result.stdout

        links = f"{wheel.parent} {environment.get('PIP_FIND_LINKS', '')}"
        run("pip", "install", "--quiet", "-r", "requirements.txt", PIP_FIND_LINKS=links)
        print(f"{time.monotonic() - began:.1f} s: pip install -r requirements.txt")
        run("django-admin", "startproject", "mysite", ".")
        with (root / "mysite/settings.py").open("a") as settings:
            settings.write(SETTINGS)
        collected = time.monotonic()
        print(
            "manage.py collectstatic:", run("python", "manage.py", "collectstatic", "--noinput").strip()
        )
        print(f"{time.monotonic() - collected:.2f} s: manage.py collectstatic")
        names = json.loads((root / "staticfiles/staticfiles.json").read_text())["paths"]
        print(f"{time.monotonic() - began:.1f} s in all")
        answers = serve(root, environment, ["staticd"], names)
        if len(sys.argv) > 2:
            compare(root, environment, str(Path(sys.argv[2]).resolve()), names, answers)


def serve(
    root: Path, environment: dict[str, str], program: list[str], names: dict[str, str]
) -> dict[str, tuple[int, list[tuple[str, str]], bytes]]:
    """Starts the site, requests its page and files, and stops it; returns the responses by request."""
    port = free_port()
    started = time.monotonic()
    server = subprocess.Popen(
        [*program, "run", "--", "gunicorn", "mysite.wsgi"],
        cwd=root,
        env={**environment, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        status, _, page = get(port, "/admin/login/", {}, server)
        print(f"{time.monotonic() - started:.2f} s: the first page, {status}, {len(page)} bytes")
        sheets = re.findall(rb'href="(/static/[^"]*\.css)"', page)
        assert sheets, page
        assert all(re.search(rb"\.[0-9a-f]{12}\.css$", sheet) for sheet in sheets), sheets
        answers = {}
        for name, hashed in names.items():
            for path in (f"/static/{name}", f"/static/{hashed}"):
                for fields in ({}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip"}):
                    answers[f"{path} {fields}"] = get(port, path, fields, server)
        for path, fields in (
            ("/static/gone.css", {}),
            (f"/static/{names['admin/css/base.css']}", {"Range": "bytes=0-9"}),
            (f"/static/{names['admin/css/base.css']}", {"Origin": "https://example.org"}),
            ("/admin/login/", {}),
        ):
            answers[f"{path} {fields}"] = get(port, path, fields, server)
        return answers
    finally:
        server.send_signal(signal.SIGTERM)
        text, _ = server.communicate(timeout=60)
        if server.returncode not in (0, 128 + signal.SIGTERM):
            sys.exit(f"the server has ended with {server.returncode}: {text}")


def get(
    port: int, path: str, fields: dict[str, str], server: subprocess.Popen[str]
) -> tuple[int, list[tuple[str, str]], bytes]:
    while server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", path, headers=fields)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        except ConnectionRefusedError:
            time.sleep(0.01)
        finally:
            connection.close()
    assert server.stdout is not None
    sys.exit(f"the server has ended: {server.stdout.read()}")


def compare(
    root: Path,
    environment: dict[str, str],
    program: str,
    names: dict[str, str],
    answers: dict[str, tuple[int, list[tuple[str, str]], bytes]],
) -> None:
    """Collects and serves the site with another executable: bytes and fields must be the same."""
    files = {
        path: path.read_bytes() for path in sorted((root / "staticfiles").rglob("*")) if path.is_file()
    }
    (root / "staticfiles").rename(root / "from-the-wheel")
    subprocess.run(
        [program, "collect", "--python", f"{root}/venv/bin/python", "-q"],
        cwd=root,
        env=environment,
        check=True,
    )
    now = {
        path: path.read_bytes() for path in sorted((root / "staticfiles").rglob("*")) if path.is_file()
    }
    assert files.keys() == now.keys(), files.keys() ^ now.keys()
    for path, content in files.items():
        assert content == now[path], path
    # The fields contain the time at which a file was collected.
    (root / "staticfiles").rename(root / "from-the-other")
    (root / "from-the-wheel").rename(root / "staticfiles")
    others = serve(root, environment, [program], names)
    assert answers.keys() == others.keys()
    count = 0
    for request, (status, fields, body) in answers.items():
        other_status, other_fields, other_body = others[request]
        ours, theirs = (
            [(k, v) for k, v in found if k.lower() not in CHANGING] for found in (fields, other_fields)
        )
        assert (status, ours) == (other_status, theirs), (request, ours, theirs)
        if not request.startswith("/admin"):
            assert body == other_body, request
        count += len(ours)
    print(f"{len(files)} files, {len(answers)} answers and {count} header fields are those of {program}")


main()
