"""A WSGI application that records and returns its requests, for the tests of forwarding."""

import hashlib
import json
import os


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/upload":
        return upload(environ, start_response)
    if path == "/download":
        return download(environ, start_response)
    if path == "/refuse":
        start_response("413 Content Too Large", [("Content-Length", "6")])
        return [b"refuse"]
    if path == "/file":
        start_response("200 OK", [("X-Accel-Redirect", "/protected/b.txt"), ("X-App", "yes")])
        return [b"not this"]
    return describe(environ, start_response)


def describe(environ, start_response):
    names = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "RAW_URI")
    text = json.dumps({name: environ.get(name, "") for name in names} | {"pid": os.getpid()})
    start_response("200 OK", [("Content-Type", "application/json"), ("X-App", "yes")])
    return [text.encode()]


def upload(environ, start_response):
    digest, count = hashlib.sha256(), 0
    while piece := environ["wsgi.input"].read(1 << 16):
        digest.update(piece)
        count += len(piece)
    text = f"{count} {digest.hexdigest()}".encode()
    start_response("200 OK", [("Content-Length", str(len(text)))])
    return [text]


def download(environ, start_response):
    count = int(environ["QUERY_STRING"])
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return (b"x" * 100_000 for _ in range(count // 100_000))


def record(environ, start_response):
    """Records the call in a file, one per line, and responds with the path."""
    texts = {name: value for name, value in sorted(environ.items()) if isinstance(value, str)}
    with open(os.environ["RECORD"], "a") as calls:
        calls.write(json.dumps(texts) + "\n")
    path = environ["PATH_INFO"].encode("latin-1")
    start_response("200 OK", [("Content-Length", str(len(path)))])
    return [path]
