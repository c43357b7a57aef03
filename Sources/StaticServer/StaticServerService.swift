#if ServiceLifecycle
  public import ServiceLifecycle
  public import StaticAssets

  /// A server as a service of swift-service-lifecycle.
  ///
  /// It listens when the group starts it, and finishes its requests when the group shuts down.
  ///
  /// ```swift
  /// let files = StaticServerService(table: table, configuration: configuration)
  /// try await ServiceGroup(services: [database, files], logger: logger).run()
  /// ```
  public struct StaticServerService: Service {
    private let table: FileTable
    private let configuration: StaticServer.Configuration
    private let onStart: @Sendable (StaticServer) async -> Void

    /// Creates a service; `run` starts the server.
    ///
    /// - Parameters:
    ///   - table: the files that the server answers from.
    ///   - configuration: the addresses, limits and time-outs of the server.
    ///   - onStart: called with the running server, for example to read its addresses or to replace
    ///     its table later.
    public init(
      table: FileTable,
      configuration: StaticServer.Configuration,
      onStart: @escaping @Sendable (StaticServer) async -> Void = { _ in }
    ) {
      self.table = table
      self.configuration = configuration
      self.onStart = onStart
    }

    /// Serves until the group shuts down gracefully or the task is cancelled.
    ///
    /// Requests in flight then have `StaticServer.Configuration.grace` to finish.
    ///
    /// - Throws: `StaticServerError` when a value of the configuration is out of its range,
    ///   an address cannot be listened at or a system call fails.
    public func run() async throws {
      let server = try StaticServer(table: table, configuration: configuration)
      await onStart(server)
      try await server.run()
    }
  }
#endif
