import Foundation
import StaticServer
import Synchronization
import TestSupport
import Testing

/// An app that holds each request until a test releases it, and responds with the request's target.
final class HoldingApp: Sendable {
  private struct State {
    var heldCount = 0
    var heldCountMax = 0
    var targets: [String] = []
  }

  /// The state, separate from the app, whose threads outlive the test.
  private final class Ledger: Sendable {
    let state = Mutex(State())
    let gate = DispatchSemaphore(value: 0)

    func begin(_ target: String) {
      state.withLock {
        $0.targets.append(target)
        $0.heldCount += 1
        $0.heldCountMax = max($0.heldCountMax, $0.heldCount)
      }
    }

    func end() { state.withLock { $0.heldCount -= 1 } }
  }

  /// The app itself.
  let app: RecordingApp
  private let ledger = Ledger()

  init(isTCP: Bool = false) {
    app = RecordingApp(isTCP: isTCP) { [ledger] connection in
      while let request = connection.request() {
        ledger.begin(request.target)
        let isLetGo = ledger.gate.wait(timeout: .now() + 10) == .success
        ledger.end()
        guard isLetGo, connection.answer(request.target) else { return }
      }
    }
  }

  /// The number of held requests.
  var heldCount: Int { ledger.state.withLock { $0.heldCount } }
  /// The largest number of requests held at once.
  var heldCountMax: Int { ledger.state.withLock { $0.heldCountMax } }
  /// The targets of all requests, in order of arrival.
  var targets: [String] { ledger.state.withLock { $0.targets } }

  /// Releases `count` requests, held now or later.
  func letGo(_ count: Int = 1) {
    for _ in 0..<count { ledger.gate.signal() }
  }
}

extension RecordedRequest {
  /// The target of the request line.
  var target: String { lines[0].components(separatedBy: " ")[1] }
}

extension AppConnection {
  /// Responds with 200 and `text`.
  @discardableResult
  func answer(_ text: String) -> Bool {
    send("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
  }
}

extension HTTPClient {
  /// Sends a request without content and does not wait for the response.
  func ask(_ target: String, method: String = "GET") {
    send("\(method) \(target) HTTP/1.1\r\nHost: test\r\n\r\n")
  }
}

/// Requests a file from the loops of a server: a loop that has answered has also received whatever
/// was sent to it before.
struct Probe {
  private let clients: [HTTPClient]

  /// - Parameter workers: with more than one, enough connections are opened that each loop has
  /// some.
  init(port: UInt16, workers: Int = 1) {
    clients = (0..<(workers == 1 ? 1 : 16)).map { _ in HTTPClient(port: port) }
    pass()
  }

  /// Returns when every loop has received what was sent so far.
  func pass() {
    // Twice, because a new connection is accepted in one wake-up and read in the next.
    for _ in 0..<2 {
      for client in clients { #expect(client.get("/static/a.txt")?.status == 200) }
    }
  }

  /// `count` connections that the server has accepted.
  static func clients(_ count: Int, port: UInt16) -> [HTTPClient] {
    (0..<count).map { _ in
      let client = HTTPClient(port: port)
      #expect(client.get("/static/a.txt")?.status == 200)
      return client
    }
  }
}

/// An access log in a file, read as JSON once its server has stopped.
final class LogFile {
  private let directory = TemporaryDirectory()
  private let descriptor: Int32

  init() {
    descriptor = open(directory.write("", to: "log"), O_WRONLY | O_CLOEXEC | O_APPEND)
  }

  deinit { close(descriptor) }

  /// The log as a configuration value.
  func log(_ format: AccessLog.Format = .json) -> AccessLog {
    AccessLog(format: format, descriptor: descriptor)
  }

  /// The raw lines.
  var lines: [String] { (directory.text("log") ?? "").components(separatedBy: "\n").dropLast() }

  /// The lines of answered requests.
  var requests: [[String: Any]] { objects.filter { $0["target"] != nil } }

  /// The number of lines that the log reports as lost.
  var droppedCount: Int { objects.compactMap { $0["dropped"] as? Int }.reduce(0, +) }

  /// The statuses of the requests for `target`.
  func statuses(of target: String) -> [Int] {
    requests.filter { $0["target"] as? String == target }.compactMap { $0["status"] as? Int }
  }

  private var objects: [[String: Any]] {
    lines.compactMap {
      try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
  }
}

extension TemporaryDirectory {
  /// Like `serve`; a stop does not wait for clients, which a test still holds then.
  func serveWithoutGrace(
    before app: RecordingApp? = nil,
    _ change: (inout StaticServer.Configuration) -> Void = { _ in }
  ) throws -> (server: StaticServer, port: UInt16) {
    try serve {
      $0.workers = 1
      $0.grace = .seconds(0)
      $0.forwarding = app.map { ForwardingConfiguration(to: $0.address) }
      change(&$0)
    }
  }
}

/// Expects `bytes` to be `count` bytes of `pattern`, repeated; reports only the number of bytes.
func expect(
  _ bytes: [UInt8]?,
  _ count: Int,
  of pattern: [UInt8],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var expected: [UInt8] = []
  expected.reserveCapacity(count)
  for _ in 0..<(count / pattern.count) { expected += pattern }
  expected += pattern[..<(count % pattern.count)]
  let isEqual = bytes == expected
  #expect(isEqual, "\(bytes?.count ?? -1) bytes of \(count)", sourceLocation: sourceLocation)
}
