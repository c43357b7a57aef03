"""Clients that read only on demand, for `attacks.py`: HTTP/1.1 and HTTP/2, with TLS or without."""

import re
import socket
import ssl
import struct

try:
    import h2.config
    import h2.connection
    import h2.events
except ImportError:
    # Only the HTTP/2 pipelines need it; see `scripts/internal/check-adapters`.
    h2 = None


class Ended(Exception):
    """The server ended the response early."""


def connect(port, kind):
    """A client of a kind: "http1", "http1-tls", "http2" or "http2-tls"."""
    protocol, _, tls = kind.partition("-")
    return (_HTTP2 if protocol == "http2" else _HTTP1)(port, bool(tls))


class _Client:
    _protocol = ""

    def __init__(self, port, tls):
        self._socket = socket.socket()
        # Set before connecting: it determines the TCP window.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        self._socket.settimeout(60)
        self._socket.connect(("127.0.0.1", port))
        if tls:
            context = ssl.create_default_context()
            # The certificate is the test's own.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.set_alpn_protocols([self._protocol])
            self._socket = context.wrap_socket(self._socket)
            chosen = self._socket.selected_alpn_protocol()
            # A server without ALPN speaks HTTP/1.1.
            if (chosen or "http/1.1") != self._protocol:
                raise OSError(f"the server does not offer {self._protocol}")

    def close(self, is_abrupt=False):
        if is_abrupt:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _receive(self, count):
        try:
            return self._socket.recv(count)
        except (ConnectionError, ssl.SSLError):
            return b""


class _HTTP1(_Client):
    _protocol = "http/1.1"

    def begin(self, path, fields=()):
        """Requests `path`; returns the status and the fields of the response."""
        lines = [f"GET {path} HTTP/1.1", "Host: x", *(f"{name}: {value}" for name, value in fields)]
        self._socket.sendall("".join(f"{line}\r\n" for line in [*lines, ""]).encode())
        start = b""
        while b"\r\n\r\n" not in start:
            if not (data := self._receive(4096)):
                raise Ended
            start += data
        head, _, self._start = start.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        self._rest = int(fields.get("content-length", 0))
        return int(re.match(r"HTTP/1.1 (\d+) ", status)[1]), fields

    def content(self):
        """Yields the content in pieces; raises `Ended` if it is incomplete."""
        while self._rest:
            data = self._start or self._receive(min(1 << 20, self._rest))
            self._start = b""
            if not data:
                raise Ended
            self._rest -= len(data)
            yield data


class _HTTP2(_Client):
    _protocol = "h2"

    def __init__(self, port, tls):
        super().__init__(port, tls)
        self._connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
        self._connection.initiate_connection()
        self._events = []

    def begin(self, path, fields=()):
        """Requests `path`; returns the status and the fields of the response."""
        self._stream = self._connection.get_next_available_stream_id()
        head = [(":method", "GET"), (":scheme", "https"), (":authority", "x"), (":path", path)]
        fields = [(name.lower(), value) for name, value in fields]
        self._connection.send_headers(self._stream, head + fields, end_stream=True)
        event = self._next(h2.events.ResponseReceived)
        fields = {_text(name): _text(value) for name, value in event.headers}
        return int(fields.pop(":status")), fields

    def content(self):
        """Yields the content in pieces; raises `Ended` if it is incomplete."""
        while True:
            event = self._next(h2.events.DataReceived, h2.events.StreamEnded)
            if isinstance(event, h2.events.StreamEnded):
                return
            self._connection.acknowledge_received_data(event.flow_controlled_length, self._stream)
            if event.data:
                yield event.data

    def _next(self, *wanted):
        while True:
            self._socket.sendall(self._connection.data_to_send())
            while self._events:
                event = self._events.pop(0)
                if isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated)):
                    raise Ended
                if isinstance(event, wanted):
                    return event
            if not (data := self._receive(1 << 16)):
                raise Ended
            self._events += self._connection.receive_data(data)


def _text(value):
    return value.decode() if isinstance(value, bytes) else value
