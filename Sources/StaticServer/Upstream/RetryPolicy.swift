/// Whether a request is sent to the app once more. Decided here alone.
///
/// Source: RFC 9110 §9.2.2. A proxy must not repeat a request that is not idempotent, unless it knows
/// that the request was not applied.
enum RetryPolicy {
  /// What is known of a request whose connection ended without a response.
  struct Attempt: Equatable {
    /// Whether sending the request twice does what sending it once does.
    var isIdempotent = false
    /// Bytes of head and content.
    var byteCount: Int64 = 0
    /// Bytes of these that the system has taken for the app.
    var sentByteCount: Int64 = 0
    /// Whether the connection was reset, not ended in order.
    var wasReset = false
    /// Whether a byte of a response has come.
    var hasHeard = false
    /// How often the request was sent again already, although the app may have read it.
    var repeatCount = 0
    /// How often it was sent again because the app had certainly not read it.
    var unreadCount = 0
  }

  /// How often a request is sent again that the app has certainly not read.
  static let unreadCountMax = 3

  /// What is known of the app.
  struct App: Equatable {
    /// Whether its connections do not leave this machine.
    var isLocal = false
    /// Bytes that it takes with its first read of a connection if they are there; 0 when that is not
    /// known.
    var firstReadByteCount = 0
  }

  /// Whether the request is sent once more.
  ///
  /// | request | sent again when no byte of a response has come and |
  /// |---|---|
  /// | any | nothing of it was sent |
  /// | any | `tellsUnread`, at most three times |
  /// | idempotent | it was not sent again before |
  ///
  /// So no app reads a request more than twice, and one that is not idempotent more than once.
  static func mayRepeat(_ attempt: Attempt, _ app: App) -> Bool {
    guard !attempt.hasHeard else { return false }
    guard attempt.sentByteCount > 0 else { return true }
    if tellsUnread(attempt, app) { return attempt.unreadCount < unreadCountMax }
    return attempt.isIdempotent && attempt.repeatCount == 0
  }

  /// Whether the end of the connection tells for certain that the app has read nothing.
  ///
  /// The system resets a local connection when it is closed with bytes unread in it. A part may have
  /// been read all the same, unless the app is known to read at least as much at once as the request
  /// has: then all of it is unread. That is known of gunicorn, which reads 8192 bytes.
  static func tellsUnread(_ attempt: Attempt, _ app: App) -> Bool {
    attempt.wasReset && app.isLocal && attempt.sentByteCount == attempt.byteCount
      && attempt.byteCount <= Int64(app.firstReadByteCount)
  }

  /// Whether a request may go on a kept connection, which the app may close just then.
  ///
  /// One that may not be sent again goes on a connection of its own.
  static func mayUseKept(isIdempotent: Bool, byteCount: Int64, _ app: App) -> Bool {
    isIdempotent || (app.isLocal && byteCount <= Int64(app.firstReadByteCount))
  }
}
