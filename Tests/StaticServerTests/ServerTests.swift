import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// The server over real sockets.
///
/// Goal: framing, order and the end of connections with well-behaved, slow and hostile clients;
/// after each of them the server still serves.
@Suite struct ServerTests {
  private let directory = TemporaryDirectory()

  @Test("one connection serves many requests, including HEAD and errors")
  func keepAlive() throws {
    directory.write("hello", to: "a.txt")
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port)
    for _ in 0..<3 {
      let answer = try #require(client.get("/static/a.txt"))
      #expect(answer.status == 200)
      #expect(answer.text == "hello")
      let date = try #require(answer["Date"])
      let bytes = Array(date.utf8)
      let seconds = HTTPDate.parse(bytes.span, 0..<bytes.count, now: 0)
      #expect(abs(Double(seconds ?? 0) - Date().timeIntervalSince1970) < 60)
      #expect(answer["Connection"] == nil)
      let head = try #require(client.get("/static/a.txt", method: "HEAD"))
      #expect(head["Content-Length"] == "5")
      #expect(client.get("/static/none")?.status == 404)
      #expect(client.get("/elsewhere")?.status == 404)
      #expect(client.get("/static/a.txt", method: "DELETE")?.status == 405)
      #expect(client.get("/static/a.txt", method: "OPTIONS")?.status == 204)
      #expect(client.get("*", method: "OPTIONS")?.status == 204)
      #expect(client.get("http://a.b", method: "OPTIONS")?.status == 204)
      let tag = try #require(answer["ETag"])
      let notModified = try #require(client.get("/static/a.txt", "If-None-Match: \(tag)"))
      #expect(notModified.status == 304)
      #expect(notModified["Date"] != nil)
    }
    server.stop()
  }

  @Test(
    "HTTP/1.0 and Connection: close",
    arguments: [
      ("GET /static/a.txt HTTP/1.0\r\n\r\n", "close", true),
      ("GET /static/a.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive", false),
      ("GET /static/a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "close", true),
      ("POST /static/a.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", nil, false),
      (
        "GET /static/a.txt HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        nil, false
      ),
    ] as [(String, String?, Bool)]
  )
  func closing(request: String, connection: String?, closes: Bool) throws {
    directory.write("hello", to: "a.txt")
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port)
    client.send(request)
    let answer = try #require(client.response())
    #expect(answer["Connection"] == connection)
    if closes {
      #expect(client.isClosed)
    } else {
      #expect(client.get("/static/a.txt")?.status == 200)
    }
    server.stop()
  }

  @Test(
    "a malformed request is answered and the connection closed",
    arguments: [
      ("\u{16}\u{3}\u{1}\u{2}garbage", 400), ("GET / HTTP/1.1\n\n", 400),
      ("GET / HTTP/1.1\r\nHost: x\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400), ("GET / HTTP/3.0\r\n", 505),
      ("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
      ("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\n", 414),
      ("GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 17000))", 431),
      ("GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "A: b\r\n", count: 101), 431),
    ]
  )
  func refused(request: String, status: Int) throws {
    directory.write("hello", to: "a.txt")
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port)
    // A valid request first: its response must not be lost.
    client.send("GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n\(request)")
    #expect(client.response()?.status == 200)
    let answer = try #require(client.response())
    #expect(answer.status == status)
    #expect(answer["Connection"] == "close")
    #expect(client.isClosed)
    #expect(HTTPClient(port: port).get("/static/a.txt")?.status == 200)
    server.stop()
  }

  @Test("pipelined requests are answered in order", arguments: [1, 4000])
  func pipelining(receiveBuffer: Int32) throws {
    for index in 0..<50 {
      directory.write(TemporaryDirectory.pattern(index * 300), to: "f\(index)")
    }
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port, receiveBuffer: receiveBuffer)
    let count = 3000
    let requests = (0..<count).map { "GET /static/f\($0 % 50) HTTP/1.1\r\nHost: x\r\n\r\n" }
    // All are sent before the first response is read: the server has to stop reading in between.
    let sender = Thread { client.send(requests.joined()) }
    sender.start()
    for index in 0..<count {
      let answer = try #require(client.response(), "answer \(index)")
      guard answer.body == TemporaryDirectory.pattern(index % 50 * 300) else {
        Issue.record("answer \(index) has another body")
        break
      }
    }
    #expect(client.get("/static/none")?.status == 404)
    server.stop()
  }

  @Test("a head may arrive byte by byte")
  func byteByByte() throws {
    directory.write("hello", to: "a.txt")
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port)
    for byte in "\r\nGET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n".utf8 { client.send([byte]) }
    #expect(client.response()?.text == "hello")
    #expect(client.get("/static/a.txt")?.text == "hello")
    server.stop()
  }

  @Test(
    "bodies of every kind arrive whole, even with a slow reader",
    arguments: [
      0, 1, 8192, 8193, 65536, 65537, 3_000_000, 9_000_000,
    ]
  )
  func bodies(count: Int) throws {
    directory.write(TemporaryDirectory.pattern(count), to: "a.bin")
    for openFilesMax in [0, 10] {
      let (server, port) = try directory.serve(.init(openFilesMax: openFilesMax))
      for receiveBuffer: Int32? in [nil, 4096] {
        let client = HTTPClient(port: port, receiveBuffer: receiveBuffer)
        let requests = String(repeating: "GET /static/a.bin HTTP/1.1\r\nHost: x\r\n\r\n", count: 3)
        client.send(requests + "GET /static/none HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in 0..<3 { #expect(client.response()?.body == TemporaryDirectory.pattern(count)) }
        #expect(client.response()?.status == 404)
      }
      server.stop()
    }
  }

  @Test("a client that disconnects in the middle of a body affects no other")
  func abort() throws {
    directory.write(TemporaryDirectory.pattern(9_000_000), to: "a.bin")
    let (server, port) = try directory.serve()
    for _ in 0..<20 {
      let client = HTTPClient(port: port, receiveBuffer: 4096)
      client.send("GET /static/a.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    }
    #expect(HTTPClient(port: port).get("/static/a.bin")?.body.count == 9_000_000)
    server.stop()
  }

  @Test("a truncated file is served as it is now, a removed one is an error")
  func truncated() throws {
    directory.write(TemporaryDirectory.pattern(500_000), to: "kept.bin")
    directory.write("hello", to: "a.txt")
    for openFilesMax in [0, 10] {
      directory.write(TemporaryDirectory.pattern(500_000), to: "kept.bin")
      let (server, port) = try directory.serve(.init(openFilesMax: openFilesMax))
      truncate(directory.path("kept.bin"), 100)
      let answer = HTTPClient(port: port).get("/static/kept.bin")
      #expect(answer?.status == 200)
      #expect(answer?.body == Array(TemporaryDirectory.pattern(500_000).prefix(100)))
      unlink(directory.path("kept.bin"))
      let gone = HTTPClient(port: port).get("/static/kept.bin")
      #expect(gone?.status == 500)
      #expect(gone?["Connection"] == "close")
      #expect(HTTPClient(port: port).get("/static/a.txt")?.text == "hello")
      server.stop()
    }
  }

  @Test("a replaced file is served with its old content")
  func replaced() throws {
    directory.write(TemporaryDirectory.pattern(500_000), to: "a.bin")
    let (server, port) = try directory.serve()
    directory.write("other", to: "new")
    rename(directory.path("new"), directory.path("a.bin"))
    #expect(
      HTTPClient(port: port).get("/static/a.bin")?.body == TemporaryDirectory.pattern(500_000)
    )
    server.stop()
  }

  @Test("a client that sends no head, or half of one, is closed")
  func headTimeout() throws {
    directory.write("hello", to: "a.txt")
    let (server, port) = try directory.serve { $0.headTimeout = .seconds(1) }
    let silent = HTTPClient(port: port)
    let half = HTTPClient(port: port)
    half.send("GET /static/a.txt HTTP/1.1\r\nHost:")
    let second = HTTPClient(port: port)
    #expect(second.get("/static/a.txt")?.status == 200)
    second.send("GET /sta")
    #expect(half.response()?.status == 408)
    #expect(half.isClosed)
    #expect(silent.isClosed)
    #expect(second.response()?.status == 408)
    server.stop()
  }

  @Test("a slow head does not get more time by sending more bytes")
  func slowHead() throws {
    let (server, port) = try directory.serve {
      $0.headTimeout = .seconds(1)
      $0.limits.headBytesMax = 65535
    }
    let client = HTTPClient(port: port)
    client.send("GET / HTTP/1.1\r\nHost: x\r\nA: ")
    let isGivenUp = eventually {
      client.send("b")
      return server.statistics.dropped.slowHead == 1
    }
    #expect(isGivenUp)
    #expect(client.response()?.status == 408)
    server.stop()
  }

  @Test("an idle connection is closed, and so is one that does not read")
  func idleTimeouts() throws {
    directory.write(TemporaryDirectory.pattern(30_000_000), to: "a.bin")
    let (server, port) = try directory.serve {
      $0.keepAliveTimeout = .seconds(1)
      $0.sendTimeout = .seconds(1)
    }
    let idle = HTTPClient(port: port)
    #expect(idle.get("/static/none")?.status == 404)
    #expect(idle.isClosed)
    let stuck = HTTPClient(port: port, receiveBuffer: 4096)
    stuck.send("GET /static/a.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(eventually { server.statistics.dropped.slowReader == 1 })
    #expect(stuck.rest().count < 30_000_000)
    server.stop()
  }

  @Test("a stop finishes requests in flight and refuses new connections")
  func stop() throws {
    directory.write(TemporaryDirectory.pattern(9_000_000), to: "a.bin")
    directory.write("hello", to: "a.txt")
    let (server, port) = try directory.serve { $0.grace = .seconds(60) }
    let idle = HTTPClient(port: port)
    #expect(idle.get("/static/a.txt")?.status == 200)
    let reading = HTTPClient(port: port, receiveBuffer: 4096)
    reading.send("GET /static/a.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    let half = HTTPClient(port: port)
    half.send("GET /static/a.txt HTTP/1.1\r\nHost: x\r\n")
    // The loops have received everything once they have answered these requests.
    for _ in 0..<20 { #expect(HTTPClient(port: port).get("/static/a.txt") != nil) }
    let stopping = Thread { [server = Unchecked(server)] in server.value.stop() }
    stopping.start()
    #expect(idle.isClosed)
    // Every loop has begun to stop once connections are refused.
    #expect(eventually { HTTPClient(connectingTo: port) == nil })
    half.send("\r\n")
    let late = try #require(half.response())
    #expect(late.status == 200)
    #expect(late["Connection"] == "close")
    #expect(reading.response()?.body == TemporaryDirectory.pattern(9_000_000))
    #expect(reading.isClosed)
    #expect(eventually { stopping.isFinished })
  }

  @Test("a response in progress at a stop is finished, and ends its connection")
  func stopWhileSending() throws {
    directory.write(TemporaryDirectory.pattern(9_000_000), to: "a.bin")
    directory.write("hello", to: "a.txt")
    let (server, port) = try directory.serve {
      $0.grace = .seconds(60)
      $0.drainMilliseconds = 8000
    }
    let big = "GET /static/a.bin HTTP/1.1\r\nHost: x\r\n\r\n"
    let small = "GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n"
    let alone = HTTPClient(port: port, receiveBuffer: 4096)
    alone.send(big)
    let followed = HTTPClient(port: port, receiveBuffer: 4096)
    followed.send(big + small + small)
    let fresh = HTTPClient(port: port)
    for _ in 0..<20 { #expect(HTTPClient(port: port).get("/static/a.txt") != nil) }
    let stopping = Thread { [server = Unchecked(server)] in server.value.stop() }
    stopping.start()
    // Connected before the stop, with a request after it.
    #expect(awaitRefusal(port))
    fresh.send(small)
    #expect(fresh.response()?["Connection"] == "close")
    #expect(alone.response()?.body.count == 9_000_000)
    #expect(alone.isClosed)
    #expect(followed.response()?.body.count == 9_000_000)
    #expect(followed.response()?.text == "hello")
    let last = try #require(followed.response())
    #expect(last["Connection"] == "close")
    #expect(eventually { stopping.isFinished })
    // No connection was left until the grace time.
    #expect(server.statistics.dropped.stopped == 0)
  }

  @Test("a last response is not truncated by bytes that the client sends meanwhile")
  func strayBytes() throws {
    directory.write(TemporaryDirectory.pattern(9_000_000), to: "a.bin")
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    client.send("GET /static/a.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(client.hasBegun())
    client.send("\r\n")
    #expect(client.response()?.body == TemporaryDirectory.pattern(9_000_000))
    server.stop()
  }

  @Test("empty lines after a request do not begin another one")
  func emptyLines() throws {
    directory.write("hello", to: "a.txt")
    let (server, port) = try directory.serve { $0.headTimeout = .seconds(1) }
    let client = HTTPClient(port: port)
    client.send("GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n\r\n\r\n")
    #expect(client.response()?.text == "hello")
    // A head begun by then would have timed out with 408.
    #expect(HTTPClient(port: port).isClosed)
    #expect(client.get("/static/a.txt")?.text == "hello")
    server.stop()
  }

  @Test("a path that is not a socket is not removed")
  func socketPathIsFile() throws {
    let path = directory.write("precious", to: "precious.txt")
    let configuration = StaticServer.Configuration(listeners: [.unix(path: path)])
    let table = try FileTable(root: directory.path)
    #expect(throws: StaticServerError.self) {
      try StaticServer(table: table, configuration: configuration)
    }
    #expect(directory.text("precious.txt") == "precious")
  }

  @Test("a descriptor that is not a listening socket is refused")
  func inheritedDescriptor() throws {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(number) }
    let table = try FileTable(root: directory.path)
    for descriptor in [number, 100_000] {
      let configuration = StaticServer.Configuration(listeners: [.inherited(descriptor: descriptor)]
      )
      #expect(throws: StaticServerError.self) {
        try StaticServer(table: table, configuration: configuration)
      }
    }
  }

  @Test("the grace time ends a stop that a client delays")
  func grace() throws {
    directory.write(TemporaryDirectory.pattern(9_000_000), to: "a.bin")
    let (server, port) = try directory.serve { $0.grace = .seconds(1) }
    let stuck = HTTPClient(port: port, receiveBuffer: 4096)
    stuck.send("GET /static/a.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    server.stop()
    #expect(server.statistics.dropped.stopped == 1)
  }

  @Test("a Unix socket, and a stale one")
  func unixSocket() throws {
    let path = directory.path("socket")
    let configuration = StaticServer.Configuration(listeners: [try ListenAddress("unix:\(path)")])
    let table = try FileTable(root: directory.path)
    let server = try StaticServer(table: table, configuration: configuration)
    #expect(throws: StaticServerError.self) {
      try StaticServer(table: table, configuration: configuration)
    }
    let answer = Command.run(["curl", "-s", "--unix-socket", path, "http://x/static/none"])
    #expect(answer.output == "Not Found\n")
    server.stop()
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("the file of a Unix socket is removed at the end, but not one that has taken its place")
  func replacedSocket() throws {
    let path = directory.path("socket")
    let configuration = StaticServer.Configuration(listeners: [try ListenAddress("unix:\(path)")])
    let table = try FileTable(root: directory.path)
    let first = try StaticServer(table: table, configuration: configuration)
    #expect(unlink(path) == 0)
    let second = try StaticServer(table: table, configuration: configuration)
    first.stop()
    let answer = Command.run(["curl", "-s", "--unix-socket", path, "http://x/static/none"])
    #expect(answer.output == "Not Found\n")
    second.stop()
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("an address in use is detected, although both sockets could share the port")
  func addressInUse() throws {
    let (server, port) = try directory.serve()
    let configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: port)])
    let table = try FileTable(root: directory.path)
    #expect(throws: StaticServerError.cannotListen(address: "127.0.0.1:\(port)", code: EADDRINUSE))
    {
      try StaticServer(table: table, configuration: configuration)
    }
    server.stop()
  }

  @Test("many concurrent connections are all answered")
  func manyConnections() throws {
    directory.write("hello", to: "a.txt")
    let (server, port) = try directory.serve()
    let clients = (0..<300).map { _ in HTTPClient(port: port) }
    for client in clients { client.send("GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n") }
    for client in clients { #expect(client.response()?.text == "hello") }
    server.stop()
  }

  @Test(
    "addresses",
    arguments: [
      ("127.0.0.1:80", "127.0.0.1:80"), (":8000", "0.0.0.0:8000"), ("localhost:1", "127.0.0.1:1"),
      ("[::1]:80", "[::1]:80"), ("unix:/a/b", "unix:/a/b"), ("fd:3", "fd:3"),
      ("", nil), ("8000", nil), ("127.0.0.1", nil), ("127.0.0.1:65536", nil), ("1.2.3:80", nil),
      ("1.2.3.256:80", nil), ("::1:80", nil), ("[::g]:80", nil), ("example.com:80", nil),
      ("unix:", nil), ("fd:", nil), ("fd:-1", nil), ("127.0.0.1:-1", nil), ("127.0.0.1:+80", nil),
    ] as [(String, String?)]
  )
  func addresses(text: String, expected: String?) {
    #expect((try? ListenAddress(text))?.description == expected)
  }
}
