/// The last member of `staticd.json`: the SHA-256 of the text before it.
///
/// It detects edits, including those of members that cannot be checked otherwise, such as the
/// release of an older file. It does not detect tampering: a writer to the root can seal the
/// manifest again.
package enum ManifestSeal {
  private static let start = Array(", \"seal\": \"".utf8)
  private static let end = Array("\"}\n".utf8)
  private static let digitCount = 64

  /// The complete text of a manifest.
  ///
  /// - Parameter text: the manifest without its last brace.
  package static func sealing(_ text: [UInt8]) -> [UInt8] {
    text + start + ContentDigests.sha256(text[...]) + end
  }

  /// Whether the text of a manifest ends with a seal, valid or not.
  static func isSealed(_ text: [UInt8]) -> Bool {
    text.suffix(start.count + digitCount + end.count).starts(with: start)
  }

  /// Whether the text of a manifest matches its seal.
  package static func isWhole(_ text: [UInt8]) -> Bool {
    let sealByteCount = start.count + digitCount + end.count
    guard text.count > sealByteCount else { return false }
    let body = text.dropLast(sealByteCount)
    return text[body.endIndex...].elementsEqual(start + ContentDigests.sha256(body) + end)
  }
}
