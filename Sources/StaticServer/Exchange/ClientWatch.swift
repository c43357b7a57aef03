/// The events of a waiting client that an exchange watches for while it sends nothing.
enum ClientWatch: CaseIterable {
  /// Another request, or the end of the client's sending side.
  case anything
  /// The end of the client's sending side; pipelined requests stay in the kernel's buffer.
  case departure
  /// A reset; the client has shut down its sending side and still waits for the response.
  case failure

  /// The epoll events of this watch.
  var interest: PollEvents {
    switch self {
    case .anything: .readable
    case .departure: .peerFinished
    case .failure: []
    }
  }
}

/// The epoll events of the client of an exchange; this is the only place that decides them.
enum ExchangeInterest {
  /// The events for `phase`, except `tunnel`, for which `Tunnel` decides.
  ///
  /// - Parameters:
  ///   - canSend: whether response bytes wait that can be sent now.
  ///   - storesMuch: whether so much content waits to be written that receiving must pause.
  static func client(
    _ phase: Exchange.Phase,
    canSend: Bool,
    storesMuch: Bool,
    _ watch: ClientWatch
  ) -> PollEvents {
    let output: PollEvents = canSend ? .writable : []
    switch phase {
    case .receivingContent: return storesMuch ? output : output.union(.readable)
    // A send reports whether the client has closed the connection; without one, it must be watched.
    case .storing, .queued, .stalled, .exchanging, .delivering:
      return canSend ? output.union(watch == .departure ? .peerFinished : []) : watch.interest
    case .tunnel: return output
    }
  }
}

/// The reaction to an event of the client; this is the only place that decides it, for every phase.
enum ExchangeReaction: Equatable {
  /// Ignore: the event was handled already in the same wake.
  case ignore
  /// Receive content.
  case receiveContent
  /// Send the waiting response bytes.
  case send
  /// Peek: the client has sent another request or shut down its sending side.
  case look
  /// The client has shut down its sending side.
  case departed
  /// The client has closed or reset the connection: abandon the exchange.
  case abandon
  /// `Tunnel` decides.
  case tunnel

  /// The reaction to `events` in `phase`.
  ///
  /// An event of the current interest always has an effect, so that none repeats forever; one of an
  /// earlier interest is ignored.
  init(_ phase: Exchange.Phase, _ events: PollEvents, canSend: Bool, _ watch: ClientWatch) {
    switch phase {
    case .tunnel: self = .tunnel
    // Content may precede an end or a reset; the receive after it reports that.
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
