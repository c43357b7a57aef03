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
/// Frameworks do not say on which thread a request is answered, so no thread can keep a reference of
/// its own without keeping old tables, too. A reader therefore counts itself in, loads the reference,
/// retains the table and counts itself out: three atomic operations and no wait. The writer is the one
/// who waits, until nobody can be between the load and the retain.
///
/// Unsafe invariant: `reference` owns a table, and a table that it owned is released only after each
/// counter was seen at 0 since. A reader that loaded the old reference had counted itself in before
/// the exchange, in the one order of all sequentially consistent operations; so the counter that the
/// writer sees at 0 after the exchange has its retain behind it. Readers that come later load the new
/// reference. There are two sets of counters, and the writer sends readers to the other set before it
/// waits for one, so that it does not wait for readers that keep coming.
@safe final class CurrentTable: Sendable {
  private let reference: Atomic<Unmanaged<FileTable>>
  /// Which set new readers count themselves in: the lowest bit.
  private let phase = Atomic<Int>(0)
  private let counters = ReaderCounters()
  /// One writer at a time.
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
    // Not before it is counted in, and not after it is counted out.
    let table = unsafe reference.load(ordering: .sequentiallyConsistent).retain()
    counters.add(-1, to: counter)
    return unsafe table.takeRetainedValue()
  }

  /// Replaces the table; returns when nobody can get the one before any more.
  ///
  /// Waits for readers that have been interrupted within a few instructions.
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

/// How many readers there are, in several counters so that processors seldom share one.
///
/// Unsafe invariant: `start` points to `total` counters from `init` to `deinit`; indices come from
/// `counter` alone.
@safe private final class ReaderCounters: @unchecked Sendable {
  /// A power of two.
  private static let countPerSet = 16
  /// Each has a cache line, or two with the one that processors fetch along, of its own.
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
    // Threads' control blocks are far apart and aligned, so that low bits tell nothing.
    let hash = Int(truncatingIfNeeded: (NewThread.own &* 0x9E37_79B9_7F4A_7C15) >> 59)
    return (set * Self.countPerSet + hash % Self.countPerSet) * Self.stride
  }

  func add(_ count: Int, to index: Int) {
    unsafe start[index].wrappingAdd(count, ordering: .sequentiallyConsistent)
  }

  /// Returns when each counter of a set was 0 at some moment of the call.
  func waitForZero(ofSet set: Int) {
    for number in 0..<Self.countPerSet {
      let index = (set * Self.countPerSet + number) * Self.stride
      var tries = 0
      while unsafe start[index].load(ordering: .sequentiallyConsistent) != 0 {
        tries += 1
        // A reader that was interrupted needs the processor to come to its end.
        if tries < 100 { _ = sched_yield() } else { _ = usleep(50) }
      }
    }
  }
}
