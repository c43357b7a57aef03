internal import StaticAssets

/// The health path: for platforms that probe the main listener.
extension HTTP1Server {
  /// Whether the request in `head` has the health path, which is not empty.
  @inline(never)
  func isForHealth(_ head: RequestHead, _ bytes: Span<UInt8>) -> Bool {
    let range = head.path.range
    guard range.count == healthPath.count else { return false }
    for index in 0..<range.count {
      guard bytes[range.lowerBound + index] == healthPath[index] else { return false }
    }
    return true
  }

  /// Responds to such a request: 200 if the server accepts requests, else 503; the host is ignored.
  @inline(never)
  mutating func answerHealth(
    _ fd: Int32,
    _ bytes: Span<UInt8>,
    _ turn: inout Turn,
    _ wake: inout Wake
  ) -> Step {
    let status = healthStatus(wake)
    let response = HealthResponse(status)
    guard clients.makeRoom(fd, HealthResponse.byteCountMax, &wake) else { return .stop }
    // Content of a probe is not read, so the bytes behind the head are ambiguous.
    let keepsAlive = keepsAlive(wake.head, turn) && wake.head.content.isNone
    let next = turn.position &+ wake.head.byteCount
    turn.ending = Self.ending(keepsAlive, hasMore: next < wake.input.count, wake)
    let suffix = turn.ending == .keepsOpen ? Self.keepAliveSuffix(wake.head) : .close
    let (start, count) = unsafe wake.suffixes.bytes(of: suffix)
    wake.output.append(response.head)
    unsafe wake.output.append(start, count)
    let isHead = wake.head.method == .head
    if !isHead { wake.output.append(response.body) }
    unsafe clients.adder.add(Counter(status: response.status))
    if response.reason != .none { unsafe clients.adder.add(response.reason) }
    turn.answeredCount &+= 1
    turn.position = next
    if log.isOn {
      var line = line(fd, status: response.status)
      line.bodyByteCount = isHead ? 0 : Int64(response.body.count)
      line.reason = response.reason
      if trustsPeers { fill(&line, from: view(fd, bytes, wake.head)) }
      log.add(line, wake.head, in: bytes, identifierIn: bytes, wake.moment)
    }
    return turn.ending == .keepsOpen && clients.slab[fd].state == .reading ? .next : .stop
  }

  private func healthStatus(_ wake: borrowing Wake) -> HealthResponse.Status {
    switch wake.head.method {
    case .get, .head: break
    case .options, .other: return .methodNotAllowed
    }
    if wake.isDraining { return .notReady(.draining) }
    return presence.isKnown && !files.current.isPending ? .ready : .notReady(.starting)
  }
}

/// A response of the health path.
struct HealthResponse {
  enum Status: Equatable {
    case ready
    case notReady(Readiness)
    case methodNotAllowed
  }

  /// The maximum size of such a response in bytes, including the end of the head.
  static let byteCountMax = 1024

  let status: UInt16
  /// Why requests are not welcome; `none` if they are.
  let reason: FailureReason
  /// The head without `Date`, `Connection` and the empty line.
  let head: [UInt8]
  let body: [UInt8]

  init(_ status: Status) {
    let (line, field, text) =
      switch status {
      case .ready: ("200 OK", "", "ok\n")
      case .notReady(let readiness):
        ("503 Service Unavailable", "Retry-After: 2\r\n", "\(readiness.rawValue)\n")
      case .methodNotAllowed: ("405 Method Not Allowed", "Allow: GET, HEAD\r\n", "")
      }
    self.status =
      switch status {
      case .ready: 200
      case .notReady: 503
      case .methodNotAllowed: 405
      }
    reason = if case .notReady(let readiness) = status { FailureReason(readiness) } else { .none }
    body = Array(text.utf8)
    head = Array(
      """
      HTTP/1.1 \(line)\r
      Content-Type: text/plain; charset="utf-8"\r
      Content-Length: \(body.count)\r
      Cache-Control: no-store\r
      \(field)
      """.utf8
    )
  }
}
