internal import StaticAssets

/// A time in the format of Signature Version 4: `20150830T123600Z`.
struct AWSTime: Equatable, Sendable {
  /// Date and time of day.
  let text: String
  /// The date only: `20150830`.
  var day: String { String(text.prefix(8)) }

  /// - Parameter seconds: since 1970.
  init(secondsSince1970 seconds: Int64) {
    let date = CivilDate(secondsSince1970: seconds)
    func digits(_ number: Int, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let day = digits(date.year, 4) + digits(date.month, 2) + digits(date.day, 2)
    text = "\(day)T\(digits(date.hour, 2))\(digits(date.minute, 2))\(digits(date.second, 2))Z"
  }

  /// The seconds since 1970 of `2026-11-29T19:30:17Z`, the format of a credential's expiry; nil for
  /// other formats.
  ///
  /// A fraction is dropped; an offset such as `+01:00` is applied.
  static func seconds(ofISO8601 text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") else { return nil }
    func number(_ range: Range<Int>) -> Int? { Int(String(decoding: bytes[range], as: UTF8.self)) }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    var rest = bytes[19...]
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst().drop { (0x30...0x39).contains($0) }
    }
    guard let offset = offset(rest) else { return nil }
    var date = CivilDate(year: year, month: month, day: day)
    (date.hour, date.minute, date.second) = (hour, minute, second)
    return date.secondsSince1970 - offset
  }

  /// Whether a time in that format has a fraction of a second other than 0.
  static func hasFraction(_ text: String) -> Bool {
    let digits = text.utf8.dropFirst(19)
    guard digits.first == UInt8(ascii: ".") else { return false }
    return digits.dropFirst().prefix { (0x30...0x39).contains($0) }.contains { $0 != 0x30 }
  }

  /// The seconds of `Z`, `+01:00` or `-0530`; nil for anything else.
  private static func offset(_ text: ArraySlice<UInt8>) -> Int64? {
    if text.elementsEqual("Z".utf8) { return 0 }
    guard let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
      return nil
    }
    let digits = text.dropFirst().filter { $0 != UInt8(ascii: ":") }
    guard digits.count == 4, digits.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int64(String(decoding: digits, as: UTF8.self))
    else { return nil }
    let seconds = number / 100 * 3600 + number % 100 * 60
    return sign == UInt8(ascii: "-") ? -seconds : seconds
  }
}
