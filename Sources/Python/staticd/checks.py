"""System checks: what keeps a project from being served by staticd as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands, load_command_class
from django.utils.module_loading import import_string

NO_STATIC_APP = "whitenoise.runserver_nostatic"
ROOT_LINE = "STATIC_ROOT = BASE_DIR / 'staticfiles'"
SCHEME_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURITY_MIDDLEWARE = "django.middleware.security.SecurityMiddleware"


def register() -> None:
    """Registers the checks; collectstatic runs those of `staticfiles`, for deployments too."""
    checks.register(check_apps, checks.Tags.staticfiles)
    checks.register(check_runserver, checks.Tags.staticfiles)
    checks.register(check_middleware, checks.Tags.staticfiles)
    checks.register(check_root, checks.Tags.staticfiles, deploy=True)
    checks.register(check_storage, checks.Tags.staticfiles, deploy=True)
    checks.register(check_scheme, checks.Tags.security, deploy=True)


def check_apps(app_configs: object, **kwargs: Any) -> list[checks.CheckMessage]:
    """E001, W001: whether collectstatic is ours."""
    if not apps.is_installed("django.contrib.staticfiles"):
        return [
            checks.Error(
                "'django.contrib.staticfiles' is not in INSTALLED_APPS.",
                hint="Add it behind 'staticd'.",
                id="staticd.E001",
            )
        ]
    from staticd.management.commands.collectstatic import Command

    app = get_commands().get("collectstatic", "")
    command = load_command_class(app, "collectstatic") if isinstance(app, str) else app
    if isinstance(command, Command):
        return []
    return [
        checks.Warning(
            f"'manage.py collectstatic' is the command of '{app}', so staticd does not collect.",
            hint=f"Put 'staticd' before '{app}' in INSTALLED_APPS.",
            id="staticd.W001",
        )
    ]


def check_runserver(app_configs: object, **kwargs: Any) -> list[checks.CheckMessage]:
    """W007: whether WhiteNoise's `runserver` leaves the static files to its middleware."""
    if get_commands().get("runserver") != NO_STATIC_APP:
        return []
    return [
        checks.Warning(
            f"'manage.py runserver' is the command of '{NO_STATIC_APP}', which serves no static files.",
            hint=f"Take '{NO_STATIC_APP}' out of INSTALLED_APPS, or put 'staticd' before it.",
            id="staticd.W007",
        )
    ]


def check_middleware(app_configs: object, **kwargs: Any) -> list[checks.CheckMessage]:
    """W002: whether WhiteNoise looks at every request once more."""
    return [
        checks.Warning(
            f"'{path}' is in MIDDLEWARE, but staticd answers the requests for static files "
            "before they reach Django.",
            hint="Take it out of MIDDLEWARE. Its settings are read by staticd and may stay.",
            id="staticd.W002",
        )
        for path in settings.MIDDLEWARE or []
        if any(name.startswith("whitenoise.") for name in _class_names(path))
    ]


def _class_names(path: str) -> list[str]:
    """The name of a middleware, and those of the classes that it inherits from."""
    try:
        kind = import_string(path)
    except Exception:
        # Django tells of middleware that cannot be imported.
        return [path]
    return [path, *(f"{c.__module__}.{c.__qualname__}" for c in getattr(kind, "__mro__", ()))]


def check_root(app_configs: object, **kwargs: Any) -> list[checks.CheckMessage]:
    """E002, W003: whether there is a storage, and a directory to collect to."""
    from django.contrib.staticfiles.storage import staticfiles_storage

    try:
        # Makes the storage, which may read the manifest in the root.
        if hasattr(staticfiles_storage.__class__, "path"):
            staticfiles_storage.path("")
    except NotImplementedError:
        # A storage without a directory; collectstatic refuses it.
        return []
    except Exception as error:
        if isinstance(error, ImproperlyConfigured) and not settings.STATIC_ROOT:
            return [
                checks.Warning(
                    "STATIC_ROOT is not set, so there is no directory to collect static files to.",
                    hint=f"Add {ROOT_LINE} to the settings.",
                    id="staticd.W003",
                )
            ]
        return [
            checks.Error(
                f"Django cannot make the staticfiles storage: {error}",
                hint=storage_remedy(error),
                id="staticd.E002",
            )
        ]
    return []


def storage_remedy(error: Exception) -> str:
    """What to do when Django cannot make the storage."""
    root = str(settings.STATIC_ROOT)
    if isinstance(error, OSError):
        return f"STATIC_ROOT is {root!r}: it must be a directory that can be read, or not exist."
    # A manifest that is no JSON object fails of the last.
    if isinstance(error, (ValueError, AttributeError)):
        return f"If the manifest in {root!r} is damaged, remove it and run collectstatic again."
    return "Correct STORAGES['staticfiles'], or the setting that the message names."


def check_storage(app_configs: object, **kwargs: Any) -> list[checks.CheckMessage]:
    """W004: whether files have names that may be cached for ever."""
    from django.contrib.staticfiles.storage import HashedFilesMixin, staticfiles_storage

    try:
        kind = staticfiles_storage.__class__
    except Exception:
        # check_root tells of it.
        return []
    if issubclass(kind, HashedFilesMixin):
        return []
    return [
        checks.Warning(
            f"The staticfiles storage {kind.__name__} names no file by its content, so browsers ask "
            "for every file again after a minute.",
            hint="Set STORAGES['staticfiles'] to {'BACKEND': "
            "'django.contrib.staticfiles.storage.ManifestStaticFilesStorage'}.",
            id="staticd.W004",
        )
    ]


def _header_fault(header: object) -> str | None:
    """What is wrong with a SECURE_PROXY_SSL_HEADER that is set; None for the one that staticd writes."""
    if not isinstance(header, (tuple, list)) or len(header) != 2:
        return "which is no pair of a field and a value: Django cannot tell the scheme of a request"
    if header[0] != SCHEME_HEADER[0]:
        return (
            "and staticd tells the scheme in another field: clients may be able to write this one, "
            "and to pretend HTTPS"
        )
    if header[1] != SCHEME_HEADER[1]:
        return f"and staticd writes {SCHEME_HEADER[1]!r} there: Django takes no request for HTTPS"
    return None


def check_scheme(app_configs: object, **kwargs: Any) -> list[checks.CheckMessage]:
    """W005, W006, I001: whether Django learns from staticd, and from nobody else, what HTTPS is."""
    return list(_about_scheme())


def _about_scheme() -> Iterator[checks.CheckMessage]:
    header = settings.SECURE_PROXY_SSL_HEADER
    if not header:
        # Django takes every false value for none.
        if settings.SECURE_SSL_REDIRECT and any(
            SECURITY_MIDDLEWARE in _class_names(path) for path in settings.MIDDLEWARE or []
        ):
            yield checks.Warning(
                "SECURE_SSL_REDIRECT is on and SECURE_PROXY_SSL_HEADER is not set: behind staticd "
                "every page is redirected to itself.",
                hint=f"Set SECURE_PROXY_SSL_HEADER = {SCHEME_HEADER!r}, which staticd writes.",
                id="staticd.W006",
            )
    elif (fault := _header_fault(header)) is not None:
        yield checks.Warning(
            f"SECURE_PROXY_SSL_HEADER is {header!r}, {fault}.",
            hint=f"Set it to {SCHEME_HEADER!r}.",
            id="staticd.W005",
        )
    else:
        yield checks.Info(
            "SECURE_PROXY_SSL_HEADER is safe while every request comes through staticd; clients that "
            "reach the app without it can pretend HTTPS.",
            hint="Start the app with 'staticd run -- gunicorn ...', whose socket is private, or bind "
            "it to a Unix socket or to 127.0.0.1. Then silence staticd.I001.",
            id="staticd.I001",
        )
