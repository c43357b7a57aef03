import Foundation

/// Waits until `condition` holds; returns whether it does.
///
/// The only place where tests wait without a blocking call. The deadline ends a failing test, and
/// is too long for any slow machine to reach; a passing test waits no longer than its condition
/// needs.
public func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(60)
  var microseconds: UInt32 = 50
  while try !condition() {
    guard ContinuousClock.now < deadline else { return false }
    usleep(microseconds)
    // Short at first: most conditions hold at once.
    microseconds = min(microseconds * 2, 10_000)
  }
  return true
}

/// Returns once `duration` has passed, for tests of minimum times.
public func pass(_ duration: Duration) {
  let end = ContinuousClock.now + duration
  _ = eventually { ContinuousClock.now >= end }
}
