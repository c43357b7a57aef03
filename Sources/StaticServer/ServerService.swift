#if ServiceLifecycle
  public import ServiceLifecycle
  public import StaticAssets

  /// A server as a service of swift-service-lifecycle: it listens when the group starts it, and
  /// finishes its requests when the group is told to shut down.
  ///
  /// ```swift
  /// let files = ServerService(table: table, configuration: configuration)
  /// try await ServiceGroup(services: [database, files], logger: logger).run()
  /// ```
  public struct ServerService: Service {
    private let table: FileTable
    private let configuration: ServerConfiguration
    private let onStart: @Sendable (Server) async -> Void

    /// A server that is to run.
    ///
    /// - Parameters:
    ///   - table: what it answers from.
    ///   - configuration: how it listens.
    ///   - onStart: called once it listens, for its addresses and to replace its table.
    public init(
      table: FileTable,
      configuration: ServerConfiguration,
      onStart: @escaping @Sendable (Server) async -> Void = { _ in }
    ) {
      self.table = table
      self.configuration = configuration
      self.onStart = onStart
    }

    /// Serves until the group shuts down gracefully or the task is cancelled; requests in flight then
    /// have `ServerConfiguration.grace` seconds.
    ///
    /// - Throws: `ServerError` when an address cannot be listened at.
    public func run() async throws {
      let server = try Server(table: table, configuration: configuration)
      await onStart(server)
      await withGracefulShutdownHandler {
        await server.waitUntilStopped()
      } onGracefulShutdown: {
        server.beginStopping()
      }
    }
  }
#endif
