/// A request path with its percent-encoding undone, once.
///
/// Lives on the stack; used only for the rare path that has a `%`.
struct DecodedPath {
  /// The longest path that can be decoded: what the system calls PATH_MAX.
  static let byteCountMax = 4096

  /// The decoded bytes, of which `count` are valid.
  private(set) var bytes = InlineArray<4096, UInt8>(repeating: 0)
  private(set) var count = 0

  /// Decodes the bytes of `range`; false when there is a `%` without two hexadecimal digits, an
  /// encoded NUL, or more than fits.
  ///
  /// Source: RFC 3986 §2.1.
  mutating func decode(_ source: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var position = range.lowerBound
    while position < range.upperBound {
      var byte = source[position]
      position += 1
      if byte == UInt8(ascii: "%") {
        guard position + 2 <= range.upperBound, let high = hexDigit(source[position]),
          let low = hexDigit(source[position + 1])
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

  private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
