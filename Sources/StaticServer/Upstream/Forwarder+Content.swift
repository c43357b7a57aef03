internal import CLinux
internal import StaticAssets

/// The client's side of a forwarded request.
///
/// The content is received completely before the app gets the request, so a slow client does not
/// occupy a worker of the app.
///
/// The unsafe parts are ranges of `wake.input` and `wake.output`, which outlive the calls that use
/// them.
extension Forwarder {
  /// The result of `begin`.
  enum Outcome {
    /// An exchange was created; the input behind the request is stored in the connection.
    case begun
    /// Earlier output could not be sent; the request must be forwarded later.
    case postponed
    /// The request must be rejected with this status.
    case refused(ResponseStatus, FailureReason = .none)
  }

  /// The limit of content bytes that wait to be written to a file; at the limit, receiving pauses.
  private static let unwrittenBytesMax = 256 << 10

  /// Whether this server is the last that may get the request, so that `begin` must not be called:
  /// `Max-Forwards` is 0, and the app is another server.
  @inline(never)
  func isLastServer(for head: RequestHead, _ bytes: Span<UInt8>) -> Bool {
    guard MaxForwards.value(head, bytes) == 0 else { return false }
    return apps[app(of: table.upstream(for: head, in: bytes))].address != nil
  }

  /// The index of the app for `upstream`, the result of the table.
  private func app(of upstream: Int?) -> Int { min(upstream ?? 0, appCount - 1) }

  /// Begins to forward the request in `wake.head`.
  ///
  /// The request begins at `position` of `wake.input` with the first of `bytes`. `wake.output` must
  /// be empty.
  @inline(never)
  mutating func begin(
    _ fd: Int32,
    _ position: Int,
    keepsAlive: Bool,
    _ bytes: Span<UInt8>,
    _ clients: inout ClientConnections,
    _ log: inout RequestLog,
    _ wake: inout Wake
  ) -> Outcome {
    let head = wake.head
    let request = ForwardedRequest(head, in: bytes)
    if let refusal = request.refusal { return .refused(refusal) }
    if case .length(let count) = head.content, count > configuration.contentBytesMax {
      return .refused(.contentTooLarge, .largeContent)
    }
    let addedBytesMax = ForwardedFields.addedBytesMax + ByteBuffer.proxyProtocolLineBytesMax
    guard wake.output.room >= head.byteCount + addedBytesMax else {
      return .refused(.fieldsTooLarge)
    }
    let isForPeers = table.isForPeers(head, in: bytes)
    // The table leaves names to peers, but peers are off.
    if isForPeers, !configuration.peers.isOn { return .refused(.notFound) }
    let upstream = table.upstream(for: head, in: bytes)
    let app = isForPeers ? appCount : app(of: upstream)
    let view = fields.view(
      of: head,
      in: bytes,
      from: clients.slab[fd].peer,
      isSecure: clients.slab[fd].isSecure
    )
    if view.ignoresClaims { share.untrusted.note(view.peer) }
    if apps[app].sendsProxyProtocol { wake.output.appendProxyProtocolLine(view.client) }
    let identifier = fields.append(
      head,
      in: bytes,
      view,
      identifier: identifiers.next(),
      milliseconds: (clinux_realtime_nanoseconds() - wake.clock.waited) / 1_000_000,
      goesToServer: apps[app].address != nil,
      to: &wake.output
    )
    guard let identifier else {
      wake.output.clear()
      return .refused(.badRequest)
    }
    guard let id = exchanges.reserve() else {
      wake.output.clear()
      return .refused(.serviceUnavailable, .exhausted)
    }
    let markStart = wake.output.count
    if isForPeers {
      wake.output.append("CDN-Loop: ")
      wake.output.append(FileTable.peerMark)
      wake.output.append("\r\n")
    }
    let mark = markStart..<wake.output.count
    let keepsHead = log.isOn || !namedFiles.isEmpty || table.hasLastPage
    let appHead = unsafe Array(
      UnsafeRawBufferPointer(start: wake.output.start, count: wake.output.count)
    )
    wake.output.clear()
    var exchange = Exchange(
      id,
      client: fd,
      app: app,
      request,
      Exchange.Origin(
        address: view.client,
        isSecure: view.scheme == .https,
        identifier: identifier,
        host: view.host.isEmpty ? ForwardedFields.authority(head, bytes) : view.host,
        connection: clients.number(of: fd)
      ),
      head,
      appHead: appHead,
      headBytes: keepsHead
        ? unsafe bytes.withUnsafeBytes { unsafe Array($0[..<head.byteCount]) } : [],
      keepsAlive: keepsAlive,
      startTime: wake.requestStart,
      memoryBytesMax: configuration.memoryBytesMax
    )
    exchange.peers = PeerProgress(
      isAsking: isForPeers,
      isOfFile: isForPeers,
      app: upstream ?? -1,
      mark: mark
    )
    if !isForPeers { unsafe adder.add(.forwarded) }
    clients.slab[fd].state = .exchanging
    clients.slab[fd].exchange = id
    clients.slab[fd].awaitsHead = false
    let start = position + head.byteCount
    let isAwaited = request.isExpecting && !head.content.isNone && start == wake.input.count
    if let handler = streamingHandler(app, head) {
      callEarly(handler, &exchange, head.content, wake)
      exchange.awaitsContinue = isAwaited
    }
    if isAwaited {
      beginContent(&exchange, &clients, at: wake.now)
      if !exchange.streamsContent { askForContent(&exchange, &clients, &wake) }
    } else {
      takeContent(&exchange, from: start, &clients, &wake)
      if exchange.phase == .receivingContent { beginContent(&exchange, &clients, at: wake.now) }
    }
    settle(exchange, &clients, &log, &wake)
    return .begun
  }

  /// Starts the deadline for the client's content.
  func beginContent(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    at now: Int64
  ) {
    exchange.contentDeadline = clients.limits.content.deadline(from: now)
    clients.setDeadline(exchange.client, .rate, at: now)
  }

  /// Sends 100 (Continue) to a client that expects it.
  ///
  /// Source: RFC 9110 §10.1.1 (100-continue), §15.2.1.
  private mutating func askForContent(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    wake.output.append("HTTP/1.1 100 Continue\r\n\r\n")
    let client = clients.transport(exchange.client)
    let result = unsafe client.send(wake.output.start, wake.output.count, hasMore: false)
    let isSent = result == wake.output.count
    wake.output.clear()
    // The socket is empty, so these few bytes always fit; otherwise the connection has failed.
    if !isSent { drop(&exchange, &clients, at: wake.now) }
  }

  /// Receives once from a client whose content is incomplete.
  mutating func receiveContent(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    wake.input.clear()
    let client = clients.transport(exchange.client)
    let result = unsafe client.receive(wake.input.start, wake.input.room)
    guard result > 0 else {
      if result != -Int(CLINUX_AGAIN), result != -Int(CLINUX_INTERRUPTED) {
        drop(&exchange, &clients, at: wake.now)
      }
      return
    }
    wake.input.take(result)
    if exchange.streamsContent, !exchange.upstream.isPaused {
      setDeadline(exchange, .response, at: wake.now)
    }
    exchange.contentDeadline = clients.limits.content.deadline(
      exchange.contentDeadline,
      after: Int64(result),
      at: wake.now
    )
    takeContent(&exchange, from: 0, &clients, &wake)
  }

  /// Stores the content in `wake.input` from `start` on; forwards the request at its end.
  private mutating func takeContent(
    _ exchange: inout Exchange,
    from start: Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    let bytes = unsafe Span<UInt8>(
      _unsafeBytes: UnsafeRawBufferPointer(start: wake.input.start, count: wake.input.count)
    )
    var position = start
    while true {
      switch exchange.reader.next(bytes, at: &position) {
      case .data(let range):
        guard exchange.reader.byteCount <= configuration.contentBytesMax else {
          fail(&exchange, .largeContent, &clients, &wake)
          return
        }
        let part = unsafe UnsafeRawBufferPointer(
          start: wake.input.start + range.lowerBound,
          count: range.count
        )
        if exchange.streamsContent {
          unsafe exchange.call?.appendUpload(Array(part))
        } else {
          unsafe exchange.content.append(part, mayUseFile: share.spools != nil)
        }
      case .incomplete:
        write(.request, &exchange)
        if exchange.content.hasFailed { fail(&exchange, .failedSpool, &clients, &wake) }
        return
      case .malformed:
        fail(&exchange, .malformedContent, &clients, &wake)
        return
      case .end:
        if position < wake.input.count {
          clients.keepInput(exchange.client, from: position, &wake)
        }
        write(.request, &exchange)
        contentHasCome(&exchange, &clients, &wake)
        return
      }
    }
  }

  /// Forwards the request when all content can be sent.
  private mutating func contentHasCome(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    exchange.phase = .exchanging
    exchange.contentDeadline = .max
    clients.deadlines.cancel(exchange.client)
    guard !exchange.streamsContent else {
      exchange.call?.endUpload(.complete)
      if exchange.sink.unsentCount > 0 { beginRate(&exchange, &clients, at: wake.now) }
      return
    }
    if exchange.content.hasFailed {
      fail(&exchange, .failedSpool, &clients, &wake)
    } else if exchange.content.unwrittenCount > 0 {
      exchange.phase = .storing
    } else {
      askApp(&exchange, &clients, &wake)
    }
  }

  /// Sends 100 (Continue) for the content that the handler requests.
  mutating func askForStreamedContent(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    guard exchange.awaitsContinue, exchange.call?.uploadIsWanted ?? false else { return }
    exchange.awaitsContinue = false
    guard exchange.response.status == 0 else { return }
    askForContent(&exchange, &clients, &wake)
  }

  /// Whether receiving content must pause until stored bytes are written, or until the handler has
  /// read.
  static func storesMuch(_ exchange: borrowing Exchange) -> Bool {
    guard !exchange.streamsContent else {
      return exchange.phase == .receivingContent && exchange.call?.uploadIsFull() ?? false
    }
    return exchange.content.unwrittenCount > unwrittenBytesMax
  }
}
