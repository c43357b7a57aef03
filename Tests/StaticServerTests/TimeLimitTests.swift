import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Limits on time, over real sockets.
///
/// Goal: a client that exceeds a limit is closed, not before its time, and one within it is not.
/// The arithmetic of the minimum rate is in `MinimumRateTests`.
@Suite struct TimeLimitTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  @Test("a client that sends nothing, or only empty lines, is closed without a response")
  func silent() throws {
    let (server, port) = try directory.serve {
      $0.headTimeout = .seconds(1)
      $0.keepAliveTimeout = .seconds(60)
    }
    let start = ContinuousClock.now
    let silent = HTTPClient(port: port)
    let empty = HTTPClient(port: port)
    let areGivenUp = eventually {
      empty.send("\r\n")
      return server.statistics.dropped.slowHead == 2
    }
    #expect(areGivenUp)
    #expect(start.duration(to: .now) > .milliseconds(900))
    #expect(silent.isClosed)
    #expect(empty.rest().isEmpty)
    server.stop()
  }

  @Test("a head that does not end is 408")
  func head() throws {
    let (server, port) = try directory.serve { $0.headTimeout = .seconds(1) }
    let start = ContinuousClock.now
    let client = HTTPClient(port: port)
    client.send("GET /static/a.txt HTTP/1.1\r\n")
    let answer = try #require(client.response())
    #expect(answer.status == 408)
    #expect(answer["Connection"] == "close")
    #expect(start.duration(to: .now) > .milliseconds(900))
    #expect(server.statistics.dropped.slowHead == 1)
    client.finish()
    server.stop()
  }

  @Test("an idle connection is kept for its time")
  func keepAlive() throws {
    let (server, port) = try directory.serve {
      $0.keepAliveTimeout = .seconds(60)
      $0.headTimeout = .seconds(1)
    }
    let client = HTTPClient(port: port)
    #expect(client.get("/static/a.txt")?.status == 200)
    // Longer than a head may take, because no head has begun.
    #expect(HTTPClient(port: port).isClosed)
    #expect(client.get("/static/a.txt")?.status == 200)
    client.finish()
    server.stop()
    let (short, shortPort) = try directory.serve {
      $0.keepAliveTimeout = .seconds(1)
      $0.headTimeout = .seconds(60)
    }
    let start = ContinuousClock.now
    let idle = HTTPClient(port: shortPort)
    #expect(idle.get("/static/a.txt")?.status == 200)
    #expect(idle.isClosed)
    #expect(start.duration(to: .now) > .milliseconds(900))
    #expect(short.statistics.dropped.idle == 1)
    short.stop()
  }

  @Test("a client that does not read its response is closed")
  func stalledReader() throws {
    directory.write(TemporaryDirectory.pattern(30_000_000), to: "large.bin")
    let (server, port) = try directory.serve {
      $0.sendTimeout = .seconds(1)
      $0.bytesPerSecondMin = 0
    }
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    let start = ContinuousClock.now
    client.send("GET /static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(eventually { server.statistics.dropped.slowReader == 1 })
    #expect(start.duration(to: .now) > .milliseconds(900))
    #expect(client.rest().count < 30_000_000)
    server.stop()
  }

  @Test(
    "a client that reads slowly is closed only below the minimum rate",
    arguments: [(0, false), (1000, false), (10_000_000, true)]
  )
  func slowReader(rate: Int, isDropped: Bool) throws {
    directory.write(TemporaryDirectory.pattern(30_000_000), to: "large.bin")
    let (server, port) = try directory.serve {
      $0.sendTimeout = .seconds(2)
      $0.bytesPerSecondMin = rate
    }
    let request = "GET /static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n"
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    client.send(request)
    // A second client that does not read is closed after its time in any case.
    let stuck = isDropped ? nil : HTTPClient(port: port, receiveBuffer: 4096)
    stuck?.send(request)
    let isOneGivenUp = eventually {
      let isTaking = client.take(2000)
      #expect(isDropped || isTaking)
      return server.statistics.dropped.slowReader == 1
    }
    #expect(isOneGivenUp)
    if !isDropped {
      // Many times the size of the system's buffers.
      for _ in 0..<1000 { #expect(client.take(2000)) }
      #expect(server.statistics.dropped.slowReader == 1)
    }
    client.resetAtEnd()
    server.stop()
  }

  @Test("without a grace time a stop ends at once")
  func noGrace() throws {
    directory.write(TemporaryDirectory.pattern(30_000_000), to: "large.bin")
    let (server, port) = try directory.serve { $0.grace = .seconds(0) }
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    client.send("GET /static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.take(1))
    server.stop()
    #expect(server.statistics.dropped.stopped == 1)
  }
}
