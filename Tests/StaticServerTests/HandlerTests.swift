import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Requests answered by a function of this process, over real sockets.
///
/// Goal: it gets the same fields as an app, a client can always tell a whole response from a broken
/// one, and neither waits for the other unnecessarily.
@Suite struct HandlerTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  private func serve(
    _ change: (inout HandlerConfiguration) -> Void = { _ in },
    _ handler: @escaping RequestHandler
  ) throws -> (server: StaticServer, port: UInt16) {
    try directory.serve { configuration in
      var configured = HandlerConfiguration(handler)
      configured.executor = ThreadExecutor()
      change(&configured)
      configuration.handler = configured
    }
  }

  @Test("files are served from the table, all else by the handler, on one connection")
  func beside() throws {
    let (server, port) = try serve { request in
      HandlerResponse(
        status: 201,
        text: "\(request.method) \(request.path) \(request.query ?? "-")"
      )
    }
    let client = HTTPClient(port: port)
    for _ in 0..<3 {
      #expect(client.get("/static/a.txt")?.text == "hello")
      let page = try #require(client.get("/page%20one?q=a%2Fb"))
      #expect(page.status == 201)
      #expect(page.text == "GET /page%20one q=a%2Fb")
      #expect(page["Content-Type"] == "text/plain; charset=utf-8")
      #expect(page["Content-Length"] == "\(page.body.count)")
      #expect(page["X-Request-Id"] != nil)
      #expect(page["Date"] != nil)
      #expect(client.get("/static/none")?.status == 404)
    }
    server.stop()
  }

  @Test(
    "a handler gets the fields of an app: no forged fields, none of the connection"
  )
  func fields() throws {
    let (server, port) = try serve { request in
      let names = ["host", "X-FORWARDED-FOR", "accept", "connection", "x-secret", "upgrade", "te"]
      let text = names.map { "\($0)=\(request.fields[$0] ?? "none")" }.joined(separator: "\n")
      return HandlerResponse(text: text)
    }
    let page = try #require(
      HTTPClient(port: port).get(
        "/",
        "X-Forwarded-For: 1.2.3.4",
        "Accept: a",
        "Accept: b",
        "Connection: x-secret, upgrade, te",
        "X-Secret: s",
        "Upgrade: websocket",
        "TE: trailers"
      )
    )
    #expect(
      page.text == """
        host=test
        X-FORWARDED-FOR=127.0.0.1
        accept=a, b
        connection=none
        x-secret=none
        upgrade=none
        te=none
        """
    )
    server.stop()
  }

  @Test(
    "content arrives whole, from memory or a file, however often it is read",
    arguments: [0, 1, 999, 1000, 1001, 65_536, 65_537, 200_000],
    [true, false]
  )
  func content(byteCount: Int, isChunked: Bool) throws {
    let bytes = TemporaryDirectory.pattern(byteCount)
    let (server, port) = try serve({ $0.memoryBytesMax = 1000 }) { request in
      var pieces: [UInt8] = []
      for try await piece in request.content {
        #expect((1...65536).contains(piece.count))
        pieces += piece
      }
      let all = try await request.content.collect(upTo: byteCount)
      let length = request.fields["Content-Length"] ?? "none"
      let isSame = all == pieces && request.content.byteCount == Int64(all.count)
      return HandlerResponse(fields: ["Length": length, "Same": "\(isSame)"], body: .bytes(all))
    }
    let client = HTTPClient(port: port)
    client.send("POST / HTTP/1.1\r\nHost: x\r\n")
    if isChunked {
      client.send("Transfer-Encoding: chunked\r\n\r\n")
      for start in stride(from: 0, to: byteCount, by: 30_000) {
        let part = bytes[start..<min(start + 30_000, byteCount)]
        client.send("\(String(part.count, radix: 16))\r\n".utf8 + part + "\r\n".utf8)
      }
      client.send("0\r\n\r\n")
    } else {
      client.send("Content-Length: \(byteCount)\r\n\r\n".utf8 + bytes)
    }
    let answer = try #require(client.response())
    #expect(answer["Length"] == "\(byteCount)")
    #expect(answer["Same"] == "true")
    #expect(answer.body == bytes)
    server.stop()
  }

  @Test("content larger than the limit of the read is a separate error", arguments: [9, 10, 11])
  func contentLimit(byteCount: Int) throws {
    let (server, port) = try serve { request in
      do {
        return HandlerResponse(text: "\(try await request.content.collect(upTo: 10).count)")
      } catch let error as HandlerContent.ReadError where error.code == .tooLarge {
        return HandlerResponse(status: 413, text: "\(error)")
      }
    }
    let client = HTTPClient(port: port)
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(byteCount)\r\n\r\n")
    client.send([UInt8](repeating: 7, count: byteCount))
    let answer = try #require(client.response())
    #expect(answer.status == (byteCount > 10 ? 413 : 200))
    let reason = "the content has \(byteCount) bytes, more than the limit"
    #expect(answer.text == (byteCount > 10 ? reason : "\(byteCount)"))
    server.stop()
  }

  /// A handler's response, and the part that reaches a client.
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    var method = "GET"
    let response: HandlerResponse
    var status = 200
    var body = ""
    /// `Content-Length` in the response.
    var length: String?
    var testDescription: String { name }
  }

  static let stream = HandlerBody.stream { writer in
    try await writer.write("he")
    try await writer.write("")
    try await writer.write("llo")
  }

  static let rows: [Row] = [
    Row(name: "bytes", response: HandlerResponse(text: "hello"), body: "hello", length: "5"),
    Row(name: "no content", response: HandlerResponse(), length: "0"),
    Row(name: "HEAD", method: "HEAD", response: HandlerResponse(text: "hello"), length: "5"),
    Row(
      name: "HEAD with the length of what GET would send",
      method: "HEAD",
      response: HandlerResponse(fields: ["Content-Length": "99"]),
      length: "99"
    ),
    Row(name: "HEAD of a stream", method: "HEAD", response: HandlerResponse(body: stream)),
    Row(name: "204", response: HandlerResponse(status: 204, text: "hello"), status: 204),
    Row(name: "304", response: HandlerResponse(status: 304, body: stream), status: 304),
    Row(
      name: "a status without a name",
      response: HandlerResponse(status: 299),
      status: 299,
      length: "0"
    ),
    Row(name: "a stream of unknown length", response: HandlerResponse(body: stream), body: "hello"),
    Row(
      name: "a stream of known length",
      response: HandlerResponse(body: .stream(byteCount: 5) { try await $0.write("hello") }),
      body: "hello",
      length: "5"
    ),
    Row(
      name: "more than was said",
      response: HandlerResponse(body: .stream(byteCount: 3) { try await $0.write("hello") }),
      body: "hel",
      length: "3"
    ),
    Row(
      name: "framing of its own is ours",
      response: HandlerResponse(
        fields: [
          "Content-Length": "7", "Transfer-Encoding": "chunked", "Connection": "close",
          "Keep-Alive": "9", "Upgrade": "x",
        ],
        body: .bytes(Array("hello".utf8))
      ),
      body: "hello",
      length: "5"
    ),
  ]

  @Test("responses", arguments: rows)
  func response(row: Row) throws {
    let (server, port) = try serve { _ in row.response }
    let client = HTTPClient(port: port)
    // Twice on one connection, which shows where the first response ended.
    for _ in 0..<2 {
      let answer = try #require(client.get("/", method: row.method))
      #expect(answer.status == row.status)
      #expect(answer.text == row.body)
      #expect(answer["Content-Length"] == row.length)
      for name in ["Connection", "Keep-Alive", "Upgrade"] { #expect(answer[name] == nil) }
    }
    server.stop()
  }

  @Test("repeated fields stay separate and in order")
  func repeatedFields() throws {
    let (server, port) = try serve { _ in
      HandlerResponse(fields: ["Set-Cookie": "a=1", "X": "y", "set-cookie": "b=2"])
    }
    let answer = try #require(HTTPClient(port: port).get("/"))
    #expect(
      answer.fields.filter { $0.name.lowercased() == "set-cookie" }.map(\.value) == ["a=1", "b=2"]
    )
    server.stop()
  }

  struct Broken: Error {}

  static let failures: [(String, RequestHandler)] = [
    ("throws", { _ in throw Broken() }),
    ("status 199", { _ in HandlerResponse(status: 199) }),
    ("status 600", { _ in HandlerResponse(status: 600) }),
    ("a line's end in a value", { _ in HandlerResponse(fields: ["A": "b\r\nSet-Cookie: x=y"]) }),
    ("a line feed in a value", { _ in HandlerResponse(fields: ["A": "b\nSet-Cookie: x=y"]) }),
    ("NUL in a value", { _ in HandlerResponse(fields: ["A": "b\0"]) }),
    ("a name with a space", { _ in HandlerResponse(fields: ["A b": "c"]) }),
    ("a name with a colon", { _ in HandlerResponse(fields: ["A: b\r\nC": "d"]) }),
    ("no name", { _ in HandlerResponse(fields: ["": "c"]) }),
  ]

  @Test(
    "a response that cannot be sent is 500, is reported, and the connection stays open",
    arguments: 0..<failures.count
  )
  func failure(index: Int) throws {
    let reports = Reports()
    let (server, port) = try serve(
      { $0.onError = { error, request in reports.add("\(request.target) \(error)") } },
      Self.failures[index].1
    )
    let client = HTTPClient(port: port)
    for number in 1...2 {
      let answer = try #require(client.get("/\(number)"))
      #expect(answer.status == 500)
      #expect(answer["Set-Cookie"] == nil)
    }
    #expect(client.get("/static/a.txt")?.text == "hello")
    // Reported after the response, so that no client waits for it.
    try reports.wait(for: 2)
    #expect(Set(reports.lines.map { $0.prefix(3) }) == ["/1 ", "/2 "])
    server.stop()
  }

  @Test("an aborted response shows as incomplete, and is reported", arguments: [nil, 100 as Int64])
  func brokenOff(byteCount: Int64?) throws {
    let reports = Reports()
    let (server, port) = try serve({ $0.onError = { error, _ in reports.add("\(error)") } }) {
      _ in
      HandlerResponse(
        body: .stream(byteCount: byteCount) { writer in
          try await writer.write("half")
          throw Broken()
        }
      )
    }
    let client = HTTPClient(port: port)
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    let text = String(decoding: client.rest(), as: UTF8.self)
    #expect(text.contains("half"))
    #expect(!text.hasSuffix("0\r\n\r\n"))
    try reports.wait(for: 1)
    #expect(reports.lines == ["Broken()"])
    server.stop()
  }

  @Test("fewer bytes than announced end the connection")
  func tooFew() throws {
    let (server, port) = try serve { _ in
      HandlerResponse(body: .stream(byteCount: 10) { try await $0.write("half") })
    }
    let client = HTTPClient(port: port)
    #expect(client.get("/") == nil)
    server.stop()
  }

  @Test("an HTTP/1.0 client gets a stream that ends with its connection")
  func version10() throws {
    let (server, port) = try serve { _ in HandlerResponse(body: Self.stream) }
    let client = HTTPClient(port: port)
    client.send("GET / HTTP/1.0\r\n\r\n")
    let text = String(decoding: client.rest(), as: UTF8.self)
    #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(text.hasSuffix("\r\n\r\nhello"))
    server.stop()
  }

  @Test(
    "written bytes are sent while the handler waits, and it learns that its client has left",
    arguments: [true, false]
  )
  func events(isReset: Bool) throws {
    let ended = Reports()
    let hasLeft = Reports()
    let (server, port) = try serve { _ in
      HandlerResponse(
        fields: ["Content-Type": "text/event-stream"],
        body: .stream { writer in
          do {
            try await writer.write("data: 1\n\n")
            if isReset { try await Task.sleep(for: .seconds(100)) }
            try hasLeft.wait(for: 1)
            // Whether a half-closed client is gone shows only when something is sent to it.
            while true { try await writer.write("data: 2\n\n") }
          } catch {
            ended.add("\(error is CancellationError)")
            throw error
          }
        }
      )
    }
    do {
      let client = HTTPClient(port: port)
      if isReset { client.resetAtEnd() }
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      var text = ""
      while !text.contains("data: 1\n\n") {
        text += String(decoding: try #require(client.someBytes()), as: UTF8.self)
      }
    }
    hasLeft.add("")
    try ended.wait(for: 1)
    #expect(ended.lines == ["true"])
    server.stop()
  }

  @Test("a writer waits for a slow client, and everything arrives")
  func backPressure() throws {
    let written = Reports()
    let piece = TemporaryDirectory.pattern(50_000)
    let (server, port) = try serve { _ in
      HandlerResponse(
        body: .stream { writer in
          for _ in 0..<400 {
            try await writer.write(piece)
            written.add("")
          }
        }
      )
    }
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    // It continues until the buffers of the system and of staticd are full, and no further.
    try written.wait(for: 1)
    var count = 0
    let isHeld = eventually {
      count = written.lines.count
      letLoopsTurn(port)
      return count == written.lines.count
    }
    #expect(isHeld)
    #expect((1..<300).contains(count))
    let answer = try #require(client.response())
    #expect(answer.body.count == 20_000_000)
    for start in stride(from: 0, to: answer.body.count, by: piece.count) {
      #expect(answer.body[start..<start + piece.count] == piece[...])
    }
    server.stop()
  }

  @Test("one large body needs no file, and is in the log and the counters")
  func largeBody() throws {
    let bytes = TemporaryDirectory.pattern(5_000_000)
    let (server, port) = try serve({ $0.temporaryDirectory = "/nonexistent" }) { _ in
      HandlerResponse(body: .bytes(bytes))
    }
    let client = HTTPClient(port: port)
    let answer = try #require(client.get("/"))
    #expect(answer.body == bytes)
    #expect(server.statistics.forwarded == 1)
    #expect(server.statistics.successes == 1)
    server.stop()
  }

  @Test("a handler that does not respond in time is 504, and its task is cancelled")
  func timeout() throws {
    let ended = Reports()
    let (server, port) = try serve({ $0.responseTimeout = .seconds(1) }) { _ in
      do {
        try await Task.sleep(for: .seconds(100))
      } catch {
        ended.add("cancelled")
      }
      return HandlerResponse()
    }
    let client = HTTPClient(port: port)
    #expect(client.get("/")?.status == 504)
    try ended.wait(for: 1)
    #expect(client.get("/static/a.txt")?.text == "hello")
    server.stop()
  }

  @Test("work of a handler after its response is not cancelled")
  func afterwards() throws {
    let ended = Reports()
    let answered = Reports()
    let (server, port) = try serve { _ in
      HandlerResponse(
        body: .stream(byteCount: 2) { writer in
          try await writer.write("ok")
          try answered.wait(for: 1)
          ended.add("\(Task.isCancelled)")
        }
      )
    }
    #expect(HTTPClient(port: port).get("/")?.text == "ok")
    answered.add("")
    try ended.wait(for: 1)
    #expect(ended.lines == ["false"])
    server.stop()
  }

  @Test("a stop lets a handler finish, and new clients are refused")
  func draining() async throws {
    let begun = Reports()
    let gate = Reports()
    let (server, port) = try directory.serve { configuration in
      configuration.grace = .seconds(60)
      var handler = HandlerConfiguration { _ in
        begun.add("")
        try gate.wait(for: 1)
        return HandlerResponse(text: "late")
      }
      handler.executor = ThreadExecutor()
      configuration.handler = handler
    }
    let client = HTTPClient(port: port)
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    try begun.wait(for: 1)
    server.beginStopping()
    #expect(!server.hasStopped)
    gate.add("")
    #expect(client.response()?.text == "late")
    try await server.run()
    #expect(server.hasStopped)
    #expect(HTTPClient(connectingTo: port) == nil)
  }

  @Test("the grace time ends a handler that does not finish")
  func grace() async throws {
    let begun = Reports()
    let ended = Reports()
    let (server, port) = try directory.serve { configuration in
      configuration.grace = .seconds(1)
      var handler = HandlerConfiguration { _ in
        begun.add("")
        do { try await Task.sleep(for: .seconds(100)) } catch { ended.add("") }
        return HandlerResponse()
      }
      handler.executor = ThreadExecutor()
      configuration.handler = handler
    }
    let client = HTTPClient(port: port)
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    try begun.wait(for: 1)
    server.beginStopping()
    try await server.run()
    try ended.wait(for: 1)
    #expect(client.rest().isEmpty)
  }

  @Test("a file named by a handler is sent instead of its content")
  func namedFile() throws {
    directory.write("secret", to: "private/b.txt")
    let path = directory.path("private")
    let (server, port) = try serve({
      $0.namedFiles = [NamedDirectory(prefix: "/private/", path: path)]
    }) { _ in HandlerResponse(fields: ["X-Accel-Redirect": "/private/b.txt"]) }
    let client = HTTPClient(port: port)
    #expect(client.get("/b")?.text == "secret")
    let part = try #require(client.get("/b", "Range: bytes=2-3"))
    #expect(part.status == 206)
    #expect(part.text == "cr")
    server.stop()
  }

  @Test("concurrent requests each get their own response")
  func concurrent() async throws {
    let (server, port) = try serve { request in
      await Task.yield()
      let text =
        "\(request.target)\(String(repeating: "x", count: request.target.utf8.count * 999))"
      return HandlerResponse(body: .stream { try await $0.write(text) })
    }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for client in 0..<16 {
        group.addTask {
          let connection = HTTPClient(port: port)
          return (0..<50).allSatisfy { number in
            let target = "/\(client)/\(number)"
            guard let text = connection.get(target)?.text else { return false }
            return text.hasPrefix("\(target)x") && text.utf8.count == target.utf8.count * 1000
          }
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
    #expect(server.statistics.successes == 800)
    server.stop()
  }
}

/// Lines added by one task and awaited by another.
private final class Reports: Sendable {
  private let lock = NSLock()
  private nonisolated(unsafe) var stored: [String] = []

  var lines: [String] { lock.withLock { stored } }

  func add(_ line: String) { lock.withLock { stored.append(line) } }

  /// Returns when there are `count` lines.
  func wait(for count: Int) throws {
    try #require(eventually { lines.count >= count })
  }
}
