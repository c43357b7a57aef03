"""The entry points of WSGI and ASGI servers; the latter also echoes WebSocket messages."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project_settings")

from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

wsgi = get_wsgi_application()
_pages = get_asgi_application()


async def asgi(scope, receive, send):
    if scope["type"] == "websocket":
        await _echo(receive, send)
    else:
        await _pages(scope, receive, send)


async def _echo(receive, send):
    while (event := await receive())["type"] != "websocket.disconnect":
        if event["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        else:
            await send({"type": "websocket.send", "text": event["text"]})
