/// Percent-encoding for Signature Version 4: everything but unreserved characters, with upper-case
/// digits.
///
/// Source: RFC 3986 §2.1, §2.3; Amazon S3, "Authenticating Requests", `UriEncode`.
enum URIText {
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// - Parameter keepsSlashes: for the path of an object, whose slashes are not encoded.
  static func encode(_ bytes: some Sequence<UInt8>, keepsSlashes: Bool = false) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      if isUnreserved(byte) || (keepsSlashes && byte == UInt8(ascii: "/")) {
        text.append(byte)
      } else {
        text += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Decodes a key in a list with `encoding-type=url`, where `+` is a space, as in forms.
  ///
  /// A malformed escape is kept as it is.
  static func decode(_ text: String) -> [UInt8] {
    let source = Array(text.utf8)
    var bytes: [UInt8] = []
    var index = 0
    while index < source.count {
      if source[index] == UInt8(ascii: "%"), index + 2 < source.count,
        let value = UInt8(
          String(decoding: source[(index + 1)...(index + 2)], as: UTF8.self),
          radix: 16
        )
      {
        bytes.append(value)
        index += 3
      } else {
        bytes.append(source[index] == UInt8(ascii: "+") ? 0x20 : source[index])
        index += 1
      }
    }
    return bytes
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
