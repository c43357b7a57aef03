/// The two directions of an upgraded connection: which of them have ended, and what follows from that.
/// Decided here alone, for every state and event.
///
/// Source: RFC 9110 §7.8 (upgrade), RFC 9293 §3.6 (half-closed connections).
struct Tunnel: Equatable {
  /// Whether the client has ended its sending side.
  var clientHasFinished = false
  /// Whether that was passed on to the app.
  var finishIsPassedOn = false
  /// Whether nothing more can be sent to the client; what it has sent may still be read.
  var clientIsGone = false
  /// Whether the app has ended its sending side, or its connection.
  var appHasFinished = false
  /// Whether the app takes nothing more; what it has sent may still be read.
  var appIsClosed = false

  /// What is done about an event, in this order.
  struct Steps: OptionSet {
    let rawValue: UInt8

    /// What waits for the client is sent.
    static var sendToClient: Steps { Steps(rawValue: 1) }
    /// What the client has sent is received.
    static var receiveFromClient: Steps { Steps(rawValue: 2) }
    /// What waits for the app is sent.
    static var sendToApp: Steps { Steps(rawValue: 4) }
    /// What the app has sent is received.
    static var receiveFromApp: Steps { Steps(rawValue: 8) }
    /// The tunnel ends, and what waits is dropped.
    static var end: Steps { Steps(rawValue: 16) }
    /// Nothing can be sent to the client any more; it is not watched until it is read again.
    static var noteClientGone: Steps { Steps(rawValue: 32) }
  }

  /// What an event of the client asks for; nothing for one that is not asked for any more.
  ///
  /// - Parameters:
  ///   - hasUnsentToClient: whether bytes wait for the client.
  ///   - hasUnsentToApp: whether bytes wait for the app; no more are received then.
  func steps(
    ofClient events: PollEvents,
    hasUnsentToClient: Bool,
    hasUnsentToApp: Bool
  ) -> Steps {
    // A reset: neither what waits for the client nor what it would still send can pass.
    if events.contains(.error) { return .end }
    let reads = !clientHasFinished && !appIsClosed && !hasUnsentToApp
    var steps: Steps = []
    if events.contains(.hangUp) {
      // Both directions of a Unix socket end when its peer closes; bytes may still be in it.
      if clientHasFinished || appIsClosed { return .end }
      steps.insert(.noteClientGone)
    } else if events.contains(.writable), hasUnsentToClient {
      steps.insert(.sendToClient)
    }
    if reads, !events.isDisjoint(with: [.readable, .hangUp]) { steps.insert(.receiveFromClient) }
    return steps.isEmpty && events.isGone ? .end : steps
  }

  /// What an event of the app asks for; nothing for one that is not asked for any more.
  ///
  /// - Parameter isPaused: whether nothing is received, because the client has enough to take. Only
  ///   room for bytes is reported then.
  func steps(ofApp events: PollEvents, hasUnsentToApp: Bool, isPaused: Bool) -> Steps {
    var steps: Steps = []
    if hasUnsentToApp, !events.isDisjoint(with: [.writable, .error, .hangUp]) {
      steps.insert(.sendToApp)
    }
    // The app's last bytes stand before its end or its reset.
    if !isPaused, !events.isDisjoint(with: [.readable, .error, .hangUp]) {
      steps.insert(.receiveFromApp)
    }
    return steps.isEmpty && events.isGone ? .end : steps
  }

  /// What epoll is asked to report of the client beside an end or an error; nil when it is not watched,
  /// for the end of a client that is gone would be reported at every wake.
  func clientInterest(hasUnsentToClient: Bool, hasUnsentToApp: Bool) -> PollEvents? {
    var interest: PollEvents = []
    if !clientHasFinished, !appIsClosed, !hasUnsentToApp { interest.insert(.readable) }
    if hasUnsentToClient, !clientIsGone { interest.insert(.writable) }
    return clientIsGone && interest.isEmpty ? nil : interest
  }

  /// Whether the end of the client's side is to be passed on to the app: when all before it is sent.
  func passesOnFinish(hasUnsentToApp: Bool) -> Bool {
    clientHasFinished && !finishIsPassedOn && !hasUnsentToApp && !appIsClosed
  }

  /// Whether nothing more can happen.
  func isOver(hasUnsentToClient: Bool, hasUnsentToApp: Bool) -> Bool {
    if appHasFinished { return !hasUnsentToClient || clientIsGone }
    return clientIsGone && clientHasFinished && !hasUnsentToApp
  }
}
