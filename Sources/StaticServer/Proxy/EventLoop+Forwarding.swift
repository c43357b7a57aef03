internal import CLinux
internal import Glibc
internal import StaticAssets

/// The client's side of a forwarded request: its content is taken in whole before the app hears of
/// it, so that a slow client holds no worker of the app.
///
/// `output` is empty between two steps. The unsafe parts are parts of `input`, `output` and of what
/// a connection keeps, which live longer than the calls that are given them.
extension EventLoop {
  /// What became of a request that is for the app.
  enum Forwarding {
    /// It has an exchange, and what follows it in `input` is kept with the connection.
    case begun
    /// The client does not take what was answered before; the request is to be looked at again.
    case postponed
    /// It is refused with this status.
    case refused(ResponseStatus)
  }

  /// Begins to forward the request in `head`, which begins at `position` of `input` with the first
  /// of `bytes`.
  @inline(never)
  mutating func forward(
    _ number: Int32,
    _ position: Int,
    keepsAlive: Bool,
    _ bytes: Span<UInt8>
  ) -> Forwarding {
    guard let forwarder else { return .refused(.notFound) }
    flush(number)
    guard connections[number].state == .reading else { return .postponed }
    let request = ForwardedRequest(head, in: bytes)
    if let refusal = request.refusal { return .refused(refusal) }
    if case .length(let count) = head.content, count > forwarder.configuration.contentBytesMax {
      return .refused(.contentTooLarge)
    }
    guard output.room >= head.byteCount + ForwardedFields.addedBytesMax else {
      return .refused(.fieldsTooLarge)
    }
    let view = forwarder.fields.view(
      of: head,
      in: bytes,
      from: connections[number].peer,
      isSecure: connections[number].isSecure
    )
    let identifier = forwarder.fields.append(
      head,
      in: bytes,
      view,
      identifier: forwarder.identifiers.next(),
      milliseconds: clinux_realtime_nanoseconds() / 1_000_000,
      to: &output
    )
    guard let identifier else { return .refused(.badRequest) }
    let keepsHead = log.isOn || !forwarder.namedFiles.isEmpty
    let appHead = unsafe Array(UnsafeRawBufferPointer(start: output.start, count: output.count))
    output.clear()
    let exchange = ProxyExchange(
      client: number,
      request,
      ProxyExchange.Origin(
        address: view.client,
        isSecure: view.scheme == .https,
        identifier: identifier
      ),
      head,
      appHead: appHead,
      headBytes: keepsHead ? (0..<head.byteCount).map { bytes[$0] } : [],
      keepsAlive: keepsAlive,
      memoryBytesMax: forwarder.configuration.memoryBytesMax,
      interest: UInt32(CLINUX_READABLE)
    )
    forwarder.add(exchange)
    connections[number].state = .forwarding
    connections[number].timesHead = false
    connections[number].deadline = limits.content.deadline(from: now)
    unsafe adder.add(.forwarded)
    let start = position + head.byteCount
    if request.isExpecting, head.content != .none, start == input.count {
      askForContent(exchange)
    } else {
      takeContent(exchange, from: start)
    }
    return .begun
  }

  /// Lets a client go on that waits for it (RFC 9110 §10.1.1).
  private mutating func askForContent(_ exchange: ProxyExchange) {
    output.append("HTTP/1.1 100 Continue\r\n\r\n")
    let result = unsafe clinux_send(exchange.client, output.start, output.count, 0)
    let isSent = result == output.count
    output.clear()
    // Nothing else is on its way to the client, so that these few bytes always find room.
    if !isSent { close(exchange.client) }
  }

  /// Something has happened at the client of an exchange.
  @inline(never)
  mutating func clientIsReady(_ number: Int32) {
    guard let exchange = forwarder?.exchange(of: number) else { return }
    switch exchange.phase {
    case .receivingContent: receiveContent(exchange)
    case .tunnel: tunnelClientIsReady(exchange)
    case .waitingToConnect, .exchanging, .delivering:
      if exchange.unsentToClient > 0 {
        drain(exchange)
      } else {
        watch(exchange)
      }
    }
  }

  /// Looks why a client that waits for its response is ready: it has sent another request, or has
  /// ended its side, or is gone.
  ///
  /// A client that has ended its side may take the response all the same: TCP tells it from one that
  /// is gone only when something is sent to it (RFC 9112 §9.6).
  private mutating func watch(_ exchange: ProxyExchange) {
    switch exchange.watchInterest {
    case UInt32(CLINUX_READABLE):
      let result = clinux_peek(exchange.client)
      if result == -Int(EAGAIN) || result == -Int(EINTR) { return }
      guard result >= 0 else {
        close(exchange.client)
        return
      }
      // Another request waits in the system's buffer until this one is answered.
      exchange.watchInterest = result > 0 ? UInt32(CLINUX_PEER_FINISHED) : 0
      updateClientInterest(exchange)
    case UInt32(CLINUX_PEER_FINISHED):
      exchange.watchInterest = 0
      updateClientInterest(exchange)
    default:
      // Nothing was asked for, so this is the end of both directions.
      close(exchange.client)
    }
  }

  private mutating func receiveContent(_ exchange: ProxyExchange) {
    let number = exchange.client
    input.clear()
    let result = unsafe clinux_receive(number, input.start, input.room)
    guard result > 0 else {
      if result != -Int(EAGAIN), result != -Int(EINTR) { close(number) }
      return
    }
    input.take(result)
    let deadline = connections[number].deadline
    connections[number].deadline = limits.content.deadline(deadline, after: Int64(result), at: now)
    takeContent(exchange, from: 0)
  }

  /// Stores the content that stands in `input` from `start` on; at its end the app is asked.
  private mutating func takeContent(_ exchange: ProxyExchange, from start: Int) {
    guard let configuration = forwarder?.configuration else { return }
    let bytes = unsafe Span<UInt8>(
      _unsafeBytes: UnsafeRawBufferPointer(start: input.start, count: input.count)
    )
    var position = start
    while true {
      switch exchange.reader.next(bytes, at: &position) {
      case .data(let range):
        guard exchange.reader.byteCount <= configuration.contentBytesMax else {
          fail(exchange, .contentTooLarge)
          return
        }
        let part = unsafe UnsafeRawBufferPointer(
          start: input.start + range.lowerBound,
          count: range.count
        )
        let directory = configuration.temporaryDirectory
        guard unsafe exchange.content.append(part, fileIn: directory) >= 0 else {
          fail(exchange, .serviceUnavailable)
          return
        }
      case .incomplete:
        return
      case .malformed:
        fail(exchange, .badRequest)
        return
      case .end:
        if position < input.count { keepInput(of: exchange.client, from: position) }
        connections[exchange.client].deadline = .max
        askApp(exchange)
        return
      }
    }
  }
}
