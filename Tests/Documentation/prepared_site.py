"""The directory in which the command lines of README and guide are run: a Django site, and beside it what
static sites have. A copy of its project is in `backend`."""

from pathlib import Path

_MANAGE = """\
#!/usr/bin/env python3
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
"""

_SETTINGS = """\
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY, ROOT_URLCONF, ALLOWED_HOSTS = "x", "mysite.urls", ["*"]
DEBUG = False
INSTALLED_APPS = ["django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
WSGI_APPLICATION = "mysite.wsgi.application"
STATIC_URL, STATIC_ROOT, STATICFILES_DIRS = "/static/", BASE_DIR / "staticfiles", [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
"""

_URLS = """\
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import path


def page(request):
    return HttpResponse(f'<link rel="stylesheet" href="{static("css/app.css")}">Hello')


urlpatterns = [path("", page)]
"""

_WSGI = """\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
application = get_wsgi_application()
"""

_PAGE = "<!doctype html><title>Page</title><p>Text that is long enough to compress. " + "word " * 200

_PROJECT = {
    "manage.py": _MANAGE,
    "mysite/__init__.py": "",
    "mysite/settings.py": _SETTINGS,
    "mysite/urls.py": _URLS,
    "mysite/wsgi.py": _WSGI,
    "mysite/asgi.py": _WSGI.replace("wsgi", "asgi"),
    "static/css/app.css": "body { background: url(../img/logo.svg) }\n" + "p { margin: 0 }\n" * 80,
    "static/js/app.js": "console.log('app')\n",
    "static/js/common.js": "export const common = []\n",
    "static/img/logo.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
}

_FILES = {
    **_PROJECT,
    **{f"backend/{name}": text for name, text in _PROJECT.items()},
    "static/css/app.scss": "body { p { margin: 0 } }\n",
    "static/admin/css/base.css": "body { margin: 3px }\n",
    "static/tests/test.css": "p { margin: 0 }\n",
    "theme/css/app.css": "body { margin: 1px }\n",
    "assets/css/app.css": "body { margin: 2px }\n",
    "node_modules/x/dist/x.js": "console.log('x')\n",
    "node_modules/htmx.org/dist/htmx.min.js": "console.log('htmx')\n",
    "public/index.html": _PAGE,
    "public/about.html": _PAGE,
    "public/404.html": _PAGE,
    "public/robots.txt": "User-agent: *\n",
    "earlier/css/app.900150983cd2.css": "abc",
    "earlier/staticfiles.json": '{"paths": {"css/app.css": "css/app.900150983cd2.css"}, "version": "1.1", "hash": ""}',
    "dist/index.html": _PAGE,
    "dist/assets/index-BKd3QVhN.js": "console.log('dist')\n",
    "frontend/dist/index.html": _PAGE,
    "media/photo.txt": "a photo\n",
    "protected/report.pdf": "%PDF-1.4\n",
    "redirects.txt": "/old  /new\n/blog/*  /news/:splat  302\n",
    "production.toml": 'root = "staticfiles"\nmax-age = 300\n',
    "requirements.txt": "Django\ngunicorn\n",
}


def write(directory: Path):
    """Writes all of it below `directory`, except what is to be collected."""
    for name, text in _FILES.items():
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (directory / "manage.py").chmod(0o755)
