internal import Glibc
internal import StaticServer
internal import Synchronization

/// Looks the names of peers up again and again, on a thread of its own, as replicas come and go.
final class PeerLookup: Sendable {
  /// Seconds between two lookups.
  private static let interval: UInt32 = 5

  private let isStopped = Atomic<Bool>(false)

  /// Begins to look up; nil where the peers have no names.
  init?(_ options: ServingOptions, _ server: StaticServer) throws {
    let peers = try PeerOptions(options.arguments)
    guard peers.hasNames else { return nil }
    // Not joined: a lookup may last as long as the resolver's time-outs.
    _ = try YieldingThread.start("staticd-peers") { [self] in
      var last: [String: [ListenAddress]] = [:]
      while !isStopped.load(ordering: .acquiring) {
        server.setPeers(peers.addresses(&last))
        sleep(Self.interval)
      }
    }
  }

  /// Ends the lookups after the present one.
  func stop() { isStopped.store(true, ordering: .releasing) }
}
