"""The client's address for apps that cannot take it from their connection."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable
from typing import Callable, Union

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Response = Union[HttpResponseBase, Awaitable[HttpResponseBase]]


class ClientAddressMiddleware:
    """Puts the client's address, as staticd tells it in X-Real-IP, into `REMOTE_ADDR`.

    For apps that staticd reaches over a Unix socket or the loopback interface, where the server does
    not do so itself: gunicorn under `staticd run` and uvicorn do. Of a peer at another address nothing
    is believed. It should be the first in MIDDLEWARE.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Response]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Response:
        """Passes the request on; a coroutine function's result is one to wait for."""
        address = client_address(
            request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_REAL_IP", "")
        )
        if address is not None:
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


def client_address(peer: str, told: str) -> str | None:
    """The address that `told` is, if the peer is on this machine; None to leave everything."""
    try:
        # The peer of a Unix socket has no address; some servers call it 'unix:' or '@'.
        if not (peer == "" or peer.startswith(("unix:", "@")) or _is_loopback(peer)):
            return None
        return str(ipaddress.ip_address(told))
    except ValueError:
        return None


def _is_loopback(peer: str) -> bool:
    address = ipaddress.ip_address(peer)
    # A server at [::] has the peers of 127.0.0.1 as ::ffff:127.0.0.1.
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
