import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Interim responses, and 426.
///
/// Source: RFC 9110 §15.2 (a proxy forwards every 1xx, except one it requested itself), §7.8 and
/// §15.5.22 (426 names the protocols in Upgrade).
@Suite struct InterimResponseTests {
  private let directory = TemporaryDirectory()

  private static let final = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp"

  private func app(_ status: Int, count: Int = 1) -> RecordingApp {
    let interim = "HTTP/1.1 \(status) X\r\nLink: </a.css>\r\nConnection: x\r\nX: y\r\n\r\n"
    return RecordingApp(answering: String(repeating: interim, count: count) + Self.final)
  }

  @Test("every 1xx but 100 and 101 is forwarded at once", arguments: Array(102...199), [1, 3])
  func passes(status: Int, count: Int) throws {
    let app = app(status, count: count)
    let (server, port) = try directory.serveWithoutGrace(before: app)
    let client = HTTPClient(port: port)
    for _ in 0..<2 {
      client.ask("/page")
      for _ in 0..<count {
        let interim = try #require(client.response())
        // Stops here, because without it the next read would time out.
        try #require(interim.status == status)
        #expect(interim["Link"] == "</a.css>")
        // A hop-by-hop field.
        #expect(interim["X"] == nil)
      }
      #expect(client.response()?.text == "app")
    }
    server.stop()
  }

  @Test("100 is not forwarded to the client")
  func goOn() throws {
    let app = app(100)
    let (server, port) = try directory.serveWithoutGrace(before: app)
    let client = HTTPClient(port: port)
    for _ in 0..<2 { #expect(client.get("/page")?.text == "app") }
    server.stop()
  }

  @Test("an HTTP/1.0 client gets no interim response", arguments: [100, 102, 103, 150, 199])
  func version10(status: Int) throws {
    let app = app(status)
    let (server, port) = try directory.serveWithoutGrace(before: app)
    let client = HTTPClient(port: port)
    client.send("GET /page HTTP/1.0\r\nHost: test\r\n\r\n")
    let answer = client.response()
    #expect(answer?.status == 200)
    #expect(answer?.text == "app")
    server.stop()
  }

  @Test("426 keeps the protocols in Upgrade", arguments: ["websocket", "TLS/1.3, HTTP/2.0"])
  func upgradeRequired(protocols: String) throws {
    let app = RecordingApp(
      answering: "HTTP/1.1 426 Upgrade Required\r\nConnection: Upgrade\r\nUpgrade: \(protocols)\r\n"
        + "Content-Length: 3\r\n\r\napp"
    )
    let (server, port) = try directory.serveWithoutGrace(before: app)
    let client = HTTPClient(port: port)
    for _ in 0..<2 {
      let answer = try #require(client.get("/page"))
      #expect(answer.status == 426)
      #expect(answer["Upgrade"] == protocols)
      #expect(answer["Connection"]?.lowercased().contains("upgrade") == true)
      #expect(answer.text == "app")
    }
    server.stop()
  }
}
