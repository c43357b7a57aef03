import Foundation
import TestSupport
import Testing

/// How `staticd run` starts an app: where it listens, and which addresses it must not open.
///
/// The table of all command lines is `AppCommandTests`; here real programs are started.
@Suite struct RunStartingTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "a.txt")
  }

  private func run(
    _ app: [String],
    _ options: [String] = [],
    environment: [String: String] = [:]
  ) -> SupervisedRun {
    let paths = ["PYTHONPATH": Site.path, "PYTHONDONTWRITEBYTECODE": "1"]
    return SupervisedRun(
      ["--public", site.path] + options,
      app,
      environment: paths.merging(environment) { $1 }
    )
  }

  private func server(_ name: String) throws -> String {
    try #require(Command.fixtures, "set by scripts/test") + "/servers/bin/\(name)"
  }

  @Test(
    "an app configured to listen at our address is not started",
    arguments: [
      ["gunicorn", "--bind", "0.0.0.0:18999", "a:b"], ["gunicorn", "-b", "localhost:18999", "a:b"],
      ["hypercorn", "--bind", "0.0.0.0:18999", "a:b"], ["manage.py", "runserver", "0:18999"],
      ["sh", "-c", "exec hypercorn --bind 0.0.0.0:18999 a:b"],
    ]
  )
  func ownAddress(app: [String]) {
    let result = Command.run(
      [Command.staticd, "run", "--public", site.path, "--"] + app,
      environment: ["PORT": "18999"]
    )
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains("where staticd listens itself (0.0.0.0:18999)"))
    #expect(result.errors.contains("leave that out"))
  }

  @Test("an app configured to listen at the admin address is not started")
  func adminAddress() {
    let result = Command.run([
      Command.staticd, "run", "--public", site.path, "--listen", "127.0.0.1:0", "--admin",
      "127.0.0.1:18998", "--", "gunicorn", "-b", "127.0.0.1:18998", "a:b",
    ])
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains("where staticd listens itself (127.0.0.1:18998)"))
  }

  @Test("when the server cannot start, the app started beside it is ended")
  func serverFails() throws {
    site.write("not JSON", to: "root/staticd.json")
    let result = Command.run(
      [Command.staticd, "run", "--root", site.path("root"), "--listen", "127.0.0.1:0", "--"]
        + ["sh", "-c", "echo $$ > \(site.path("pid")); exec sleep 1000"]
    )
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errors.contains("staticd.json"))
    // It may have been ended before it wrote its process number.
    if let text = site.text("pid"), let number = Int32(text.dropLast()) {
      #expect(!RunCommandTests.isAlive(number))
    }
  }

  @Test("an app at a port needs no directory, and a private socket without one is an error")
  func readOnly() throws {
    let environment = ["TMPDIR": "/proc/none"]
    let command = "exec python3 -m http.server -b 127.0.0.1 $PORT"
    let running = run(["sh", "-c", command], environment: environment)
    #expect(SupervisedRun.eventually { running.port != nil }, "\(running.errors)")
    let client = HTTPClient(port: try #require(running.port), seconds: 60)
    #expect(client.get("/a.txt")?.text == "hello")
    #expect(client.get("/")?.status == 200)
    let socket = run([try server("gunicorn"), "run_app:wsgi"], environment: environment)
    #expect(socket.wait() == 3)
    #expect(socket.errors.contains("no directory for the app's socket in '/proc/none'"))
  }

  @Test("a public bind in GUNICORN_CMD_ARGS is not opened")
  func publicBind() throws {
    let app = try server("gunicorn")
    let running = run(
      [app, "run_app:wsgi"],
      environment: ["GUNICORN_CMD_ARGS": "--bind 127.0.0.1:0 --workers 2"]
    )
    #expect(running.prints("The app listens at unix:"), "\(running.errors)")
    #expect(running.errors.contains("'--bind 127.0.0.1:0' in GUNICORN_CMD_ARGS is left out"))
    // gunicorn logs each of its addresses on a separate line.
    let places = running.errors.components(separatedBy: "Listening at: ").dropFirst()
    #expect(places.count == 1)
    #expect(places.first?.hasPrefix("unix:") == true)
    #expect(places.first?.prefix { $0 != "\n" }.contains("127.0.0.1") == false)
    // The other options in the variable apply.
    #expect(running.errors.contains("at most 2 requests at a time"), "\(running.errors)")
    running.send(SIGTERM)
    #expect(running.wait() == 0)
  }

  @Test(
    "the concurrency is that of gunicorn's configuration, unless an option sets it",
    arguments: [
      (["--workers", "2", "--threads", "4"], [:], [], 8), ([], ["WEB_CONCURRENCY": "3"], [], 3),
      (["-k", "uvicorn_worker.UvicornWorker"], [:], [], 1000),
      (["-w", "2"], [:], ["--upstream-concurrency", "7"], 7),
    ] as [([String], [String: String], [String], Int)]
  )
  func concurrency(
    arguments: [String],
    environment: [String: String],
    options: [String],
    expected: Int
  ) throws {
    let app = arguments.contains("-k") ? "run_app:asgi" : "run_app:wsgi"
    let running = run(
      [try server("gunicorn")] + arguments + [app],
      options,
      environment: environment
    )
    #expect(running.prints("at most \(expected) requests at a time"), "\(running.errors)")
    running.send(SIGTERM)
    _ = running.wait()
  }

  /// A program that listens at a port of its own choice, as with `uvicorn.run(app)`.
  private static let elsewhere = """
    import socket, signal
    listener = socket.create_server(("127.0.0.1", 0))
    print("chose", listener.getsockname()[1], flush=True)
    signal.pause()
    """

  @Test("an app that listens elsewhere: a hint names the option")
  func hint() throws {
    let running = run(["python3", "-c", Self.elsewhere])
    #expect(running.prints("chose "))
    let text = running.output.components(separatedBy: "chose ").last ?? ""
    let port = text.prefix { $0.isNumber }
    #expect(
      SupervisedRun.eventually {
        running.errors.contains("the app listens at 127.0.0.1:\(port), and requests are sent to")
      },
      "\(running.errors)"
    )
    #expect(running.errors.contains("give --upstream 127.0.0.1:\(port), or"))
    #expect(running.errors.contains("uvicorn.run(app, port=int(os.environ[\"PORT\"]))"))
    running.send(SIGTERM)
    #expect(running.wait() == 143)
  }

  @Test("the same where /proc shows processes alone, as in a hardened unit")
  func hintInUnit() throws {
    let running = SupervisedRun(
      ["--public", site.path],
      ["python3", "-c", Self.elsewhere],
      prefix: ["unshare", "--mount", "sh", "-c", Site.processesAlone, "sh"]
    )
    #expect(running.prints("give --upstream 127.0.0.1:"), "\(running.errors)")
    running.send(SIGTERM)
    #expect(running.wait() == 143)
  }

  @Test("an app that listens at another Unix socket: a hint names the option")
  func unixHint() throws {
    let script = """
      import signal, socket
      one = socket.socket(socket.AF_UNIX)
      one.bind("own.sock")
      one.listen()
      signal.pause()
      """
    let running = run(["env", "-C", site.path, "python3", "-c", script])
    #expect(running.prints("give --upstream unix:\(site.path)/own.sock, or"), "\(running.errors)")
    running.send(SIGTERM)
    #expect(running.wait() == 143)
  }

  @Test("gunicorn configured for TLS is not started")
  func tls() {
    for app in [
      ["gunicorn", "--certfile", "c", "a:b"],
      ["env", "GUNICORN_CMD_ARGS=--keyfile k", "gunicorn", "a:b"],
    ] {
      let result = Command.run([Command.staticd, "run", "--public", site.path, "--"] + app)
      #expect(result.status == 2)
      #expect(result.errors.contains("to answer with TLS"), "\(result.errors)")
    }
  }

  @Test(
    "a real gunicorn behind launchers and variables of its own command line",
    arguments: [
      ["gosu", "gunicorn", "BIN"], ["make", "gunicorn"],
      ["sh", "-c", "GUNICORN_CMD_ARGS='--bind unix:DIRECTORY/v.sock' exec BIN run_app:wsgi"],
      ["sh", "-c", "GUNICORN_CMD_ARGS=\"-w 1 $GUNICORN_CMD_ARGS\" exec BIN run_app:wsgi"],
      ["BIN", "-Rb", "unix:g.sock", "--chdir", "DIRECTORY"],
    ]
  )
  func launched(words: [String]) throws {
    let gunicorn = try server("gunicorn")
    // Stand-ins for programs that are not installed everywhere.
    for (name, run) in [
      ("gosu", "shift; exec \"$@\""), ("make", "exec \(gunicorn) run_app:wsgi"),
    ] {
      let path = site.write("#!/bin/sh\n\(run)\n", to: "bin/\(name)")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    var command = words.map {
      $0.replacingOccurrences(of: "BIN", with: gunicorn)
        .replacingOccurrences(of: "DIRECTORY", with: site.path)
    }
    if command[0] != "sh", command[0] != "make" { command.append("run_app:wsgi") }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let running = run(command, environment: ["PATH": "\(site.path)/bin:\(path)"])
    try #require(running.prints("The app listens at"), "\(running.errors)")
    let client = HTTPClient(port: try #require(running.port), seconds: 30)
    #expect(client.get("/page")?.status == 200, "\(running.errors)")
    running.send(SIGTERM)
    #expect(running.wait() != nil)
  }
}
