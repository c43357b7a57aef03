import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// A slot of the app is returned, however its request ends.
///
/// Goal: no end of a request reduces the app's concurrency. Method: a limit of one request; it ends
/// in each way, and then another one must reach the app.
@Suite struct ShareTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// How a request ends.
  enum End: String, CaseIterable, Sendable {
    case answered, answeredWithClose, noContent, unanswered, malformed, brokenLength, brokenChunks
    case timeout, stalled, clientReset, clientGone, clientGoneInResponse
    case tunnelEndedByApp, tunnelEndedByClient, otherUpgrade, namedFile, missingNamedFile

    var isUpgrade: Bool {
      [.tunnelEndedByApp, .tunnelEndedByClient, .otherUpgrade].contains(self)
    }
  }

  private static let agreement =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"

  /// The app's response; empty if the app only waits for the other side.
  private static func answer(_ end: End) -> String {
    switch end {
    case .answered: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp"
    case .answeredWithClose: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\napp"
    case .noContent: "HTTP/1.1 204 No Content\r\n\r\n"
    case .unanswered, .timeout, .clientReset, .clientGone: ""
    case .malformed: "HTTP/1.1 2000 OK\r\n\r\n"
    case .brokenLength, .stalled, .clientGoneInResponse:
      "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\napp"
    case .brokenChunks: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nappxx"
    case .tunnelEndedByApp, .tunnelEndedByClient: agreement
    case .otherUpgrade:
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n"
    case .namedFile: "HTTP/1.1 200 OK\r\nX-Accel-Redirect: /files/a.txt\r\n\r\n"
    case .missingNamedFile: "HTTP/1.1 200 OK\r\nX-Accel-Redirect: /files/none\r\n\r\n"
    }
  }

  /// Sends a request that ends this way, and returns once it has ended.
  private func ask(_ port: UInt16, _ end: End, _ asked: DispatchSemaphore) {
    var client: HTTPClient? = HTTPClient(port: port)
    if end.isUpgrade {
      client?.send(
        "GET /first HTTP/1.1\r\nHost: test\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n"
      )
    } else {
      // A request that is not repeated reaches the app once.
      client?.send(
        "POST /first HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: 1\r\n\r\na"
      )
    }
    #expect(asked.wait(timeout: .now() + 10) == .success)
    switch end {
    case .clientReset:
      client?.resetAtEnd()
    case .clientGone:
      break
    case .tunnelEndedByClient:
      #expect(client?.response()?.status == 101)
    case .clientGoneInResponse:
      // The head and the first bytes.
      #expect(client?.someBytes() != nil)
    default:
      _ = client?.rest()
    }
    client = nil
  }

  @Test("however the previous request ends, the next one reaches the app", arguments: End.allCases)
  func comesBack(end: End) throws {
    let asked = DispatchSemaphore(value: 0)
    let app = RecordingApp { connection in
      while let request = connection.request() {
        guard request.target == "/first" else {
          connection.answer("own")
          continue
        }
        connection.send(Self.answer(end))
        asked.signal()
        switch end {
        case .answered, .noContent, .namedFile, .missingNamedFile, .malformed, .otherUpgrade: break
        case .answeredWithClose, .unanswered, .brokenLength, .brokenChunks, .tunnelEndedByApp:
          return
        case .timeout, .stalled, .clientReset, .clientGone, .clientGoneInResponse,
          .tunnelEndedByClient:
          _ = connection.awaitByte()
          return
        }
      }
    }
    let files = TemporaryDirectory()
    files.write("named", to: "a.txt")
    let (server, port) = try directory.serveWithoutGrace(before: app) {
      $0.forwarding?.namedFiles = [.init(prefix: "/files/", path: files.path)]
      $0.forwarding?.responseTimeout = .seconds([.timeout, .stalled].contains(end) ? 1 : 60)
      $0.forwarding?.concurrencyMax = 1
      $0.forwarding?.allowsHalfClosedClients = false
    }
    for _ in 0..<2 {
      ask(port, end, asked)
      #expect(HTTPClient(port: port).get("/next")?.text == "own")
    }
    #expect(eventually { server.statistics.connectionsOpen == 0 })
    server.stop()
  }
}
