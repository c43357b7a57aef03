import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// `Max-Forwards` (RFC 9110 §7.6.2).
///
/// Goal: an OPTIONS request goes no further than its sender allows. Other methods may ignore the
/// field, TRACE is never forwarded.
@Suite struct MaxForwardsTests {
  private let directory = TemporaryDirectory()

  private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp"

  @Test(
    "what the app gets",
    arguments: [
      ("OPTIONS", ["Max-Forwards: 10"], ["9"]), ("OPTIONS", ["max-forwards:1"], ["0"]),
      ("OPTIONS", ["Max-Forwards: 007"], ["6"]), ("OPTIONS", [], []),
      // The least of several lines; a value that is no number is no limit.
      ("OPTIONS", ["Max-Forwards: 5", "Max-Forwards: 3"], ["2"]),
      ("OPTIONS", ["Max-Forwards: 5", "Max-Forwards: x"], ["4"]),
      ("OPTIONS", ["Max-Forwards: -1"], ["-1"]), ("OPTIONS", ["Max-Forwards: 1.5"], ["1.5"]),
      ("OPTIONS", ["Max-Forwards: "], [""]), ("OPTIONS", ["Max-Forwards: 0x"], ["0x"]),
      ("OPTIONS", ["Max-Forwards: 1000000"], ["999999"]),
      ("OPTIONS", ["Max-Forwards: 1000001"], ["1000000"]),
      ("OPTIONS", ["Max-Forwards: 99999999999999999999"], ["1000000"]),
      ("OPTIONS", ["Max-Forwards: 2", "Connection: Max-Forwards"], []),
      ("GET", ["Max-Forwards: 0"], ["0"]), ("POST", ["Max-Forwards: 3"], ["3"]),
      ("options", ["Max-Forwards: 0"], ["0"]),
    ] as [(String, [String], [String])]
  )
  func forwarded(method: String, fields: [String], expected: [String]) throws {
    let lines = fields.map { $0 + "\r\n" }.joined()
    let head = try ForwardedHead.forward("\(method) / HTTP/1.1\r\nHost: x\r\n\(lines)\r\n")
    #expect(head.values("max-forwards") == expected)
  }

  @Test(
    "at 0 this server answers, also after content; the connection goes on",
    arguments: [
      ("Max-Forwards: 0\r\n\r\n", ""), ("Max-Forwards: 000\r\n\r\n", ""),
      ("Max-Forwards: 0\r\nMax-Forwards: 9\r\n\r\n", ""),
      ("Max-Forwards: 0\r\nContent-Length: 5\r\n\r\nhello", ""),
      ("Max-Forwards: 0\r\nContent-Length: 5\r\n\r\nhe", "llo"),
    ]
  )
  func lastServer(first: String, rest: String) throws {
    let app = RecordingApp(answering: Self.ok)
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    client.send("OPTIONS /page HTTP/1.1\r\nHost: x\r\n" + first)
    client.send(rest)
    let answer = try #require(client.response(hasBody: false))
    #expect(answer.status == 204)
    #expect(answer["Allow"] == "GET, HEAD, OPTIONS")
    client.send("OPTIONS /page HTTP/1.1\r\nHost: x\r\nMax-Forwards: 1\r\n\r\n")
    #expect(client.response()?.text == "app")
    #expect(app.requests.map { $0.values("max-forwards") } == [["0"]])
    server.stop()
  }

  @Test("a handler is no further server: it gets the field as it came")
  func handler() throws {
    let (server, port) = try directory.serve { configuration in
      var handler = HandlerConfiguration { request in
        HandlerResponse(text: "\(request.method) \(request.fields["max-forwards"] ?? "-")")
      }
      handler.executor = ThreadExecutor()
      configuration.handler = handler
    }
    let client = HTTPClient(port: port)
    for value in ["0", "3"] {
      client.send("OPTIONS /page HTTP/1.1\r\nHost: x\r\nMax-Forwards: \(value)\r\n\r\n")
      #expect(client.response()?.text == "OPTIONS \(value)")
    }
    server.stop()
  }
}
