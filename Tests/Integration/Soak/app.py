"""The application behind staticd: pages, uploads, downloads, and a file that staticd sends."""

import hashlib


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/upload":
        digest = hashlib.sha256()
        while piece := environ["wsgi.input"].read(1 << 16):
            digest.update(piece)
        return _text(start_response, digest.hexdigest())
    if path == "/download":
        start_response("200 OK", [("Content-Type", "application/octet-stream")])
        return (b"x" * 65536 for _ in range(int(environ["QUERY_STRING"])))
    if path == "/error":
        start_response("500 Internal Server Error", [("Content-Length", "5")])
        return [b"error"]
    return _text(start_response, environ["QUERY_STRING"])


def _text(start_response, text):
    start_response("200 OK", [("Content-Length", str(len(text)))])
    return [text.encode()]
