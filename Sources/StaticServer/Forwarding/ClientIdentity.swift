/// The client's address: the last address in a trusted peer's fields that is not a trusted proxy's.
///
/// Each proxy appends the address of its peer. So entries are reliable from the last one back to
/// the first that no trusted proxy wrote; entries before that one can be forged. The first row that
/// is present applies:
///
/// | field | the client is |
/// |---|---|
/// | that of the platform's router, such as `Fly-Client-IP` | its value |
/// | `X-Forwarded-For`, all lines as one list | the last address that is no trusted proxy's |
/// | `Forwarded`, the `for` of all elements | likewise |
/// | `X-Real-IP` | its value |
/// | none | the peer |
///
/// If a list has only trusted proxies, its first address is the client. `unknown` and any other
/// entry that is not an address hides the entries before it; if no entry follows, the client is the
/// peer.
struct ClientIdentity {
  /// The address in the field of the platform's router.
  var platform: PeerAddress?
  /// The address in `X-Real-IP`.
  var realIP: PeerAddress?

  private var forwardedFor: PeerAddress?
  private var hasForwardedFor = false
  private var forwarded: PeerAddress?
  private var hasForwarded = false

  /// Adds the next entry of `X-Forwarded-For`; nil for an entry that is not an address.
  mutating func addForwardedFor(_ address: PeerAddress?, _ trust: ForwardingTrust) {
    hasForwardedFor = true
    forwardedFor = Self.nearer(forwardedFor, address, trust)
  }

  /// Adds the next element of `Forwarded`; nil for an element without an address.
  mutating func addForwarded(_ address: PeerAddress?, _ trust: ForwardingTrust) {
    hasForwarded = true
    forwarded = Self.nearer(forwarded, address, trust)
  }

  /// The client's address for a request received from `peer`.
  func address(peer: PeerAddress) -> PeerAddress {
    if let platform { return platform }
    if hasForwardedFor { return forwardedFor ?? peer }
    if hasForwarded { return forwarded ?? peer }
    return realIP ?? peer
  }

  /// The client's address after one more entry, which was written by a proxy nearer to this server.
  private static func nearer(
    _ known: PeerAddress?,
    _ entry: PeerAddress?,
    _ trust: ForwardingTrust
  ) -> PeerAddress? {
    guard let known, let entry else { return entry }
    return trust.isProxy(entry) ? known : entry
  }
}
