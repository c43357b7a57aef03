internal import CLinux
internal import Glibc
internal import StaticAssets

/// One thread's share of a server: waits for events, and hands each to the part that it is of.
///
/// Level-triggered: each wake receives once from every readable connection, answers all the
/// requests that came, and sends the answers with one call. Nothing on that path allocates, takes
/// a lock or counts a reference.
///
/// A value with one owner, the thread that runs it.
@safe struct EventLoop: ~Copyable {
  private let poller: Poller
  private let mailbox: LoopMailbox
  /// Kept because the parts add to it without counting a reference.
  let counters: Counters
  private let graceTime: Int64

  private var acceptor: Acceptor
  private(set) var http: HTTP1Server
  private var wake: Wake
  /// When the loop ends whatever is left; set once a stop was asked for.
  private var drainDeadline = Int64.max

  /// A loop that accepts from `listeners` and answers from `table`.
  ///
  /// - Parameters:
  ///   - connectionLimit: what the loop shares with others; nil for one that is alone.
  ///   - share: the same for forwarding.
  static func create(
    table: FileTable,
    configuration: ServerConfiguration,
    mailbox: LoopMailbox,
    listeners: [LoopListener],
    log: consuming RequestLog = RequestLog(),
    connectionLimit: ConnectionLimit? = nil,
    share: ForwardingShare? = nil,
    counters: Counters = Counters()
  ) throws(ServerError) -> EventLoop {
    let limit = connectionLimit ?? ConnectionLimit(connectionsMax: .max, mailboxes: [])
    let poller = try Poller(capacity: 256)
    let registry = poller.registry
    _ = try ServerError.check(registry.add(.service(mailbox.fd), .readable), "epoll_ctl")
    let acceptor = try unsafe Acceptor(listeners, mailbox, registry, limit, counters.adder)
    let clients = unsafe ClientConnections(
      ConnectionLimits(configuration),
      registry,
      limit,
      counters.adder
    )
    var forwarder: Forwarder?
    if let forwarding = configuration.forwarding {
      unsafe forwarder = Forwarder(
        forwarding,
        configuration.forwardingPolicy,
        share ?? ForwardingShare(loop: 0, gate: nil, spools: nil),
        table,
        mailbox,
        registry,
        counters.adder,
        listeners: configuration.listeners
      )
    }
    let http = HTTP1Server(
      clients,
      StaticResponder(table),
      forwarder,
      log,
      configuration.forwardingPolicy
    )
    return EventLoop(poller, mailbox, counters, configuration.grace, acceptor, http)
  }

  private init(
    _ poller: consuming Poller,
    _ mailbox: LoopMailbox,
    _ counters: Counters,
    _ grace: Int,
    _ acceptor: consuming Acceptor,
    _ http: consuming HTTP1Server
  ) {
    self.poller = poller
    self.mailbox = mailbox
    self.counters = counters
    graceTime = Int64(grace) * 1000
    self.acceptor = acceptor
    self.http = http
    wake = Wake(now: clinux_monotonic_milliseconds())
  }

  /// Serves until a stop was asked for and the last response is sent.
  mutating func run() {
    while true {
      turn()
      if wake.isDraining, http.clients.slab.count == 0 || wake.now >= drainDeadline { break }
    }
    closeEverything()
    http.log.finish(now: wake.now)
  }

  /// Waits for events, answers them, and does what is due.
  mutating func turn() {
    let count = poller.wait(milliseconds: waitMilliseconds())
    wake.now = clinux_monotonic_milliseconds()
    wake.suffixes.update(clinux_realtime_seconds())
    for index in 0..<count { dispatch(poller[index]) }
    if http.hasFinishedExchanges { http.continueFinished(&wake) }
    if http.hasBufferedRequests { http.answerBuffered(&wake) }
    if http.clients.deadlines.next <= wake.now { http.expire(&wake) }
    if http.exchangeDeadline <= wake.now { http.expireExchanges(&wake) }
    if acceptor.resumeTime <= wake.now { acceptor.resume() }
    if wake.isDraining { noteFinishedRequests() }
    if wake.now >= http.log.handOverTime { http.log.handOver(now: wake.now) }
  }

  /// How long to wait for events; -1 is without end.
  private mutating func waitMilliseconds() -> Int32 {
    if http.hasBufferedRequests || http.hasFinishedExchanges { return 0 }
    // `min` with more than three arguments allocates an array.
    var next = min(http.clients.deadlines.next, http.exchangeDeadline)
    next = min(next, acceptor.resumeTime, drainDeadline)
    next = min(next, http.log.handOverTime)
    guard next < Int64.max else { return -1 }
    return Int32(clamping: max(0, next - wake.now + 1))
  }

  @inline(always)
  private mutating func dispatch(_ event: Poller.Event) {
    let token = event.token
    switch token.owner {
    case .client:
      // The connection may have ended since, and another have its descriptor.
      guard http.clients.slab[token.fd].generation == token.generation else { return }
      http.clientIsReady(token.fd, event.events, &wake)
    case .upstream: http.upstreamIsReady(token, event.events, &wake)
    case .service: serviceIsReady(token.fd)
    }
  }

  /// A listener has a connection, or other threads ask something.
  @inline(never)
  private mutating func serviceIsReady(_ fd: Int32) {
    guard fd == mailbox.fd else {
      accept(from: fd)
      return
    }
    mailbox.clear()
    if let table = mailbox.takeOffer() { http.replaceTable(table) }
    if mailbox.takeRoomNotice() { acceptor.resume() }
    if mailbox.takeRoomRequest() { _ = http.closeIdle(atMost: 1, &wake) }
    http.mailHasCome(&wake)
    if mailbox.stopIsRequested, !wake.isDraining { beginDraining() }
  }

  /// Accepts what waits at the listener `fd`, connections without a request giving way to new ones.
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

  /// Begins a connection at the descriptor `fd`, which the loop owns from now on, as it does the room
  /// that was taken for it.
  mutating func begin(_ fd: Int32, from peer: PeerAddress = PeerAddress()) {
    http.clients.begin(fd, from: peer, at: wake.now)
  }

  /// Takes the last connections from the listeners, ends what is idle, and accepts no more.
  private mutating func beginDraining() {
    wake.isDraining = true
    drainDeadline = wake.now + graceTime
    for fd in acceptor.descriptors {
      // What the kernel has accepted for us would be reset when the listener closes.
      while case .accepted(let client, let peer) = acceptor.accept(from: fd, isFirst: false) {
        begin(client, from: peer)
      }
    }
    acceptor.close()
    http.beginDraining(&wake)
  }

  /// Tells those who wait for it that no request is in flight; upgraded connections are none.
  @inline(never)
  private mutating func noteFinishedRequests() {
    guard !mailbox.hasFinishedRequests, http.clients.slab.count == http.tunnelCount else { return }
    mailbox.noteRequestsFinished()
    http.endTunnels(&wake)
  }

  /// Ends every connection, at the end of the grace time or with none left.
  mutating func closeEverything() {
    acceptor.close()
    http.closeEverything(&wake)
    // Shares of the app that were granted to requests of this loop go to other loops.
    http.mailHasCome(&wake)
  }
}
