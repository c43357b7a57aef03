"""Single requests over a socket, for what wrk cannot do."""

import dataclasses
import socket


@dataclasses.dataclass
class Answer:
    status: int
    fields: dict
    body_bytes: int
    raw: bytes

    @property
    def coding(self):
        return self.fields.get("content-encoding", "identity")


class Connection:
    """A keep-alive connection."""

    def __init__(self, port, timeout=30, source="127.0.0.1"):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout, (source, 0))

    def close(self):
        self.socket.close()

    def get(self, path, fields=()):
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\n{lines}\r\n".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        status_line, *rest = head.decode("latin-1").split("\r\n")
        status = int(status_line.split()[1])
        values = {name.lower(): value.strip() for name, _, value in (l.partition(":") for l in rest)}
        if values.get("transfer-encoding") == "chunked":
            while not body.endswith(b"0\r\n\r\n"):
                body += self._receive()
        else:
            length = 0 if status in (101, 204, 304) else int(values.get("content-length", 0))
            while len(body) < length:
                body += self._receive()
        return Answer(status, values, len(body), head + b"\r\n\r\n" + body)

    def _receive(self):
        data = self.socket.recv(1 << 20)
        if not data:
            raise OSError("the server closed the connection")
        return data


def get(port, path, fields=(), timeout=30):
    """Sends one request on a new connection."""
    connection = Connection(port, timeout)
    try:
        return connection.get(path, fields)
    finally:
        connection.close()
