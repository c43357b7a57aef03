import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// The members of a line of the access log, and the order of lines.
@Suite struct LogFieldTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write(String(repeating: "a {}\n", count: 100), to: "a.css")
    directory.write("br", to: "a.css.br")
  }

  private func values(_ log: LogFile, _ key: String) -> [String] {
    log.requests.map { "\($0[key] ?? "absent")" }
  }

  @Test("files and the app have the same members, and the app gets the logged identifier")
  func members() throws {
    let app = RecordingApp { connection in
      while let request = connection.request() {
        let field = request.target == "/zip" ? "Content-Encoding: gzip\r\n" : ""
        connection.send("HTTP/1.1 200 OK\r\n\(field)Content-Length: 3\r\n\r\napp")
      }
    }
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: app) { $0.accessLog = log.log() }
    let client = HTTPClient(port: port)
    for (path, field) in [
      ("/static/a.css", "Accept-Encoding: br"), ("/static/a.css", "X: y"), ("/page", "X: y"),
      ("/zip", "X: y"),
    ] {
      #expect(client.get(path, field)?.status == 200)
    }
    server.stop()
    #expect(values(log, "host") == ["test", "test", "test", "test"])
    #expect(values(log, "scheme") == ["http", "http", "http", "http"])
    #expect(values(log, "protocol").allSatisfy { $0 == "HTTP/1.1" })
    #expect(values(log, "coding") == ["br", "identity", "identity", "gzip"])
    #expect(values(log, "bytes") == ["2", "500", "3", "3"])
    #expect(Set(values(log, "connection")).count == 1)
    #expect(values(log, "upstream_ms").prefix(2) == ["absent", "absent"])
    for line in log.requests {
      let duration = try #require(line["duration_ms"] as? Double)
      #expect(duration >= 0)
      if let upstream = line["upstream_ms"] as? Double { #expect(upstream <= duration) }
    }
    let told = app.requests.flatMap { $0.values("x-request-id") }
    #expect(values(log, "id").suffix(2) == told[...])
    #expect(values(log, "id").allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    #expect(Set(values(log, "id")).count == 4)
  }

  @Test("the host is that of the target, if it has one, for files as for the app")
  func absoluteForm() throws {
    let app = RecordingApp(answering: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp")
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: app) { $0.accessLog = log.log() }
    for path in ["/static/a.css", "/page"] {
      #expect(HTTPClient(port: port).get("http://www.example.org:81\(path)")?.status == 200)
    }
    server.stop()
    #expect(values(log, "host") == ["www.example.org:81", "www.example.org:81"])
    #expect(app.requests.map { $0.values("host") } == [["www.example.org:81"]])
  }

  @Test(
    "the client and scheme of a trusted proxy are logged for files and the app",
    arguments: ["/static/a.css", "/p"]
  )
  func proxied(path: String) throws {
    let app = RecordingApp(answering: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp")
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: app) {
      $0.accessLog = log.log()
      $0.forwardingPolicy.trust = .everyone
    }
    let client = HTTPClient(port: port)
    let answer = client.get(
      path,
      "X-Forwarded-For: 192.0.2.7",
      "X-Forwarded-Proto: https",
      "X-Forwarded-Host: www.example.org",
      "X-Request-Id: edge-17"
    )
    #expect(answer?.status == 200)
    server.stop()
    #expect(values(log, "remote") == ["192.0.2.7"])
    #expect(values(log, "scheme") == ["https"])
    #expect(values(log, "host") == ["www.example.org"])
    #expect(values(log, "id") == ["edge-17"])
  }

  @Test("each connection has a unique number, on any loop and descriptor")
  func connectionNumbers() throws {
    let log = LogFile()
    let (server, port) = try directory.serve { $0.accessLog = log.log() }
    for _ in 0..<40 {
      let client = HTTPClient(port: port)
      for _ in 0..<2 { #expect(client.get("/static/a.css")?.status == 200) }
    }
    server.stop()
    let numbers = values(log, "connection")
    #expect(numbers.count == 80)
    #expect(Set(numbers).count == 40)
    for index in 0..<40 { #expect(numbers[2 * index] == numbers[2 * index + 1]) }
  }

  @Test("lines of all loops are in the order of the requests", arguments: AccessLog.Format.allCases)
  func order(format: AccessLog.Format) throws {
    let log = LogFile()
    let (server, port) = try directory.serve {
      $0.accessLog = log.log(format)
      $0.workers = 3
    }
    for number in 0..<200 {
      #expect(HTTPClient(port: port).get("/static/a.css?\(number)")?.status == 200)
    }
    server.stop()
    let numbers = log.lines.compactMap { line in
      line.components(separatedBy: "a.css?").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }
    #expect(numbers == Array(0..<200))
    guard format == .json else { return }
    let times = values(log, "time")
    #expect(times == times.sorted())
    #expect(times.allSatisfy { $0.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil })
  }

  @Test("a response that waits for its client is logged at its end, with the sent bytes")
  func slowReader() throws {
    directory.write([UInt8](repeating: 7, count: 40 << 20), to: "large.bin")
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace { $0.accessLog = log.log() }
    for isPatient in [true, false] {
      let client = HTTPClient(port: port, receiveBuffer: 4096)
      client.send("GET /static/large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      #expect(client.hasBegun())
      pass(.milliseconds(30))
      if isPatient { #expect(client.rest().count > 40 << 20) }
    }
    #expect(eventually { server.statistics.connectionsOpen == 0 })
    server.stop()
    try #require(log.requests.count == 2)
    #expect(values(log, "reason") == ["absent", "client left while receiving"])
    #expect(values(log, "bytes")[0] == "\(40 << 20)")
    #expect(try #require(Int(values(log, "bytes")[1])) < 40 << 20)
    for line in log.requests { #expect(try #require(line["duration_ms"] as? Double) >= 25) }
  }

  /// How a client aborts a response, or the server does.
  struct Broken: Sendable, CustomTestStringConvertible {
    let target: String
    let reason: String
    var testDescription: String { "\(target): \(reason)" }

    static let rows: [Broken] =
      ["/static/large.bin", "/static/memory.css", "/length", "/chunks"]
      .map { Broken(target: $0, reason: "client left while receiving") }
      + [Broken(target: "/static/large.bin", reason: "file changed or unreadable")]
  }

  @Test("an aborted response is logged with the bytes that were sent", arguments: Broken.rows)
  func brokenOff(row: Broken) throws {
    let size = 24 << 20
    let path = directory.write([UInt8](repeating: 7, count: size), to: "large.bin")
    directory.write([UInt8](repeating: 97, count: 60_000), to: "memory.css")
    let app = RecordingApp { connection in
      guard let request = connection.request() else { return }
      let body = String(repeating: "a", count: 1 << 20)
      if request.target == "/length" {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
        for _ in 0..<24 { connection.send(body) }
      } else {
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<24 { connection.send("100000\r\n\(body)\r\n") }
        connection.send("0\r\n\r\n")
      }
    }
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: app) {
      $0.accessLog = log.log()
      $0.workers = 1
    }
    var client: HTTPClient? = HTTPClient(port: port, receiveBuffer: 4096)
    let requestCount = row.target.hasSuffix(".css") ? 200 : 1
    let request = "GET \(row.target) HTTP/1.1\r\nHost: x\r\n\r\n"
    client?.send(String(repeating: request, count: requestCount))
    #expect(client?.hasBegun() == true)
    if row.reason.hasPrefix("file") {
      precondition(truncate(path, 4 << 20) == 0)
      _ = client?.rest()
    }
    client?.resetAtEnd()
    client = nil
    #expect(eventually { server.statistics.connectionsOpen == 0 })
    let failures = server.metrics.failures.filter { $0.count > 0 }
    server.stop()
    let last = try #require(log.requests.last)
    #expect(last["reason"] as? String == row.reason)
    let total = row.target.hasSuffix(".css") ? 60_000 : size
    #expect(try #require(last["bytes"] as? Int) < total)
    #expect(failures.map { "\($0.reason.text)" } == [row.reason])
    #expect(failures.map(\.count) == [1])
  }

  @Test("for a client that resets at once, no byte of the file is logged as sent")
  func resetAtOnce() throws {
    directory.write([UInt8](repeating: 7, count: 8 << 20), to: "large.bin")
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace { $0.accessLog = log.log() }
    for _ in 0..<20 {
      let client = HTTPClient(port: port)
      client.send("GET /static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
      client.resetAtEnd()
    }
    #expect(eventually { server.statistics.connectionsOpen == 0 })
    server.stop()
    for line in log.requests {
      #expect(line["reason"] as? String == "client left while receiving")
      #expect(try #require(line["bytes"] as? Int) < 8 << 20)
    }
  }

  /// A request that is refused, and what is known of it.
  struct Refused: Sendable, CustomTestStringConvertible {
    let text: String
    let status: Int
    /// Method, target and protocol.
    let line: [String]
    var testDescription: String { String(text.prefix(60)) }

    init(_ text: String, _ status: Int, _ line: String = "  ") {
      self.text = text
      self.status = status
      self.line = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    }

    static let rows: [Refused] = [
      Refused("nonsense\r\n\r\n", 400), Refused("GET /a b HTTP/1.1\r\n\r\n", 400),
      Refused("GET /a HTTP/2.0\r\nHost: x\r\n\r\n", 505),
      Refused("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: x\r\n\r\n", 414),
      Refused("GET /a HTTP/1.1\r\n\r\n", 400, "GET /a HTTP/1.1"),
      Refused("HEAD /a HTTP/1.1\r\n\r\n", 400, "HEAD /a HTTP/1.1"),
      Refused("GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "GET /a HTTP/1.1"),
      Refused("GET /a HTTP/1.0\r\nA : b\r\n\r\n", 400, "GET /a HTTP/1.0"),
      Refused(
        "GET /a HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 20_000))\r\n\r\n",
        431,
        "GET /a HTTP/1.1"
      ),
      Refused(
        "TRACE /static/a.css HTTP/1.1\r\nHost: x\r\n\r\n",
        405,
        "TRACE /static/a.css HTTP/1.1"
      ),
      Refused("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", 501, "CONNECT x:1 HTTP/1.1"),
      // It does not come in time.
      Refused("GET /a HTTP/1.1\r\nHo", 408, "GET /a HTTP/1.1"), Refused("GE", 408),
    ]
  }

  @Test(
    "a request that is refused has what is known of it, and the bytes of the answer",
    arguments: Refused.rows
  )
  func refused(row: Refused) throws {
    for format in AccessLog.Format.allCases {
      let log = LogFile()
      let (server, port) = try directory.serveWithoutGrace {
        $0.accessLog = log.log(format)
        $0.headTimeout = .seconds(1)
      }
      let client = HTTPClient(port: port)
      client.send(row.text)
      let answer = try #require(client.response(hasBody: !row.text.hasPrefix("HEAD")))
      #expect(answer.status == row.status)
      server.stop()
      try #require(log.lines.count == 1, "\(log.lines)")
      guard format == .json else {
        let request = row.line[0].isEmpty ? "-" : row.line.joined(separator: " ")
        #expect(log.lines[0].contains(" \"\(request)\" \(row.status) \(answer.body.count) \""))
        continue
      }
      let line = log.requests[0]
      #expect(["method", "target", "protocol"].map { line[$0] as? String } == row.line)
      #expect(line["status"] as? Int == row.status)
      #expect(line["bytes"] as? Int == answer.body.count)
    }
  }

  @Test("a trusted proxy's view is logged of refused requests, too, where the head is whole")
  func refusedBehindProxy() throws {
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace {
      $0.accessLog = log.log()
      $0.forwardingPolicy.trust = .everyone
      $0.contentBytesMax = 10
    }
    let claims =
      "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\nX-Request-Id: edge-17\r\n"
    for head in ["Host: x\r\n\(claims)Content-Length: 99\r\n\r\n", "\(claims)\r\n"] {
      let client = HTTPClient(port: port)
      client.send("POST /static/a.css HTTP/1.1\r\n\(head)")
      #expect(client.response() != nil)
    }
    server.stop()
    #expect(values(log, "status") == ["413", "400"])
    #expect(values(log, "remote") == ["192.0.2.7", "127.0.0.1"])
    #expect(values(log, "scheme") == ["https", "http"])
    #expect(values(log, "id")[0] == "edge-17")
  }

  /// Bytes with which a client may try to forge lines: in the target, the referer and the user
  /// agent.
  static let forgeries: [(name: String, bytes: [UInt8])] = [
    ("a quote", Array("a\"b".utf8)), ("a backslash", Array("a\\b".utf8)),
    ("a backslash at the end", Array("a\\".utf8)), ("a backslash and a quote", Array("\\\"".utf8)),
    ("an object", Array("\",\"status\":200,\"x\":\"".utf8)),
    ("a combined line", Array("\" 200 1 \"-\" \"x\"".utf8)),
    ("a tab", Array("a\tb".utf8)), ("UTF-8", Array("ä€😀".utf8)), ("invalid UTF-8", [0xFF, 0xC3]),
    ("a lone continuation", [0x80, 0x41]), ("an overlong slash", [0xC0, 0xAF]),
    ("a surrogate", [0xED, 0xA0, 0x80]), ("next line", [0xC2, 0x85]),
    ("line separator", [0xE2, 0x80, 0xA8]), ("an escape", Array("\\u000a".utf8)),
    ("brackets", Array("[] {}".utf8)), ("percent", Array("%0a%00%s%n".utf8)),
  ]

  @Test(
    "no content breaks a line, in either format",
    arguments: forgeries.map(\.name),
    AccessLog.Format.allCases
  )
  func forged(name: String, format: AccessLog.Format) throws {
    let bytes = try #require(Self.forgeries.first { $0.name == name }).bytes
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace { $0.accessLog = log.log(format) }
    let client = HTTPClient(port: port)
    // A target has no spaces and no control characters.
    let target = bytes.filter { $0 > 0x20 }
    client.send(
      Array("GET /static/".utf8) + target + Array(" HTTP/1.1\r\nHost: x\r\nReferer: ".utf8) + bytes
        + Array("\r\nUser-Agent: ".utf8) + bytes + Array("\r\nConnection: close\r\n\r\n".utf8)
    )
    _ = client.rest()
    server.stop()
    let lines = log.lines
    try #require(lines.count == 1, "\(lines)")
    #expect(lines[0].utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    let expected = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    switch format {
    case .json:
      #expect(values(log, "referer") == [expected])
      #expect(values(log, "user_agent") == [expected])
      #expect(values(log, "target")[0].hasPrefix("/static/"))
      #expect(log.requests[0].count == 15)
    case .combined:
      // Six quotes delimit three fields; none is left inside of them.
      #expect(lines[0].count { $0 == "\"" } == 6)
      #expect(lines[0].wholeMatch(of: Self.combined) != nil, "\(lines[0])")
    }
  }

  /// A line as parsed by Apache and GoAccess.
  private static var combined: Regex<AnyRegexOutput> {
    // swift-format-ignore: NeverForceUnwrap
    try! Regex(
      #"127\.0\.0\.1 - - \[\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d \+0000\] "#
        + #""[^"]*" \d{3} \d+ "[^"]*" "[^"]*""#
    )
  }
}
