/// How long an app that has failed waits before it is started again: longer each time, until it has
/// run for a while.
struct RestartDelay {
  /// The first delay, and the longest one.
  private static let first: Int64 = 1000
  private static let longest: Int64 = 60000
  /// Milliseconds after which an app counts as one that works.
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
