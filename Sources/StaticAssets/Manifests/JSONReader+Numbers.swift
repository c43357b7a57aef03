/// Numbers (RFC 8259 §6).
extension JSONReader {
  /// Reads a number without fraction and exponent that fits 64 bits.
  package mutating func integer() throws(Malformed) -> Int64 {
    skipSpace()
    let start = position
    let isWhole = try number()
    guard isWhole, let value = decimal(start..<position) else { throw Malformed(offset: start) }
    return value
  }

  /// The decimal number in `range`, with an optional minus; nil when it is malformed or exceeds 64
  /// bits.
  private func decimal(_ range: Range<Int>) -> Int64? {
    let isNegative = range.count > 1 && bytes[range.lowerBound] == UInt8(ascii: "-")
    guard range.count > (isNegative ? 1 : 0) else { return nil }
    var value: Int64 = 0
    for byte in bytes[(range.lowerBound + (isNegative ? 1 : 0))..<range.upperBound] {
      let digit = Int64(byte) - Int64(UInt8(ascii: "0"))
      let (shifted, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isTooLargeToo) = shifted.addingReportingOverflow(isNegative ? -digit : digit)
      guard digit >= 0, !isTooLarge, !isTooLargeToo else { return nil }
      value = sum
    }
    return value
  }

  /// Skips a number; returns whether it has neither fraction nor exponent.
  mutating func number() throws(Malformed) -> Bool {
    _ = take("-")
    // RFC 8259 §6: no digit may follow a leading zero.
    if !take("0") { try digits() }
    let hasFraction = take(".")
    if hasFraction { try digits() }
    let hasExponent = take("e") || take("E")
    if hasExponent {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return !hasFraction && !hasExponent
  }

  /// Skips one or more digits.
  private mutating func digits() throws(Malformed) {
    let start = position
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    guard position > start else { throw Malformed(offset: start) }
  }
}
