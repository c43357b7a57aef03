internal import Dispatch
internal import StaticAssets
internal import Synchronization

/// Runs the tasks of a command on threads of its own, one for each processor.
///
/// Swift's default executor on Linux is libdispatch's. It reads /proc/self/task once a second for
/// each of its threads, and ends the process with SIGILL if it cannot: in a root directory without
/// /proc, and while no file descriptor is free.
final class CommandExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  /// One permit per job.
  private let ready = DispatchSemaphore(value: 0)

  /// Runs `body` and waits for it on this thread; returns its result or throws its error.
  static func run<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    let executor = CommandExecutor()
    let count = (0..<Processors.count).prefix { _ in NewThread.detach { executor.work() } }.count
    guard count > 0 else { throw CommandFailure(.system, "cannot start a thread") }
    let end = CommandEnd<Value>()
    Task(executorPreference: executor) {
      let outcome: Result<Value, any Error>
      do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
      end.set(outcome)
    }
    return try end.wait().get()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    ready.signal()
  }

  private func work() {
    while true {
      ready.wait()
      let job = jobs.withLock { $0.removeFirst() }
      unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}

/// The outcome of a command, for the thread that waits for it.
private final class CommandEnd<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let isSet = DispatchSemaphore(value: 0)

  func set(_ outcome: Result<Value, any Error>) {
    result.withLock { $0 = outcome }
    isSet.signal()
  }

  func wait() -> Result<Value, any Error> {
    isSet.wait()
    guard let result = result.withLock({ $0 }) else {
      preconditionFailure("the result is set before the signal")
    }
    return result
  }
}
