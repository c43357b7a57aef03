import Foundation
import StaticAssets
import StaticServer
import Synchronization
import TestSupport
import Testing

/// Requests that are repeated to an app that ends without a response.
///
/// Goal: no request is sent more than twice; one that is not idempotent is never repeated once the
/// app may have read a byte of it (RFC 9110 §9.2.2). Method: every connection of the app ends in
/// the same way, and counts whether a request arrived.
@Suite struct RetryTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// How much of a request the app reads before it closes its connection; unread bytes turn the
  /// close into a reset.
  enum Reading: String, CaseIterable, Sendable {
    case nothing, aByte, head, everything, everythingAndHalfAnAnswer
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let method: String
    let byteCount: Int
    let reading: Reading
    let isReused: Bool
    let isTCP: Bool

    var isIdempotent: Bool { method != "POST" && method != "PATCH" }

    /// How often the request may reach the app.
    var countMax: Int {
      if isIdempotent { return reading == .everythingAndHalfAnAnswer ? 1 : 2 }
      return reading == .nothing ? 2 : 1
    }

    var testDescription: String {
      "\(method) of \(byteCount) bytes, \(reading) read, \(isReused ? "kept" : "fresh")"
        + (isTCP ? " over TCP" : "")
    }

    var request: String {
      "\(method) /page HTTP/1.1\r\nHost: test\r\nContent-Length: \(byteCount)\r\n\r\n"
    }
  }

  static let rows = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "POST", "PATCH"].flatMap { method in
    [0, 1024, 1 << 20].flatMap { byteCount in
      Reading.allCases.flatMap { reading in
        [false, true].flatMap { isReused in
          [false, true].map {
            Row(
              method: method,
              byteCount: byteCount,
              reading: reading,
              isReused: isReused,
              isTCP: $0
            )
          }
        }
      }
    }
  }

  /// Ends a connection according to `row`; returns whether the first bytes arrived.
  private static func end(_ connection: AppConnection, _ row: Row) -> Bool {
    guard connection.awaitByte() else { return false }
    switch row.reading {
    case .nothing: break
    case .aByte: _ = connection.bytes(atMost: 1)
    case .head: _ = connection.request(readsContent: false)
    case .everything: _ = connection.request()
    case .everythingAndHalfAnAnswer:
      _ = connection.request()
      connection.send("HTTP/1.1 200 OK\r\nContent-Le")
    }
    return true
  }

  @Test("a request without a response reaches the app at most twice", arguments: rows)
  func unanswered(row: Row) throws {
    let ledger = Ledger()
    let app = RecordingApp(isTCP: row.isTCP) { connection in
      if row.isReused, connection.index == 0 {
        guard connection.request() != nil, connection.answer("warm") else { return }
      }
      if Self.end(connection, row) { ledger.note() }
    }
    let (server, port) = try directory.serveWithoutGrace(before: app)
    let client = HTTPClient(port: port)
    if row.isReused { #expect(client.get("/warm")?.text == "warm") }
    client.send(row.request)
    client.send([UInt8](repeating: 0x61, count: row.byteCount))
    let answer = try #require(client.response(hasBody: row.method != "HEAD"))
    #expect(answer.status == 502)
    #expect(ledger.count <= row.countMax)
    #expect(row.reading == .nothing || ledger.count >= 1)
    #expect(client.get("/static/a.txt")?.text == "hello")
    server.stop()
  }

  @Test(
    "a request that may be repeated is answered if the app fails only once",
    arguments: rows.filter { $0.isIdempotent && $0.countMax == 2 }
  )
  func repeated(row: Row) throws {
    let ledger = Ledger()
    let app = RecordingApp(isTCP: row.isTCP) { connection in
      if row.isReused, connection.index == 0 {
        guard connection.request() != nil, connection.answer("warm") else { return }
      }
      if connection.index == 0 {
        if Self.end(connection, row) { ledger.note() }
        return
      }
      while connection.request() != nil {
        ledger.note()
        connection.answer(row.method == "HEAD" ? "" : "app")
      }
    }
    let (server, port) = try directory.serveWithoutGrace(before: app)
    let client = HTTPClient(port: port)
    if row.isReused { #expect(client.get("/warm")?.text == "warm") }
    client.send(row.request)
    client.send([UInt8](repeating: 0x61, count: row.byteCount))
    #expect(client.response(hasBody: row.method != "HEAD")?.status == 200)
    // On a reused or a new connection: the first attempt, or both.
    #expect((1...2).contains(ledger.count))
    server.stop()
  }

  @Test(
    "a connection that the app closes before it reads costs no request",
    arguments: ["GET", "POST"]
  )
  func closedUnread(method: String) throws {
    let app = HastyApp()
    let (server, port) = try directory.serveWithoutGrace {
      $0.forwarding = ForwardingConfiguration(to: .unix(path: app.path))
      $0.forwarding?.firstReadByteCount = 8192
    }
    let client = HTTPClient(port: port)
    let count = 2000
    for _ in 0..<count {
      client.send("\(method) /page HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n")
      #expect(client.response()?.status == 200)
    }
    #expect(app.count == count)
    server.stop()
    app.stop()
  }

  @Test("bytes that the app sends before it closes are the response")
  func greeting() throws {
    let app = HastyApp(
      greeting: "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 4\r\n\r\nbusy"
    )
    let (server, port) = try directory.serveWithoutGrace {
      $0.forwarding = ForwardingConfiguration(to: .unix(path: app.path))
    }
    let client = HTTPClient(port: port)
    for number in 1...2000 {
      client.send("GET /page HTTP/1.1\r\nHost: test\r\n\r\n")
      #expect(client.response()?.status == (number.isMultiple(of: 3) ? 200 : 429))
    }
    server.stop()
    app.stop()
  }

  /// Counts how often a request arrived.
  private final class Ledger: Sendable {
    private let state = Mutex(0)
    var count: Int { state.withLock { $0 } }
    func note() { state.withLock { $0 += 1 } }
  }
}
