import Foundation
import TestSupport
import Testing

/// Every signal of `staticd serve` at 2,000 requests a second over keep-alive connections.
///
/// Goal: no sent request is lost, and each is answered with the file.
@Suite(.serialized) struct SignalLoadTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("a file", to: "public/index.html")
  }

  private func serve() throws -> (running: ServingRun, port: UInt16) {
    site.write("max-age = 5\n", to: "staticd.toml")
    let running = ServingRun([
      "serve", "--public", site.path("public"), "--listen", "127.0.0.1:0", "--config",
      site.path("staticd.toml"), "--fallback", site.path("public/index.html"), "--access-log-file",
      site.path("log"),
    ])
    return (running, try #require(running.port(), "\(running.errors)"))
  }

  private func load(_ port: UInt16) -> SteadyLoad {
    SteadyLoad(port: port, perSecond: 2000, connections: 40, expected: "a file")
  }

  /// Waits for `count` more responses; returns whether they came.
  private func answers(_ count: Int, _ load: SteadyLoad) -> Bool {
    let before = load.count
    return eventually { load.count >= before + count }
  }

  @Test("HUP, with another configuration each time, and an invalid one")
  func hangUp() throws {
    let (running, port) = try serve()
    let load = load(port)
    for turn in 1...6 {
      #expect(answers(300, load), "\(running.errors)")
      site.write(turn == 3 ? "max-age = \"x\"\n" : "max-age = \(turn)\n", to: "staticd.toml")
      running.send(SIGHUP)
    }
    #expect(running.complains("reload failed"))
    #expect(answers(500, load), "\(running.errors)")
    let record = load.stop()
    print("HUP: \(record.answered.count) requests, \(record.failed.count) failed")
    #expect(record.failed.isEmpty, "\(record.failed.prefix(5))")
  }

  @Test("USR1 loses no request")
  func reopen() throws {
    let (running, port) = try serve()
    let load = load(port)
    for turn in 1...6 {
      #expect(answers(200, load), "\(running.errors)")
      site.rename("log", to: "log.\(turn)")
      running.send(SIGUSR1)
      #expect(eventually { FileManager.default.fileExists(atPath: site.path("log")) })
    }
    #expect(answers(300, load), "\(running.errors)")
    let record = load.stop()
    print("USR1: \(record.answered.count) requests, \(record.failed.count) failed")
    #expect(record.failed.isEmpty, "\(record.failed.prefix(5))")
  }

  @Test("USR2, three processes in a row, loses no request")
  func upgrade() throws {
    let (running, port) = try serve()
    let load = load(port)
    var serving = running.pid
    for turn in 1...3 {
      #expect(answers(400, load), "\(running.errors)")
      kill(serving, SIGUSR2)
      #expect(running.prints(" serves; ", times: turn), "\(running.errors)")
      serving = try #require(running.successors.last)
    }
    #expect(answers(1000, load), "\(running.errors)")
    let record = load.stop()
    print("USR2: \(record.answered.count) requests, \(record.failed.count) failed")
    #expect(record.failed.isEmpty, "\(record.failed.prefix(5)) \(running.errors)")
    kill(serving, SIGTERM)
    #expect(eventually { HTTPClient(connectingTo: port) == nil })
  }

  @Test("TERM, INT and QUIT: sent requests are answered", arguments: [SIGTERM, SIGINT, SIGQUIT])
  func end(signal: Int32) throws {
    let (running, port) = try serve()
    let load = load(port)
    #expect(answers(500, load), "\(running.errors)")
    running.send(signal)
    #expect(running.wait() == 0, "\(running.errors)")
    let record = load.stop()
    print("signal \(signal): \(record.answered.count) requests, \(record.lost.count) lost")
    #expect(record.lost.isEmpty, "\(record.lost.prefix(5))")
  }
}
