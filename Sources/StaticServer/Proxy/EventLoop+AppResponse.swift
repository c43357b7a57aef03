internal import CLinux
internal import Glibc
internal import StaticAssets

/// What comes from the app: it is taken as fast as it comes, and passed on in a framing that the
/// client understands.
///
/// The unsafe parts are parts of `input`, which is not changed while they are used.
extension EventLoop {
  /// Bytes of a response's head; longer ones are no good.
  private static let appHeadBytesMax = 60_000

  /// Something has happened at the app's connection `number`.
  mutating func appIsReady(_ number: Int32, _ mark: UInt32) {
    guard let forwarder, let client = forwarder.apps.client(of: number, mark) else { return }
    guard client >= 0, let exchange = forwarder.exchange(of: client), exchange.app == number else {
      // An idle connection has nothing to say but its end.
      forwarder.apps.close(number)
      return
    }
    if exchange.phase == .tunnel {
      tunnelAppIsReady(exchange)
      return
    }
    if exchange.unsentToApp > 0 { sendRequest(exchange) }
    if exchange.app == number, exchange.sentCount > 0, !exchange.isPaused {
      receiveFromApp(exchange)
    }
  }

  /// Receives once from the app and passes on what is of the response.
  mutating func receiveFromApp(_ exchange: ProxyExchange) {
    input.clear()
    input.append(exchange.partialHead)
    let result = unsafe clinux_receive(exchange.app, input.start + input.count, input.room)
    if result == -Int(EAGAIN) || result == -Int(EINTR) { return }
    guard result > 0 else {
      appHasEnded(exchange, isClean: result == 0, isReset: result == -Int(ECONNRESET))
      return
    }
    input.take(result)
    takeResponse(exchange)
  }

  /// Passes on what stands in `input`: the next bytes of the response, behind the partial head that
  /// there may be.
  mutating func takeResponse(_ exchange: ProxyExchange) {
    guard let forwarder else { return }
    exchange.partialHead = []
    exchange.hasHeard = true
    setDeadline(exchange, now + forwarder.responseTime)
    var position = 0
    if exchange.body == nil {
      guard readHead(exchange, &position) else { return }
    }
    passOn(exchange, from: position)
  }

  /// Reads heads from `position` on, which it moves behind them, up to that of the final response;
  /// false when that is not there, or when there is nothing more to do.
  private mutating func readHead(_ exchange: ProxyExchange, _ position: inout Int) -> Bool {
    while true {
      let bytes = unsafe Span<UInt8>(
        _unsafeBytes: UnsafeRawBufferPointer(
          start: input.start + position,
          count: input.count - position
        )
      )
      var head = AppResponseHead()
      switch AppResponseHead.parse(bytes, isHead: exchange.request.isHead, into: &head) {
      case .complete where head.byteCount <= Self.appHeadBytesMax: break
      case .incomplete where bytes.count <= Self.appHeadBytesMax:
        exchange.partialHead = (0..<bytes.count).map { bytes[$0] }
        return false
      case .complete, .incomplete, .malformed:
        fail(exchange, .badGateway)
        return false
      }
      position += head.byteCount
      if head.status == 101 {
        beginTunnel(exchange, head, bytes, position)
        return false
      }
      guard head.isInterim else {
        guard !namesFile(head) else {
          answerWithFile(exchange, head, bytes, isWhole: position == input.count)
          return false
        }
        beginResponse(exchange, head, bytes)
        return true
      }
      // 100 was answered by us; 103 is for the client (RFC 8297 §2).
      if head.status == 103, !exchange.request.isVersion10 {
        writeInterimHead(head, bytes)
        push(exchange)
        guard !exchange.isOver else { return false }
      }
    }
  }

  /// Takes note of the final response's head and writes the client's to `output`.
  private mutating func beginResponse(
    _ exchange: ProxyExchange,
    _ head: AppResponseHead,
    _ bytes: Span<UInt8>
  ) {
    exchange.body = head.framing
    if case .length(let count) = head.framing { exchange.remaining = count }
    let isOpenEnded = head.framing == .chunked || head.framing == .untilClose
    exchange.sendsChunks = isOpenEnded && !exchange.request.isVersion10
    exchange.endsWithConnection = isOpenEnded && exchange.request.isVersion10
    if exchange.endsWithConnection || drainDeadline != nil { exchange.keepsAlive = false }
    exchange.passesTrailers =
      head.framing == .chunked && exchange.sendsChunks && exchange.request.takesTrailers
    exchange.isUnbuffered = head.isUnbuffered
    exchange.appKeepsAlive = head.keepsAlive
    // What it says is when it closes; half a second before that is early enough.
    if head.keepAliveTime < .max { exchange.appIdleTime = head.keepAliveTime - 500 }
    exchange.status = head.status
    unsafe adder.add(Counter(status: head.status))
    writeHead(head, bytes, for: exchange)
  }

  /// Passes on what stands in `input` from `start` on, which is of the response's content.
  private mutating func passOn(_ exchange: ProxyExchange, from start: Int) {
    var position = start
    let hasEnded = passContent(exchange, &position)
    guard !exchange.isOver else {
      output.clear()
      return
    }
    if hasEnded {
      let isReusable =
        exchange.appKeepsAlive && position == input.count && exchange.unsentToApp == 0
        && !exchange.stopsSending && !exchange.isBroken
      endResponse(exchange, isReusable: isReusable)
      return
    }
    push(exchange)
    guard !exchange.isOver else { return }
    pauseIfFull(exchange)
  }

  /// Passes on content from `position`, which it moves; true at its end.
  private mutating func passContent(_ exchange: ProxyExchange, _ position: inout Int) -> Bool {
    switch exchange.body {
    case nil, .empty: return true
    case .length:
      let count = Int(min(Int64(input.count - position), exchange.remaining))
      pass(exchange, position, count)
      position += count
      exchange.remaining -= Int64(count)
      return exchange.remaining == 0
    case .untilClose:
      pass(exchange, position, input.count - position)
      position = input.count
      return false
    case .chunked:
      return passChunks(exchange, &position)
    }
  }

  private mutating func passChunks(_ exchange: ProxyExchange, _ position: inout Int) -> Bool {
    let bytes = unsafe Span<UInt8>(
      _unsafeBytes: UnsafeRawBufferPointer(start: input.start, count: input.count)
    )
    while true {
      let trailerByteCount = exchange.chunks.trailerByteCount
      switch exchange.chunks.next(bytes, at: &position) {
      case .data(let range):
        pass(exchange, range.lowerBound, range.count)
      case .end:
        keepTrailers(exchange, bytes, until: position, after: trailerByteCount)
        return true
      case .incomplete:
        keepTrailers(exchange, bytes, until: position, after: trailerByteCount)
        return false
      case .malformed:
        exchange.isBroken = true
        return true
      }
    }
  }

  /// Keeps what was read of the trailer section since it had `byteCount` bytes; that ends at `end`.
  private func keepTrailers(
    _ exchange: ProxyExchange,
    _ bytes: Span<UInt8>,
    until end: Int,
    after byteCount: Int
  ) {
    guard exchange.passesTrailers else { return }
    let start = end - (exchange.chunks.trailerByteCount - byteCount)
    exchange.trailers += (start..<end).map { bytes[$0] }
  }

  /// Appends `count` bytes of `input` to what the client is sent.
  private mutating func pass(_ exchange: ProxyExchange, _ start: Int, _ count: Int) {
    guard count > 0 else { return }
    exchange.bodyByteCount += Int64(count)
    if exchange.sendsChunks {
      if output.room < 32 { push(exchange) }
      output.append(chunkSize: count)
    }
    var position = start
    let end = start + count
    while position < end, !exchange.isOver {
      if output.room == 0 { push(exchange) }
      let part = min(end - position, output.room)
      unsafe output.append(input.start + position, part)
      position += part
    }
    guard exchange.sendsChunks else { return }
    if output.room < 2 { push(exchange) }
    output.append("\r\n")
  }

  /// The response is whole, or broken: the app is let go, and the client gets the rest.
  private mutating func endResponse(_ exchange: ProxyExchange, isReusable: Bool) {
    if exchange.sendsChunks, !exchange.isBroken { endChunks(exchange) }
    if !exchange.isBroken { releaseHandler(exchange, cancelling: false) }
    releaseApp(exchange, isReusable: isReusable)
    exchange.phase = .delivering
    exchange.deadline = .max
    push(exchange)
    finishIfDelivered(exchange)
  }

  /// Appends the last chunk, and the fields behind it that the client takes.
  private mutating func endChunks(_ exchange: ProxyExchange) {
    if output.room < 5 + exchange.trailers.count { push(exchange) }
    output.append("0\r\n")
    let trailers = exchange.trailers
    var fields = FieldLineReader(at: 0)
    while case .line(let line) = fields.next(trailers.span) {
      guard TrailerFields.mayPass(line.name, trailers.span) else { continue }
      output.append(trailers.span, line.whole)
      output.append("\r\n")
    }
    output.append("\r\n")
  }

  /// The app has closed its connection, or it broke; or a handler has sent everything.
  mutating func appHasEnded(_ exchange: ProxyExchange, isClean: Bool, isReset: Bool) {
    guard let framing = exchange.body else {
      appHasNotAnswered(exchange, isReset: isReset)
      return
    }
    if framing != .untilClose || !isClean { exchange.isBroken = true }
    endResponse(exchange, isReusable: false)
  }

  /// Repeats a request that the app did not answer, if that does no harm, once (RFC 9110 §9.2.2).
  ///
  /// A kept connection may have been closed just before the request came, and a worker may end with
  /// what it has begun. Where a reset tells for certain that it was not read, as when gunicorn's
  /// threads end what they have accepted, no method forbids to send it again.
  private mutating func appHasNotAnswered(_ exchange: ProxyExchange, isReset: Bool) {
    let isUnread = isReset && resetsTellUnread(exchange)
    let mayRepeat = isUnread || exchange.request.isRepeatable
    // What was not seen can be sent until it is.
    guard mayRepeat, !exchange.hasHeard, exchange.repeatCount < (isUnread ? 3 : 1) else {
      fail(exchange, .badGateway)
      return
    }
    exchange.repeatCount += 1
    unsafe adder.add(.repeated)
    connectAfresh(exchange)
  }
}
