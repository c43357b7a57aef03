import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// The queue in front of the app.
///
/// Goal: the app never has more concurrent requests than its limit, they arrive in order, a request
/// that waits too long or finds the queue full is 503, and files are served all the while. Method:
/// the app holds its requests and counts them.
@Suite struct QueueTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  private func serve(
    _ app: HoldingApp,
    workers: Int = 1,
    concurrency: Int,
    queueCount: Int = 1000,
    queueTimeout: Int = 60
  ) throws -> (server: StaticServer, port: UInt16) {
    try directory.serveWithoutGrace(before: app.app) {
      $0.workers = workers
      $0.forwarding?.concurrencyMax = concurrency
      $0.forwarding?.queueCountMax = queueCount
      $0.forwarding?.queueTimeout = .seconds(queueTimeout)
    }
  }

  @Test("never more concurrent requests than the limit", arguments: [1, 2], [1, 3])
  func share(workers: Int, concurrency: Int) throws {
    let app = HoldingApp()
    let (server, port) = try serve(app, workers: workers, concurrency: concurrency)
    let probe = Probe(port: port, workers: workers)
    let clients = Probe.clients(12, port: port)
    for (number, client) in clients.enumerated() { client.ask("/\(number)") }
    #expect(eventually { app.heldCount >= concurrency })
    probe.pass()
    for _ in clients {
      app.letGo()
      probe.pass()
    }
    for (number, client) in clients.enumerated() {
      #expect(client.response()?.text == "/\(number)")
    }
    #expect(app.heldCountMax == concurrency)
    #expect(app.targets.count == clients.count)
    server.stop()
  }

  @Test("over TCP the app has no more connections than the limit", arguments: [1, 2])
  func connections(workers: Int) throws {
    let app = HoldingApp(isTCP: true)
    let (server, port) = try serve(app, workers: workers, concurrency: 2)
    let probe = Probe(port: port, workers: workers)
    let clients = Probe.clients(10, port: port)
    for (number, client) in clients.enumerated() { client.ask("/\(number)") }
    #expect(eventually { app.heldCount >= 2 })
    probe.pass()
    app.letGo(clients.count)
    for (number, client) in clients.enumerated() {
      #expect(client.response()?.text == "/\(number)")
    }
    #expect(app.heldCountMax == 2)
    server.stop()
  }

  @Test("first in, first out", arguments: [1, 2])
  func order(workers: Int) throws {
    let app = HoldingApp()
    let (server, port) = try serve(app, workers: workers, concurrency: 1)
    let probe = Probe(port: port, workers: workers)
    let clients = Probe.clients(10, port: port)
    for (number, client) in clients.enumerated() {
      client.ask("/\(number)")
      probe.pass()
    }
    app.letGo(clients.count)
    for (number, client) in clients.enumerated() {
      #expect(client.response()?.text == "/\(number)")
    }
    #expect(app.targets == (0..<clients.count).map { "/\($0)" })
    server.stop()
  }

  @Test("a full queue: 503 at once, with Retry-After", arguments: [1, 3])
  func full(queueCount: Int) throws {
    let app = HoldingApp()
    let (server, port) = try serve(app, concurrency: 1, queueCount: queueCount)
    let probe = Probe(port: port)
    let clients = Probe.clients(queueCount + 3, port: port)
    for (number, client) in clients.enumerated() {
      client.ask("/\(number)")
      probe.pass()
    }
    // One request is at the app, the others are in the queue.
    for client in clients.dropFirst(1 + queueCount) {
      let answer = try #require(client.response())
      #expect(answer.status == 503)
      #expect(answer["Retry-After"] != nil)
      // The connection stays usable.
      #expect(client.get("/static/a.txt")?.text == "hello")
    }
    #expect(eventually { app.heldCountMax == 1 })
    app.letGo(clients.count)
    for (number, client) in clients.prefix(1 + queueCount).enumerated() {
      #expect(client.response()?.text == "/\(number)")
    }
    #expect(app.targets == (0...queueCount).map { "/\($0)" })
    server.stop()
  }

  @Test("a request that waits too long: 503 with Retry-After, and it does not reach the app")
  func timeout() throws {
    let app = HoldingApp()
    let (server, port) = try serve(app, concurrency: 1, queueTimeout: 1)
    let probe = Probe(port: port)
    let clients = Probe.clients(3, port: port)
    for (number, client) in clients.enumerated() {
      client.ask("/\(number)")
      probe.pass()
    }
    for client in clients.dropFirst() {
      let answer = try #require(client.response())
      #expect(answer.status == 503)
      #expect(answer["Retry-After"] != nil)
    }
    // The request at the app is not in the queue.
    app.letGo()
    #expect(clients[0].response()?.text == "/0")
    clients[1].ask("/later")
    app.letGo()
    #expect(clients[1].response()?.text == "/later")
    #expect(app.targets == ["/0", "/later"])
    server.stop()
  }

  @Test("files are served while the queue is full, even after a queued request's response")
  func files() throws {
    let app = HoldingApp()
    let (server, port) = try serve(app, concurrency: 1, queueCount: 1)
    let probe = Probe(port: port)
    let clients = Probe.clients(2, port: port)
    for client in clients {
      client.ask("/page")
      client.ask("/static/a.txt")
      probe.pass()
    }
    for _ in 0..<20 { #expect(HTTPClient(port: port).get("/static/a.txt")?.text == "hello") }
    app.letGo(2)
    for client in clients {
      #expect(client.response()?.text == "/page")
      #expect(client.response()?.text == "hello")
    }
    #expect(app.heldCountMax == 1)
    server.stop()
  }

  @Test("a request that still receives its content has no slot yet")
  func slowContent() throws {
    let app = HoldingApp()
    let (server, port) = try serve(app, concurrency: 1)
    let probe = Probe(port: port)
    let slow = HTTPClient(port: port)
    slow.send("PUT /slow HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nab")
    probe.pass()
    let other = HTTPClient(port: port)
    other.ask("/other")
    #expect(eventually { app.targets == ["/other"] })
    slow.send("cd")
    probe.pass()
    #expect(app.heldCountMax == 1)
    app.letGo(2)
    #expect(other.response()?.text == "/other")
    #expect(slow.response()?.text == "/slow")
    server.stop()
  }

  @Test("pipelined requests are queued one by one")
  func pipelined() throws {
    let app = HoldingApp()
    let (server, port) = try serve(app, concurrency: 1)
    let probe = Probe(port: port)
    let flood = HTTPClient(port: port)
    for number in 0..<20 { flood.ask("/flood/\(number)") }
    #expect(eventually { app.heldCount == 1 })
    let other = HTTPClient(port: port)
    other.ask("/other")
    probe.pass()
    app.letGo(21)
    #expect(other.response()?.text == "/other")
    for number in 0..<20 { #expect(flood.response()?.text == "/flood/\(number)") }
    #expect(app.targets.prefix(3).contains("/other"), "\(app.targets)")
    #expect(app.heldCountMax == 1)
    server.stop()
  }
}
