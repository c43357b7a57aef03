internal import Synchronization

/// The replicas beside this one, which all loops ask; the list may change while the server runs.
///
/// Loops look at `version` when they ask peers, and read the list when it is another.
final class PeerList: Sendable {
  /// The limit of peers; further addresses are left out.
  static let countMax = 16

  private let addresses: Mutex<[UpstreamAddress]>
  private let changes = Atomic<Int>(1)

  init(_ addresses: [UpstreamAddress]) {
    self.addresses = Mutex(Array(addresses.prefix(Self.countMax)))
  }

  /// Rises with every change; at least 1.
  var version: Int { changes.load(ordering: .acquiring) }

  /// The addresses now.
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
