internal import CLinux
internal import StaticAssets

/// Serves HTTP/1.1 to the clients of one loop: reads requests and chooses the responder of each.
///
/// `files` responds to requests for files, `forwarder`, if there is one, to all others. Both get
/// the client connections and the buffers of the wake as parameters and do not refer to each other.
///
/// Confined to the thread of its loop.
struct HTTP1Server: ~Copyable {
  var clients: ClientConnections
  var files: StaticResponder
  /// Handles requests for no file; if it is nil, they get 404.
  var forwarder: Forwarder?
  var log: RequestLog
  /// The trusted peers, and the fields for clients.
  private(set) var policy: ForwardingPolicy
  /// Whether forwarding fields of any peer can be trusted.
  private(set) var trustsPeers: Bool
  /// The same as `policy.redirectsToHTTPS`: reading it does not copy the policy.
  private(set) var redirectsToHTTPS: Bool
  /// The paths of `policy.redirectExemptions`, parsed once.
  private(set) var exemptions: RedirectExemptions
  /// Whether responses over HTTPS get `Strict-Transport-Security`.
  private(set) var tellsStrictTransport: Bool
  /// Whether latencies are counted.
  let measures: Bool
  /// Whether there is a log, or latencies are counted.
  let isTimed: Bool
  /// The path that platforms probe; empty for none.
  private(set) var healthPath: [UInt8]
  private(set) var hasHealthPath: Bool
  /// Whether the app has been seen.
  let presence: AppPresence

  /// Whether `forwarder` is not nil.
  let forwards: Bool
  /// Connections with stored input that may hold a complete request, in the order of their turns.
  private var buffered: [Int32] = []

  init(
    _ clients: consuming ClientConnections,
    _ files: consuming StaticResponder,
    _ forwarder: consuming Forwarder?,
    _ log: consuming RequestLog,
    _ policy: ForwardingPolicy,
    measures: Bool,
    healthPath: String?,
    _ presence: AppPresence
  ) {
    self.healthPath = Array((healthPath ?? "").utf8)
    hasHealthPath = healthPath != nil
    self.presence = presence
    self.measures = measures
    isTimed = measures || log.isOn
    self.clients = clients
    self.files = files
    forwards = forwarder != nil
    self.forwarder = forwarder
    self.log = log
    self.policy = policy
    trustsPeers = policy.trust != .nobody
    redirectsToHTTPS = policy.redirectsToHTTPS
    exemptions = RedirectExemptions(policy.redirectExemptions)
    tellsStrictTransport = policy.strictTransport != nil
  }

  /// Applies `configuration` from now on, also to open connections.
  mutating func change(_ configuration: StaticServer.Configuration) {
    clients.change(ConnectionLimits(configuration))
    policy = configuration.forwardingPolicy
    trustsPeers = policy.trust != .nobody
    redirectsToHTTPS = policy.redirectsToHTTPS
    exemptions = RedirectExemptions(policy.redirectExemptions)
    tellsStrictTransport = policy.strictTransport != nil
    healthPath = Array((configuration.healthPath ?? "").utf8)
    hasHealthPath = configuration.healthPath != nil
    if let forwarding = configuration.apps { forwarder?.change(forwarding, policy) }
  }

  /// Whether a connection waits for its next turn.
  var hasBufferedRequests: Bool { !buffered.isEmpty }

  /// Handles `events` of connection `fd`.
  @inline(always)
  mutating func clientIsReady(_ fd: Int32, _ events: PollEvents, _ wake: inout Wake) {
    switch ClientReaction(clients.slab[fd].state, events) {
    case .ignore: break
    case .readRequests: receive(fd, &wake)
    case .readPrelude: receivePrelude(fd, &wake)
    case .readContent: skipContent(fd, &wake)
    case .flushBacklog: flushBacklog(fd, &wake)
    case .discardInput: clients.discard(fd, &wake)
    case .exchange: exchangeIsReady(fd, events, &wake)
    case .leaveWaiting: waitingClientLeft(fd, events, &wake)
    case .close: clients.close(fd)
    }
  }

  /// Receives once from connection `fd` and processes every complete request.
  @inline(always)
  mutating func receive(_ fd: Int32, _ wake: inout Wake) {
    // The stored input is processed first, in its turn.
    guard !clients.slab[fd].hasBufferedRequest else { return }
    if clients.fill(fd, &wake) { answer(fd, &wake) }
  }

  @inline(never)
  private mutating func receivePrelude(_ fd: Int32, _ wake: inout Wake) {
    if clients.receivePrelude(fd, &wake) { answerAgain(fd, &wake) }
  }

  @inline(never)
  private mutating func exchangeIsReady(_ fd: Int32, _ events: PollEvents, _ wake: inout Wake) {
    let id = clients.slab[fd].exchange
    forwarder?.clientIsReady(id, events, &clients, &log, &wake)
  }

  /// Sends the backlog of connection `fd`, and then continues or closes the connection.
  @inline(never)
  mutating func flushBacklog(_ fd: Int32, _ wake: inout Wake) {
    let ending = clients.flushBacklog(fd, &wake)
    // Logged before the next request of this connection.
    if !clients.drafts.isEmpty { logDrafts(wake) }
    switch ending {
    case nil: break
    case .closes: clients.linger(fd, &wake)
    case .keepsOpen, .awaitsContent, .awaitsTable:
      wake.input.clear()
      clients.takeInput(fd, &wake)
      answerAgain(fd, &wake)
    }
  }

  /// Gives a turn to every connection with a request in its stored input.
  @inline(never)
  mutating func answerBuffered(_ wake: inout Wake) {
    let turn = buffered
    buffered = []
    for fd in turn where clients.slab[fd].hasBufferedRequest {
      clients.slab[fd].hasBufferedRequest = false
      guard clients.slab[fd].state == .reading else { continue }
      wake.input.clear()
      clients.takeInput(fd, &wake)
      wake.clock.waited = clients.takeWait(fd, at: wake.nanoseconds)
      answerAgain(fd, &wake)
      wake.clock.waited = 0
    }
  }

  /// Schedules a turn for the requests in the stored input of connection `fd`.
  @inline(never)
  mutating func answerLater(_ fd: Int32) {
    guard !clients.slab[fd].hasBufferedRequest else { return }
    clients.slab[fd].hasBufferedRequest = true
    buffered.append(fd)
  }

  /// Closes an idle connection while the loop stops, unless a request has just arrived.
  @inline(never)
  mutating func endIdle(_ fd: Int32, _ wake: inout Wake) {
    wake.input.clear()
    let result = unsafe clients.transport(fd).receive(wake.input.start, wake.input.room)
    guard result > 0 else {
      clients.linger(fd, &wake)
      return
    }
    wake.input.take(result)
    // Empty lines are not a request; a client could send them without end.
    if wake.input.hasOnlyEmptyLines {
      clients.linger(fd, &wake)
    } else {
      answerAgain(fd, &wake)
    }
  }
}
