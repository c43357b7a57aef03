/// Percent-encoding as in Python's `urllib.parse` and in Django.
enum PercentEncoding {
  /// `urllib.parse.unquote`: decodes each run of ASCII separately.
  ///
  /// Bytes that are then not UTF-8 become U+FFFD, and a `%` without two hexadecimal digits is kept.
  static func decode(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(UInt8(ascii: "%")) else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let isASCII = bytes[index] < 0x80
      let end = bytes[index...].firstIndex { ($0 < 0x80) != isASCII } ?? bytes.count
      if isASCII {
        let run = decodeRun(bytes[index..<end])
        result += Array(String(decoding: run, as: UTF8.self).utf8)
      } else {
        result += bytes[index..<end]
      }
      index = end
    }
    return result
  }

  private static func decodeRun(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.endIndex,
        let high = hexDigit(bytes[index + 1]), let low = hexDigit(bytes[index + 2])
      {
        result.append(high << 4 | low)
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  /// Django's `filepath_to_uri`: backslashes become slashes, and all characters but unreserved ones
  /// and `/!*()'` are encoded.
  static func encodePath(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\\"): result.append(UInt8(ascii: "/"))
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        result.append(byte)
      case _ where unencoded.contains(byte): result.append(byte)
      default:
        result.append(UInt8(ascii: "%"))
        result.append(hexDigits[Int(byte >> 4)])
        result.append(hexDigits[Int(byte & 15)])
      }
    }
    return result
  }

  private static let unencoded = Array("_.-~/!*()'".utf8)
  private static let hexDigits = Array("0123456789ABCDEF".utf8)

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
