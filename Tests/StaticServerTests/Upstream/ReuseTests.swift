import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Connections to the app that are reused for another client's request.
///
/// Goal: whatever the app sends, no client gets a byte of another's response; and a response with a
/// certain end does not cost a connection.
@Suite struct ReuseTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// Signals for the app's first connection to send its surplus, and for the test that it has.
  private struct Signals: Sendable {
    let due = DispatchSemaphore(value: 0)
    let sent = DispatchSemaphore(value: 0)
  }

  private func app(_ row: ReuseRow, surplus: ReuseRow.Surplus?, _ signals: Signals)
    -> RecordingApp
  {
    RecordingApp { connection in
      while let request = connection.request() {
        guard request.target == "/first" else {
          connection.answer("own \(request.target)")
          continue
        }
        connection.send(row.answer + (surplus == .together ? ReuseRow.forged : ""))
        if row.closes { return }
        guard let surplus, surplus != .together else { continue }
        guard signals.due.wait(timeout: .now() + 10) == .success else { return }
        connection.send(ReuseRow.forged)
        signals.sent.signal()
      }
    }
  }

  /// Sends the row's request; checks the response.
  private func askFirst(_ row: ReuseRow, _ client: HTTPClient) throws {
    client.send("\(row.method) /first HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n")
    var answer = try #require(client.response(hasBody: row.method != "HEAD"))
    #expect(row.statuses.contains(answer.status))
    while answer.status < 200 {
      answer = try #require(client.response(hasBody: row.method != "HEAD"))
      #expect(row.statuses.contains(answer.status))
    }
    if let body = row.body, answer.status < 500 || row.statuses == [answer.status] {
      #expect(answer.text == body)
    }
  }

  private func check(_ row: ReuseRow, surplus: ReuseRow.Surplus? = nil) throws {
    let signals = Signals()
    let app = app(row, surplus: surplus, signals)
    let (server, port) = try directory.serveWithoutGrace(before: app)
    let probe = Probe(port: port)
    let first = HTTPClient(port: port, seconds: 5)
    let second = HTTPClient(port: port, seconds: 5)
    try askFirst(row, first)
    if surplus == .beforeNext {
      signals.due.signal()
      #expect(signals.sent.wait(timeout: .now() + 10) == .success)
      probe.pass()
    }
    second.ask("/second")
    if surplus == .behindNext {
      probe.pass()
      signals.due.signal()
    }
    let answer = second.response()
    #expect(answer?.status == 200)
    #expect(answer?.text == "own /second", "the answer of another request")
    #expect(second.get("/third")?.text == "own /third")
    switch row.connection {
    case .kept: #expect(app.connectionCount == (surplus == nil ? 1 : 2))
    case .dropped: #expect(app.connectionCount == 2)
    case .either: #expect(app.connectionCount <= 2)
    }
    #expect(app.requests.map(\.target) == ["/first", "/second", "/third"])
    server.stop()
  }

  @Test("after a response that ends as announced, the next follows", arguments: ReuseRow.whole)
  func whole(row: ReuseRow) throws {
    try check(row)
  }

  @Test(
    "a second response without a request reaches no client",
    arguments: ReuseRow.whole.filter { $0.connection == .kept },
    [ReuseRow.Surplus.together, .beforeNext]
  )
  func unasked(row: ReuseRow, surplus: ReuseRow.Surplus) throws {
    try check(row, surplus: surplus)
  }

  @Test(
    "content that a response announces but cannot have reaches no client",
    arguments: ReuseRow.announced,
    [nil] + ReuseRow.Surplus.allCases
  )
  func announced(row: ReuseRow, surplus: ReuseRow.Surplus?) throws {
    try check(row, surplus: surplus)
  }

  @Test("a response without a certain end is the last", arguments: ReuseRow.doubtful)
  func doubtful(row: ReuseRow) throws {
    try check(row)
  }

  @Test("a response before the content was read ends the connection", arguments: ["POST", "PUT"])
  func early(method: String) throws {
    let content = TemporaryDirectory.pattern(4 << 20)
    let app = RecordingApp { connection in
      while let request = connection.request(readsContent: false) {
        connection.answer("own \(request.target)")
        guard request.target == "/first" else { continue }
        while connection.bytes() != nil {}
      }
    }
    let (server, port) = try directory.serveWithoutGrace(before: app)
    let first = HTTPClient(port: port, seconds: 5)
    first.send(
      "\(method) /first HTTP/1.1\r\nHost: test\r\nContent-Length: \(content.count)\r\n\r\n"
    )
    first.send(content)
    #expect(first.response()?.text == "own /first")
    #expect(HTTPClient(port: port, seconds: 5).get("/second")?.text == "own /second")
    #expect(app.connectionCount == 2)
    server.stop()
  }

  @Test("many clients over few connections each get their own response")
  func crowd() throws {
    let app = RecordingApp { connection in
      while let request = connection.request() {
        switch Int(request.target.suffix(1))! % 5 {
        case 0: connection.send("HTTP/1.1 204 X\r\nContent-Length: 44\r\n\r\n\(ReuseRow.forged)")
        case 1: connection.send("HTTP/1.1 304 X\r\nContent-Length: 44\r\n\r\n\(ReuseRow.forged)")
        case 2: connection.send("HTTP/1.1 204 X\r\n\r\n")
        default: connection.answer("own \(request.target)")
        }
      }
    }
    let (server, port) = try directory.serveWithoutGrace(before: app) { $0.workers = 2 }
    let clients = (0..<10).map { _ in HTTPClient(port: port, seconds: 5) }
    for turn in 0..<20 {
      for (number, client) in clients.enumerated() { client.ask("/\(turn)/\(number)") }
      for (number, client) in clients.enumerated() {
        let answer = try #require(client.response())
        let expected = [204, 304, 204, 200, 200][number % 5]
        #expect(answer.status == expected)
        if expected == 200 { #expect(answer.text == "own /\(turn)/\(number)") }
      }
    }
    server.stop()
  }
}
