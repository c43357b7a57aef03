/// The dictionary that a client offers: the SHA-256 digest of its content.
///
/// Source: RFC 9842 §2.2, RFC 9651 §3.3.5 (byte sequences) and §4.2.7 (parsing).
enum AvailableDictionary {
  /// Bytes of a digest.
  static let byteCount = 32

  /// The digest in a field value; nil unless it is one byte sequence of 32 bytes.
  ///
  /// Parameters are rejected: the field has none. The base64 padding may be missing, and its unused
  /// last two bits may have any value (RFC 9651 §4.2.7).
  ///
  /// - Parameters:
  ///   - bytes: the buffer that holds the value.
  ///   - range: the value, for example `:pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4=:`.
  static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>) -> InlineArray<32, UInt8>? {
    let colon = UInt8(ascii: ":")
    // 43 base64 digits encode 32 bytes and two unused bits.
    guard range.count == 45 || range.count == 46, bytes[range.lowerBound] == colon,
      bytes[range.upperBound &- 1] == colon
    else { return nil }
    if range.count == 46, bytes[range.upperBound &- 2] != UInt8(ascii: "=") { return nil }
    var digest = InlineArray<32, UInt8>(repeating: 0)
    var (bits, bitCount, count) = (UInt32(0), UInt32(0), 0)
    for index in (range.lowerBound &+ 1)..<(range.lowerBound &+ 44) {
      guard let value = base64Value(bytes[index]) else { return nil }
      bits = bits << 6 | value
      bitCount &+= 6
      guard bitCount >= 8, count < byteCount else { continue }
      bitCount &-= 8
      digest[count] = UInt8(truncatingIfNeeded: bits >> bitCount)
      count &+= 1
    }
    return digest
  }

  /// The value of a base64 digit, 0 to 63 (RFC 4648 §4); nil for any other byte.
  private static func base64Value(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte &- UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte &- UInt8(ascii: "a")) &+ 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte &- UInt8(ascii: "0")) &+ 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
