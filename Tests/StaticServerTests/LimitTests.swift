import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// Limits on sizes and counts, at the limit, one below and one above.
///
/// Goal: requests within a limit are served, those beyond get the documented response, and the
/// server keeps serving.
@Suite struct LimitTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// A GET whose head has `byteCount` bytes.
  private func request(byteCount: Int) -> String {
    let start = "GET /static/a.txt HTTP/1.1\r\nHost: x\r\nA: "
    return start + String(repeating: "a", count: byteCount - start.utf8.count - 4) + "\r\n\r\n"
  }

  @Test("bytes of a head", arguments: [1024, 16384, 65535], [-1, 0, 1])
  func headBytes(limit: Int, beyond: Int) throws {
    let (server, port) = try directory.serve { $0.limits.headBytesMax = limit }
    let client = HTTPClient(port: port)
    for _ in 0..<2 {
      client.send(request(byteCount: limit + beyond))
      let answer = try #require(client.response())
      #expect(answer.status == (beyond > 0 ? 431 : 200))
      guard beyond <= 0 else { break }
    }
    if beyond > 0 { #expect(client.isClosed) }
    client.finish()
    server.stop()
  }

  @Test("a head up to its limit may arrive in two pieces", arguments: [-1, 0, 1])
  func headBytesInPieces(beyond: Int) throws {
    var harness = try LoopHarness(directory) { $0.limits.headBytesMax = 65535 }
    let client = try harness.connect()
    let bytes = Array(request(byteCount: 65535 + beyond).utf8)
    for piece in [bytes[..<30_000], bytes[30_000..<60_000], bytes[60_000...]] {
      try harness.send(piece, client)
    }
    #expect(harness.statuses(client) == (beyond > 0 ? [431, 0] : [200]))
    harness.finish()
  }

  @Test("fields", arguments: [3, 100], [-1, 0, 1])
  func fields(limit: Int, beyond: Int) throws {
    let (server, port) = try directory.serve { $0.limits.fieldCountMax = limit }
    let client = HTTPClient(port: port)
    let others = String(repeating: "A: b\r\n", count: limit + beyond - 1)
    client.send("GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\(others)\r\n")
    #expect(client.response()?.status == (beyond > 0 ? 431 : 200))
    client.finish()
    server.stop()
  }

  @Test("bytes of a target", arguments: [8191, 8192, 8193])
  func target(byteCount: Int) throws {
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port)
    let query = String(repeating: "q", count: byteCount - "/static/a.txt?".utf8.count)
    client.send("GET /static/a.txt?\(query) HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.response()?.status == (byteCount > 8192 ? 414 : 200))
    client.finish()
    server.stop()
  }

  @Test("requests of a connection, in turn and pipelined", arguments: [1, 2, 5], [true, false])
  func requests(limit: Int, atOnce: Bool) throws {
    let (server, port) = try directory.serve { $0.requestsPerConnectionMax = limit }
    let client = HTTPClient(port: port)
    let request = "GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n"
    if atOnce { client.send(String(repeating: request, count: limit + 1)) }
    for index in 1...limit {
      if !atOnce { client.send(request) }
      let answer = try #require(client.response())
      #expect(answer.text == "hello")
      #expect(answer["Connection"] == (index == limit ? "close" : nil))
    }
    #expect(client.isClosed)
    // Another connection with the same descriptor is counted from zero.
    #expect(HTTPClient(port: port).get("/static/a.txt")?.status == 200)
    client.finish()
    server.stop()
  }

  @Test("at the limit, the longest idle connection is closed for a new one", arguments: [2, 3, 4])
  func idleMakesRoom(count: Int) throws {
    let (server, port) = try directory.serve {
      $0.workers = 1
      $0.connectionsMax = 3
    }
    let clients = (0..<count).map { _ in
      let client = HTTPClient(port: port)
      #expect(client.get("/static/a.txt")?.text == "hello")
      // Two ticks of the loop's clock, so that the order of idle times is certain.
      pass(.milliseconds(2))
      return client
    }
    for client in clients.dropFirst(max(0, count - 3)) {
      #expect(client.get("/static/a.txt")?.text == "hello")
    }
    if count > 3 { #expect(clients[0].isClosed) }
    let statistics = server.statistics
    #expect(statistics.dropped.displaced == (count > 3 ? 1 : 0))
    #expect(statistics.connectionsOpen == UInt64(min(count, 3)))
    #expect(statistics.acceptPauses == 0)
    server.stop()
  }

  @Test("an idle connection of another loop is closed for a new one, too", arguments: [2, 4])
  func otherLoops(workers: Int) throws {
    let (server, port) = try directory.serve {
      $0.workers = workers
      $0.connectionsMax = 1
    }
    var clients: [HTTPClient] = []
    for _ in 0..<20 {
      clients.append(HTTPClient(port: port))
      #expect(clients.last?.get("/static/a.txt")?.text == "hello")
      #expect(server.statistics.connectionsOpen <= 1)
    }
    #expect(server.statistics.dropped.displaced == 19)
    #expect(clients[0].isClosed)
    server.stop()
  }

  @Test("without idle connections, new clients wait until one ends or idles", arguments: [1, 2])
  func newOnesWait(workers: Int) throws {
    let (server, port) = try directory.serve {
      $0.workers = workers
      $0.connectionsMax = 2
    }
    let half = "GET /static/a.txt HTTP/1.1\r\nHost: x\r\n"
    let ending = HTTPClient(port: port)
    let idling = HTTPClient(port: port)
    for client in [ending, idling] { client.send(half) }
    #expect(eventually { server.statistics.connectionsAccepted == 2 })
    let first = HTTPClient(port: port)
    let second = HTTPClient(port: port)
    for client in [first, second] { client.send("\(half)\r\n") }
    #expect(eventually { server.statistics.acceptPauses > 0 })
    #expect(server.statistics.connectionsAccepted == 2)
    ending.send("Connection: close\r\n\r\n")
    #expect(ending.response()?.text == "hello")
    #expect(ending.isClosed)
    ending.finish()
    // One of the two is accepted, and is closed for the other when it is idle.
    #expect(first.response()?.text == "hello")
    #expect(second.response()?.text == "hello")
    idling.send("\r\n")
    #expect(idling.response()?.text == "hello")
    #expect(server.statistics.connectionsOpen <= 2)
    server.stop()
  }

  @Test("connections at the limit, under load from more clients")
  func moreClientsThanRoom() throws {
    let (server, port) = try directory.serve { $0.connectionsMax = 4 }
    let threads = (0..<16).map { _ in
      Thread {
        for _ in 0..<20 {
          let client = HTTPClient(port: port)
          client.send("GET /static/a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
          #expect(client.response()?.text == "hello")
        }
      }
    }
    for thread in threads { thread.start() }
    let areDone = eventually {
      #expect(server.statistics.connectionsOpen <= 4)
      return threads.allSatisfy { $0.isFinished }
    }
    #expect(areDone)
    server.stop()
    #expect(server.statistics.successes == 320)
    #expect(server.statistics.connectionsOpen == 0)
  }

  @Test("slow heads hold at most the number of connections times the head limit")
  func memory() throws {
    let limit = 4096
    let count = 200
    var harness = try LoopHarness(directory) { $0.limits.headBytesMax = limit }
    var clients: [Int32] = []
    let head = Array(request(byteCount: limit).utf8)
    for _ in 0..<count {
      let client = try harness.connect()
      for piece in [head[..<1000], head[1000..<3000], head[3000..<(limit - 1)]] {
        try harness.send(piece, client)
      }
      clients.append(client.release())
    }
    #expect(harness.loop.http.clients.slab.heldByteCount == count * (limit - 1))
    for number in clients {
      let client = Descriptor(owning: number)
      try harness.send([UInt8(ascii: "\n")], client)
      #expect(harness.statuses(client) == [200])
    }
    #expect(harness.loop.http.clients.slab.heldByteCount == 0)
    harness.finish()
  }

  @Test("a request with content holds only its head in memory")
  func contentMemory() throws {
    var harness = try LoopHarness(directory)
    let client = try harness.connect()
    let head = "POST /static/a.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
    try harness.send((head + String(repeating: "x", count: 30_000)).utf8, client)
    #expect(harness.loop.http.clients.slab.heldByteCount == head.utf8.count)
    try harness.send(String(repeating: "x", count: 60_000).utf8, client)
    #expect(harness.loop.http.clients.slab.heldByteCount == head.utf8.count)
    try harness.send(String(repeating: "x", count: 10_000).utf8, client)
    #expect(harness.loop.http.clients.slab.heldByteCount == 0)
    #expect(harness.statuses(client) == [405])
    harness.finish()
  }

  @Test("a client that does not read holds one buffer of requests and one of responses")
  func blockedMemory() throws {
    var harness = try LoopHarness(directory)
    let client = try harness.connect()
    let requests = String(repeating: "GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n", count: 2000)
    for _ in 0..<40 {
      let bytes = Array(requests.utf8)
      _ = write(client.number, bytes, bytes.count)
      if harness.loop.http.clients.slab.heldByteCount > 0 { break }
      harness.loop.turn()
    }
    #expect(harness.loop.http.clients.slab.heldByteCount > 0)
    #expect(harness.loop.http.clients.slab.heldByteCount <= 2 * 65536)
    harness.finish()
  }
}
