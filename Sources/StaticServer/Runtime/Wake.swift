internal import StaticAssets

/// The state that the parts of a loop share during one wake, passed `inout`.
///
/// It belongs to no connection: a buffer may be overwritten as soon as the part that used it
/// returns.
struct Wake: ~Copyable {
  private let inPlace = InPlace()
  /// Bytes received and not yet stored by a connection.
  var input = ByteBuffer(capacity: 65536)
  /// Responses not yet sent.
  var output = ByteBuffer(capacity: 65536)
  /// The head of the request being processed.
  var head = RequestHead()
  /// The ends of response heads, with the `Date` field.
  var suffixes: HeadSuffixes
  /// The monotonic time in milliseconds, read once for each wake.
  var now: Int64
  /// The same time in nanoseconds.
  var clock = WakeClock()
  /// The number of the wake; each has another one.
  private(set) var number: UInt64 = 0
  /// Whether the events of the wake are all that there were.
  private(set) var hasAllEvents = false
  /// Whether a stop was requested: each connection closes after its current request.
  var isDraining = false

  /// The state before the first wake.
  ///
  /// - Parameter strictTransport: the policy for responses over HTTPS; nil for none.
  init(now: Int64, strictTransport: StrictTransport?) {
    self.now = now
    clock.begin(now)
    suffixes = HeadSuffixes(strictTransport)
  }

  /// Begins a wake at `now`.
  @inline(always)
  mutating func begin(_ now: Int64, eventCount: Int, hasAllEvents: Bool) {
    self.now = now
    number &+= 1
    self.hasAllEvents = hasAllEvents
    clock.begin(now, eventCount: eventCount)
  }

  /// The time of the wake in monotonic nanoseconds.
  @inline(always)
  var nanoseconds: Int64 { clock.nanoseconds }

  /// The time when the request that is being processed was received, in monotonic nanoseconds.
  @inline(always)
  var requestStart: Int64 { clock.nanoseconds &- clock.waited }

  /// The time of the wake for a log line.
  @inline(always)
  var moment: LogMoment {
    LogMoment(now: now, nanoseconds: clock.nanoseconds, milliseconds: clock.milliseconds)
  }
}
