internal import StaticAssets

/// `Max-Forwards` of an OPTIONS request: how many more servers may forward it.
///
/// A server that forwards the request must decrement the value, and must answer itself at 0. TRACE,
/// the other method with this rule, is never forwarded. For other methods the field may be ignored,
/// and is forwarded unchanged.
///
/// Source: RFC 9110 §7.6.2.
enum MaxForwards {
  /// The limit of a forwarded value; a greater one is replaced by it.
  static let valueMax: Int64 = 1_000_000

  /// The value in the request `head`, which was parsed from `bytes`, at most `valueMax + 1`.
  ///
  /// Nil if nothing limits the request: the method is not OPTIONS, or the field is absent or not a
  /// number. If there are several lines, the least value counts.
  static func value(_ head: RequestHead, _ bytes: Span<UInt8>) -> Int64? {
    guard head.method == .options else { return nil }
    var least: Int64?
    var cursor = FieldCursor(head.fieldLines)
    while let line = cursor.next(bytes) {
      guard bytes.isName("max-forwards", line.name), let value = number(bytes, line.value) else {
        continue
      }
      least = min(least ?? value, value)
    }
    return least
  }

  /// The value for the next server after `value`, which is not 0.
  static func decremented(_ value: Int64) -> Int64 {
    precondition(value > 0, "a request with Max-Forwards: 0 is not forwarded")
    return value - 1
  }

  /// Parses `1*DIGIT`; saturates at `valueMax + 1`.
  private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard !range.isEmpty else { return nil }
    var value: Int64 = 0
    for index in range {
      guard bytes[index].isDigit else { return nil }
      value = min(value * 10 + Int64(bytes[index] &- UInt8(ascii: "0")), valueMax + 1)
    }
    return value
  }
}
