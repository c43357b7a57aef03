import Foundation
import Synchronization
import TestSupport

/// A well-behaved client beside others that are not: one connection, a request every 5 ms.
final class SteadyClient: Sendable {
  struct Record: Sendable {
    /// Milliseconds from request to whole answer, in order of time.
    var latencies: [Double] = []
    /// Answers that did not come, or were not 200.
    var errorCount = 0
    fileprivate var stops = false

    /// The time that `share` of the answers did not exceed, 0 to 1.
    func latency(share: Double) -> Double {
      let sorted = latencies.sorted()
      return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
  }

  private let record = Mutex(Record())
  private let ended = DispatchSemaphore(value: 0)

  /// Starts at once, on a thread of its own.
  init(port: UInt16, path: String) {
    Thread.detachNewThread { [self] in
      var client = HTTPClient(port: port)
      while true {
        let begin = DispatchTime.now().uptimeNanoseconds
        let status = client.get(path)?.status
        let milliseconds = Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e6
        let stops = record.withLock { record in
          record.latencies.append(milliseconds)
          if status != 200 { record.errorCount += 1 }
          return record.stops
        }
        guard !stops else { break }
        if status == nil { client = HTTPClient(port: port) }
        usleep(5000)
      }
      ended.signal()
    }
  }

  /// Ends it and returns what it has seen.
  func stop() -> Record {
    record.withLock { $0.stops = true }
    ended.wait()
    return record.withLock { $0 }
  }
}
