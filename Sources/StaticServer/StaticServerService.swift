#if ServiceLifecycle
  public import Logging
  public import ServiceLifecycle
  public import StaticAssets

  /// A server as a service of swift-service-lifecycle, which follows the releases that it serves.
  ///
  /// It listens when the group starts it, and finishes its requests when the group shuts down.
  ///
  /// ```swift
  /// let files = StaticServerService(assets: assets, configuration: configuration, logger: logger)
  /// try await ServiceGroup(services: [database, files], logger: logger).run()
  /// ```
  public struct StaticServerService: Service {
    private let assets: LiveTable
    private let configuration: StaticServer.Configuration
    private let logger: Logger
    private let onStart: @Sendable (StaticServer) async -> Void

    /// Creates a service; `run` starts the server.
    ///
    /// - Parameters:
    ///   - assets: the files of the server. Releases, and in development every change, are followed
    ///     as by `LiveTable.follow`.
    ///   - configuration: the addresses, limits and time-outs of the server.
    ///   - logger: receives the addresses, reloads, and warnings about files that are left out.
    ///   - onStart: called with the running server, for example to read its addresses.
    public init(
      assets: LiveTable,
      configuration: StaticServer.Configuration,
      logger: Logger = Logger(label: "StaticServer"),
      onStart: @escaping @Sendable (StaticServer) async -> Void = { _ in }
    ) {
      self.assets = assets
      self.configuration = configuration
      self.logger = logger
      self.onStart = onStart
    }

    /// Serves until the group shuts down gracefully or the task is cancelled.
    ///
    /// Requests in flight then have `StaticServer.Configuration.grace` to finish.
    ///
    /// - Throws: `StaticServerError` when a value of the configuration is out of its range,
    ///   listening at an address fails or a system call fails.
    public func run() async throws {
      let server = try StaticServer(assets: assets, configuration: configuration)
      for address in server.addresses {
        logger.info("static files", metadata: ["address": "\(address)"])
      }
      for warning in assets.current.warnings { logger.warning("static files: \(warning)") }
      await onStart(server)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { [assets, logger] in
          await assets.follow { Self.tell($0, logger, assets.isDevelopment) }
        }
        try await server.run()
        group.cancelAll()
      }
    }

    private static func tell(_ event: LiveTable.Event, _ logger: Logger, _ isDevelopment: Bool) {
      switch event.kind {
      case .failed: logger.error("static files: \(event)")
      // In development every change is a reload.
      case .reloaded where isDevelopment: logger.debug("static files: \(event)")
      case .reloaded: logger.info("static files: \(event)")
      default: logger.warning("static files: \(event)")
      }
    }
  }
#endif
