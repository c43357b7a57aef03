internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The current table, which any number of threads read without a lock.
///
/// Frameworks do not specify the thread that answers a request. A cached reference per thread would
/// therefore keep old tables alive. Instead, a reader increments a counter, loads and retains the
/// reference, and decrements the counter: three atomic operations and no wait. The writer waits
/// until no reader can be between the load and the retain.
///
/// Unsafe invariant: `reference` owns a table, and a table that it owned is released only after
/// each counter has been read as 0 since the exchange. A reader that loaded the old reference
/// incremented its counter before the exchange, in the total order of sequentially consistent
/// operations; when the writer reads that counter as 0 after the exchange, the reader's retain has
/// happened. Later readers load the new reference. There are two sets of counters: the writer
/// directs new readers to the other set before it waits for one, so new readers cannot prolong the
/// wait.
@safe final class CurrentTable: Sendable {
  private let reference: Atomic<Unmanaged<FileTable>>
  /// The set of counters that new readers use: the lowest bit.
  private let phase = Atomic<Int>(0)
  private let counters = ReaderCounters()
  /// Serialises the writers.
  private let writer = Mutex(())

  init(_ table: FileTable) {
    unsafe reference = Atomic(Unmanaged.passRetained(table))
  }

  deinit {
    unsafe reference.load(ordering: .sequentiallyConsistent).release()
  }

  /// The table, retained.
  var value: FileTable {
    let counter = counters.counter(ofSet: phase.load(ordering: .sequentiallyConsistent) & 1)
    counters.add(1, to: counter)
    // The load and the retain must be between the increment and the decrement.
    let table = unsafe reference.load(ordering: .sequentiallyConsistent).retain()
    counters.add(-1, to: counter)
    return unsafe table.takeRetainedValue()
  }

  /// Replaces the table; returns when no reader can obtain the previous one any more.
  ///
  /// Waits for readers that were preempted within a few instructions.
  func replace(with table: FileTable) {
    writer.withLock { _ in
      let next = unsafe Unmanaged.passRetained(table)
      let old = unsafe reference.exchange(next, ordering: .sequentiallyConsistent)
      for _ in 0..<2 {
        let set = phase.wrappingAdd(1, ordering: .sequentiallyConsistent).oldValue & 1
        counters.waitForZero(ofSet: set)
      }
      unsafe old.release()
    }
  }
}

/// The number of readers, spread over several counters so that processors seldom share one.
///
/// Unsafe invariant: `start` points to `total` counters from `init` to `deinit`; all indices come
/// from `counter`.
@safe private final class ReaderCounters: @unchecked Sendable {
  /// A power of two.
  private static let countPerSet = 16
  /// In counters of 8 bytes: 128 bytes, so that a counter shares neither its cache line nor the
  /// adjacent line, which processors prefetch in pairs.
  private static let stride = 16
  private static let total = 2 * countPerSet * stride

  private let start: UnsafeMutablePointer<Atomic<Int>>

  init() {
    unsafe start = .allocate(capacity: Self.total)
    for index in 0..<Self.total { unsafe (start + index).initialize(to: Atomic(0)) }
  }

  deinit {
    unsafe start.deinitialize(count: Self.total)
    unsafe start.deallocate()
  }

  /// The index of the calling thread's counter in a set, 0 or 1; several threads may have the same.
  func counter(ofSet set: Int) -> Int {
    // Thread control blocks are aligned and far apart, so their low bits are alike: use high bits
    // of a product.
    let hash = Int(truncatingIfNeeded: (NewThread.own &* 0x9E37_79B9_7F4A_7C15) >> 59)
    return (set * Self.countPerSet + hash % Self.countPerSet) * Self.stride
  }

  func add(_ count: Int, to index: Int) {
    unsafe start[index].wrappingAdd(count, ordering: .sequentiallyConsistent)
  }

  /// Returns after each counter of the set has been read as 0 once.
  func waitForZero(ofSet set: Int) {
    for number in 0..<Self.countPerSet {
      let index = (set * Self.countPerSet + number) * Self.stride
      var tries = 0
      while unsafe start[index].load(ordering: .sequentiallyConsistent) != 0 {
        tries += 1
        // A preempted reader needs the processor to continue.
        if tries < 100 { _ = sched_yield() } else { _ = usleep(50) }
      }
    }
  }
}
