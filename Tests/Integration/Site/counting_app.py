"""A WSGI application that appends each request's path to a file, one per line."""

import os

_RECORD = os.open(os.environ["RECORD"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def application(environ, start_response):
    path = environ["PATH_INFO"].encode()
    # A single write, so that lines of several processes do not mix.
    os.write(_RECORD, path + b"\n")
    start_response("200 OK", [("Content-Length", str(len(path)))])
    return [path]
