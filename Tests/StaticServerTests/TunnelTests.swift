import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Connections that switch protocols.
///
/// Goal: bytes flow in both directions concurrently and in order, as long as either side sends;
/// nothing switches without a request and the app's 101.
@Suite struct TunnelTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  private static let request = """
    GET /ws HTTP/1.1\r\nHost: test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r
    Sec-WebSocket-Key: abc\r\n\r\n
    """
  private static let agreement =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nX: y\r\n\r\n"

  /// An app that accepts, sends `greeting` at once, and then echoes.
  private func echo(
    _ greeting: String = "",
    _ begun: @escaping @Sendable (AppConnection) -> Void = { _ in }
  ) -> RecordingApp {
    RecordingApp { connection in
      begun(connection)
      guard connection.request() != nil else { return }
      connection.send(Self.agreement + greeting)
      while let bytes = connection.bytes() {
        guard connection.send(bytes) else { return }
      }
    }
  }

  @Test("bytes flow both ways, including early ones, longer than any timeout")
  func both() throws {
    let app = echo("welcome")
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.responseTimeout = .seconds(1)
      $0.keepAliveTimeout = .seconds(1)
      $0.sendTimeout = .seconds(1)
      $0.headTimeout = .seconds(1)
    }
    let client = HTTPClient(port: port)
    client.send(Self.request + "early")
    let answer = try #require(client.response())
    #expect(answer.status == 101)
    #expect(answer.fields.map { $0.name } == ["X", "X-Request-Id", "Connection", "Upgrade"])
    #expect(client.bytes(12) == Array("welcomeearly".utf8))
    // Another connection that is this idle is closed by then.
    let idle = HTTPClient(port: port)
    #expect(idle.get("/static/a.txt")?.status == 200)
    #expect(idle.isClosed)
    for count in [1, 1000, 100_000] {
      let bytes = TemporaryDirectory.pattern(count)
      client.send(bytes)
      #expect(client.bytes(count) == bytes)
    }
    let request = try #require(app.requests.first)
    #expect(request.values("connection") == ["upgrade"])
    #expect(request.values("upgrade") == ["websocket"])
    #expect(request.values("sec-websocket-key") == ["abc"])
    server.stop()
  }

  @Test("neither side is read faster than the other reads")
  func backPressure() throws {
    let bytes = TemporaryDirectory.pattern(10_000_000)
    let repeating = Box<AppConnection?>(nil)
    let app = echo("") { connection in repeating.change { $0 = connection } }
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    client.send(Self.request)
    #expect(client.response()?.status == 101)
    let sender = Thread { client.send(bytes) }
    sender.start()
    // The client reads nothing, so the app is not read either.
    #expect(eventually { repeating.value?.isFull == true })
    #expect(client.bytes(bytes.count) == bytes)
    repeating.change { $0 = nil }
    server.stop()
  }

  @Test("a silent tunnel is closed after its time")
  func idle() throws {
    let app = echo()
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.tunnelTimeout = .seconds(1)
    }
    let client = HTTPClient(port: port)
    let start = ContinuousClock.now
    client.send(Self.request)
    #expect(client.response()?.status == 101)
    #expect(client.isClosed)
    #expect(start.duration(to: .now) > .milliseconds(900))
    server.stop()
  }

  @Test("the end of either side ends the other")
  func ends() throws {
    let ended = DispatchSemaphore(value: 0)
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      connection.send(Self.agreement + "bye")
      if connection.index == 0 { return }
      if connection.bytes() == nil { ended.signal() }
    }
    let (server, port) = try directory.serve(before: app)
    let first = HTTPClient(port: port)
    first.send(Self.request)
    #expect(first.response()?.status == 101)
    #expect(first.bytes(3) == Array("bye".utf8))
    #expect(first.isClosed)
    var second: HTTPClient? = HTTPClient(port: port)
    second?.send(Self.request)
    #expect(second?.response()?.status == 101)
    second = nil
    #expect(ended.wait(timeout: .now() + 60) == .success)
    server.stop()
  }

  @Test("an upgrade that the app declines is an ordinary request")
  func declined() throws {
    let app = RecordingApp(answering: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp")
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    for _ in 0..<2 {
      client.send(Self.request)
      #expect(client.response()?.text == "app")
    }
    server.stop()
  }

  @Test("an upgrade to another HTTP is not sent", arguments: ["h2c", "websocket, h2c", "HTTP/2.0"])
  func otherVersion(token: String) throws {
    let app = RecordingApp(answering: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp")
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    let answer = client.get(
      "/ws",
      "Connection: Upgrade, HTTP2-Settings",
      "Upgrade: \(token)",
      "HTTP2-Settings: AAMAAABk"
    )
    #expect(answer?.text == "app")
    #expect(app.requests[0].lines.prefix(2) == ["GET /ws HTTP/1.1", "Host: test"])
    #expect(app.requests[0].values("upgrade") + app.requests[0].values("http2-settings") == [])
    server.stop()
  }

  @Test("the app may accept one of several protocols")
  func oneOfSeveral() throws {
    let app = echo("welcome")
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    #expect(
      client.get("/ws", "Connection: Upgrade", "Upgrade: other/2, websocket")?.status == 101
    )
    #expect(client.bytes(7) == Array("welcome".utf8))
    server.stop()
  }

  @Test("a protocol that was not requested is 502")
  func other() throws {
    let app = RecordingApp(
      answering: "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"
    )
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    client.send(Self.request)
    #expect(client.response()?.status == 502)
    server.stop()
  }
}
