/// A host with an optional port: the value of `Host`, or the authority of a target.
///
/// Source: RFC 9110 §7.2, RFC 3986 §3.2.2 and §3.2.3.
enum HostValue {
  /// Whether the bytes of `range` are a host with an optional port; both may be empty.
  ///
  /// User information is refused, and so is a comma, which RFC 3986 allows: it may be the result of
  /// joining two `Host` lines. Of an IP literal only the characters are checked.
  @inline(always)
  static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let end = range.upperBound
    var index = range.lowerBound
    if index < end, bytes[index] == UInt8(ascii: "[") {
      guard let literalEnd = literalEnd(bytes, range) else { return false }
      index = literalEnd
    } else {
      while index < end {
        if isNameCharacter(bytes[index]) {
          index &+= 1
        } else if isEncoded(bytes, index, end) {
          index &+= 3
        } else {
          break
        }
      }
    }
    guard index < end else { return true }
    guard bytes[index] == UInt8(ascii: ":") else { return false }
    index &+= 1
    while index < end, bytes[index] &- UInt8(ascii: "0") < 10 { index &+= 1 }
    return index == end
  }

  /// The index after the closing bracket of the IP literal at the start of `range`; nil when it is
  /// malformed.
  private static func literalEnd(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    let end = range.upperBound
    let start = range.lowerBound &+ 1
    var index = start
    if index < end, bytes[index] | 0x20 == UInt8(ascii: "v") {
      index &+= 1
      let version = index
      while index < end, isHexDigit(bytes[index]) { index &+= 1 }
      guard index > version, index < end, bytes[index] == UInt8(ascii: ".") else { return nil }
      index &+= 1
      let address = index
      while index < end, isNameCharacter(bytes[index]) || bytes[index] == UInt8(ascii: ":") {
        index &+= 1
      }
      guard index > address else { return nil }
    } else {
      while index < end, isAddressCharacter(bytes[index]) { index &+= 1 }
      guard index > start else { return nil }
    }
    guard index < end, bytes[index] == UInt8(ascii: "]") else { return nil }
    return index &+ 1
  }

  /// Unreserved characters and sub-delims except the comma: letters, digits, `!$&'()*+-.;=_~`.
  @inline(always)
  private static func isNameCharacter(_ byte: UInt8) -> Bool {
    // A bit set of the 128 ASCII codes, in two halves.
    let low: UInt64 = 0x2BFF_6FD2_0000_0000
    let high: UInt64 = 0x47FF_FFFE_87FF_FFFE
    guard byte < 128 else { return false }
    return (byte < 64 ? low >> UInt64(byte) : high >> UInt64(byte &- 64)) & 1 == 1
  }

  /// Whether a percent sign and two hexadecimal digits begin at `index`.
  @inline(always)
  private static func isEncoded(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) -> Bool {
    bytes[index] == UInt8(ascii: "%") && index &+ 2 < end
      && isHexDigit(bytes[index &+ 1]) && isHexDigit(bytes[index &+ 2])
  }

  @inline(always)
  private static func isAddressCharacter(_ byte: UInt8) -> Bool {
    isHexDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
  }

  @inline(always)
  private static func isHexDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
  }
}
