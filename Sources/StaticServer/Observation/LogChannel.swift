internal import Synchronization

/// Hands the lines of one event loop to the thread that writes them, without a lock.
///
/// The unsafe part: `block` points to `capacity` bytes until `deinit`. `count` says whose they are:
/// the loop's while it is 0, the writer's while it is not; each side gives them away with its last
/// access, by a store that releases.
@safe final class LogChannel: @unchecked Sendable {
  private let capacity: Int
  private let block: UnsafeMutableRawPointer
  private let count = Atomic<Int>(0)

  /// A channel for pieces of at most `capacity` bytes.
  init(capacity: Int) {
    self.capacity = capacity
    unsafe block = .allocate(byteCount: capacity, alignment: 64)
  }

  deinit {
    unsafe block.deallocate()
  }

  /// Hands over the bytes in use of `buffer`; false when the writer still has the ones before.
  ///
  /// Called by the loop alone.
  func offer(_ buffer: borrowing LoopBuffer) -> Bool {
    precondition(buffer.count <= capacity)
    guard count.load(ordering: .acquiring) == 0 else { return false }
    unsafe block.copyMemory(from: buffer.start, byteCount: buffer.count)
    count.store(buffer.count, ordering: .releasing)
    return true
  }

  /// Calls `body` with what was handed over, if anything, and takes it off.
  ///
  /// Called by the writer alone.
  func take(_ body: (UnsafeRawBufferPointer) -> Void) {
    let byteCount = count.load(ordering: .acquiring)
    guard byteCount > 0 else { return }
    unsafe body(UnsafeRawBufferPointer(start: block, count: byteCount))
    count.store(0, ordering: .releasing)
  }
}
