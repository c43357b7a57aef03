/// The date formats of HTTP, with a resolution of one second.
///
/// Source: RFC 9110 §5.6.7.
public enum HTTPDate {
  /// The last second of the year 9999, in seconds since 1970: the format has four digits for the
  /// year.
  public static let latest: Int64 = 253_402_300_799

  /// Formats a time as an IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
  ///
  /// - Parameter seconds: since 1970-01-01T00:00:00Z, in the years 0000 to 9999.
  public static func format(_ seconds: Int64) -> InlineArray<29, UInt8> {
    let date = CivilDate(secondsSince1970: seconds)
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

/// A date of the proleptic Gregorian calendar with the time of day, in UTC.
struct CivilDate: Equatable {
  var year: Int
  /// 1 to 12.
  var month: Int
  /// 1 to 31.
  var day: Int
  var hour = 0
  var minute = 0
  /// 0 to 60; a leap second counts as the first second of the next minute.
  var second = 0

  private static let secondsPerDay: Int64 = 86_400
  /// Days from 0000-03-01, the origin of the computation below, to 1970-01-01.
  private static let daysToEpoch: Int64 = 719_468
  /// Days of 400 years, after which the calendar repeats.
  private static let daysPerEra: Int64 = 146_097

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The date of a time in seconds since 1970.
  ///
  /// Years start in March, so that the leap day is the last day of a year.
  init(secondsSince1970 seconds: Int64) {
    let secondOfDay = Int(Self.floorModulo(seconds, Self.secondsPerDay))
    let days = (seconds - Int64(secondOfDay)) / Self.secondsPerDay + Self.daysToEpoch
    let dayOfEra = Self.floorModulo(days, Self.daysPerEra)
    let era = (days - dayOfEra) / Self.daysPerEra
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * marchMonth + 2) / 5) + 1
    month = Int(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    hour = secondOfDay / 3600
    minute = secondOfDay / 60 % 60
    second = secondOfDay % 60
  }

  /// The date in seconds since 1970.
  var secondsSince1970: Int64 {
    daysSince1970 * Self.secondsPerDay + Int64(hour * 3600 + minute * 60 + second)
  }

  /// The day of the week: 0 for Sunday to 6.
  var weekday: Int { Int(Self.floorModulo(daysSince1970 + 4, 7)) }

  private var daysSince1970: Int64 {
    let shifted = Int64(month <= 2 ? year - 1 : year)
    let yearOfEra = Self.floorModulo(shifted, 400)
    let era = (shifted - yearOfEra) / 400
    let marchMonth = Int64(month > 2 ? month - 3 : month + 9)
    let dayOfYear = (153 * marchMonth + 2) / 5 + Int64(day) - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * Self.daysPerEra + dayOfEra - Self.daysToEpoch
  }

  private static func floorModulo(_ value: Int64, _ divisor: Int64) -> Int64 {
    let remainder = value % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}
