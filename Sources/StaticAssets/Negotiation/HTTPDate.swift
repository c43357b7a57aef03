/// The date formats of HTTP, with a resolution of one second.
///
/// Source: RFC 9110 §5.6.7.
package enum HTTPDate {
  /// The last second of the year 9999, in seconds since 1970: the format has four digits for the
  /// year.
  package static let latest: Int64 = 253_402_300_799

  /// The first second of the year 0000, in seconds since 1970.
  private static let earliest: Int64 = -62_167_219_200

  /// Formats a time as an IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
  ///
  /// - Parameter seconds: since 1970-01-01T00:00:00Z; a time outside of the years 0000 to 9999 counts
  ///   as the first or the last second of these.
  package static func format(_ seconds: Int64) -> InlineArray<29, UInt8> {
    let date = CivilDate(secondsSince1970: min(max(seconds, earliest), latest))
    var text = InlineArray<29, UInt8>(repeating: .space)
    write(dayNames[date.weekday], into: &text, at: 0)
    text[3] = UInt8(ascii: ",")
    writeDecimal(date.day, into: &text, at: 5)
    write(monthNames[date.month - 1], into: &text, at: 8)
    writeDecimal(date.year / 100, into: &text, at: 12)
    writeDecimal(date.year % 100, into: &text, at: 14)
    writeDecimal(date.hour, into: &text, at: 17)
    text[19] = UInt8(ascii: ":")
    writeDecimal(date.minute, into: &text, at: 20)
    text[22] = UInt8(ascii: ":")
    writeDecimal(date.second, into: &text, at: 23)
    write((UInt8(ascii: "G"), UInt8(ascii: "M"), UInt8(ascii: "T")), into: &text, at: 26)
    return text
  }

  // Computed: a stored global would be initialised lazily, behind a check on every use.
  static var dayNames: [7 of (UInt8, UInt8, UInt8)] {
    [name("Sun"), name("Mon"), name("Tue"), name("Wed"), name("Thu"), name("Fri"), name("Sat")]
  }

  static var monthNames: [12 of (UInt8, UInt8, UInt8)] {
    [
      name("Jan"), name("Feb"), name("Mar"), name("Apr"), name("May"), name("Jun"), name("Jul"),
      name("Aug"), name("Sep"), name("Oct"), name("Nov"), name("Dec"),
    ]
  }

  private static func name(_ text: StaticString) -> (UInt8, UInt8, UInt8) {
    precondition(text.utf8CodeUnitCount == 3)
    return unsafe (text.utf8Start[0], text.utf8Start[1], text.utf8Start[2])
  }

  private static func write(
    _ name: (UInt8, UInt8, UInt8),
    into text: inout InlineArray<29, UInt8>,
    at index: Int
  ) {
    text[index] = name.0
    text[index + 1] = name.1
    text[index + 2] = name.2
  }

  private static func writeDecimal(
    _ value: Int,
    into text: inout InlineArray<29, UInt8>,
    at index: Int
  ) {
    text[index] = UInt8(ascii: "0") + UInt8(value / 10)
    text[index + 1] = UInt8(ascii: "0") + UInt8(value % 10)
  }
}
