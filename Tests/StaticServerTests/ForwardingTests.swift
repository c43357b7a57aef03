import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Requests answered by an app, over real sockets.
///
/// Goal: forwarded requests and responses are framed unambiguously, whatever the framing on the
/// other side and however they are split.
@Suite struct ForwardingTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp"
  private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

  /// A response of an app, and the response to an HTTP/1.1 client.
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let sent: String
    var status = 200
    var body = "hello"
    var closes = false
    /// Whether the end of the response is certain.
    var isReused = true
    var testDescription: String { name }
  }

  static let rows: [Row] = [
    Row(name: "length", sent: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
    Row(
      name: "chunks",
      sent: chunked + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
    ),
    Row(
      name: "chunks with extension and trailer",
      sent: chunked + "5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n"
    ),
    Row(name: "the connection's end", sent: "HTTP/1.1 200 OK\r\n\r\nhello", closes: true),
    Row(name: "HTTP/1.0", sent: "HTTP/1.0 200 OK\r\n\r\nhello", closes: true),
    Row(
      name: "no reason",
      sent: "HTTP/1.1 201\r\nContent-Length: 0\r\n\r\n",
      status: 201,
      body: ""
    ),
    Row(
      name: "204",
      sent: "HTTP/1.1 204 No Content\r\n\r\n",
      status: 204,
      body: "",
      isReused: false
    ),
    Row(
      name: "304 with a length",
      sent: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
      status: 304,
      body: "",
      isReused: false
    ),
    Row(
      name: "304 with no content for certain",
      sent: "HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n",
      status: 304,
      body: ""
    ),
    Row(
      name: "100 first",
      sent: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    ),
    Row(
      name: "an error",
      sent: "HTTP/1.1 500 Oh\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
      status: 500,
      closes: true
    ),
  ]

  @Test("responses", arguments: rows, [true, false])
  func response(row: Row, inPieces: Bool) throws {
    let app = RecordingApp { connection in
      while connection.request() != nil {
        if inPieces {
          connection.sendInPieces(row.sent)
        } else {
          connection.send(row.sent)
        }
        if row.closes { return }
      }
    }
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    for _ in 0..<2 {
      let answer = try #require(client.get("/page"))
      #expect(answer.status == row.status)
      #expect(answer.text == row.body)
      #expect(answer["Date"] != nil)
      #expect(answer["Connection"] == nil)
      #expect(client.get("/static/a.txt")?.text == "hello")
    }
    #expect(app.requests.count == 2)
    #expect(app.connectionCount == (row.closes || !row.isReused ? 2 : 1))
    server.stop()
  }

  @Test(
    "malformed responses are 502",
    arguments: [
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\n\n",
      "junk\r\n",
      "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA: " + String(repeating: "x", count: 70_000), "HTTP/1.1 200 O", "",
    ]
  )
  func malformed(sent: String) throws {
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      connection.send(sent)
    }
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    let answer = try #require(client.get("/page"))
    #expect(answer.status == 502)
    #expect(answer["Content-Type"] == "text/html; charset=\"utf-8\"")
    #expect(answer["Cache-Control"] == "no-store")
    let json = try #require(client.get("/page", "Accept: application/json"))
    #expect(json.text == "{\"status\":502,\"error\":\"Bad Gateway\"}\n")
    #expect(client.get("/static/a.txt")?.text == "hello")
    server.stop()
  }

  @Test(
    "a truncated response is never completed",
    arguments: [
      "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n",
    ]
  )
  func truncated(sent: String) throws {
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      connection.send(sent)
    }
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    #expect(client.get("/page") == nil)
    let old = HTTPClient(port: port)
    old.send("GET /page HTTP/1.0\r\n\r\n")
    let text = String(decoding: old.rest(), as: UTF8.self)
    #expect(text.isEmpty || text.hasSuffix("hello"))
    server.stop()
  }

  @Test("an HTTP/1.0 client gets the end of the connection instead of chunks")
  func version10() throws {
    let app = RecordingApp(
      answering: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    )
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    client.send("GET /page HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    let text = String(decoding: client.rest(), as: UTF8.self)
    #expect(text.hasSuffix("\r\n\r\nhello"))
    #expect(!text.lowercased().contains("chunked"))
    #expect(text.contains("Connection: close\r\n"))
    #expect(app.requests[0].values("host") == ["127.0.0.1:\(port)"])
    server.stop()
  }

  @Test(
    "HEAD has the length and no content, even if the app sends some",
    arguments: [true, false]
  )
  func head(hasContent: Bool) throws {
    let app = RecordingApp { connection in
      while let request = connection.request() {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        if request.lines[0].hasPrefix("HEAD"), !hasContent { continue }
        connection.awaitReading()
        connection.send("hello")
      }
    }
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    for _ in 0..<20 {
      let answer = try #require(client.get("/page", method: "HEAD"))
      #expect(answer.status == 200)
      #expect(answer["Content-Length"] == "5")
      #expect(client.get("/page")?.text == "hello")
    }
    server.stop()
  }

  @Test("103 is sent to HTTP/1.1 clients only")
  func earlyHints() throws {
    let app = RecordingApp(
      answering: "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n\(Self.ok)"
    )
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    let hints = try #require(client.get("/page"))
    #expect(hints.status == 103)
    #expect(hints["Link"] == "</a.css>")
    #expect(client.response()?.text == "app")
    let old = HTTPClient(port: port)
    old.send("GET /page HTTP/1.0\r\n\r\n")
    #expect(String(decoding: old.rest(), as: UTF8.self).hasPrefix("HTTP/1.1 200"))
    server.stop()
  }

  @Test("hop-by-hop fields are removed in both directions")
  func hopByHop() throws {
    let app = RecordingApp(
      answering: """
        HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: X-Secret, keep-alive\r\nX-Secret: 1\r
        Keep-Alive: timeout=5\r\nX-Accel-Buffering: no\r\nTrailer: X\r\nServer: app\r\n\r\napp
        """
    )
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    let answer = try #require(
      client.get(
        "/page?a=%2F",
        "Connection: x-drop",
        "X-Drop: 1",
        "TE: trailers",
        "Keep-Alive: 1",
        "Proxy-Connection: keep-alive",
        "X-Keep: 2"
      )
    )
    #expect(answer.text == "app")
    #expect(answer.fields.map { $0.name } == ["Server", "X-Request-Id", "Content-Length", "Date"])
    let request = try #require(app.requests.first)
    #expect(
      request.lines.prefix(3) == ["GET /page?a=%2F HTTP/1.1", "Host: test", "X-Keep: 2"]
    )
    #expect(request.lines.suffix(2) == ["TE: trailers", "Connection: TE"])
    #expect(request.values("x-request-id") == [answer["X-Request-Id"]])
    server.stop()
  }

  @Test(
    "targets and hosts",
    arguments: [
      ("GET http://other:81/x?y HTTP/1.1\r\nHost: test\r\n\r\n", "GET /x?y HTTP/1.1", "other:81"),
      ("GET http://other HTTP/1.1\r\nHost: test\r\n\r\n", "GET / HTTP/1.1", "other"),
      ("GET http://other?y HTTP/1.1\r\nHost: test\r\n\r\n", "GET /?y HTTP/1.1", "other"),
      ("PURGE /a%2F../b//c HTTP/1.1\r\nHost: test\r\n\r\n", "PURGE /a%2F../b//c HTTP/1.1", "test"),
    ]
  )
  func targets(sent: String, line: String, host: String) throws {
    let app = RecordingApp(answering: Self.ok)
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    client.send(sent)
    #expect(client.response()?.text == "app")
    #expect(app.requests.first?.lines.first == line)
    #expect(app.requests.first?.values("host") == [host])
    server.stop()
  }

  @Test(
    "content arrives whole and with its length, however it was sent",
    arguments: [0, 1, 65_535, 65_536, 65_537, 3_000_000],
    [true, false]
  )
  func content(byteCount: Int, isChunked: Bool) throws {
    let app = RecordingApp(answering: Self.ok)
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    let content = TemporaryDirectory.pattern(byteCount)
    for _ in 0..<2 {
      client.send("POST /form HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n")
      if isChunked {
        client.send("Transfer-Encoding: chunked\r\n\r\n")
        for start in stride(from: 0, to: byteCount, by: 50_000) {
          let part = content[start..<min(start + 50_000, byteCount)]
          client.send("\(String(part.count, radix: 16))\r\n")
          client.send(part)
          client.send("\r\n")
        }
        client.send("0\r\n\r\n")
      } else {
        client.send("Content-Length: \(byteCount)\r\n\r\n")
        client.send(content)
      }
      // A 100 (Continue) depends on how much of the content arrived with the head.
      var answer = client.response()
      if answer?.status == 100 { answer = client.response() }
      #expect(answer?.text == "app")
    }
    #expect(app.requests.map(\.content) == [content, content])
    for request in app.requests {
      #expect(request.values("content-length") == ["\(byteCount)"])
      #expect(request.values("transfer-encoding").isEmpty)
      #expect(request.values("expect").isEmpty)
    }
    server.stop()
  }

  @Test("a client that waits gets 100 (Continue), one that sends too much does not")
  func expectation() throws {
    let app = RecordingApp(answering: Self.ok)
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.contentBytesMax = 1000
    }
    let head = "POST /form HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
    let client = HTTPClient(port: port)
    client.send("\(head)Content-Length: 1000\r\n\r\n")
    #expect(client.response()?.status == 100)
    client.send(String(repeating: "x", count: 1000))
    #expect(client.response()?.text == "app")
    client.send("\(head)Content-Length: 1001\r\n\r\n")
    let refused = try #require(client.response())
    #expect(refused.status == 413)
    #expect(refused["Connection"] == "close")
    #expect(client.isClosed)
    let chunked = HTTPClient(port: port)
    chunked.send("POST /form HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n")
    chunked.send(String(repeating: "x", count: 1001))
    #expect(chunked.response()?.status == 413)
    #expect(app.requests.count == 1)
    server.stop()
  }

  @Test("pipelined requests are answered in order, by files and app")
  func pipelined() throws {
    let app = RecordingApp { connection in
      while let request = connection.request() {
        let path = request.lines[0].split(separator: " ")[1]
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(path.utf8.count)\r\n\r\n\(path)")
      }
    }
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    let paths = ["/1", "/static/a.txt", "/2", "/3", "/static/a.txt"]
    for _ in 0..<20 {
      client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: test\r\n\r\n" }.joined())
      let texts = paths.map { _ in client.response()?.text }
      #expect(texts == ["/1", "hello", "/2", "/3", "hello"])
    }
    server.stop()
  }

  @Test("OPTIONS * is answered by staticd, TRACE is refused")
  func ours() throws {
    let app = RecordingApp(answering: Self.ok)
    let (server, port) = try directory.serve(before: app)
    #expect(HTTPClient(port: port).get("*", method: "OPTIONS")?.status == 204)
    let trace = try #require(HTTPClient(port: port).get("/page", method: "TRACE"))
    #expect(trace.status == 405)
    #expect(trace["Allow"]?.contains("GET") == true)
    #expect(HTTPClient(port: port).get("/page", method: "trace")?.text == "app")
    #expect(HTTPClient(port: port).get("/page", method: "CONNECT")?.status == 501)
    #expect(HTTPClient(port: port).get("other:443", method: "CONNECT")?.status == 501)
    #expect(HTTPClient(port: port).get("/static/none")?.status == 404)
    #expect(HTTPClient(port: port).get("/page", method: "OPTIONS")?.text == "app")
    #expect(app.requests.count == 2)
    server.stop()
  }
}
