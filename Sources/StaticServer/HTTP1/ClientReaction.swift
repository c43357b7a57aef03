/// The reaction to an event of a client connection.
///
/// This is the only place that decides it, for every state.
enum ClientReaction: Equatable {
  /// The connection has ended: a stale event.
  case ignore
  case readPrelude
  case readRequests
  case readContent
  case flushBacklog
  case discardInput
  /// Pass the event to the exchange of the connection; see `ExchangeReaction`.
  case exchange
  /// The client has left while its request waits for the table, or has shut down its sending side.
  case leaveWaiting
  /// Close the connection: the client has closed or reset it.
  case close

  /// The reaction to `events` in `state`.
  ///
  /// Every event has an effect: the next read or write reports the end or the error, or the
  /// connection is closed. So no event repeats forever.
  init(_ state: ClientConnection.State, _ events: PollEvents) {
    switch state {
    case .free: self = .ignore
    case .prelude: self = .readPrelude
    // Bytes may precede an end or a reset: read them first; the call after them reports it.
    case .reading: self = .readRequests
    case .skipping: self = .readContent
    case .sending: self = .flushBacklog
    case .lingering: self = .discardInput
    // The kernel's buffer keeps what follows.
    case .waiting: self = events.isGone || events.contains(.peerFinished) ? .leaveWaiting : .ignore
    // Nothing is watched in this state; other events are from an earlier one.
    case .breaking: self = events.isGone ? .close : .ignore
    case .exchanging: self = .exchange
    }
  }

  /// The epoll events for `state`; those of an exchange are in `ExchangeInterest`.
  static func interest(for state: ClientConnection.State) -> PollEvents {
    switch state {
    case .free, .breaking, .exchanging: []
    case .waiting: .peerFinished
    case .prelude, .reading, .skipping, .lingering: .readable
    case .sending: .writable
    }
  }
}
