internal import Synchronization

/// The addresses of the peers, shared by all loops; the list may change while the server runs.
///
/// Loops compare `version` when they ask peers, and read the list if it has changed.
final class PeerList: Sendable {
  /// The limit of peers; further addresses are left out.
  static let countMax = 16

  private let addresses: Mutex<[UpstreamAddress]>
  private let changes = Atomic<Int>(1)

  init(_ addresses: [UpstreamAddress]) {
    self.addresses = Mutex(Array(addresses.prefix(Self.countMax)))
  }

  /// Incremented by every change; at least 1.
  var version: Int { changes.load(ordering: .acquiring) }

  /// The current addresses.
  var all: [UpstreamAddress] { addresses.withLock { $0 } }

  /// Replaces the addresses.
  func replace(with new: [UpstreamAddress]) {
    let new = Array(new.prefix(Self.countMax))
    let isOther = addresses.withLock { old in
      defer { old = new }
      return old != new
    }
    if isOther { _ = changes.add(1, ordering: .acquiringAndReleasing) }
  }
}
