internal import CLinux
internal import StaticAssets

/// Receives the app's response and passes it on in a framing that the client understands.
///
/// The unsafe parts are ranges of `wake.input`, which does not change while they are used.
extension Forwarder {
  /// The limit of a response head in bytes; a longer one is malformed.
  private static let headBytesMax = 60_000

  /// Receives once from the app and passes on the bytes of the response.
  mutating func receiveResponse(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    guard exchange.upstream.fd >= 0 else { return }
    wake.input.clear()
    wake.input.append(exchange.response.partialHead)
    let result = unsafe clinux_receive(
      exchange.upstream.fd,
      wake.input.start + wake.input.count,
      wake.input.room
    )
    if result == -Int(CLINUX_AGAIN) || result == -Int(CLINUX_INTERRUPTED) { return }
    guard result > 0 else {
      responseHasEnded(
        &exchange,
        isClean: result == 0,
        isReset: result == -Int(CLINUX_RESET),
        &clients,
        &wake
      )
      return
    }
    wake.input.take(result)
    takeResponse(&exchange, &clients, &wake)
  }

  /// Handles the bytes in `wake.input`, which follow the stored partial head, if there is one.
  mutating func takeResponse(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    exchange.response.partialHead = []
    exchange.upstream.hasHeard = true
    setDeadline(exchange, .response, at: wake.now)
    var position = 0
    if exchange.response.framing == nil {
      guard readHead(&exchange, &position, &clients, &wake) else { return }
    }
    passOn(&exchange, from: position, &clients, &wake)
  }

  /// Parses heads from `position` on, up to the final one, and advances `position`.
  ///
  /// Returns false if the final head is incomplete or the exchange needs no more bytes.
  private mutating func readHead(
    _ exchange: inout Exchange,
    _ position: inout Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Bool {
    while true {
      let bytes = unsafe Span<UInt8>(
        _unsafeBytes: UnsafeRawBufferPointer(
          start: wake.input.start + position,
          count: wake.input.count - position
        )
      )
      var head = UpstreamResponseHead()
      switch UpstreamResponseHead.parse(bytes, isHead: exchange.request.isHead, into: &head) {
      case .complete where head.byteCount <= Self.headBytesMax: break
      case .incomplete where bytes.count <= Self.headBytesMax:
        exchange.response.partialHead = (0..<bytes.count).map { bytes[$0] }
        return false
      case .complete, .incomplete:
        fail(&exchange, .largeHead, &clients, &wake)
        return false
      case .malformed:
        fail(&exchange, head.fault, &clients, &wake)
        return false
      }
      position += head.byteCount
      if exchange.peers.isAsking, head.status == 101 || !head.isInterim {
        let rest = wake.input.count - position
        guard acceptsPeer(&exchange, head, restByteCount: rest, &clients, &wake) else {
          return false
        }
        beginResponse(&exchange, head, bytes, &wake)
        return true
      }
      if head.status == 101 {
        beginTunnel(&exchange, head, bytes, position, &clients, &wake)
        return false
      }
      guard head.isInterim else {
        guard !namesFile(head) else {
          let isWhole = position == wake.input.count
          answerWithFile(&exchange, head, bytes, isWhole: isWhole, &clients, &wake)
          return false
        }
        // A handler declines a request explicitly, so its 404 is sent.
        if head.status == 404, exchange.call == nil, let page = pageInstead(of: exchange) {
          let rest = wake.input.count - position
          answer(with: page, &exchange, head, restByteCount: rest, &clients, &wake)
          return false
        }
        beginResponse(&exchange, head, bytes, &wake)
        return true
      }
      if ForwardedResponseFields.passesInterim(
        status: head.status,
        isVersion10: exchange.request.isVersion10
      ) {
        writeInterimHead(head, bytes, &wake)
        push(&exchange, &clients, &wake)
        guard !exchange.isOver else { return false }
      }
    }
  }

  /// Stores the properties of the final head and writes the client's head to `wake.output`.
  private mutating func beginResponse(
    _ exchange: inout Exchange,
    _ head: UpstreamResponseHead,
    _ bytes: Span<UInt8>,
    _ wake: inout Wake
  ) {
    if !exchange.peers.isOfFile { share.presence.note() }
    exchange.response.framing = head.framing
    exchange.response.ending = head.ending
    if case .length(let count) = head.framing { exchange.response.remaining = count }
    let isOpenEnded = head.framing == .chunked || head.framing == .untilClose
    let isVersion10 = exchange.request.isVersion10
    exchange.response.sendsChunks = isOpenEnded && !isVersion10
    exchange.response.endsWithConnection = isOpenEnded && isVersion10
    if exchange.response.endsWithConnection || wake.isDraining { exchange.keepsAlive = false }
    exchange.response.passesTrailers =
      head.framing == .chunked && exchange.response.sendsChunks && exchange.request.takesTrailers
    exchange.response.isUnbuffered = head.isUnbuffered
    exchange.response.keepAliveTime = head.keepAliveTime
    exchange.response.status = head.status
    exchange.response.coding = LogCoding(bytes, head.contentEncoding)
    if exchange.peers.isOfFile {
      unsafe adder.add(Counter(status: head.status))
    } else {
      note(FailureReason(ofAppStatus: head.status), &exchange)
      count(head.status)
    }
    writeHead(head, bytes, for: exchange, &wake)
  }

  /// Passes on the content in `wake.input` from `start` on.
  private mutating func passOn(
    _ exchange: inout Exchange,
    from start: Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    var position = start
    let hasEnded = passContent(&exchange, &position, &clients, &wake)
    guard !exchange.isOver else {
      wake.output.clear()
      return
    }
    if hasEnded {
      let outcome = ReusePolicy.Outcome(
        trailingByteCount: wake.input.count - position,
        unsentByteCount: exchange.unsentToApp,
        stopsSending: exchange.upstream.stopsSending,
        isBroken: exchange.response.isBroken,
        isOfOneClient: apps[exchange.app].sendsProxyProtocol
      )
      let isReusable = ReusePolicy.mayReuse(exchange.response.ending, outcome)
      endResponse(&exchange, isReusable: isReusable, &clients, &wake)
      return
    }
    push(&exchange, &clients, &wake)
    guard !exchange.isOver else { return }
    pauseIfFull(&exchange)
  }

  /// Ends the app's part of a complete or truncated response; the client gets the rest.
  private mutating func endResponse(
    _ exchange: inout Exchange,
    isReusable: Bool,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    if !exchange.response.isBroken {
      if exchange.response.sendsChunks { endChunks(&exchange, &clients, &wake) }
      releaseHandler(&exchange, cancelling: false)
    }
    releaseApp(&exchange, isReusable: isReusable, &wake)
    beginDelivering(&exchange)
    push(&exchange, &clients, &wake)
    finishIfDelivered(&exchange, &clients, &wake)
  }

  /// Handles the end or failure of the app's connection, or the end of a handler's response.
  mutating func responseHasEnded(
    _ exchange: inout Exchange,
    isClean: Bool,
    isReset: Bool,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    guard let framing = exchange.response.framing else {
      appHasNotAnswered(&exchange, isReset: isReset, &clients, &wake)
      return
    }
    if framing != .untilClose || !isClean {
      exchange.response.isBroken = true
      note(.closedInContent, &exchange)
    }
    endResponse(&exchange, isReusable: false, &clients, &wake)
  }
}
