internal import Glibc
internal import StaticServer
internal import Synchronization

/// Resolves the names of peers periodically, on a thread of its own, as replicas come and go.
final class PeerLookup: Sendable {
  /// Seconds between two lookups.
  private static let interval: UInt32 = 5

  private let isStopped = Atomic<Bool>(false)

  /// Starts to resolve; nil if no peer has a name.
  init?(_ options: ServingOptions, _ server: StaticServer) throws {
    let peers = try PeerOptions(options.arguments)
    guard peers.hasNames else { return nil }
    // Not joined: a lookup may take as long as the resolver's time-outs.
    try BackgroundThread.start("staticd-peers", yields: true) { [self] in
      var last: [String: [ListenAddress]] = [:]
      while !isStopped.load(ordering: .acquiring) {
        server.setPeers(peers.addresses(&last))
        sleep(Self.interval)
      }
    }
  }

  /// Stops after the current lookup.
  func stop() { isStopped.store(true, ordering: .releasing) }
}
