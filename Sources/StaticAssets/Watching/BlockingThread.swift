/// Runs what blocks on a thread of its own, so that Swift's pool of threads does not wait for disks.
///
/// For reloads, which are few; a thread costs some ten microseconds.
package enum BlockingThread {
  /// The result of `body`, which runs on a new thread, or on this one if there can be none.
  package static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async
    -> Result
  {
    await withCheckedContinuation { continuation in
      let work: @Sendable () -> Void = { continuation.resume(returning: body()) }
      if !NewThread.detach(work) { work() }
    }
  }
}
