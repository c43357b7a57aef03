"""WhiteNoise alone, without an application."""

import os

from whitenoise import WhiteNoise


def _nothing(environ, start_response):
    start_response("404 Not Found", [("Content-Length", "0")])
    return [b""]


def _is_immutable(path, url):
    # A hashed name of Django's manifest storage: twelve hexadecimal digits before the extension.
    digits = url.rpartition("/")[2].split(".")[-2:-1]
    return bool(digits) and len(digits[0]) == 12


application = WhiteNoise(
    _nothing,
    root=os.environ["STATIC_ROOT"],
    prefix="/static/",
    immutable_file_test=_is_immutable,
)
