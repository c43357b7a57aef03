import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// Clients that hold connections without sending, or send so much that others might wait.
///
/// Goal: neither delays other clients.
@Suite struct SilentClientTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// The bytes sent on the connections that fill the server.
  enum Silence: String, CaseIterable, Sendable {
    /// Nothing at all.
    case nothing
    /// An empty line, which does not begin a request.
    case emptyLine
    /// A request, which was answered.
    case idle
    /// Alternately nothing, and a request that was answered.
    case mixed
    /// A request, whose answer ended the connection; the client does not close it.
    case answered
    /// Half of them the first lines of a head, the others nothing.
    case halfHeads
  }

  @Test(
    "a full server closes connections for clients with a request",
    arguments: Silence.allCases,
    [1, 2]
  )
  func makesRoom(silence: Silence, workers: Int) throws {
    let (server, port) = try directory.serveWithoutGrace {
      $0.workers = workers
      $0.connectionsMax = 50
      $0.headTimeout = .seconds(3600)
      $0.keepAliveTimeout = .seconds(3600)
    }
    let silent = (0..<50).map { number in
      let client = HTTPClient(port: port)
      switch silence {
      case .nothing: break
      case .emptyLine: client.send("\r\n")
      case .idle: #expect(client.get("/static/a.txt")?.text == "hello")
      case .answered:
        #expect(client.get("/static/a.txt", "Connection: close")?.text == "hello")
      case .mixed:
        if number % 2 == 0 { #expect(client.get("/static/a.txt")?.text == "hello") }
      case .halfHeads: if number % 2 == 0 { client.send("GET / HTTP/1.1\r\nHo") }
      }
      return client
    }
    #expect(eventually { server.statistics.connectionsAccepted == 50 })
    var served: [HTTPClient] = []
    for _ in 0..<5 {
      let client = HTTPClient(port: port, seconds: 5)
      served.append(client)
      // One failure is enough, because each takes the whole timeout.
      try #require(client.get("/static/a.txt")?.text == "hello")
      #expect(server.statistics.connectionsOpen <= 50)
    }
    #expect(server.statistics.dropped.displaced >= 1)
    #expect(server.statistics.dropped.slowHead == 0)
    withExtendedLifetime((silent, served)) {}
    server.stop()
  }

  @Test("a client that sends requests endlessly does not delay others")
  func flood() throws {
    var harness = try LoopHarness(directory)
    let flood = try harness.connect()
    let other = try harness.connect()
    let request = "GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n"
    let many = Array(String(repeating: request, count: 4000).utf8)
    let one = Array(request.utf8)
    var sent = 0
    var answered = 0
    for _ in 0..<50 {
      // The socket's buffer is full again before each turn, and a partial request is soon
      // completed.
      let rest = Array(many[(sent % one.count)...])
      sent += max(0, write(flood.number, rest, rest.count))
      #expect(write(other.number, one, one.count) == one.count)
      harness.loop.turn()
      #expect(harness.statuses(other) == [200], "not answered in the turn in which it came")
      answered += harness.statuses(flood).count
    }
    #expect(answered > 50)
    harness.finish()
  }
}
