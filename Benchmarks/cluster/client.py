"""A blocking HTTP/1.1 client on one connection."""

import socket


class Response:
    __slots__ = ("status", "fields", "body")

    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body


class Connection:
    def __init__(self, address, timeout=30):
        self.socket = socket.create_connection(address, timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def close(self):
        self.socket.close()

    def ask(self, path, fields=(), method="GET", host="www.example.com"):
        lines = "".join(f"{line}\r\n" for line in fields)
        self.socket.sendall(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n".encode())
        return self.response(method)

    def more(self):
        part = self.socket.recv(262144)
        if not part:
            raise ConnectionError("the connection has ended")
        self.received += part

    def response(self, method="GET"):
        while (end := self.received.find(b"\r\n\r\n")) < 0:
            self.more()
        lines = self.received[:end].decode("latin-1").split("\r\n")
        self.received = self.received[end + 4:]
        status = int(lines[0][9:12])
        fields = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            fields[name.lower()] = value.strip()
        if method == "HEAD" or status in (204, 304):
            return Response(status, fields, b"")
        if fields.get("transfer-encoding") == "chunked":
            return Response(status, fields, self.chunks())
        length = fields.get("content-length")
        if length is None:
            with_end = []
            try:
                while True:
                    self.more()
            except ConnectionError:
                with_end.append(self.received)
                self.received = b""
            return Response(status, fields, b"".join(with_end))
        count = int(length)
        while len(self.received) < count:
            self.more()
        body, self.received = self.received[:count], self.received[count:]
        return Response(status, fields, body)

    def chunks(self):
        body = b""
        while True:
            while (end := self.received.find(b"\r\n")) < 0:
                self.more()
            count = int(self.received[:end].split(b";")[0], 16)
            while len(self.received) < end + 2 + count + 2:
                self.more()
            body += self.received[end + 2:end + 2 + count]
            self.received = self.received[end + 4 + count:]
            if count == 0:
                return body
