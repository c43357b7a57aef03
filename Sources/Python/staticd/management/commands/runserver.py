"""Django's `runserver`, with staticd in front of it."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands import runserver

from staticd.executable import find_executable
from staticd.front import FrontedServer


class Command(runserver.Command):
    """Django's command; where it would serve static files, staticd does, with `--autorefresh`.

    staticd is started and ended with Django's server, so the reloader restarts both, and new apps and
    settings count.
    """

    help = "Starts a lightweight web server for development and also serves static files, with staticd."

    def inner_run(self, *args: Any, **options: Any) -> None:
        """Runs the server until it is interrupted."""
        if options["use_static_handler"] and (settings.DEBUG or options["insecure_serving"]):
            try:
                find_executable()
            except FileNotFoundError as error:
                self.stderr.write(f"Error: {error}")
                os._exit(1)
            attributes = {"settings": options.get("settings"), "on_failure": self._fail}
            self.server_cls = type("FrontedServer", (FrontedServer,), attributes)
        super().inner_run(*args, **options)

    def _fail(self, text: str, is_end: bool) -> None:
        self.stderr.write(f"Error: {text}" if is_end else text)
        if is_end:
            # The server's own thread waits for requests that would never come.
            os._exit(1)
