"""An empty Django project that serves STATIC_ROOT with WhiteNoise, and collects into it."""

import os

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="benchmark",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DEBUG=False,
    INSTALLED_APPS=["django.contrib.staticfiles"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
    ],
    STATIC_URL="/static/",
    STATIC_ROOT=os.environ["STATIC_ROOT"],
    STATICFILES_DIRS=[path for path in os.environ.get("STATICFILES_DIRS", "").split(":") if path],
    STORAGES={
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    },
)
urlpatterns = []

if __name__ == "__main__":
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
else:
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
