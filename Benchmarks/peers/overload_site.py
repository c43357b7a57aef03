"""The application under overload: records each request when it starts to serve it."""

import os
import time

_LOG = os.open(os.environ["REQUEST_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
# The time a page waits for its database. It sleeps instead of computing: the two cores are for the proxy and
# the clients, and the app's rate must not depend on their load.
_PAGE_SECONDS = 0.005


def application(environ, start_response):
    # /page/IDENTIFIER, or /wait/SECONDS/IDENTIFIER
    *kind, identifier = environ["PATH_INFO"].strip("/").split("/")
    os.write(_LOG, f"{time.monotonic_ns()} {identifier}\n".encode())
    time.sleep(float(kind[1]) if kind[0] == "wait" else _PAGE_SECONDS)
    start_response("200 OK", [("Content-Length", str(len(identifier)))])
    return [identifier.encode()]
