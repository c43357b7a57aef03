/// The hash of a path: eight bytes at a time, folded by a 64 by 64 bit multiplication.
package enum PathHash {
  /// The hash of the bytes in `range`, for paths that clients choose; `seed` must be secret.
  package static func of(_ bytes: Span<UInt8>, _ range: Range<Int>, seed: UInt64) -> UInt64 {
    partial(bytes, range, seed)
  }

  /// The hash of the bytes in `range`.
  @inline(always)
  static func of(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    partial(bytes, range, 0)
  }

  /// The hash, with `seed` mixed into the initial state.
  ///
  /// Unsafe: `range` is checked first, and a whole word is loaded only where eight bytes are left.
  @inline(always)
  private static func partial(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ seed: UInt64
  ) -> UInt64 {
    precondition(range.upperBound <= bytes.count)
    let raw = unsafe bytes.bytes
    var hash = UInt64(truncatingIfNeeded: range.count) &* 0x9E37_79B9_7F4A_7C15 ^ seed
    var index = range.lowerBound
    while index &+ 8 <= range.upperBound {
      let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
      hash = fold(hash ^ word)
      index &+= 8
    }
    var tail: UInt64 = 0
    while index < range.upperBound {
      tail = tail << 8 | UInt64(bytes[index])
      index &+= 1
    }
    return fold(hash ^ tail)
  }

  @inline(always)
  private static func fold(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }
}
