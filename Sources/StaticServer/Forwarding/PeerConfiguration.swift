/// The replicas that are asked for hashed names which this server lacks.
///
/// While a release is rolled out, replicas of two releases answer at a time: a page of the new one may
/// lead to a file that a replica of the old one does not have yet. A request is asked of other replicas
/// at most once: it then has `CDN-Loop: staticd-peer` (RFC 8586), with which no replica asks another.
public struct PeerConfiguration: Sendable {
  /// Whether peers are asked at all; `addresses` may then be empty, and change later.
  public var isOn = false
  /// Where the replicas listen, at most 16; this server may be among them.
  public var addresses: [UpstreamAddress] = []
  /// The time in which a peer must begin its response, and go on with it; 2 s by default.
  ///
  /// Of a peer that fails to, nothing is asked for `pause`.
  public var timeout: Duration = .seconds(2)
  /// The time for which a peer that failed is not asked, 5 s by default.
  public var pause: Duration = .seconds(5)
  /// The limit of requests that each loop asks peers at a time, 256 by default; further ones are 404.
  public var concurrencyMax = 256

  /// No peers.
  public init() {}

  /// The replicas at `addresses`.
  public init(_ addresses: [UpstreamAddress]) {
    isOn = true
    self.addresses = addresses
  }
}
