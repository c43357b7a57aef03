#!/usr/bin/env python3
"""An S3-compatible store in memory, for tests and benchmarks: fast, with faults on demand.

Usage: memory_store.py [--certificate FILE --key FILE]

Prints its port, and with a certificate a second one for TLS. It checks Content-MD5 and x-amz-content-sha256,
but not signatures. Paths below /_/ control it:

  GET  /_/log        the requests since the last one, as [method, key, query, status]
  GET  /_/objects    every object with its fields
    GET  /_/held       the number of held requests
  POST /_/options    {"page": 1000, "etag": "md5" or "opaque", "multiDelete": true, "skew": 0, "region": "", "wholeSeconds": false}
  POST /_/faults     a list of {"method", "key" (a part of it), "skip", "times", "kind", "status", "code", "fields"}
    POST /_/release    releases the held requests

Kinds of faults: "status" responds with that status without any action; "reset" resets the connection;
"truncate" acts, and closes within the response; "corrupt" changes a byte of the upload; "hold" waits for
/_/release and acts then.
"""

import argparse
import asyncio
import base64
import bisect
import calendar
import email.utils
import hashlib
import json
import ssl
import struct
import socket
import sys
import time
from urllib.parse import parse_qsl, quote, unquote, unquote_to_bytes
from xml.sax.saxutils import escape

HEAD = b"HTTP/1.1 %d X\r\nDate: %s\r\nContent-Length: %d\r\n"
STORED = ("content-type", "cache-control", "content-encoding", "content-disposition", "content-language", "expires")


class Store:
    def __init__(self):
        self.objects = {}
        # The sorted keys, created on demand.
        self.keys = None
        self.log = []
        self.faults = []
        self.options = {"page": 1000, "etag": "md5", "multiDelete": True, "skew": 0, "region": "",
                        "wholeSeconds": False}
        self.released = asyncio.Event()
        self.held = 0
        self.serial = 0

    def now(self):
        return time.time() + self.options["skew"]

    def fault(self, method, key):
        for fault in self.faults:
            if fault.get("method", method) == method and fault.get("key", "") in key and fault.get("times", 1) > 0:
                if fault.get("skip", 0) > 0:
                    fault["skip"] -= 1
                    continue
                fault["times"] = fault.get("times", 1) - 1
                return fault
        return None

    def tag(self, body):
        if self.options["etag"] == "md5":
            return hashlib.md5(body).hexdigest()
        self.serial += 1
        return f"opaque-{self.serial}"

    def put(self, key, fields, body):
        sent = fields.get("content-md5")
        if sent and base64.b64decode(sent) != hashlib.md5(body).digest():
            return self.error(400, "BadDigest")
        if fields.get("x-amz-content-sha256") != hashlib.sha256(body).hexdigest():
            return self.error(400, "XAmzContentSHA256Mismatch")
        kept = {name: value for name, value in fields.items() if name in STORED or name.startswith("x-amz-meta-")}
        stamp = int(self.now()) if self.options["wholeSeconds"] else self.now()
        modified = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(stamp)) + ".%03dZ" % (stamp % 1 * 1000)
        tag = self.tag(body)
        self.keys = self.keys if key in self.objects else None
        self.objects[key] = (body, kept, tag, modified)
        return 200, {"ETag": f'"{tag}"'}, b""

    def get(self, key):
        if key not in self.objects:
            return self.error(404, "NoSuchKey")
        body, fields, tag, _ = self.objects[key]
        return 200, {"ETag": f'"{tag}"', **fields}, body

    def list(self, query):
        prefix, after = query.get("prefix", ""), query.get("continuation-token", "")
        self.keys = self.keys or sorted(self.objects)
        start = bisect.bisect_right(self.keys, after) if after else bisect.bisect_left(self.keys, prefix)
        count = min(self.options["page"], int(query.get("max-keys", 1000)))
        names = [key for key in self.keys[start:start + count + 1] if key.startswith(prefix)]
        page = names[:count]
        parts = ['<?xml version="1.0" encoding="UTF-8"?><ListBucketResult '
                 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType>']
        for key in page:
            body, _, tag, modified = self.objects[key]
            parts.append(f"<Contents><Key>{quote(key, safe='/').replace('%20', '+')}</Key><LastModified>{modified}"
                         f"</LastModified><ETag>&quot;{tag}&quot;</ETag><Size>{len(body)}</Size></Contents>")
        more = len(page) < len(names)
        parts.append(f"<IsTruncated>{str(more).lower()}</IsTruncated>")
        if more:
            parts.append(f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>")
        return 200, {"Content-Type": "application/xml"}, ("".join(parts) + "</ListBucketResult>").encode()

    def remove(self, key):
        if self.objects.pop(key, None):
            self.keys = None

    def delete_all(self, fields, body):
        if not self.options["multiDelete"] or "content-md5" not in fields:
            return self.error(501, "NotImplemented")
        import xml.etree.ElementTree as tree
        for element in tree.fromstring(body).iter("{http://s3.amazonaws.com/doc/2006-03-01/}Key"):
            self.remove(element.text)
        return 200, {}, b"<DeleteResult></DeleteResult>"

    def error(self, status, code, fields=None):
        text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>Because of {code}.</Message></Error>"
        return status, fields or {}, text.encode()

    def answer(self, method, key, query, fields, body):
        stamp = fields.get("x-amz-date", "")
        if not fields.get("authorization", "").startswith("AWS4-HMAC-SHA256 "):
            return self.error(403, "AccessDenied")
        if abs(calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ")) - self.now()) > 900:
            return self.error(403, "RequestTimeTooSkewed")
        region = self.options["region"]
        if region and f"/{region}/s3/" not in fields["authorization"]:
            return self.error(400, "AuthorizationHeaderMalformed", {"x-amz-bucket-region": region})
        if method == "GET" and not key:
            return self.list(query)
        if method == "POST" and "delete" in query:
            return self.delete_all(fields, body)
        if method == "PUT":
            return self.put(key, fields, body)
        if method in ("GET", "HEAD"):
            return self.get(key)
        if method == "DELETE":
            self.remove(key)
            return 204, {}, b""
        return self.error(501, "NotImplemented")

    def control(self, path, body):
        if path == "/_/log":
            log, self.log = self.log, []
            return 200, {}, json.dumps(log).encode()
        if path == "/_/objects":
            objects = {key: {"body": base64.b64encode(body).decode(), "fields": fields}
                       for key, (body, fields, _, _) in self.objects.items()}
            return 200, {}, json.dumps(objects).encode()
        if path == "/_/held":
            return 200, {}, str(self.held).encode()
        if path == "/_/options":
            self.options.update(json.loads(body))
        elif path == "/_/faults":
            self.faults = json.loads(body)
            self.released.clear()
        elif path == "/_/release":
            self.faults = []
            self.released.set()
        return 200, {}, b""


class Connection(asyncio.Protocol):
    def __init__(self, store):
        self.store, self.buffer, self.task = store, bytearray(), None

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, _):
        self.transport = None

    def data_received(self, data):
        self.buffer += data
        if self.task is None:
            self.advance()

    def advance(self):
        """Answers the completely received requests."""
        while self.task is None and self.transport is not None:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            lines = self.buffer[:end].decode("latin-1").split("\r\n")
            fields = {}
            for line in lines[1:]:
                name, _, value = line.partition(":")
                fields[name.lower()] = value.strip()
            length = int(fields.get("content-length", 0))
            if len(self.buffer) < end + 4 + length:
                return
            body = bytes(self.buffer[end + 4:end + 4 + length])
            del self.buffer[:end + 4 + length]
            method, target, _ = lines[0].split(" ")
            self.answer(method, target, fields, body)

    def answer(self, method, target, fields, body):
        store = self.store
        path, _, text = target.partition("?")
        if path.startswith("/_/"):
            return self.send(method, *store.control(path, body))
        # The bucket is the first segment.
        key = unquote_to_bytes(path.lstrip("/").partition("/")[2]).decode()
        query = dict(parse_qsl(text, keep_blank_values=True))
        fault = store.fault(method, key)
        kind = fault and fault["kind"]
        if kind == "hold":
            self.task = asyncio.ensure_future(self.hold(method, key, query, fields, body))
            return
        if kind == "status":
            result = store.error(fault["status"], fault.get("code", ""), fault.get("fields"))
        elif kind == "reset":
            store.log.append([method, key, text, 0])
            connection = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return self.transport.abort()
        else:
            if kind == "corrupt":
                body = bytes([body[0] ^ 1]) + body[1:]
            result = store.answer(method, key, query, fields, body)
        store.log.append([method, key, text, result[0]])
        self.send(method, *result, truncated=kind == "truncate")

    async def hold(self, method, key, query, fields, body):
        self.store.held += 1
        await self.store.released.wait()
        self.store.held -= 1
        if self.transport is None:
            # The client was killed: the request does not count.
            return
        result = self.store.answer(method, key, query, fields, body)
        self.store.log.append([method, key, "", result[0]])
        self.task = None
        self.send(method, *result)
        self.advance()

    def send(self, method, status, fields, body, truncated=False):
        date = email.utils.formatdate(self.store.now(), usegmt=True).encode()
        head = HEAD % (status, date, len(body))
        for name, value in fields.items():
            head += f"{name}: {value}\r\n".encode("latin-1")
        data = head + b"\r\n" + (b"" if method == "HEAD" else body)
        if truncated:
            self.transport.write(data[:len(head) // 2])
            return self.transport.close()
        self.transport.write(data)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    options = parser.parse_args()
    store = Store()
    loop = asyncio.get_running_loop()
    contexts = [None]
    if options.certificate:
        contexts.append(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
        contexts[1].load_cert_chain(options.certificate, options.key)
    ports = []
    for context in contexts:
        server = await loop.create_server(lambda: Connection(store), "127.0.0.1", 0, ssl=context)
        ports.append(server.sockets[0].getsockname()[1])
    print(*ports, flush=True)
    # Exits with the parent process.
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
