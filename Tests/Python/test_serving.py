"""`staticd` in front of gunicorn: pages with checked style sheets, and the client's address."""

from __future__ import annotations

import http.client
import re
import signal
import unittest

from project import Project
from server import Server, free_port, get

MIDDLEWARE = "MIDDLEWARE = ['staticd.middleware.ClientAddressMiddleware']\n"


class ServingTests(unittest.TestCase):
    def project(self, settings: str) -> Project:
        project = Project(settings)
        self.addCleanup(project.remove)
        result = project.manage("collectstatic", "--noinput")
        self.assertEqual(result.returncode, 0, result.stderr)
        return project

    def test_run(self) -> None:
        """The start needs no Python, because the record of collectstatic is valid."""
        project, port = self.project(""), free_port()
        listen = ("--listen", f"127.0.0.1:{port}")
        with Server(project, "staticd", "run", *listen, "--", "gunicorn", "mysite.wsgi") as server:
            page = get(port, "/")[2]
            found = re.fullmatch(
                r'<link rel="stylesheet" href="(/static/site\.[0-9a-f]{12}\.css)" '
                r'integrity="sha384-[^"]{64}" crossorigin="anonymous">127\.0\.0\.1',
                page,
            )
            assert found, page
            status, fields, _ = get(port, found[1])
            self.assertEqual(status, 200)
            self.assertEqual(fields["Access-Control-Allow-Origin"], "*")
            self.assertIn("immutable", fields["Cache-Control"])
            self.assertNotIn("asked the Django project", server.read(0))
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(Server.SECONDS), 0)

    def test_the_address_behind_a_socket(self) -> None:
        """An app started separately: only the middleware knows the address; clients cannot forge it."""
        for settings, expected in (("", ""), (MIDDLEWARE, "127.0.0.2")):
            with self.subTest(settings=settings):
                project, port = self.project(settings), free_port()
                address = f"unix:{project.path}/app.sock"
                with (
                    Server(project, "gunicorn", "--bind", address, "mysite.wsgi") as app,
                    Server(
                        project,
                        *("staticd", "serve", "--listen", f"127.0.0.1:{port}", "--upstream", address),
                    ),
                ):
                    app.wait_for("Booting worker")
                    get(port, "/static/note.txt")
                    connection = http.client.HTTPConnection(
                        "127.0.0.1", port, source_address=("127.0.0.2", 0), timeout=Server.SECONDS
                    )
                    forged = {"X-Real-IP": "203.0.113.7", "X-Forwarded-For": "203.0.113.7"}
                    connection.request("GET", "/", headers=forged)
                    page = connection.getresponse().read().decode()
                    connection.close()
                    self.assertEqual(page.rpartition(">")[2], expected)


if __name__ == "__main__":
    unittest.main()
