internal import Glibc

/// The reaction to a failed connect(2) to the app; this is the only place that decides it.
enum ConnectFailure: Equatable {
  /// Nothing listens at the upstream address: the request waits, at most for the hold time.
  case isAway
  /// The app's backlog is full: the request waits, at most for the connect time-out.
  case isFull
  /// This process has no descriptor or memory left: idle connections are closed, and the request
  /// waits as for a full backlog.
  case isExhausted
  /// The request fails.
  case fails(FailureReason)

  /// The reaction to error number `code` of connect(2).
  ///
  /// - Parameter holds: whether requests wait while nothing listens at the upstream address.
  init(_ code: Int32, holds: Bool) {
    switch code {
    // EAGAIN: the backlog of a Unix socket is full, so a process is listening.
    case EAGAIN: self = .isFull
    case ECONNREFUSED: self = holds ? .isAway : .fails(.refused)
    case ENOENT: self = holds ? .isAway : .fails(.missingSocket)
    case EMFILE, ENFILE, ENOBUFS, ENOMEM: self = .isExhausted
    case ETIMEDOUT: self = .fails(.connectTimeout)
    case ECONNRESET, EPIPE: self = .fails(.closedBeforeHead)
    default: self = .fails(.unreachable)
    }
  }

  /// Whether error number `code` of the first send(2) means that the connection was established,
  /// and that the app closed it.
  ///
  /// Other error numbers are those of the connect(2) in progress. RFC 9293 §3.10.7.3: a reset in
  /// response to a SYN is ECONNREFUSED.
  static func isClose(_ code: Int32) -> Bool {
    code == EPIPE || code == ECONNRESET
  }
}
