internal import CLinux
internal import StaticAssets

/// Serves HTTP/1.1 to the clients of one loop: reads requests and chooses the responder of each.
///
/// `files` answers a request for a file, `forwarder`, if there is one, any other. Both get the
/// client connections and the buffers of the wake as parameters and do not refer to each other.
///
/// Confined to the thread of its loop.
struct HTTP1Server: ~Copyable {
  var clients: ClientConnections
  var files: StaticResponder
  /// Answers requests for no file; if it is nil, they get 404.
  var forwarder: Forwarder?
  var log: RequestLog
  /// The trusted peers, and the fields for clients.
  let policy: ForwardingPolicy
  /// Whether forwarding fields of any peer can be trusted.
  let trustsPeers: Bool
  /// The same as `policy.redirectsToHTTPS`: reading it does not copy the policy.
  private let redirectsToHTTPS: Bool

  /// Whether `forwarder` is not nil.
  let forwards: Bool
  /// Connections with stored input that may hold a complete request, in the order of their turns.
  private var buffered: [Int32] = []

  /// The limit of requests of one connection per turn, so that the loop serves the others.
  private static let requestsPerTurn: UInt32 = 64
  /// The limit of body bytes of one connection per turn; a single body may be larger.
  private static let bodyBytesPerTurn: Int64 = 1 << 20

  init(
    _ clients: consuming ClientConnections,
    _ files: consuming StaticResponder,
    _ forwarder: consuming Forwarder?,
    _ log: consuming RequestLog,
    _ policy: ForwardingPolicy
  ) {
    self.clients = clients
    self.files = files
    forwards = forwarder != nil
    self.forwarder = forwarder
    self.log = log
    self.policy = policy
    trustsPeers = policy.trust != .nobody
    redirectsToHTTPS = policy.redirectsToHTTPS
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
    case .close: clients.close(fd)
    }
  }

  /// Receives once from connection `fd` and answers every complete request.
  @inline(always)
  mutating func receive(_ fd: Int32, _ wake: inout Wake) {
    // The stored input is answered first, in its turn.
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
    switch clients.flushBacklog(fd, &wake) {
    case nil: break
    case .closes: clients.linger(fd, &wake)
    case .keepsOpen, .awaitsContent:
      wake.input.clear()
      clients.takeInput(fd, &wake)
      answerAgain(fd, &wake)
    }
  }

  /// Gives every connection that has a request in its kept input a turn.
  @inline(never)
  mutating func answerBuffered(_ wake: inout Wake) {
    let turn = buffered
    buffered = []
    for fd in turn where clients.slab[fd].hasBufferedRequest {
      clients.slab[fd].hasBufferedRequest = false
      guard clients.slab[fd].state == .reading else { continue }
      wake.input.clear()
      clients.takeInput(fd, &wake)
      answerAgain(fd, &wake)
    }
  }

  /// Lets connection `fd` have a turn for the requests in its kept input.
  @inline(never)
  mutating func answerLater(_ fd: Int32) {
    guard !clients.slab[fd].hasBufferedRequest else { return }
    clients.slab[fd].hasBufferedRequest = true
    buffered.append(fd)
  }

  /// Answers the requests in `wake.input`, and stores the rest.
  @inline(always)
  mutating func answer(_ fd: Int32, _ wake: inout Wake) {
    var position = 0
    var ending = ConnectionEnding.keepsOpen
    let requestCount = clients.slab[fd].requestCount
    var answeredCount: UInt32 = 0
    var bodyByteCount: Int64 = 0
    var hasMore = false
    requests: while true {
      skipEmptyLines(&position, wake)
      guard position < wake.input.count else { break }
      guard answeredCount < Self.requestsPerTurn, bodyByteCount <= Self.bodyBytesPerTurn else {
        hasMore = true
        break
      }
      let bytes = unsafe Span<UInt8>(
        _unsafeBytes: UnsafeRawBufferPointer(
          start: wake.input.start + position,
          count: wake.input.count &- position
        )
      )
      switch RequestHeadParser.parse(bytes, limits: clients.limits.request, into: &wake.head) {
      case .incomplete:
        break requests
      case .rejected(let status):
        if refuse(fd, status, bytes, &wake) { ending = .closes }
        break requests
      case .complete:
        if redirectsToHTTPS, let delivery = redirect(fd, bytes, &wake) {
          if delivery == .ended { ending = .closes }
          break requests
        }
        let isDropped = clients.slab[fd].isContentDropped
        guard let response = files.plan(wake.head, bytes, forwards: forwards && !isDropped) else {
          let count = requestCount &+ answeredCount
          let keepsAlive = wake.head.keepsAlive && count < clients.limits.earlierCountMax
          switch forward(fd, position, keepsAlive: keepsAlive, bytes, &wake) {
          case .begun:
            clients.slab[fd].requestCount = count &+ 1
            return
          case .postponed: break
          case .refused(let status):
            if refuse(fd, status, bytes, &wake) { ending = .closes }
          }
          break requests
        }
        var next = position &+ wake.head.byteCount
        var keepsAlive =
          wake.head.keepsAlive && requestCount &+ answeredCount < clients.limits.earlierCountMax
        if wake.head.content != .none {
          switch contentEnd(fd, from: next, wake) {
          case .at(let end): next = end
          case .unread: keepsAlive = false
          case .awaited:
            ending = .awaitsContent
            break requests
          case .refused(let status):
            if refuse(fd, status, bytes, &wake) { ending = .closes }
            break requests
          }
        }
        let planned = Self.ending(keepsAlive, hasMore: next < wake.input.count, wake)
        let suffix = planned == .keepsOpen ? Self.keepAliveSuffix(wake.head) : .close
        let delivery = files.deliver(fd, response, suffix, bytes, &clients, &wake)
        guard delivery != .postponed else { break requests }
        if delivery == .taken {
          unsafe clients.adder.add(Counter(status: response.status.rawValue))
        }
        if isDropped { beginNextRequest(fd) }
        answeredCount &+= 1
        bodyByteCount &+= response.body.byteCount
        position = next
        ending = delivery == .ended ? .closes : planned
        if log.isOn { logRequest(fd, response, delivery, bytes, wake) }
        if ending != .keepsOpen || clients.slab[fd].state != .reading { break requests }
      }
    }
    clients.slab[fd].requestCount = requestCount &+ answeredCount
    finishTurn(fd, position, ending, hasAnswered: answeredCount > 0, hasMore: hasMore, &wake)
  }

  /// Calls `answer` where a request is answered later than it was received.
  @inline(never)
  mutating func answerAgain(_ fd: Int32, _ wake: inout Wake) { answer(fd, &wake) }

  /// Skips empty lines, which some clients send after a request (RFC 9112 §2.2).
  ///
  /// They do not start another request.
  @inline(always)
  private func skipEmptyLines(_ position: inout Int, _ wake: borrowing Wake) {
    while wake.input.count &- position >= 2, wake.input.hasEmptyLine(at: position) {
      position &+= 2
    }
  }

  /// What happens to the connection after a request.
  @inline(always)
  private static func ending(
    _ keepsAlive: Bool,
    hasMore: Bool,
    _ wake: borrowing Wake
  ) -> ConnectionEnding {
    guard keepsAlive else { return .closes }
    // While the loop stops, requests that are already received are answered first.
    return !wake.isDraining || hasMore ? .keepsOpen : .closes
  }

  @inline(always)
  private static func keepAliveSuffix(_ head: RequestHead) -> HeadSuffix {
    head.isVersion10 ? .keepAliveVersion10 : .keepAlive
  }

  /// Resets the progress for the next request.
  @inline(never)
  private mutating func beginNextRequest(_ fd: Int32) {
    clients.slab[work: fd].request = RequestProgress()
  }

  /// Sends the output of a turn; then waits for input, or closes the connection.
  @inline(always)
  private mutating func finishTurn(
    _ fd: Int32,
    _ position: Int,
    _ ending: ConnectionEnding,
    hasAnswered: Bool,
    hasMore: Bool,
    _ wake: inout Wake
  ) {
    if clients.slab[fd].state == .reading { clients.flush(fd, &wake) }
    switch clients.slab[fd].state {
    case .free, .prelude, .skipping, .lingering, .breaking, .exchanging:
      return
    case .sending:
      clients.keepInput(fd, from: position, &wake)
      clients.setEnding(fd, ending)
    case .reading:
      switch ending {
      case .keepsOpen where hasMore:
        clients.keepInput(fd, from: position, &wake)
        clients.setDeadline(fd, .head, at: wake.now)
        answerLater(fd)
      case .keepsOpen: waitForRequest(fd, position, hasAnswered, &wake)
      case .awaitsContent: beginSkipping(fd, position, &wake)
      case .closes: clients.linger(fd, &wake)
      }
    }
  }

  @inline(always)
  private mutating func waitForRequest(
    _ fd: Int32,
    _ position: Int,
    _ hasAnswered: Bool,
    _ wake: inout Wake
  ) {
    if position < wake.input.count {
      // The head time-out starts at the first byte of a head; later bytes do not extend it.
      if hasAnswered || !clients.slab[fd].awaitsHead {
        clients.setDeadline(fd, .head, at: wake.now)
        clients.slab[fd].awaitsHead = true
      }
      clients.keepInput(fd, from: position, &wake)
    } else if !wake.isDraining {
      if unsafe clients.slab[fd].work != nil { clients.slab.dropWork(fd) }
      // Empty lines do not extend the deadline.
      guard hasAnswered else { return }
      clients.setDeadline(fd, .keepAlive, at: wake.now)
      clients.slab[fd].awaitsHead = false
    } else {
      endIdle(fd, &wake)
    }
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
    // Empty lines alone are no request; a client could send them without end.
    if wake.input.hasOnlyEmptyLines {
      clients.linger(fd, &wake)
    } else {
      answerAgain(fd, &wake)
    }
  }
}
