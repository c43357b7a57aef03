import Foundation
import Synchronization
import TestSupport

/// Requests at a steady rate over keep-alive connections, each with its own path.
final class SteadyLoad: Sendable {
  /// The results of the requests.
  struct Record: Sendable {
    /// The paths whose response had the expected content.
    var answered: [String] = []
    /// The paths with any other response, with the status; 0 if no byte was received.
    var failed: [(path: String, status: Int)] = []
    /// Of the failed paths those without a connection: it was refused.
    var refused: [String] = []
    /// Of the failed paths those that were sent.
    var lost: [(path: String, status: Int)] { failed.filter { !refused.contains($0.path) } }
    fileprivate var stops = false
  }

  private let record = Mutex(Record())
  private let ended = DispatchGroup()
  private let expected: String?

  /// Starts at once: `perSecond` requests a second over `connections` connections.
  ///
  /// - Parameters:
  ///   - method: the method of a request, by its number.
  ///   - expected: the content of every response; nil for the request's path.
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
        // Distributes the connections over time.
        var next = Date().timeIntervalSince1970 + pause * Double(connection) / Double(connections)
        var client: HTTPClient?
        var number = connection
        while !record.withLock({ $0.stops }) {
          // This paces the load; no test waits here.
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

  /// Sends one request; returns the client if its connection stays open.
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

  /// Stops the load and returns the results.
  func stop() -> Record {
    record.withLock { $0.stops = true }
    ended.wait()
    return record.withLock { $0 }
  }
}
