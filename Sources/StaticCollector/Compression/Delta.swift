internal import StaticAssets

/// A content as a file in `dcz`: against the dictionary that its head names.
///
/// Source: RFC 9842 §5.
enum Delta {
  /// The file: a head of 40 bytes, and `frame`.
  ///
  /// - Parameter digest: the SHA-256 of the dictionary, 64 hexadecimal digits.
  static func file(_ frame: [UInt8], dictionary digest: [UInt8]) -> [UInt8] {
    guard let bytes = DictionaryCoding.bytes(ofDigest: digest) else {
      preconditionFailure("a digest of a manifest was checked when it was read")
    }
    return DictionaryCoding.magic + bytes + frame
  }

  /// Whether a file of `byteCount` bytes is worth keeping beside the smallest other coding: it saves at
  /// least 20 % and 1 KiB.
  static func isEffective(_ byteCount: Int, besides smallest: Int) -> Bool {
    smallest - byteCount >= 1024 && byteCount * 100 <= smallest * 80
  }

  /// Whether `coded` names the dictionary with this digest.
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
