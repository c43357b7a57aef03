internal import StaticAssets

/// Iterates over field lines that a parser has accepted: token, colon, value, CRLF.
///
/// Traps at a line that the parser would have refused.
struct FieldCursor {
  /// One field line.
  struct Line {
    /// The name, at least one byte.
    let name: Range<Int>
    /// The value without surrounding white space.
    let value: Range<Int>
    /// The whole line with its CRLF.
    let whole: ByteSlice
  }

  private var position: Int
  private let end: Int

  /// A cursor before the first of `lines`, the last of which ends with CRLF.
  init(_ lines: ByteSlice) {
    position = lines.range.lowerBound
    end = lines.range.upperBound
  }

  /// The next line; nil after the last.
  mutating func next(_ bytes: Span<UInt8>) -> Line? {
    guard position < end else { return nil }
    var colon = position
    while bytes[colon] != UInt8(ascii: ":") { colon &+= 1 }
    let stop = bytes.firstIndex(of: UInt8(ascii: "\r"), in: colon &+ 1..<end)
    precondition(stop &+ 2 <= end, "a malformed field line")
    let whole = ByteSlice(offset: position, count: stop &+ 2 &- position)
    let name = position..<colon
    position = stop &+ 2
    return Line(name: name, value: bytes.trimmed(colon &+ 1..<stop), whole: whole)
  }
}

extension Span<UInt8> {
  /// `range` without leading and trailing spaces and tabs.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var first = range.lowerBound
    var last = range.upperBound
    while first < last, self[first] == 0x20 || self[first] == 0x09 { first &+= 1 }
    while first < last, self[last &- 1] == 0x20 || self[last &- 1] == 0x09 { last &-= 1 }
    return first..<last
  }

  /// Whether the token in `range` equals `name`, which is lower-case; case is ignored.
  func isName(_ name: StaticString, _ range: Range<Int>) -> Bool {
    range.count == name.utf8CodeUnitCount && hasName(name, in: range)
  }

  /// Whether the token in `range` starts with `prefix`, which is lower-case; case is ignored.
  func hasName(_ prefix: StaticString, in range: Range<Int>) -> Bool {
    hasName(prefix, prefix.utf8CodeUnitCount, in: range)
  }

  /// Whether the token in `range` starts with the first `count` bytes of `prefix`.
  func hasName(_ prefix: StaticString, _ count: Int, in range: Range<Int>) -> Bool {
    precondition(count <= prefix.utf8CodeUnitCount)
    guard range.count >= count else { return false }
    for index in 0..<count {
      // A literal's bytes are static, and `index` is below their count. Setting bit 0x20 maps no
      // other token character to a letter, a digit or a hyphen.
      let expected = unsafe prefix.utf8Start[index]
      if self[range.lowerBound &+ index] | 0x20 != expected { return false }
    }
    return true
  }
}

extension UInt8 {
  /// Whether the byte is an ASCII digit.
  var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

  /// Whether the byte is an ASCII letter or digit.
  var isAlphanumeric: Bool { isDigit || (self | 0x20) &- UInt8(ascii: "a") < 26 }
}
