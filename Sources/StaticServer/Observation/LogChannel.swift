internal import Synchronization

/// Hands the lines of one event loop to the thread that writes them, without a lock: a ring of blocks
/// with one writer and one reader.
///
/// A block costs memory only once it is used: a loop whose lines are written in time uses one or two.
///
/// The unsafe part: `start` points to `blockCount` blocks of `capacity` bytes until `deinit`. Blocks from
/// `taken` up to `offered` are the reader's, the others the loop's; each side gives one away with its
/// last access, by a store that releases.
@safe final class LogChannel: @unchecked Sendable {
  /// Blocks that wait for the writer, at most.
  static let blockCount = 64

  private let capacity: Int
  private let start: UnsafeMutableRawPointer
  private let counts: UnsafeMutablePointer<Int>
  private let offered = Atomic<Int>(0)
  private let taken = Atomic<Int>(0)

  /// A channel for pieces of at most `capacity` bytes.
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

  /// Hands over the bytes in use of `buffer`; false when every block waits for the writer.
  ///
  /// Called by the loop alone.
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

  /// Calls `body` with each piece that was handed over, and takes it off.
  ///
  /// Called by the writer alone.
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
