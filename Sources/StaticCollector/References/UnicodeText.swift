internal import StaticAssets

/// Character classes as in Python's `str`, on UTF-8 bytes.
///
/// Names and style sheets are handled as bytes, because a name may contain bytes that are not UTF-8
/// (Python keeps them as lone surrogates). Such a byte is neither white space nor a word character.
extension UnicodeText {
  /// The first index at or after `start` that is not white space: `\s*` of Python's `re`.
  static func skipWhitespace(_ bytes: [UInt8], from start: Int) -> Int {
    var index = start
    while index < bytes.count, let (value, byteCount) = scalar(bytes, at: index),
      isWhitespace(value)
    {
      index += byteCount
    }
    return index
  }

  /// The first index at or after `start` that is not a word character: `\w*` of Python's `re`.
  static func skipWord(_ bytes: [UInt8], from start: Int) -> Int {
    var index = start
    while index < bytes.count, let (value, byteCount) = scalar(bytes, at: index), isWord(value) {
      index += byteCount
    }
    return index
  }

  /// `bytes` without white space at both ends: `str.strip()`.
  static func strip(_ bytes: [UInt8]) -> [UInt8] {
    let start = skipWhitespace(bytes, from: 0)
    var end = bytes.count
    while end > start {
      var previous = end - 1
      while previous > start, bytes[previous] & 0xC0 == 0x80 { previous -= 1 }
      guard let (value, byteCount) = scalar(bytes, at: previous), previous + byteCount == end,
        isWhitespace(value)
      else { break }
      end = previous
    }
    return Array(bytes[start..<end])
  }

  /// `str.isspace()` of one character.
  static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
      0x205F, 0x3000:
      true
    default: false
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "_" { return true }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return true
    default: return scalar.properties.numericType != nil
    }
  }
}
