import Foundation
import TestSupport
import Testing

/// `staticd run` with real app servers.
///
/// Goal: each server listens where staticd looks for it without an argument, gets all requests that
/// are not for files, and takes the client's address from staticd; and gunicorn's signals have the
/// same effect as without staticd, without losing a request.
@Suite struct RunServersTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "public/a.txt")
  }

  private func run(
    _ app: [String],
    _ options: [String] = [],
    environment: [String: String] = [:]
  ) -> SupervisedRun {
    let paths = [
      "PYTHONPATH": Site.path, "PYTHONDONTWRITEBYTECODE": "1", "STATE": site.path,
    ]
    return SupervisedRun(
      ["--public", site.path("public"), "--trust-proxy", "127.0.0.0/8"] + options,
      app,
      environment: paths.merging(environment) { $1 }
    )
  }

  /// The response to `path`, in which the app describes the request.
  private func answer(_ client: HTTPClient, _ path: String = "/page", _ fields: [String] = [])
    -> [String: Any]?
  {
    let lines = (["Host: example.com"] + fields).map { $0 + "\r\n" }.joined()
    client.send("GET \(path) HTTP/1.1\r\n\(lines)\r\n")
    guard let response = client.response(), response.status == 200 else { return nil }
    return try? JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
  }

  /// An app server and its app.
  struct Server: Sendable, CustomTestStringConvertible {
    let name: String
    /// `BIN` is the directory of the servers.
    let command: String
    var atSocket = false
    /// Whether it derives the app's scheme from the proxy's fields.
    var knowsScheme = true
    /// Whether the app has the client's address as REMOTE_ADDR, or as `client` of its scope.
    var knowsClient = false
    var statuses: [Int32] = [0]
    var testDescription: String { name }
  }

  static let servers = [
    Server(
      name: "gunicorn",
      command: "BIN/gunicorn -w 2 run_app:wsgi",
      atSocket: true,
      knowsClient: true
    ),
    Server(
      name: "gunicorn with threads",
      command: "BIN/gunicorn -k gthread --threads 4 run_app:wsgi",
      atSocket: true,
      knowsClient: true
    ),
    Server(
      name: "gunicorn with uvicorn's workers",
      command: "BIN/gunicorn -k uvicorn_worker.UvicornWorker run_app:asgi",
      atSocket: true,
      knowsClient: true
    ),
    Server(
      name: "gunicorn as a module",
      command: "BIN/python -m gunicorn run_app:wsgi",
      atSocket: true,
      knowsClient: true
    ),
    Server(
      name: "gunicorn behind a shell",
      command: "sh -c BIN/gunicorn\\ run_app:wsgi",
      atSocket: true,
      knowsClient: true,
      statuses: [0, 143]
    ),
    Server(
      name: "uvicorn",
      command: "BIN/uvicorn run_app:asgi",
      atSocket: true,
      knowsClient: true,
      statuses: [0, 143]
    ),
    Server(
      name: "uvicorn with processes",
      command: "BIN/uvicorn --workers 2 run_app:asgi",
      atSocket: true,
      knowsClient: true,
      statuses: [0, 143]
    ),
    Server(
      name: "hypercorn",
      command: "BIN/hypercorn run_app:asgi",
      atSocket: true,
      knowsScheme: false
    ),
    Server(
      name: "granian",
      command: "BIN/granian --interface asgi run_app:asgi",
      knowsScheme: false
    ),
    Server(
      name: "granian for WSGI",
      command: "BIN/granian --interface wsgi run_app:wsgi",
      knowsScheme: false
    ),
    Server(
      name: "Django's own",
      command: "BIN/python \(Site.path)/run_app.py runserver --noreload",
      statuses: [0, 143]
    ),
    Server(
      name: "Django's own, with its reloader",
      command: "BIN/python \(Site.path)/run_app.py runserver",
      statuses: [0, 143]
    ),
    Server(
      name: "any program",
      command: "BIN/python \(Site.path)/run_app.py",
      knowsScheme: false,
      statuses: [143]
    ),
  ]

  @Test("servers of all kinds", arguments: servers)
  func server(server: Server) throws {
    let bin = try Command.fixture("servers/bin")
    let words = server.command.components(separatedBy: " ").map {
      $0.replacingOccurrences(of: "BIN", with: bin)
    }
    // A shell's command line is one word.
    let command = words[0] == "sh" ? ["sh", "-c", words[2...].joined(separator: " ")] : words
    let running = run(command.map { $0.replacingOccurrences(of: "\\", with: "") })
    #expect(SupervisedRun.eventually { running.port != nil })
    // Connects long before the app listens.
    let client = HTTPClient(port: try #require(running.port), seconds: 30)
    let first = try #require(answer(client), "\(running.errors)")
    #expect(first["x-forwarded-for"] as? String == "127.0.0.1")
    #expect(first["x-forwarded-proto"] as? String == "http")
    #expect(first["scheme"] as? String == "http")
    #expect(first["host"] as? String == "example.com")
    #expect((first["x-request-id"] as? String)?.count == 32)
    let claims = ["X-Forwarded-For: 6.6.6.6, 192.0.2.7", "X-Forwarded-Proto: https"]
    for _ in 0..<10 {
      let secure = try #require(answer(client, "/page", claims), "\(running.errors)")
      #expect(secure["x-forwarded-for"] as? String == "192.0.2.7")
      #expect(secure["x-forwarded-proto"] as? String == "https")
      if server.knowsClient { #expect(secure["remote"] as? String == "192.0.2.7") }
      if server.knowsScheme { #expect(secure["scheme"] as? String == "https") }
      #expect(client.get("/a.txt")?.text == "hello")
    }
    #expect(
      running.prints(server.atSocket ? "The app listens at unix:" : "The app listens at 127.0.0.1:")
    )
    // A request in progress is completed after the stop.
    client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(eventually { site.read("begun") != nil }, "\(running.errors)")
    running.send(SIGTERM)
    #expect(eventually { !RunCommandTests.accepts(running.port ?? 0) })
    site.write("", to: "go")
    #expect(client.response()?.status == 200, "\(running.errors)")
    let status = try #require(running.wait())
    #expect(server.statuses.contains(status), "\(status): \(running.errors)")
    #expect(running.temporaryNames.filter { $0.hasPrefix("staticd-") }.isEmpty)
  }

  @Test(
    "gunicorn and the PROXY protocol: as the option requires",
    arguments: [
      ([], [:], "192.0.2.7"), (["off"], [:], ""), (["on"], [:], "192.0.2.7"),
      // A configuration file may choose workers that cannot read it.
      ([], ["GUNICORN_CMD_ARGS": "-c python:waiting"], ""),
      (["on"], ["GUNICORN_CMD_ARGS": "-c python:waiting"], "192.0.2.7"),
    ] as [([String], [String: String], String)]
  )
  func proxyProtocol(option: [String], environment: [String: String], remote: String) throws {
    let options = option.flatMap { ["--upstream-proxy-protocol", $0] }
    let running = run([try gunicorn(), "run_app:wsgi"], options, environment: environment)
    #expect(SupervisedRun.eventually { running.port != nil })
    let client = HTTPClient(port: try #require(running.port), seconds: 30)
    for address in ["192.0.2.7", "2001:db8::1"] {
      let told = answer(client, "/page", ["X-Forwarded-For: \(address)"])
      let expected = remote.isEmpty ? "" : address
      #expect(told?["remote"] as? String == expected, "\(running.errors)")
    }
    #expect(
      running.errors.contains("--upstream-proxy-protocol on")
        == (environment != [:] && option == [])
    )
  }

  private func gunicorn() throws -> String {
    try Command.fixture("servers/bin/gunicorn")
  }

  @Test(
    "gunicorn at a private socket: workers, reload without a lost request, end",
    arguments: ["sync", "gthread"]
  )
  func signals(worker: String) throws {
    let running = run(
      [try gunicorn(), "-k", worker, "run_app:wsgi"],
      environment: ["GUNICORN_CMD_ARGS": "--workers 2"]
    )
    #expect(running.prints("The app listens at unix:"), "\(running.errors)")
    let names = running.temporaryNames.filter { $0.hasPrefix("staticd-") }
    #expect(names.count == 1)
    let directory = running.temporaryPath(names.first ?? "")
    var status = stat()
    try #require(stat(directory, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)

    #expect(SupervisedRun.eventually { workers(running) == 2 })
    running.send(SIGTTIN)
    #expect(SupervisedRun.eventually { workers(running) == 3 })
    running.send(SIGTTOU)
    #expect(SupervisedRun.eventually { exits(running) == 1 })
    let port = try #require(running.port)
    let before = try #require(answer(HTTPClient(port: port)))
    running.send(SIGHUP)
    var failures = 0
    var count = 0
    let kept = HTTPClient(port: port)
    while workers(running) < 5 || exits(running) < 3 || count < 200 {
      if answer(kept) == nil { failures += 1 }
      if answer(HTTPClient(port: port)) == nil { failures += 1 }
      count += 1
      guard count < 20_000 else { break }
    }
    #expect(failures == 0, "of \(count): \(running.errors)")
    #expect(workers(running) == 5)
    #expect(exits(running) == 3)
    #expect(answer(kept)?["pid"] as? Int != before["pid"] as? Int)

    running.send(SIGTERM)
    #expect(running.wait() == 0, "\(running.errors)")
    #expect(running.errors.contains("Handling signal: term"))
    #expect(running.temporaryNames.filter { $0.hasPrefix("staticd-") }.isEmpty)
  }

  private func workers(_ running: SupervisedRun) -> Int {
    running.errors.components(separatedBy: "Booting worker with pid").count - 1
  }

  private func exits(_ running: SupervisedRun) -> Int {
    running.errors.components(separatedBy: "Worker exiting").count - 1
  }

  @Test("gunicorn's own upgrade by USR2: the new master becomes the app")
  func upgrade() throws {
    let running = run([try gunicorn(), "run_app:wsgi"])
    #expect(running.prints("The app listens at unix:"), "\(running.errors)")
    let master = try #require(masterNumber(running))
    let client = HTTPClient(port: try #require(running.port))
    running.send(SIGUSR2)
    #expect(SupervisedRun.eventually { workers(running) == 2 })
    kill(master, SIGTERM)
    #expect(SupervisedRun.eventually { !RunCommandTests.isAlive(master) })
    #expect(running.isRunning)
    #expect(answer(client) != nil, "\(running.errors)")
    running.send(SIGTERM)
    #expect(running.wait() == 0, "\(running.errors)")
  }

  /// The process number of the master in gunicorn's log.
  private func masterNumber(_ running: SupervisedRun) -> Int32? {
    // [2026-11-21 08:54:42 +0000] [1234] [INFO] Listening at: unix:/tmp/... (1234)
    let line = running.errors.components(separatedBy: "\n").first { $0.contains("Listening at") }
    return RunCommandTests.number(after: " (", in: line ?? "")
  }

  @Test("a gunicorn with an explicit bind is reached there")
  func explicitBind() throws {
    let path = site.path("own.sock")
    let running = run([try gunicorn(), "--bind=unix:\(path)", "run_app:wsgi"])
    #expect(running.prints("The app listens at unix:\(path)\n"))
    #expect(answer(HTTPClient(port: try #require(running.port))) != nil)
    running.send(SIGTERM)
    #expect(running.wait() == 0)
  }

  @Test("requests wait for an app that is restarted")
  func restart() throws {
    let running = run([try gunicorn(), "run_app:wsgi"], ["--restart", "on-failure"])
    #expect(running.prints("The app listens at unix:"), "\(running.errors)")
    let port = try #require(running.port)
    let first = try #require(answer(HTTPClient(port: port))?["pid"] as? Int, "\(running.errors)")
    kill(try #require(masterNumber(running)), SIGKILL)
    #expect(SupervisedRun.eventually { running.errors.contains("started again in 1 s") })
    #expect(HTTPClient(port: port).get("/a.txt")?.text == "hello")
    // A worker without a master serves until it ends; a stop would then come before the next start,
    // and the status would be that of the killed master.
    #expect(eventually { !RunCommandTests.isAlive(Int32(first)) })
    let second = try #require(answer(HTTPClient(port: port))?["pid"] as? Int, "\(running.errors)")
    #expect(second != first)
    running.send(SIGTERM)
    #expect(running.wait() == 0, "\(running.errors)")
  }

  @Test("an app that never listens: 503 after the start timeout, and files are served")
  func absent() throws {
    let running = run(["sleep", "60"], ["--start-timeout", "1"])
    #expect(SupervisedRun.eventually { running.port != nil })
    let client = HTTPClient(port: try #require(running.port))
    let answer = try #require(client.get("/page"))
    #expect(answer.status == 503)
    #expect(answer["Retry-After"] != nil)
    #expect(client.get("/a.txt")?.text == "hello")
    running.send(SIGTERM)
    #expect(running.wait() == 143)
  }

  @Test("an app that cannot be loaded ends staticd with its status, and clients get an error")
  func broken() throws {
    let running = run([try gunicorn(), "no_such_module:app"])
    #expect(SupervisedRun.eventually { running.port != nil })
    let client = HTTPClient(port: try #require(running.port))
    #expect([502, 503].contains(client.get("/page")?.status))
    #expect(running.wait() == 3)
    #expect(running.errors.contains("the app has ended with status 3"))
  }
}
