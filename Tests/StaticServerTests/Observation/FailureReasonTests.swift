import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// The reasons of failed requests in the access log.
///
/// Goal: every 502, 503, 504 and 499 has a reason, and so has a truncated response; the same reason
/// is counted. Method: an app that causes each failure once.
@Suite struct FailureReasonTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// The bytes an app sends before it closes the connection, and the logged reason.
  struct Row: Sendable, CustomTestStringConvertible {
    let answer: String
    let status: Int
    let reason: String?
    var testDescription: String { answer.isEmpty ? "(nothing)" : answer }

    init(_ answer: String, _ status: Int, _ reason: String?) {
      self.answer = answer
      self.status = status
      self.reason = reason
    }
  }

  static let rows: [Row] = [
    Row("", 502, "closed before the head"),
    Row("HTTP/1.1 200 OK\r\n", 502, "closed before the head"),
    Row("nonsense\r\n\r\n", 502, "malformed head"),
    Row("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", 502, "malformed head"),
    Row("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", 502, "malformed head"),
    Row("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", 502, "malformed length"),
    Row(
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      502,
      "malformed length"
    ),
    Row(
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
      502,
      "length and chunks both"
    ),
    Row("HTTP/1.1 200 OK\r\nA: \(String(repeating: "a", count: 70_000))", 502, "head too large"),
    Row(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
      502,
      "upgrade that was not requested"
    ),
    Row("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", 200, "closed in the content"),
    Row(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
      200,
      "malformed chunks"
    ),
    Row("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", 502, "answered by the app"),
    Row("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 503, "answered by the app"),
    Row("HTTP/1.1 504 Late\r\nContent-Length: 0\r\n\r\n", 504, "answered by the app"),
    Row("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", 500, nil),
    Row("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 200, nil),
  ]

  @Test("failures caused by the app's response", arguments: rows)
  func answers(row: Row) throws {
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      connection.send(row.answer)
    }
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: app) { $0.accessLog = log.log() }
    let client = HTTPClient(port: port)
    // Not idempotent, so it is not repeated.
    client.send("POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    _ = client.rest()
    let metrics = server.metrics
    server.stop()
    try expect(log, row.status, row.reason, metrics)
  }

  /// Expects one line about `/page`, and the same reason in the counters.
  private func expect(
    _ log: LogFile,
    _ status: Int,
    _ reason: String?,
    _ metrics: ServerMetrics
  ) throws {
    let lines = log.requests.filter { $0["target"] as? String == "/page" }
    try #require(lines.count == 1, "\(log.lines)")
    #expect(lines[0]["status"] as? Int == status)
    #expect(lines[0]["reason"] as? String == reason)
    let counted = metrics.failures.filter { $0.count > 0 }.map { "\($0.reason.text)" }
    #expect(counted == (reason.map { [$0] } ?? []))
  }

  /// An address without a listener.
  enum Address: String, CaseIterable, Sendable {
    case port, socket, file

    var reason: String { self == .socket ? "socket missing" : "refused" }
  }

  @Test("no listener, at once and after the start timeout", arguments: Address.allCases)
  func away(address: Address) throws {
    let upstream: UpstreamAddress =
      switch address {
      case .port: .tcp(address: [127, 0, 0, 1], port: try UpstreamAddress.freePort())
      case .socket: .unix(path: directory.path("none.sock"))
      case .file: .unix(path: directory.write("", to: "file"))
      }
    for hold in [0, 1] {
      let log = LogFile()
      let (server, port) = try directory.serveWithoutGrace {
        $0.accessLog = log.log()
        $0.forwarding = ForwardingConfiguration(to: upstream)
        $0.forwarding?.startupHold = .seconds(hold)
      }
      let status = HTTPClient(port: port).get("/page")?.status
      #expect(status == (hold == 0 ? 502 : 503))
      let metrics = server.metrics
      server.stop()
      let reason = hold == 0 ? address.reason : "nothing listened in time"
      try expect(log, status ?? 0, reason, metrics)
    }
  }

  @Test("an app that does not respond in time, before and in its content", arguments: ["", "abc"])
  func late(content: String) throws {
    let app = RecordingApp { connection in
      _ = connection.request()
      if !content.isEmpty {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\(content)")
      }
      _ = connection.awaitByte()
    }
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: app) {
      $0.accessLog = log.log()
      $0.forwarding?.responseTimeout = .seconds(1)
    }
    let client = HTTPClient(port: port)
    client.send("GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    _ = client.rest()
    let metrics = server.metrics
    server.stop()
    if content.isEmpty {
      try expect(log, 504, "timed out before the head", metrics)
    } else {
      try expect(log, 200, "timed out in the content", metrics)
    }
    #expect(log.requests[0]["upstream_ms"] as? Double ?? 0 > 900)
  }

  /// Content of a request for a file, and why it is not taken.
  static let contents: [Row] = [
    Row("Content-Length: 1000\r\n\r\n", 413, "content too large"),
    Row(
      "Transfer-Encoding: chunked\r\n\r\n3e8\r\n\(String(repeating: "a", count: 200))",
      413,
      "content too large"
    ),
    Row("Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400, "malformed content"),
    Row("Content-Length: 9\r\n\r\nabc", 408, "content too slow"),
    Row("Transfer-Encoding: chunked\r\n\r\n9\r\nabc", 408, "content too slow"),
  ]

  @Test(
    "content that is not taken, for a file and for the app",
    arguments: contents,
    [true, false]
  )
  func content(row: Row, isForApp: Bool) throws {
    directory.write("hello", to: "page")
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: isForApp ? HoldingApp().app : nil)
    {
      $0.accessLog = log.log()
      $0.contentBytesMax = 100
      $0.forwarding?.contentBytesMax = 100
      $0.contentTimeout = .seconds(1)
    }
    let target = isForApp ? "/page" : "/static/page"
    let client = HTTPClient(port: port)
    client.send("POST \(target) HTTP/1.1\r\nHost: x\r\n")
    // The content that comes in parts is another way through the server.
    client.send(row.answer)
    let answer = try #require(client.response())
    #expect(answer.status == row.status)
    let failures = server.metrics.failures.filter { $0.count > 0 }
    server.stop()
    #expect(failures.map { "\($0.reason.text)" } == [row.reason])
    try #require(log.requests.count == 1, "\(log.lines)")
    let line = log.requests[0]
    #expect(line["method"] as? String == "POST")
    #expect(line["target"] as? String == target)
    #expect(line["host"] as? String == "x")
    #expect(line["status"] as? Int == row.status)
    #expect(line["reason"] as? String == row.reason)
    #expect(line["bytes"] as? Int == answer.body.count)
  }

  @Test("a full queue, and a wait that takes too long", arguments: [0, 5])
  func queue(queueCount: Int) throws {
    let app = HoldingApp()
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace(before: app.app) {
      $0.accessLog = log.log()
      $0.forwarding?.concurrencyMax = 1
      $0.forwarding?.queueCountMax = queueCount
      $0.forwarding?.queueTimeout = .seconds(1)
    }
    let first = HTTPClient(port: port)
    first.ask("/first")
    #expect(eventually { app.heldCount == 1 })
    #expect(HTTPClient(port: port).get("/page")?.status == 503)
    let metrics = server.metrics
    app.letGo()
    #expect(first.response()?.status == 200)
    server.stop()
    try expect(log, 503, queueCount == 0 ? "queue full" : "queue time-out", metrics)
    #expect(log.requests.first { $0["target"] as? String == "/page" }?["upstream_ms"] == nil)
  }

  @Test("a handler that throws, or whose response is invalid", arguments: [true, false])
  func handler(throwing: Bool) throws {
    struct Failure: Error {}
    let log = LogFile()
    let (server, port) = try directory.serveWithoutGrace {
      $0.accessLog = log.log()
      $0.handler = HandlerConfiguration { _ in
        if throwing { throw Failure() }
        return HandlerResponse(status: 700)
      }
      // The thread pool may wait for this test.
      $0.handler?.executor = ThreadExecutor()
    }
    #expect(HTTPClient(port: port).get("/page")?.status == 500)
    let metrics = server.metrics
    server.stop()
    try expect(log, 500, "handler threw", metrics)
  }

  @Test("a file that was removed")
  func goneFile() throws {
    let log = LogFile()
    directory.write([UInt8](repeating: 1, count: 200_000), to: "page")
    let (server, port) = try directory.serve(FileTable.Options(openFilesMax: 0)) {
      $0.accessLog = log.log()
    }
    try FileManager.default.removeItem(atPath: directory.path("page"))
    #expect(HTTPClient(port: port).get("/static/page")?.status == 500)
    server.stop()
    #expect(log.requests.map { $0["reason"] as? String } == ["file not readable"])
  }

  @Test("the reason when a client leaves, by phase", arguments: Exchange.Phase.allCases)
  func leaving(phase: Exchange.Phase) {
    // Not asked, asked (perhaps before a repetition), and with a response that has begun.
    let expected: (FailureReason, FailureReason, FailureReason?) =
      switch phase {
      case .receivingContent, .storing: (.leftWhileSending, .leftWhileSending, nil)
      case .queued: (.leftWhileQueued, .leftWhileWorking, nil)
      case .stalled: (.leftWhileConnecting, .leftWhileWorking, nil)
      case .exchanging: (.leftWhileConnecting, .leftWhileWorking, .leftWhileReceiving)
      case .delivering: (.leftWhileReceiving, .leftWhileReceiving, .leftWhileReceiving)
      case .tunnel: (.none, .none, FailureReason.none)
      }
    func reason(_ isAsked: Bool, _ hasResponse: Bool) -> FailureReason {
      FailureReason(leavingIn: phase, isAsked: isAsked, hasResponse: hasResponse)
    }
    #expect(reason(false, false) == expected.0)
    #expect(reason(true, false) == expected.1)
    if let begun = expected.2 { #expect(reason(true, true) == begun) }
  }

  /// When a client disconnects.
  enum Moment: String, CaseIterable, Sendable {
    case sending, queued, connecting, working, receiving

    var reason: String {
      switch self {
      case .sending: "client left while sending"
      case .queued: "client left while queued"
      case .connecting: "client left while connecting to the app"
      case .working: "client left while the app worked"
      case .receiving: "client left while receiving"
      }
    }
  }

  @Test("a client that disconnects", arguments: Moment.allCases)
  func leaving(moment: Moment) throws {
    let app = HoldingApp()
    let talker = RecordingApp { connection in
      _ = connection.request()
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
      _ = connection.awaitByte()
    }
    let log = LogFile()
    let missing = directory.path("none.sock")
    let (server, port) = try directory.serveWithoutGrace(before: app.app) {
      $0.accessLog = log.log()
      $0.forwarding?.concurrencyMax = 1
      if moment == .connecting {
        $0.forwarding = ForwardingConfiguration(to: .unix(path: missing))
        $0.forwarding?.startupHold = .seconds(60)
      }
      if moment == .receiving { $0.forwarding = ForwardingConfiguration(to: talker.address) }
    }
    let probe = Probe(port: port)
    let first = HTTPClient(port: port)
    if moment == .queued {
      first.ask("/first")
      #expect(eventually { app.heldCount == 1 })
    }
    var client: HTTPClient? = HTTPClient(port: port)
    client?.send(
      moment == .sending
        ? "PUT /page HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"
        : "GET /page HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    switch moment {
    case .working: #expect(eventually { app.heldCount == 1 })
    case .receiving: #expect(client?.hasBegun() == true)
    case .sending, .queued, .connecting: probe.pass()
    }
    client = nil
    #expect(eventually { server.metrics.failures.contains { $0.count > 0 } })
    let metrics = server.metrics
    app.letGo(2)
    server.stop()
    try expect(log, moment == .receiving ? 200 : 499, moment.reason, metrics)
  }

  @Test("every reason has a unique text, and an error status if there is a response")
  func texts() {
    let texts = FailureReason.allCases.map { "\($0.text)" }
    #expect(Set(texts).count == texts.count)
    for reason in FailureReason.allCases {
      #expect((reason.response?.rawValue ?? 400) >= 400)
      #expect((reason.insideContent.response == nil) || reason == .failedHandler)
    }
  }
}
