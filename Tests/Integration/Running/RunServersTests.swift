import Foundation
import TestSupport
import Testing

/// `staticd run` with real app servers.
///
/// Goal: each listens where it is looked for without a word on its command line, and gunicorn's
/// signals do what they do to gunicorn alone.
@Suite struct RunServersTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "public/a.txt")
    site.write(
      """
      import os
      def app(environ, start):
          body = f"pid {os.getpid()} scheme {environ['wsgi.url_scheme']}".encode()
          start("200 OK", [("Content-Length", str(len(body)))])
          return [body]
      """,
      to: "site_app.py"
    )
  }

  private func run(_ app: [String], environment: [String: String] = [:]) -> SupervisedRun {
    let paths = ["PYTHONPATH": site.path].merging(environment) { $1 }
    return SupervisedRun(["--public", site.path("public")], app, environment: paths)
  }

  /// What the app answers at the address that was told.
  private func answer(_ running: SupervisedRun, _ fields: String...) -> String {
    let address = running.output.components(separatedBy: "The app listens at ").last ?? ""
    let place = String(address.prefix { !$0.isNewline })
    let options =
      place.hasPrefix("unix:")
      ? ["--unix-socket", String(place.dropFirst(5)), "http://localhost/"] : ["http://\(place)/"]
    return Command.run(["curl", "-sS", "-m", "10"] + fields.flatMap { ["-H", $0] } + options).output
  }

  @Test(
    "gunicorn at a socket that is ours alone: reload, workers, end",
    arguments: ["sync", "gthread"]
  )
  func gunicorn(worker: String) throws {
    guard let fixtures = Command.fixtures else { return }
    let running = run(
      ["\(fixtures)/django/bin/gunicorn", "-k", worker, "site_app:app"],
      environment: ["GUNICORN_CMD_ARGS": "--workers 2"]
    )
    #expect(running.prints("The app listens at unix:"), "\(running.errors)")
    let names = running.temporaryNames.filter { $0.hasPrefix("staticd-") }
    #expect(names.count == 1)
    let directory = running.temporaryPath(names.first ?? "")
    var status = stat()
    try #require(stat(directory, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)
    // Over the socket, gunicorn believes what we say of the scheme.
    #expect(answer(running, "X-Forwarded-Proto: https").contains("scheme https"))

    #expect(SupervisedRun.eventually { workers(running) == 2 })
    running.send(SIGTTIN)
    #expect(SupervisedRun.eventually { workers(running) == 3 })
    running.send(SIGTTOU)
    #expect(SupervisedRun.eventually { exits(running) == 1 })
    running.send(SIGHUP)
    #expect(SupervisedRun.eventually { workers(running) == 5 && exits(running) == 3 })
    #expect(answer(running).contains("pid "))

    let client = HTTPClient(port: try #require(running.port))
    #expect(client.get("/a.txt")?.text == "hello")
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
    guard let fixtures = Command.fixtures else { return }
    let running = run(["\(fixtures)/django/bin/gunicorn", "site_app:app"])
    #expect(running.prints("The app listens at unix:"), "\(running.errors)")
    let master = try #require(
      RunCommandTests.number(after: "Listening at: unix:", in: masterLine(running))
    )
    running.send(SIGUSR2)
    #expect(SupervisedRun.eventually { workers(running) == 2 })
    kill(master, SIGTERM)
    #expect(SupervisedRun.eventually { !RunCommandTests.isAlive(master) })
    #expect(running.isRunning)
    #expect(answer(running).contains("pid "))
    running.send(SIGTERM)
    #expect(running.wait() == 0, "\(running.errors)")
  }

  /// `Listening at: unix:` and the number that gunicorn's log has for its master.
  private func masterLine(_ running: SupervisedRun) -> String {
    // [2026-11-21 08:54:42 +0000] [1234] [INFO] Listening at: unix:/tmp/... (1234)
    let line = running.errors.components(separatedBy: "\n").first { $0.contains("Listening at") }
    let number = line?.components(separatedBy: "(").last?.prefix { $0.isNumber } ?? ""
    return "Listening at: unix:\(number)"
  }

  @Test("a gunicorn that is told where to listen is looked for there")
  func explicitBind() {
    guard let fixtures = Command.fixtures else { return }
    let running = run(
      ["\(fixtures)/django/bin/gunicorn", "--bind=unix:\(site.path("own.sock"))", "site_app:app"]
    )
    #expect(running.prints("The app listens at unix:\(site.path("own.sock"))\n"))
    running.send(SIGTERM)
    #expect(running.wait() == 0)
  }

  @Test("a gunicorn inside a script listens at the port")
  func script() {
    guard let fixtures = Command.fixtures else { return }
    let script = site.write("exec \(fixtures)/django/bin/gunicorn site_app:app\n", to: "start")
    let running = run(["sh", script])
    #expect(running.prints("The app listens at 127.0.0.1:"), "\(running.errors)")
    #expect(answer(running).contains("pid "))
    running.send(SIGTERM)
    #expect(running.wait() == 0)
  }

  @Test("Python's own server, at the port")
  func httpServer() {
    let running = run(
      ["sh", "-c", "exec python3 -m http.server --bind 127.0.0.1 $PORT"]
    )
    #expect(running.prints("The app listens at 127.0.0.1:"), "\(running.errors)")
    running.send(SIGTERM)
    #expect(running.wait() == 143)
  }

  @Test("an app that cannot be loaded ends with its status")
  func broken() {
    guard let fixtures = Command.fixtures else { return }
    let running = run(["\(fixtures)/django/bin/gunicorn", "no_such_module:app"])
    #expect(running.wait() == 3)
    #expect(running.errors.contains("the app has ended with status 3"))
  }
}
