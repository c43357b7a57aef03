internal import CLinux
internal import Glibc
internal import StaticAssets

/// The access log of the loop.
extension EventLoop {
  /// Logs the request in `head`, which was answered as `response` says.
  mutating func logRequest(
    _ number: Int32,
    _ response: ResponsePlan,
    _ delivery: Delivery,
    _ bytes: Span<UInt8>
  ) {
    let isDelivered = delivery == .taken
    let peer = connections[number].peer
    let line = RequestLog.Line(
      peer: limits.trustsPeers ? clientAddress(number, bytes) : peer,
      status: (isDelivered ? response.status : .internalError).rawValue,
      bodyByteCount: isDelivered ? bodyByteCount(response) : 0,
      seconds: clinux_realtime_seconds()
    )
    log.add(line, head, in: bytes, now: now)
  }

  private func bodyByteCount(_ response: ResponsePlan) -> Int64 {
    if case .parts = response.body { return multipartByteCount }
    return response.body.byteCount
  }

  /// Answers a request whose head is no good with `status`, as the last one, and logs what of it
  /// was understood; false when it was not made because the buffer has to be sent first.
  @inline(never)
  mutating func refuse(_ number: Int32, _ status: ResponseStatus, _ bytes: Span<UInt8>) -> Bool {
    guard reject(number, status) else { return false }
    if log.isOn {
      logRefusal(number, status, head.requestLine.isEmpty ? RequestHead() : head, bytes)
    }
    return true
  }

  /// Logs that connection `number` was refused with `status`; of the request no more is known than
  /// what `head` says of `bytes`.
  @inline(never)
  mutating func logRefusal(
    _ number: Int32,
    _ status: ResponseStatus,
    _ head: RequestHead = RequestHead(),
    _ bytes: Span<UInt8> = Span()
  ) {
    let line = RequestLog.Line(
      peer: connections[number].peer,
      status: status.rawValue,
      bodyByteCount: 0,
      seconds: clinux_realtime_seconds()
    )
    log.add(line, head, in: bytes, now: now)
  }

  /// Hands over the last lines, if the writer takes them within a second.
  mutating func finishLog() {
    for _ in 0..<100 where log.handOverTime < Int64.max {
      log.handOver(now: now)
      if log.handOverTime < Int64.max { usleep(10_000) }
    }
  }
}
