internal import Synchronization

/// Starts the tasks of handlers in the context of the task that runs the server, if there is one.
///
/// A task created by a loop's thread has no task-local values. A task created by the task that
/// called `StaticServer.run` inherits its values, such as the tracing context, or those that
/// swift-service-lifecycle needs to signal a graceful shutdown.
final class HandlerIntake: Sendable {
  private typealias Job = @Sendable () -> Void

  private let jobs = Mutex<AsyncStream<Job>.Continuation?>(nil)

  /// Creates the task of `call`, which runs `body`.
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

  /// Starts tasks in the context of the calling task until `end`; returns nil at once if another
  /// call is active.
  ///
  /// - Parameter executor: the handler's executor, so that starting does not wait for other tasks.
  func serve(on executor: (any TaskExecutor)?) -> Task<Void, Never>? {
    let (stream, continuation) = AsyncStream<Job>.makeStream()
    let isFirst = jobs.withLock { jobs in
      guard jobs == nil else { return false }
      jobs = continuation
      return true
    }
    guard isFirst else { return nil }
    // Not a child task: requests in flight are also handled after a cancellation, during the grace
    // time.
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
