import FuzzSupport

@testable import StaticAssets

/// Dates: parsing a formatted date, and formatting a parsed date, give the original.
///
/// The input is a text to parse; its first eight bytes are also a time to format.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    let text = bytes.array
    let number = text.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let moment = earliest + Int64(number % UInt64(HTTPDate.latest - earliest + 1))
    let now = Int64(number % UInt64(HTTPDate.latest + 1))
    checkWritten(moment, now: now)

    guard let read = HTTPDate.parse(bytes, 0..<bytes.count, now: now) else { return }
    // One second more than the last is a leap second.
    check(read <= HTTPDate.latest + 1, "\(read) is after the year 9999")
    guard (earliest...HTTPDate.latest).contains(read) else { return }
    checkWritten(read, now: now)
    let isLeapSecond = String(decoding: text, as: UTF8.self).contains(":60")
    guard !isLeapSecond else { return }
    // The day's name is not compared: it is ignored, and a recipient need not check it.
    let expected = forms(ofWritten: written(read))
    let found = String(decoding: text.drop(while: isLetter), as: UTF8.self)
    check(expected.contains(found), "\(found), written \(expected)")
  }
}

/// The accepted texts after the day's name for the date formatted as `text`: the three forms of RFC
/// 9110 §5.6.7, and asctime with a zero before the day.
private func forms(ofWritten text: [UInt8]) -> [String] {
  let text = text.map { String(UnicodeScalar($0)) }
  let (day, month, time) = (text[5..<7].joined(), text[8..<11].joined(), text[17..<25].joined())
  let (year, shortYear) = (text[12..<16].joined(), text[14..<16].joined())
  let paddedDay = day.hasPrefix("0") ? " \(day.suffix(1))" : day
  return [
    ", \(day) \(month) \(year) \(time) GMT", ", \(day)-\(month)-\(shortYear) \(time) GMT",
    " \(month) \(day) \(time) \(year)", " \(month) \(paddedDay) \(time) \(year)",
  ]
}

private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

/// The start of the year 0000.
private let earliest: Int64 = -62_167_219_200

private func checkWritten(_ moment: Int64, now: Int64) {
  let text = written(moment)
  let read = HTTPDate.parse(text.span, 0..<text.count, now: now)
  check(read == moment, "\(moment) is read as \(read.map(String.init) ?? "nothing")")
}

private func written(_ moment: Int64) -> [UInt8] {
  let text = HTTPDate.format(moment)
  return text.indices.map { text[$0] }
}
