/// A request path with its percent-encoding decoded once.
///
/// Lives on the stack; needed only for a path that contains `%`.
struct DecodedPath {
  /// The longest decoded path in bytes: Linux's PATH_MAX.
  static let byteCountMax = 4096

  /// The buffer; the first `count` bytes are valid.
  private(set) var bytes = InlineArray<4096, UInt8>(repeating: 0)
  private(set) var count = 0

  /// Decodes the bytes of `range`.
  ///
  /// - Returns: false when a `%` is not followed by two hexadecimal digits, when a byte is NUL, or
  ///   when the path exceeds `byteCountMax`.
  ///
  /// Source: RFC 3986 §2.1.
  mutating func decode(_ source: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var position = range.lowerBound
    while position < range.upperBound {
      var byte = source[position]
      position += 1
      if byte == UInt8(ascii: "%") {
        guard position + 2 <= range.upperBound, let high = source[position].hexadecimalDigit,
          let low = source[position + 1].hexadecimalDigit
        else { return false }
        byte = high << 4 | low
        position += 2
      }
      guard byte != 0, count < Self.byteCountMax else { return false }
      bytes[count] = byte
      count += 1
    }
    return true
  }
}

extension RequestHead {
  /// The path of the request that was parsed from `bytes`, percent-decoded once; nil if
  /// `DecodedPath` rejects it.
  package func decodedPath(_ bytes: Span<UInt8>) -> [UInt8]? {
    var decoded = DecodedPath()
    guard decoded.decode(bytes, path.range) else { return nil }
    return (0..<decoded.count).map { decoded.bytes[$0] }
  }
}
