/// How many requests an app answers at the same time: what `--upstream-concurrency auto` means.
///
/// A limit below what the app can do leaves workers idle, one above fills its sockets' queues, where
/// nobody can leave and nothing is first in, first out. So it is exact where it can be read, and
/// otherwise high.
struct UpstreamConcurrency: Equatable {
  /// For an app of which nothing is known.
  ///
  /// More than any pool of processes and threads of common advice (gunicorn's is 2 to 4 workers a
  /// core and as many threads), so that none is idle; and no more than half of the shortest queue
  /// that a listening socket of an app server has (Node 511, uvicorn, gunicorn and others 2048), so
  /// that no connection is refused.
  static let unknown = 256
  /// For each process that answers its requests in an event loop; gunicorn's default for such workers.
  static let perEventLoop = 1000
  /// For all processes with event loops together: each request has a descriptor here and one there,
  /// and a listening socket's queue has no more room than this. listen(2): somaxconn
  static let eventLoopsMax = 4096

  /// Workers, each with `share` requests at a time; nil when they are not known.
  private struct Pool: Equatable {
    /// As its command line says.
    let configured: Int
    /// As signals have left it.
    var workers: Int
    let share: Int
    let max: Int
    /// Whether TTIN and TTOU make it one worker more and one less.
    let obeysSignals: Bool
  }

  private var pool: Pool?

  /// An app of which nothing is known.
  static let auto = UpstreamConcurrency(pool: nil)

  private init(pool: Pool?) {
    self.pool = pool
  }

  /// Workers with threads, or with nothing but themselves.
  static func workers(_ count: Int, threads: Int, obeysSignals: Bool = false) -> Self {
    Self(count, share: threads, max: .max, obeysSignals)
  }

  /// Processes with an event loop each.
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

  /// The number of requests.
  var limit: Int {
    guard let pool else { return Self.unknown }
    let (product, overflows) = pool.workers.multipliedReportingOverflow(by: pool.share)
    return min(overflows ? .max : product, pool.max, 1_000_000)
  }

  /// What a signal that goes on to the app makes of its pool.
  enum Change {
    /// SIGTTIN.
    case oneMore
    /// SIGTTOU; one worker always stays.
    case oneLess
    /// SIGHUP: as many as at the start.
    case reload
  }

  /// Follows a signal that went on to the app.
  mutating func follow(_ change: Change) {
    guard let pool, pool.obeysSignals else { return }
    switch change {
    case .oneMore: self.pool?.workers += 1
    case .oneLess: self.pool?.workers = max(1, pool.workers - 1)
    case .reload: self.pool?.workers = pool.configured
    }
  }
}
