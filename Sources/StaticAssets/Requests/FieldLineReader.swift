/// Reads the field lines of a head one after the other, as strictly as those of a request are.
///
/// A plain value that keeps its place; nothing is copied or allocated.
///
/// Source: RFC 9112 §5.
public struct FieldLineReader: Sendable, BitwiseCopyable {
  /// One field line.
  public struct Line: Equatable, Sendable, BitwiseCopyable {
    /// The name as sent.
    public let name: ByteSlice
    /// The value without the white space around it.
    public let value: ByteSlice

    /// Name, colon and value as sent, without the line's end.
    public var whole: ByteSlice {
      ByteSlice(
        offset: Int(name.offset),
        count: Int(value.offset) + Int(value.count) - Int(name.offset)
      )
    }
  }

  /// What stands at the position.
  public enum Step: Equatable, Sendable {
    /// A line; the position is behind it.
    case line(Line)
    /// The empty line that ends the head; the position is behind it.
    case end
    /// The beginning of a line.
    case incomplete
    /// No field line.
    case malformed
  }

  /// The first byte that was not read.
  public private(set) var position: Int

  /// A reader of the lines from `position` on.
  public init(at position: Int) {
    self.position = position
  }

  /// Takes the next step in `bytes`.
  public mutating func next(_ bytes: Span<UInt8>) -> Step {
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
  /// Whether the bytes of `slice` are `text` without regard to the case of ASCII letters.
  ///
  /// - Parameter text: lower-case.
  public func spells(_ text: StaticString, in slice: ByteSlice) -> Bool {
    equals(text, in: slice.range)
  }

  /// Whether two parts are the same without regard to the case of ASCII letters.
  public func spellsSame(_ first: Range<Int>, _ second: Range<Int>) -> Bool {
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
