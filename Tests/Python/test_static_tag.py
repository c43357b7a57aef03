"""`{% static_tag %}`: elements, attributes, integrity and its manifest."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from typing import Any

import inside  # noqa: F401
from django.template import TemplateSyntaxError, engines
from django.test import override_settings
from django.utils.safestring import mark_safe
from staticd import manifest
from staticd.manifest import Integrities

PATHS = {
    "app.js": "app.0a1b2c3d4e5f.js",
    "app.mjs": "app.1a1b2c3d4e5f.mjs",
    "site.css": "site.2a1b2c3d4e5f.css",
    "a b.css": "a b.3a1b2c3d4e5f.css",
    "font.woff2": "font.4a1b2c3d4e5f.woff2",
    "unknown-to-staticd.js": "unknown-to-staticd.5a1b2c3d4e5f.js",
    "vite.css": "vite.css",
}


def checked(name: str, suffix: str = "") -> str:
    return f' integrity="sha384-{name}{suffix}" crossorigin="anonymous"'


class StaticTagTests(unittest.TestCase):
    # The arguments in the template, and the element.
    ROWS = (
        ('"app.js"', f'<script src="/static/app.0a1b2c3d4e5f.js"{checked("app.js")}></script>'),
        (
            '"app.js" defer=True async=False data_turbo_track="reload" nonce=nonce',
            f'<script src="/static/app.0a1b2c3d4e5f.js"{checked("app.js")} defer'
            ' data-turbo-track="reload" nonce="&lt;&amp;&quot;&gt;"></script>',
        ),
        (
            '"app.mjs"',
            f'<script src="/static/app.1a1b2c3d4e5f.mjs"{checked("app.mjs")} type="module"></script>',
        ),
        (
            '"site.css"',
            f'<link rel="stylesheet" href="/static/site.2a1b2c3d4e5f.css"{checked("site.css")}>',
        ),
        (
            '"site.css" media="print" crossorigin="use-credentials"',
            '<link rel="stylesheet" href="/static/site.2a1b2c3d4e5f.css" '
            'integrity="sha384-site.css" crossorigin="use-credentials" media="print">',
        ),
        (
            '"site.css" crossorigin=None',
            '<link rel="stylesheet" href="/static/site.2a1b2c3d4e5f.css" integrity="sha384-site.css">',
        ),
        (
            '"site.css" integrity=False',
            '<link rel="stylesheet" href="/static/site.2a1b2c3d4e5f.css">',
        ),
        # The URL as `{% static %}` writes it.
        (
            '"a b.css"',
            f'<link rel="stylesheet" href="/static/a b.3a1b2c3d4e5f.css"{checked("a b.css")}>',
        ),
        (
            '"site.css?v=1#x"',
            f'<link rel="stylesheet" href="/static/site.2a1b2c3d4e5f.css?v=1#x"{checked("site.css")}>',
        ),
        (
            '"font.woff2" rel="preload" as="font"',
            f'<link rel="preload" href="/static/font.4a1b2c3d4e5f.woff2"{checked("font.woff2")}'
            ' as="font">',
        ),
        # An image asks without CORS, and would not use what was loaded with it.
        (
            '"font.woff2" rel="preload" as="image"',
            '<link rel="preload" href="/static/font.4a1b2c3d4e5f.woff2" as="image">',
        ),
        (
            '"font.woff2" rel="preload"',
            '<link rel="preload" href="/static/font.4a1b2c3d4e5f.woff2">',
        ),
        (
            '"app.js" rel="modulepreload"',
            f'<link rel="modulepreload" href="/static/app.0a1b2c3d4e5f.js"{checked("app.js")}>',
        ),
        (
            '"font.woff2" rel="icon" class_="x"',
            '<link rel="icon" href="/static/font.4a1b2c3d4e5f.woff2" class="x">',
        ),
        # None and False are no rel, and True keeps the integrity of the file.
        ('"app.js" rel=None', f'<script src="/static/app.0a1b2c3d4e5f.js"{checked("app.js")}></script>'),
        (
            '"site.css" rel=False integrity=True',
            f'<link rel="stylesheet" href="/static/site.2a1b2c3d4e5f.css"{checked("site.css")}>',
        ),
        # Link types are compared without regard to case.
        (
            '"font.woff2" rel="Alternate PreLoad" as="font"',
            '<link rel="Alternate PreLoad" href="/static/font.4a1b2c3d4e5f.woff2"'
            f'{checked("font.woff2")} as="font">',
        ),
        # The attribute is omitted if the integrity is unknown, or the name has no hash.
        (
            '"unknown-to-staticd.js"',
            '<script src="/static/unknown-to-staticd.5a1b2c3d4e5f.js"></script>',
        ),
        ('"vite.css"', '<link rel="stylesheet" href="/static/vite.css">'),
        ("name", f'<script src="/static/app.0a1b2c3d4e5f.js"{checked("app.js")}></script>'),
        (
            '"site.css" title=safe',
            f'<link rel="stylesheet" href="/static/site.2a1b2c3d4e5f.css"{checked("site.css")}'
            ' title="a&b">',
        ),
    )

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)
        self.write_manifests("")
        self.settings = override_settings(STATIC_ROOT=str(self.root))
        self.settings.enable()
        self.addCleanup(self.settings.disable)

    def write_manifests(self, suffix: str) -> None:
        manifest = {"version": "1.1", "paths": PATHS, "hash": "x"}
        self.write("staticfiles.json", json.dumps(manifest))
        files = {}
        for name, hashed in PATHS.items():
            if name != "unknown-to-staticd.js":
                for stored in (name, hashed):
                    files[stored] = {"name": name, "integrity": f"sha384-{name}{suffix}"}
        self.write("staticd.json", json.dumps({"version": 1, "files": files}))

    def write(self, name: str, text: str) -> None:
        """Replaces a file atomically, as the program does."""
        (self.root / "new").write_text(text)
        os.replace(self.root / "new", self.root / name)

    def render(self, arguments: str) -> str:
        text = "{% load staticd %}{% static_tag " + arguments + " %}"
        context = {"nonce": '<&">', "name": "app.js", "safe": mark_safe("a&b")}
        return str(engines["django"].from_string(text).render(context))

    def test_elements(self) -> None:
        for arguments, element in self.ROWS:
            with self.subTest(arguments=arguments):
                self.assertEqual(self.render(arguments), element)

    def test_the_manifest_is_read_again(self) -> None:
        self.assertIn('"sha384-app.js"', self.render('"app.js"'))
        self.write_manifests("-new")
        self.assertIn('"sha384-app.js-new"', self.render('"app.js"'))

    def test_the_names_of_an_older_release_stay_known(self) -> None:
        """A process uses the files of the loaded release until it is restarted."""
        self.assertIn("sha384-app.js", self.render('"app.js"'))
        self.write("staticd.json", json.dumps({"files": {}}))
        self.assertIn("sha384-app.js", self.render('"app.js"'))

    def test_releases_in_between_are_forgotten(self) -> None:
        """The table has the names of two releases at most, the first that was read and the newest."""
        own, root = Integrities(), str(self.root)
        for release in range(10):
            files = {f"app.{release}.js": {"name": "app.js", "integrity": f"sha384-{release}"}}
            self.write("staticd.json", json.dumps({"files": files, "release": "x" * release}))
            self.assertEqual(own.of(f"app.{release}.js", root), f"sha384-{release}")
            self.assertEqual(own.of("app.0.js", root), "sha384-0")
        self.assertIsNone(own.of("app.5.js", root))

    def test_a_manifest_is_read_whole(self) -> None:
        """While one thread reads a new manifest, no other takes its state for that of the old table."""
        own, root = Integrities(), str(self.root)
        name = PATHS["app.js"]
        own.of(name, root)
        self.write_manifests("-new")
        seen: list[str | None] = []

        def look(frame: Any, event: str, argument: object) -> Any:
            frame.f_trace_opcodes = frame.f_code.co_filename == manifest.__file__
            if frame.f_trace_opcodes and own._lock.locked():
                # Another thread at each instruction: it waits for the lock, or has the new table.
                thread = threading.Thread(target=lambda: seen.append(own.of(name, root)), daemon=True)
                thread.start()
                threads.append(thread)
                thread.join(0.002)
            return look

        threads: list[threading.Thread] = []
        sys.settrace(look)
        try:
            own.of(name, root)
        finally:
            sys.settrace(None)
        for thread in threads:
            thread.join()
        self.assertEqual(set(seen), {"sha384-app.js-new"})

    def test_manifests_that_are_none(self) -> None:
        plain = '<script src="/static/app.0a1b2c3d4e5f.js"></script>'
        for text in ("", "[]", "{", '{"files": []}', '{"files": {"app.0a1b2c3d4e5f.js": 1}}', '{"a": 1}'):
            with self.subTest(text=text), tempfile.TemporaryDirectory() as root:
                self.root = Path(root)
                self.write_manifests("")
                self.write("staticd.json", text)
                with override_settings(STATIC_ROOT=root):
                    self.assertEqual(self.render('"app.js"'), plain)
        (self.root / "staticd.json").unlink(missing_ok=True)

    def test_no_manifest(self) -> None:
        (self.root / "staticd.json").unlink()
        self.assertEqual(self.render('"app.js"'), '<script src="/static/app.0a1b2c3d4e5f.js"></script>')

    def test_names_that_django_does_not_know(self) -> None:
        with self.assertRaisesRegex(ValueError, "Missing staticfiles manifest entry for 'gone.js'"):
            self.render('"gone.js"')

    def test_development(self) -> None:
        with override_settings(DEBUG=True):
            self.assertEqual(self.render('"app.js"'), '<script src="/static/app.js"></script>')
            self.assertEqual(self.render('"gone.js"'), '<script src="/static/gone.js"></script>')

    def test_a_storage_without_hashed_names(self) -> None:
        backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
        with override_settings(STORAGES={"staticfiles": {"BACKEND": backend}}):
            self.assertEqual(self.render('"app.js"'), '<script src="/static/app.js"></script>')

    def test_a_function(self) -> None:
        """For Jinja and others, which treat values with `__html__` as escaped."""
        from staticd.templatetags.staticd import static_tag

        element = static_tag("app.js", nonce='"')
        self.assertEqual(element.__html__(), element)
        self.assertIn('nonce="&quot;"', element)

    def test_files_without_an_element(self) -> None:
        with self.assertRaisesRegex(TemplateSyntaxError, "no element for 'font.woff2'"):
            self.render('"font.woff2"')

    def test_many_threads(self) -> None:
        """While the manifests are replaced, every thread gets the integrity of one of the two."""
        wrong: list[str] = []
        is_over = threading.Event()

        def render() -> None:
            try:
                while not is_over.is_set():
                    element = self.render('"app.js"')
                    if "sha384-app.js" not in element:
                        wrong.append(element)
            except Exception as error:
                wrong.append(repr(error))

        threads = [threading.Thread(target=render) for _ in range(2)]
        for thread in threads:
            thread.start()
        for index in range(40):
            self.write_manifests(f"-{index % 2}")
        is_over.set()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
