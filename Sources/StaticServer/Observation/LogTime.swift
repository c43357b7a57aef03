internal import CLinux
internal import StaticAssets

/// The time of a log line.
struct LogMoment {
  /// The time of the wake in milliseconds of the monotonic clock.
  let now: Int64
  /// The same in nanoseconds: the lines of all loops are sorted by it.
  let nanoseconds: Int64
  /// The same in milliseconds since 1970.
  let milliseconds: Int64
}

/// The time of a log line in both formats, formatted once per second.
struct LogTime {
  /// RFC 3339: `2026-11-21T05:01:16.250Z`.
  private(set) var rfc3339 = InlineArray<24, UInt8>(repeating: 0)
  /// Common Log Format: `21/Nov/2026:05:01:16 +0000`.
  private(set) var commonLog = InlineArray<26, UInt8>(repeating: 0)
  private(set) var seconds = Int64.min
  private var milliseconds = Int64.min

  /// Sets the time to `milliseconds` since 1970.
  @inline(always)
  mutating func update(milliseconds: Int64) {
    guard milliseconds != self.milliseconds else { return }
    self.milliseconds = milliseconds
    let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    if seconds != self.seconds { rewrite(seconds) }
    rfc3339[20] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / 100)
    rfc3339[21] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / 10 % 10)
    rfc3339[22] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
  }

  @inline(never)
  private mutating func rewrite(_ seconds: Int64) {
    self.seconds = seconds
    // `Sun, 06 Nov 1994 08:49:37 GMT` contains all parts of both formats.
    let date = HTTPDate.format(seconds)
    func part(_ range: Range<Int>) -> [UInt8] { range.map { date[$0] } }
    let month = (0..<12).first { Self.months[$0] == part(8..<11) } ?? 0
    let number = [
      UInt8(ascii: "0") + UInt8((month + 1) / 10), UInt8(ascii: "0") + UInt8((month + 1) % 10),
    ]
    let day = part(5..<7)
    let year = part(12..<16)
    let clock = part(17..<25)
    let iso =
      year + Array("-".utf8) + number + Array("-".utf8) + day + Array("T".utf8) + clock
      + Array(".000Z".utf8)
    let common =
      day + Array("/".utf8) + part(8..<11) + Array("/".utf8) + year + Array(":".utf8) + clock
    for (index, byte) in iso.enumerated() { rfc3339[index] = byte }
    for (index, byte) in (common + Array(" +0000".utf8)).enumerated() { commonLog[index] = byte }
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ].map { Array($0.utf8) }
}

extension LogTime {
  /// The current time.
  static var now: LogTime {
    var time = LogTime()
    time.update(milliseconds: clinux_realtime_precise_nanoseconds() / 1_000_000)
    return time
  }

  /// The bytes of the time in RFC 3339.
  var text: [UInt8] { rfc3339.indices.map { rfc3339[$0] } }

  /// The bytes of the time in the Common Log Format.
  var commonText: [UInt8] { commonLog.indices.map { commonLog[$0] } }
}
