/// Reads field lines one after the other, as strictly as those of a request head.
///
/// A value type; it neither copies nor allocates.
///
/// Source: RFC 9112 §5.
package struct FieldLineReader: Sendable, BitwiseCopyable {
  /// One field line.
  package struct Line: Equatable, Sendable, BitwiseCopyable {
    /// The field name as sent.
    package let name: ByteSlice
    /// The field value without surrounding white space.
    package let value: ByteSlice

    /// Name, colon and value as sent, without trailing white space and CRLF.
    package var whole: ByteSlice {
      ByteSlice(
        offset: Int(name.offset),
        count: Int(value.offset) + Int(value.count) - Int(name.offset)
      )
    }
  }

  /// The result of reading at the position.
  package enum Step: Equatable, Sendable {
    /// A field line; the position is after it.
    case line(Line)
    /// The empty line that ends the head; the position is after it.
    case end
    /// The line is not complete yet.
    case incomplete
    /// The bytes are not a field line.
    case malformed
  }

  /// The index of the first unread byte.
  package private(set) var position: Int

  /// A reader that starts at `position`.
  package init(at position: Int) {
    self.position = position
  }

  /// Reads the next line of `bytes`.
  package mutating func next(_ bytes: Span<UInt8>) -> Step {
    guard position < bytes.count else { return .incomplete }
    if bytes[position] == .carriageReturn {
      guard position + 1 < bytes.count else { return .incomplete }
      guard bytes[position + 1] == .lineFeed else { return .malformed }
      position += 2
      return .end
    }
    switch FieldLine.read(bytes, at: position) {
    case .incomplete: return .incomplete
    case .malformed: return .malformed
    case .complete(let line):
      position = line.end
      let name = ByteSlice(offset: line.name.lowerBound, count: line.name.count)
      return .line(Line(name: name, value: line.value))
    }
  }
}

extension Span<UInt8> {
  /// Whether the bytes of `slice` equal `text`, ignoring the case of ASCII letters.
  ///
  /// - Parameters:
  ///   - text: lower-case letters, digits and hyphens.
  ///   - slice: token characters; traps when it is outside the span.
  package func spells(_ text: StaticString, in slice: ByteSlice) -> Bool {
    equals(text, in: slice.range)
  }

  /// Whether the bytes of two ranges are equal, ignoring the case of ASCII letters.
  package func spellsSame(_ first: Range<Int>, _ second: Range<Int>) -> Bool {
    guard first.count == second.count else { return false }
    for offset in 0..<first.count {
      let one = self[first.lowerBound + offset].loweringCase
      guard one == self[second.lowerBound + offset].loweringCase else { return false }
    }
    return true
  }
}

extension UInt8 {
  fileprivate var loweringCase: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}
