internal import StaticAssets
internal import Synchronization

/// The first peer that sent forwarding fields without being trusted for them.
///
/// Behind a proxy that is not named, an app that redirects HTTP to HTTPS does so for ever, and all
/// clients have the proxy's address.
final class UntrustedProxy: Sendable {
  private let isNoted = Atomic<Bool>(false)
  private let first = Mutex<PeerAddress?>(nil)

  /// Notes a peer, the first time.
  func note(_ peer: PeerAddress) {
    guard !isNoted.load(ordering: .relaxed) else { return }
    first.withLock { $0 = $0 ?? peer }
    isNoted.store(true, ordering: .releasing)
  }

  /// Its address, as RFC 5952 writes it; nil if there was none, and for a Unix socket, which has none.
  var address: String? {
    guard isNoted.load(ordering: .acquiring), let peer = first.withLock({ $0 }), peer.kind != .unix
    else { return nil }
    var buffer = ByteBuffer(capacity: 64)
    buffer.append(peer)
    return unsafe String(
      decoding: UnsafeRawBufferPointer(start: buffer.start, count: buffer.count),
      as: UTF8.self
    )
  }
}
