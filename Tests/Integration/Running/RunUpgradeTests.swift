import Foundation
import TestSupport
import Testing

/// gunicorn's upgrade by USR2, and the end of both masters.
@Suite struct RunUpgradeTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "a.txt")
  }

  private func gunicorn() throws -> [String] {
    let bin = try #require(Command.fixtures, "set by scripts/test") + "/servers/bin"
    return ["\(bin)/gunicorn", "run_app:wsgi"]
  }

  private func run(prefix: [String] = []) throws -> SupervisedRun {
    SupervisedRun(
      // Longer than a test waits: nothing here may need the grace time.
      ["--public", site.path, "--grace", "600"],
      try gunicorn(),
      environment: ["PYTHONPATH": Site.path, "PYTHONDONTWRITEBYTECODE": "1"],
      prefix: prefix
    )
  }

  /// The number in the last line of gunicorn's log with `text`, as `[time] [number] ...`.
  private func number(_ text: String, in log: String) -> Int32? {
    // A terminal ends lines with CRLF.
    let line = log.split(whereSeparator: \.isNewline).last { $0.contains(text) } ?? ""
    let parts = line.components(separatedBy: "] [")
    return parts.count > 1 ? Int32(parts[1]) : nil
  }

  /// The numbers of both masters, once the second has its worker.
  private func upgraded(
    _ running: SupervisedRun,
    _ log: () -> String,
    by signal: (Int32) -> Void
  ) throws -> (old: Int32, new: Int32) {
    #expect(running.prints("The app listens at unix:"), "\(log())")
    let old = try #require(number("Listening at", in: log()), "\(log())")
    signal(old)
    let hasTwo = SupervisedRun.eventually {
      log().components(separatedBy: "Booting worker with pid").count > 2
    }
    #expect(hasTwo, "\(log())")
    let new = try #require(number("Listening at", in: log()))
    #expect(new != old)
    return (old, new)
  }

  @Test("TERM ends both masters, and staticd ends after both")
  func both() throws {
    let running = try run()
    let (old, new) = try upgraded(running, { running.errors }) { _ in running.send(SIGUSR2) }
    running.send(SIGTERM)
    #expect(running.wait() == 0, "\(running.errors)")
    #expect(!RunCommandTests.isAlive(old))
    #expect(!RunCommandTests.isAlive(new))
    #expect(running.errors.components(separatedBy: "Handling signal: term").count == 3)
  }

  @Test("also when gunicorn itself was sent USR2, and the old master has ended since")
  func direct() throws {
    let running = try run()
    let (old, new) = try upgraded(running, { running.errors }) { kill($0, SIGUSR2) }
    kill(old, SIGTERM)
    #expect(SupervisedRun.eventually { !RunCommandTests.isAlive(old) })
    let client = HTTPClient(port: try #require(running.port))
    #expect(client.get("/page")?.status == 200, "\(running.errors)")
    running.send(SIGTERM)
    #expect(running.wait() == 0, "\(running.errors)")
    #expect(!RunCommandTests.isAlive(new))
  }

  @Test("on a terminal the service continues with the new master")
  func terminal() throws {
    // The output on the terminal is read at its other end.
    let prefix = ["python3", "-c", "import pty, sys; pty.spawn(sys.argv[1:])"]
    let running = try run(prefix: prefix)
    var staticd: Int32 = 0
    let (old, new) = try upgraded(running, { running.output }) { master in
      staticd = Self.parent(of: master) ?? 0
      kill(staticd, SIGUSR2)
    }
    try #require(staticd > 1)
    kill(old, SIGTERM)
    #expect(SupervisedRun.eventually { !RunCommandTests.isAlive(old) })
    let client = HTTPClient(port: try #require(running.port))
    #expect(client.get("/page")?.status == 200, "\(running.output)")
    #expect(RunCommandTests.isAlive(staticd))
    kill(staticd, SIGTERM)
    #expect(SupervisedRun.eventually { !RunCommandTests.isAlive(staticd) }, "\(running.output)")
    #expect(!RunCommandTests.isAlive(new))
    #expect(running.wait() != nil)
  }

  private static func parent(of number: Int32) -> Int32? {
    let data = FileManager.default.contents(atPath: "/proc/\(number)/stat") ?? Data()
    let fields = String(decoding: data, as: UTF8.self).components(separatedBy: ") ").last
    return fields?.split(separator: " ").dropFirst().first.flatMap { Int32($0) }
  }
}
