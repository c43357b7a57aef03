#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A region of an arena under construction.
///
/// Unsafe invariant: `start` is the arena's address, and the bytes in `range` stay allocated until
/// the call that received the region returns. Threads may write at the same time to slots that do
/// not overlap.
@safe struct ArenaRegion: @unchecked Sendable {
  private let start: UnsafeMutableRawPointer
  private let range: Range<Int>

  init(start: UnsafeMutableRawPointer, range: Range<Int>) {
    unsafe self.start = start
    self.range = range
  }

  /// Reads the open file `descriptor` into `slot` and one byte beyond. read(2)
  ///
  /// If the additional byte is filled, the file is longer than the slot.
  ///
  /// - Returns: the number of bytes read, or a negative error number.
  func read(_ descriptor: Int32, into slot: ByteSlice) -> Int {
    let capacity = Int(slot.count) + 1
    let first = slot.range.lowerBound
    precondition(range.contains(first) && first + capacity <= range.upperBound)
    var count = 0
    while count < capacity {
      let result = retrying { [count] in
        unsafe Glibc.read(descriptor, start + first + count, capacity - count)
      }
      guard result >= 0 else { return -Int(errno) }
      count += result
      // read(2) on a regular file is short only at its end, so a full slot needs no further call.
      if result == 0 || count == Int(slot.count) { break }
    }
    return count
  }
}
