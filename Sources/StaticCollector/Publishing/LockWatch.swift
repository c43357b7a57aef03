/// How long a waiting run has seen a lock file unchanged, by its own clock.
///
/// A file that was touched before a clock was set back has a time in the future, and its age is
/// negative until that time has passed. The run that holds it changes the time nevertheless.
struct LockWatch: Sendable {
  private var text: String?
  private var modified: Int64 = 0
  private var start = ContinuousClock.now

  /// The nanoseconds from the first call with this content and modification time until `now`.
  mutating func unchanged(_ text: String, modified: Int64, at now: ContinuousClock.Instant) -> Int64
  {
    if self.text != text || self.modified != modified {
      (self.text, self.modified, start) = (text, modified, now)
    }
    return Int64((now - start) / .nanoseconds(1))
  }
}
