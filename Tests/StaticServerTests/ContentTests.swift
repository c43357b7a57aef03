import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Requests with content, which files ignore.
///
/// Goal: content within its limit is discarded and the connection continues with the next request,
/// however it is split; in all other cases the connection ends, and no byte of content is ever
/// parsed as a request.
@Suite struct ContentTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  private static let post = "POST /static/a.txt HTTP/1.1\r\nHost: x\r\n"
  private static let next = "GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n"
  /// Content that looks like a request.
  private static let trap = "GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n"

  private static func length(_ content: String) -> String {
    "\(post)Content-Length: \(content.utf8.count)\r\n\r\n\(content)"
  }

  private static func chunked(_ content: String, chunk: Int = 1000) -> String {
    var text = "\(post)Transfer-Encoding: chunked\r\n\r\n"
    var rest = Array(content.utf8)[...]
    while !rest.isEmpty {
      let part = rest.prefix(chunk)
      text += "\(String(part.count, radix: 16))\r\n\(String(decoding: part, as: UTF8.self))\r\n"
      rest = rest.dropFirst(chunk)
    }
    return text + "0\r\n\r\n"
  }

  @Test(
    "the connection continues, however the bytes are split",
    arguments: [
      length("abc"), length(trap), chunked("abc"), chunked(trap, chunk: 7),
      "\(post)Transfer-Encoding: chunked\r\n\r\n3;a=\"b\"\r\nabc\r\n0\r\nA: b\r\n\r\n",
    ]
  )
  func everyCut(request: String) throws {
    let bytes = Array((request + Self.next).utf8)
    var harness = try LoopHarness(directory)
    let client = try harness.connect()
    for cut in 0...bytes.count {
      try harness.send(bytes[..<cut], client)
      try harness.send(bytes[cut...], client)
      #expect(harness.statuses(client) == [405, 200], "cut at \(cut)")
    }
    for byte in bytes { try harness.send([byte], client) }
    #expect(harness.statuses(client) == [405, 200])
    harness.finish()
  }

  @Test(
    "content up to its limit, and one byte more",
    arguments: [99_999, 100_000, 100_001],
    [true, false]
  )
  func limit(byteCount: Int, isChunked: Bool) throws {
    let (server, port) = try directory.serve { $0.contentBytesMax = 100_000 }
    let content = String(repeating: "x", count: byteCount)
    let client = HTTPClient(port: port)
    client.send((isChunked ? Self.chunked(content) : Self.length(content)) + Self.next)
    let answer = try #require(client.response())
    #expect(answer.status == (byteCount <= 100_000 ? 405 : 413))
    if byteCount <= 100_000 {
      #expect(answer["Connection"] == nil)
      #expect(client.response()?.text == "hello")
      #expect(client.get("/static/a.txt")?.text == "hello")
    } else {
      #expect(answer["Connection"] == "close")
      #expect(client.isClosed)
    }
    client.finish()
    server.stop()
  }

  @Test("a limit of 0 refuses all content")
  func none() throws {
    var harness = try LoopHarness(directory) { $0.contentBytesMax = 0 }
    let client = try harness.connect()
    try harness.send((Self.chunked("") + Self.next).utf8, client)
    #expect(harness.statuses(client) == [405, 200])
    try harness.send((Self.length("a") + Self.next).utf8, client)
    #expect(harness.statuses(client) == [413, 0])
    harness.finish()
  }

  @Test(
    "malformed chunks end the connection, and earlier requests are answered",
    arguments: [
      "x\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\nabc\r\n0\r\n\r\n", "3;a\nb\r\nabc\r\n0\r\n\r\n",
      "0\r\nA b\r\n\r\n", "fffffffffffffffff\r\n",
    ]
  )
  func badChunk(content: String) throws {
    let request = "\(Self.post)Transfer-Encoding: chunked\r\n\r\n\(content)\(Self.trap)"
    let bytes = Array((Self.next + request).utf8)
    for cut in 0...bytes.count {
      var harness = try LoopHarness(directory)
      let client = try harness.connect()
      try harness.send(bytes[..<cut], client)
      // The rest may fail: the loop discards input before it closes.
      try harness.send(bytes[cut...], client)
      #expect(harness.statuses(client) == [200, 400, 0], "cut at \(cut)")
      harness.finish()
    }
  }

  @Test("a client that sends everything before it reads gets all responses")
  func largeBoth() throws {
    let body = TemporaryDirectory.pattern(20_000_000)
    directory.write(body, to: "large.bin")
    let (server, port) = try directory.serve { $0.contentBytesMax = 16 << 20 }
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    let content = String(repeating: "x", count: 10_000_000)
    client.send(
      "GET /static/large.bin HTTP/1.1\r\nHost: x\r\nContent-Length: \(content.utf8.count)\r\n\r\n"
        + content + Self.next
    )
    #expect(client.response()?.body == body)
    #expect(client.response()?.text == "hello")
    server.stop()
  }

  @Test("after a blocked response, content and requests wait in order")
  func behindBlockedAnswer() throws {
    let body = TemporaryDirectory.pattern(5_000_000)
    directory.write(body, to: "large.bin")
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    let large = "GET /static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n"
    let content = String(repeating: Self.trap, count: 10_000)
    let text = large + Self.length(content) + large + Self.chunked(content) + Self.next
    let sender = Thread { client.send(text) }
    sender.start()
    #expect(client.response()?.body == body)
    #expect(client.response()?.status == 405)
    #expect(client.response()?.body == body)
    #expect(client.response()?.status == 405)
    #expect(client.response()?.text == "hello")
    #expect(client.get("/static/none")?.status == 404)
    server.stop()
  }

  @Test(
    "a client that waits for 100 gets a final response at once, and is closed",
    arguments: ["Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n"]
  )
  func expectation(field: String) throws {
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port)
    client.send("\(Self.post)Expect: 100-continue\r\n\(field)\r\n")
    let answer = try #require(client.response())
    #expect(answer.status == 405)
    #expect(answer["Connection"] == "close")
    client.send(Self.trap)
    #expect(client.isClosed)
    client.finish()
    server.stop()
  }

  @Test("an expectation is ignored without content, or in HTTP/1.0")
  func idleExpectation() throws {
    var harness = try LoopHarness(directory)
    let client = try harness.connect()
    try harness.send("\(Self.post)Expect: 100-continue\r\n\r\n\(Self.next)".utf8, client)
    #expect(harness.statuses(client) == [405, 200])
    let version10 =
      "POST /static/a.txt HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n"
    try harness.send("\(version10)Content-Length: 3\r\n\r\n".utf8, client)
    #expect(harness.statuses(client).isEmpty)
    try harness.send("abc\(Self.next)".utf8, client)
    #expect(harness.statuses(client) == [405, 200])
    harness.finish()
  }

  @Test(
    "stalled content is 408, and so is content below the minimum rate",
    arguments: [0, 10_000]
  )
  func timeout(rate: Int) throws {
    let (server, port) = try directory.serve {
      $0.contentTimeout = .seconds(1)
      $0.bytesPerSecondMin = rate
    }
    let start = ContinuousClock.now
    let client = HTTPClient(port: port)
    client.send("\(Self.post)Content-Length: 500000\r\n\r\n")
    let isGivenUp = eventually {
      if rate > 0 { client.send("x") }
      return server.statistics.dropped.slowContent == 1
    }
    #expect(isGivenUp)
    #expect(start.duration(to: .now) > .milliseconds(900))
    let answer = try #require(client.response())
    #expect(answer.status == 408)
    #expect(answer["Connection"] == "close")
    client.finish()
    server.stop()
  }

  @Test("slow but steady content is accepted")
  func slow() throws {
    let (server, port) = try directory.serve {
      $0.contentTimeout = .seconds(2)
      $0.bytesPerSecondMin = 1
    }
    let client = HTTPClient(port: port)
    client.send("\(Self.post)Content-Length: 100000\r\n\r\n")
    // A second client that sends nothing gets its time-out.
    let stuck = HTTPClient(port: port)
    stuck.send("\(Self.post)Content-Length: 40\r\n\r\n")
    var count = 0
    let isOneGivenUp = eventually {
      client.send("x")
      count += 1
      return server.statistics.dropped.slowContent == 1
    }
    #expect(isOneGivenUp)
    #expect(stuck.response()?.status == 408)
    client.send(String(repeating: "x", count: 100_000 - count))
    #expect(client.response()?.status == 405)
    #expect(client.get("/static/a.txt")?.text == "hello")
    server.stop()
  }

  @Test("a stop lets a request finish whose content is still arriving")
  func stop() throws {
    let (server, port) = try directory.serve { $0.grace = .seconds(60) }
    let client = HTTPClient(port: port)
    client.send("\(Self.post)Content-Length: 3\r\n\r\na")
    for _ in 0..<20 { #expect(HTTPClient(port: port).get("/static/a.txt") != nil) }
    let stopping = Thread { [server = Unchecked(server)] in server.value.stop() }
    stopping.start()
    #expect(eventually { probe(port) == false })
    client.send("bc")
    let answer = try #require(client.response())
    #expect(answer.status == 405)
    #expect(answer["Connection"] == "close")
    #expect(eventually { stopping.isFinished })
  }

  /// Whether the port accepts connections.
  private func probe(_ port: UInt16) -> Bool {
    Command.run(["curl", "-s", "-o", "/dev/null", "http://127.0.0.1:\(port)/"]).status == 0
  }
}
