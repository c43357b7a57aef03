"""`manage.py collectstatic`: options, output and files are those of Django's own command.

Goal: a platform or a developer sees no difference. Method: the same project with and without the
app, for each option; both outputs are compared line by line, in any order.
"""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
import unittest

from project import MANAGE, Project

WITHOUT = 'INSTALLED_APPS.remove("staticd")\n'
PREFIX = "STATICFILES_DIRS = [('pre', BASE_DIR / 'assets')]\n"
PLAIN = (
    "STORAGES['staticfiles'] = "
    "{'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}\n"
    "SILENCED_SYSTEM_CHECKS = ['staticd.W004']\n"
)
# Files that are written between two commands, later than what is in the root.
EDIT = {"assets/note.txt": "another note", "shop/static/shop/shop.js": "buy()\n"}
BACK = {"assets/note.txt": "a note " * 100, "shop/static/shop/shop.js": "sell()\n"}


class ParityTests(unittest.TestCase):
    ROWS = (
        (["--noinput"],),
        (["--noinput", "-v", "0"],),
        (["--noinput", "-v", "2"],),
        (["--noinput", "--dry-run"],),
        (["--noinput", "--dry-run", "-v", "2"],),
        (["--noinput", "--no-post-process"],),
        (["--noinput", "--link", "--no-post-process"],),
        (["--noinput", "--link", "-n"],),
        (["--noinput", "-i", "*.txt"],),
        (["--noinput", "--ignore=img", "-i", "shop", "--no-post-process"],),
        (["--noinput", "--no-default-ignore"],),
        (["--noinput", "--clear"],),
        # A second run has nothing to do.
        (["--noinput"], ["--noinput"]),
        (["--noinput"], ["--noinput", "-v", "2"]),
        (["--noinput"], ["--noinput", "--settings", "mysite.settings"]),
        # An empty standard input answers the question with an end of file.
        (["--noinput"], []),
        (["--noinput", "--unknown"],),
    )

    # Settings, and commands with changes of the sources between them; only the last output counts.
    CHANGES: tuple[tuple[str, tuple[list[str] | dict[str, str], ...]], ...] = (
        ("", (["--noinput"], EDIT, ["--noinput", "-v", "2"])),
        ("", (["--noinput"], EDIT, ["--noinput", "-n", "-v", "2"])),
        # The hashed files of the first content are still there.
        ("", (["--noinput"], EDIT, ["--noinput"], BACK, ["--noinput", "-v", "2"])),
        # The originals are there, and no hashed file.
        ("", (["--noinput", "--no-post-process"], ["--noinput", "-v", "2"])),
        (PREFIX, (["--noinput"], ["--noinput", "-v", "2"])),
        (PREFIX, (["--noinput"], EDIT, ["--noinput", "-v", "2"])),
        (PLAIN, (["--noinput"], ["--noinput", "--link", "-v", "2"])),
        (PLAIN, (["--noinput", "--link"], ["--noinput", "-v", "2"])),
    )

    def test_parity(self) -> None:
        for commands in self.ROWS:
            with self.subTest(commands=commands):
                outcomes = [self.outcome(settings, commands) for settings in ("", WITHOUT)]
                self.assertEqual(outcomes[0], outcomes[1])

    def test_parity_after_changes(self) -> None:
        for settings, steps in self.CHANGES:
            with self.subTest(settings=settings, steps=steps):
                outcomes = [self.outcome(settings + end, steps) for end in ("", WITHOUT)]
                self.assertEqual(outcomes[0], outcomes[1])

    def outcome(self, settings: str, steps: tuple[list[str] | dict[str, str], ...]) -> dict[str, object]:
        project = Project(settings)
        self.addCleanup(project.remove)
        for number, step in enumerate(steps):
            if isinstance(step, list):
                result = project.manage("collectstatic", *step)
                continue
            for name, text in step.items():
                project.write(name, text)
                # Django compares whole seconds.
                later = time.time() + 10 * number
                os.utime(project.path / name, (later, later))
        output = result.stdout.replace(str(project.path), "DIR")
        if result.returncode == 0:
            self.assertEqual(result.stderr, "")
        files = project.files()
        files.pop("staticd.json", None)
        # Up to 5.2 the order of the manifest is that of the file system.
        manifest = json.loads(files.pop("staticfiles.json", "{}"))
        return {
            "status": result.returncode,
            "output": sorted(output.splitlines()),
            "files": files,
            "paths": manifest.get("paths"),
        }


class CollectstaticTests(unittest.TestCase):
    def setUp(self) -> None:
        self.project = Project()
        self.addCleanup(self.project.remove)

    def collect(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return self.project.manage("collectstatic", "--noinput", *arguments, **more)

    def test_compresses_and_records(self) -> None:
        self.assertEqual(self.collect().returncode, 0)
        names = os.listdir(self.project.path / "root")
        self.assertIn("note.txt.gz", names)
        manifest = json.loads((self.project.path / "root/staticd.json").read_text())
        self.assertIn("integrity", manifest["files"]["site.css"])
        # A server beside the root does not need to ask the project.
        self.assertEqual(
            manifest["django"]["files"],
            ["manage.py", "mysite/__init__.py", "mysite/settings.py", "shop/__init__.py"],
        )
        self.assertIn("DJANGO_SETTINGS_MODULE", manifest["django"]["variables"])

    def test_the_record_holds(self) -> None:
        """The record equals that of `staticd collect`, and explain uses it without Python."""
        settings = "import os\nAGE = os.environ.get('AGE')\n(BASE_DIR / '.env').read_text()\n"
        self.project.write("mysite/settings.py", self.text("mysite/settings.py") + settings)
        self.project.write(".env", "A=1")
        self.project.write("manage.py", "import os\nos.environ['AGE'] = '3'\n" + MANAGE)
        self.assertEqual(self.collect(AGE="2").returncode, 0)
        ours = json.loads(self.text("root/staticd.json"))["django"]
        self.assertIn(".env", ours["files"])
        self.assertIn("AGE", ours["variables"])
        for age, is_asked in (("2", False), ("4", True)):
            told = self.project.run("staticd", "explain", "/static/site.css", AGE=age).stderr
            self.assertEqual("asked the Django project" in told, is_asked, told)
        python = sys.executable
        result = self.project.run("staticd", "collect", "--python", python, AGE="2")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(self.text("root/staticd.json"))["django"], ours)

    def test_django_is_loaded_once(self) -> None:
        self.project.write("mysite/settings.py", self.text("mysite/settings.py") + NOTING)
        result = self.collect()
        self.assertEqual(result.returncode, 0, result.stderr)
        # Only the settings are loaded once more, by a child process with Django.
        self.assertEqual(self.text("settings-loaded"), "xx")
        self.project.write("shop/apps.py", APP)
        result = self.collect()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.text("apps-loaded"), "x")
        # The files that an app's setup reads are unknown, so nothing is recorded.
        self.assertEqual(self.text("settings-loaded"), "xxx")
        self.assertNotIn("django", json.loads(self.text("root/staticd.json")))

    def test_problems(self) -> None:
        self.project.write("assets/bad.css", "a { b: url(gone.png) }")
        result = self.collect()
        self.assertEqual(result.returncode, 1)
        self.assertIn("bad.css:1: ", result.stderr)
        self.assertIn("gone.png", result.stderr)
        self.assertIn("CommandError: staticd has published nothing.", result.stderr)
        self.assertFalse((self.project.path / "root").exists())

    def test_the_configuration_of_servers_changes_nothing(self) -> None:
        self.project.write("staticd.toml", 'root = "elsewhere"\nsource = ["mysite"]\n')
        self.assertEqual(self.collect(STATIC_ROOT="nowhere").returncode, 0)
        self.assertIn("site.css", self.project.files())
        self.assertFalse((self.project.path / "elsewhere").exists())

    def test_call_command(self) -> None:
        """Output goes to the streams given by the caller."""
        self.project.write("call.py", CALL)
        result = self.project.run(sys.executable, "call.py")
        self.assertEqual(result.returncode, 0, result.stderr)
        out, err, error = json.loads(result.stdout)
        self.assertIn("4 static files copied", out)
        self.assertEqual(err, "")
        self.assertIn("published nothing", error[0])
        self.assertIn("gone.png", error[1])

    def test_from_another_directory(self) -> None:
        """A relative root is relative to the working directory, as in Django."""
        text = self.text("mysite/settings.py").replace('BASE_DIR / "root"', '"root"')
        self.project.write("mysite/settings.py", text)
        (self.project.path / "work").mkdir()
        result = subprocess.run(
            [sys.executable, "../manage.py", "collectstatic", "--noinput"],
            cwd=self.project.path / "work",
            env=self.project.environment,
            capture_output=True,
            text=True,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("site.css", self.project.files("work/root"))

    def test_refusals(self) -> None:
        for settings, words in (
            ("STATIC_ROOT = None\n", "Add STATIC_ROOT = BASE_DIR / 'staticfiles' to the settings"),
            (
                "STORAGES['staticfiles'] = {'BACKEND': 'mysite.storage.Cloud'}\n",
                "Cloud keeps no files in a directory",
            ),
            (
                "STORAGES['staticfiles'] = {'BACKEND': 'mysite.storage.Own'}\n",
                "mysite.storage.Own changes hashed_name, which staticd cannot do",
            ),
        ):
            with self.subTest(words=words):
                project = Project(settings)
                self.addCleanup(project.remove)
                project.write("mysite/storage.py", STORAGES)
                result = project.manage("collectstatic", "--noinput")
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(words, result.stderr)
                self.assertNotIn("Traceback", result.stderr)

    def test_our_command_is_not_refused(self) -> None:
        """`staticd collect` refuses a project's own command, but accepts ours."""
        result = self.project.run("staticd", "collect", "--python", sys.executable)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_an_older_program(self) -> None:
        """An executable in PATH is used if the package has none beside its Python."""
        self.project.write("bin/staticd", OLDER)
        (self.project.path / "bin/staticd").chmod(0o755)
        self.project.write("manage.py", WITHOUT_PROGRAM + MANAGE)
        result = self.collect(PATH=f"{self.project.path}/bin:{os.environ['PATH']}")
        self.assertEqual(result.returncode, 1)
        self.assertIn("bin/staticd' is older than this package", result.stderr)

    def test_asks_on_a_terminal(self) -> None:
        self.assertEqual(self.collect().returncode, 0)
        for reply, status in ((b"no\n", 1), (b"yes\n", 0)):
            ours, theirs = pty.openpty()
            os.write(ours, reply)
            result = subprocess.run(
                [sys.executable, "manage.py", "collectstatic"],
                cwd=self.project.path,
                env=self.project.environment,
                stdin=theirs,
                capture_output=True,
                text=True,
            )
            self.assertIn("This will overwrite existing files!", result.stdout)
            self.assertEqual(result.returncode, status, result.stderr)
            os.close(ours)
            os.close(theirs)

    def text(self, name: str) -> str:
        return (self.project.path / name).read_text()


NOTING = "with open(BASE_DIR / 'settings-loaded', 'a') as file:\n    file.write('x')\n"

APP = """\
from django.apps import AppConfig
from django.conf import settings


class Shop(AppConfig):
    name = "shop"

    def ready(self):
        with open(settings.BASE_DIR / "apps-loaded", "a") as file:
            file.write("x")
"""

CALL = """\
import io
import json
import os
import pathlib

os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
import django
from django.core.management import CommandError, call_command

django.setup()
out, err = io.StringIO(), io.StringIO()
call_command("collectstatic", interactive=False, stdout=out, stderr=err)
pathlib.Path("assets/bad.css").write_text("a { b: url(gone.png) }")
failed, said = "", io.StringIO()
try:
    call_command("collectstatic", interactive=False, stdout=io.StringIO(), stderr=said)
except CommandError as error:
    failed = str(error)
print(json.dumps([out.getvalue(), err.getvalue(), [failed, said.getvalue()]]))
"""

OLDER = """\
#!/bin/sh
while [ "$1" != --report ]; do shift; done
echo '{"version": 1}' >"$2"
"""

WITHOUT_PROGRAM = "import staticd.executable as e\ne._script_directories = lambda: []\n"

STORAGES = """\
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import Storage


class Cloud(Storage):
    def url(self, name):
        return name


class Own(ManifestStaticFilesStorage):
    def hashed_name(self, name, content=None, filename=None):
        return name
"""

if __name__ == "__main__":
    unittest.main()
