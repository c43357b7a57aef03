internal import Synchronization

/// What one event loop has done, as numbers that only grow.
///
/// Written by the loop's thread alone, by a plain load, an addition and a plain store: no locked
/// instruction and no other loop's cache line. Any thread may read at any time; a number is never
/// torn, though two read in turn may be of different moments.
///
/// The unsafe part: `start` points to `Counter.allCases.count` initialised values on cache lines of
/// their own until `deinit`; a `Counter` is below that count.
@safe final class Counters: @unchecked Sendable {
  /// Where the loop adds, valid as long as this object: the loop keeps both.
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

  /// The number of `counter` now.
  func value(of counter: Counter) -> UInt64 {
    unsafe adder.start[counter.rawValue].load(ordering: .relaxed)
  }
}

/// The loop's own way to its counters, which counts no reference.
@unsafe struct CounterAdder {
  fileprivate let start: UnsafeMutablePointer<Atomic<UInt64>>

  /// Adds `amount`, which is not negative.
  @inline(always)
  func add(_ counter: Counter, _ amount: Int = 1) {
    let value = unsafe start[counter.rawValue].load(ordering: .relaxed)
    unsafe start[counter.rawValue].store(
      value &+ UInt64(truncatingIfNeeded: amount),
      ordering: .relaxed
    )
  }
}

/// What is counted.
enum Counter: Int, CaseIterable {
  case bytesSent
  /// Responses by the first digit of their status, 2 to 5.
  case successes, redirections, clientErrors, serverErrors
  case accepted, closed, acceptPauses
  /// Requests that went to the app, that were sent to it twice, and whose clients left before an
  /// answer.
  case forwarded, repeated, abandoned
  /// Connections that speak another protocol.
  case upgraded
  /// Why connections were given up.
  case idle, displaced, slowHead, slowContent, slowReader, broken, stopped, malformedPrelude

  /// The class of `status`, from 200 to 599.
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
