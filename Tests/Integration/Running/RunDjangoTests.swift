import Foundation
import TestSupport
import Testing

/// A whole Django site behind `staticd run`, collected and served as its author would.
///
/// Goal: pages, forms, large files, events and WebSockets work as they do without staticd, and
/// Python serves no file. Method: the project in `Project`, under each kind of app server.
@Suite(.serialized) struct RunDjangoTests {
  private let state = TemporaryDirectory()
  private let bin: String
  private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Project").path

  init() throws {
    bin = try Command.fixture("servers/bin")
    let made = try Self.made.get()
    try #require(Command.run(["cp", "-a", "\(made.path)/.", state.path]).status == 0)
  }

  /// Files and database of the site, created once; each test gets a copy.
  private static let made = Result { () throws -> TemporaryDirectory in
    let state = TemporaryDirectory()
    let python = try Command.fixture("servers/bin/python")
    let manage = [python, "\(project)/manage.py"]
    let commands = [
      [Command.staticd, "collect", "--django", project, "--python", python],
      // Its pages need the manifest.
      manage + ["migrate", "--verbosity", "0"],
      manage + ["createsuperuser", "--noinput", "--username", "me", "--email", "me@example.com"],
    ]
    for command in commands {
      let result = Command.run(command, environment: environment(state))
      try #require(result.status == 0, "\(result.errors)")
    }
    return state
  }

  private static func environment(_ state: TemporaryDirectory) -> [String: String] {
    [
      "STATE": state.path, "PYTHONPATH": "\(project):\(Site.path)",
      "PYTHONDONTWRITEBYTECODE": "1", "DJANGO_SETTINGS_MODULE": "project_settings",
      "DJANGO_SUPERUSER_PASSWORD": "only for tests",
    ]
  }

  /// Starts the site; a word of `app` that begins with `BIN/` is a program of the fixtures.
  private func run(_ app: String, _ options: [String] = []) throws -> (
    running: SupervisedRun, port: UInt16
  ) {
    let running = SupervisedRun(
      ["--root", state.path("staticfiles"), "--max-body", "300000000"] + options,
      app.replacingOccurrences(of: "BIN", with: bin).components(separatedBy: " "),
      environment: Self.environment(state)
    )
    #expect(SupervisedRun.eventually { running.port != nil }, "\(running.errors)")
    return (running, try #require(running.port))
  }

  static let servers = [
    "BIN/gunicorn --workers 2 project_apps:wsgi",
    "BIN/gunicorn --worker-class gthread --threads 4 project_apps:wsgi",
    "BIN/uvicorn --lifespan off project_apps:asgi",
  ]

  @Test("pages and forms", arguments: servers)
  func pages(app: String) throws {
    let (running, port) = try run(app)
    let client = HTTPClient(port: port, seconds: 30)
    let page = try #require(client.get("/page/?q=%C3%A9"), "\(running.errors)")
    #expect(page.text == "http://test/page/?q=%C3%A9")
    let form = try #require(client.get("/form/"))
    let cookie = try #require(form["Set-Cookie"]).prefix { $0 != ";" }
    let token = try #require(form.text.components(separatedBy: "value=\"").last).prefix {
      $0 != "\""
    }
    let content = "csrfmiddlewaretoken=\(token)&word=hello"
    for (sent, status) in [(content, 200), ("word=hello", 403)] {
      client.send(
        """
        POST /form/ HTTP/1.1\r\nHost: test\r\nCookie: \(cookie)\r\nContent-Length: \(sent.count)\r
        Content-Type: application/x-www-form-urlencoded\r\n\r\n\(sent)
        """
      )
      let answer = try #require(client.response())
      #expect(answer.status == status)
      #expect((answer.text == "You said hello") == (status == 200))
    }
    let redirect = try #require(client.get("/admin/"))
    #expect(redirect.status == 302)
    #expect(redirect["Location"] == "/admin/login/?next=/admin/")
    running.send(SIGTERM)
    #expect([0, 143].contains(running.wait()), "\(running.errors)")
  }

  @Test("200 MB each way in constant memory", arguments: servers)
  func large(app: String) throws {
    let (running, port) = try run(app)
    let client = HTTPClient(port: port, seconds: 60)
    #expect(client.get("/page/")?.status == 200)
    let before = try resident(running.pid).now
    let piece = Array(repeating: UInt8(ascii: "x"), count: 1 << 20)
    client.send("POST /upload/ HTTP/1.1\r\nHost: test\r\nContent-Length: \(200 << 20)\r\n\r\n")
    for _ in 0..<200 { client.send(piece) }
    #expect(client.response()?.text.hasPrefix("\(200 << 20) ") == true, "\(running.errors)")
    client.send(
      "GET /download/?bytes=\(200 << 20) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
    )
    var count = 0
    while let bytes = client.someBytes() { count += bytes.count }
    // Includes the framing of chunks.
    #expect(count > 200 << 20, "\(running.errors)")
    let grown = try resident(running.pid).peak - before
    print("200 MB each way through \(app): \(grown / 1024) KiB of memory")
    if !Sanitizer.isActive { #expect(grown < 8 << 20) }
    #expect(running.temporaryNames.filter { !$0.hasPrefix("staticd-") }.isEmpty)
  }

  @Test("events arrive one by one", arguments: servers)
  func events(app: String) throws {
    let (running, port) = try run(app)
    let client = HTTPClient(port: port, seconds: 30)
    #expect(client.get("/page/")?.status == 200)
    client.send("GET /events/ HTTP/1.1\r\nHost: test\r\n\r\n")
    var text = ""
    for number in 0..<5 {
      while !text.contains("data: \(number)\n\n") {
        text += String(decoding: try #require(client.someBytes()), as: UTF8.self)
      }
      // The next event is sent only after this one has arrived.
      #expect(!text.contains("data: \(number + 1)"))
      state.write("", to: "seen-\(number)")
    }
    withExtendedLifetime(running) {}
  }

  @Test("a WebSocket stays open for longer than any timeout")
  func webSocket() throws {
    let short = ["head", "body", "send", "keepalive", "upstream"].flatMap {
      ["--\($0)-timeout", "1"]
    }
    let (running, port) = try run(Self.servers[2], short)
    let client = HTTPClient(port: port, seconds: 30)
    client.send(
      """
      GET /socket HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r
      Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n
      """
    )
    let answer = try #require(client.response(hasBody: false), "\(running.errors)")
    #expect(answer.status == 101)
    #expect(answer["Sec-WebSocket-Accept"] == "ICX+Yqv66kxgM0FcWaLWlFLwTAI=")
    for text in ["hello", "after a while"] {
      // A text frame with a zero mask. Source: RFC 6455 §5.2.
      client.send([0x81, 0x80 | UInt8(text.utf8.count), 0, 0, 0, 0] + Array(text.utf8))
      #expect(
        client.bytes(2 + text.utf8.count) == [0x81, UInt8(text.utf8.count)] + Array(text.utf8)
      )
      guard text == "hello" else { break }
      // Other connections that are this idle are closed, one after the other.
      for _ in 0..<2 {
        let idle = HTTPClient(port: port)
        #expect(idle.get("/static/none")?.status == 404)
        #expect(idle.isClosed)
      }
    }
    withExtendedLifetime(running) {}
  }

  /// The output of `Site/login.py`.
  private struct Report: Decodable {
    struct Load: Decodable {
      let url: String
      let status: Int
      let encoding: String
    }

    let loads: [Load]
    let errors: [String]
    let title: String
  }

  @Test("signing in to the admin in Chromium: no file by Django", arguments: servers.suffix(2))
  func admin(app: String) throws {
    let chromium = try Command.fixture("/usr/lib/chromium/chromium")
    let log = app.contains("gunicorn") ? " --access-logfile -" : ""
    let (running, port) = try run(app + log)
    let browser = Command.run([
      "timeout", "300", "python3", "\(Site.path)/login.py", chromium,
      "http://127.0.0.1:\(port)/admin/", "me", "only for tests",
    ])
    try #require(browser.status == 0, "\(browser.errors) \(running.errors)")
    let report = try JSONDecoder().decode(Report.self, from: Data(browser.output.utf8))
    #expect(report.errors.isEmpty)
    #expect(report.title.hasPrefix("Site administration"))
    let files = report.loads.filter { $0.url.contains("/static/") }
    #expect(files.filter { $0.encoding == "br" }.count >= 7, "\(files)")
    for file in files { #expect(file.status == 200) }
    // The app's access log names pages, and no file.
    let told = running.output + running.errors
    #expect(told.contains("/admin/login/"))
    #expect(!told.contains("GET /static/"))
    withExtendedLifetime(running) {}
  }

  /// The current and the peak resident memory of a process, in bytes.
  private func resident(_ pid: Int32) throws -> (now: Int, peak: Int) {
    let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    func value(_ name: String) -> Int {
      let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
      return (Int(line.filter(\.isNumber)) ?? 0) * 1024
    }
    return (value("VmRSS:"), value("VmHWM:"))
  }

  @Test("a single-page app at / with Django at /admin/", arguments: [false, true])
  func singlePage(namesPaths: Bool) throws {
    let dist = TemporaryDirectory()
    let page = dist.write("shell", to: "index.html")
    let paths = namesPaths ? ["--app-path", "/admin/"] : []
    let (running, port) = try run(
      "BIN/gunicorn project_apps:wsgi",
      ["--public", dist.path, "--fallback", page, "--index", "index.html"] + paths
    )
    let client = HTTPClient(port: port)
    #expect(client.get("/admin/", "Accept: text/html")?["Location"] == "/admin/login/?next=/admin/")
    #expect(client.get("/admin/login/", "Accept: text/html")?.text.contains("csrf") == true)
    #expect(client.get("/admin", "Accept: text/html")?["Location"] == "/admin/")
    #expect(client.get("/", "Accept: text/html")?.text == "shell")
    #expect(client.get("/users/jane.doe", "Accept: text/html")?.text == "shell")
    #expect(client.get("/none.js", "Accept: text/html")?.status == 404)
    // Without configured paths, the app's 404 is sent to clients that do not request a page.
    let data = client.get("/users/7", "Accept: application/json")
    #expect(data?.status == (namesPaths ? 200 : 404))
    withExtendedLifetime(running) {}
  }
}
