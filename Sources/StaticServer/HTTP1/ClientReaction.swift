/// What is done about an event of a client's connection. Decided here alone, for every state.
enum ClientReaction: Equatable {
  /// The event is of a connection that has ended, or reports what is not asked for any more.
  case ignore
  case readPrelude
  case readRequests
  case readContent
  case flushBacklog
  case discardInput
  /// The exchange of the connection decides; see `ExchangeReaction`.
  case exchange
  /// The client is gone.
  case close

  /// The reaction of a connection in `state` to `events`, none of which is without effect: what is
  /// read or written next reports the end or the error, or the connection is closed.
  init(_ state: ClientConnection.State, _ events: PollEvents) {
    switch state {
    case .free: self = .ignore
    case .prelude: self = .readPrelude
    // Bytes may stand before an end or a reset, so they are read, and the call after them reports it.
    case .reading: self = .readRequests
    case .skipping: self = .readContent
    case .sending: self = .flushBacklog
    case .lingering: self = .discardInput
    // Nothing is asked for. Another event is one from before.
    case .breaking: self = events.isGone ? .close : .ignore
    case .exchanging: self = .exchange
    }
  }

  /// What epoll is asked to report in `state`; an exchange has its own interest.
  static func interest(for state: ClientConnection.State) -> PollEvents {
    switch state {
    case .free, .breaking, .exchanging: []
    case .prelude, .reading, .skipping, .lingering: .readable
    case .sending: .writable
    }
  }
}
