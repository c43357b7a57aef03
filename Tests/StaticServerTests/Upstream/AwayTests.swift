import CConnects
import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Requests that wait for an app that does not listen.
///
/// Goal: waiting requests cost nothing and keep their order: one connection attempt at a time in
/// each loop, however many wait, and then all are answered in order.
@Suite struct AwayTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  private func serve(_ app: LateApp, workers: Int = 1, hold: Int = 60, concurrency: Int = 1) throws
    -> (server: StaticServer, port: UInt16)
  {
    try directory.serveWithoutGrace {
      $0.workers = workers
      $0.forwarding = ForwardingConfiguration(to: app.address)
      $0.forwarding?.startupHold = .seconds(hold)
      $0.forwarding?.concurrencyMax = concurrency
      $0.forwarding?.queueCountMax = 1000
      $0.forwarding?.queueTimeout = .seconds(60)
    }
  }

  @Test("an app that starts late answers all in order", arguments: LateApp.Absence.allCases)
  func order(absence: LateApp.Absence) throws {
    let app = LateApp(absence)
    let (server, port) = try serve(app)
    let probe = Probe(port: port)
    let clients = Probe.clients(10, port: port)
    for (number, client) in clients.enumerated() {
      client.ask("/\(number)")
      probe.pass()
    }
    app.appear()
    for (number, client) in clients.enumerated() {
      #expect(client.response()?.text == "/\(number)")
    }
    #expect(app.targets == (0..<clients.count).map { "/\($0)" })
    server.stop()
  }

  @Test(
    "each loop makes connection attempts for all waiting requests, not for each",
    .enabled(if: cconnects_is_counting() != 0, "a sanitizer has its own connect"),
    arguments: [1, 2],
    [LateApp.Absence.noSuchPath, .silentPath]
  )
  func attempts(workers: Int, absence: LateApp.Absence) throws {
    let app = LateApp(absence)
    let slot = cconnects_watch(app.path)
    let (server, port) = try serve(app, workers: workers, concurrency: 100)
    let probe = Probe(port: port, workers: workers)
    let clients = Probe.clients(60, port: port)
    let start = clock()
    for (number, client) in clients.enumerated() {
      client.ask("/\(number)")
      probe.pass()
    }
    // An attempt every 5 ms is still few; the elapsed time makes the limit valid on any machine.
    let tries = Int(cconnects_count(slot))
    let seconds = clock() - start
    #expect(tries >= 1)
    #expect(tries <= workers * (2 + Int(seconds / 0.005)), "in \(seconds) s")
    app.appear()
    for (number, client) in clients.enumerated() {
      #expect(client.response()?.text == "/\(number)")
    }
    server.stop()
  }

  @Test("after the start timeout a request is 503 with Retry-After", arguments: [1, 12])
  func expires(count: Int) throws {
    let app = LateApp(.noSuchPath)
    let (server, port) = try serve(app, hold: 1)
    let clients = Probe.clients(count, port: port)
    for client in clients { client.ask("/page") }
    for client in clients {
      let answer = try #require(client.response())
      #expect(answer.status == 503)
      #expect(answer["Retry-After"] != nil)
    }
    // Later requests wait again, and are answered.
    clients[0].ask("/later")
    app.appear()
    #expect(clients[0].response()?.text == "/later")
    #expect(app.targets == ["/later"])
    server.stop()
  }

  @Test("a request whose client leaves while the app is away is not sent to it")
  func leaves() throws {
    let app = LateApp(.noSuchPath)
    let (server, port) = try serve(app)
    let probe = Probe(port: port)
    let first = HTTPClient(port: port)
    var leaver: HTTPClient? = HTTPClient(port: port)
    let last = HTTPClient(port: port)
    first.ask("/first")
    probe.pass()
    leaver?.ask("/leaver")
    probe.pass()
    last.ask("/last")
    probe.pass()
    leaver = nil
    probe.pass()
    app.appear()
    #expect(first.response()?.text == "/first")
    #expect(last.response()?.text == "/last")
    #expect(app.targets == ["/first", "/last"])
    server.stop()
  }

  /// The monotonic clock, in seconds.
  private func clock() -> Double { ProcessInfo.processInfo.systemUptime }
}
