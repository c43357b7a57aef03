/// The state of an upgraded connection: which sides have ended.
///
/// This is the only place that decides about it, for every state and event.
///
/// Source: RFC 9110 §7.8 (upgrade), RFC 9293 §3.6 (half-closed connections).
struct Tunnel: Equatable {
  /// Whether the client has shut down its sending side.
  var clientHasFinished = false
  /// Whether the sending side to the app was shut down for that.
  var finishIsPassedOn = false
  /// Whether nothing can be sent to the client any more; its last bytes may still be read.
  var clientIsGone = false
  /// Whether the app has shut down its sending side or closed its connection.
  var appHasFinished = false
  /// Whether nothing can be sent to the app any more; its last bytes may still be read.
  var appIsClosed = false

  /// The reaction to an event, in this order.
  struct Steps: OptionSet {
    let rawValue: UInt8

    /// Send the bytes that wait for the client.
    static var sendToClient: Steps { Steps(rawValue: 1) }
    /// Receive from the client.
    static var receiveFromClient: Steps { Steps(rawValue: 2) }
    /// Send the bytes that wait for the app.
    static var sendToApp: Steps { Steps(rawValue: 4) }
    /// Receive from the app.
    static var receiveFromApp: Steps { Steps(rawValue: 8) }
    /// End the tunnel and drop waiting bytes.
    static var end: Steps { Steps(rawValue: 16) }
    /// Record that nothing can be sent to the client; its registration is removed until it is read
    /// again.
    static var noteClientGone: Steps { Steps(rawValue: 32) }
  }

  /// The reaction to an event of the client; never empty.
  ///
  /// - Parameters:
  ///   - hasUnsentToClient: whether bytes wait for the client.
  ///   - hasUnsentToApp: whether bytes wait for the app; receiving from the client is paused then.
  func steps(
    ofClient events: PollEvents,
    hasUnsentToClient: Bool,
    hasUnsentToApp: Bool
  ) -> Steps {
    // A reset: neither the bytes that wait nor further bytes of the client can be transferred.
    if events.contains(.error) { return .end }
    let reads = !clientHasFinished && !appIsClosed && !hasUnsentToApp
    var steps: Steps = []
    if events.contains(.hangUp) {
      // A Unix socket reports EPOLLHUP when its peer closes; unread bytes may remain.
      if clientHasFinished || appIsClosed { return .end }
      steps.insert(.noteClientGone)
    } else if events.contains(.writable), hasUnsentToClient {
      steps.insert(.sendToClient)
    }
    if reads, !events.isDisjoint(with: [.readable, .hangUp]) { steps.insert(.receiveFromClient) }
    return steps.isEmpty && events.isGone ? .end : steps
  }

  /// The reaction to an event of the app; never empty.
  ///
  /// - Parameter isPaused: whether receiving is paused because enough bytes wait for the client.
  ///   Then only EPOLLOUT is requested.
  func steps(ofApp events: PollEvents, hasUnsentToApp: Bool, isPaused: Bool) -> Steps {
    var steps: Steps = []
    if hasUnsentToApp, !events.isDisjoint(with: [.writable, .error, .hangUp]) {
      steps.insert(.sendToApp)
    }
    // The app's last bytes precede its end or reset.
    if !isPaused, !events.isDisjoint(with: [.readable, .error, .hangUp]) {
      steps.insert(.receiveFromApp)
    }
    return steps.isEmpty && events.isGone ? .end : steps
  }

  /// The epoll events of the client; nil to remove its registration.
  ///
  /// EPOLLHUP and EPOLLERR of a client that is gone would be reported at every wake.
  func clientInterest(hasUnsentToClient: Bool, hasUnsentToApp: Bool) -> PollEvents? {
    var interest: PollEvents = []
    if !clientHasFinished, !appIsClosed, !hasUnsentToApp { interest.insert(.readable) }
    if hasUnsentToClient, !clientIsGone { interest.insert(.writable) }
    return clientIsGone && interest.isEmpty ? nil : interest
  }

  /// Whether to shut down the sending side to the app: the client has shut down its own, and all
  /// its bytes are sent.
  func passesOnFinish(hasUnsentToApp: Bool) -> Bool {
    clientHasFinished && !finishIsPassedOn && !hasUnsentToApp && !appIsClosed
  }

  /// Whether no more bytes can be transferred.
  func isOver(hasUnsentToClient: Bool, hasUnsentToApp: Bool) -> Bool {
    if appHasFinished { return !hasUnsentToClient || clientIsGone }
    return clientIsGone && clientHasFinished && !hasUnsentToApp
  }
}
