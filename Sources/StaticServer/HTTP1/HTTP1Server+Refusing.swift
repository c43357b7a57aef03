internal import CLinux
internal import StaticAssets

/// Requests that are answered without a file or an app, and the lines of the access log.
extension HTTP1Server {
  /// Answers a request whose head is malformed or not allowed with `status`, as the last one, and logs
  /// what of it was understood; false when it was not made because the buffer has to be sent first.
  @inline(never)
  mutating func refuse(
    _ fd: Int32,
    _ status: ResponseStatus,
    _ bytes: Span<UInt8>,
    _ wake: inout Wake
  ) -> Bool {
    let isHead = ErrorResponse.isHead(bytes)
    guard clients.append(status, isHead: isHead, to: fd, &wake) else { return false }
    if log.isOn {
      let head = wake.head.requestLine.isEmpty ? RequestHead() : wake.head
      logRefusal(fd, status, head, bytes, at: wake.now)
    }
    return true
  }

  /// Answers a request that does not come to its end, logs it and ends the connection; `wake.output`
  /// must be empty.
  mutating func refuseAndEnd(_ fd: Int32, _ status: ResponseStatus, _ wake: inout Wake) {
    wake.input.clear()
    clients.takeInput(fd, &wake)
    let bytes = unsafe Span<UInt8>(
      _unsafeBytes: UnsafeRawBufferPointer(start: wake.input.start, count: wake.input.count)
    )
    let isHead = ErrorResponse.isHead(bytes)
    if log.isOn { logRefusal(fd, status, at: wake.now) }
    clients.refuseAndEnd(fd, status, isHead: isHead, &wake)
  }

  /// Sends the client of the request in `wake.head` to HTTPS, as its last answer here: the next one
  /// goes elsewhere; nil when the request is to be answered as it is.
  @inline(never)
  mutating func redirect(
    _ fd: Int32,
    _ bytes: Span<UInt8>,
    _ wake: inout Wake
  ) -> StaticResponder.Delivery? {
    let view = view(fd, bytes, wake.head)
    guard HTTPSRedirect.isDue(view, policy) else { return nil }
    let needed = Int(wake.head.target.count) + HTTPSRedirect.addedBytesMax
    guard clients.makeRoom(fd, needed, &wake) else { return .postponed }
    let head = wake.head
    guard let status = HTTPSRedirect.append(head, bytes, view, to: &wake.output) else {
      return nil
    }
    let (start, count) = unsafe wake.suffixes.bytes(of: .close)
    unsafe wake.output.append(start, count)
    unsafe clients.adder.add(Counter(status: status))
    if log.isOn {
      let line = RequestLog.Line(
        peer: view.client,
        status: status,
        bodyByteCount: 0,
        seconds: clinux_realtime_seconds()
      )
      log.add(line, head, in: bytes, now: wake.now)
    }
    return .ended
  }

  /// Who is behind the request in `head`, which was parsed from `bytes`.
  private func view(_ fd: Int32, _ bytes: Span<UInt8>, _ head: RequestHead) -> ForwardedView {
    ForwardedView(
      head,
      bytes,
      peer: clients.slab[fd].peer,
      scheme: clients.slab[fd].isSecure ? .https : .http,
      trust: policy.trust
    )
  }

  /// The address of the client that has sent the request in `head`.
  @inline(never)
  private func clientAddress(
    _ fd: Int32,
    _ bytes: Span<UInt8>,
    _ head: RequestHead
  ) -> PeerAddress {
    view(fd, bytes, head).client
  }

  /// Logs the request in `wake.head`, which was answered as `response` says.
  mutating func logRequest(
    _ fd: Int32,
    _ response: ResponsePlan,
    _ delivery: StaticResponder.Delivery,
    _ bytes: Span<UInt8>,
    _ wake: borrowing Wake
  ) {
    let isDelivered = delivery == .taken
    let peer = clients.slab[fd].peer
    let line = RequestLog.Line(
      peer: trustsPeers ? clientAddress(fd, bytes, wake.head) : peer,
      status: (isDelivered ? response.status : .internalError).rawValue,
      bodyByteCount: isDelivered ? files.bodyByteCount(response) : 0,
      seconds: clinux_realtime_seconds()
    )
    log.add(line, wake.head, in: bytes, now: wake.now)
  }

  /// Logs that connection `fd` was refused with `status`; of the request no more is known than what
  /// `head` says of `bytes`.
  @inline(never)
  private mutating func logRefusal(
    _ fd: Int32,
    _ status: ResponseStatus,
    _ head: RequestHead = RequestHead(),
    _ bytes: Span<UInt8> = Span(),
    at now: Int64
  ) {
    let line = RequestLog.Line(
      peer: clients.slab[fd].peer,
      status: status.rawValue,
      bodyByteCount: 0,
      seconds: clinux_realtime_seconds()
    )
    log.add(line, head, in: bytes, now: now)
  }
}
