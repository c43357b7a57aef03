"""The compared servers, each in its best realistic configuration."""

import pathlib
import re
import shutil
import signal
import subprocess

from processes import DidNotStart, Process, free_port, SERVER_CORE

_HERE = pathlib.Path(__file__).resolve().parent
_NGINX_BROTLI = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"


class Peer:
    """A server that can be started for a root.

    `settings` describes the configuration in the results.
    """

    name = ""
    settings = ""
    has_access_log = True
    # Whether it is measured with pipelined requests only.
    is_for_pipelining = False
    # The signal that makes it read the disk again; None if it does so by itself.
    reload_signal = None

    def __init__(self, tools):
        self.tools = tools

    def version(self):
        raise NotImplementedError

    def start(self, root, work, *, log=False, timeout=60, cores=SERVER_CORE):
        """Serves `root` at /static/ (a proxy forwards to the port `root`); `work` is for its own files."""
        work = pathlib.Path(work) / f"{self.name.replace(' ', '-')}{'-log' if log else ''}"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        port = free_port()
        command, environment = self.command(root, work, port, log)
        if not (pathlib.Path(command[0]).exists() or shutil.which(command[0])):
            raise DidNotStart(f"{command[0]} is not installed")
        return Process(command, port, work / "output", environment, timeout, cores)

    def command(self, root, work, port, log):
        raise NotImplementedError


class Staticd(Peer):
    name = "staticd"
    settings = "`--workers 1 --access-log off`; its log is JSON, the others' combined"
    reload_signal = signal.SIGHUP

    def version(self):
        return ""

    def command(self, root, work, port, log):
        arguments = ["--root", root, "--listen", f"127.0.0.1:{port}", "--workers", "1"]
        arguments += ["--access-log-file", work / "access.log"] if log else ["--access-log", "off"]
        return [self.tools.staticd, "serve", *arguments], {}


class Nginx(Peer):
    name = "nginx"
    settings = "one worker, `sendfile`, `tcp_nopush`, `open_file_cache`, `gzip_static`, `brotli_static`"
    _nopush = "on"

    def version(self):
        return first(r"nginx/(\S+)", ["nginx", "-v"])

    def command(self, root, work, port, log):
        configuration = work / "nginx.conf"
        access = f"{work}/access.log combined buffer=64k flush=1s" if log else "off"
        configuration.write_text(f"""
load_module {_NGINX_BROTLI};
worker_processes 1;
worker_rlimit_nofile 20000;
daemon off;
pid {work}/nginx.pid;
error_log {work}/error.log;
events {{ worker_connections 16384; }}
http {{
  access_log {access};
  include /etc/nginx/mime.types;
  types_hash_max_size 4096;
  sendfile on;
  tcp_nopush {self._nopush};
  open_file_cache max=10000 inactive=600s;
  open_file_cache_valid 600s;
  open_file_cache_errors on;
  log_not_found off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  gzip_static on;
  brotli_static on;
  server {{
    listen 127.0.0.1:{port} backlog=4096 reuseport;
    location /static/ {{
      alias {root}/;
      add_header Cache-Control "max-age=315360000, public, immutable";
      add_header Access-Control-Allow-Origin "*";
    }}
  }}
}}
""")
        return ["nginx", "-c", configuration], {}


class EagerNginx(Nginx):
    """For pipelined requests: `tcp_nopush` would delay them until the client acknowledges."""

    name = "nginx, no nopush"
    settings = "the same without `tcp_nopush`"
    is_for_pipelining = True
    _nopush = "off"


class H2O(Peer):
    name = "h2o"
    settings = "one thread, `send-compressed`"

    def version(self):
        return first(r"version (\S+)", ["h2o", "--version"])

    def command(self, root, work, port, log):
        configuration = work / "h2o.conf"
        access = f"access-log: {work}/access.log" if log else ""
        work.chmod(0o777)
        configuration.write_text(f"""
num-threads: 1
max-connections: 16384
http1-request-timeout: 600
error-log: {work}/error.log
{access}
listen:
  host: 127.0.0.1
  port: {port}
hosts:
  default:
    paths:
      /static:
        file.dir: {root}
        file.send-compressed: ON
        header.set: "Cache-Control: max-age=315360000, public, immutable"
        header.set: "Access-Control-Allow-Origin: *"
""")
        return ["h2o", "-c", configuration], {}


class Lighttpd(Peer):
    name = "lighttpd"
    settings = "`sendfile`, stat cache; has no precompressed files"

    def version(self):
        return first(r"lighttpd/(\S+)", ["lighttpd", "-v"])

    def command(self, root, work, port, log):
        configuration = work / "lighttpd.conf"
        modules = ["mod_alias", "mod_setenv"] + (["mod_accesslog"] if log else [])
        access = f'accesslog.filename = "{work}/access.log"' if log else ""
        listed = ", ".join(f'"{module}"' for module in modules)
        configuration.write_text(f"""
server.modules = ({listed})
server.document-root = "{work}"
server.bind = "127.0.0.1"
server.port = {port}
server.errorlog = "{work}/error.log"
server.network-backend = "sendfile"
server.stat-cache-engine = "simple"
server.max-fds = 20000
server.max-connections = 16384
server.max-keep-alive-requests = 65535
server.max-keep-alive-idle = 600
alias.url = ("/static/" => "{root}/")
mimetype.assign = (".css" => "text/css", ".js" => "text/javascript", "" => "application/octet-stream")
setenv.add-response-header = (
  "Cache-Control" => "max-age=315360000, public, immutable",
  "Access-Control-Allow-Origin" => "*"
)
{access}
""")
        return ["lighttpd", "-D", "-f", configuration], {}


class Caddy(Peer):
    name = "caddy"
    settings = "`file_server { precompressed br gzip }`, one core"

    def version(self):
        return first(r"v?(\d[\d.]+)", ["caddy", "version"])

    def command(self, root, work, port, log):
        configuration = work / "Caddyfile"
        access = f"log {{\n output file {work}/access.log\n }}" if log else ""
        configuration.write_text(f"""
{{
  admin off
  auto_https off
}}
http://:{port} {{
  bind 127.0.0.1
  {access}
  header Cache-Control "max-age=315360000, public, immutable"
  header Access-Control-Allow-Origin "*"
  handle_path /static/* {{
    root * {root}
    file_server {{
      precompressed br gzip
    }}
  }}
}}
""")
        home = {"HOME": str(work), "XDG_DATA_HOME": str(work), "XDG_CONFIG_HOME": str(work)}
        command = ["caddy", "run", "--config", configuration, "--adapter", "caddyfile"]
        return command, home


class WhiteNoise(Peer):
    name = "whitenoise"
    settings = "gunicorn, one gthread worker with 4 threads, no Django"
    reload_signal = signal.SIGHUP
    _application = "whitenoise_site:application"

    def version(self):
        return self.tools.python_version("whitenoise")

    def command(self, root, work, port, log):
        environment = {"STATIC_ROOT": str(root), "PYTHONPATH": str(_HERE)}
        # gthread workers support keep-alive; sync workers would close each connection.
        arguments = ["-k", "gthread", "--threads", "4", "--keep-alive", "600", "-w", "1"]
        arguments += ["--worker-connections", "16384", "--backlog", "4096"]
        arguments += ["--access-logfile", work / "access.log"] if log else []
        bind = ["-b", f"127.0.0.1:{port}"]
        return [self.tools.python("gunicorn"), *arguments, *bind, self._application], environment


class DjangoWhiteNoise(WhiteNoise):
    name = "django + whitenoise"
    settings = "the same, as middleware of an empty Django project"
    _application = "django_site:application"


class Floor(Peer):
    """Sends one captured response; `response` must be set before it starts.

    With `upgrade`, an upgrade request gets that response, and its connection stays open.
    """

    name = "floor"
    settings = "`Benchmarks/peers/floor.c`: epoll, no parsing, one canned answer"
    has_access_log = False
    response = None
    upgrade = None

    def version(self):
        return ""

    def command(self, root, work, port, log):
        files = [self.response, *([self.upgrade] if self.upgrade else [])]
        return [self.tools.floor, str(port), *files], {}


SERVERS = [Staticd, Nginx, H2O, Lighttpd, Caddy, WhiteNoise, DjangoWhiteNoise]
ALL = [Staticd, Nginx, EagerNginx, *SERVERS[2:]]


def first(pattern, command):
    """The match of `pattern` in the output of a version command; empty if there is none."""
    try:
        result = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return ""
    found = re.search(pattern, result.stdout + result.stderr)
    return found.group(1) if found else ""
