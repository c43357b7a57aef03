import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Trailer fields.
///
/// Goal: those of a response reach only clients that asked for them, without fields that would
/// change what was already read; those of a request are not forwarded. Source: RFC 9110 §6.5.
@Suite struct TrailerTests {
  private let directory = TemporaryDirectory()

  private static let response = """
    HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, Server-Timing\r\n\r
    5\r\nhello\r\n0\r\nX-Sum: 12\r\nContent-Length: 9\r\nSet-Cookie: a=b\r
    Server-Timing: app\r\n\r\n
    """

  private func app(inPieces: Bool) -> RecordingApp {
    RecordingApp { connection in
      while connection.request() != nil {
        guard inPieces else {
          connection.send(Self.response)
          continue
        }
        connection.sendInPieces(Self.response)
      }
    }
  }

  @Test("trailer of a response", arguments: [true, false])
  func response(inPieces: Bool) throws {
    let app = app(inPieces: inPieces)
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    client.send("GET /page HTTP/1.1\r\nHost: test\r\nTE: gzip;q=0.5, trailers\r\n")
    client.send("Connection: TE, close\r\n\r\n")
    let text = String(decoding: client.rest(), as: UTF8.self)
    #expect(text.contains("\r\nTrailer: X-Sum, Server-Timing\r\n"))
    #expect(text.hasSuffix("\r\n0\r\nX-Sum: 12\r\nServer-Timing: app\r\n\r\n"))
    #expect(app.requests[0].values("te") == ["trailers"])
    #expect(app.requests[0].values("connection") == ["TE"])
    server.stop()
  }

  @Test("trailer of a response, for a client that did not ask", arguments: ["", "TE: gzip\r\n"])
  func unasked(field: String) throws {
    let app = app(inPieces: false)
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    client.send("GET /page HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\(field)\r\n")
    let text = String(decoding: client.rest(), as: UTF8.self)
    #expect(text.hasSuffix("\r\n0\r\n\r\n"))
    #expect(!text.contains("X-Sum"))
    #expect(app.requests[0].values("te").isEmpty)
    let old = HTTPClient(port: port)
    old.send("GET /page HTTP/1.0\r\nTE: trailers\r\n\r\n")
    #expect(String(decoding: old.rest(), as: UTF8.self).hasSuffix("\r\n\r\nhello"))
    server.stop()
  }

  @Test("trailer of a request")
  func request() throws {
    let app = RecordingApp(answering: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp")
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    for _ in 0..<2 {
      client.send("POST /form HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n")
      client.send("Trailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 12\r\n\r\n")
      #expect(client.response()?.text == "app")
    }
    for request in app.requests {
      #expect(request.content == Array("hello".utf8))
      #expect(request.values("x-sum").isEmpty && request.values("trailer").isEmpty)
    }
    #expect(app.requests.count == 2)
    server.stop()
  }
}
