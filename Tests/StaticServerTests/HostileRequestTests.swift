import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Requests that smuggle and forge, in front of an app that records its requests.
///
/// Goal: no request reaches the app twice, hidden in another, on another client's connection, or
/// with forged fields. Method: each row alone; then another client sends a request, which must
/// arrive unchanged. `HostileGunicornTests` sends the same rows to a real gunicorn.
@Suite struct HostileRequestTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("a file", to: "a.txt")
  }

  @Test("the requests that reach the app", arguments: HostileRequest.all)
  func row(_ row: HostileRequest) throws {
    let app = RecordingApp(answering: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp")
    var options = FileTable.Options()
    options.refusesAmbiguousPaths = true
    let (server, port) = try directory.serve(before: app, options) {
      // The row's client shuts down its side after the request, so that its connection ends.
      $0.forwarding?.allowsHalfClosedClients = true
    }
    let client = HTTPClient(port: port)
    client.send(row.bytes)
    client.finish()
    let answer = String(decoding: client.rest(), as: UTF8.self)
    let status = Int(answer.dropFirst(9).prefix(3)) ?? 0
    #expect(HTTPClient(port: port).get("/after")?.text == "app")
    server.stop()
    let requests = app.requests
    #expect(requests.last?.lines.first == "GET /after HTTP/1.1")
    for request in requests.dropLast() { check(request) }
    switch row.outcome {
    case .refused(let statuses):
      #expect(requests.count == 1, "\(requests.map(\.lines))")
      #expect(statuses.contains(status), "\(answer)")
    case .forwarded(let count):
      #expect(requests.count == count + 1, "\(requests.map(\.lines)) \(answer)")
      #expect(status == 200 || answer.hasPrefix("HTTP/1.1 100"), "\(answer)")
    }
  }

  /// Checks that a request is unambiguous, and contains nothing forged.
  private func check(_ request: RecordedRequest) {
    #expect(request.values("Host") == ["test"])
    #expect(request.values("Content-Length").count <= 1)
    #expect(request.values("X-Forwarded-For") == ["127.0.0.1"])
    #expect(request.values("X-Forwarded-Proto") == ["http"])
    #expect(request.lines[0].hasSuffix(" HTTP/1.1"))
    for line in request.lines {
      #expect(!line.contains(HostileRequest.mark), "\(line)")
      #expect(!line.lowercased().hasPrefix("transfer-encoding"), "\(line)")
      let name = line.prefix { $0 != ":" }
      let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      #expect(isPlain || line == request.lines[0], "\(line)")
    }
  }
}
