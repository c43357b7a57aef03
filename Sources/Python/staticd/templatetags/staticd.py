"""`{% load staticd %}{% static_tag "app.js" %}`"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from staticd.manifest import integrities

register = template.Library()

# Links of these kinds load what browsers check.
CHECKED_LINKS = {"stylesheet", "modulepreload"}
# A preload is used only if the element that needs the file asks in the same mode: images and media ask
# without CORS (HTML standard, "consume a preloaded resource").
CHECKED_PRELOADS = {"script", "style", "font", "fetch"}


@register.simple_tag
def static_tag(path: str, **attributes: Any) -> SafeString:
    """The `script` or `link` element that loads a static file, with its `integrity`.

    The URL is that of `{% static %}`. Further attributes follow; an underscore in their names is a
    hyphen, True an attribute without a value, False and None none at all. `rel` makes a link of any file.
    """
    given = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    url = static(path)
    checked = {} if _is_none(given.get("integrity", True)) else _checked(path)
    if given.get("integrity") is True:
        # Without a value the browser would check nothing.
        del given["integrity"]
    link = given.pop("rel", None)
    suffix = PurePosixPath(urlsplit(path).path).suffix.lower()
    if suffix in (".js", ".mjs") and _is_none(link):
        kind: dict[str, Any] = {"type": "module"} if suffix == ".mjs" else {}
        return format_html("<script{}></script>", _text({"src": url, **checked, **kind, **given}))
    if suffix == ".css" or not _is_none(link):
        link = "stylesheet" if _is_none(link) else link
        if not _is_checked(link, given.get("as")):
            checked = {}
        return format_html("<link{}>", _text({"rel": link, "href": url, **checked, **given}))
    raise template.TemplateSyntaxError(
        f"static_tag has no element for {path!r}: it is neither a script nor a style sheet. "
        "Name a rel=, or use {% static %}."
    )


def _is_checked(link: object, destination: object) -> bool:
    """Whether browsers compare what a link of this `rel` and `as` loads with its `integrity`."""
    # HTML compares both without regard to case.
    kinds = set(str(link).lower().split())
    if CHECKED_LINKS & kinds:
        return True
    return "preload" in kinds and str(destination).lower() in CHECKED_PRELOADS


def _checked(path: str) -> dict[str, Any]:
    """The attributes that let the browser check the file, if it has a name of its content."""
    stored_name = getattr(staticfiles_storage, "stored_name", None)
    # In development URLs have no hashed names, and files change under one name.
    if settings.DEBUG or stored_name is None:
        return {}
    name = unquote(urlsplit(stored_name(urldefrag(path)[0])).path)
    integrity = integrities.of(name, staticfiles_storage.path(""))
    return {} if integrity is None else {"integrity": integrity, "crossorigin": "anonymous"}


def _is_none(value: object) -> bool:
    """Whether a value stands for an attribute that is not written."""
    return value is None or value is False


def _text(attributes: dict[str, Any]) -> SafeString:
    """The attributes, escaped, each after a space."""
    parts = [
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)
        for name, value in attributes.items()
        if not _is_none(value)
    ]
    return format_html_join("", "{}", ((part,) for part in parts))
