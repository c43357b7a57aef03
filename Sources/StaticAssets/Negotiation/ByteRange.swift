/// What a `Range` field selects of one representation.
///
/// Source: RFC 9110 §14.1.2 (byte ranges), §14.2 (`Range`), §15.5.17 (416).
package enum ByteRange: Equatable, Sendable {
  /// The field is ignored: 200 with the whole representation.
  case whole
  /// One range: 206 with `count` bytes from `offset`, inside the representation; `count > 0`.
  case part(offset: Int64, count: Int64)
  /// Several ranges: 206 with `multipart/byteranges`.
  case several
  /// The field is valid, and no range overlaps the representation: 416.
  case unsatisfiable

  /// Parses a field value for a representation of `size` bytes.
  ///
  /// An unknown range unit, a malformed value and a list beyond the limits of `ByteRanges` are
  /// `.whole`: a server may ignore the field (§14.2).
  ///
  /// For an empty representation every range is `.unsatisfiable`. RFC 9110 §14.1.2 calls a suffix
  /// such as `bytes=-5` satisfiable, but `Content-Range` cannot describe zero bytes.
  ///
  /// - Parameters:
  ///   - bytes: the buffer that holds the value.
  ///   - range: the value, for example `bytes=0-499` or `bytes=0-0, -1`.
  ///   - size: the length of the selected representation in bytes; traps when it is negative.
  package init(_ bytes: Span<UInt8>, _ range: Range<Int>, size: Int64) {
    precondition(size >= 0)
    guard let list = Self.list(bytes, range) else {
      self = .whole
      return
    }
    var items = ListItems(list)
    guard let first = items.next(bytes) else {
      self = .whole
      return
    }
    if items.next(bytes) == nil {
      self = Self.element(bytes, first, size: size)
    } else {
      self = Self.several(bytes, list, size: size)
    }
  }

  /// Parses a list of range-specs; a function of its own, because the list takes 1 KiB of the stack.
  @inline(never)
  private static func several(_ bytes: Span<UInt8>, _ list: Range<Int>, size: Int64) -> ByteRange {
    ByteRanges(bytes, list, size: size)?.range ?? .whole
  }

  /// The range-set after `bytes=`; nil for another range unit.
  static func list(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
    let start = range.lowerBound + 6
    guard start <= range.upperBound, bytes[start - 1] == UInt8(ascii: "="),
      bytes.equals("bytes", in: range.lowerBound..<(start - 1))
    else { return nil }
    return start..<range.upperBound
  }

  /// Parses one range-spec such as `0-499`, `500-` or `-500`; `.whole` when it is malformed.
  static func element(_ bytes: Span<UInt8>, _ range: Range<Int>, size: Int64) -> ByteRange {
    var reader = DecimalReader(range)
    let first = reader.number(bytes)
    guard reader.skip(UInt8(ascii: "-"), bytes) else { return .whole }
    let last = reader.number(bytes)
    guard reader.isAtEnd else { return .whole }

    switch (first, last) {
    case (nil, nil):
      return .whole
    case (nil, let suffix?):
      let count = min(suffix, size)
      return count > 0 ? .part(offset: size - count, count: count) : .unsatisfiable
    case (let first?, nil):
      return first < size ? .part(offset: first, count: size - first) : .unsatisfiable
    case (let first?, let last?):
      guard first <= last else { return .whole }
      guard first < size else { return .unsatisfiable }
      return .part(offset: first, count: min(last, size - 1) - first + 1)
    }
  }
}

/// Reads unsigned decimal numbers from left to right.
private struct DecimalReader {
  private var position: Int
  private let end: Int

  init(_ range: Range<Int>) {
    position = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { position == end }

  /// The number at the position, at most `Int64.max`; nil when there is no digit.
  mutating func number(_ bytes: Span<UInt8>) -> Int64? {
    let start = position
    var value: Int64 = 0
    while position < end {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = product.addingReportingOverflow(Int64(digit))
      value = isTooLarge || overflows ? .max : sum
      position += 1
    }
    return position > start ? value : nil
  }

  /// Skips `byte`; returns false, without moving, when the next byte is another or the value has
  /// ended.
  mutating func skip(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard position < end, bytes[position] == byte else { return false }
    position += 1
    return true
  }
}
