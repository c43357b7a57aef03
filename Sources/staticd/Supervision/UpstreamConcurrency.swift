/// How many requests an app handles at a time: the limit that `--upstream-concurrency auto` stands
/// for.
///
/// A limit below the app's leaves workers idle. A limit above it fills the app's backlog, where
/// requests cannot be withdrawn and their order is not kept. So the limit is exact where it is
/// known, and otherwise high.
struct UpstreamConcurrency: Equatable {
  /// The limit for an unknown app.
  ///
  /// It exceeds the usual pools of processes and threads (gunicorn recommends 2 to 4 workers per
  /// core, with as many threads), so that no worker is idle. It is about half of the shortest
  /// backlog of app servers (Node 511, uvicorn, gunicorn and others 2048), so that no connection is
  /// refused.
  static let unknown = 256
  /// The limit for each process with an event loop; gunicorn's default for such workers.
  static let perEventLoop = 1000
  /// The limit for all processes with event loops together.
  ///
  /// Each request needs a file descriptor here and one in the app, and a backlog is no longer than
  /// this. listen(2): somaxconn
  static let eventLoopsMax = 4096

  /// Workers with `share` requests each at a time; nil if they are unknown.
  private struct Pool: Equatable {
    /// The number of workers on the command line.
    let configured: Int
    /// The number of workers after signals.
    var workers: Int
    let share: Int
    let max: Int
    /// Whether TTIN and TTOU add and remove a worker.
    let obeysSignals: Bool
  }

  private var pool: Pool?

  /// The limit for an unknown app.
  static let auto = UpstreamConcurrency(pool: nil)

  private init(pool: Pool?) {
    self.pool = pool
  }

  /// Workers with threads, or with one request at a time.
  static func workers(_ count: Int, threads: Int, obeysSignals: Bool = false) -> Self {
    Self(count, share: threads, max: .max, obeysSignals)
  }

  /// Processes with one event loop each.
  static func eventLoops(_ count: Int, share: Int = perEventLoop, obeysSignals: Bool = false)
    -> Self
  {
    Self(count, share: share, max: eventLoopsMax, obeysSignals)
  }

  private init(_ count: Int, share: Int, max: Int, _ obeysSignals: Bool) {
    guard count > 0, share > 0 else {
      pool = nil
      return
    }
    pool = Pool(
      configured: count,
      workers: count,
      share: share,
      max: max,
      obeysSignals: obeysSignals
    )
  }

  /// The maximum number of requests at a time.
  var limit: Int {
    guard let pool else { return Self.unknown }
    let (product, overflows) = pool.workers.multipliedReportingOverflow(by: pool.share)
    return min(overflows ? .max : product, pool.max, 1_000_000)
  }

  /// The effect of a relayed signal on the app's pool.
  enum Change {
    /// SIGTTIN.
    case oneMore
    /// SIGTTOU; at least one worker stays.
    case oneLess
    /// SIGHUP: as many as at the start.
    case reload
  }

  /// Follows a signal that was relayed to the app.
  mutating func follow(_ change: Change) {
    guard let pool, pool.obeysSignals else { return }
    switch change {
    case .oneMore: self.pool?.workers += 1
    case .oneLess: self.pool?.workers = max(1, pool.workers - 1)
    case .reload: self.pool?.workers = pool.configured
    }
  }
}
