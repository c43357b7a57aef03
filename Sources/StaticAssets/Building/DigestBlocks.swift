/// What MD5 and SHA-256 share: padding to blocks of 64 bytes, and digits.
///
/// Source: RFC 1321 §3.1, §3.2; FIPS 180-4 §5.1.1.
enum DigestBlocks {
  /// The order of the bytes of a number.
  enum ByteOrder {
    /// The least significant byte first, as in MD5.
    case little
    /// The most significant byte first, as in SHA-256.
    case big
  }

  /// Calls `body` with a buffer and the start of a block in it, for each block of the padded `bytes`.
  static func forEach(
    _ bytes: [UInt8],
    _ order: ByteOrder,
    _ body: (Span<UInt8>, Int) -> Void
  ) {
    let wholeCount = bytes.count / 64
    for block in 0..<wholeCount { body(bytes.span, block * 64) }
    var tail = Array(bytes[(wholeCount * 64)...]) + [0x80]
    while tail.count % 64 != 56 { tail.append(0) }
    let bitCount = UInt64(bytes.count) &* 8
    for number in 0..<8 {
      let shift = UInt64(order == .little ? number : 7 - number) * 8
      tail.append(UInt8(truncatingIfNeeded: bitCount >> shift))
    }
    for block in 0..<tail.count / 64 { body(tail.span, block * 64) }
  }

  /// The lower-case hexadecimal digits of `words`.
  static func hexadecimal(_ words: [UInt32], _ order: ByteOrder) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return words.flatMap { word in
      let word = order == .little ? word.byteSwapped : word
      return stride(from: 28, through: 0, by: -4).map { digits[Int(word >> UInt32($0) & 15)] }
    }
  }
}
