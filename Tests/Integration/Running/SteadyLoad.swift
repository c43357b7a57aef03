import Foundation
import Synchronization
import TestSupport

/// Requests at a steady rate over kept connections, each with a path of its own.
final class SteadyLoad: Sendable {
  /// What became of the requests.
  struct Record: Sendable {
    /// The paths that were answered with themselves.
    var answered: [String] = []
    /// The paths that were answered otherwise, with the status; 0 when no byte came.
    var failed: [(path: String, status: Int)] = []
    /// Those of the failed ones for which there was no connection: nobody listened.
    var refused: [String] = []
    /// Those of the failed ones that were sent.
    var lost: [(path: String, status: Int)] { failed.filter { !refused.contains($0.path) } }
    fileprivate var stops = false
  }

  private let record = Mutex(Record())
  private let ended = DispatchGroup()
  private let expected: String?

  /// Starts at once: `perSecond` requests a second over `connections` connections.
  ///
  /// - Parameters:
  ///   - method: by the number of a request.
  ///   - expected: the content that every request gets; nil for its path.
  init(
    port: UInt16,
    perSecond: Int,
    connections: Int,
    expected: String? = nil,
    method: @escaping @Sendable (Int) -> String = { _ in "GET" }
  ) {
    self.expected = expected
    let pause = Double(connections) / Double(perSecond)
    for connection in 0..<connections {
      ended.enter()
      Thread.detachNewThread { [self] in
        // Not all in the same moment.
        var next = Date().timeIntervalSince1970 + pause * Double(connection) / Double(connections)
        var client: HTTPClient?
        var number = connection
        while !record.withLock({ $0.stops }) {
          // The rate is that of the load alone; no test waits here.
          let wait = next - Date().timeIntervalSince1970
          if wait > 0 { usleep(UInt32(wait * 1e6)) }
          next += pause
          client = send(method(number), "/n/\(number)", client ?? HTTPClient(connectingTo: port))
          number += connections
        }
        ended.leave()
      }
    }
  }

  /// Sends one request; returns the client if its connection is kept.
  private func send(_ method: String, _ path: String, _ client: HTTPClient?) -> HTTPClient? {
    let answer = client?.get(path, "Content-Length: 0", method: method)
    record.withLock { record in
      if answer?.status == 200, answer?.text == expected ?? path {
        record.answered.append(path)
      } else {
        record.failed.append((path, answer?.status ?? 0))
        if client == nil { record.refused.append(path) }
      }
    }
    return answer == nil || answer?["Connection"] == "close" ? nil : client
  }

  /// How many requests have been answered.
  var count: Int { record.withLock { $0.answered.count } }

  /// Ends it and returns what has become of the requests.
  func stop() -> Record {
    record.withLock { $0.stops = true }
    ended.wait()
    return record.withLock { $0 }
  }
}
