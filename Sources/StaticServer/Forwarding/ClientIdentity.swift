/// Who the client is, as far as the fields of a trusted peer tell: the last address that is not a
/// trusted proxy's.
///
/// Each proxy appends the address of its peer to what it got, so that entries are true from the last
/// one back to the first that no trusted proxy wrote; what stands before that one may be forged. The
/// first of these that is there counts:
///
/// | field | the client is |
/// |---|---|
/// | that of the platform's router, such as `Fly-Client-IP` | its value |
/// | `X-Forwarded-For`, all lines as one list | the last address that is no trusted proxy's |
/// | `Forwarded`, the `for` of all elements | likewise |
/// | `X-Real-IP` | its value |
/// | none | the peer |
///
/// In a list of trusted proxies alone the first one is the client. `unknown`, and anything else that
/// is no address, makes what stands before it unknown; when nothing follows, the peer counts.
struct ClientIdentity {
  /// The address in the field of the platform's router.
  var platform: PeerAddress?
  /// The address in `X-Real-IP`.
  var realIP: PeerAddress?

  private var forwardedFor: PeerAddress?
  private var hasForwardedFor = false
  private var forwarded: PeerAddress?
  private var hasForwarded = false

  /// Takes the next entry of `X-Forwarded-For`; nil for one that is no address.
  mutating func addForwardedFor(_ address: PeerAddress?, _ trust: ForwardingTrust) {
    hasForwardedFor = true
    forwardedFor = Self.nearer(forwardedFor, address, trust)
  }

  /// Takes the next element of `Forwarded`; nil for one that has no address.
  mutating func addForwarded(_ address: PeerAddress?, _ trust: ForwardingTrust) {
    hasForwarded = true
    forwarded = Self.nearer(forwarded, address, trust)
  }

  /// The client's address, for a request that `peer` sent.
  func address(peer: PeerAddress) -> PeerAddress {
    if let platform { return platform }
    if hasForwardedFor { return forwardedFor ?? peer }
    if hasForwarded { return forwarded ?? peer }
    return realIP ?? peer
  }

  /// The client after one more entry, which is nearer to us than those before.
  private static func nearer(
    _ known: PeerAddress?,
    _ entry: PeerAddress?,
    _ trust: ForwardingTrust
  ) -> PeerAddress? {
    guard let known, let entry else { return entry }
    return trust.isProxy(entry) ? known : entry
  }
}
