import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Replicas of different releases that ask each other for hashed names.
///
/// Goal: a replica of the old release serves a file of the new one like the new replica; nothing
/// else is requested from peers, no request loops, and a missing or silent peer costs one short
/// wait.
@Suite struct PeerTests {
  private let old = TemporaryDirectory()
  private let new = TemporaryDirectory()
  private static let name = "/static/js/app.0123456789ab.js"
  private static let body = String(repeating: "release b; ", count: 200)
  private static let immutable = "max-age=315360000, public, immutable"

  init() {
    old.write("old", to: "js/app.js")
    new.write(Self.body, to: "js/app.0123456789ab.js")
    new.write("coded", to: "js/app.0123456789ab.js.gz")
    new.write("plain", to: "js/only.js")
    new.write(
      #"{"paths": {"js/app.js": "js/app.0123456789ab.js"}, "version": "1.1", "hash": "b"}"#,
      to: "staticfiles.json"
    )
  }

  private typealias Served = (server: StaticServer, port: UInt16)

  private static func address(_ port: UInt16) -> UpstreamAddress {
    .tcp(address: [127, 0, 0, 1], port: port)
  }

  private func serve(
    _ directory: TemporaryDirectory,
    asking peers: [UpstreamAddress]?,
    workers: Int = 1,
    app: UpstreamAddress? = nil,
    unknownToApp: Bool = false,
    sendsProxyProtocol: Bool = false,
    timeout: Duration = .seconds(30),
    pause: Duration = .seconds(60)
  ) throws -> Served {
    var options = FileTable.Options()
    options.asksPeers = peers != nil
    options.upstreamPaths = app == nil ? [] : ["/"]
    options.leavesUnknownNames = unknownToApp
    return try directory.serve(options) { configuration in
      configuration.workers = workers
      if let peers {
        configuration.peers = PeerConfiguration(peers)
        configuration.peers.timeout = timeout
        configuration.peers.pause = pause
      }
      configuration.forwarding = app.map { ForwardingConfiguration(to: $0) }
      configuration.forwarding?.sendsProxyProtocol = sendsProxyProtocol
    }
  }

  /// A peer with the same `response` to every request.
  private static func peer(_ response: String) -> RecordingApp {
    RecordingApp(answering: response)
  }

  /// Every field except `Date` and connection fields.
  private static func fields(_ response: HTTPResponse?) -> [String] {
    (response?.fields ?? []).filter { !["Date", "Connection", "Keep-Alive"].contains($0.name) }
      .map { "\($0.name): \($0.value)" }.sorted()
  }

  @Test(
    "a file of the new release is the same from a replica of the old one",
    arguments: [
      ("GET", []), ("HEAD", []), ("GET", ["Accept-Encoding: gzip"]), ("GET", ["Range: bytes=5-9"]),
      ("GET", ["Range: bytes=-7"]), ("GET", ["Range: bytes=999999-"]),
      ("GET", ["Range: bytes=0-1,5-6"]), ("GET", ["If-None-Match: *"]),
      ("HEAD", ["If-None-Match: *", "Accept-Encoding: gzip"]), ("GET", ["If-Match: \"other\""]),
    ]
  )
  func same(method: String, fields: [String]) throws {
    let newer = try serve(new, asking: nil)
    let older = try serve(old, asking: [Self.address(newer.port)])
    let request =
      "\(method) \(Self.name)?x=1 HTTP/1.1\r\nHost: test\r\n"
      + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    // Twice on each connection: the second time the connection to the peer exists.
    let clients = [HTTPClient(port: newer.port), HTTPClient(port: older.port)]
    for _ in 0..<2 {
      let responses = clients.map { client in
        client.send(request)
        return client.response(hasBody: method != "HEAD")
      }
      #expect(responses[0]?.status == responses[1]?.status)
      #expect(Self.fields(responses[0]) == Self.fields(responses[1]))
      let isMultipart = fields.contains { $0.contains(",") }
      if !isMultipart { #expect(responses[0]?.body == responses[1]?.body) }
      if responses[0]?.status == 200 {
        #expect(responses[1]?["Cache-Control"] == Self.immutable)
        #expect(responses[1]?["X-Request-Id"] == nil)
      }
    }
    #expect(older.server.statistics.failedPeers == 0)
    older.server.stop()
    newer.server.stop()
  }

  @Test(
    "only hashed names are requested, by GET and HEAD, and not for requests of peers",
    arguments: [
      ("GET", "/static/js/only.js", [], false), ("GET", "/static/js/none", [], false),
      ("GET", "/static/js/app.0123456789AB.js", [], false),
      ("GET", "/static/js/app.0123456789a.js", [], false),
      ("GET", "/other/app.0123456789ab.js", [], false),
      ("OPTIONS", Self.name, [], false), ("POST", Self.name, ["Content-Length: 0"], false),
      ("GET", Self.name, ["CDN-Loop: staticd-peer"], false),
      ("GET", Self.name, ["CDN-Loop: a.example", "cdn-loop: b,STATICD-PEER"], false),
      ("GET", Self.name, ["CDN-Loop: a.example, staticd-peer;v=1"], false),
      ("GET", Self.name, ["CDN-Loop: staticd-peer ; v=1"], false),
      ("GET", Self.name, ["CDN-Loop: staticd-peers, cdn.example"], true),
      ("GET", "/static/js/app.0123456789ab", [], true), ("HEAD", Self.name, [], true),
      ("GET", "/static/js/%61pp.0123456789ab.js", [], true),
    ]
  )
  func scope(method: String, path: String, fields: [String], isAsked: Bool) throws {
    let peer = Self.peer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    let (server, port) = try serve(old, asking: [peer.address])
    let client = HTTPClient(port: port)
    let lines = (["Host: x"] + fields).map { $0 + "\r\n" }.joined()
    client.send("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n")
    let response = client.response(hasBody: method != "HEAD")
    #expect(response?.status == 404)
    if path.hasPrefix("/static/") { #expect(response?["Cache-Control"] == "no-store") }
    #expect(peer.requests.count == (isAsked ? 1 : 0))
    if isAsked {
      #expect(peer.requests[0].lines[0] == "\(method) \(path) HTTP/1.1")
      #expect(peer.requests[0].values("cdn-loop").last == "staticd-peer")
    }
    server.stop()
  }

  @Test("two replicas that are peers of each other stop after one hop")
  func loop() throws {
    let first = try serve(old, asking: [])
    let second = try serve(TemporaryDirectory(), asking: [Self.address(first.port)])
    first.server.setPeers([Self.address(second.port), Self.address(first.port)])
    for port in [first.port, second.port] {
      let response = HTTPClient(port: port).get("/static/x.0123456789ab.js")
      #expect(response?.status == 404)
      #expect(response?["Cache-Control"] == "no-store")
    }
    // Requests of peers are answered without a peer: one to itself, one to each other.
    #expect(first.server.statistics.clientErrors == 1 + 2)
    #expect(second.server.statistics.clientErrors == 1 + 1)
    first.server.stop()
    second.server.stop()
  }

  @Test("the next peer is tried if one lacks the file, or if its response is invalid")
  func next() throws {
    let newer = try serve(new, asking: nil)
    let answers = [
      "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone",
      "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 Oh\r\nContent-Length: x\r\n\r\n", "no HTTP at all\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ]
    for answer in answers {
      let peer = Self.peer(answer)
      let (server, port) = try serve(old, asking: [peer.address, Self.address(newer.port)])
      for _ in 0..<4 {
        let response = HTTPClient(port: port).get(Self.name)
        #expect(response?.text == Self.body, "\(answer)")
      }
      #expect(!peer.requests.isEmpty)
      server.stop()
    }
    newer.server.stop()
  }

  @Test("requests start with the peers in turn, however many there are", arguments: 1...5)
  func turns(count: Int) throws {
    let peers = (0..<count).map { _ in
      Self.peer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    }
    let (server, port) = try serve(old, asking: peers.map(\.address))
    for _ in 0..<(count * 4) { #expect(HTTPClient(port: port).get(Self.name)?.text == "ok") }
    for peer in peers { #expect(peer.requests.count == 4) }
    server.stop()
  }

  @Test("a missing or silent peer is skipped for a while")
  func down() throws {
    let silent = RecordingApp(isTCP: true) { connection in
      _ = connection.request()
      _ = connection.request()
    }
    let cases: [(UpstreamAddress, Duration)] = [
      (.unix(path: "/nonexistent/peer.sock"), .seconds(30)),
      (Self.address(RecordingApp.boundAtPort().port), .seconds(30)),
      (silent.address, .milliseconds(50)),
    ]
    for (address, timeout) in cases {
      let (server, port) = try serve(old, asking: [address], timeout: timeout)
      let client = HTTPClient(port: port)
      for _ in 0..<20 {
        let response = client.get(Self.name)
        #expect(response?.status == 404)
        #expect(response?["Cache-Control"] == "no-store")
      }
      #expect(client.get("/static/js/app.js")?.text == "old")
      #expect(server.statistics.failedPeers == 1, "\(address)")
      server.stop()
    }
    #expect(silent.requests.count == 1)
  }

  @Test("a failed peer is tried again after the pause")
  func again() throws {
    let (socket, port) = RecordingApp.boundAtPort()
    let served = try serve(old, asking: [Self.address(port)], pause: .zero)
    let client = HTTPClient(port: served.port)
    #expect(client.get(Self.name)?.status == 404)
    close(socket)
    let peer = Self.peer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    served.server.setPeers([peer.address])
    #expect(client.get(Self.name)?.text == "ok")
    served.server.stop()
  }

  @Test("a connection to a removed peer is not used for another one")
  func replaced() throws {
    let holding = HoldingApp()
    let (server, port) = try serve(old, asking: [holding.app.address], timeout: .seconds(60))
    let client = HTTPClient(port: port)
    client.send("GET \(Self.name) HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(eventually { holding.heldCount == 1 })
    // The list changes while the first request is in flight; the new peer has the same index.
    let other = Self.peer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother")
    server.setPeers([other.address])
    #expect(HTTPClient(port: port).get(Self.name)?.text == "other")
    holding.letGo()
    #expect(client.response()?.text == Self.name)
    for _ in 0..<4 { #expect(client.get(Self.name)?.text == "other") }
    server.stop()
  }

  @Test("a peer that ends in the middle of a file truncates the client's response, too")
  func cut() throws {
    let peer = RecordingApp(isTCP: true) { connection in
      _ = connection.request()
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    }
    let (server, port) = try serve(old, asking: [peer.address])
    #expect(HTTPClient(port: port).get(Self.name) == nil)
    server.stop()
  }

  @Test("unknown names go to the app after the peers", arguments: [true, false])
  func app(hasProxyProtocol: Bool) throws {
    let app = RecordingApp { connection in
      while let request = connection.request() { _ = connection.answer(request.lines[0]) }
    }
    let peer = Self.peer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    let (server, port) = try serve(
      old,
      asking: [peer.address],
      app: app.address,
      unknownToApp: true,
      sendsProxyProtocol: hasProxyProtocol
    )
    let response = HTTPClient(port: port).get(Self.name)
    let line = "GET \(Self.name) HTTP/1.1"
    #expect(response?.text == (hasProxyProtocol ? "PROXY TCP4 127.0.0.1 127.0.0.1 0 0" : line))
    let request = try #require(app.requests.first)
    if hasProxyProtocol { #expect(request.lines[1] == line) }
    #expect(request.values("cdn-loop") == [])
    #expect(request.values("x-request-id") == [response?["X-Request-Id"] ?? ""])
    #expect(peer.requests.count == 1)
    server.stop()
  }

  @Test("many concurrent clients get the file from the peer")
  func many() throws {
    let newer = try serve(new, asking: nil, workers: 2)
    let older = try serve(old, asking: [Self.address(newer.port)], workers: 2)
    let count = 200
    let clients = (0..<count).map { _ in HTTPClient(port: older.port) }
    for client in clients { client.send("GET \(Self.name) HTTP/1.1\r\nHost: x\r\n\r\n") }
    for client in clients { #expect(client.response()?.text == Self.body) }
    #expect(older.server.statistics.peerFiles == UInt64(count))
    older.server.stop()
    newer.server.stop()
  }

  @Test("beyond the limit of peer requests the response is 404 at once")
  func limit() throws {
    let holding = HoldingApp(isTCP: true)
    var options = FileTable.Options()
    options.asksPeers = true
    options.upstreamPaths = []
    let (server, port) = try old.serve(options) { configuration in
      configuration.workers = 1
      configuration.peers = PeerConfiguration([holding.app.address])
      configuration.peers.timeout = .seconds(60)
      configuration.peers.concurrencyMax = 2
    }
    let clients = (0..<2).map { _ in HTTPClient(port: port) }
    for client in clients { client.send("GET \(Self.name) HTTP/1.1\r\nHost: x\r\n\r\n") }
    #expect(eventually { holding.heldCount == 2 })
    #expect(HTTPClient(port: port).get(Self.name)?.status == 404)
    holding.letGo(2)
    for client in clients { #expect(client.response()?.text == Self.name) }
    holding.letGo()
    #expect(HTTPClient(port: port).get(Self.name)?.text == Self.name)
    server.stop()
  }
}
