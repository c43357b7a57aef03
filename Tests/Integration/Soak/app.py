"""The application behind staticd: each response carries its request's identifier."""

import hashlib
import os
import socket
import time

from downloads import block

# The start time of each slow page, which is compared with the time its client left.
_LOG = os.open(os.environ["REQUEST_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def application(environ, start_response):
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    if path == "/upload":
        digest = hashlib.sha256()
        while piece := environ["wsgi.input"].read(1 << 16):
            digest.update(piece)
        return _text(start_response, digest.hexdigest())
    if path == "/download":
        count, _, identifier = query.partition("&")
        start_response("200 OK", [("Content-Type", "application/octet-stream")])
        return (block(identifier) for _ in range(int(count)))
    if path == "/error":
        return _text(start_response, query, "500 Internal Server Error")
    if path == "/empty":
        # A body that is not allowed, and that looks like the next response on this connection.
        status, _, identifier = query.partition("&")
        body = f"not for anybody: {identifier}"
        answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        return _text(start_response, answer, f"{status} Without a body")
    if path == "/slow":
        os.write(_LOG, f"{time.monotonic_ns()} {query}\n".encode())
        time.sleep(0.06)
    if path == "/socket":
        return _echo(environ, start_response, is_cut=query == "cut")
    return _text(start_response, query)


def _text(start_response, text, status="200 OK"):
    start_response(status, [("Content-Length", str(len(text)))])
    return [text.encode()]


def _echo(environ, start_response, is_cut):
    """Echoes bytes on gunicorn's own socket without parsing frames; a tunnel does not parse them either."""
    write = start_response(
        "101 Switching Protocols", [("Connection", "upgrade"), ("Upgrade", "websocket")]
    )
    write(b"")
    connection = environ["gunicorn.socket"]
    try:
        while piece := connection.recv(65536):
            connection.sendall(piece)
            if is_cut:
                break
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    return []
