/// Decodes UTF-8 that may be invalid.
package enum UnicodeText {
  /// The scalar that starts at `index` and the number of its bytes; nil when the bytes are not
  /// valid UTF-8.
  package static func scalar(
    _ bytes: [UInt8],
    at index: Int
  ) -> (value: Unicode.Scalar, byteCount: Int)? {
    let first = bytes[index]
    guard first >= 0x80 else { return (Unicode.Scalar(first), 1) }
    let byteCount = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard (0xC2...0xF4).contains(first), index + byteCount <= bytes.count else { return nil }
    var value = UInt32(first) & (0x7F >> UInt32(byteCount))
    for byte in bytes[index + 1..<index + byteCount] {
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    let smallest: [UInt32] = [0, 0, 0x80, 0x800, 0x10000]
    guard value >= smallest[byteCount], let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, byteCount)
  }
}
