#if Hummingbird
  internal import CoreMetrics
  internal import HTTPTypes
  internal import StaticAssets

  /// Counts responses by status.
  struct ResponseMetrics: Sendable {
    private static let statuses = [
      200, 204, 206, 301, 302, 303, 304, 307, 308, 400, 404, 405, 412, 416, 500,
    ]

    private let counters: [Counter]

    init(_ factory: any MetricsFactory) {
      counters = Self.statuses.map { status in
        Counter(
          label: "static_assets_responses",
          dimensions: [("status", "\(status)")],
          factory: factory
        )
      }
    }

    func count(_ status: HTTPResponse.Status) {
      guard let index = Self.statuses.firstIndex(of: status.code) else { return }
      counters[index].increment()
    }
  }

  /// Records the reloads of the table, their durations and failures.
  struct ReloadMetrics: Sendable {
    private let reloads: Timer
    private let failures: Counter
    private let files: Gauge
    private let memory: Gauge

    init(_ factory: any MetricsFactory) {
      reloads = Timer(label: "static_assets_reload_duration", dimensions: [], factory: factory)
      failures = Counter(label: "static_assets_reload_failures", factory: factory)
      files = Gauge(label: "static_assets_files", factory: factory)
      memory = Gauge(label: "static_assets_memory_bytes", factory: factory)
    }

    func note(_ table: FileTable) {
      files.record(table.fileCount)
      memory.record(table.memoryByteCount)
    }

    func note(_ event: LiveTable.Event) {
      switch event.kind {
      case .reloaded:
        let (seconds, attoseconds) = event.duration.components
        reloads.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        note(event.table)
      case .failed: failures.increment()
      default: break
      }
    }
  }
#endif
