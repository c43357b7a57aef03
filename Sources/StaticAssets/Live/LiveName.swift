/// The kind of a requested path below a live directory, by the rules of `RootScan`.
package enum LiveName: Equatable, Sendable {
  /// A file.
  case file
  /// A directory: the path is empty or ends with a slash.
  case directory
  /// A name that must not be served: an empty segment, a dot file outside `.well-known`, `.`, `..`,
  /// a manifest of a root, or a name that is not UTF-8 or too long.
  case refused

  /// Reads the decoded path in `range` of `bytes`.
  ///
  /// - Parameter isRoot: whether the directory is a collected root, whose manifests are private.
  package init(_ bytes: Span<UInt8>, _ range: Range<Int>, isRoot: Bool) {
    guard !range.isEmpty else {
      self = .directory
      return
    }
    var start = range.lowerBound
    var isPlain = true
    for index in range {
      let byte = bytes[index]
      guard byte != 0 else {
        self = .refused
        return
      }
      isPlain = isPlain && byte < 0x80
      guard byte == UInt8(ascii: "/") else { continue }
      guard Self.isServed(bytes, start..<index, isFirst: start == range.lowerBound) else {
        self = .refused
        return
      }
      start = index + 1
    }
    let isDirectory = start == range.upperBound
    let isLastServed =
      isDirectory
      || Self.isServed(bytes, start..<range.upperBound, isFirst: start == range.lowerBound)
    guard isLastServed, range.count < DecodedPath.byteCountMax,
      isPlain || String(validating: range.map { bytes[$0] }, as: UTF8.self) != nil,
      !isRoot || !ManifestName.all.contains(BytePath(range.map { bytes[$0] }))
    else {
      self = .refused
      return
    }
    self = isDirectory ? .directory : .file
  }

  private static func isServed(
    _ bytes: Span<UInt8>,
    _ segment: Range<Int>,
    isFirst: Bool
  ) -> Bool {
    guard !segment.isEmpty, segment.count <= 255 else { return false }
    guard bytes[segment.lowerBound] == UInt8(ascii: ".") else { return true }
    return isFirst && segment.map { bytes[$0] }.elementsEqual(".well-known".utf8)
  }
}
