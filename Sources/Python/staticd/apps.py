"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class StaticdConfig(AppConfig):
    """Commands, checks and template tags; no models."""

    name = "staticd"
    verbose_name = "staticd"

    def ready(self) -> None:
        from staticd import checks

        checks.register()
