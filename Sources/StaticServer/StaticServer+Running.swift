#if ServiceLifecycle
  public import ServiceLifecycle
#endif

extension StaticServer {
  /// Waits until the server has stopped, for structured concurrency.
  ///
  /// The server stops when this task is cancelled, when `stop` or `beginStopping` is called, or
  /// when the service group that this task belongs to shuts down gracefully (trait
  /// `ServiceLifecycle`). Requests in flight then have `Configuration.grace` to finish.
  ///
  /// The tasks of a handler inherit the task-local values of this task.
  ///
  /// ```swift
  /// try await withThrowingTaskGroup { group in
  ///   group.addTask { try await server.run() }
  ///   try await work()
  ///   group.cancelAll()
  /// }
  /// ```
  ///
  /// - Throws: no error of its own: it returns normally after a cancellation, too.
  public func run() async throws {
    let serving = intake.serve(on: handlerExecutor)
    await withTaskCancellationHandler {
      #if ServiceLifecycle
        await withGracefulShutdownHandler {
          await end.wait()
        } onGracefulShutdown: {
          self.beginStopping()
        }
      #else
        await end.wait()
      #endif
    } onCancel: {
      beginStopping()
    }
    if let serving {
      intake.end()
      await serving.value
    }
    // The loops have ended; `stop` joins their threads.
    stop()
  }
}

#if ServiceLifecycle
  /// A running server is a service; `StaticServerService` starts one when its group does.
  extension StaticServer: Service {}
#endif
