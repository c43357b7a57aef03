internal import StaticAssets

/// A file in the coding `dcz`: a content compressed with the dictionary that its header names.
///
/// Source: RFC 9842 §5.
enum Delta {
  /// The file: a header of 40 bytes, then `frame`.
  ///
  /// - Parameter digest: the SHA-256 of the dictionary, 64 hexadecimal digits.
  static func file(_ frame: [UInt8], dictionary digest: [UInt8]) -> [UInt8] {
    guard let bytes = DictionaryCoding.bytes(ofDigest: digest) else {
      preconditionFailure("a digest of a manifest was checked when it was read")
    }
    return DictionaryCoding.magic + bytes + frame
  }

  /// Whether a delta of `byteCount` bytes is worth keeping: it saves at least 20 % and 1 KiB of the
  /// smallest other coding.
  static func isEffective(_ byteCount: Int, besides smallest: Int) -> Bool {
    smallest - byteCount >= 1024 && byteCount * 100 <= smallest * 80
  }

  /// Whether the header of `coded` names the dictionary with this digest.
  static func isFile(_ coded: [UInt8], ofDictionary digest: [UInt8]) -> Bool {
    guard let bytes = DictionaryCoding.bytes(ofDigest: digest) else { return false }
    return DictionaryCoding.isHead(coded, ofDictionary: bytes)
  }

  /// Whether `coded` decodes with `dictionary` to exactly `bytes`.
  static func decodes(_ coded: [UInt8], with dictionary: [UInt8], to bytes: [UInt8]) -> Bool {
    coded.count > DictionaryCoding.headByteCount
      && Zstandard.decodes(coded[DictionaryCoding.headByteCount...], with: dictionary, to: bytes)
  }
}
