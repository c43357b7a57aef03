import Synchronization
import Testing

@testable import StaticCollector

/// The memory of concurrent encoders.
@Suite struct CompressionBudgetTests {
  private final class Gauge: Sendable {
    private let state = Mutex((now: 0, highest: 0))

    var highest: Int { state.withLock { $0.highest } }

    func add(_ count: Int) {
      state.withLock { state in
        state.now += count
        state.highest = max(state.highest, state.now)
      }
    }
  }

  @Test("concurrent encoders stay below the limit", arguments: [1, 3, 20])
  func bound(megabytes: Int) async {
    let budget = CompressionBudget(byteCount: megabytes << 20)
    let gauge = Gauge()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        group.addTask {
          // Includes one that exceeds the limit, which runs alone.
          let byteCount = number % 50 == 0 ? megabytes << 20 : (number % 7) << 14
          budget.encoding(byteCount) {
            let taken = min(megabytes << 20, CompressionBudget.estimate(byteCount))
            gauge.add(taken >> 20)
            gauge.add(-(taken >> 20))
          }
        }
      }
    }
    #expect(gauge.highest <= megabytes)
  }
}
