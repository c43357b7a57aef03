"""The client's address: accepted from this machine only, for WSGI and ASGI."""

from __future__ import annotations

import asyncio
import unittest

import inside  # noqa: F401
from django.http import HttpRequest, HttpResponse
from staticd.middleware import ClientAddressMiddleware


class ClientAddressTests(unittest.TestCase):
    # REMOTE_ADDR, X-Real-IP, and REMOTE_ADDR afterwards.
    ROWS = (
        ("", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.8.9.1", "203.0.113.7", "203.0.113.7"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        # Peers of a server at [::].
        ("::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("::ffff:198.51.100.1", "203.0.113.7", "::ffff:198.51.100.1"),
        ("unix:", "203.0.113.7", "203.0.113.7"),
        ("@", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "2001:DB8:0::7", "2001:db8::7"),
        # Fields of another machine are ignored.
        ("198.51.100.1", "203.0.113.7", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.7", "10.0.0.1"),
        ("2001:db8::1", "203.0.113.7", "2001:db8::1"),
        # Values that are not an address.
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "localhost", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, 203.0.113.8", "127.0.0.1"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
        ("nonsense", "203.0.113.7", "nonsense"),
    )

    def request(self, peer: str, told: str) -> HttpRequest:
        request = HttpRequest()
        request.META["REMOTE_ADDR"] = peer
        if told:
            request.META["HTTP_X_REAL_IP"] = told
        return request

    def test_sync(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            return HttpResponse(request.META["REMOTE_ADDR"])

        middleware = ClientAddressMiddleware(view)
        for peer, told, expected in self.ROWS:
            with self.subTest(peer=peer, told=told):
                self.assertEqual(middleware(self.request(peer, told)).content.decode(), expected)

    def test_async(self) -> None:
        async def view(request: HttpRequest) -> HttpResponse:
            return HttpResponse(request.META["REMOTE_ADDR"])

        middleware = ClientAddressMiddleware(view)
        for peer, told, expected in self.ROWS:
            with self.subTest(peer=peer, told=told):
                response = asyncio.run(self.result(middleware, self.request(peer, told)))
                self.assertEqual(response.content.decode(), expected)

    async def result(self, middleware: ClientAddressMiddleware, request: HttpRequest) -> HttpResponse:
        return await middleware(request)

    def test_without_an_address(self) -> None:
        middleware = ClientAddressMiddleware(lambda request: HttpResponse("x"))
        request = HttpRequest()
        middleware(request)
        self.assertNotIn("REMOTE_ADDR", request.META)


if __name__ == "__main__":
    unittest.main()
