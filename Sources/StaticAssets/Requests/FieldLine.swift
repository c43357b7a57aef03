/// One field line: the positions of its name and value.
struct FieldLine {
  /// The field name, at least one token character.
  let name: Range<Int>
  /// The field value without surrounding white space.
  let value: ByteSlice
  /// The index after the line's CRLF.
  let end: Int

  /// The result of reading at the position.
  enum Outcome {
    case complete(FieldLine)
    case incomplete
    case malformed
  }

  /// Reads the line that starts at `start`.
  @inline(always)
  static func read(_ bytes: Span<UInt8>, at start: Int) -> Outcome {
    var colon = start
    while colon < bytes.count, bytes[colon].isTokenCharacter { colon &+= 1 }
    guard colon < bytes.count else { return .incomplete }
    guard bytes[colon] == UInt8(ascii: ":"), colon > start else { return .malformed }
    var first = colon &+ 1
    while first < bytes.count, bytes[first].isOptionalSpace { first &+= 1 }
    let carriageReturn = bytes.firstIndexOutsideFieldValue(from: first)
    guard carriageReturn < bytes.count else { return .incomplete }
    guard bytes[carriageReturn] == .carriageReturn else { return .malformed }
    guard carriageReturn &+ 1 < bytes.count else { return .incomplete }
    guard bytes[carriageReturn &+ 1] == .lineFeed else { return .malformed }
    var last = carriageReturn
    while last > first, bytes[last &- 1].isOptionalSpace { last &-= 1 }
    return .complete(
      FieldLine(
        name: start..<colon,
        value: ByteSlice(offset: first, count: last &- first),
        end: carriageReturn &+ 2
      )
    )
  }
}
