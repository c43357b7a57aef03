/// The different ways in which servers interpret one request path.
///
/// An app or a proxy may remove dot segments, merge slashes, treat a backslash as a slash, or
/// decode an encoded slash late or never. If the readings belong to different owners, a client
/// could reach a file or a page past the checks of the other.
///
/// Source: RFC 3986 §3.3, §6.2.2; §5.2.4 (dot segments).
struct PathReadings {
  /// The readings: decoded once; decoded except for encoded separators; both with dot segments and
  /// empty segments removed; and as sent, if the encoding is malformed.
  let all: [[UInt8]]
  /// Whether the path contains a NUL or its dot segments lead above the root.
  let isHostile: Bool

  /// The readings of the percent-encoded path in `range` of `bytes`.
  init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    let decoded = Self.decoded(bytes, range, keepsSeparators: false)
    let kept = Self.decoded(bytes, range, keepsSeparators: true)
    let resolved = Self.resolved(decoded)
    var all = [decoded, kept, resolved.path, Self.resolved(kept).path]
    isHostile = resolved.leavesRoot || decoded.contains(0)
    var path = DecodedPath()
    // A table looks a path up as sent when it cannot be decoded.
    if !path.decode(bytes, range) { all.append(range.map { bytes[$0] }) }
    self.all = all
  }

  /// Whether servers may interpret the path differently; a fast test.
  static func mayDiffer(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var previous: UInt8 = 0
    for index in range {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\\"): return true
      case UInt8(ascii: "/"), UInt8(ascii: "."):
        if previous == UInt8(ascii: "/") { return true }
      case UInt8(ascii: "%"):
        switch escaped(bytes, index, range.upperBound) {
        case nil, 0, UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "\\"): return true
        default: break
        }
      default: break
      }
      previous = byte
    }
    return false
  }

  /// The path decoded once; a malformed escape is kept.
  private static func decoded(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    keepsSeparators: Bool
  ) -> [UInt8] {
    var path: [UInt8] = []
    path.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      index += 1
      guard byte == UInt8(ascii: "%"), let value = escaped(bytes, index - 1, range.upperBound),
        !(keepsSeparators && (value == UInt8(ascii: "/") || value == UInt8(ascii: "\\")))
      else {
        path.append(byte)
        continue
      }
      path.append(value)
      index += 2
    }
    return path
  }

  /// The path without empty segments and dot segments, with backslashes treated as slashes; and
  /// whether the dot segments lead above the root.
  private static func resolved(_ path: [UInt8]) -> (path: [UInt8], leavesRoot: Bool) {
    guard path.first == UInt8(ascii: "/") else { return (path, false) }
    var leavesRoot = false
    let isSlash = { (byte: UInt8) in byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
    var segments: [ArraySlice<UInt8>] = []
    var endsWithSlash = true
    for segment in path.split(omittingEmptySubsequences: false, whereSeparator: isSlash) {
      endsWithSlash = true
      if segment.elementsEqual("..".utf8) {
        leavesRoot = leavesRoot || segments.isEmpty
        _ = segments.popLast()
      } else if !segment.isEmpty, !segment.elementsEqual(".".utf8) {
        segments.append(segment)
        endsWithSlash = false
      }
    }
    var result: [UInt8] = []
    for segment in segments { result += [UInt8(ascii: "/")] + segment }
    return (endsWithSlash ? result + [UInt8(ascii: "/")] : result, leavesRoot)
  }

  /// The byte that the escape at `index` represents; nil when it is malformed.
  private static func escaped(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) -> UInt8? {
    guard index + 2 < end, let high = bytes[index + 1].hexadecimalDigit,
      let low = bytes[index + 2].hexadecimalDigit
    else { return nil }
    return high << 4 | low
  }
}
