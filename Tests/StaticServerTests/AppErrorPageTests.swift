import StaticAssets
import StaticServer
import TestSupport
import Testing

/// The response when the app does not respond.
///
/// Goal: a small page in a type that the client accepts, or the operator's page; never cached.
@Suite struct AppErrorPageTests {
  private let directory = TemporaryDirectory()

  @Test(
    "the page's type",
    arguments: [
      ("*/*", "text/html; charset=\"utf-8\"", "<h1>502 Bad Gateway</h1>"),
      ("text/html, application/json", "text/html; charset=\"utf-8\"", "<h1>502 Bad Gateway</h1>"),
      ("application/json", "application/json", "{\"status\":502,\"error\":\"Bad Gateway\"}\n"),
      ("text/plain, application/json;q=0.9", "application/json", "\"status\":502"),
    ]
  )
  func form(accept: String, type: String, part: String) throws {
    let (server, port) = try directory.serve {
      $0.forwarding = ForwardingConfiguration(to: .unix(path: directory.path("none")))
    }
    let client = HTTPClient(port: port)
    let answer = try #require(client.get("/page", "Accept: \(accept)"))
    #expect(answer.status == 502)
    #expect(answer["Content-Type"] == type)
    #expect(answer["Cache-Control"] == "no-store")
    #expect(answer.text.contains(part))
    let head = try #require(client.get("/page", "Accept: \(accept)", method: "HEAD"))
    #expect(head["Content-Length"] == answer["Content-Length"])
    server.stop()
  }

  @Test("the operator's page, up to the maximum size", arguments: [10, 65_536])
  func own(byteCount: Int) throws {
    let page = TemporaryDirectory.pattern(byteCount)
    directory.write(page, to: "down.html")
    var options = FileTable.Options()
    options.errorPages[.badGateway] = directory.path("down.html")
    options.errorPages[.serviceUnavailable] = directory.path("down.html")
    let (server, port) = try directory.serve(options) {
      $0.forwarding = ForwardingConfiguration(to: .unix(path: directory.path("none")))
    }
    let client = HTTPClient(port: port)
    for _ in 0..<2 {
      let answer = try #require(client.get("/page", "Accept: application/json"))
      #expect(answer.status == 502)
      #expect(answer["Content-Type"] == "text/html; charset=\"utf-8\"")
      #expect(answer["Cache-Control"] == "no-store")
      #expect(answer["Retry-After"] == nil)
      #expect(answer.body == page)
    }
    #expect(client.get("/page", method: "HEAD")?.status == 502)
    server.stop()
    let (waiting, waitingPort) = try directory.serve(options) {
      $0.forwarding = ForwardingConfiguration(to: .unix(path: directory.path("none")))
      $0.forwarding?.startupHold = .seconds(1)
    }
    let answer = try #require(HTTPClient(port: waitingPort).get("/page"))
    #expect(answer.status == 503)
    #expect(answer["Retry-After"] == "2")
    #expect(answer.body == page)
    waiting.stop()
  }
}
