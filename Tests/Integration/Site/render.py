"""Renders one page with a real Django and the manifest of another collector.

Usage: render.py ROOT NAME...   prints the page with {% static NAME %} for each name.
"""

import sys

import django
from django.conf import settings

root, *names = sys.argv[1:]
settings.configure(
    DEBUG=False,
    INSTALLED_APPS=["django.contrib.staticfiles"],
    STATIC_URL="/static/",
    STATIC_ROOT=root,
    STORAGES={
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        }
    },
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()

from django.template import engines  # noqa: E402

page = "{% load static %}" + "".join(
    f'<link href="{{% static "{name}" %}}">\n' for name in names
)
print(engines["django"].from_string(page).render())
