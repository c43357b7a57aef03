internal import Synchronization

/// The counters of one event loop; they only increase.
///
/// Only the loop's thread writes: a plain load, an addition and a plain store, without a locked
/// instruction or a shared cache line. Any thread may read at any time. Each value is consistent,
/// but two values read in turn may be of different times.
///
/// The unsafe part: `start` points to `Counter.allCases.count` initialised values on their own
/// cache lines until `deinit`; the raw value of a `Counter` is below that count.
@safe final class Counters: @unchecked Sendable {
  /// The pointer through which the loop adds; valid while this object lives.
  let adder: CounterAdder

  init() {
    let count = Counter.allCases.count
    let lines = (count * MemoryLayout<UInt64>.stride + 63) / 64
    let block = UnsafeMutableRawPointer.allocate(byteCount: lines * 64, alignment: 64)
    let start = unsafe block.bindMemory(to: Atomic<UInt64>.self, capacity: count)
    for index in 0..<count { unsafe (start + index).initialize(to: Atomic(0)) }
    unsafe adder = CounterAdder(start: start)
  }

  deinit {
    unsafe adder.start.deallocate()
  }

  /// The present value of `counter`.
  func value(of counter: Counter) -> UInt64 {
    unsafe adder.start[counter.rawValue].load(ordering: .relaxed)
  }
}

/// A pointer to the counters, used by the loop to add without reference counting.
@unsafe struct CounterAdder {
  fileprivate let start: UnsafeMutablePointer<Atomic<UInt64>>

  /// Adds `amount`, which must not be negative.
  @inline(always)
  func add(_ counter: Counter, _ amount: Int = 1) {
    let value = unsafe start[counter.rawValue].load(ordering: .relaxed)
    unsafe start[counter.rawValue].store(
      value &+ UInt64(truncatingIfNeeded: amount),
      ordering: .relaxed
    )
  }
}

/// The counted events.
enum Counter: Int, CaseIterable {
  case bytesSent
  /// Responses, by the first digit of the status, 2 to 5.
  case successes, redirections, clientErrors, serverErrors
  case accepted, closed, acceptPauses
  /// Requests sent to the app; sent to it a second time; left by their client before the response.
  case forwarded, repeated, abandoned
  /// Connections upgraded to another protocol.
  case upgraded
  /// Connections closed early, by reason.
  case idle, displaced, slowHead, slowContent, slowReader, broken, stopped, malformedPrelude

  /// The counter for `status`, which is 200 to 599.
  @inline(always)
  init(status: UInt16) {
    self =
      switch status {
      case ..<300: .successes
      case ..<400: .redirections
      case ..<500: .clientErrors
      default: .serverErrors
      }
  }
}
