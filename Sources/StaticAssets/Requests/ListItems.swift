/// The elements of a comma-separated list, without surrounding white space.
///
/// Empty elements are skipped.
///
/// Source: RFC 9110 §5.6.1.
package struct ListItems: Sendable, BitwiseCopyable {
  private var position: Int
  private let end: Int

  /// The elements in the bytes of `range`.
  package init(_ range: Range<Int>) {
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next element; nil after the last.
  package mutating func next(_ bytes: Span<UInt8>) -> Range<Int>? {
    while position < end {
      var first = position
      while position < end, bytes[position] != UInt8(ascii: ",") { position &+= 1 }
      var last = position
      position &+= 1
      while first < last, bytes[first].isOptionalSpace { first &+= 1 }
      while last > first, bytes[last &- 1].isOptionalSpace { last &-= 1 }
      if first < last { return first..<last }
    }
    return nil
  }
}
