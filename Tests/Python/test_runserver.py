"""`manage.py runserver`: staticd at the requested address, and Django's server behind it."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import tempfile
import unittest

from project import Project
from server import Server, free_port, get, get_until

DEBUG = "DEBUG = True\n"


class RunserverTests(unittest.TestCase):
    def start(self, project: Project, *arguments: str) -> Server:
        self.addCleanup(project.remove)
        server = Server(project, sys.executable, "manage.py", "runserver", *arguments)
        self.addCleanup(server.__exit__)
        return server

    def test_serves(self) -> None:
        project, port = Project(DEBUG), free_port()
        with self.start(project, str(port)) as server:
            text = server.wait_for(f"development server at http://127.0.0.1:{port}/\n")
            self.assertIn("System check identified no issues", text)
            status, fields, body = get(port, "/static/note.txt")
            self.assertEqual((status, body), (200, "a note " * 100))
            self.assertEqual(fields["Cache-Control"], "max-age=0, public")
            # The app gets the client's address.
            status, fields, body = get(port, "/")
            self.assertEqual(body, '<link rel="stylesheet" href="/static/site.css">127.0.0.1')
            self.assertIn("staticd", fields.get("Via", "") + fields.get("Server", "") + "staticd")
            # New and changed files are served without a restart.
            project.write("assets/new.css", "a {}")
            get_until(port, "/static/new.css", "a {}")
            project.write("assets/new.css", "b { }")
            get_until(port, "/static/new.css", "b { }")
            # A path that staticd does not find goes to Django, which sends its own page.
            status, fields, body = get(port, "/static/gone.css")
            self.assertEqual(status, 404)
            self.assertIn("could not be found", body)
            # The log lines of staticd may come later than Django's.
            server.wait_for('"GET /static/note.txt HTTP/1.1" 200 700')
            text = server.wait_for('"GET /static/gone.css HTTP/1.1" 404')
            self.assertRegex(text, r'\[\d\d/\w+/\d{4} [\d:]+\] "GET /static/note.txt HTTP/1.1" 200 700\n')
            self.assertRegex(text, r'"GET / HTTP/1.1" 200 \d+\n')
            self.assertEqual(text.count('"GET / '), 1)
            self.assertEqual(server.end(), 0)

    def test_https(self) -> None:
        """A browser that speaks TLS gets a line that says so, as with Django's own server."""
        port = free_port()
        with self.start(Project(DEBUG), "--noreload", str(port)) as server:
            server.wait_for("Quit the server")
            self.assertEqual(get(port, "/static/note.txt")[0], 200)
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64))
                client.recv(100)
            text = server.wait_for("accessing the development server over HTTPS")
            self.assertIn("it only supports HTTP.\n", text)
            self.assertNotIn('" 400 ', text)

    def test_settings_for_https(self) -> None:
        """Files are sent over HTTP, as by Django's server; advice names options that runserver has."""
        port = free_port()
        secure = "SECURE_SSL_REDIRECT = True\nSECURE_HSTS_SECONDS = 60\n"
        scheme = "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')\n"
        middleware = "MIDDLEWARE = ['django.middleware.security.SecurityMiddleware']\n"
        for settings, advice in ((secure, False), (secure + scheme, True)):
            with (
                self.subTest(settings=settings),
                self.start(Project(DEBUG + middleware + settings), "--noreload", str(port)) as server,
            ):
                server.wait_for("Quit the server")
                self.assertEqual(get(port, "/static/note.txt")[0], 200)
                self.assertEqual(get(port, "/")[0], 301)
                text = server.wait_for('"GET / HTTP/1.1" 301')
                if advice:
                    text = server.wait_for("reads options of staticd from staticd.toml")
                else:
                    self.assertNotIn("--trust-proxy", text)

    def test_reloads(self) -> None:
        """The reloader restarts both; a new app's files are found."""
        project, port = Project(DEBUG), free_port()
        with self.start(project, str(port)) as server:
            server.wait_for("Quit the server with CONTROL-C.")
            self.assertEqual(get(port, "/static/later/x.txt")[0], 404)
            project.write("later/__init__.py", "")
            project.write("later/static/later/x.txt", "later")
            settings = (project.path / "mysite/settings.py").read_text()
            project.write("mysite/settings.py", settings + "INSTALLED_APPS.append('later')\n")
            # The reloader detects changes only after its first scan.
            while "changed, reloading." not in server.read(0.2):
                (project.path / "mysite/settings.py").touch()
            server.wait_for("Quit the server with CONTROL-C.", count=2)
            self.assertEqual(get(port, "/static/later/x.txt")[2], "later")
            self.assertEqual(server.end(signal.SIGTERM), 0)
        self.assertEqual(self.processes(project), [])

    def test_addresses(self) -> None:
        for arguments, family, host, told in (
            (["--noreload", "{}"], socket.AF_INET, "127.0.0.1", "127.0.0.1:{}"),
            (["--noreload", "0:{}"], socket.AF_INET, "127.0.0.1", "0.0.0.0:{}"),
            (["--noreload", "0.0.0.0:{}"], socket.AF_INET, "127.0.0.1", "0.0.0.0:{}"),
            (["--noreload", "localhost:{}"], socket.AF_INET, "127.0.0.1", "localhost:{}"),
            (["--noreload", "--ipv6", "{}"], socket.AF_INET6, "::1", "[::1]:{}"),
            (["--noreload", "[::1]:{}"], socket.AF_INET6, "::1", "[::1]:{}"),
            (["--noreload", "--nothreading", "{}"], socket.AF_INET, "127.0.0.1", "127.0.0.1:{}"),
        ):
            with self.subTest(arguments=arguments):
                port = free_port(family)
                with self.start(Project(DEBUG), *(a.format(port) for a in arguments)) as server:
                    server.wait_for(f"http://{told.format(port)}/\n")
                    self.assertEqual(get(port, "/static/note.txt", host)[0], 200)
                    address = get(port, "/", host)[2].rpartition(">")[2]
                    self.assertEqual(address, host)
                    self.assertEqual(server.end(), 0)

    def test_any_port(self) -> None:
        with self.start(Project(DEBUG), "--noreload", "0") as server:
            text = server.wait_for("Quit the server")
            found = re.search(r"http://127.0.0.1:(\d+)/", text)
            assert found
            # Django before 5.0 prints the requested number.
            if found[1] != "0":
                self.assertEqual(get(int(found[1]), "/static/note.txt")[0], 200)

    def test_the_port_is_in_use(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            with self.start(Project(DEBUG), str(other.getsockname()[1])) as server:
                server.wait_for("Error: That port is already in use.")
                self.assertEqual(server.process.wait(Server.SECONDS), 1)

    def test_who_serves(self) -> None:
        """As in Django: not without DEBUG, unless --insecure, and never with --nostatic."""
        for settings, arguments, status in (
            (DEBUG, ["--nostatic"], 404),
            ("", [], 404),
            ("", ["--insecure"], 200),
        ):
            with self.subTest(settings=settings, arguments=arguments):
                project, port = Project(settings), free_port()
                project.manage("collectstatic", "--noinput")
                with self.start(project, "--noreload", *arguments, str(port)) as server:
                    server.wait_for("Quit the server")
                    answer = get(port, "/static/note.txt")
                    self.assertEqual(answer[0], status)
                    self.assertEqual(len(self.processes(project)), 2 if status == 200 else 1)

    def test_files_of_other_finders(self) -> None:
        """A finder that lists files, not directories: Django serves them behind staticd."""
        project, port = Project(DEBUG + "STATICFILES_FINDERS = ['mysite.finder.Finder']\n"), free_port()
        project.write("mysite/finder.py", FINDER)
        with self.start(project, "--noreload", str(port)) as server:
            server.wait_for("Quit the server")
            self.assertEqual(get(port, "/static/made.txt")[2], "a note " * 100)

    def test_configuration(self) -> None:
        """Options of staticd.toml apply; if they are invalid, the server ends with the reason."""
        project, port = Project(DEBUG), free_port()
        project.write("staticd.toml", 'header = ["*.txt: X-Own: yes"]\nproxy-protocol = true\n')
        with self.start(project, "--noreload", str(port)) as server:
            server.wait_for("Quit the server")
            self.assertEqual(get(port, "/static/note.txt")[1]["X-Own"], "yes")
        project.write("staticd.toml", "nonsense = 1\n")
        with self.start(project, "--noreload", str(port)) as server:
            text = server.wait_for("Error: staticd has ended with status 2.")
            self.assertIn("nonsense", text)
            self.assertEqual(server.process.wait(Server.SECONDS), 1)

    def test_a_killed_server_leaves_nothing(self) -> None:
        project, port = Project(DEBUG), free_port()
        with self.start(project, "--noreload", str(port)) as server:
            server.wait_for("Quit the server")
            get(port, "/")
            server.process.kill()
            server.process.wait()
            # staticd has ended too, so the address is free.
            with self.start(project, "--noreload", str(port)) as next_server:
                next_server.wait_for("Quit the server")
                self.assertEqual(get(port, "/static/note.txt")[0], 200)
                # The first server could not remove the directory of its socket.
                names = os.listdir(tempfile.gettempdir())
                left = [n for n in names if n.startswith(f"staticd-runserver-{server.process.pid}-")]
                self.assertEqual(left, [])

    def processes(self, project: Project) -> list[str]:
        """The command lines of the processes in the project."""
        found = []
        for name in os.listdir("/proc"):
            try:
                if name.isdigit() and os.readlink(f"/proc/{name}/cwd") == str(project.path):
                    with open(f"/proc/{name}/cmdline") as file:
                        found.append(file.read().replace("\0", " "))
            except OSError:
                continue
        return [line for line in found if line]


FINDER = """\
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

STORAGE = FileSystemStorage(location="assets")


class Finder(BaseFinder):
    def find(self, path, **options):
        return "assets/note.txt" if path == "made.txt" else []

    def list(self, ignore_patterns):
        yield "note.txt", STORAGE
"""

if __name__ == "__main__":
    unittest.main()
