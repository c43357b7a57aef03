"""A Django project in a temporary directory, run with the Python that runs the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MANAGE = """\
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
"""

SETTINGS = """\
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "only for tests"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = "mysite.urls"
INSTALLED_APPS = ["staticd", "django.contrib.staticfiles", "shop"]
MIDDLEWARE = []
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "root"
STATICFILES_DIRS = [BASE_DIR / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
"""

URLS = """\
from django.http import HttpResponse
from django.template import engines
from django.urls import path

PAGE = '{% load staticd %}{% static_tag "site.css" %}{{ address }}'


def page(request):
    context = {"address": request.META["REMOTE_ADDR"]}
    return HttpResponse(engines["django"].from_string(PAGE).render(context))


urlpatterns = [path("", page)]
"""

FILES = {
    "manage.py": MANAGE,
    "mysite/__init__.py": "",
    "mysite/settings.py": SETTINGS,
    "mysite/urls.py": URLS,
    "mysite/wsgi.py": "from django.core.wsgi import get_wsgi_application\n"
    "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')\n"
    "application = get_wsgi_application()\n",
    "assets/site.css": "body { background: url(img/dot.svg) }\n",
    "assets/img/dot.svg": "<svg/>",
    "assets/.hidden": "x",
    "assets/note.txt": "a note " * 100,
    "shop/__init__.py": "",
    "shop/static/note.txt": "hidden by the other",
    "shop/static/shop/shop.js": "sell()\n",
}


class Project:
    """The project; `settings` is added to the end of its settings."""

    def __init__(self, settings: str = "") -> None:
        self.path = Path(tempfile.mkdtemp(prefix="staticd-test-"))
        for name, text in FILES.items():
            self.write(name, text)
        self.write("mysite/settings.py", SETTINGS + settings)

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def write(self, name: str, text: str) -> None:
        """Creates or replaces a file atomically."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path / ".new"
        new.write_text(text)
        new.replace(path)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the tests.

        The programs of their Python come first in PATH, and nothing is cached.
        """
        scripts = str(Path(sys.executable).parent)
        own = {"PATH": f"{scripts}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(self.path / "cache")}
        rest = {k: v for k, v in os.environ.items() if not k.startswith(("STATICD_", "DJANGO_"))}
        return {**rest, **own, "DJANGO_RUNSERVER_HIDE_WARNING": "true", "PYTHONWARNINGS": "error"}

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Runs a program in the project; `more` are additional environment variables."""
        return subprocess.run(
            arguments,
            cwd=self.path,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )

    def manage(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "manage.py", *arguments, **more)

    def files(self, directory: str = "root") -> dict[str, str]:
        """The files below a directory; for a link its target."""
        root = self.path / directory
        return {
            path.relative_to(root).as_posix(): path.read_text()
            for path in root.rglob("*")
            if path.is_file() and path.suffix not in (".gz", ".br")
        }
