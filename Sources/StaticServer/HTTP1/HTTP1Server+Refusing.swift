internal import CLinux
internal import StaticAssets

/// Responses without a file or an app, and the access log.
extension HTTP1Server {
  /// Refuses a malformed or disallowed request with `status` as the last response, and logs it.
  ///
  /// Returns false, without a response, if earlier output must be sent first.
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

  /// Refuses an incomplete request, logs it and ends the connection.
  ///
  /// `wake.output` must be empty.
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

  /// Redirects the request in `wake.head` to HTTPS; the connection closes, because the next request
  /// uses another.
  ///
  /// Returns nil if no redirect is due.
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
    guard let status = HTTPSRedirect.append(head, bytes, view, policy, to: &wake.output) else {
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

  /// The client, scheme and host of the request in `head`, which was parsed from `bytes`.
  private func view(_ fd: Int32, _ bytes: Span<UInt8>, _ head: RequestHead) -> ForwardedView {
    ForwardedView(
      head,
      bytes,
      peer: clients.slab[fd].peer,
      scheme: clients.slab[fd].isSecure ? .https : .http,
      trust: policy.trust
    )
  }

  /// Whether the request in `head` came over HTTPS, to this server or to a trusted proxy.
  @inline(never)
  func isSecure(_ fd: Int32, _ bytes: Span<UInt8>, _ head: RequestHead) -> Bool {
    view(fd, bytes, head).scheme == .https
  }

  /// The address of the client that sent the request in `head`.
  @inline(never)
  private func clientAddress(
    _ fd: Int32,
    _ bytes: Span<UInt8>,
    _ head: RequestHead
  ) -> PeerAddress {
    view(fd, bytes, head).client
  }

  /// Logs the request in `wake.head` and its `response`.
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

  /// Logs the refusal of a request on connection `fd` with `status`.
  ///
  /// Only what `head` has parsed of `bytes` is known of the request.
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
