"""A Django site with WhiteNoise only, for gunicorn: `gunicorn whitenoise_site:application`.

STATIC_ROOT in the environment is a collected directory with compressed files. WhiteNoise's own middleware is
used, because only it marks names as immutable.
"""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="only for tests",
    MIDDLEWARE=["whitenoise.middleware.WhiteNoiseMiddleware"],
    ROOT_URLCONF=__name__,
    LOGGING_CONFIG=None,
    TIME_ZONE="UTC",
    STATIC_URL="/static/",
    STATIC_ROOT=os.environ["STATIC_ROOT"],
    STORAGES={
        "staticfiles": {
            "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        }
    },
)
django.setup()
urlpatterns = []
application = get_wsgi_application()
