import Foundation

/// Dates in HTTP's formats.
///
/// Source: RFC 9110 §5.6.7.
enum HTTPDateText {
  /// IMF-fixdate, the only format that may be generated.
  static let fixdate = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
  /// The obsolete formats, which recipients accept.
  static let rfc850 = "EEEE, dd-MMM-yy HH:mm:ss 'GMT'"
  static let asctime = "EEE MMM d HH:mm:ss yyyy"

  /// `date` in one of the formats.
  static func format(_ date: Date, _ form: String = fixdate) -> String {
    // The day of the month takes two characters in all of them.
    let text = formatter(form).string(from: date)
    guard form == asctime, text.count < 24 else { return text }
    return text.prefix(8) + " " + text.dropFirst(8)
  }

  /// The time of an IMF-fixdate; nil for anything else, including a wrong day of the week.
  static func parse(_ text: String) -> Date? {
    guard let date = formatter(fixdate).date(from: text), format(date) == text else { return nil }
    return date
  }

  private static func formatter(_ form: String) -> DateFormatter {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = form
    return formatter
  }
}
