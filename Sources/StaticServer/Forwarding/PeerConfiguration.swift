/// The replicas that are asked for hashed names missing on this server.
///
/// During a rollout, replicas of two releases are active: a page of the new one may refer to a file
/// that a replica of the old one does not have yet. A request is forwarded to other replicas at
/// most once: it then has `CDN-Loop: staticd-peer` (RFC 8586), which keeps the receiver from asking
/// its peers.
package struct PeerConfiguration: Sendable {
  /// Whether peers are asked; `addresses` may be empty, and change later.
  package var isOn = false
  /// The addresses of the replicas, at most 16; this server may be among them.
  package var addresses: [UpstreamAddress] = []
  /// The time within which a peer must begin its response, and make progress, 1 ms to 24 hours; 2 s
  /// by default.
  ///
  /// A peer that exceeds it is not asked for `pause`.
  package var timeout: Duration = .seconds(2)
  /// The time for which a peer that failed is not asked, 0 or 1 ms to 24 hours, 5 s by default.
  package var pause: Duration = .seconds(5)
  /// The limit of concurrent requests to peers of each loop, 1 to 1,000,000, 256 by default;
  /// further ones are handled as if no peer had the file.
  package var concurrencyMax = 256

  /// No peers.
  package init() {}

  /// The replicas at `addresses`.
  package init(_ addresses: [UpstreamAddress]) {
    isOn = true
    self.addresses = addresses
  }
}
