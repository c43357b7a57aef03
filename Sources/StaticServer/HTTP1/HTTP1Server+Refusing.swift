internal import CLinux
internal import StaticAssets

/// Responses without a file or an app.
extension HTTP1Server {
  /// Refuses a malformed or disallowed request with `status` as the last response, and logs it.
  ///
  /// Returns false, without a response, if earlier output must be sent first.
  @inline(never)
  mutating func refuse(
    _ fd: Int32,
    _ status: ResponseStatus,
    _ bytes: Span<UInt8>,
    _ wake: inout Wake,
    _ reason: FailureReason = .none
  ) -> Bool {
    let isHead = ErrorResponse.isHead(bytes)
    let byteCount = clients.append(status, isHead: isHead, to: fd, &wake)
    guard let byteCount else { return false }
    if reason != .none { unsafe clients.adder.add(reason) }
    if log.isOn { logRefusal(fd, status, byteCount, bytes, wake, reason) }
    return true
  }

  /// Refuses a request that is not complete, or whose content is malformed, not complete in time or
  /// too large; logs it and ends the connection (RFC 9110 §15.5.9).
  ///
  /// `wake.output` must be empty.
  mutating func refuseAndEnd(
    _ fd: Int32,
    _ status: ResponseStatus,
    _ wake: inout Wake,
    _ reason: FailureReason = .none
  ) {
    wake.input.clear()
    clients.takeInput(fd, &wake)
    let bytes = unsafe Span<UInt8>(
      _unsafeBytes: UnsafeRawBufferPointer(start: wake.input.start, count: wake.input.count)
    )
    // The stored input begins with the head of the refused request.
    _ = RequestHeadParser.parse(bytes, limits: clients.limits.request, into: &wake.head)
    _ = refuse(fd, status, bytes, &wake, reason)
    clients.endAfterOutput(fd, &wake)
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
    guard HTTPSRedirect.isDue(wake.head, bytes, view, policy, exemptions) else { return nil }
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
      var line = line(fd, status: status)
      fill(&line, from: view)
      log.add(line, head, in: bytes, identifierIn: bytes, wake.moment)
    }
    return .ended
  }

  /// The client, scheme and host of the request in `head`, which was parsed from `bytes`.
  func view(_ fd: Int32, _ bytes: Span<UInt8>, _ head: RequestHead) -> ForwardedView {
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
}
