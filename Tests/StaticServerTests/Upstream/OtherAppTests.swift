import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Several apps behind one server.
///
/// Goal: the longest path takes precedence, and no app waits for another: connections, queue and
/// limit are separate.
@Suite struct OtherAppTests {
  private let site = TemporaryDirectory()

  private static func app(_ name: String) -> RecordingApp {
    RecordingApp(answering: "HTTP/1.1 200 OK\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)")
  }

  private func serve(
    _ forwarding: ForwardingConfiguration,
    grace: Int = 0
  ) throws -> (server: StaticServer, port: UInt16) {
    site.write("file", to: "api/file.txt")
    var options = FileTable.Options()
    options.upstreamPaths = forwarding.paths
    options.refusesAmbiguousPaths = true
    let table = try FileTable(mounts: [.init(site.path, at: "/", kind: .public)], options: options)
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.workers = 1
    configuration.grace = .seconds(grace)
    configuration.forwarding = forwarding
    let server = try StaticServer(table: table, configuration: configuration)
    guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
    return (server, port)
  }

  @Test("the longest path takes precedence, and each app keeps its connection")
  func longest() throws {
    let (rest, api, v2) = (Self.app("rest"), Self.app("api"), Self.app("v2"))
    var forwarding = ForwardingConfiguration(to: rest.address)
    forwarding.others = [
      .init(path: "/api/", upstream: api.address), .init(path: "/api/v2/", upstream: v2.address),
    ]
    let (server, port) = try serve(forwarding)
    let client = HTTPClient(port: port)
    for _ in 0..<3 {
      for (path, text) in [
        ("/", "rest"), ("/apis", "rest"), ("/api", "api"), ("/api/users?x", "api"),
        ("/api/v2", "v2"),
        ("/api/v2/users", "v2"), ("/api/v20", "api"), ("/api/file.txt", "file"),
        ("/%61pi/x", "api"),
        ("/api/%zz", "api"),
      ] { #expect(client.get(path)?.text == text, "\(path)") }
      #expect(client.get("/x/../api/")?.status == 400)
    }
    #expect([rest, api, v2].map(\.connectionCount) == [1, 1, 1])
    #expect(api.requests.first?.lines[0] == "GET /api HTTP/1.1")
    server.stop()
  }

  @Test("without an app for the rest, other paths are 404")
  func alone() throws {
    let api = Self.app("api")
    var forwarding = ForwardingConfiguration(to: api.address)
    forwarding.path = "/api/"
    let (server, port) = try serve(forwarding)
    let client = HTTPClient(port: port)
    #expect(client.get("/api/x")?.text == "api")
    #expect(client.get("/other")?.status == 404)
    #expect(client.get("/api/file.txt")?.text == "file")
    client.send("POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")
    #expect(client.response()?.status == 404)
    client.send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.response()?.status == 204)
    #expect(api.requests.count == 1)
    server.stop()
  }

  @Test("a busy or missing app delays only its own requests")
  func apart() throws {
    let asked = DispatchSemaphore(value: 0)
    let go = DispatchSemaphore(value: 0)
    let busy = RecordingApp { connection in
      while connection.request() != nil {
        asked.signal()
        go.wait()
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbusy")
      }
    }
    let rest = Self.app("rest")
    let away = TemporaryDirectory()
    var forwarding = ForwardingConfiguration(to: rest.address)
    forwarding.startupHold = .seconds(30)
    forwarding.others = [
      .init(path: "/busy/", upstream: busy.address, concurrencyMax: 1),
      .init(path: "/away/", upstream: .unix(path: away.path("none.sock"))),
    ]
    let (server, port) = try serve(forwarding)
    let first = HTTPClient(port: port)
    first.send("GET /busy/1 HTTP/1.1\r\nHost: x\r\n\r\n")
    asked.wait()
    let second = HTTPClient(port: port)
    second.send("GET /busy/2 HTTP/1.1\r\nHost: x\r\n\r\n")
    let third = HTTPClient(port: port)
    for _ in 0..<3 {
      #expect(third.get("/x")?.text == "rest")
      #expect(third.get("/away/x")?.status == 502)
    }
    // The second request waits for a slot.
    #expect(busy.requests.count == 1)
    go.signal()
    #expect(first.response()?.text == "busy")
    asked.wait()
    go.signal()
    #expect(second.response()?.text == "busy")
    server.stop()
  }

  @Test("at a stop the tunnels of other apps end, and those of the first when it ends them")
  func tunnels() throws {
    let echo: @Sendable (AppConnection) -> Void = { connection in
      guard connection.request() != nil else { return }
      connection.send(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
      )
      while let bytes = connection.bytes() { connection.send(bytes) }
    }
    let (rest, other) = (RecordingApp(echo), RecordingApp(echo))
    var forwarding = ForwardingConfiguration(to: rest.address)
    forwarding.endsTunnelsAtStop = false
    forwarding.others = [.init(path: "/ws/", upstream: other.address)]
    let (server, port) = try serve(forwarding, grace: 60)
    let clients = ["/", "/ws/"].map { path in
      let client = HTTPClient(port: port)
      let answer = client.get(path, "Connection: Upgrade", "Upgrade: websocket")
      #expect(answer?.status == 101)
      return client
    }
    server.beginStopping()
    #expect(clients[1].isClosed)
    clients[0].send("ping")
    #expect(clients[0].bytes(4) == Array("ping".utf8))
    clients[0].finish()
    #expect(eventually { server.hasStopped })
    server.stop()
  }
}
