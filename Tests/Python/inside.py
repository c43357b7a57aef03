"""Settings for tests that use Django in the test process."""

from __future__ import annotations

import django
from django.conf import settings

MANIFEST_STORAGE = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"

if not settings.configured:
    settings.configure(
        SECRET_KEY="only for tests",
        INSTALLED_APPS=["staticd", "django.contrib.staticfiles"],
        STATIC_URL="/static/",
        STORAGES={"staticfiles": {"BACKEND": MANIFEST_STORAGE}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    )
    django.setup()
