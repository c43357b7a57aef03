import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Limits on time, over real sockets.
///
/// Goal: a client that takes longer is given up, not before its time, and one that keeps within it
/// is not. The arithmetic of the lowest rate is in `PaceTests`.
@Suite struct TimeLimitTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// Seconds until `client` is closed.
  private func secondsUntilClosed(_ client: HTTPClient) -> Double {
    let start = Date()
    #expect(client.isClosed)
    return Date().timeIntervalSince(start)
  }

  @Test("a client that says nothing, or only empty lines, is closed without a word")
  func silent() throws {
    let (server, port) = try directory.serve {
      $0.headTimeout = 1
      $0.keepAliveTimeout = 60
    }
    let silent = HTTPClient(port: port)
    let empty = HTTPClient(port: port)
    let sender = Thread {
      for _ in 0..<100 {
        empty.send("\r\n")
        usleep(50_000)
      }
    }
    sender.start()
    #expect((0.8...8).contains(secondsUntilClosed(silent)))
    #expect(empty.rest().isEmpty)
    #expect(eventually { server.statistics.dropped.slowHead == 2 })
    server.stop()
  }

  @Test("a head that does not come to its end is 408")
  func head() throws {
    let (server, port) = try directory.serve { $0.headTimeout = 1 }
    let client = HTTPClient(port: port)
    let start = Date()
    client.send("GET /static/a.txt HTTP/1.1\r\n")
    let answer = try #require(client.response())
    #expect(answer.status == 408)
    #expect(answer["Connection"] == "close")
    #expect((0.8...8).contains(Date().timeIntervalSince(start)))
    #expect(server.statistics.dropped.slowHead == 1)
    client.finish()
    server.stop()
  }

  @Test("a connection between two requests is kept for its time")
  func keepAlive() throws {
    let (server, port) = try directory.serve {
      $0.keepAliveTimeout = 2
      $0.headTimeout = 1
    }
    let client = HTTPClient(port: port)
    #expect(client.get("/static/a.txt")?.status == 200)
    // Longer than a head may take: nothing of one has come.
    usleep(1_300_000)
    #expect(client.get("/static/a.txt")?.status == 200)
    #expect((1.7...9).contains(secondsUntilClosed(client)))
    #expect(server.statistics.dropped.idle == 1)
    server.stop()
  }

  @Test("a client that takes nothing of its response is given up")
  func stalledReader() throws {
    directory.write(TemporaryDirectory.pattern(30_000_000), to: "large.bin")
    let (server, port) = try directory.serve {
      $0.sendTimeout = 1
      $0.bytesPerSecondMin = 0
    }
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    let start = Date()
    client.send("GET /static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(eventually { server.statistics.dropped.slowReader == 1 })
    #expect(Date().timeIntervalSince(start) > 0.8)
    #expect(client.rest().count < 30_000_000)
    server.stop()
  }

  @Test(
    "a client that takes a little at a time is given up below the lowest rate only",
    arguments: [(0, false), (1000, false), (10_000_000, true)]
  )
  func slowReader(rate: Int, isDropped: Bool) throws {
    directory.write(TemporaryDirectory.pattern(30_000_000), to: "large.bin")
    let (server, port) = try directory.serve {
      $0.sendTimeout = 2
      $0.bytesPerSecondMin = rate
    }
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    client.send("GET /static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    let end = Date(timeIntervalSinceNow: isDropped ? 10 : 5)
    while Date() < end, server.statistics.dropped.slowReader == 0 {
      #expect(client.take(2000))
      usleep(20_000)
    }
    #expect(server.statistics.dropped.slowReader == (isDropped ? 1 : 0))
    server.stop()
  }

  @Test("no grace ends a stop at once")
  func noGrace() throws {
    directory.write(TemporaryDirectory.pattern(30_000_000), to: "large.bin")
    let (server, port) = try directory.serve { $0.grace = 0 }
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    client.send("GET /static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.take(1))
    let start = Date()
    server.stop()
    #expect(Date().timeIntervalSince(start) < 5)
    #expect(server.statistics.dropped.stopped == 1)
  }
}
