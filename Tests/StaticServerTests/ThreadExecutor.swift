import Foundation

/// Runs every job on a new thread: handlers under test must not wait for the thread pool, which
/// tests that block on sockets fill.
final class ThreadExecutor: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedTaskExecutor()
    Thread.detachNewThread { job.runSynchronously(on: executor) }
  }
}
