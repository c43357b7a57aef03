/// The state of a server at one time, for metrics and the status page.
package struct ServerMetrics: Sendable {
  /// Responses, by the first digit of the status.
  package struct Classes: Sendable {
    package var successes: UInt64 = 0
    package var redirections: UInt64 = 0
    package var clientErrors: UInt64 = 0
    package var serverErrors: UInt64 = 0

    /// The sum of all classes.
    package var total: UInt64 { successes + redirections + clientErrors + serverErrors }

    /// The difference from `other`, at least 0 for each class.
    func without(_ other: Classes) -> Classes {
      func difference(_ path: KeyPath<Classes, UInt64>) -> UInt64 {
        self[keyPath: path] - min(self[keyPath: path], other[keyPath: path])
      }
      return Classes(
        successes: difference(\.successes),
        redirections: difference(\.redirections),
        clientErrors: difference(\.clientErrors),
        serverErrors: difference(\.serverErrors)
      )
    }
  }

  /// The times of the responses of one responder.
  package struct Histogram: Sendable {
    /// The counts of the buckets of `Latency.bounds`, each without the lower ones, then of all
    /// longer times.
    package var counts: [UInt64] = []
    package var seconds = 0.0

    /// The number of all responses.
    package var count: UInt64 { counts.reduce(0, +) }
  }

  /// The queue for the app.
  package struct Queue: Sendable {
    /// Requests that the app is processing, and their limit; 0 is no limit.
    package var active = 0
    package var activeMax = 0
    /// Requests in the queue, and their limit.
    package var waiting = 0
    package var waitingMax = 0
  }

  package let statistics: StaticServer.Statistics
  /// Responses of the app, including errors sent in its place.
  package let app: Classes
  /// All other responses.
  package let files: Classes
  package let codings: [(name: String, count: UInt64)]
  package let savedBytes: UInt64
  /// Bytes by which deltas were smaller than the representations sent without deltas.
  package let deltaSavedBytes: UInt64
  package let latencies: [Histogram]
  package let failures: [(reason: FailureReason, count: UInt64)]
  package let connectionsMax: Int
  /// The queue for the app; nil without an app process.
  package let queue: Queue?
  package let upstream: Upstream
  package let spoolBytes: Int
  package let spoolBytesMax: Int
  package let spoolFiles: Int
  package let lostLogLines: Int

  /// The connections to the app.
  package struct Upstream: Sendable {
    package let open: UInt64
    package let idle: UInt64
    package let tunnels: UInt64
    package let connects: UInt64
    package let failedConnects: UInt64
    package let reused: UInt64
  }

  /// The number of requests that failed for `reason`.
  package func count(_ reason: FailureReason) -> UInt64 {
    failures.first { $0.reason == reason }?.count ?? 0
  }
}

extension ServerMetrics {
  /// The values that are not counters.
  struct Parts {
    var connectionsMax: Int
    var queue: Queue?
    var spools: SpoolBudget?
    var lostLogLines: Int
  }

  /// The sums over `loops`, and the values of `parts`.
  init(_ loops: [Counters], _ parts: Parts) {
    func sum(_ value: (Counters) -> UInt64) -> UInt64 { loops.reduce(0) { $0 + value($1) } }
    func sum(_ counter: Counter) -> UInt64 { sum { $0.value(of: counter) } }
    app = Classes(
      successes: sum(.appSuccesses),
      redirections: sum(.appRedirections),
      clientErrors: sum(.appClientErrors),
      serverErrors: sum(.appServerErrors)
    )
    // Read after those of the app, so that the difference is never negative.
    let statistics = StaticServer.Statistics(loops)
    self.statistics = statistics
    let all = Classes(
      successes: statistics.successes,
      redirections: statistics.redirections,
      clientErrors: statistics.clientErrors,
      serverErrors: statistics.serverErrors
    )
    files = all.without(app)
    codings = [
      ("identity", sum(.identityResponses)), ("gzip", sum(.gzipResponses)),
      ("br", sum(.brotliResponses)), ("zstd", sum(.zstandardResponses)),
      ("dcz", sum(.deltaResponses)), ("other", sum(.otherCodingResponses)),
    ]
    deltaSavedBytes = sum(.deltaBytesSaved)
    savedBytes = sum(.bytesSaved)
    latencies = Latency.Responder.allCases.map { responder in
      Histogram(
        counts: (0..<Latency.bucketCount).map { bucket in
          sum { $0.value(of: responder, bucket: bucket) }
        },
        seconds: Double(sum { $0.nanoseconds(of: responder) }) / 1e9
      )
    }
    failures = FailureReason.allCases.filter { $0 != .none }.map { reason in
      (reason, sum { $0.value(of: reason) })
    }
    connectionsMax = parts.connectionsMax
    queue = parts.queue
    upstream = Upstream(
      open: sum(.upstreamOpen),
      idle: sum(.upstreamIdle),
      tunnels: sum(.tunnelsOpen),
      connects: sum(.connects),
      failedConnects: sum(.failedConnects),
      reused: sum(.reusedConnections)
    )
    spoolBytes = parts.spools?.byteCount ?? 0
    spoolBytesMax = parts.spools?.byteCountMax ?? 0
    spoolFiles = parts.spools?.fileCount ?? 0
    lostLogLines = parts.lostLogLines
  }
}
