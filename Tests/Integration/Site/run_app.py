"""One application for all kinds of servers, for the tests of `staticd run`: WSGI, ASGI, Django's own
server, and a program that listens at PORT itself."""

import json
import os
import sys

from waiting import state, wait_for


def describe(path, scheme, fields, remote):
    if path == "/slow":
        state("begun").touch()
        wait_for("go")
    names = ("x-forwarded-for", "x-forwarded-proto", "x-request-id", "host")
    told = {name: fields.get(name, "") for name in names}
    return json.dumps(
        told | {"path": path, "scheme": scheme, "remote": remote, "pid": os.getpid()}
    ).encode()


def wsgi(environ, start_response):
    fields = {
        name[5:].lower().replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    remote = environ.get("REMOTE_ADDR", "")
    body = describe(environ["PATH_INFO"], environ["wsgi.url_scheme"], fields, remote)
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


async def asgi(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            event = (await receive())["type"]
            await send({"type": event + ".complete"})
            if event == "lifespan.shutdown":
                return
    fields = {name.decode(): value.decode() for name, value in scope["headers"]}
    remote = (scope.get("client") or [""])[0]
    body = describe(scope["path"], scope["scheme"], fields, remote)
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


def django():
    """`manage.py` of a single-file project, whose every page is the description."""
    from django.conf import settings
    from django.core.management import execute_from_command_line
    from django.http import HttpResponse
    from django.urls import re_path

    def page(request):
        fields = {name.lower(): value for name, value in request.headers.items()}
        remote = request.META["REMOTE_ADDR"]
        return HttpResponse(describe(request.path, request.scheme, fields, remote))

    settings.configure(
        DEBUG=True,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="test",
        SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    )
    globals()["urlpatterns"] = [re_path("", page)]
    execute_from_command_line(sys.argv)


def program():
    """Listens at PORT, as any program on Heroku does."""
    from wsgiref.simple_server import WSGIServer, make_server

    # A client that disconnects causes no traceback.
    WSGIServer.handle_error = lambda self, request, address: None
    make_server("127.0.0.1", int(os.environ["PORT"]), wsgi).serve_forever()


if __name__ == "__main__":
    program() if sys.argv[1:] == [] else django()
