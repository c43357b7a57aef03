internal import CLinux
internal import StaticAssets

/// What proxies in front of the server tell, as far as the loop itself acts on it.
///
/// The unsafe part is the address of ready bytes, which are copied at once.
extension EventLoop {
  /// Who is behind the request in `head`, which was parsed from `bytes`.
  private func view(_ number: Int32, _ bytes: Span<UInt8>) -> ForwardedView {
    ForwardedView(
      head,
      bytes,
      peer: connections[number].peer,
      scheme: connections[number].isSecure ? .https : .http,
      trust: policy.trust
    )
  }

  /// The address of the client that has sent the request in `head`.
  @inline(never)
  func clientAddress(_ number: Int32, _ bytes: Span<UInt8>) -> PeerAddress {
    view(number, bytes).client
  }

  /// Sends the client of the request in `head` to HTTPS, as its last answer here: the next one goes
  /// elsewhere; nil when the request is to be answered as it is.
  @inline(never)
  mutating func redirect(_ number: Int32, _ bytes: Span<UInt8>) -> Delivery? {
    let view = view(number, bytes)
    guard HTTPSRedirect.isDue(view, policy) else { return nil }
    let needed = Int(head.target.count) + HTTPSRedirect.addedBytesMax
    guard makeRoom(number, needed) else { return .postponed }
    guard let status = HTTPSRedirect.append(head, bytes, view, to: &output) else { return nil }
    let (start, count) = unsafe date.bytes(of: .close)
    unsafe output.append(start, count)
    unsafe adder.add(Counter(status: status))
    if log.isOn {
      let line = RequestLog.Line(
        peer: view.client,
        status: status,
        bodyByteCount: 0,
        seconds: clinux_realtime_seconds()
      )
      log.add(line, head, in: bytes, now: now)
    }
    return .ended
  }
}
