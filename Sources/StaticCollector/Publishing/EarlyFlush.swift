internal import StaticAssets
internal import Synchronization

/// Has what was written go to the disk while more is being made, so that little is left to wait for
/// in the end.
final class EarlyFlush: Sendable {
  /// After so many files there is enough to write: some 16 MiB in blocks.
  private static let fileCount = 4096

  private let written = Atomic<Int>(0)
  private let isFlushing = Atomic<Bool>(false)

  /// Counts a file; now and then, `flush` is called by another thread, never twice at a time.
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
