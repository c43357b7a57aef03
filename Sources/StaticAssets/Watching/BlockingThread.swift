#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Runs what blocks on a thread of its own, so that Swift's pool of threads does not wait for disks.
///
/// For reloads, which are few; a thread costs some ten microseconds.
enum BlockingThread {
  /// The result of `body`, which runs on a new thread, or on this one if there can be none.
  static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      let work: @Sendable () -> Void = { continuation.resume(returning: body()) }
      guard let thread = NewThread.start(work) else { return work() }
      pthread_detach(thread)
    }
  }
}
