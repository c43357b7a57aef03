/// Runs blocking functions on their own thread, so that Swift's thread pool does not wait for
/// disks.
///
/// For reloads, which are rare; a thread costs some ten microseconds.
package enum BlockingThread {
  /// The result of `body`, which runs on a new thread, or on this one if no thread can be started.
  package static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async
    -> Result
  {
    await withCheckedContinuation { continuation in
      let work: @Sendable () -> Void = { continuation.resume(returning: body()) }
      if !NewThread.detach(work) { work() }
    }
  }
}
