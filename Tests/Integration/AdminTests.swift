import Foundation
import TestSupport
import Testing

/// The admin listener of the real program, over sockets.
///
/// Goal: its figures are right, its parser is strict, and neither listener can block the other.
@Suite struct AdminTests {
  private let site = TemporaryDirectory()

  init() {
    site.write(String(repeating: "a {}\n", count: 100), to: "public/a.css")
    site.write("br", to: "public/a.css.br")
  }

  private func serve(_ options: String...) throws -> (server: RunningServer, admin: UInt16) {
    let server = RunningServer(
      ["--public", site.path("public"), "--admin", "127.0.0.1:0", "--access-log", "off"] + options
    )
    return (server, try port(in: { server.errors }))
  }

  /// The port of the admin pages, once it is printed.
  private func port(in errors: () -> String) throws -> UInt16 {
    var port: UInt16?
    _ = eventually {
      let parts = errors().components(separatedBy: "Admin pages at http://127.0.0.1:")
      guard parts.count > 1, parts[1].contains("/") else { return false }
      port = UInt16(parts[1].prefix { $0.isNumber })
      return true
    }
    return try #require(port, "\(errors())")
  }

  private func ask(_ port: UInt16, _ path: String, host: String = "127.0.0.1") -> HTTPResponse? {
    let client = HTTPClient(connectingTo: port)
    client?.send("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
    return client?.response()
  }

  /// The samples of a metrics page, parsed by Prometheus' own parser.
  private func samples(_ port: UInt16) throws -> [String: Double] {
    let answer = try #require(ask(port, "/metrics"))
    #expect(answer.status == 200)
    #expect(answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
    let python = try Command.fixture("metrics/bin/python")
    let page = site.write(answer.body, to: "metrics.txt")
    let result = Command.run(["sh", "-c", "\(python) \(Site.path)/metrics.py <\(page)"])
    #expect(result.status == 0, "\(result.errors)")
    return try JSONDecoder().decode([String: Double].self, from: Data(result.output.utf8))
  }

  @Test("metrics count the responses of all loops, and survive a reload")
  func metrics() throws {
    let (server, admin) = try serve("--workers", "3")
    for _ in 0..<12 {
      let client = HTTPClient(port: server.port)
      #expect(client.get("/a.css", "Accept-Encoding: br")?.text == "br")
      #expect(client.get("/a.css")?.status == 200)
      #expect(client.get("/none")?.status == 404)
    }
    site.write("new", to: "public/b.txt")
    server.send(SIGHUP)
    #expect(eventually { server.errors.contains("Reloaded: 2 files") })
    var samples = try samples(admin)
    #expect(samples["staticd_http_requests_total{class=2xx,responder=static}"] == 24)
    #expect(samples["staticd_http_requests_total{class=4xx,responder=static}"] == 12)
    #expect(samples["staticd_http_requests_total{class=2xx,responder=app}"] == 0)
    #expect(samples["staticd_http_responses_by_coding_total{coding=br}"] == 12)
    #expect(samples["staticd_http_responses_by_coding_total{coding=identity}"] == 24)
    #expect(samples["staticd_http_saved_bytes_total"] == 5976)
    #expect(samples["staticd_http_sent_bytes_total"] ?? 0 > 6000)
    #expect(samples["staticd_http_request_duration_seconds_count{responder=static}"] == 36)
    #expect(samples["staticd_connections_accepted_total"] == 12)
    #expect(samples["staticd_release_files"] == 2)
    #expect(samples["staticd_ready"] == 1)
    #expect(samples["process_resident_memory_bytes"] ?? 0 > 1_048_576)
    #expect(samples["process_cpu_seconds_total"] ?? 0 > 0)
    #expect(samples["process_open_fds"] ?? 0 > 5)
    let limit = samples["process_max_fds"] ?? 0
    #expect(limit >= samples["process_open_fds"] ?? .infinity)
    let age = Date.now.timeIntervalSince1970 - (samples["process_start_time_seconds"] ?? 0)
    #expect((-2...600).contains(age), "\(age)")
    // Requests to the admin pages are not counted.
    samples = try self.samples(admin)
    #expect(samples["staticd_http_requests_total{class=2xx,responder=static}"] == 24)
  }

  @Test(
    "the start is told where /proc shows processes alone, as in a hardened unit, and stays the same"
  )
  func hiddenSystem() throws {
    let running = ServingRun(
      [
        "serve", "--public", site.path("public"), "--listen", "127.0.0.1:0", "--admin",
        "127.0.0.1:0",
      ],
      prefix: ["unshare", "--mount", "sh", "-c", Site.processesAlone, "sh"]
    )
    let admin = try port(in: { running.errors })
    let start = try #require(try samples(admin)["process_start_time_seconds"])
    #expect((-2...600).contains(Date.now.timeIntervalSince1970 - start), "\(start)")
    #expect(try samples(admin)["process_start_time_seconds"] == start)
    running.send(SIGTERM)
    #expect(running.wait() == 0)
  }

  @Test("metrics name a collected release and its age")
  func release() throws {
    let root = TemporaryDirectory()
    let result = Command.staticd("collect", site.path("public"), "--root", root.path)
    #expect(result.status == 0, "\(result.errors)")
    let server = RunningServer("--root", root.path, "--admin", "127.0.0.1:0")
    let samples = try samples(try port(in: { server.errors }))
    let info = samples.filter { $0.key.hasPrefix("staticd_release_info{release=") }
    #expect(info.count == 1)
    #expect(info.keys.first != "staticd_release_info{release=}")
    #expect((0...600).contains(samples["staticd_release_age_seconds"] ?? -1))
  }

  @Test("metrics of the queue and of the app's connections, with an app that delays its responses")
  func app() throws {
    let gate = site.path("gate")
    let running = SupervisedRun(
      [
        "--public", site.path("public"), "--admin", "127.0.0.1:0", "--upstream-concurrency", "1",
        "--queue-length", "1",
      ],
      ["python3", "-c", Self.waitingApp, gate]
    )
    #expect(SupervisedRun.eventually { running.port != nil }, "\(running.errors)")
    let admin = try port(in: { running.errors })
    let main = try #require(running.port)
    #expect(eventually { self.ask(admin, "/readyz")?.status == 200 }, "\(running.errors)")
    let clients = (0..<2).map { _ in HTTPClient(port: main) }
    clients[0].send("GET /page HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(eventually { (try? self.samples(admin)["staticd_upstream_active_requests"]) == 1 })
    clients[1].send("GET /page HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(eventually { (try? self.samples(admin)["staticd_queue_requests"]) == 1 })
    #expect(HTTPClient(port: main).get("/page")?.status == 503)
    site.write("", to: "gate")
    for client in clients { #expect(client.response()?.text == "app") }
    // A response is counted after its last byte has been sent.
    let durations = "staticd_http_request_duration_seconds_count{responder=app}"
    #expect(eventually { (try? self.samples(admin)[durations]) == 3 })
    let samples = try samples(admin)
    #expect(samples["staticd_queue_max_requests"] == 1)
    #expect(samples["staticd_queue_refused_total"] == 1)
    #expect(samples["staticd_http_failures_total{reason=queue full}"] == 1)
    #expect(samples["staticd_http_requests_total{class=2xx,responder=app}"] == 2)
    #expect(samples["staticd_http_requests_total{class=5xx,responder=app}"] == 1)
    #expect(samples["staticd_upstream_max_requests"] == 1)
    #expect(samples["staticd_upstream_requests_total"] == 3)
    #expect(samples["staticd_upstream_connects_total"] == 2)
    running.send(SIGTERM)
    #expect(running.wait() != nil)
  }

  /// Responds with `app` to one request after the other, as soon as the file `argv[1]` exists.
  private static let waitingApp = """
    import http.server, os, sys, time
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            while not os.path.exists(sys.argv[1]):
                time.sleep(0.005)
            self.send_response(200)
            self.send_header("Content-Length", "3")
            self.end_headers()
            self.wfile.write(b"app")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
    server.serve_forever()
    """

  @Test("strict: methods, paths, hosts, versions; no-store; HEAD; one connection for many requests")
  func strict() throws {
    let (server, admin) = try serve()
    defer { withExtendedLifetime(server) {} }
    let client = HTTPClient(port: admin)
    for path in ["/", "/metrics", "/livez", "/readyz", "/metrics?x=1"] {
      client.send("GET \(path) HTTP/1.1\r\nHost: localhost:\(admin)\r\n\r\n")
      let answer = try #require(client.response())
      #expect(answer.status == 200, "\(path): \(answer.text)")
      #expect(answer["Cache-Control"] == "no-store")
      client.send("HEAD \(path) HTTP/1.1\r\nHost: [::1]\r\n\r\n")
      let head = try #require(client.response(hasBody: false))
      #expect(head.status == 200)
      for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        client.send("\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n")
        let refused = try #require(client.response())
        #expect(refused.status == 405)
        #expect(refused["Allow"] == "GET, HEAD")
      }
    }
    for path in ["/none", "/metrics/", "/Metrics", "/livez/x", "/%6detrics", "/static/a.css"] {
      client.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(client.response()?.status == 404, "\(path)")
    }
    for host in ["evil.example", "evil.example:\(admin)", "127.0.0.1.evil.example", "x"] {
      #expect(ask(admin, "/metrics", host: host)?.status == 403, "\(host)")
    }
    for text in [
      "GET /metrics HTTP/1.1\r\n\r\n", "GET /metrics HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      "GET  /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "GET /metrics HTTP/1.1\nHost: x\n\n",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ] {
      let client = HTTPClient(port: admin)
      client.send(text)
      #expect(client.response()?.status == 400, "\(text)")
    }
  }

  @Test("it responds while the main listener is full, and its own clients block no others")
  func full() throws {
    let (server, admin) = try serve("--max-connections", "4")
    let held = (0..<4).map { _ in HTTPClient(port: server.port) }
    for client in held {
      #expect(client.get("/a.css")?.status == 200)
      client.send("GET /a.css HTTP/1.1\r\nHo")
    }
    #expect(try samples(admin)["staticd_connections"] == 4)
    #expect(try samples(admin)["staticd_connections_max"] == 4)
    // More than the capacity of the admin listener, each with a part of a head.
    var hostile = (0..<80).compactMap { _ in HTTPClient(connectingTo: admin) }
    for client in hostile { client.send("GET /metr") }
    held[0].send("st: x\r\n\r\n")
    #expect(held[0].response()?.status == 200)
    hostile.removeFirst(40)
    #expect(ask(admin, "/livez")?.text == "ok\n")
    withExtendedLifetime((server, held, hostile)) {}
  }

  @Test("while the server drains, it still responds and reports the state")
  func draining() throws {
    site.write([UInt8](repeating: 1, count: 64 << 20), to: "public/large.bin")
    let (server, admin) = try serve()
    #expect(ask(admin, "/readyz")?.status == 200)
    let client = HTTPClient(port: server.port, receiveBuffer: 4096)
    client.send("GET /large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(client.hasBegun())
    server.send(SIGTERM)
    #expect(eventually { self.ask(admin, "/readyz")?.status == 503 })
    #expect(ask(admin, "/readyz")?.text == "draining\n")
    #expect(ask(admin, "/livez")?.status == 200)
    #expect(try samples(admin)["staticd_ready"] == 0)
    #expect(client.rest().count > 64 << 20)
    #expect(server.wait() == 0)
  }

  @Test("not ready before the app has listened", arguments: ["serve", "run"])
  func starting(command: String) throws {
    let socket = site.path("app.sock")
    let start = site.path("start")
    let app = """
      import os, socket, sys, time
      while not os.path.exists("\(start)"):
          time.sleep(0.005)
      listener = socket.socket(socket.AF_UNIX)
      listener.bind("\(socket)")
      listener.listen()
      time.sleep(60)
      """
    let options = [
      "--public", site.path("public"), "--upstream", "unix:\(socket)", "--admin", "127.0.0.1:0",
      "--health-path", "/up",
    ]
    let program = ["python3", "-c", app]
    var running: SupervisedRun?
    var server: RunningServer?
    var helper: Process?
    defer { helper?.terminate() }
    if command == "run" {
      running = SupervisedRun(options, program)
    } else {
      server = RunningServer(options)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = program
      try process.start()
      helper = process
    }
    let admin = try port(in: { running?.errors ?? server?.errors ?? "" })
    #expect(eventually { running?.port ?? server?.port != nil })
    let main = try #require(running?.port ?? server?.port)
    #expect(ask(admin, "/readyz")?.status == 503)
    #expect(ask(admin, "/readyz")?.text == "starting\n")
    #expect(ask(admin, "/livez")?.status == 200)
    #expect(HTTPClient(port: main).get("/up")?.status == 503)
    site.write("", to: "start")
    #expect(eventually { self.ask(admin, "/readyz")?.status == 200 })
    #expect(HTTPClient(port: main).get("/up")?.status == 200)
  }

  @Test("at a Unix socket any Host is accepted")
  func unixSocket() throws {
    let socket = site.path("admin.sock")
    let server = RunningServer("--public", site.path("public"), "--admin", "unix:\(socket)")
    #expect(eventually { server.errors.contains("Admin pages at unix:\(socket)") })
    let result = Command.run(
      ["curl", "-s", "--unix-socket", socket, "http://any.example/readyz"]
    )
    #expect(result.output == "ok\n", "\(result.errors)")
  }

  @Test(
    "addresses that others could reach, and other invalid values",
    arguments: [
      (["--admin", "0.0.0.0:0"], "--admin-public"), (["--admin", ":0"], "--admin-public"),
      (["--admin", "[::]:0"], "--admin-public"), (["--admin", "192.0.2.1:9100"], "--admin-public"),
      (["--admin", "fd:3"], "--admin-public"), (["--admin", "9100"], "--admin '9100'"),
      (["--admin", "localhost"], "--admin 'localhost'"),
      (["--admin-public"], "there is no --admin"),
      (["--admin", "127.0.0.1:8123", "--listen", "127.0.0.1:8123"], "--listen has that address"),
      (["--admin", "127.0.0.1:8123", "--listen", "0.0.0.0:8123"], "--listen has that address"),
      (["--health-path", "up"], "--health-path 'up'"), (["--health-path", ""], "--health-path ''"),
      (["--health-path", "/a b"], "--health-path"), (["--health-path", "/a?b"], "--health-path"),
      (["--log-format", "xml"], "--log-format"),
    ]
  )
  func usage(options: [String], mentions: String) {
    let words = ["--public", site.path("public")] + options
    let commands = [["serve"] + words, ["explain", "/a.css"] + words]
    for command in commands {
      let result = Command.run([Command.staticd] + command)
      #expect(result.status == 2, "\(command)")
      #expect(result.errorLines.count == 1, "\(result.errors)")
      #expect(result.errors.contains(mentions), "\(result.errors)")
    }
    // `check` reads the configuration, here from variables.
    guard options.count == 2, let value = options.last, !value.isEmpty else { return }
    let name = options[0].dropFirst(2).uppercased().replacingOccurrences(of: "-", with: "_")
    let checked = Command.staticd(
      "check",
      "--root",
      site.path("public"),
      environment: ["STATICD_\(name)": value]
    )
    #expect(checked.status == 2, "\(checked.errors)")
    #expect(checked.errors.contains(options[0]), "\(checked.errors)")
  }

  @Test("--admin-public allows any address and any Host")
  func anywhere() throws {
    let server = RunningServer(
      "--public",
      site.path("public"),
      "--admin",
      "0.0.0.0:0",
      "--admin-public"
    )
    #expect(eventually { server.errors.contains("Admin pages at http://0.0.0.0:") })
    let rest = server.errors.components(separatedBy: "Admin pages at http://0.0.0.0:")[1]
    let port = try #require(UInt16(rest.prefix { $0.isNumber }))
    #expect(ask(port, "/metrics", host: "node-7.example")?.status == 200)
  }

  @Test("a health path that matches only a fallback is not reported as hiding anything")
  func fallbackIsNotHidden() throws {
    site.write("<p>app", to: "public/index.html")
    let server = RunningServer(
      "--public",
      site.path("public"),
      "--fallback",
      site.path("public/index.html"),
      "--health-path",
      "/up"
    )
    #expect(HTTPClient(port: server.port).get("/up")?.status == 200)
    #expect(!server.errors.contains("hides a file"))
  }

  @Test("a health path that hides a file is reported, and explained")
  func shadow() throws {
    let server = RunningServer("--public", site.path("public"), "--health-path", "/a.css")
    #expect(eventually { server.errors.contains("warning: --health-path /a.css hides a file") })
    #expect(HTTPClient(port: server.port).get("/a.css")?.text == "ok\n")
    let explained = Command.staticd(
      "explain",
      "/a.css",
      "--public",
      site.path("public"),
      "--health-path",
      "/a.css"
    )
    #expect(explained.output.contains("the health path"))
  }
}
