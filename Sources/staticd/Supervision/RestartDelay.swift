/// The delay before a failed app is restarted: longer each time, until the app has run for a while.
struct RestartDelay {
  /// The first and the longest delay, in milliseconds.
  private static let first: Int64 = 1000
  private static let longest: Int64 = 60000
  /// Milliseconds of a run that reset the delay.
  private static let settled: Int64 = 60000

  private var next = Self.first

  init() {}

  /// Milliseconds to wait after a run of `milliseconds`.
  mutating func delay(after milliseconds: Int64) -> Int64 {
    if milliseconds >= Self.settled { next = Self.first }
    defer { next = min(next * 2, Self.longest) }
    return next
  }
}
