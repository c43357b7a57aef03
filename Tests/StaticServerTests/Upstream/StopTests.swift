import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// A stop while a tunnel is open.
///
/// Goal: tunnels are not requests in flight: they stay open while requests are finished, the
/// embedding program can detect that only they are left, and the end of the grace time closes them.
@Suite struct StopTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  private static let agreement =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"

  /// An app that echoes in tunnels and holds other requests until `gate` opens.
  private func app(_ asked: DispatchSemaphore, _ gate: DispatchSemaphore) -> RecordingApp {
    RecordingApp { connection in
      while let request = connection.request() {
        guard request.target == "/ws" else {
          asked.signal()
          guard gate.wait(timeout: .now() + 10) == .success else { return }
          connection.answer(request.target)
          continue
        }
        connection.send(Self.agreement)
        while let bytes = connection.bytes() { connection.send(bytes) }
        return
      }
    }
  }

  private func tunnel(_ port: UInt16) -> HTTPClient {
    let client = HTTPClient(port: port)
    #expect(client.get("/ws", "Connection: Upgrade", "Upgrade: websocket")?.status == 101)
    return client
  }

  private func echoes(_ client: HTTPClient) -> Bool {
    client.send("ping")
    return client.bytes(4) == Array("ping".utf8)
  }

  @Test("the tunnel stays open while requests finish, then only it is left", arguments: [1, 2])
  func requestsFirst(workers: Int) throws {
    let asked = DispatchSemaphore(value: 0)
    let gate = DispatchSemaphore(value: 0)
    let app = app(asked, gate)
    let (server, port) = try directory.serve(before: app) {
      $0.workers = workers
      $0.grace = .seconds(60)
      $0.forwarding?.endsTunnelsAtStop = false
    }
    #expect(!server.hasFinishedRequests)
    let ws = tunnel(port)
    let client = HTTPClient(port: port)
    client.ask("/work")
    #expect(asked.wait(timeout: .now() + 10) == .success)
    server.beginStopping()
    #expect(eventually { HTTPClient(connectingTo: port) == nil })
    #expect(echoes(ws))
    #expect(!server.hasFinishedRequests)
    gate.signal()
    #expect(client.response()?.text == "/work")
    #expect(client.isClosed)
    #expect(eventually { server.hasFinishedRequests })
    #expect(!server.hasStopped)
    #expect(echoes(ws))
    // The app would be stopped now; it ends the tunnel.
    ws.finish()
    #expect(ws.rest() == [])
    #expect(eventually { server.hasStopped })
    server.stop()
  }

  @Test("without a request in flight only the tunnel is left at once")
  func tunnelAlone() throws {
    let app = app(DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let (server, port) = try directory.serve(before: app) {
      $0.grace = .seconds(60)
      $0.forwarding?.endsTunnelsAtStop = false
    }
    let ws = tunnel(port)
    let idle = HTTPClient(port: port)
    #expect(idle.get("/static/a.txt")?.text == "hello")
    server.beginStopping()
    #expect(eventually { server.hasFinishedRequests })
    #expect(idle.isClosed)
    #expect(!server.hasStopped)
    #expect(echoes(ws))
    ws.finish()
    #expect(eventually { server.hasStopped })
    server.stop()
  }

  @Test("after the grace time the tunnel is closed")
  func grace() throws {
    let app = app(DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let (server, port) = try directory.serve(before: app) {
      $0.grace = .seconds(1)
      $0.forwarding?.endsTunnelsAtStop = false
    }
    let ws = tunnel(port)
    server.beginStopping()
    #expect(echoes(ws))
    #expect(ws.isClosed)
    #expect(eventually { server.hasStopped })
    #expect(server.hasFinishedRequests)
    server.stop()
  }

  @Test("an idle server has finished its requests once it stops")
  func nothing() throws {
    let (server, _) = try directory.serve()
    #expect(!server.hasFinishedRequests)
    server.beginStopping()
    #expect(eventually { server.hasFinishedRequests })
    #expect(eventually { server.hasStopped })
    server.stop()
  }

  @Test("queued requests count as requests in flight")
  func queued() throws {
    let app = HoldingApp()
    let (server, port) = try directory.serve(before: app.app) {
      $0.grace = .seconds(60)
      $0.forwarding?.concurrencyMax = 1
    }
    let probe = Probe(port: port)
    let clients = Probe.clients(3, port: port)
    for (number, client) in clients.enumerated() {
      client.ask("/\(number)")
      probe.pass()
    }
    server.beginStopping()
    #expect(eventually { HTTPClient(connectingTo: port) == nil })
    #expect(!server.hasFinishedRequests)
    app.letGo(3)
    for (number, client) in clients.enumerated() {
      #expect(client.response()?.text == "/\(number)")
    }
    #expect(eventually { server.hasFinishedRequests })
    #expect(app.targets == ["/0", "/1", "/2"])
    server.stop()
  }

  @Test("half a head does not delay a stop, whether it arrived before or after it began")
  func halfHead() throws {
    let (server, port) = try directory.serve {
      $0.grace = .seconds(60)
      $0.headTimeout = .seconds(60)
    }
    let early = HTTPClient(port: port, seconds: 20)
    early.send("GET /static/a.txt HTTP/1.1\r\nHost:")
    let late = HTTPClient(port: port, seconds: 20)
    #expect(late.get("/static/a.txt")?.text == "hello")
    server.beginStopping()
    late.send("GET /sta")
    for client in [early, late] {
      let answer = client.response()
      // The second may be closed before its bytes arrive.
      #expect(answer == nil || answer?.status == 408)
      #expect(client.isClosed)
    }
    #expect(eventually { server.hasStopped })
    server.stop()
  }
}
