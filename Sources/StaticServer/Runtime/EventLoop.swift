internal import CLinux
internal import Glibc
internal import StaticAssets

/// One thread of a server: waits for events and passes each to the part that handles it.
///
/// Level-triggered: each wake receives once from every readable connection, processes all complete
/// requests, and sends the responses with one call. This path does not allocate, lock or count
/// references.
///
/// A noncopyable value, owned by the thread that runs it.
@safe struct EventLoop: ~Copyable {
  private let poller: Poller
  private let mailbox: LoopMailbox
  /// Keeps the counters alive: the parts add to them without counting references.
  let counters: Counters
  private var graceTime: Int64

  private var acceptor: Acceptor
  private(set) var http: HTTP1Server
  private var wake: Wake
  /// The list of mounts, whose changes may hide live files; negative while it is not watched.
  private var mounts: Int32 = -1
  /// The end of the grace time, when the loop closes every connection; set when a stop is
  /// requested.
  private var drainDeadline = Int64.max
  /// Whether idle connections are being closed.
  private var endsIdle = false
  /// What is waited for before requests are answered; nil except in development.
  private let changes: PendingChanges?
  private let waitsForChanges: Bool

  /// Creates a loop that accepts from `listeners` and serves `table`.
  ///
  /// - Parameters:
  ///   - connectionLimit: the limit that the loops share; nil creates one for this loop.
  ///   - share: the forwarding state that the loops share.
  ///   - notices: receives notices about live directories.
  static func create(
    table: FileTable,
    configuration: StaticServer.Configuration,
    mailbox: LoopMailbox,
    listeners: [LoopListener],
    log: consuming RequestLog = RequestLog(),
    connectionLimit: ConnectionLimit? = nil,
    share: ForwardingShare? = nil,
    notices: LiveNotices = LiveNotices(),
    counters: Counters = Counters(),
    numbering: ConnectionNumbering = ConnectionNumbering(),
    presence: AppPresence = AppPresence(isKnown: true)
  ) throws(StaticServerError) -> EventLoop {
    let limit = connectionLimit ?? ConnectionLimit(connectionsMax: .max, mailboxes: [])
    let poller = try Poller(capacity: 256)
    let registry = poller.registry
    _ = try StaticServerError.check(registry.add(.service(mailbox.fd), .readable), "epoll_ctl")
    let acceptor = try unsafe Acceptor(listeners, mailbox, registry, limit, counters.adder)
    let clients = unsafe ClientConnections(
      ConnectionLimits(configuration),
      registry,
      limit,
      mailbox,
      counters.adder,
      numbering
    )
    var forwarder: Forwarder?
    if let forwarding = configuration.apps {
      unsafe forwarder = Forwarder(
        forwarding,
        configuration.forwardingPolicy,
        share ?? ForwardingShare(presence),
        table,
        mailbox,
        registry,
        counters.adder,
        listeners: configuration.listeners,
        measures: configuration.measuresLatency
      )
    }
    let live = LiveSetup(
      configuration.live,
      loopCount: configuration.workers ?? Processors.count,
      notices
    )
    let http = HTTP1Server(
      clients,
      StaticResponder(table, live),
      forwarder,
      log,
      configuration.forwardingPolicy,
      measures: configuration.measuresLatency,
      healthPath: configuration.healthPath,
      presence
    )
    return EventLoop(
      poller,
      mailbox,
      counters,
      configuration.grace,
      acceptor,
      http,
      configuration.changes
    )
  }

  private init(
    _ poller: consuming Poller,
    _ mailbox: LoopMailbox,
    _ counters: Counters,
    _ grace: Duration,
    _ acceptor: consuming Acceptor,
    _ http: consuming HTTP1Server,
    _ changes: PendingChanges?
  ) {
    self.changes = changes
    waitsForChanges = changes != nil
    self.poller = poller
    self.mailbox = mailbox
    self.counters = counters
    graceTime = grace.milliseconds
    self.acceptor = acceptor
    let strictTransport = http.policy.strictTransport
    self.http = http
    wake = Wake(now: clinux_monotonic_milliseconds(), strictTransport: strictTransport)
    wake.clock.isPrecise = self.http.isTimed
    watchMounts()
  }

  /// Watches the list of mounts once there are live files.
  private mutating func watchMounts() {
    guard mounts < 0, let list = http.files.live?.mounts, list >= 0 else { return }
    // If epoll_ctl(2) has no memory for it, changes of mounts are not detected.
    if poller.registry.add(.service(list), .mountsChanged) >= 0 { mounts = list }
  }

  /// Runs until a stop was requested and the last response is sent.
  mutating func run() {
    while true {
      turn()
      if wake.isDraining, http.clients.slab.count == 0 || wake.now >= drainDeadline { break }
    }
    closeEverything()
    http.logDrafts(wake)
    http.log.finish(wake.moment)
  }

  /// Waits for events, handles them, and then handles expired deadlines.
  mutating func turn() {
    let result = poller.wait(milliseconds: waitMilliseconds())
    // EINTR counts as no event.
    let count = max(0, result)
    if waitsForChanges, count > 0 { takeChanges() }
    // While changes were waited for, other events may have come.
    let hasAllEvents = result >= 0 && count < poller.capacity && !waitsForChanges
    wake.begin(clinux_monotonic_milliseconds(), eventCount: count, hasAllEvents: hasAllEvents)
    wake.suffixes.update(clinux_realtime_seconds())
    if http.forwards { dispatchToIdle(count) }
    for index in 0..<count { dispatch(poller[index]) }
    if http.hasFinishedExchanges { http.continueFinished(&wake) }
    if http.hasBufferedRequests { http.answerBuffered(&wake) }
    if http.clients.deadlines.next <= wake.now { http.expire(&wake) }
    if http.exchangeDeadline <= wake.now { http.expireExchanges(&wake) }
    if acceptor.resumeTime <= wake.now { acceptor.resume() }
    if wake.isDraining { noteFinishedRequests() }
    if !http.clients.drafts.isEmpty { http.logDrafts(wake) }
    if wake.now >= http.log.handOverTime { http.log.handOver(now: wake.now) }
  }

  /// The longest time to wait for events, in milliseconds; -1 is no limit.
  private mutating func waitMilliseconds() -> Int32 {
    if http.hasBufferedRequests || http.hasFinishedExchanges { return 0 }
    // `min` with more than three arguments allocates an array.
    var next = min(http.clients.deadlines.next, http.exchangeDeadline)
    next = min(next, acceptor.resumeTime, drainDeadline)
    next = min(next, http.log.handOverTime)
    guard next < Int64.max else { return -1 }
    return Int32(clamping: max(0, next - wake.now + 1))
  }

  /// Handles the events of idle connections to apps before all others, so that no request of this wake
  /// reuses a connection that the app has closed, or that has bytes of no request.
  @inline(never)
  private mutating func dispatchToIdle(_ count: Int) {
    for index in 0..<count {
      let event = poller[index]
      guard event.token.owner == .upstream, http.isIdle(event.token) else { continue }
      http.upstreamIsReady(event.token, event.events, &wake)
    }
  }

  @inline(always)
  private mutating func dispatch(_ event: Poller.Event) {
    let token = event.token
    switch token.owner {
    case .client:
      // Stale event: the connection was closed, and its descriptor number is in use by another.
      guard http.clients.slab[token.fd].generation == token.generation else { return }
      http.clientIsReady(token.fd, event.events, &wake)
    case .upstream: http.upstreamIsReady(token, event.events, &wake)
    case .service: serviceIsReady(token.fd)
    }
  }

  /// Handles an event of a listener or of the mailbox.
  @inline(never)
  private mutating func serviceIsReady(_ fd: Int32) {
    guard fd == mailbox.fd else {
      if fd == mounts {
        http.mountsHaveChanged()
      } else {
        accept(from: fd)
      }
      return
    }
    mailbox.clear()
    mailbox.givePulse()
    // Read first: a table that was offered before the stop is used before it.
    let isStopping = mailbox.stopIsRequested
    if let offer = mailbox.takeOffer() { take(offer) }
    if mailbox.takeRoomNotice() { acceptor.resume() }
    if mailbox.takeRoomRequest() { _ = http.closeIdle(atMost: 1, &wake) }
    http.mailHasCome(&wake)
    guard isStopping else { return }
    if !wake.isDraining { beginDraining() }
    guard mailbox.stopIsHasty, !endsIdle else { return }
    endsIdle = true
    http.beginDraining(&wake)
  }

  /// Answers from what is on the disk now.
  @inline(never)
  private mutating func takeChanges() {
    changes?.wait()
    if let offer = mailbox.takeOffer() { take(offer) }
  }

  /// Replaces the table, and the configuration if there is one.
  private mutating func take(_ offer: LoopMailbox.Offer) {
    http.replaceTable(offer.table, at: wake.now)
    watchMounts()
    guard let configuration = offer.configuration else { return }
    http.change(configuration)
    wake.suffixes.change(configuration.forwardingPolicy.strictTransport)
    graceTime = configuration.grace.milliseconds
  }

  /// Accepts the connections that wait at the listener `fd`; closes idle connections if there is no
  /// room.
  private mutating func accept(from fd: Int32) {
    for turn in 0..<Acceptor.acceptsPerTurn {
      switch acceptor.accept(from: fd, isFirst: turn == 0) {
      case .accepted(let client, let peer): begin(client, from: peer)
      case .none: return
      case .needsRoom(let count):
        if !http.closeIdle(atMost: count, &wake) { acceptor.rest(at: wake.now) }
        return
      }
    }
  }

  /// Begins a connection at `fd`; the loop takes ownership of `fd` and of its place in the limit.
  mutating func begin(_ fd: Int32, from peer: PeerAddress = PeerAddress()) {
    http.clients.begin(fd, from: peer, at: wake.now)
  }

  /// Accepts the waiting connections a last time, and stops accepting.
  ///
  /// From now on every response ends its connection.
  private mutating func beginDraining() {
    wake.isDraining = true
    http.tellHandlers()
    drainDeadline = wake.now + graceTime
    for fd in acceptor.descriptors {
      // The kernel resets connections in the backlog when the listener is closed.
      while case .accepted(let client, let peer) = acceptor.accept(from: fd, isFirst: false) {
        begin(client, from: peer)
      }
    }
    acceptor.close()
  }

  /// Records that no request is in flight; upgraded connections do not count.
  @inline(never)
  private mutating func noteFinishedRequests() {
    guard !mailbox.hasFinishedRequests, http.clients.slab.count == http.tunnelCount else { return }
    mailbox.noteRequestsFinished()
    http.endTunnels(&wake)
  }

  /// Closes every connection: the grace time is over, or no connection is left.
  mutating func closeEverything() {
    acceptor.close()
    http.closeEverything(&wake)
    // Shares of the app that were granted to requests of this loop go to other loops.
    http.mailHasCome(&wake)
  }
}
