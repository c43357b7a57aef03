/// What the client of an exchange is watched for while nothing is sent to it.
enum ClientWatch: CaseIterable {
  /// Another request, or the end of its side.
  case anything
  /// The end of its side: another request waits in the system's buffer.
  case departure
  /// A reset: its side has ended, and it still waits for the response.
  case failure

  /// What epoll is asked to report.
  var interest: PollEvents {
    switch self {
    case .anything: .readable
    case .departure: .peerFinished
    case .failure: []
    }
  }
}

/// What epoll is asked to report of the client of an exchange. Decided here alone.
enum ExchangeInterest {
  /// The interest in `phase`, a tunnel excepted, whose own `Tunnel` decides.
  ///
  /// - Parameters:
  ///   - canSend: whether there are bytes that the client has not taken.
  ///   - storesMuch: whether so much content waits to be written that no more is received.
  static func client(
    _ phase: Exchange.Phase,
    canSend: Bool,
    storesMuch: Bool,
    _ watch: ClientWatch
  ) -> PollEvents {
    let output: PollEvents = canSend ? .writable : []
    switch phase {
    case .receivingContent: return storesMuch ? output : output.union(.readable)
    // Whether the client is gone shows when bytes are sent; until then it is watched.
    case .storing, .queued, .stalled, .exchanging, .delivering:
      return canSend ? output.union(watch == .departure ? .peerFinished : []) : watch.interest
    case .tunnel: return output
    }
  }
}

/// What is done about an event of the client of an exchange. Decided here alone, for every phase.
enum ExchangeReaction: Equatable {
  /// What the event reports is done already, by an event before it in the same wake; the interest is
  /// set anew.
  case ignore
  /// Content is received.
  case receiveContent
  /// What waits for the client is sent.
  case send
  /// It is looked at whether the client has sent another request or has ended its side.
  case look
  /// The client has ended its side.
  case departed
  /// The client is gone: the exchange is abandoned.
  case abandon
  /// The tunnel decides.
  case tunnel

  /// The reaction to `events` in `phase`.
  ///
  /// An event that was asked for has an effect. One that is not asked for any more is ignored.
  init(_ phase: Exchange.Phase, _ events: PollEvents, canSend: Bool, _ watch: ClientWatch) {
    switch phase {
    case .tunnel: self = .tunnel
    // Content may stand before an end or a reset, and the call after it reports that.
    case .receivingContent where events.contains(.readable): self = .receiveContent
    case .receivingContent where canSend && !events.isGone: self = .send
    case .receivingContent: self = events.isGone ? .abandon : .ignore
    case .storing, .queued, .stalled, .exchanging, .delivering:
      if events.isGone {
        self = .abandon
      } else if events.contains(.peerFinished) {
        self = .departed
      } else if canSend, events.contains(.writable) {
        self = .send
      } else if events.contains(.readable) {
        self = .look
      } else {
        self = .ignore
      }
    }
  }
}
