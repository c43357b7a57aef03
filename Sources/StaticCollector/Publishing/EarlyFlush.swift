internal import StaticAssets
internal import Synchronization

/// Starts writing staged files to disk while others are still made, which shortens the final flush.
final class EarlyFlush: Sendable {
  /// The number of files between two flushes: at least 1 MiB in blocks of 4 KiB.
  private static let fileCount = 256

  private let written = Atomic<Int>(0)
  private let isFlushing = Atomic<Bool>(false)

  /// Counts a file; every 256 files, calls `flush` on another thread, one call at a time.
  func note(_ flush: @escaping @Sendable () -> Void) {
    guard written.add(1, ordering: .relaxed).newValue % Self.fileCount == 0,
      !isFlushing.exchange(true, ordering: .acquiringAndReleasing)
    else { return }
    let isStarted = NewThread.detach {
      flush()
      self.isFlushing.store(false, ordering: .releasing)
    }
    if !isStarted { isFlushing.store(false, ordering: .releasing) }
  }
}
