#!/usr/bin/env python3
"""Starts moto, and prints its port."""

import logging
import os

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

# A descriptor that was inherited by chance would keep another program's parent waiting for its end.
os.closerange(3, 65536)
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
print(server.port, flush=True)
server.serve_forever()
