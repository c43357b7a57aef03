import Foundation

/// Waits until `condition` holds; returns whether it does.
///
/// The only place where tests wait for something that no call blocks on. The deadline ends a test
/// that fails, and is so long that no slow machine reaches it; a test that passes waits no longer
/// than its condition needs.
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

/// Returns once `duration` has passed, for claims about what takes at least that long.
public func pass(_ duration: Duration) {
  let end = ContinuousClock.now + duration
  _ = eventually { ContinuousClock.now >= end }
}
