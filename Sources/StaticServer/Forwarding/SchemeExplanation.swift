internal import StaticAssets

/// The effect of the request's scheme on a response: the redirect to HTTPS, and
/// `Strict-Transport-Security`.
///
/// It assumes that the peer is a trusted proxy, if the policy trusts any.
package struct SchemeExplanation {
  /// The lines of the redirect's head before `Date`; nil if the request is not redirected.
  package let redirect: [String]?
  /// The line of `Strict-Transport-Security`; nil if the response has none.
  package let strictTransport: String?

  /// - Parameter request: a whole head.
  package init(_ request: [UInt8], _ policy: ForwardingPolicy) {
    var head = RequestHead()
    guard
      RequestHeadParser.parse(request.span, limits: RequestLimits(), into: &head) == .complete,
      let peer = PeerAddress("127.0.0.1")
    else {
      (redirect, strictTransport) = (nil, nil)
      return
    }
    let trust: ForwardingTrust =
      if case .networks = policy.trust { .everyone } else { policy.trust }
    let view = ForwardedView(head, request.span, peer: peer, scheme: .http, trust: trust)
    redirect = Self.redirect(head, request, view, policy)
    strictTransport =
      redirect == nil && view.scheme == .https ? policy.strictTransport?.fieldLine.trimmed : nil
  }

  private static func redirect(
    _ head: RequestHead,
    _ request: [UInt8],
    _ view: ForwardedView,
    _ policy: ForwardingPolicy
  ) -> [String]? {
    let exemptions = RedirectExemptions(policy.redirectExemptions)
    guard HTTPSRedirect.isDue(head, request.span, view, policy, exemptions) else { return nil }
    let capacity = Int(head.target.count) + HTTPSRedirect.addedBytesMax
    var buffer = ByteBuffer(capacity: capacity)
    guard HTTPSRedirect.append(head, request.span, view, policy, to: &buffer) != nil else {
      return nil
    }
    // The buffer's first `count` bytes are initialized, and it is not changed meanwhile.
    let bytes = unsafe Array(UnsafeRawBufferPointer(start: buffer.start, count: buffer.count))
    return String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
  }
}

extension String {
  /// The line without its end.
  fileprivate var trimmed: String { hasSuffix("\r\n") ? String(dropLast()) : self }
}
