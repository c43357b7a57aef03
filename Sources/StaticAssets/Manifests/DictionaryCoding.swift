/// The names and the format of `dcz` files.
///
/// Source: RFC 9842 §5.
package enum DictionaryCoding {
  /// Bytes before the zstd frame: the magic number and the SHA-256 of the dictionary.
  package static let headByteCount = 40
  /// The magic number: the bytes before the digest.
  package static let magic: [UInt8] = [0x5E, 0x2A, 0x4D, 0x18, 0x20, 0, 0, 0]
  /// The number of digits of the dictionary's SHA-256 in a file name.
  package static let digitCount = 12
  /// Bytes of a file's suffix: `.5d41402abc4b.dcz`.
  package static let suffixByteCount = digitCount + 5

  /// The suffix of a file whose dictionary has the SHA-256 `digest`, 64 hexadecimal digits.
  package static func suffix(ofDictionary digest: [UInt8]) -> String {
    ".\(String(decoding: digest.prefix(digitCount), as: UTF8.self)).dcz"
  }

  /// Whether the name in `range` of `bytes` ends with such a suffix and is longer than it.
  static func isSuffix(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let start = range.upperBound - suffixByteCount
    guard start > range.lowerBound, bytes[start] == UInt8(ascii: "."),
      bytes[range.upperBound - 4] == UInt8(ascii: ".")
    else { return false }
    for index in (start + 1)...(start + digitCount) where !bytes[index].isLowercaseHexDigit {
      return false
    }
    return true
  }

  /// The 32 bytes of 64 lower-case hexadecimal digits; nil for anything else.
  package static func bytes(ofDigest digits: some Collection<UInt8>) -> [UInt8]? {
    guard digits.count == 64 else { return nil }
    var (bytes, high) = ([UInt8](), UInt8?.none)
    bytes.reserveCapacity(32)
    for digit in digits {
      guard digit.isLowercaseHexDigit, let value = digit.hexadecimalDigit else { return nil }
      if let first = high {
        bytes.append(first << 4 | UInt8(truncatingIfNeeded: value))
        high = nil
      } else {
        high = UInt8(truncatingIfNeeded: value)
      }
    }
    return bytes
  }

  /// Whether `coded` has the head of a delta from the dictionary with this digest, followed by a
  /// zstd frame.
  package static func isHead(_ coded: some Collection<UInt8>, ofDictionary digest: [UInt8]) -> Bool
  {
    coded.count > headByteCount && coded.starts(with: magic)
      && coded.dropFirst(magic.count).starts(with: digest)
      && coded.dropFirst(headByteCount).starts(with: [0x28, 0xB5, 0x2F, 0xFD])
  }
}

extension ContentCoding {
  /// Bytes of the suffix of stored files.
  package var suffixByteCount: Int {
    self == .dictionaryZstandard ? DictionaryCoding.suffixByteCount : fileSuffix.utf8.count
  }
}
