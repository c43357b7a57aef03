import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// The content of the access log, and the end of responses that the app aborts.
///
/// Goal: every answered request has a line, or is counted in a separate line; no aborted response
/// looks complete, and its received bytes are delivered.
@Suite struct LogHonestyTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  private func count(_ statuses: [UInt8]) -> Int {
    String(decoding: statuses, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").count - 1
  }

  /// Serves, sends `text`, and returns the number of responses and the log.
  private func answers(
    _ text: String,
    _ format: AccessLog.Format = .json,
    app: RecordingApp? = nil
  ) throws -> (count: Int, log: LogFile) {
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace {
      $0.workers = 1
      $0.accessLog = log.log(format)
      $0.forwarding = app.map { ForwardingConfiguration(to: $0.address) }
    }
    let client = HTTPClient(port: port)
    let sender = Thread {
      client.send(text)
      if app == nil { client.finish() }
    }
    sender.start()
    let count = count(client.rest())
    server.stop()
    return (count, log)
  }

  /// Requests that are refused early, or that are hard to log.
  static let oddRequests: [(name: String, text: String)] = [
    ("a long method", "\(String(repeating: "M", count: 10_000)) /static/a.txt HTTP/1.1\r\n\r\n"),
    (
      "a long method with a Host",
      "\(String(repeating: "M", count: 10_000)) /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n"
    ),
    (
      "a long method and target",
      "\(String(repeating: "M", count: 8000)) /\(String(repeating: "t", count: 8000)) HTTP/1.1\r\n"
        + "Host: x\r\n\r\n"
    ),
    ("a long target", "GET /\(String(repeating: "t", count: 8193)) HTTP/1.1\r\nHost: x\r\n\r\n"),
    (
      "a target to be escaped",
      "GET /\(String(repeating: "\"", count: 8000)) HTTP/1.1\r\nHost: x\r\n\r\n"
    ),
    (
      "fields to be escaped",
      "GET / HTTP/1.1\r\nHost: x\r\nReferer: \(String(repeating: "\"", count: 7000))\r\n"
        + "User-Agent: \(String(repeating: "\\", count: 7000))\r\n\r\n"
    ),
    (
      "a long field",
      "GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 20_000))\r\n\r\n"
    ),
    ("no Host", "GET / HTTP/1.1\r\n\r\n"),
    ("a bad length", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n"),
    ("an unknown coding", "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x\r\n\r\n"),
    ("another version", "GET / HTTP/3.0\r\nHost: x\r\n\r\n"),
    ("no request", "\u{16}\u{3}\u{1} hello\r\n\r\n"),
    (
      "bad chunks",
      "POST /static/a.txt HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"
    ),
  ]

  @Test(
    "every response has its line",
    arguments: oddRequests.map(\.name),
    AccessLog.Format.allCases
  )
  func hasItsLine(name: String, format: AccessLog.Format) throws {
    let text = try #require(Self.oddRequests.first { $0.name == name }).text
    let (count, log) = try answers(text, format)
    #expect(count == 1)
    #expect(log.lines.count == 1, "\(log.lines.map { $0.prefix(100) })")
  }

  @Test("many concurrent long targets: a line for each, or a count", arguments: ["t", "\"", "%41"])
  func longTargets(unit: String) throws {
    let target = "/static/" + String(repeating: unit, count: 8000 / unit.utf8.count)
    let request = "GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n"
    let (count, log) = try answers(String(repeating: request, count: 300))
    #expect(count == 300)
    #expect(log.requests.count + log.droppedCount == 300, "\(log.requests.count) lines")
  }

  @Test("forwarded requests have a line each, or a count")
  func forwarded() throws {
    let app = RecordingApp(answering: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp")
    let target = "/" + String(repeating: "t", count: 8000)
    let request = "GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n"
    let last = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    let (count, log) = try answers(String(repeating: request, count: 99) + last, app: app)
    #expect(count == 100)
    #expect(log.requests.count + log.droppedCount == 100, "\(log.requests.count) lines")
  }

  /// A response that the app aborts.
  enum Broken: String, CaseIterable, Sendable {
    case length, chunks, chunksForVersion10, badChunk

    func text(_ body: String) -> String {
      let chunk = String(body.utf8.count, radix: 16)
      return switch self {
      case .length: "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count + 1)\r\n\r\n\(body)"
      case .chunks, .chunksForVersion10:
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)\r\n\(body)\r\n"
      case .badChunk:
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)\r\n\(body)\r\nxyz\r\n"
      }
    }
  }

  @Test(
    "a response that the app aborts is delivered so far, then aborted, and logged",
    arguments: Broken.allCases,
    [40, 1 << 20]
  )
  func broken(kind: Broken, byteCount: Int) throws {
    let body = String(repeating: "a", count: byteCount)
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      connection.send(kind.text(body))
    }
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: app) { $0.accessLog = log.log() }
    let client = HTTPClient(port: port)
    let version = kind == .chunksForVersion10 ? "1.0" : "1.1"
    client.send("GET /page HTTP/\(version)\r\nHost: x\r\n\r\n")
    let rest = client.rest()
    let text = String(decoding: rest, as: UTF8.self)
    #expect(text.hasPrefix("HTTP/1.1 200 "))
    #expect(rest.count { $0 == UInt8(ascii: "a") } >= byteCount, "not all that came")
    #expect(!text.hasSuffix("\r\n0\r\n\r\n"), "a clean end")
    // If a response ends with the connection, an aborted one must end with a reset.
    if kind == .chunksForVersion10 { #expect(client.endError == ECONNRESET) }
    server.stop()
    #expect(log.statuses(of: "/page").count == 1)
    #expect(log.requests.first?["bytes"] as? Int == byteCount)
  }
}
