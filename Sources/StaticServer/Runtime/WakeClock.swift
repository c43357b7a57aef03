internal import CLinux

/// The precise time of a wake: for the log and the latency of responses.
///
/// Reading the clock costs a tenth of the time for a small file. So it is read once for each wake,
/// then after every few responses, after each large one, and after the only one. Without a log and
/// without metrics it is not read.
struct WakeClock {
  /// Responses after which the clock is read again.
  private static let responsesPerReading = 8
  /// The time after which the difference to the real time is determined again, in nanoseconds.
  private static let offsetTime: Int64 = 1_000_000_000

  /// Whether the precise clock is read; if not, all times are those of the coarse clock.
  var isPrecise = false
  /// The time of the wake in monotonic nanoseconds.
  private(set) var nanoseconds: Int64 = 0
  /// For how many nanoseconds the requests that are being processed have waited before this wake.
  var waited: Int64 = 0

  /// Nanoseconds from the start of the wake to the last reading.
  private var elapsed: Int64 = 0
  private var responseCount = 0
  /// Whether the wake has only one event, so that reading the clock delays no other.
  private var isQuiet = false
  /// The difference between the time since 1970 and the monotonic time, in nanoseconds.
  private var offset: Int64 = 0
  private var offsetEnd = Int64.min

  /// Begins a wake at `now`, in monotonic milliseconds.
  @inline(always)
  mutating func begin(_ now: Int64, eventCount: Int = 1) {
    isQuiet = eventCount == 1
    guard isPrecise else {
      nanoseconds = now &* 1_000_000
      return
    }
    nanoseconds = clinux_monotonic_nanoseconds()
    elapsed = 0
    responseCount = 0
    if nanoseconds >= offsetEnd { setOffset() }
  }

  /// Nanoseconds from the start of the wake, or of the wait before it, to the end of a response that
  /// was just sent.
  ///
  /// - Parameter isLarge: whether sending it took longer than reading the clock.
  @inline(always)
  mutating func elapsed(isLarge: Bool) -> Int64 {
    guard isPrecise else { return 0 }
    responseCount &+= 1
    if isLarge || isQuiet || responseCount % Self.responsesPerReading == 0 { readAgain() }
    return elapsed &+ waited
  }

  /// The time of the wake in milliseconds since 1970.
  @inline(always)
  var milliseconds: Int64 { (nanoseconds &+ offset) / 1_000_000 }

  @inline(always)
  private mutating func readAgain() {
    elapsed = max(0, clinux_monotonic_nanoseconds() &- nanoseconds)
  }

  /// Recomputes the offset, because the real-time clock may be set while the server runs.
  @inline(never)
  private mutating func setOffset() {
    offset = clinux_realtime_precise_nanoseconds() &- clinux_monotonic_nanoseconds()
    offsetEnd = nanoseconds &+ Self.offsetTime
  }
}
