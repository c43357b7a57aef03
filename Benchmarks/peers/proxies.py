"""The servers that forward to an app, each with keep-alive on both sides."""

from peers import Caddy, H2O, Nginx, Peer, Staticd, first


class StaticdProxy(Staticd):
    settings = "`--upstream`, `--workers 1 --access-log off`"

    # Static files served besides; must be set before it starts.
    root = None

    def command(self, root, work, port, log):
        arguments = ["--upstream", f"127.0.0.1:{root}", "--listen", f"127.0.0.1:{port}"]
        arguments += ["--workers", "1", "--access-log", "off", "--root", self.root]
        return [self.tools.staticd, "serve", *arguments], {}


class NginxProxy(Nginx):
    settings = "one worker, `keepalive 64`, HTTP/1.1 to the app, X-Forwarded-*, buffers as they are"

    def app_address(self, app):
        return f"127.0.0.1:{app}"

    def static_location(self):
        """Configuration for static files."""
        return ""

    def command(self, root, work, port, log):
        configuration = work / "nginx.conf"
        configuration.write_text(f"""
worker_processes 1;
worker_rlimit_nofile 20000;
daemon off;
pid {work}/nginx.pid;
error_log {work}/error.log;
events {{ worker_connections 19000; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  client_body_temp_path {work}/body;
  proxy_temp_path {work}/proxy;
  upstream app {{
    server {self.app_address(root)};
    keepalive 64;
    keepalive_requests 1000000000;
  }}
  server {{
    listen 127.0.0.1:{port} backlog=4096 reuseport;
    {self.static_location()}
    location / {{
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Request-Id $request_id;
    }}
  }}
}}
""")
        return ["nginx", "-c", configuration], {}


class HAProxy(Peer):
    name = "haproxy"
    settings = "one thread, `http-reuse always`, `option forwardfor`"

    def app_server(self, app):
        """The address of the app, and its server options."""
        return f"127.0.0.1:{app}"

    def static_rule(self):
        """Configuration for static files."""
        return ""

    def queue(self):
        """Configuration of the queue in front of the app."""
        return ""

    def version(self):
        return first(r"version (\S+)", ["haproxy", "-v"])

    def command(self, root, work, port, log):
        configuration = work / "haproxy.cfg"
        configuration.write_text(f"""
global
  nbthread 1
  maxconn 9000
defaults
  mode http
  timeout connect 5s
  timeout client 600s
  timeout server 60s
  option forwardfor
  http-reuse always
  {self.queue()}
frontend front
  bind 127.0.0.1:{port} backlog 4096
  {self.static_rule()}
  default_backend app
backend app
  server app {self.app_server(root)}
""")
        return ["haproxy", "-db", "-f", configuration], {}


class H2OProxy(H2O):
    settings = "one thread, `proxy.reverse.url`"

    def command(self, root, work, port, log):
        configuration = work / "h2o.conf"
        work.chmod(0o777)
        configuration.write_text(f"""
num-threads: 1
max-connections: 16384
http1-request-timeout: 600
error-log: {work}/error.log
listen:
  host: 127.0.0.1
  port: {port}
hosts:
  default:
    paths:
      /:
        proxy.reverse.url: http://127.0.0.1:{root}/
        proxy.preserve-host: ON
        proxy.timeout.keepalive: 60000
""")
        return ["h2o", "-c", configuration], {}


class CaddyProxy(Caddy):
    settings = "`reverse_proxy`, one core"

    def command(self, root, work, port, log):
        configuration = work / "Caddyfile"
        configuration.write_text(f"""
{{
  admin off
  auto_https off
}}
http://:{port} {{
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:{root}
}}
""")
        home = {"HOME": str(work), "XDG_DATA_HOME": str(work), "XDG_CONFIG_HOME": str(work)}
        return ["caddy", "run", "--config", configuration, "--adapter", "caddyfile"], home


PROXIES = [StaticdProxy, NginxProxy, H2OProxy, HAProxy, CaddyProxy]
