"""Listens on 127.0.0.1, at the port in PORT, once the file in GATE exists."""

import http.server
import os
import time

while not os.path.exists(os.environ["GATE"]):
    time.sleep(0.01)
address = ("127.0.0.1", int(os.environ["PORT"]))
http.server.ThreadingHTTPServer(address, http.server.SimpleHTTPRequestHandler).serve_forever()
