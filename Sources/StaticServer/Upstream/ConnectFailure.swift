internal import Glibc
internal import StaticAssets

/// What is done when the app cannot be connected to. Decided here alone.
enum ConnectFailure: Equatable {
  /// The app is away: the request waits for it, at most for the hold time.
  case isAway
  /// The app listens, and its backlog is full: the request waits, at most for the connect time.
  case isFull
  /// This process has no descriptors or memory left: idle connections give theirs, and the request
  /// waits as for a full backlog.
  case isExhausted
  /// The client is answered with this status.
  case fails(ResponseStatus)

  /// The consequence of the error number `code` of connect(2).
  ///
  /// - Parameter holds: whether requests wait for an app that does not listen.
  init(_ code: Int32, holds: Bool) {
    switch code {
    // EAGAIN: the backlog of a Unix socket is full, so somebody is listening.
    case EAGAIN: self = .isFull
    case ECONNREFUSED, ENOENT: self = holds ? .isAway : .fails(.badGateway)
    case EMFILE, ENFILE, ENOBUFS, ENOMEM: self = .isExhausted
    case ETIMEDOUT: self = .fails(.gatewayTimeout)
    default: self = .fails(.badGateway)
    }
  }
}
