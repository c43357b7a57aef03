internal import Synchronization

/// Starts the tasks of handlers: in the context of the task that runs the server, if there is one.
///
/// A task that is made by a thread of a loop has no task-local values. One that is made by the task
/// which has called `StaticServer.run` inherits its values, such as the context of tracing, or what
/// swift-service-lifecycle needs to tell it of a graceful shutdown.
final class HandlerIntake: Sendable {
  private typealias Job = @Sendable () -> Void

  private let jobs = Mutex<AsyncStream<Job>.Continuation?>(nil)

  /// Makes the task of `call`, which runs `body`.
  func start(
    _ call: HandlerCall,
    on executor: (any TaskExecutor)?,
    _ body: @escaping @Sendable () async -> Void
  ) {
    let job: Job = { call.start(on: executor, body) }
    let result = jobs.withLock { $0?.yield(job) }
    if case .enqueued? = result { return }
    job()
  }

  /// Starts tasks in the context of the calling task until `end`; returns at once if another does.
  ///
  /// - Parameter executor: that of the handler, so that starting does not wait for other tasks.
  func serve(on executor: (any TaskExecutor)?) -> Task<Void, Never>? {
    let (stream, continuation) = AsyncStream<Job>.makeStream()
    let isFirst = jobs.withLock { jobs in
      guard jobs == nil else { return false }
      jobs = continuation
      return true
    }
    guard isFirst else { return nil }
    // Not a child task: requests in flight are handled after a cancellation, too, in the grace time.
    return Task(executorPreference: executor) { for await job in stream { job() } }
  }

  /// Ends `serve`; from now on tasks have no context.
  func end() {
    jobs.withLock { jobs in
      jobs?.finish()
      jobs = nil
    }
  }
}
