/// Comparison of entity tags.
///
/// Source: RFC 9110 §8.8.3 (entity tags), §13.1.1 (`If-Match`), §13.1.2 (`If-None-Match`).
enum EntityTag {
  /// The comparison function (RFC 9110 §8.8.3.2).
  enum Comparison {
    /// Equal if neither tag is weak and the opaque tags are identical.
    case strong
    /// Equal if the opaque tags are identical.
    case weak
  }

  /// Whether a list of entity tags such as `W/"a", "b"` contains `tag`.
  ///
  /// - Parameters:
  ///   - bytes: the buffer that holds the list.
  ///   - range: the list. `*` matches every tag. The list is ignored from its first malformed
  ///     element.
  ///   - tag: a strong tag with its quotes; an empty one matches `*` only.
  ///   - comparison: strong for `If-Match`, weak for `If-None-Match`.
  static func list(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    contains tag: Span<UInt8>,
    by comparison: Comparison
  ) -> Bool {
    if range.count == 1, bytes[range.lowerBound] == UInt8(ascii: "*") { return true }
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = bytes[position]
      if byte.isOptionalSpace || byte == UInt8(ascii: ",") {
        position &+= 1
        continue
      }
      guard let item = opaqueTag(bytes, position..<range.upperBound),
        isItemEnd(bytes, item.upperBound..<range.upperBound)
      else { return false }
      let isComparable = comparison == .weak || item.lowerBound == position
      if isComparable, equal(bytes, item, tag) { return true }
      position = item.upperBound
    }
    return false
  }

  /// The opaque tag, with its quotes, of the tag at the start of `range`; nil when it is malformed.
  private static func opaqueTag(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
    var start = range.lowerBound
    if range.count > 2, bytes[start] == UInt8(ascii: "W"), bytes[start &+ 1] == UInt8(ascii: "/") {
      start &+= 2
    }
    guard bytes[start] == UInt8(ascii: "\"") else { return nil }
    var end = start &+ 1
    while end < range.upperBound {
      let byte = bytes[end]
      end &+= 1
      if byte == UInt8(ascii: "\"") { return start..<end }
      guard byte > 0x20, byte != 0x7F else { return nil }
    }
    return nil
  }

  /// Whether `range` continues with a comma or is empty, ignoring white space.
  private static func isItemEnd(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range where !bytes[index].isOptionalSpace {
      return bytes[index] == UInt8(ascii: ",")
    }
    return true
  }

  /// Whether the bytes of `range` are identical to `tag`: the strong comparison of two strong tags.
  static func equal(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ tag: Span<UInt8>
  ) -> Bool {
    guard range.count == tag.count else { return false }
    for index in 0..<tag.count where bytes[range.lowerBound &+ index] != tag[index] {
      return false
    }
    return true
  }
}
