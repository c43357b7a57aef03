/// Numbers, dates, times and booleans.
enum TOMLScalar {
  typealias Text = ArraySlice<UInt8>

  /// The value of a word; nil if it is not valid.
  static func value(_ text: Text) -> TOMLValue? {
    if text.elementsEqual("true".utf8) { return .boolean(true) }
    if text.elementsEqual("false".utf8) { return .boolean(false) }
    if let number = integer(text) { return .number(number) }
    if isFraction(text) { return .fraction }
    return isTime(text) ? .time : nil
  }

  private static func integer(_ text: Text) -> Int64? {
    let radixes: [(prefix: String, radix: Int64)] = [("0x", 16), ("0o", 8), ("0b", 2)]
    for (prefix, radix) in radixes where text.starts(with: prefix.utf8) {
      return number(text.dropFirst(2), radix: radix)
    }
    let sign = text.first.map { "+-".utf8.contains($0) } == true ? 1 : 0
    let digits = text.dropFirst(sign)
    guard digits.first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
    return number(digits, radix: 10, isNegative: text.first == UInt8(ascii: "-"))
  }

  /// The value of digits with single underscores between them; nil if it is malformed or out of
  /// range.
  static func number(_ text: Text, radix: Int64, isNegative: Bool = false) -> Int64? {
    var value: Int64 = 0
    var wasDigit = false
    for byte in text {
      if byte == UInt8(ascii: "_"), wasDigit {
        wasDigit = false
        continue
      }
      guard let digit = Int64(String(Unicode.Scalar(byte)), radix: Int(radix)) else { return nil }
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: radix)
      let (sum, isOutOfRange) = product.addingReportingOverflow(isNegative ? -digit : digit)
      guard !isTooLarge, !isOutOfRange else { return nil }
      value = sum
      wasDigit = true
    }
    return wasDigit ? value : nil
  }

  private static func isFraction(_ text: Text) -> Bool {
    let sign = text.first.map { "+-".utf8.contains($0) } == true ? 1 : 0
    let text = text.dropFirst(sign)
    if text.elementsEqual("inf".utf8) || text.elementsEqual("nan".utf8) { return true }
    let parts = text.split(
      maxSplits: 1,
      omittingEmptySubsequences: false
    ) { $0 | 0x20 == UInt8(ascii: "e") }
    let mantissa = parts[0].split(
      separator: UInt8(ascii: "."),
      maxSplits: 1,
      omittingEmptySubsequences: false
    )
    guard parts.count + mantissa.count > 2, isDigits(mantissa[0]),
      mantissa[0].first != UInt8(ascii: "0") || mantissa[0].count == 1,
      mantissa.count == 1 || isDigits(mantissa[1])
    else { return false }
    guard parts.count > 1 else { return true }
    let hasSign = parts[1].first.map { "+-".utf8.contains($0) } == true
    return isDigits(parts[1].dropFirst(hasSign ? 1 : 0))
  }

  /// Whether `text` consists of digits with single underscores between them.
  private static func isDigits(_ text: Text) -> Bool {
    text.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
      .allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isDigit) }
  }

  /// A calendar date, `1979-05-27`.
  static func isDate(_ text: Text) -> Bool {
    guard let fields = fields(text, lengths: [4, 2, 2], separator: UInt8(ascii: "-")) else {
      return false
    }
    let (year, month, day) = (fields[0], fields[1], fields[2])
    guard (1...12).contains(month) else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }

  /// A date, a time, or both with or without an offset. RFC 3339
  private static func isTime(_ text: Text) -> Bool {
    guard isDate(text.prefix(10)) else { return isClock(text) }
    var rest = text.dropFirst(10)
    guard let separator = rest.popFirst() else { return true }
    guard separator == UInt8(ascii: " ") || separator | 0x20 == UInt8(ascii: "t") else {
      return false
    }
    if let last = rest.last, last | 0x20 == UInt8(ascii: "z") { return isClock(rest.dropLast()) }
    if let sign = rest.firstIndex(where: { "+-".utf8.contains($0) }) {
      return isClock(rest[..<sign]) && isOffset(rest[(sign + 1)...])
    }
    return isClock(rest)
  }

  /// A time of day, `07:32:00` or `07:32:00.999`.
  private static func isClock(_ text: Text) -> Bool {
    guard let fields = fields(text.prefix(8), lengths: [2, 2, 2], separator: UInt8(ascii: ":")),
      fields[0] < 24, fields[1] < 60, fields[2] < 60
    else { return false }
    var rest = text.dropFirst(8)
    guard let point = rest.popFirst() else { return true }
    return point == UInt8(ascii: ".") && !rest.isEmpty && rest.allSatisfy(\.isDigit)
  }

  private static func isOffset(_ text: Text) -> Bool {
    guard let fields = fields(text, lengths: [2, 2], separator: UInt8(ascii: ":")) else {
      return false
    }
    return fields[0] < 24 && fields[1] < 60
  }

  /// Numbers with these counts of digits.
  private static func fields(_ text: Text, lengths: [Int], separator: UInt8) -> [Int]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.map(\.count) == lengths, parts.allSatisfy({ $0.allSatisfy(\.isDigit) }) else {
      return nil
    }
    return parts.map { $0.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
  }
}
