import Testing

@testable import StaticServer

/// The reaction of an upgraded connection to each event, in each of its states.
///
/// Goal: every event has an effect, or it would be reported for ever, and none loses bytes. Method:
/// every state combined with every set of events that epoll can report for the interest of that
/// state.
@Suite struct TunnelStepsTests {
  struct State: Sendable, CustomTestStringConvertible {
    var tunnel = Tunnel()
    var hasUnsentToClient = false
    var hasUnsentToApp = false
    var isPaused = false
    var testDescription: String { "\(self)" }
  }

  static let states: [State] = (0..<256).map { bits in
    var state = State()
    state.tunnel.clientHasFinished = bits & 1 != 0
    state.tunnel.finishIsPassedOn = bits & 2 != 0
    state.tunnel.clientIsGone = bits & 4 != 0
    state.tunnel.appHasFinished = bits & 8 != 0
    state.tunnel.appIsClosed = bits & 16 != 0
    state.hasUnsentToClient = bits & 32 != 0
    state.hasUnsentToApp = bits & 64 != 0
    state.isPaused = bits & 128 != 0
    return state
  }

  /// Every set of events that can be reported for `interest`.
  static func events(_ interest: PollEvents) -> [PollEvents] {
    var sets: [PollEvents] = [[]]
    for event in [PollEvents.readable, .writable] where interest.contains(event) {
      sets += sets.map { $0.union(event) }
    }
    // Always reported; both directions of a socket end with a reset.
    sets += sets.map { $0.union(.hangUp) } + sets.map { $0.union([.error, .hangUp]) }
    return sets.filter { !$0.isEmpty }
  }

  @Test("an event of the client has an effect that removes its cause", arguments: states)
  func client(state: State) {
    let interest = state.tunnel.clientInterest(
      hasUnsentToClient: state.hasUnsentToClient,
      hasUnsentToApp: state.hasUnsentToApp
    )
    // Not registered: nothing is reported.
    guard let interest else { return }
    for events in Self.events(interest) {
      let steps = state.tunnel.steps(
        ofClient: events,
        hasUnsentToClient: state.hasUnsentToClient,
        hasUnsentToApp: state.hasUnsentToApp
      )
      #expect(!steps.isEmpty, "\(events)")
      if events.contains(.error) {
        #expect(steps == .end, "a reset client is not waited for: \(events)")
      } else if events.contains(.hangUp), !steps.contains(.end) {
        // It is read to its end, or no longer watched.
        var next = state.tunnel
        next.clientIsGone = true
        let later = next.clientInterest(
          hasUnsentToClient: state.hasUnsentToClient,
          hasUnsentToApp: state.hasUnsentToApp
        )
        #expect(steps.contains(.noteClientGone))
        #expect(steps.contains(.receiveFromClient) || later == nil, "\(events)")
      } else if events.contains(.readable) {
        #expect(steps.contains(.receiveFromClient), "\(events)")
      }
    }
  }

  @Test("an event of the app has an effect, and its last bytes are received", arguments: states)
  func app(state: State) {
    var interest: PollEvents = state.isPaused ? [] : .readable
    if state.hasUnsentToApp { interest.insert(.writable) }
    // Without interest the app is not registered.
    guard !interest.isEmpty else { return }
    for events in Self.events(interest) {
      let steps = state.tunnel.steps(
        ofApp: events,
        hasUnsentToApp: state.hasUnsentToApp,
        isPaused: state.isPaused
      )
      #expect(!steps.isEmpty, "\(events)")
      if !state.isPaused, events != .writable {
        #expect(steps.contains(.receiveFromApp), "\(events)")
      }
      if state.hasUnsentToApp, events.isGone { #expect(steps.contains(.sendToApp), "\(events)") }
    }
  }

  @Test("the end waits until the client has received everything", arguments: states)
  func end(state: State) {
    let isOver = state.tunnel.isOver(
      hasUnsentToClient: state.hasUnsentToClient,
      hasUnsentToApp: state.hasUnsentToApp
    )
    if isOver, state.hasUnsentToClient { #expect(state.tunnel.clientIsGone) }
    if isOver, !state.tunnel.appHasFinished { #expect(!state.hasUnsentToApp) }
    let passesOn = state.tunnel.passesOnFinish(hasUnsentToApp: state.hasUnsentToApp)
    if passesOn { #expect(state.tunnel.clientHasFinished && !state.hasUnsentToApp) }
  }
}
