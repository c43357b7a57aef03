"""The proxies in front of two sync workers: how each queues requests while it serves a file."""

import sync_workers
from peers import Staticd
from proxies import HAProxy, NginxProxy

APPLICATION = "overload_site:application"


class _Queueing:
    """Settings; must be set before it starts."""

    # A directory and a file in it that are served besides.
    root = None
    file = None
    # The file in which the app records its requests.
    request_log = None
    # Whether it starts the app; if not, the app already runs.
    starts_app = False

    def app_environment(self):
        return sync_workers.environment(REQUEST_LOG=str(self.request_log))


class QueueingStaticd(_Queueing, Staticd):
    """Starts the app itself, and derives the two workers from its command line."""

    settings = "`run --access-log off -- gunicorn --workers 2`, all else as it is"
    starts_app = True

    def command(self, app, work, port, log):
        scheme, _, rest = app.partition(":")
        # Without an address the app gets a private Unix socket.
        where = [] if scheme == "unix" else ["--upstream", app]
        bind = [] if scheme == "unix" else ["--bind", app]
        arguments = ["--root", self.root, "--listen", f"127.0.0.1:{port}", "--access-log", "off"]
        command = sync_workers.command(self.tools, APPLICATION, *bind)
        return [self.tools.staticd, "run", *arguments, *where, "--", *command], self.app_environment()


class QueueingNginx(_Queueing, NginxProxy):
    settings = "one worker, `proxy_pass`; it has no queue, so that requests wait in the app's backlog"

    def app_address(self, app):
        return app

    def static_location(self):
        return f"location /static/ {{ alias {self.root}/; open_file_cache max=100; }}"


class QueueingHAProxy(_Queueing, HAProxy):
    settings = "one thread, `maxconn 2`, `timeout queue 30s`, `option abortonclose`; the file is an `http-request return`"

    def app_server(self, app):
        return f"{app.replace('unix:', 'unix@')} maxconn 2"

    def static_rule(self):
        return f"http-request return status 200 content-type text/css file {self.file} if {{ path_beg /static/ }}"

    def queue(self):
        # In `defaults`, because the frontend detects that a client has left.
        return "timeout queue 30s\n  option abortonclose"


KINDS = [QueueingStaticd, QueueingNginx, QueueingHAProxy]
