import Foundation
import TestSupport
import Testing

/// Clients that disconnect while an ASGI app works.
///
/// Goal: the app gets `http.disconnect` as it does without staticd, and the next request is served.
@Suite struct AbandonTests {
  /// How a client disconnects.
  enum Way: String, CaseIterable, Sendable {
    case close, reset, endOfItsSide
  }

  static let servers = ["uvicorn queue_app:asgi", "hypercorn queue_app:asgi"]

  @Test("an app is notified when its client disconnects", arguments: servers, Way.allCases)
  func disconnect(command: String, way: Way) throws {
    let app = try NotingApp(command)
    let port = try app.port()
    var client: HTTPClient? = HTTPClient(port: port)
    client?.send("GET /poll HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(SupervisedRun.eventually { app.notes == ["/poll"] })
    switch way {
    case .close: break
    case .reset: client?.resetAtEnd()
    case .endOfItsSide: client?.finish()
    }
    if way != .endOfItsSide { client = nil }
    #expect(SupervisedRun.eventually { app.notes.count == 2 })
    #expect(app.notes.last == "http.disconnect")
    #expect(HTTPClient(port: port).get("/next")?.text == "/next")
    #expect(app.end() != nil, "\(app.running.errors)")
  }
}
