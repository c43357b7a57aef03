"""An application for the tests of the queue in front of an app: it records each request in the file NOTES, and
holds some of them until the file GATE exists."""

import asyncio
import os
import time


def note(text):
    # A single unbuffered write, so that lines of several processes do not mix.
    with open(os.environ["NOTES"], "ab", buffering=0) as notes:
        notes.write(text.encode() + b"\n")


def wsgi(environ, start_response):
    path = environ["PATH_INFO"]
    note(path)
    deadline = time.monotonic() + 20
    while path.startswith("/held/") and time.monotonic() < deadline:
        if os.path.exists(os.environ["GATE"]):
            break
        time.sleep(0.01)
    if path.startswith("/slow/"):
        time.sleep(0.02)
    body = path.encode()
    status = {"/none/": "204 No Content", "/same/": "304 Not Modified"}.get(path[:6], "200 OK")
    if status != "200 OK":
        # Content that these responses cannot have, and that looks like a response.
        body = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
    start_response(status, [("Content-Length", str(len(body)))])
    return [body]


async def asgi(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            event = (await receive())["type"]
            await send({"type": event + ".complete"})
            if event == "lifespan.shutdown":
                return
    while (await receive()).get("more_body"):
        pass
    path = scope["path"]
    note(path)
    if path.startswith("/poll"):
        try:
            event = (await asyncio.wait_for(receive(), 20))["type"]
        except asyncio.TimeoutError:
            event = "nothing"
        note(event)
        return
    body = path.encode()
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})
