/// How slowly a client may take a response or send content before it is given up.
///
/// A transfer begins with credit for `pause` milliseconds. Time spends it; bytes earn it back, each
/// second's worth at the lowest rate one second, never beyond `pause`. So a client may stand still
/// for `pause` at most, and over a longer time it has to keep up the rate: many short signs of life
/// do not hold a connection for ever.
struct MinimumRate: Equatable {
  /// How long a transfer may stand still, in milliseconds.
  let pause: Int64
  /// The lowest rate; 0 when any progress earns all of `pause`.
  let bytesPerSecondMin: Int64

  /// The deadline of a transfer that begins at `now`.
  func deadline(from now: Int64) -> Int64 { now + pause }

  /// The deadline after `byteCount` more bytes, where it was `deadline` before.
  func deadline(_ deadline: Int64, after byteCount: Int64, at now: Int64) -> Int64 {
    guard byteCount > 0 else { return deadline }
    guard bytesPerSecondMin > 0 else { return now + pause }
    // A fraction of a millisecond counts in the client's favour.
    let enough = min(byteCount, bytesPerSecondMin * (pause / 1000 + 1))
    let earned = (enough * 1000 + bytesPerSecondMin - 1) / bytesPerSecondMin
    return min(now + pause, deadline + earned)
  }
}
