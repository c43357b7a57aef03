import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Clients that disconnect, in every phase of a request and in every way.
///
/// Goal: a request without a client costs the app nothing: it is not sent, or its connection is
/// closed, and the log has 499. Where half-closed clients are allowed, they get their responses.
@Suite struct LeavingClientTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// How a client disconnects.
  enum Way: String, CaseIterable, Sendable {
    case close, reset, endOfItsSide

    /// Disconnects `client`; with a half-close it stays open.
    func leave(_ client: inout HTTPClient?) {
      switch self {
      case .close: client = nil
      case .reset:
        client?.resetAtEnd()
        client = nil
      case .endOfItsSide: client?.finish()
      }
    }
  }

  /// How much of a client's request has arrived when the client disconnects.
  enum Request: String, CaseIterable, Sendable {
    case get, upload, chunkedUpload, pipelined

    var text: String {
      switch self {
      case .get: "GET /work HTTP/1.1\r\nHost: test\r\n\r\n"
      case .upload: "PUT /work HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc"
      case .chunkedUpload:
        "PUT /work HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "3\r\nabc\r\n0\r\n\r\n"
      case .pipelined: Request.get.text + "GET /behind HTTP/1.1\r\nHost: test\r\n\r\n"
      }
    }
  }

  @Test(
    "while the request is queued: it does not reach the app",
    arguments: Way.allCases,
    Request.allCases
  )
  func queued(way: Way, request: Request) throws {
    let app = HoldingApp()
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: app.app) {
      $0.accessLog = log.log()
      $0.forwarding?.concurrencyMax = 1
      $0.forwarding?.allowsHalfClosedClients = false
    }
    let probe = Probe(port: port)
    let clients = Probe.clients(2, port: port)
    clients[0].ask("/first")
    #expect(eventually { app.heldCount == 1 })
    var leaver: HTTPClient? = HTTPClient(port: port)
    leaver?.send(request.text)
    probe.pass()
    clients[1].ask("/last")
    probe.pass()
    way.leave(&leaver)
    probe.pass()
    app.letGo(4)
    #expect(clients[0].response()?.text == "/first")
    #expect(clients[1].response()?.text == "/last")
    #expect(app.targets == ["/first", "/last"])
    #expect(eventually { server.statistics.abandoned == 1 })
    server.stop()
    #expect(log.statuses(of: "/work") == [499])
    #expect(log.statuses(of: "/first") == [200])
  }

  @Test(
    "while the app works: the app's connection is closed",
    arguments: Way.allCases,
    Request.allCases
  )
  func working(way: Way, request: Request) throws {
    let asked = DispatchSemaphore(value: 0)
    let left = DispatchSemaphore(value: 0)
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      asked.signal()
      if connection.request() == nil { left.signal() }
    }
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: app) {
      $0.accessLog = log.log()
      $0.forwarding?.allowsHalfClosedClients = false
    }
    var client: HTTPClient? = HTTPClient(port: port)
    client?.send(request.text)
    #expect(asked.wait(timeout: .now() + 10) == .success)
    way.leave(&client)
    #expect(left.wait(timeout: .now() + 3) == .success, "the app is not told")
    #expect(eventually { server.statistics.abandoned == 1 })
    // A half-closed client gets nothing more.
    if let client { #expect(client.rest().isEmpty) }
    #expect(eventually { server.statistics.connectionsOpen == 0 })
    #expect(app.requests.map(\.target) == ["/work"])
    server.stop()
    #expect(log.statuses(of: "/work") == [499])
  }

  @Test(
    "with the last byte of content: the request is not sent, or the app's connection is closed",
    arguments: Way.allCases
  )
  func afterUpload(way: Way) throws {
    let asked = DispatchSemaphore(value: 0)
    let left = DispatchSemaphore(value: 0)
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      asked.signal()
      if connection.request() == nil { left.signal() }
    }
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: app) {
      $0.accessLog = log.log()
      $0.forwarding?.allowsHalfClosedClients = false
    }
    let probe = Probe(port: port)
    let content = TemporaryDirectory.pattern(300_000)
    var client: HTTPClient? = HTTPClient(port: port)
    client?.send("PUT /work HTTP/1.1\r\nHost: test\r\nContent-Length: \(content.count)\r\n\r\n")
    client?.send(content.dropLast())
    probe.pass()
    client?.send(content.suffix(1))
    way.leave(&client)
    #expect(eventually { server.statistics.abandoned == 1 })
    #expect(app.connectionCount <= 1)
    if asked.wait(timeout: .now()) == .success {
      #expect(left.wait(timeout: .now() + 3) == .success, "the app is not told")
    }
    #expect(eventually { server.statistics.connectionsOpen == 1 })
    server.stop()
    #expect(log.statuses(of: "/work") == [499])
  }

  @Test(
    "half-closed clients get their responses where they are allowed",
    arguments: Request.allCases
  )
  func allowed(request: Request) throws {
    let app = HoldingApp()
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: app.app) {
      $0.accessLog = log.log()
      $0.forwarding?.concurrencyMax = 1
      $0.forwarding?.allowsHalfClosedClients = true
    }
    let probe = Probe(port: port)
    let clients = (0..<2).map { _ in HTTPClient(port: port) }
    for client in clients {
      // One while the app works, one while the request is queued.
      client.send(request.text)
      probe.pass()
      client.finish()
      probe.pass()
    }
    app.letGo(4)
    for client in clients {
      #expect(client.response()?.text == "/work")
      if request == .pipelined { #expect(client.response()?.text == "/behind") }
      #expect(client.isClosed)
    }
    #expect(server.statistics.abandoned == 0)
    server.stop()
    #expect(log.statuses(of: "/work") == [200, 200])
  }

  @Test("a reset is not a half-close", arguments: [false, true])
  func resetWhereAllowed(isPipelined: Bool) throws {
    let asked = DispatchSemaphore(value: 0)
    let left = DispatchSemaphore(value: 0)
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      asked.signal()
      if connection.request() == nil { left.signal() }
    }
    let (server, port) = try directory.serveWithoutGrace(before: app) {
      $0.forwarding?.allowsHalfClosedClients = true
    }
    let probe = Probe(port: port)
    var client: HTTPClient? = HTTPClient(port: port)
    client?.send((isPipelined ? Request.pipelined : .get).text)
    #expect(asked.wait(timeout: .now() + 10) == .success)
    // Half-closed first, as by killed browsers.
    client?.finish()
    probe.pass()
    client?.resetAtEnd()
    client = nil
    #expect(left.wait(timeout: .now() + 3) == .success, "the app is not told")
    #expect(eventually { server.statistics.abandoned == 1 })
    server.stop()
  }

  @Test("a pipelined request does not count as a disconnect", arguments: [1, 30])
  func pipelined(count: Int) throws {
    let app = HoldingApp()
    let (server, port) = try directory.serveWithoutGrace(before: app.app) {
      $0.forwarding?.concurrencyMax = 1
      $0.forwarding?.allowsHalfClosedClients = false
    }
    let probe = Probe(port: port)
    let client = HTTPClient(port: port)
    client.ask("/first")
    #expect(eventually { app.heldCount == 1 })
    for number in 0..<count {
      client.ask("/\(number)")
      probe.pass()
    }
    app.letGo(count + 1)
    #expect(client.response()?.text == "/first")
    for number in 0..<count { #expect(client.response()?.text == "/\(number)") }
    #expect(server.statistics.abandoned == 0)
    server.stop()
  }

  @Test("in the middle of its response: the app's connection is closed", arguments: Way.allCases)
  func inAnswer(way: Way) throws {
    let left = DispatchSemaphore(value: 0)
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
      if connection.request() == nil { left.signal() }
    }
    let (server, port) = try directory.serveWithoutGrace(before: app) {
      $0.forwarding?.allowsHalfClosedClients = false
    }
    var client: HTTPClient? = HTTPClient(port: port)
    client?.ask("/work")
    #expect(client?.someBytes() != nil)
    way.leave(&client)
    #expect(left.wait(timeout: .now() + 3) == .success, "the app is not told")
    #expect(eventually { server.statistics.connectionsOpen == 0 })
    server.stop()
  }
}
