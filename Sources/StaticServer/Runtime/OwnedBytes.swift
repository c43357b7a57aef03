/// A block of heap memory that its single owner must free.
///
/// Bitwise-copyable, so that it can be a member of values in a slab: a copy does not own the block.
@safe struct OwnedBytes {
  /// The first byte; nil if there is no block.
  private(set) var start: UnsafeMutableRawPointer?
  /// Its length in bytes.
  private(set) var count: Int

  /// No block.
  static var none: OwnedBytes { unsafe OwnedBytes(start: nil, count: 0) }

  /// Copies `count` bytes at `source`; no block if `count` is 0.
  init(copying source: UnsafeRawPointer, count: Int) {
    self.count = count
    guard count > 0 else {
      unsafe start = nil
      return
    }
    let block = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
    unsafe block.copyMemory(from: source, byteCount: count)
    unsafe start = block
  }

  private init(start: UnsafeMutableRawPointer?, count: Int) {
    unsafe self.start = start
    self.count = count
  }

  /// Frees the block; the value is `none` afterwards.
  mutating func free() {
    unsafe start?.deallocate()
    self = .none
  }
}
