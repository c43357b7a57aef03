#if Hummingbird
  public import CoreMetrics
  public import Logging
  public import ServiceLifecycle
  public import StaticAssets
  internal import Synchronization

  /// Follows releases, and in development every change, as a service of swift-service-lifecycle.
  ///
  /// ```swift
  /// let app = Application(
  ///   router: router,
  ///   services: [StaticAssetsService(assets, logger: logger)]
  /// )
  /// ```
  ///
  /// The files are checked on a separate thread. The service logs the number of files, each reload
  /// and the files that it could not read, and ends when the group shuts down.
  public struct StaticAssetsService: Service {
    private let assets: LiveTable
    private let logger: Logger
    private let interval: Duration
    private let metrics: ReloadMetrics

    /// A service for `assets`.
    ///
    /// - Parameters:
    ///   - assets: the object that the middleware and the templates use, too.
    ///   - logger: receives reloads, and warnings about files that are left out.
    ///   - interval: the polling interval for releases.
    ///   - metrics: receives `static_assets_reload_duration`, `static_assets_reload_failures`,
    ///     `static_assets_files` and `static_assets_memory_bytes`; nil means the current factory of
    ///     the process.
    public init(
      _ assets: LiveTable,
      logger: Logger = Logger(label: "StaticAssets"),
      interval: Duration = .seconds(1),
      metrics: (any MetricsFactory)? = nil
    ) {
      self.assets = assets
      self.logger = logger
      self.interval = interval
      self.metrics = ReloadMetrics(metrics ?? MetricsSystem.factory)
    }

    /// Runs `LiveTable.follow` until the group shuts down or the task is cancelled.
    public func run() async throws {
      let table = assets.current
      metrics.note(table)
      logger.info(
        "static files",
        metadata: [
          "files": "\(table.fileCount)", "bytes_in_memory": "\(table.memoryByteCount)",
          "mode": assets.isDevelopment ? "development" : "release",
        ]
      )
      let told = ToldWarnings()
      tell(told.new(of: table))
      await cancelWhenGracefulShutdown { [self] in
        await assets.follow(every: interval) { event in
          metrics.note(event)
          tell(event)
          if event.kind == .reloaded { tell(told.new(of: event.table)) }
        }
        // A service that returns would end the app.
        try? await gracefulShutdown()
      }
    }

    private func tell(_ event: LiveTable.Event) {
      // In development every change is a reload.
      let reload: Logger.Level = assets.isDevelopment ? .debug : .info
      let level =
        switch event.kind {
        case .reloaded: reload
        case .failed: Logger.Level.error
        default: Logger.Level.warning
        }
      logger.log(
        level: level,
        "static files: \(event)",
        metadata: event.duration > .zero ? ["duration": "\(event.duration)"] : nil
      )
    }

    private func tell(_ warnings: [String]) {
      for warning in warnings { logger.warning("static files: \(warning)") }
    }
  }

  /// Finds the warnings of a table that the previous one did not have.
  private final class ToldWarnings: Sendable {
    private let told = Mutex<Set<String>>([])

    func new(of table: FileTable) -> [String] {
      told.withLock { told in
        let new = table.warnings.filter { !told.contains($0) }
        told = Set(table.warnings)
        return new
      }
    }
  }
#endif
