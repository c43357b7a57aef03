extension HTTPDate {
  /// Parses a date in one of the three formats that a recipient must accept; nil otherwise.
  ///
  /// - Parameters:
  ///   - bytes: the buffer that holds the date.
  ///   - range: the date, for example `Sun, 06 Nov 1994 08:49:37 GMT` (IMF-fixdate),
  ///     `Sunday, 06-Nov-94 08:49:37 GMT` (RFC 850) or `Sun Nov  6 08:49:37 1994` (asctime).
  ///   - now: seconds since 1970. A two-digit year that is more than 50 years later is in the past
  ///     century.
  /// - Returns: seconds since 1970.
  package static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>, now: Int64) -> Int64? {
    var reader = DateReader(position: range.lowerBound, end: range.upperBound)
    guard let nameCount = reader.skipDayName(bytes) else { return nil }
    let date: CivilDate?
    if reader.skip(",", bytes) {
      date =
        nameCount == 3
        ? reader.imfFixdate(bytes) : reader.rfc850Date(bytes, now: now)
    } else {
      date = nameCount == 3 ? reader.asctimeDate(bytes) : nil
    }
    guard let date, reader.isAtEnd, date.day <= daysOfMonth(date) else { return nil }
    return date.secondsSince1970
  }

  private static func daysOfMonth(_ date: CivilDate) -> Int {
    let isLeap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0)
    switch date.month {
    case 2: return isLeap ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }
}

/// Reads the parts of a date from left to right.
private struct DateReader {
  var position: Int
  let end: Int

  var isAtEnd: Bool { position == end }

  /// Skips a day name, short or long; returns its length, or nil when there is none.
  mutating func skipDayName(_ bytes: Span<UInt8>) -> Int? {
    let start = position
    while position < end, isLetter(bytes[position]) { position += 1 }
    let count = position - start
    guard count >= 3, count <= 9, index(of: start, in: HTTPDate.dayNames, bytes) != nil else {
      return nil
    }
    return count == 3 || count >= 6 ? count : nil
  }

  /// The rest of an IMF-fixdate: ` 06 Nov 1994 08:49:37 GMT`.
  mutating func imfFixdate(_ bytes: Span<UInt8>) -> CivilDate? {
    guard skip(" ", bytes), let day = number(2, bytes), skip(" ", bytes),
      let month = month(bytes), skip(" ", bytes), let year = number(4, bytes), skip(" ", bytes)
    else { return nil }
    guard let date = time(of: CivilDate(year: year, month: month, day: day), bytes),
      skip(" GMT", bytes)
    else { return nil }
    return date
  }

  /// The rest of an RFC 850 date: ` 06-Nov-94 08:49:37 GMT`.
  mutating func rfc850Date(_ bytes: Span<UInt8>, now: Int64) -> CivilDate? {
    guard skip(" ", bytes), let day = number(2, bytes), skip("-", bytes),
      let month = month(bytes), skip("-", bytes), let short = number(2, bytes), skip(" ", bytes)
    else { return nil }
    let current = CivilDate(secondsSince1970: now).year
    var year = current - current % 100 + short
    if year > current + 50 { year -= 100 }
    guard let date = time(of: CivilDate(year: year, month: month, day: day), bytes),
      skip(" GMT", bytes)
    else { return nil }
    return date
  }

  /// The rest of an asctime date: ` Nov  6 08:49:37 1994`.
  mutating func asctimeDate(_ bytes: Span<UInt8>) -> CivilDate? {
    guard skip(" ", bytes), let month = month(bytes), skip(" ", bytes) else { return nil }
    let isPadded = skip(" ", bytes)
    guard let day = number(isPadded ? 1 : 2, bytes), skip(" ", bytes) else { return nil }
    guard var date = time(of: CivilDate(year: 0, month: month, day: day), bytes),
      skip(" ", bytes), let year = number(4, bytes)
    else { return nil }
    date.year = year
    return date
  }

  /// Skips `text`; returns false, without moving, when the input differs.
  mutating func skip(_ text: StaticString, _ bytes: Span<UInt8>) -> Bool {
    let count = text.utf8CodeUnitCount
    guard end - position >= count else { return false }
    for offset in 0..<count {
      // `offset` is below the literal's count.
      guard unsafe bytes[position + offset] == text.utf8Start[offset] else { return false }
    }
    position += count
    return true
  }

  /// Reads a time such as `08:49:37` and returns `date` with it.
  private mutating func time(of date: CivilDate, _ bytes: Span<UInt8>) -> CivilDate? {
    guard let hour = number(2, bytes), hour < 24, skip(":", bytes),
      let minute = number(2, bytes), minute < 60, skip(":", bytes),
      let second = number(2, bytes), second <= 60, date.day > 0
    else { return nil }
    var date = date
    date.hour = hour
    date.minute = minute
    date.second = second
    return date
  }

  private mutating func number(_ digitCount: Int, _ bytes: Span<UInt8>) -> Int? {
    guard end - position >= digitCount else { return nil }
    var value = 0
    for _ in 0..<digitCount {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
      position += 1
    }
    return value
  }

  private mutating func month(_ bytes: Span<UInt8>) -> Int? {
    guard end - position >= 3, let index = index(of: position, in: HTTPDate.monthNames, bytes)
    else { return nil }
    position += 3
    return index + 1
  }

  /// The index of the three-letter name at `start`; nil when none matches.
  private func index<let count: Int>(
    of start: Int,
    in names: borrowing [count of (UInt8, UInt8, UInt8)],
    _ bytes: Span<UInt8>
  ) -> Int? {
    for index in 0..<count {
      let name = names[index]
      if bytes[start] == name.0, bytes[start + 1] == name.1, bytes[start + 2] == name.2 {
        return index
      }
    }
    return nil
  }

  private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
}
