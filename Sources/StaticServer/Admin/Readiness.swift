internal import Synchronization

/// Whether a server accepts requests, as reported by `/readyz` and the health path.
package enum Readiness: String, Sendable {
  /// The app has neither listened nor responded yet.
  case starting
  case ready
  /// A stop was requested.
  case draining
}

/// Whether the app has started, shared by the loops of a server.
///
/// Safe to use from every thread.
final class AppPresence: Sendable {
  private let hasBeenSeen: Atomic<Bool>

  /// - Parameter isKnown: true if there is no app to wait for.
  init(isKnown: Bool) {
    hasBeenSeen = Atomic(isKnown)
  }

  /// Whether the app has listened or responded once, or there is none.
  var isKnown: Bool { hasBeenSeen.load(ordering: .relaxed) }

  /// Records that the app has listened or responded.
  func note() {
    // Only once: a store for each response would move the cache line between the loops.
    if !isKnown { hasBeenSeen.store(true, ordering: .relaxed) }
  }
}
