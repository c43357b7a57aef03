internal import Synchronization

/// Whether a server wants requests: what `/readyz` and the health path tell.
package enum Readiness: String, Sendable {
  /// The app has neither listened nor answered yet.
  case starting
  case ready
  /// A stop was requested.
  case draining
}

/// What is known of the app, shared by the loops of a server.
///
/// Safe to use from every thread.
final class AppPresence: Sendable {
  private let hasBeenSeen: Atomic<Bool>

  /// - Parameter isKnown: whether there is no app to wait for.
  init(isKnown: Bool) {
    hasBeenSeen = Atomic(isKnown)
  }

  /// Whether the app has listened or answered once, or there is none.
  var isKnown: Bool { hasBeenSeen.load(ordering: .relaxed) }

  /// Records that the app has listened or answered.
  func note() {
    // A store for each response would move the cache line between the loops.
    if !isKnown { hasBeenSeen.store(true, ordering: .relaxed) }
  }
}
