"""Django's `collectstatic`, done by staticd."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path
from typing import IO, Any

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError

from staticd.checks import ROOT_LINE, storage_remedy
from staticd.executable import find_executable
from staticd.handover import Handover, project_directory


class Command(collectstatic.Command):
    """Django's command, whose work staticd does: options, question and summary are Django's own."""

    help = "Collect static files in a single location, with staticd."

    def check(self, *args: Any, **kwargs: Any) -> None:
        """Runs the checks for deployments too: collecting is a step of one."""
        super().check(*args, **{**kwargs, "include_deployment_checks": True})

    def set_options(self, **options: Any) -> None:
        """Keeps the options as they were given; Django adds the default patterns to the list."""
        self._patterns: list[str] = list(options["ignore_patterns"])
        self._ignores_default: bool = options["use_default_ignore_patterns"]
        self._settings: str | None = options.get("settings")
        self._has_colors: bool = not options.get("no_color")
        super().set_options(**options)

    def handle(self, **options: Any) -> str | None:
        """Asks and collects; a project without a root is told so before anything else fails of it."""
        self._root = self._find_root()
        return super().handle(**options)

    def collect(self) -> dict[str, list[str]]:
        """Collects, and returns what became of the files.

        Lists that are not printed have the right length alone.
        """
        handover = Handover()
        self._existing = self._names_in_root() if self.verbosity > 1 else set()
        # A file, not a pipe: nobody need read while the program writes.
        with tempfile.TemporaryFile() as report:
            try:
                status = self._run(handover, report)
            finally:
                handover.close()
            report.seek(0)
            text = report.read()
        if status != 0:
            raise CommandError("staticd has published nothing.", returncode=status)
        return self._outcome(json.loads(text))

    def _find_root(self) -> Path:
        """The directory of the storage, absolute."""
        try:
            return Path(self.storage.path("")).absolute()
        except ImproperlyConfigured as error:
            hint = "" if settings.STATIC_ROOT else f" Add {ROOT_LINE} to the settings."
            raise CommandError(f"{error}{hint}") from error
        except NotImplementedError as error:
            kind = self.storage.__class__.__name__
            raise CommandError(
                f"The staticfiles storage {kind} keeps no files in a directory, and staticd collects "
                "into one; take 'staticd' out of INSTALLED_APPS."
            ) from error
        except (OSError, ValueError, AttributeError) as error:
            raise CommandError(
                f"Django cannot make the staticfiles storage: {error}. {storage_remedy(error)}"
            ) from error

    def _arguments(self, report: IO[bytes]) -> list[str]:
        directory = project_directory() or Path.cwd()
        arguments = [find_executable(), "collect", "--django", str(directory), "--root", str(self._root)]
        arguments += ["--report", f"/dev/fd/{report.fileno()}"]
        if self._settings:
            arguments += ["--settings", self._settings]
        arguments += [f"--ignore={pattern}" for pattern in self._patterns]
        for is_on, option in [
            (not self._ignores_default, "--no-default-ignore"),
            (not self.post_process, "--no-post-process"),
            (self.dry_run, "--dry-run"),
            (self.clear, "--clear"),
            (self.symlink, "--link"),
            (self.verbosity == 0, "--quiet"),
            (self.verbosity > 1, "--verbose"),
        ]:
            if is_on:
                arguments.append(option)
        if self.verbosity > 0 and not (self._is_plain(self.stderr) and sys.stderr.isatty()):
            arguments += ["--progress", "none"]
        return arguments

    def _run(self, handover: Handover, report: IO[bytes]) -> int:
        """Runs the program to its end; what it says goes where this command writes errors."""
        environment = handover.environment()
        if not self._has_colors:
            environment["NO_COLOR"] = "1"
        self.stdout.flush()
        self.stderr.flush()
        is_plain = self._is_plain(self.stderr)
        try:
            arguments = self._arguments(report)
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        with tempfile.TemporaryFile() as errors:
            with subprocess.Popen(
                arguments,
                env=environment,
                pass_fds=[handover.descriptor, report.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=None if is_plain else errors,
            ) as process:
                handover.started()
                while handover.answer():
                    pass
                status = process.wait()
            errors.seek(0)
            text = errors.read().decode(errors="replace").rstrip("\n")
        if text:
            self.stderr.write(text)
        return status

    @staticmethod
    def _is_plain(stream: Any) -> bool:
        """Whether a stream of the command is the process's standard error, descriptor 2."""
        try:
            return getattr(stream, "_out", stream) is sys.stderr and sys.stderr.fileno() == 2
        except (OSError, ValueError, AttributeError):
            return False

    def _outcome(self, report: dict[str, Any]) -> dict[str, list[str]]:
        if "counts" not in report:
            raise CommandError(f"'{find_executable()}' is older than this package; install it anew.")
        hashed = {} if self.dry_run or not report["counts"]["postProcessed"] else self._hashed_names()
        written = {entry["name"] for entry in report["postProcessed"] if entry["written"]}
        processed = [name for name in hashed if name in written or self._has_references(name)]
        self._log_files(report)
        done = set(processed)
        for name in hashed if self.verbosity > 1 else {}:
            if name in done:
                self.log(f"Post-processed '{name}' as '{hashed[name]}'", level=2)
            else:
                self.log(f"Skipped post-processing '{name}'", level=2)
        unmodified: int = report["counts"]["unmodified"]
        return {
            "modified": report["linked" if self.symlink else "copied"],
            # The names are told where they are printed.
            "unmodified": report["unmodified"] or [""] * unmodified,
            "post_processed": processed,
            "skipped": report["skipped"],
            "deleted": report["deleted"],
        }

    def _hashed_names(self) -> dict[str, str]:
        """The manifest that was written, or found to be right."""
        paths: dict[str, str] = json.loads((self._root / "staticfiles.json").read_text())["paths"]
        return paths

    def _has_references(self, name: str) -> bool:
        """Whether Django looks for references in a file; it counts those each time as processed."""
        return any(fnmatch(name, pattern) for pattern in getattr(self.storage, "_patterns", ()))

    def _names_in_root(self) -> set[str]:
        """The files that the root holds."""
        return {
            os.path.relpath(os.path.join(directory, name), self._root)
            for directory, _, names in os.walk(self._root)
            for name in names
        }

    @staticmethod
    def _listed_name(name: str) -> str:
        """A name as its finder lists it: without the prefix of its directory."""
        for finder in get_finders():
            for storage in getattr(finder, "storages", {}).values():
                prefix = f"{storage.prefix}{os.sep}" if getattr(storage, "prefix", None) else ""
                if name.startswith(prefix) and storage.exists(name[len(prefix) :]):
                    return name[len(prefix) :]
        return name

    def _log_files(self, report: dict[str, Any]) -> None:
        """Tells of the files in Django's words, at Django's levels of verbosity."""
        sources: dict[str, str] = report["sources"]
        # Django 6.0 tells the numbers in its summary instead.
        counted = 2 if django.VERSION >= (6, 0) else 1
        deleting = "Pretending to delete" if self.dry_run else "Deleting"
        for name in report["deleted"]:
            self.log(f"{deleting} '{name}'", level=counted)
        for key, verb, doing in [("copied", "copy", "Copying"), ("linked", "link", "Linking")]:
            words = f"Pretending to {verb}" if self.dry_run else doing
            for name in report[key]:
                # Django deletes what it replaces; --clear has done so before.
                if name in self._existing and not self.clear:
                    self.log(f"{deleting} '{self._listed_name(name)}'", level=2)
                self.log(f"{words} '{sources.get(name, name)}'", level=1 if self.dry_run else 2)
        for name in report["unmodified"]:
            self.log(f"Skipping '{self._listed_name(name)}' (not modified)", level=2)
        for name in report["skipped"]:
            self.log(
                f"Found another file with the destination path '{name}'. It will be ignored since "
                "only the first encountered file is collected. If this is not what you want, make "
                "sure every static file has a unique path.",
                level=counted,
            )
