/// Percent-encoding with upper-case digits, as Python's `urllib.parse.quote`.
package enum PercentEncoding {
  /// Encodes one path segment: every character outside the unreserved set.
  ///
  /// The colon is encoded too: in the first segment of a relative reference it would end a scheme.
  ///
  /// Source: RFC 3986 §2.3 (unreserved characters), §4.2 (relative references).
  package static func segment(_ bytes: some Sequence<UInt8>) -> [UInt8] { quote(bytes, safe: []) }

  /// Encodes a path; `/!*()'` are not encoded.
  ///
  /// Source: Django's `filepath_to_uri`, which `{% static %}` uses.
  static func path(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    quote(bytes, safe: Array("/!*()'".utf8))
  }

  private static func quote(_ bytes: some Sequence<UInt8>, safe: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.append(byte)
      case _ where safe.contains(byte):
        result.append(byte)
      default:
        result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return result
  }
}
