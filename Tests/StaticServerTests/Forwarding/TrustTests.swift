import Foundation
import StaticServer
import TestSupport
import Testing

/// Trust in clients' fields and the fields sent to clients, through real sockets.
///
/// Goal: each setting of `ForwardingPolicy` is visible in the forwarded request, in the response
/// and in the log, and an untrusted client changes none of it.
@Suite struct TrustTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp"
  private static let claims = [
    "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: example.com",
    "X-Request-Id: given",
  ]

  private static func local() throws -> ForwardingTrust {
    var networks = TrustedNetworks()
    try networks.add("127.0.0.0/8")
    return .networks(networks)
  }

  private func request(_ path: String, _ fields: [String], method: String = "GET") -> String {
    "\(method) \(path) HTTP/1.1\r\nHost: test\r\n"
      + fields.map { $0 + "\r\n" }.joined() + "\r\n"
  }

  @Test("untrusted fields reach neither the app nor the log", arguments: [true, false])
  func stranger(hasNetworks: Bool) throws {
    let app = RecordingApp(answering: Self.ok)
    let log = directory.write("", to: ".log")
    let file = open(log, O_WRONLY | O_CLOEXEC | O_APPEND)
    defer { close(file) }
    let (server, port) = try directory.serve(before: app) {
      $0.accessLog = AccessLog(format: .json, descriptor: file)
      if hasNetworks {
        var networks = TrustedNetworks()
        try? networks.add("10.0.0.0/8")
        $0.forwardingPolicy.trust = .networks(networks)
      }
    }
    let client = HTTPClient(port: port)
    client.send(request("/page", Self.claims))
    let answer = try #require(client.response())
    client.send(request("/static/a.txt", Self.claims))
    #expect(client.response()?.text == "hello")
    let sent = try #require(app.requests.first)
    #expect(sent.values("x-forwarded-for") == ["127.0.0.1"])
    #expect(sent.values("x-real-ip") == ["127.0.0.1"])
    #expect(sent.values("x-forwarded-proto") == ["http"])
    #expect(sent.values("x-forwarded-host") == ["test"])
    #expect(sent.values("x-forwarded-port") == ["80"])
    let identifier = try #require(sent.values("x-request-id").first)
    #expect(identifier.count == 32)
    #expect(answer["X-Request-Id"] == identifier)
    server.stop()
    let lines = (directory.text(".log") ?? "").split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.contains("\"remote\":\"127.0.0.1\"") })
    #expect(lines.first?.contains("\"id\":\"\(identifier)\"") == true)
  }

  @Test("fields of a trusted proxy reach the app, the client and the log")
  func trusted() throws {
    let app = RecordingApp(answering: Self.ok)
    let log = directory.write("", to: ".log")
    let file = open(log, O_WRONLY | O_CLOEXEC | O_APPEND)
    defer { close(file) }
    let trust = try Self.local()
    let (server, port) = try directory.serve(before: app) {
      $0.accessLog = AccessLog(format: .json, descriptor: file)
      $0.forwardingPolicy.trust = trust
    }
    let client = HTTPClient(port: port)
    client.send(request("/page", Self.claims))
    #expect(client.response()?["X-Request-Id"] == "given")
    client.send(request("/static/a.txt", Self.claims))
    #expect(client.response()?.text == "hello")
    let sent = try #require(app.requests.first)
    #expect(sent.values("x-forwarded-for") == ["192.0.2.7"])
    #expect(sent.values("x-real-ip") == ["192.0.2.7"])
    #expect(sent.values("x-forwarded-proto") == ["https"])
    #expect(sent.values("x-forwarded-host") == ["example.com"])
    #expect(sent.values("x-forwarded-port") == ["443"])
    #expect(sent.values("x-request-id") == ["given"])
    server.stop()
    let lines = (directory.text(".log") ?? "").split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.contains("\"remote\":\"192.0.2.7\"") })
    #expect(lines.first?.contains("\"id\":\"given\"") == true)
  }

  @Test("Strict-Transport-Security and Server-Timing are sent if enabled")
  func told() throws {
    let app = RecordingApp { connection in
      while connection.request() != nil {
        pass(.milliseconds(60))
        connection.send(Self.ok)
      }
    }
    let trust = try Self.local()
    let (server, port) = try directory.serve(before: app) {
      $0.forwardingPolicy.trust = trust
      $0.forwardingPolicy.strictTransport = StrictTransport(maxAge: .seconds(60))
      $0.forwardingPolicy.sendsServerTiming = true
    }
    let client = HTTPClient(port: port)
    let start = ContinuousClock.now
    let secure = try #require(client.get("/page", "X-Forwarded-Proto: https"))
    let seen = start.duration(to: .now)
    #expect(secure["Strict-Transport-Security"] == "max-age=60")
    let timing = try #require(secure["Server-Timing"])
    #expect(timing.hasPrefix("app;dur="))
    // At least the app's time, at most the client's; the loop's clock is read once per wake-up.
    let told = Duration.milliseconds(try #require(Int(timing.dropFirst(8))))
    #expect(told > .milliseconds(50) && told <= seen + .milliseconds(10))
    let plain = try #require(client.get("/page", "X-Forwarded-Proto: http"))
    #expect(plain["Strict-Transport-Security"] == nil)
    let (quiet, quietPort) = try directory.serve(before: app)
    #expect(HTTPClient(port: quietPort).get("/page")?["Server-Timing"] == nil)
    quiet.stop()
    server.stop()
  }

  @Test(
    "requests that a trusted proxy received over HTTP are redirected to HTTPS, files included",
    arguments: ["/page?a=b", "/static/a.txt", "/static/none"]
  )
  func redirect(path: String) throws {
    let app = RecordingApp(answering: Self.ok)
    let log = directory.write("", to: ".log")
    let file = open(log, O_WRONLY | O_CLOEXEC | O_APPEND)
    defer { close(file) }
    let trust = try Self.local()
    let (server, port) = try directory.serve(before: app) {
      $0.accessLog = AccessLog(format: .combined, descriptor: file)
      $0.forwardingPolicy.trust = trust
      $0.forwardingPolicy.redirectsToHTTPS = true
    }
    for (method, status) in [("GET", 301), ("HEAD", 301), ("POST", 308)] {
      let client = HTTPClient(port: port)
      let fields = ["X-Forwarded-Proto: http", "X-Forwarded-For: 192.0.2.7"]
      // The following request is answered separately.
      client.send(request(path, fields, method: method) + request(path, []))
      let answer = try #require(client.response(hasBody: false))
      #expect(answer.status == status)
      #expect(answer["Location"] == "https://test\(path)")
      #expect(answer["Connection"] == "close")
      #expect(answer["Date"] != nil)
      #expect(client.isClosed)
    }
    #expect(app.requests.isEmpty)
    let client = HTTPClient(port: port)
    #expect(client.get("/page", "X-Forwarded-Proto: https")?.text == "app")
    // A health check without forwarding fields.
    #expect(client.get("/page")?.text == "app")
    #expect(client.get("/static/a.txt")?.text == "hello")
    // There is no host for a redirect.
    client.send("GET /page HTTP/1.0\r\nX-Forwarded-Proto: http\r\n\r\n")
    #expect(client.response()?.text == "app")
    server.stop()
    let lines = (directory.text(".log") ?? "").split(separator: "\n")
    #expect(lines.prefix(3).allSatisfy { $0.hasPrefix("192.0.2.7 ") })
    #expect(lines.prefix(3).filter { $0.contains("\" 301 0 ") }.count == 2)
    #expect(lines.count == 7)
  }

  @Test("the client address and the TLS flag of the PROXY protocol")
  func prelude() throws {
    let app = RecordingApp(answering: Self.ok)
    let (server, port) = try directory.serve(before: app) {
      $0.expectsProxyProtocol = true
      $0.forwardingPolicy.strictTransport = StrictTransport(maxAge: .seconds(60))
    }
    let client = HTTPClient(port: port)
    let addresses: [UInt8] = [192, 0, 2, 7, 192, 0, 2, 2, 0xDC, 0x04, 0x01, 0xBB]
    let secure: [UInt8] = [0x20, 0, 5, 1, 0, 0, 0, 0]
    let signature = Array("\r\n\r\n\0\r\nQUIT\n".utf8)
    client.send(signature + [0x21, 0x11, 0, 20] + addresses + secure)
    for _ in 0..<2 {
      let answer = try #require(client.get("/page", "X-Forwarded-For: 9.9.9.9"))
      #expect(answer["Strict-Transport-Security"] == "max-age=60")
    }
    let plain = HTTPClient(port: port)
    plain.send("PROXY TCP4 192.0.2.8 192.0.2.2 56324 443\r\n")
    #expect(plain.get("/page", "X-Forwarded-Proto: https")?.text == "app")
    #expect(
      app.requests.map { $0.values("x-forwarded-for") } == [
        ["192.0.2.7"], ["192.0.2.7"], ["192.0.2.8"],
      ]
    )
    #expect(
      app.requests.map { $0.values("x-forwarded-proto") } == [["https"], ["https"], ["http"]]
    )
    let forged = HTTPClient(port: port)
    #expect(forged.get("/page") == nil)
    server.stop()
  }

  @Test("too many names in Connection: 400 for a client, 502 for an app")
  func excess() throws {
    let names = (0..<17).map { "x\($0)" }.joined(separator: ",")
    let app = RecordingApp { connection in
      while let request = connection.request() {
        let isExcessive = request.lines[0].contains("/excess")
        connection.send(
          isExcessive
            ? "HTTP/1.1 200 OK\r\nConnection: \(names)\r\nContent-Length: 0\r\n\r\n" : Self.ok
        )
      }
    }
    let (server, port) = try directory.serve(before: app)
    #expect(HTTPClient(port: port).get("/page", "Connection: \(names)")?.status == 400)
    let client = HTTPClient(port: port)
    let failed = try #require(client.get("/excess"))
    #expect(failed.status == 502)
    #expect(failed["X-Request-Id"] == app.requests.first?.values("x-request-id").first)
    #expect(client.get("/page")?.text == "app")
    #expect(app.requests.count == 2)
    server.stop()
  }
}
