import Foundation
import TestSupport
import Testing

/// The signals that `staticd run` relays to its app, and what an app leaves behind.
///
/// Goal: no signal that reloads staticd or its log ends the site.
@Suite struct RelayedSignalTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "public/a.txt")
  }

  private func run(_ app: [String], environment: [String: String] = [:]) -> SupervisedRun {
    let paths = ["PYTHONPATH": Site.path, "PYTHONDONTWRITEBYTECODE": "1"]
    return SupervisedRun(
      ["--public", site.path("public")],
      app,
      environment: paths.merging(environment) { $1 }
    )
  }

  /// An app that listens at PORT; `setUp` is Python that runs before.
  private func app(_ setUp: String) -> [String] {
    let code = """
      import os, signal, socket
      \(setUp)
      s = socket.socket()
      s.bind(("127.0.0.1", int(os.environ["PORT"])))
      s.listen()
      while True: s.accept()
      """
    return ["python3", "-c", code]
  }

  @Test(
    "a signal without a handler is not sent to the app",
    arguments: [(SIGHUP, "HUP"), (SIGUSR1, "USR1"), (SIGUSR2, "USR2"), (SIGTTIN, "TTIN")]
  )
  func unhandled(signal: Int32, name: String) {
    let running = run(app(""))
    #expect(running.prints("The app listens"))
    running.send(signal)
    #expect(running.prints("\(name) was not sent to the app, which has no handler for it"))
    let port = running.port ?? 0
    #expect(HTTPClient(port: port).get("/a.txt")?.status == 200)
    #expect(!running.errors.contains("the app has ended"))
    running.send(SIGTERM)
    #expect(running.wait() != nil)
  }

  @Test("a signal with a handler is sent", arguments: ["HUP", "USR1", "USR2"])
  func handled(name: String) {
    let mark = site.path("mark")
    let handler = "signal.signal(signal.SIG\(name), lambda *_: open(\(quoted(mark)), 'w').close())"
    let running = run(app(handler))
    #expect(running.prints("The app listens"))
    running.send(["HUP": SIGHUP, "USR1": SIGUSR1, "USR2": SIGUSR2][name] ?? 0)
    #expect(SupervisedRun.eventually { FileManager.default.fileExists(atPath: mark) })
    #expect(!running.errors.contains("was not sent"))
  }

  private func quoted(_ text: String) -> String { "'\(text)'" }

  @Test("a daemon that the app has left behind is ended, and told")
  func daemon() throws {
    let number = site.path("number")
    // As `daemon = True` of gunicorn's configuration file does.
    let code = """
      import os, time
      ready, done = os.pipe()
      if os.fork():
          # In the group of the app, the daemon would be ended with it.
          os.read(ready, 1)
          os._exit(0)
      os.setsid()
      os.write(done, b"x")
      if os.fork(): os._exit(0)
      with open(\(quoted(number)), "w") as file: file.write(str(os.getpid()))
      time.sleep(1000)
      """
    let running = run(["python3", "-c", code])
    #expect(running.wait() == 0)
    #expect(running.errors.contains("have the app stay in the foreground"))
    // It may have been ended before it wrote its process number.
    if let process = site.text("number") {
      // A process that has ended may still wait to be reaped.
      let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      #expect(status == nil || status?.contains(") Z ") == true)
    }
  }

  @Test(
    "while a project is asked, signals that reload are kept for later",
    arguments: [SIGHUP, SIGUSR1]
  )
  func whileAsked(signal: Int32) throws {
    site.write(
      """
      import sys
      from pathlib import Path
      if __name__ == "__main__":
          import os
          os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf")
          from django.core.management import execute_from_command_line
          execute_from_command_line(sys.argv)
      """,
      to: "manage.py"
    )
    let fifo = site.path("fifo")
    precondition(mkfifo(fifo, 0o600) == 0)
    site.write(
      """
      SECRET_KEY = "x"
      INSTALLED_APPS = ["django.contrib.staticfiles"]
      STATIC_URL = "static/"
      open(\(quoted(site.path("asked"))), "w").close()
      # Until the test has sent its signal.
      open(\(quoted(fifo))).readline()
      """,
      to: "conf.py"
    )
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Command.staticd)
    process.arguments = [
      "serve", "--django", site.path, "--python", try Command.fixture("django/bin/python"),
      "--public", site.path("public"), "--listen", "127.0.0.1:0",
    ]
    process.environment = Command.inherited
    process.currentDirectoryURL = URL(fileURLWithPath: site.path)
    process.standardError = FileHandle(forWritingAtPath: site.write("", to: "errors"))
    try process.start()
    #expect(SupervisedRun.eventually { site.text("asked") != nil })
    kill(process.processIdentifier, signal)
    // Read and written: opening it does not wait for a reader. The project reads until its end.
    let writer = open(fifo, O_RDWR | O_CLOEXEC)
    _ = write(writer, "x\n", 2)
    defer { close(writer) }
    #expect(SupervisedRun.eventually { (site.text("errors") ?? "").contains("http://127.0.0.1:") })
    #expect(process.isRunning)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
