internal import CLinux
internal import Glibc
internal import StaticAssets

extension EventLoop {
  /// Receives once from connection `number` and answers every complete request.
  @inline(always)
  mutating func receive(_ number: Int32) {
    if fillInput(number) { answer(number) }
  }

  /// Receives once from connection `number` into `input`, behind what it had kept; false when nothing
  /// came.
  @inline(always)
  mutating func fillInput(_ number: Int32) -> Bool {
    input.clear()
    if connections[number].input.count > 0 { takeInput(of: number) }
    let result = unsafe clinux_receive(number, input.start + input.count, input.room)
    guard result > 0 else {
      receiveFailed(number, result)
      return false
    }
    input.take(result)
    return true
  }

  /// Answers the requests in `input`, and keeps what is left of it for later.
  @inline(always)
  mutating func answer(_ number: Int32) {
    var position = 0
    var ending = Ending.keepsOpen
    let requestCount = connections[number].requestCount
    var answeredCount: UInt32 = 0
    requests: while true {
      skipEmptyLines(&position)
      guard position < input.count else { break }
      let bytes = unsafe Span<UInt8>(
        _unsafeBytes: UnsafeRawBufferPointer(
          start: input.start + position,
          count: input.count &- position
        )
      )
      switch RequestHeadParser.parse(bytes, limits: limits.request, into: &head) {
      case .incomplete:
        break requests
      case .rejected(let status):
        if refuse(number, status, bytes) { ending = .closes }
        break requests
      case .complete:
        if limits.redirectsToHTTPS, let delivery = redirect(number, bytes) {
          if delivery == .ended { ending = .closes }
          break requests
        }
        guard let response = plan(bytes) else {
          let keepsAlive = head.keepsAlive && requestCount &+ answeredCount < limits.earlierCountMax
          switch forward(number, position, keepsAlive: keepsAlive, bytes) {
          case .begun:
            connections[number].requestCount = requestCount &+ answeredCount &+ 1
            return
          case .postponed: break
          case .refused(let status):
            if refuse(number, status, bytes) { ending = .closes }
          }
          break requests
        }
        var next = position &+ head.byteCount
        var keepsAlive = head.keepsAlive && requestCount &+ answeredCount < limits.earlierCountMax
        if head.content != .none {
          switch contentEnd(number, from: next) {
          case .at(let end): next = end
          case .unread: keepsAlive = false
          case .awaited:
            ending = .awaitsContent
            break requests
          case .refused(let status):
            if refuse(number, status, bytes) { ending = .closes }
            break requests
          }
        }
        let planned = self.ending(keepsAlive, hasMore: next < input.count)
        let tail = planned == .keepsOpen ? keepAliveTail : .close
        let delivery = deliver(number, response, tail, bytes)
        guard delivery != .postponed else { break requests }
        if delivery == .taken { unsafe adder.add(Counter(status: response.status.rawValue)) }
        if head.content != .none { connections[number].content = .unread }
        answeredCount &+= 1
        position = next
        ending = delivery == .ended ? .closes : planned
        if log.isOn { logRequest(number, response, delivery, bytes) }
        if ending != .keepsOpen || connections[number].state != .reading { break requests }
      }
    }
    connections[number].requestCount = requestCount &+ answeredCount
    finishTurn(number, position, ending, hasAnswered: answeredCount > 0)
  }

  /// The same, where a request is not answered as soon as it comes.
  @inline(never)
  mutating func answerAgain(_ number: Int32) { answer(number) }

  /// Steps over empty lines, which some clients send after a request (RFC 9112 §2.2): they are no
  /// beginning of another.
  @inline(always)
  private func skipEmptyLines(_ position: inout Int) {
    while input.count &- position >= 2, input.hasEmptyLine(at: position) {
      position &+= 2
    }
  }

  /// How the connection goes on after the request in `head`.
  @inline(always)
  private func ending(_ keepsAlive: Bool, hasMore: Bool) -> Ending {
    guard keepsAlive else { return .closes }
    // While the loop ends, the requests that have come already are answered first.
    return drainDeadline == nil || hasMore ? .keepsOpen : .closes
  }

  @inline(always)
  private var keepAliveTail: HeadTail { head.isVersion10 ? .keepAliveVersion10 : .keepAlive }

  /// The answer to the request in `head`; nil when it is for the app.
  @inline(always)
  private func plan(_ bytes: Span<UInt8>) -> ResponsePlan? {
    unsafe table._withUnsafeGuaranteedRef { table in
      if let plan = table.plan(for: head, in: bytes) { return plan }
      // `OPTIONS *` asks about this server, whatever is behind it.
      guard !forwards || head.isForServer(bytes) else { return nil }
      return table.planOutside(for: head, in: bytes)
    }
  }

  /// Sends what was answered, then waits, or closes.
  @inline(always)
  private mutating func finishTurn(
    _ number: Int32,
    _ position: Int,
    _ ending: Ending,
    hasAnswered: Bool
  ) {
    if connections[number].state == .reading { flush(number) }
    switch connections[number].state {
    case .free, .greeting, .skipping, .lingering, .forwarding:
      return
    case .sending:
      keepInput(of: number, from: position)
      setEnding(number, ending)
    case .reading:
      switch ending {
      case .keepsOpen: waitForRequest(number, position, hasAnswered)
      case .awaitsContent: beginSkipping(number, position)
      case .closes: linger(number)
      }
    }
  }

  @inline(always)
  private mutating func waitForRequest(
    _ number: Int32,
    _ position: Int,
    _ hasAnswered: Bool
  ) {
    if position < input.count {
      // The time for a head runs from its first byte, however slowly the others follow.
      if hasAnswered || !connections[number].timesHead {
        connections[number].deadline = now + limits.head
        connections[number].timesHead = true
      }
      keepInput(of: number, from: position)
    } else if drainDeadline == nil {
      // Empty lines alone earn no more time.
      guard hasAnswered else { return }
      connections[number].deadline = now + limits.keepAlive
      connections[number].timesHead = false
    } else {
      endIdle(number)
    }
  }
}
