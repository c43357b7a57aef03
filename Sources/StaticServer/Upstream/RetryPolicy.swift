/// Whether a request is sent to the app again; this is the only place that decides it.
///
/// A proxy must not repeat a request that is not idempotent, unless it knows that the request was
/// not applied.
///
/// Source: RFC 9110 §9.2.2.
enum RetryPolicy {
  /// An attempt to send a request, which ended without a response.
  struct Attempt: Equatable {
    /// Whether the method is idempotent.
    var isIdempotent = false
    /// The length of head and content in bytes.
    var byteCount: Int64 = 0
    /// The bytes of them that the kernel accepted for the app.
    var sentByteCount: Int64 = 0
    /// Whether the connection was reset instead of ended in order.
    var wasReset = false
    /// Whether a byte of a response was received.
    var hasHeard = false
    /// The number of earlier repetitions.
    var repeatCount = 0
    /// The number of earlier repetitions because the app had certainly not read the request.
    var unreadCount = 0
  }

  /// The limit of repetitions of a request that the app has certainly not read: a worker that exits
  /// may accept a connection and close it, and several may do so in turn.
  static let unreadCountMax = 3

  /// The known properties of the app.
  struct App: Equatable {
    /// Whether its address is on this machine.
    var isLocal = false
    /// The size of its first read(2) of a connection, in bytes; 0 if it is unknown.
    var firstReadByteCount = 0
    /// Whether that is certain: not if the app may expect TLS, because the first read is then
    /// small.
    var isFirstReadCertain = true
  }

  /// Whether the request is sent again.
  ///
  /// | request | sent again if no byte of a response was received and |
  /// |---|---|
  /// | any | the app has certainly not read it, and this was so at most ``unreadCountMax`` times |
  /// | any | the app has probably not read it, and it was not sent again before |
  /// | idempotent | it was not sent again before |
  ///
  /// So no app reads a request more than twice, and one that is not idempotent more than once.
  static func mayRepeat(_ attempt: Attempt, _ app: App) -> Bool {
    guard !attempt.hasHeard else { return false }
    if isCertainlyUnread(attempt, app) { return attempt.unreadCount < unreadCountMax }
    return (attempt.isIdempotent || tellsUnread(attempt, app)) && attempt.repeatCount == 0
  }

  /// Whether it is certain that the app has read nothing.
  static func isCertainlyUnread(_ attempt: Attempt, _ app: App) -> Bool {
    tellsUnread(attempt, app) && (attempt.sentByteCount == 0 || app.isFirstReadCertain)
  }

  /// Whether the app has read nothing, provided that `firstReadByteCount` is right: no byte was
  /// sent, or the end of the connection proves it.
  ///
  /// The kernel resets a local connection that is closed with unread bytes. A part may have been
  /// read before. But if the app's first read is known to be at least as large as the request, the
  /// unread bytes are the whole request. This is known of gunicorn, which reads 8192 bytes.
  private static func tellsUnread(_ attempt: Attempt, _ app: App) -> Bool {
    guard attempt.sentByteCount > 0 else { return true }
    return attempt.wasReset && app.isLocal && attempt.sentByteCount == attempt.byteCount
      && attempt.byteCount <= Int64(app.firstReadByteCount)
  }

  /// Whether a request may use an idle connection, which the app may close at that moment.
  ///
  /// A request that may not be repeated gets a new connection.
  static func mayUseKept(isIdempotent: Bool, byteCount: Int64, _ app: App) -> Bool {
    isIdempotent || (app.isLocal && byteCount <= Int64(app.firstReadByteCount))
  }
}
