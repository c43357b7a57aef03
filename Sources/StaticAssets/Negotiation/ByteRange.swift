/// What a `Range` field asks of one representation.
///
/// Source: RFC 9110 §14.1.2 (byte ranges), §14.2 (`Range`), §15.5.17 (416).
public enum ByteRange: Equatable, Sendable {
  /// No usable range: answer 200 with the whole representation.
  case whole
  /// Answer 206 with `count` bytes from `offset`; both fit the representation, `count > 0`.
  case part(offset: Int64, count: Int64)
  /// Answer 206 with several parts.
  case several
  /// Answer 416: the ranges are well formed, and none has a byte of the representation.
  case unsatisfiable

  /// Reads the field value in `range` for a representation of `size` bytes.
  ///
  /// A unit other than `bytes`, a malformed value and a list beyond the limits of a multipart
  /// answer are all `.whole`: the field may be ignored (§14.2), and ignoring it is never wrong.
  ///
  /// By the letter the end of an empty representation (`bytes=-5`) is satisfiable; but no
  /// `Content-Range` can tell of no bytes, so that every range of it is `.unsatisfiable`.
  ///
  /// - Parameters:
  ///   - bytes: the buffer that holds the value.
  ///   - range: the value, for example `bytes=0-499` or `bytes=0-0, -1`.
  ///   - size: the length of the selected representation in bytes, zero or more.
  public init(_ bytes: Span<UInt8>, _ range: Range<Int>, size: Int64) {
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
      self = ByteRanges(bytes, list, size: size)?.range ?? .whole
    }
  }

  /// Where the list of ranges is, behind the unit; nil for another unit.
  static func list(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
    let start = range.lowerBound + 6
    guard start <= range.upperBound, bytes[start - 1] == UInt8(ascii: "="),
      bytes.equals("bytes", in: range.lowerBound..<(start - 1))
    else { return nil }
    return start..<range.upperBound
  }

  /// Reads one range such as `0-499`, `500-` or `-500`; `.whole` when it is malformed.
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

/// Reads unsigned decimal numbers from a field value, left to right.
private struct DecimalReader {
  private var position: Int
  private let end: Int

  init(_ range: Range<Int>) {
    position = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { position == end }

  /// The digits here as a number, saturating at `Int64.max`; nil when there are none.
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

  /// Steps over `byte`; false, without moving, when another byte or the end is here.
  mutating func skip(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard position < end, bytes[position] == byte else { return false }
    position += 1
    return true
  }
}
