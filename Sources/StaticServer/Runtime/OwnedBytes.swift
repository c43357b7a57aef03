/// A block of heap memory with one owner that frees it by hand: part of plain values that are
/// copied as bytes.
@safe struct OwnedBytes {
  /// The block; nil when there is none.
  private(set) var start: UnsafeMutableRawPointer?
  /// Its length in bytes.
  private(set) var count: Int

  /// No block.
  static var none: OwnedBytes { unsafe OwnedBytes(start: nil, count: 0) }

  /// A copy of `count` bytes at `source`; no block when there are none.
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

  /// Frees the block; the value is then `none`.
  mutating func free() {
    unsafe start?.deallocate()
    self = .none
  }
}
