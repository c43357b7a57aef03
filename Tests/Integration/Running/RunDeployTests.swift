import Foundation
import TestSupport
import Testing

/// Deploys under load: 2,000 requests a second while gunicorn is reloaded, recycles its workers, is
/// restarted and ends.
///
/// Goal: no request fails and none reaches the app twice, except requests that RFC 9110 §9.2.2
/// forbids to repeat. Method: each request has its own path, and the app records what it receives.
@Suite(.serialized) struct RunDeployTests {
  private let directory = TemporaryDirectory()

  private func run(_ options: [String], _ gunicorn: String...) throws -> (
    running: SupervisedRun, port: UInt16
  ) {
    let bin = try Command.fixture("servers/bin")
    directory.write("a file", to: "public/a.txt")
    let running = SupervisedRun(
      ["--public", directory.path("public")] + options,
      ["\(bin)/gunicorn", "--workers", "2"] + gunicorn + ["counting_app:application"],
      environment: [
        "PYTHONPATH": Site.path, "PYTHONDONTWRITEBYTECODE": "1", "RECORD": directory.path("record"),
      ]
    )
    #expect(running.prints("The app listens at"), "\(running.errors)")
    return (running, try #require(running.port))
  }

  /// How often the app received each path.
  private var received: [String: Int] {
    let lines = (directory.text("record") ?? "").split(separator: "\n").map(String.init)
    return Dictionary(lines.map { ($0, 1) }, uniquingKeysWith: +)
  }

  /// Checks that every request was answered and received once.
  private func check(_ record: SteadyLoad.Record, _ running: SupervisedRun) {
    #expect(record.failed.isEmpty, "\(record.failed.prefix(5)) \(running.errors.suffix(2000))")
    let received = received
    #expect(received.count == record.answered.count)
    #expect(received.filter { $0.value > 1 }.isEmpty)
  }

  /// Waits for `count` more responses; returns whether they came.
  private func answers(_ count: Int, _ load: SteadyLoad) -> Bool {
    let before = load.count
    return eventually { load.count >= before + count }
  }

  @Test("reload and worker recycling lose and repeat no request", arguments: ["sync", "gthread"])
  func reload(worker: String) throws {
    let (running, port) = try run(
      [],
      "--worker-class",
      worker,
      "--max-requests",
      "1000",
      "--max-requests-jitter",
      "200"
    )
    let load = SteadyLoad(port: port, perSecond: 2000, connections: 40) {
      $0.isMultiple(of: 3) ? "POST" : "GET"
    }
    for number in 1...3 {
      #expect(answers(2000, load), "\(running.errors)")
      running.send(SIGHUP)
      #expect(
        eventually { running.errors.components(separatedBy: "Hang up: Master").count > number }
      )
    }
    #expect(answers(2000, load), "\(running.errors)")
    let record = load.stop()
    print("\(worker): \(record.answered.count) requests, \(record.failed.count) failed")
    check(record, running)
    running.send(SIGTERM)
    #expect(running.wait() == 0)
  }

  @Test("a killed app is restarted, and requests that may be repeated are answered")
  func restart() throws {
    let (running, port) = try run(["--restart", "on-failure"], "--worker-class", "gthread")
    let load = SteadyLoad(port: port, perSecond: 500, connections: 20)
    #expect(answers(300, load), "\(running.errors)")
    let line = running.errors.components(separatedBy: "\n").first { $0.contains("Listening at") }
    kill(try #require(RunCommandTests.number(after: " (", in: line ?? "")), SIGKILL)
    #expect(SupervisedRun.eventually { running.errors.contains("started again") })
    #expect(answers(500, load), "\(running.errors)")
    let record = load.stop()
    print("killed: \(record.answered.count) answered, \(record.failed.count) failed")
    #expect(record.failed.isEmpty, "\(record.failed.prefix(5))")
    #expect(received.filter { $0.value > 2 }.isEmpty)
    running.send(SIGTERM)
    #expect(running.wait() == 0)
  }

  @Test("a stop answers the requests sent before it")
  func end() throws {
    let (running, port) = try run([], "--worker-class", "gthread")
    let load = SteadyLoad(port: port, perSecond: 2000, connections: 40)
    #expect(answers(2000, load), "\(running.errors)")
    running.send(SIGTERM)
    #expect(running.wait() == 0, "\(running.errors)")
    let record = load.stop()
    let received = received
    // Every response of the app reached its client, and no client got an error: a failed request
    // got no connection, or used a keep-alive connection while it was being closed.
    for path in record.answered { #expect(received[path] == 1) }
    #expect(record.failed.filter { $0.status != 0 || received[$0.path] != nil }.isEmpty)
  }
}
