internal import CLinux
internal import StaticAssets

/// The requests that a connection has sent, processed one after the other.
extension HTTP1Server {
  /// One turn of a connection: the requests that are processed before other connections get their
  /// turn.
  struct Turn {
    /// The limit of requests in one turn.
    private static let requestCountMax: UInt32 = 64
    /// The limit of body bytes in one turn, unless one body is larger.
    private static let bodyBytesMax: Int64 = 1 << 20

    /// Requests that the connection has carried before.
    let earlierCount: UInt32
    /// The start of the next request in `wake.input`.
    var position = 0
    var answeredCount: UInt32 = 0
    var bodyByteCount: Int64 = 0
    var ending = ConnectionEnding.keepsOpen
    /// Whether requests remain for the next turn.
    var isCut = false

    /// Requests that the connection has carried.
    @inline(always)
    var requestCount: UInt32 { earlierCount &+ answeredCount }

    /// Whether another request belongs to this turn.
    @inline(always)
    var goesOn: Bool { answeredCount < Self.requestCountMax && bodyByteCount <= Self.bodyBytesMax }
  }

  /// The continuation of a turn after a request.
  enum Step {
    /// With the next request.
    case next
    /// The turn is over.
    case stop
    /// An exchange processes the request, and has stored the rest of the input.
    case forwarded
  }

  /// Processes the requests in `wake.input`, and stores the rest.
  @inline(always)
  mutating func answer(_ fd: Int32, _ wake: inout Wake) {
    var turn = Turn(earlierCount: clients.slab[fd].requestCount)
    var step = Step.next
    while step == .next {
      skipEmptyLines(&turn, wake)
      guard turn.position < wake.input.count else { break }
      guard turn.goesOn else {
        turn.isCut = true
        break
      }
      let bytes = unsafe Span<UInt8>(
        _unsafeBytes: UnsafeRawBufferPointer(
          start: wake.input.start + turn.position,
          count: wake.input.count &- turn.position
        )
      )
      switch RequestHeadParser.parse(bytes, limits: clients.limits.request, into: &wake.head) {
      case .incomplete: step = .stop
      case .rejected(let status): step = refuse(fd, status, bytes, &turn, &wake)
      case .complete: step = answerRequest(fd, bytes, &turn, &wake)
      }
    }
    clients.slab[fd].requestCount = turn.requestCount
    if step != .forwarded { finishTurn(fd, turn, &wake) }
  }

  /// Processes the request in `wake.head`, which starts with the first of `bytes`.
  @inline(always)
  private mutating func answerRequest(
    _ fd: Int32,
    _ bytes: Span<UInt8>,
    _ turn: inout Turn,
    _ wake: inout Wake
  ) -> Step {
    if hasHealthPath, isForHealth(wake.head, bytes) {
      return answerHealth(fd, bytes, &turn, &wake)
    }
    if redirectsToHTTPS, let delivery = redirect(fd, bytes, &wake) {
      if delivery == .ended { turn.ending = .closes }
      return .stop
    }
    let isDropped = clients.slab[fd].isContentDropped
    guard let response = files.plan(wake.head, bytes, forwards: forwards) else {
      guard !files.mayFindLater else { return answerUnlisted(fd, bytes, isDropped, &turn, &wake) }
      return forward(fd, bytes, &turn, &wake)
    }
    return respond(fd, response, bytes, isDropped, &turn, &wake)
  }

  /// Sends `response` to the request in `wake.head`, which starts with the first of `bytes`.
  @inline(always)
  mutating func respond(
    _ fd: Int32,
    _ response: ResponsePlan,
    _ bytes: Span<UInt8>,
    _ isDropped: Bool,
    _ turn: inout Turn,
    _ wake: inout Wake
  ) -> Step {
    var next = turn.position &+ wake.head.byteCount
    var keepsAlive = keepsAlive(wake.head, turn)
    if !wake.head.content.isNone {
      switch contentEnd(fd, from: next, wake) {
      case .at(let end): next = end
      case .unread: keepsAlive = false
      case .awaited:
        turn.ending = .awaitsContent
        return .stop
      case .refused(let reason): return refuse(fd, for: reason, bytes, &turn, &wake)
      }
    }
    let planned = Self.ending(keepsAlive, hasMore: next < wake.input.count, wake)
    var suffix = planned == .keepsOpen ? Self.keepAliveSuffix(wake.head) : .close
    if tellsStrictTransport, isSecure(fd, bytes, wake.head) { suffix = suffix.secured }
    var delivery = files.deliver(fd, response, suffix, bytes, &clients, &wake)
    if delivery == .changed {
      if let step = answerChanged(fd, response, bytes, isDropped, &turn, &wake) { return step }
      delivery = files.deliverError(fd, &clients, &wake)
    }
    guard delivery != .postponed else { return .stop }
    if delivery == .taken { count(response) }
    if isDropped { beginNextRequest(fd) }
    turn.answeredCount &+= 1
    turn.bodyByteCount &+= response.body.byteCount
    turn.position = next
    turn.ending = delivery == .ended ? .closes : planned
    if isTimed { noteAnswer(fd, response, delivery, bytes, &wake) }
    return turn.ending == .keepsOpen && clients.slab[fd].state == .reading ? .next : .stop
  }

  /// Forwards the request in `wake.head`, which starts with the first of `bytes`.
  @inline(never)
  mutating func forward(
    _ fd: Int32,
    _ bytes: Span<UInt8>,
    _ turn: inout Turn,
    _ wake: inout Wake
  ) -> Step {
    let isDropped = clients.slab[fd].isContentDropped
    if forwarder?.isLastServer(for: wake.head, bytes) ?? false {
      return respondAsLastServer(fd, bytes, isDropped, &turn, &wake)
    }
    // A reload turned a path from a file into one of the app: the content was discarded and cannot
    // be forwarded.
    guard !isDropped else {
      return refuse(fd, for: .droppedContent, bytes, &turn, &wake)
    }
    let keepsAlive = keepsAlive(wake.head, turn)
    switch forward(fd, turn.position, keepsAlive: keepsAlive, bytes, &wake) {
    case .begun:
      turn.answeredCount &+= 1
      return .forwarded
    case .postponed: return .stop
    case .refused(let status, let reason):
      return refuse(fd, status, bytes, &turn, &wake, reason)
    }
  }

  /// Answers OPTIONS with `Max-Forwards: 0` for this server (RFC 9110 §7.6.2).
  @inline(never)
  private mutating func respondAsLastServer(
    _ fd: Int32,
    _ bytes: Span<UInt8>,
    _ isDropped: Bool,
    _ turn: inout Turn,
    _ wake: inout Wake
  ) -> Step {
    respond(fd, files.planForServer, bytes, isDropped, &turn, &wake)
  }

  /// Counts a response for a file.
  @inline(always)
  private func count(_ response: ResponsePlan) {
    unsafe clients.adder.add(Counter(status: response.status.rawValue))
    unsafe clients.adder.add(Counter(response.coding))
    unsafe clients.adder.add(.bytesSaved, Int(response.savedByteCount))
    if response.deltaSavedByteCount > 0 {
      unsafe clients.adder.add(.deltaBytesSaved, Int(response.deltaSavedByteCount))
    }
  }

  /// Refuses a request with `status`; the turn and then the connection end.
  @inline(never)
  mutating func refuse(
    _ fd: Int32,
    _ status: ResponseStatus,
    _ bytes: Span<UInt8>,
    _ turn: inout Turn,
    _ wake: inout Wake,
    _ reason: FailureReason = .none
  ) -> Step {
    if refuse(fd, status, bytes, &wake, reason) { turn.ending = .closes }
    return .stop
  }

  /// Refuses a request for `reason`, which has a status; the turn and then the connection end.
  @inline(never)
  mutating func refuse(
    _ fd: Int32,
    for reason: FailureReason,
    _ bytes: Span<UInt8>,
    _ turn: inout Turn,
    _ wake: inout Wake
  ) -> Step {
    refuse(fd, reason.ownStatus, bytes, &turn, &wake, reason)
  }

  /// Whether the connection may carry another request after the one in `head`.
  @inline(always)
  func keepsAlive(_ head: RequestHead, _ turn: Turn) -> Bool {
    head.keepsAlive && turn.requestCount < clients.limits.earlierCountMax
  }

  /// `answer`, not inlined, for requests that are processed later than they were received.
  @inline(never)
  mutating func answerAgain(_ fd: Int32, _ wake: inout Wake) { answer(fd, &wake) }

  /// Skips empty lines, which some clients send after a request (RFC 9112 §2.2).
  ///
  /// They do not start another request.
  @inline(always)
  private func skipEmptyLines(_ turn: inout Turn, _ wake: borrowing Wake) {
    while wake.input.count &- turn.position >= 2, wake.input.hasEmptyLine(at: turn.position) {
      turn.position &+= 2
    }
  }

  /// What happens to the connection after a request.
  @inline(always)
  static func ending(
    _ keepsAlive: Bool,
    hasMore: Bool,
    _ wake: borrowing Wake
  ) -> ConnectionEnding {
    guard keepsAlive else { return .closes }
    // While the loop stops, requests that are already received are answered first.
    return !wake.isDraining || hasMore ? .keepsOpen : .closes
  }

  @inline(always)
  static func keepAliveSuffix(_ head: RequestHead) -> HeadSuffix {
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
    _ turn: Turn,
    _ wake: inout Wake
  ) {
    if clients.slab[fd].state == .reading { clients.flush(fd, &wake) }
    switch clients.slab[fd].state {
    case .free, .prelude, .waiting, .skipping, .lingering, .breaking, .exchanging:
      return
    case .sending:
      clients.keepInput(fd, from: turn.position, &wake)
      clients.setEnding(fd, turn.ending)
    case .reading:
      switch turn.ending {
      case .keepsOpen where turn.isCut:
        clients.keepInput(fd, from: turn.position, &wake)
        clients.setDeadline(fd, .head, at: wake.now)
        answerLater(fd)
      case .keepsOpen: waitForRequest(fd, turn, &wake)
      case .awaitsContent: beginSkipping(fd, turn.position, &wake)
      case .awaitsTable: waitForTable(fd, turn.position, &wake)
      case .closes: clients.linger(fd, &wake)
      }
    }
  }

  @inline(always)
  private mutating func waitForRequest(
    _ fd: Int32,
    _ turn: Turn,
    _ wake: inout Wake
  ) {
    if turn.position < wake.input.count {
      // The head time-out starts at the first byte of a head; later bytes do not extend it.
      if turn.answeredCount > 0 || !clients.slab[fd].awaitsHead {
        clients.setDeadline(fd, wake.isDraining ? .drain : .head, at: wake.now)
        clients.slab[fd].awaitsHead = true
      }
      clients.keepInput(fd, from: turn.position, &wake)
    } else if !wake.isDraining {
      if unsafe clients.slab[fd].work != nil { clients.slab.dropWork(fd) }
      // Empty lines do not extend the deadline.
      guard turn.answeredCount > 0 else { return }
      clients.setDeadline(fd, .keepAlive, at: wake.now)
      clients.slab[fd].awaitsHead = false
    } else {
      endIdle(fd, &wake)
    }
  }
}
