internal import Synchronization

/// Passes log lines from an event loop to the writer thread: a lock-free ring of blocks of records.
///
/// One producer, one consumer. A block uses memory only after its first use: if lines are written
/// in time, one or two blocks are used.
///
/// The unsafe part: `start` points to `blockCount` blocks of `capacity` bytes until `deinit`. The
/// consumer owns blocks `taken` to `offered` and `position`, the producer the other blocks. Each
/// passes a block on by a store with release ordering after its last access. A block consists of
/// whole records, so a record's bytes lie inside it.
@safe final class LogChannel: @unchecked Sendable {
  /// The number of blocks in the ring.
  static let blockCount = 64

  private let capacity: Int
  private let start: UnsafeMutableRawPointer
  private let counts: UnsafeMutablePointer<Int>
  private let offered = Atomic<Int>(0)
  private let taken = Atomic<Int>(0)
  private let pending = Atomic<Int64>(.max)
  private let dropped = Atomic<Int>(0)
  /// The position of the next record in block `taken`.
  private var position = 0

  /// A channel for blocks of at most `capacity` bytes.
  init(capacity: Int) {
    self.capacity = capacity
    unsafe start = .allocate(byteCount: capacity * Self.blockCount, alignment: 64)
    unsafe counts = .allocate(capacity: Self.blockCount)
    unsafe counts.initialize(repeating: 0, count: Self.blockCount)
  }

  deinit {
    unsafe start.deallocate()
    unsafe counts.deallocate()
  }

  /// Whether the writer has taken every block.
  var isEmpty: Bool { taken.load(ordering: .acquiring) == offered.load(ordering: .acquiring) }

  /// Whether half of the blocks wait for the writer.
  var isCrowded: Bool {
    let waiting = offered.load(ordering: .acquiring) - taken.load(ordering: .acquiring)
    return waiting > Self.blockCount / 2
  }

  /// The number of requests whose lines were dropped, because no block was free.
  var droppedCount: Int { dropped.load(ordering: .relaxed) }
}

/// The loop's side.
extension LogChannel {
  /// Records that the loop holds lines from the time `nanoseconds` on, and has not offered them.
  func notePending(since nanoseconds: Int64) {
    pending.store(nanoseconds, ordering: .releasing)
  }

  /// Counts a dropped line.
  func noteDropped() {
    dropped.store(dropped.load(ordering: .relaxed) + 1, ordering: .relaxed)
  }

  /// Copies the records of `buffer` to a block; returns false if all blocks wait for the writer.
  func offer(_ buffer: borrowing ByteBuffer) -> Bool {
    precondition(buffer.count <= capacity)
    let next = offered.load(ordering: .relaxed)
    guard next - taken.load(ordering: .acquiring) < Self.blockCount else { return false }
    let index = next % Self.blockCount
    unsafe (start + index * capacity).copyMemory(from: buffer.start, byteCount: buffer.count)
    unsafe counts[index] = buffer.count
    offered.store(next + 1, ordering: .releasing)
    pending.store(.max, ordering: .releasing)
    return true
  }
}

/// The writer's side.
extension LogChannel {
  /// The time of the oldest line that the loop holds; `Int64.max` if it holds none.
  var pendingSince: Int64 { pending.load(ordering: .acquiring) }

  /// The time of the next line; nil if none is offered.
  var nextTime: Int64? {
    let next = taken.load(ordering: .relaxed)
    guard next < offered.load(ordering: .acquiring) else { return nil }
    let block = unsafe start + next % Self.blockCount * capacity
    return unsafe block.loadUnaligned(fromByteOffset: position, as: Int64.self)
  }

  /// Calls `body` with the next line, which must have been offered, and removes it.
  func take(_ body: (UnsafeRawBufferPointer) -> Void) {
    let next = taken.load(ordering: .relaxed)
    precondition(next < offered.load(ordering: .acquiring))
    let index = next % Self.blockCount
    let block = unsafe start + index * capacity
    let byteCount = unsafe Int(block.loadUnaligned(fromByteOffset: position + 8, as: Int32.self))
    let line = position + LogRecord.headByteCount
    precondition(byteCount >= 0 && line + byteCount <= capacity)
    unsafe body(UnsafeRawBufferPointer(start: block + line, count: byteCount))
    position = line + byteCount
    guard unsafe position == counts[index] else { return }
    position = 0
    taken.store(next + 1, ordering: .releasing)
  }
}
