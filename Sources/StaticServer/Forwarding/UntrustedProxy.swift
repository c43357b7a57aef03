internal import StaticAssets
internal import Synchronization

/// The first peer that sent forwarding fields without being trusted for them.
///
/// If a proxy is not trusted, an app that redirects HTTP to HTTPS redirects forever, and all
/// clients have the proxy's address.
final class UntrustedProxy: Sendable {
  private let isNoted = Atomic<Bool>(false)
  private let first = Mutex<PeerAddress?>(nil)

  /// Records a peer; only the first call has an effect.
  func note(_ peer: PeerAddress) {
    guard !isNoted.load(ordering: .relaxed) else { return }
    first.withLock { $0 = $0 ?? peer }
    isNoted.store(true, ordering: .releasing)
  }

  /// The address of that peer, in the form of RFC 5952, or "unix" for a Unix socket, which has none;
  /// nil if there is no such peer.
  var address: String? {
    guard isNoted.load(ordering: .acquiring), let peer = first.withLock({ $0 }) else { return nil }
    guard peer.kind != .unix else { return "unix" }
    var buffer = ByteBuffer(capacity: 64)
    buffer.append(peer)
    return unsafe String(
      decoding: UnsafeRawBufferPointer(start: buffer.start, count: buffer.count),
      as: UTF8.self
    )
  }
}
