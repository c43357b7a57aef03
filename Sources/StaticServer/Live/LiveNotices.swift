internal import StaticAssets
internal import Synchronization

/// Notices about live directories for the operator; each kind once.
final class LiveNotices: Sendable {
  /// A limit of the machine that makes responses slower or incomplete.
  enum Kind: Hashable {
    /// inotify(7) cannot be used, or has no more watches.
    case notifications(code: Int32)
    /// A directory is on a file system that other machines or programs can change.
    case remote(directory: String)
    /// openat2(2) is not available.
    case openBelow
  }

  private struct State {
    var told: Set<Kind> = []
    var waiting: [Kind] = []
  }

  private let state = Mutex(State())

  /// Adds a notice, unless there was one of this kind.
  func add(_ kind: Kind) {
    state.withLock { state in
      if case .notifications = kind {
        let isKnown = state.told.contains { if case .notifications = $0 { true } else { false } }
        guard !isKnown else { return }
      }
      if state.told.insert(kind).inserted { state.waiting.append(kind) }
    }
  }

  /// The notices since the last call.
  func take() -> [Kind] {
    state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting
    }
  }
}

extension LiveNotices.Kind: CustomStringConvertible {
  /// One line for the operator.
  var description: String {
    switch self {
    case .notifications(let code):
      "changes of live directories are not reported by the kernel (inotify: "
        + "\(FileError.text(of: code))), so files are looked at again at each request; raise the "
        + "sysctls fs.inotify.max_user_watches and fs.inotify.max_user_instances"
    case .remote(let directory):
      "the kernel does not report all changes in '\(directory)', so its files are looked at again "
        + "at each request"
    case .openBelow:
      "openat2(2) is not available (Linux 5.6, or the sandbox), so links in live directories are "
        + "not followed"
    }
  }
}
