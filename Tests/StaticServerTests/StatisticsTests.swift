import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// The counters of a server.
///
/// Goal: every response is counted once by its class, every byte once, and as many connections end
/// as begin, for all the ways a response can be sent.
@Suite struct StatisticsTests {
  private let directory = TemporaryDirectory()

  @Test("responses by class, and connections")
  func responses() throws {
    directory.write("hello", to: "a.txt")
    let (server, port) = try directory.serve()
    #expect(server.statistics.responses == 0)
    let client = HTTPClient(port: port)
    for _ in 0..<3 { #expect(client.get("/static/a.txt")?.status == 200) }
    #expect(client.get("/static/a.txt", method: "OPTIONS")?.status == 204)
    #expect(client.get("/static/a.txt", "Range: bytes=1-2")?.status == 206)
    #expect(client.get("/static/a.txt", "Range: bytes=0-0, 2-2")?.status == 206)
    for _ in 0..<2 { #expect(client.get("/static/a.txt", "If-None-Match: *")?.status == 304) }
    #expect(client.get("/static/none")?.status == 404)
    #expect(client.get("/static/a.txt", "Range: bytes=9-")?.status == 416)
    client.send("nonsense\r\n\r\n")
    #expect(client.response()?.status == 400)
    let other = HTTPClient(port: port)
    other.send("GET / HTTP/2.0\r\n\r\n")
    #expect(other.response()?.status == 505)
    let statistics = server.statistics
    #expect(statistics.successes == 6)
    #expect(statistics.redirections == 2)
    #expect(statistics.clientErrors == 3)
    #expect(statistics.serverErrors == 1)
    #expect(statistics.responses == 12)
    #expect(statistics.connectionsAccepted == 2)
    for client in [client, other] { client.finish() }
    server.stop()
    #expect(server.statistics.connectionsClosed == 2)
    #expect(server.statistics.connectionsOpen == 0)
  }

  @Test(
    "sent bytes, for every way of sending",
    arguments: [100, 30_000, 300_000, 9_000_000],
    [nil, "Range: bytes=10-", "Range: bytes=0-9, 20-"]
  )
  func bytes(size: Int, range: String?) throws {
    directory.write(TemporaryDirectory.pattern(size), to: "a.bin")
    for receiveBuffer: Int32? in [nil, 4096] {
      let (server, port) = try directory.serve()
      let client = HTTPClient(port: port, receiveBuffer: receiveBuffer)
      let fields = (range.map { "\($0)\r\n" } ?? "") + "Connection: close\r\n"
      client.send("GET /static/a.bin HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
      let count = client.rest().count
      #expect(count > size - 50)
      #expect(eventually { server.statistics.bytesSent == UInt64(count) })
      client.finish()
      server.stop()
    }
  }

  @Test("a client that disconnects during its response, and one that is stopped")
  func dropped() throws {
    directory.write(TemporaryDirectory.pattern(9_000_000), to: "a.bin")
    let (server, port) = try directory.serve { $0.grace = .seconds(1) }
    let request = "GET /static/a.bin HTTP/1.1\r\nHost: x\r\n\r\n"
    do {
      let client = HTTPClient(port: port, receiveBuffer: 4096)
      client.send(request)
      #expect(client.take(1))
    }
    #expect(eventually { server.statistics.dropped.broken == 1 })
    let stuck = HTTPClient(port: port, receiveBuffer: 4096)
    stuck.send(request)
    #expect(stuck.take(1))
    server.stop()
    #expect(server.statistics.dropped.stopped == 1)
  }

  @Test("the counters of loops share no cache line, and are summed")
  func counters() {
    let loops = (0..<4).map { _ in Counters() }
    for (index, loop) in loops.enumerated() {
      loop.adder.add(.successes, index + 1)
      loop.adder.add(.closed)
    }
    let statistics = StaticServer.Statistics(loops)
    #expect(statistics.successes == 10)
    #expect(statistics.connectionsClosed == 4)
    #expect(statistics.connectionsOpen == 0)
  }
}
