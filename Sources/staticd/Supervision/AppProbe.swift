internal import StaticServer

/// Watches a started app until it accepts connections, or until a hint says why it does not.
struct AppProbe {
  /// What a look at the app has found.
  enum Outcome {
    case nothing
    /// The app accepts connections for the first time.
    case ready
    /// The message about an app that does not.
    case hint(String)
  }

  /// Whether the app has accepted connections.
  private(set) var isReady = false
  private var hasHinted = false
  private var lookedAtSecond = 0

  /// Whether a later look is not urgent.
  var isDone: Bool { isReady || hasHinted }

  /// Looks at `app`, which `command` has started.
  ///
  /// - Parameters:
  ///   - hasPulse: whether the server's loops run.
  ///   - now: the time in milliseconds on the clock of the app's start.
  mutating func look(
    at app: AppProcess,
    _ command: AppCommand,
    hasPulse: Bool,
    now: Int64
  ) -> Outcome {
    if command.address.isAccepting, hasPulse {
      isReady = true
      return .ready
    }
    let seconds = Int((now - app.startTime) / 1000)
    // Read the system's tables only once a second.
    guard !hasHinted, seconds >= AppHint.secondsUntilFound, seconds > lookedAtSecond else {
      return .nothing
    }
    lookedAtSecond = seconds
    let family = ProcessTable.now().family(of: app.number)
    let listening = ListeningSocket.all(of: family).map(\.address)
    guard let line = AppHint.line(seconds: seconds, command, listening: listening) else {
      return .nothing
    }
    hasHinted = true
    return .hint(line)
  }
}
