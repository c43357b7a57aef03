internal import CLinux
internal import StaticAssets

/// The log lines of requests without an exchange, and their times.
extension HTTP1Server {
  /// Logs and measures the request in `wake.head` and its `response`; both later if the client has
  /// not received all of it.
  mutating func noteAnswer(
    _ fd: Int32,
    _ response: ResponsePlan,
    _ delivery: StaticResponder.Delivery,
    _ bytes: Span<UInt8>,
    _ wake: inout Wake
  ) {
    guard clients.slab[fd].state == .reading, delivery == .taken else {
      noteUnfinished(fd, response, delivery, bytes, wake)
      return
    }
    let byteCount = files.bodyByteCount(response)
    let elapsed = wake.clock.elapsed(isLarge: byteCount > Int64(StaticResponder.copiedBodyMax))
    if measures { unsafe clients.adder.add(Latency.Responder.files, nanoseconds: elapsed) }
    guard log.isOn else { return }
    var line = line(fd, status: response.status.rawValue)
    line.bodyByteCount = byteCount
    line.coding = LogCoding(response.coding)
    line.duration = elapsed
    if trustsPeers { fill(&line, from: fd, bytes, wake.head) }
    log.add(line, wake.head, in: bytes, identifierIn: bytes, wake.moment)
  }

  /// A line about connection `fd` itself.
  @inline(always)
  func line(_ fd: Int32, status: UInt16) -> RequestLog.Line {
    RequestLog.Line(
      peer: clients.slab[fd].peer,
      status: status,
      bodyByteCount: 0,
      isSecure: clients.slab[fd].isSecure,
      connection: clients.number(of: fd),
      duration: 0
    )
  }

  /// Records a response that has failed, or that waits for its client.
  @inline(never)
  private mutating func noteUnfinished(
    _ fd: Int32,
    _ response: ResponsePlan,
    _ delivery: StaticResponder.Delivery,
    _ bytes: Span<UInt8>,
    _ wake: borrowing Wake
  ) {
    let isTaken = delivery == .taken
    var line = line(fd, status: (isTaken ? response.status : .internalError).rawValue)
    if isTaken {
      line.bodyByteCount = files.bodyByteCount(response)
      line.coding = LogCoding(response.coding)
      if clients.slab[fd].state == .free {
        let (reason, unsentByteCount) = clients.brokenResponse
        clients.giveUp(&line, for: reason, unsentByteCount: unsentByteCount)
      }
    } else {
      line.reason = .unreadableFile
      unsafe clients.adder.add(FailureReason.unreadableFile)
    }
    if trustsPeers { fill(&line, from: fd, bytes, wake.head) }
    let draft = ResponseDraft(
      start: wake.requestStart,
      line: line,
      head: log.isOn ? wake.head : RequestHead(),
      bytes: log.isOn ? (0..<wake.head.byteCount).map { bytes[$0] } : []
    )
    if isTaken, clients.slab[fd].state == .sending {
      clients.slab[work: fd].draft = draft
    } else {
      finish(draft, wake)
    }
  }

  /// Logs and measures the responses that have ended since they waited for their clients.
  @inline(never)
  mutating func logDrafts(_ wake: borrowing Wake) {
    for draft in clients.takeDrafts() { finish(draft, wake) }
  }

  private mutating func finish(_ draft: ResponseDraft, _ wake: borrowing Wake) {
    var line = draft.line
    line.duration = max(0, wake.nanoseconds - draft.start)
    if measures {
      unsafe clients.adder.add(Latency.Responder.files, nanoseconds: line.duration)
    }
    guard log.isOn else { return }
    let bytes = draft.bytes
    log.add(line, draft.head, in: bytes.span, identifierIn: bytes.span, wake.moment)
  }

  /// Sets the values that a trusted proxy reports for the request in `head`.
  @inline(never)
  private func fill(
    _ line: inout RequestLog.Line,
    from fd: Int32,
    _ bytes: Span<UInt8>,
    _ head: RequestHead
  ) {
    fill(&line, from: view(fd, bytes, head))
  }

  /// Sets the values of `view`.
  func fill(_ line: inout RequestLog.Line, from view: ForwardedView) {
    line.peer = view.client
    line.isSecure = view.scheme == .https
    line.identifier = view.requestID
    line.host = view.host
  }

  /// Logs the rejection of a request on connection `fd` with `status` and `byteCount` bytes of content.
  ///
  /// Only the parts that `wake.head` has parsed from `bytes` are logged.
  @inline(never)
  mutating func logRefusal(
    _ fd: Int32,
    _ status: ResponseStatus,
    _ byteCount: Int,
    _ bytes: Span<UInt8>,
    _ wake: borrowing Wake,
    _ reason: FailureReason
  ) {
    var line = line(fd, status: status.rawValue)
    line.bodyByteCount = Int64(byteCount)
    line.reason = reason
    let head = wake.head.requestLine.isEmpty ? RequestHead() : wake.head
    // What a proxy reports of a client counts only in a head that is whole.
    if trustsPeers, head.byteCount > 0 { fill(&line, from: fd, bytes, head) }
    log.add(line, head, in: bytes, identifierIn: bytes, wake.moment)
  }
}
