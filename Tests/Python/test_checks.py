"""The system checks: each message has a case, and a valid project has no message."""

from __future__ import annotations

import unittest

from project import Project

RIGHT = "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')\n"
PLAIN = "STORAGES['staticfiles'] = {'BACKEND': %r}\n"


class CheckTests(unittest.TestCase):
    # Settings, the identifier, parts of its message and of its hint.
    ROWS = (
        ("INSTALLED_APPS.remove('django.contrib.staticfiles')\n", "E001", "not in", "Add it"),
        ("INSTALLED_APPS.sort()\n", "W001", "the command of 'django.contrib.static", "before"),
        (
            "MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\n",
            "W002",
            "'whitenoise.middleware.WhiteNoiseMiddleware' is in MIDDLEWARE",
            "Take it out",
        ),
        ("MIDDLEWARE = ['mysite.own.Files']\n", "W002", "'mysite.own.Files' is", "Take it out"),
        ("STATIC_ROOT = None\n", "W003", "STATIC_ROOT is not set", "BASE_DIR / 'staticfiles'"),
        (
            PLAIN % "django.contrib.staticfiles.storage.StaticFilesStorage",
            "W004",
            "StaticFilesStorage names no file by its content",
            "ManifestStaticFilesStorage",
        ),
        (
            "SECURE_PROXY_SSL_HEADER = ('HTTP_X_MY_TLS', 'on')\n",
            "W005",
            "('HTTP_X_MY_TLS', 'on')",
            "('HTTP_X_FORWARDED_PROTO', 'https')",
        ),
        (
            "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'on')\n",
            "W005",
            "staticd writes 'https' there",
            "('HTTP_X_FORWARDED_PROTO', 'https')",
        ),
        (
            "SECURE_PROXY_SSL_HEADER = 'HTTP_X_FORWARDED_PROTO'\n",
            "W005",
            "is 'HTTP_X_FORWARDED_PROTO', which is no pair",
            "('HTTP_X_FORWARDED_PROTO', 'https')",
        ),
        ("SECURE_PROXY_SSL_HEADER = ('A', 'B', 'C')\n", "W005", "is no pair", "Set it to"),
        ("SECURE_PROXY_SSL_HEADER = 1\n", "W005", "is 1, which is no pair", "Set it to"),
        (RIGHT, "I001", "safe while every request comes through staticd", "staticd run"),
        (
            "MIDDLEWARE = ['django.middleware.security.SecurityMiddleware']\n"
            "SECURE_SSL_REDIRECT = True\n",
            "W006",
            "redirected to itself",
            "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')",
        ),
        # Django takes every false value for none, and a subclass redirects too.
        (
            "MIDDLEWARE = ['mysite.own.Security']\n"
            "SECURE_SSL_REDIRECT = True\nSECURE_PROXY_SSL_HEADER = False\n",
            "W006",
            "redirected to itself",
            "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')",
        ),
        # STATIC_ROOT is set, and the storage is not made for another reason.
        (
            PLAIN % "mysite.gone.Storage",
            "E002",
            "Could not find backend 'mysite.gone.Storage'",
            "STORAGES",
        ),
        (
            "INSTALLED_APPS.insert(0, 'whitenoise.runserver_nostatic')\n",
            "W007",
            "the command of 'whitenoise.runserver_nostatic'",
            "out of INSTALLED_APPS",
        ),
        ("MEDIA_URL = STATIC_URL\n", "E002", "must have different values", "the setting"),
    )
    # What is in the project, settings, and parts of the message and of the hint.
    DAMAGED: tuple[tuple[str, str, str, str, str], ...] = (
        ("root/staticfiles.json", "{", "", "Couldn't load manifest", "If the manifest in"),
        ("root/staticfiles.json", "[]", "", "no attribute 'get'", "If the manifest in"),
        ("file", "", "STATIC_ROOT = BASE_DIR / 'file'\n", "Not a directory", "STATIC_ROOT is '"),
        ("file", "", "STATIC_ROOT = BASE_DIR / 'file/below'\n", "Not a directory", "STATIC_ROOT is '"),
    )
    COLLECTING = ("E001", "E002", "W001", "W002", "W003", "W004", "W007")

    def test_messages(self) -> None:
        for settings, identifier, message, hint in self.ROWS:
            with self.subTest(identifier=identifier):
                told = self.told(settings, "check", "--deploy")
                self.assertIn(f"(staticd.{identifier})", told)
                self.assertIn(message, told)
                self.assertIn(hint, told.partition("HINT")[2])
                self.assertEqual(told.count("(staticd."), 1, told)

    def test_roots_that_cannot_be_read(self) -> None:
        for name, text, settings, message, hint in self.DAMAGED:
            with self.subTest(name=name, text=text, settings=settings):
                project = Project(settings)
                self.addCleanup(project.remove)
                project.write(name, text)
                checked = project.manage("check", "--deploy")
                self.assertNotIn("Traceback", checked.stderr)
                self.assertIn("(staticd.E002)", checked.stderr)
                self.assertIn(message, checked.stderr)
                self.assertIn(hint, checked.stderr.partition("HINT")[2])
                # Without the checks the command itself tells it, in one line.
                for options in ([], ["--skip-checks"]):
                    collected = project.manage("collectstatic", "--noinput", *options)
                    self.assertNotIn("Traceback", collected.stderr)
                    self.assertEqual(collected.returncode, 1)
                    self.assertIn(message, collected.stderr)
                    self.assertIn(hint, collected.stderr)
                self.assertEqual(collected.stderr.count("\n"), 1, collected.stderr)

    def test_silenced(self) -> None:
        for settings, identifier, _, _ in self.ROWS:
            silence = f"SILENCED_SYSTEM_CHECKS = ['staticd.{identifier}']\n"
            with self.subTest(identifier=identifier):
                self.assertNotIn("(staticd.", self.told(settings + silence, "check", "--deploy"))

    def test_collectstatic_tells_what_concerns_it(self) -> None:
        for settings, identifier, _, _ in self.ROWS:
            # Django's own command runs the general checks, and not those for deployments.
            if identifier in ("E001", "W001"):
                continue
            with self.subTest(identifier=identifier):
                told = self.told(settings, "collectstatic", "--noinput")
                self.assertEqual(f"(staticd.{identifier})" in told, identifier in self.COLLECTING, told)

    def test_a_right_project(self) -> None:
        self.assertNotIn("staticd", self.told("", "check", "--deploy"))

    def test_development(self) -> None:
        """Checks for deployments are not printed by each command."""
        storage = PLAIN % "django.contrib.staticfiles.storage.StaticFilesStorage"
        self.assertNotIn("staticd", self.told("STATIC_ROOT = None\n" + storage + RIGHT, "check"))

    def told(self, settings: str, *arguments: str) -> str:
        project = Project(settings)
        self.addCleanup(project.remove)
        project.write("mysite/own.py", OWN)
        result = project.manage(*arguments)
        self.assertNotIn("Traceback", result.stderr)
        return result.stderr


OWN = """\
from django.middleware.security import SecurityMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware


class Files(WhiteNoiseMiddleware):
    pass


class Security(SecurityMiddleware):
    pass
"""

if __name__ == "__main__":
    unittest.main()
