internal import CLinux
public import StaticAssets
internal import Synchronization

/// An HTTP/1.1 server for a table of files, with its own threads.
///
/// ```swift
/// let server = try StaticServer(table: table, configuration: configuration)
/// try await server.run()
/// ```
///
/// A server installs no signal handler, has no global state and uses only descriptors that it
/// opened or that were passed to it, so a process can have several servers. Every member may be
/// used from any thread.
public final class StaticServer: Sendable {
  /// The listening addresses; port 0 is replaced by the port that the kernel chose.
  public let addresses: [ListenAddress]

  /// Counters since the server started; reading them does not delay requests.
  public var statistics: Statistics { Statistics(counters) }

  let listeners: [Listener]
  let counters: [Counters]
  let mailboxes: [LoopMailbox]
  let end: ServerEnd
  /// The limits of concurrent requests, one for each app; nil for no limit.
  let gates: [ConcurrencyGate?]
  private let untrusted: UntrustedProxy
  let presence: AppPresence
  /// Whether the files are still being listed.
  let isPending: Atomic<Bool>
  private let peers: PeerList
  let intake = HandlerIntake()
  let handlerExecutor: (any TaskExecutor)?
  let connectionsMax: Int
  let spools: SpoolBudget?
  let logWriter: LogWriter?
  /// Whether an app is a process, not a function of this one.
  let forwardsToProcess: Bool

  /// The address of a peer that sends forwarding fields without being trusted for them; nil if
  /// there was none.
  package var untrustedProxy: String? { untrusted.address }
  private let notices: LiveNotices

  /// The notices about live directories since the last call; one line each.
  package func takeNotices() -> [String] { notices.take().map(\.description) }
  /// The threads to join; nil after `stop` has joined them.
  private let threads: Mutex<Threads?>

  private struct Threads {
    let loops: [WorkerThread]
    let logWriter: LogWriter?
    let spoolWriter: SpoolWriter?
  }

  /// Listens at every address of `configuration` and starts to serve.
  ///
  /// Each connection needs a descriptor: call `DescriptorLimit.raise` first if there may be many.
  ///
  /// - Throws: `StaticServerError` when a value of `configuration` is out of its range, listening
  ///   at an address fails or a system call fails; then no socket is left open.
  public init(table: FileTable, configuration: Configuration) throws(StaticServerError) {
    try configuration.check()
    let count = configuration.workers ?? max(1, min(256, Processors.count))
    let apps = configuration.apps
    let listeners = try Self.listen(configuration, count: count)
    var resolved = configuration
    resolved.listeners = listeners.map(\.address)
    let logging = try Logging(configuration.accessLog, loopCount: count)
    var mailboxes: [LoopMailbox] = []
    for _ in 0..<count { mailboxes.append(try LoopMailbox()) }
    let counters = (0..<count).map { _ in Counters() }
    let limit = ConnectionLimit(
      connectionsMax: configuration.connectionsMax
        ?? Self.connectionsMax(
          configuration,
          isLive: table.live?.directories.contains(where: \.holdsUploads) ?? false
        ),
      mailboxes: mailboxes
    )
    let gates = apps.map { Self.gates($0, mailboxes) } ?? []
    let spools = try apps.map { forwarding throws(StaticServerError) in
      try SpoolWriter(
        byteCountMax: Int(forwarding.spoolBytesMax),
        onFailure: forwarding.onSpoolFailure
      )
    }
    let untrusted = UntrustedProxy()
    self.untrusted = untrusted
    handlerExecutor = configuration.handler?.executor
    forwardsToProcess = apps?.isToProcess ?? false
    let presence = AppPresence(isKnown: !forwardsToProcess)
    self.presence = presence
    isPending = Atomic(table.isPending)
    connectionsMax = limit.connectionsMax
    self.spools = spools?.budget
    logWriter = logging.writer
    let notices = LiveNotices()
    self.notices = notices
    let peers = PeerList(configuration.peers.addresses)
    self.peers = peers
    var loops: [LoopOwner] = []
    for index in 0..<count {
      loops.append(
        LoopOwner(
          try EventLoop.create(
            table: table,
            configuration: resolved,
            mailbox: mailboxes[index],
            listeners: listeners.flatMap { $0.sockets(ofLoop: index) },
            log: logging.log(ofLoop: index),
            connectionLimit: limit,
            share: ForwardingShare(
              loop: index,
              gates: gates,
              spools: spools,
              untrusted: untrusted,
              presence: presence,
              intake: intake,
              peers: peers
            ),
            notices: notices,
            counters: counters[index],
            numbering: ConnectionNumbering(loop: index, loopCount: count),
            presence: presence
          )
        )
      )
    }
    let end = ServerEnd(loopCount: count)
    try spools?.start()
    let threads = try Self.start(loops, mailboxes, end)
    try logging.writer?.start()
    addresses = resolved.listeners
    self.listeners = listeners
    self.counters = counters
    self.mailboxes = mailboxes
    self.end = end
    self.gates = gates
    self.threads = Mutex(
      Threads(loops: threads, logWriter: logging.writer, spoolWriter: spools)
    )
  }

  /// Uses `table` for new requests.
  ///
  /// Responses in flight are finished from the previous table. No connection is closed and no
  /// request waits.
  public func replaceTable(with table: FileTable) {
    for mailbox in mailboxes { mailbox.offer(table) }
    isPending.store(table.isPending, ordering: .relaxed)
  }

  /// Uses `table`, and the limits, time-outs and trust of `configuration`, for new requests.
  ///
  /// No connection is closed and no request waits. These values cannot change after the start:
  /// listeners, `workers`, `connectionsMax`, `accessLog`, the apps' addresses and
  /// `forwarding.spoolBytesMax`; and `forwarding.concurrencyMax`, which `setUpstreamConcurrency`
  /// changes.
  package func replaceTable(with table: FileTable, _ configuration: Configuration) {
    precondition((try? configuration.checkValues()) != nil, "a value is out of its range")
    if let forwarding = configuration.apps {
      for gate in gates { gate?.setWaitingMax(forwarding.queueCountMax) }
      for (gate, other) in zip(gates.dropFirst(), forwarding.others) where other.concurrencyMax > 0
      {
        gate?.setLimit(other.concurrencyMax)
      }
    }
    for mailbox in mailboxes { mailbox.offer(table, configuration) }
    isPending.store(table.isPending, ordering: .relaxed)
  }

  /// Replaces the peers, at most 16, that are asked for hashed names missing on this server.
  ///
  /// Has no effect if `Configuration.peers` was not on at the start.
  package func setPeers(_ addresses: [UpstreamAddress]) { peers.replace(with: addresses) }

  /// Requests a stop and returns at once; `hasStopped` reports the end.
  public func beginStopping() {
    for mailbox in mailboxes { mailbox.requestStop() }
  }

  /// Whether a stop was requested and every connection is closed.
  public var hasStopped: Bool { mailboxes.allSatisfy(\.hasEnded) }

  /// Whether a stop was requested and no request is in flight.
  ///
  /// Upgraded connections, such as WebSockets, may remain: if the app is stopped now, it closes
  /// them itself, unless `ForwardingConfiguration.endsTunnelsAtStop` is set.
  public var hasFinishedRequests: Bool { mailboxes.allSatisfy(\.hasFinishedRequests) }

  /// Changes `ForwardingConfiguration.concurrencyMax`, the limit of the first app, for an app that
  /// starts or stops workers.
  ///
  /// Has no effect if the configured `concurrencyMax` is 0: such a server has no queue.
  ///
  /// - Parameter count: the new limit, from 0 to 1,000,000; 0 is no limit. Other values are clamped
  ///   to this range.
  public func setUpstreamConcurrency(_ count: Int) {
    let range = ForwardingConfiguration.Range.concurrency
    let count = min(max(count, range.lowerBound), range.upperBound)
    (gates.first ?? nil)?.setLimit(count == 0 ? .max : count)
  }

  /// Stops accepting, finishes the requests in flight, and returns when every connection is closed.
  ///
  /// Blocks the calling thread for at most `Configuration.grace`. Further calls
  /// return at once.
  public func stop() {
    beginStopping()
    threads.withLock { threads in
      for thread in threads?.loops ?? [] { thread.join() }
      threads?.logWriter?.stop()
      threads?.spoolWriter?.stop()
      threads = nil
    }
  }

  deinit {
    stop()
  }
}
