internal import Dispatch
internal import StaticAssets
internal import Synchronization

/// Runs the tasks of a command on threads of its own, one for each processor.
///
/// Swift's executor on Linux is that of libdispatch. Once a second this reads /proc/self/task for each of
/// its threads, and it ends the process with SIGILL where it cannot: in a root without /proc, and while no
/// descriptor is free.
final class CommandExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  /// One permit for each job.
  private let ready = DispatchSemaphore(value: 0)

  /// What `body` returns or throws; waits for it on this thread.
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

/// What a command has returned or thrown, for the thread that waits for it.
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
