internal import Synchronization

/// Passes log lines from an event loop to the writer thread: a lock-free ring of blocks.
///
/// One producer, one consumer. A block uses memory only after its first use: if lines are written
/// in time, one or two blocks are used.
///
/// The unsafe part: `start` points to `blockCount` blocks of `capacity` bytes until `deinit`. The
/// consumer owns blocks `taken` to `offered`, the producer the others. Each passes a block on by a
/// store with release ordering after its last access.
@safe final class LogChannel: @unchecked Sendable {
  /// The number of blocks in the ring.
  static let blockCount = 64

  private let capacity: Int
  private let start: UnsafeMutableRawPointer
  private let counts: UnsafeMutablePointer<Int>
  private let offered = Atomic<Int>(0)
  private let taken = Atomic<Int>(0)

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

  /// Copies the bytes of `buffer` to a block; returns false if all blocks wait for the writer.
  ///
  /// Only the loop calls this.
  func offer(_ buffer: borrowing ByteBuffer) -> Bool {
    precondition(buffer.count <= capacity)
    let next = offered.load(ordering: .relaxed)
    guard next - taken.load(ordering: .acquiring) < Self.blockCount else { return false }
    let index = next % Self.blockCount
    unsafe (start + index * capacity).copyMemory(from: buffer.start, byteCount: buffer.count)
    unsafe counts[index] = buffer.count
    offered.store(next + 1, ordering: .releasing)
    return true
  }

  /// Calls `body` with each block offered so far and returns it to the producer.
  ///
  /// Only the writer calls this.
  func take(_ body: (UnsafeRawBufferPointer) -> Void) {
    var next = taken.load(ordering: .relaxed)
    while next < offered.load(ordering: .acquiring) {
      let index = next % Self.blockCount
      unsafe body(
        UnsafeRawBufferPointer(start: start + index * capacity, count: counts[index])
      )
      next += 1
      taken.store(next, ordering: .releasing)
    }
  }
}
