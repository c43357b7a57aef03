import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// HEAD requests that get a page of staticd.
///
/// Goal: no response to HEAD has a body (RFC 9110 §9.3.2), including refusals, as soon as the
/// method is known to be HEAD.
@Suite struct HeadRefusalTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let status: Int
    var target = "/page"
    var fields = "Host: x\r\n"
    var version = "HTTP/1.1"
    /// The app's behavior: it never responds, or not in time; nil if it gets no request.
    var app: App?

    var text: String { "HEAD \(target) \(version)\r\n\(fields)\r\n" }

    enum App: Sendable { case closes, waits, isAway, isAwayForLong }
  }

  private static let long = String(repeating: "a", count: 9000)

  static let rows: [Row] = [
    Row(testDescription: "no Host", status: 400, fields: ""),
    Row(testDescription: "two Hosts", status: 400, fields: "Host: x\r\nHost: y\r\n"),
    Row(testDescription: "a bad length", status: 400, fields: "Host: x\r\nContent-Length: x\r\n"),
    Row(testDescription: "a bad name", status: 400, fields: "Host: x\r\nA B: c\r\n"),
    Row(testDescription: "NUL", status: 400, fields: "Host: x\r\nA: \0\r\n"),
    Row(testDescription: "a bad target", status: 400, target: "/\u{1}"),
    Row(
      testDescription: "a length and chunks",
      status: 400,
      fields: "Host: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"
    ),
    Row(testDescription: "no such file", status: 404, target: "/static/none"),
    Row(testDescription: "a long target", status: 414, target: "/\(long)"),
    Row(
      testDescription: "much content for a file",
      status: 413,
      target: "/static/a.txt",
      fields: "Host: x\r\nContent-Length: 2000000\r\n"
    ),
    Row(
      testDescription: "much content for the app",
      status: 413,
      fields: "Host: x\r\nContent-Length: 2000000\r\n"
    ),
    Row(
      testDescription: "much chunked content for the app",
      status: 413,
      fields: "Host: x\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n"
        + String(repeating: "a", count: 100_000)
    ),
    Row(
      testDescription: "many fields",
      status: 431,
      fields: "Host: x\r\n" + String(repeating: "A: b\r\n", count: 200)
    ),
    Row(testDescription: "a long field", status: 431, fields: "Host: x\r\nA: \(long)\(long)\r\n"),
    Row(
      testDescription: "an unknown coding",
      status: 501,
      fields: "Host: x\r\nTransfer-Encoding: gzip, chunked\r\n"
    ),
    Row(testDescription: "another version", status: 505, version: "HTTP/3.0"),
    Row(
      testDescription: "an unknown expectation",
      status: 417,
      target: "/static/a.txt",
      fields: "Host: x\r\nExpect: more\r\n"
    ),
    Row(
      testDescription: "a failed condition",
      status: 412,
      target: "/static/a.txt",
      fields: "Host: x\r\nIf-Match: \"x\"\r\n"
    ),
    Row(testDescription: "an app that closes", status: 502, app: .closes),
    Row(testDescription: "an app that is away", status: 502, app: .isAway),
    Row(testDescription: "an app that stays away", status: 503, app: .isAwayForLong),
    Row(testDescription: "an app that waits", status: 504, app: .waits),
  ]

  @Test("a refused HEAD gets only a head", arguments: rows)
  func refused(row: Row) throws {
    let app = RecordingApp { connection in
      _ = connection.request()
      if row.app == .waits { _ = connection.awaitByte() }
    }
    let missing = directory.path("none.sock")
    let (server, port) = try directory.serveWithoutGrace(before: app) {
      if row.app == .isAway || row.app == .isAwayForLong {
        $0.forwarding = ForwardingConfiguration(to: .unix(path: missing))
        $0.forwarding?.startupHold = .seconds(row.app == .isAway ? 0 : 1)
      }
      $0.forwarding?.responseTimeout = .seconds(1)
      $0.forwarding?.contentBytesMax = 10_000
    }
    let client = HTTPClient(port: port)
    client.send(row.text)
    let answer = try #require(client.response(hasBody: false))
    #expect(answer.status == row.status)
    if answer["Connection"] != "close" {
      // The next response begins directly after this one.
      #expect(client.get("/static/a.txt")?.text == "hello")
      client.finish()
    }
    #expect(client.rest() == [])
    server.stop()
  }
}
