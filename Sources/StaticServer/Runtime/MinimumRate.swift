/// The minimum rate of a transfer: a response being sent, or content being received.
///
/// A transfer starts with a credit of `pause` milliseconds. Elapsed time uses the credit. Received
/// or sent bytes restore it: one second for each `bytesPerSecondMin` bytes, up to `pause`. So a
/// transfer may stand still for `pause`, and its average rate must reach the minimum; single bytes
/// at intervals do not keep a connection open.
struct MinimumRate: Equatable {
  /// The longest time without progress, in milliseconds.
  let pause: Int64
  /// The minimum rate; 0 restores the whole credit at any progress.
  let bytesPerSecondMin: Int64

  /// The deadline of a transfer that begins at `now`.
  func deadline(from now: Int64) -> Int64 { now + pause }

  /// The deadline after `byteCount` more bytes; `deadline` is the previous one.
  func deadline(_ deadline: Int64, after byteCount: Int64, at now: Int64) -> Int64 {
    guard byteCount > 0 else { return deadline }
    guard bytesPerSecondMin > 0 else { return now + pause }
    // Fractions of a millisecond are rounded up, in the client's favour.
    let enough = min(byteCount, bytesPerSecondMin * (pause / 1000 + 1))
    let earned = (enough * 1000 + bytesPerSecondMin - 1) / bytesPerSecondMin
    return min(now + pause, deadline + earned)
  }
}
