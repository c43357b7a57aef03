/// A date of the proleptic Gregorian calendar with the time of day, in UTC.
package struct CivilDate: Equatable {
  package var year: Int
  /// 1 to 12.
  package var month: Int
  /// 1 to 31.
  package var day: Int
  package var hour = 0
  package var minute = 0
  /// 0 to 60; a leap second counts as the first second of the next minute.
  package var second = 0

  private static let secondsPerDay: Int64 = 86_400
  /// Days from 0000-03-01, the origin of the computation below, to 1970-01-01.
  private static let daysToEpoch: Int64 = 719_468
  /// Days of 400 years, after which the calendar repeats.
  private static let daysPerEra: Int64 = 146_097

  package init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The date of a time in seconds since 1970.
  ///
  /// Years start in March, so that the leap day is the last day of a year.
  package init(secondsSince1970 seconds: Int64) {
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
  package var secondsSince1970: Int64 {
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
