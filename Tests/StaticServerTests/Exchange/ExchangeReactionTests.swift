import Testing

@testable import StaticServer

/// The reaction to an event of a client, in each state of its connection and its exchange.
///
/// Goal: every event has an effect. Method: every state combined with every set of events that
/// epoll can report for the interest of that state.
@Suite struct ExchangeReactionTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let phase: Exchange.Phase
    let canSend: Bool
    let storesMuch: Bool
    let watch: ClientWatch
    var testDescription: String { "\(phase) \(watch) sends \(canSend) stores \(storesMuch)" }
  }

  static let rows: [Row] = Exchange.Phase.allCases.flatMap { phase in
    [true, false].flatMap { canSend in
      [true, false].flatMap { storesMuch in
        ClientWatch.allCases.map {
          Row(phase: phase, canSend: canSend, storesMuch: storesMuch, watch: $0)
        }
      }
    }
  }

  private func events(_ interest: PollEvents) -> [PollEvents] {
    var sets: [PollEvents] = [[]]
    for event in [PollEvents.readable, .writable, .peerFinished] where interest.contains(event) {
      sets += sets.map { $0.union(event) }
    }
    sets += sets.map { $0.union(.hangUp) } + sets.map { $0.union([.error, .hangUp]) }
    return sets.filter { !$0.isEmpty }
  }

  @Test("the client of an exchange", arguments: rows.filter { $0.phase != .tunnel })
  func exchange(row: Row) {
    let interest = ExchangeInterest.client(
      row.phase,
      canSend: row.canSend,
      storesMuch: row.storesMuch,
      row.watch
    )
    if row.canSend { #expect(interest.contains(.writable)) }
    for events in events(interest) {
      let reaction = ExchangeReaction(row.phase, events, canSend: row.canSend, row.watch)
      switch reaction {
      case .receiveContent:
        #expect(row.phase == .receivingContent && events.contains(.readable))
      case .send: #expect(row.canSend && events.contains(.writable) && !events.isGone)
      case .look: #expect(events.contains(.readable) && row.watch == .anything)
      case .departed: #expect(events.contains(.peerFinished))
      case .abandon: #expect(events.isGone, "\(events)")
      case .ignore: Issue.record("what was asked for is ignored: \(events)")
      case .tunnel: Issue.record("a tunnel has its own table")
      }
      if events.isGone, row.phase != .receivingContent { #expect(reaction == .abandon) }
    }
  }

  @Test("a connection without an exchange", arguments: ClientConnection.State.allCases)
  func connection(state: ClientConnection.State) {
    guard state != .exchanging, state != .free else { return }
    for events in events(ClientReaction.interest(for: state)) {
      #expect(ClientReaction(state, events) != .ignore, "\(state) \(events)")
      // An event that is no longer of interest does not close a connection.
      if !events.isGone { #expect(ClientReaction(state, events) != .close) }
      #expect(ClientReaction(state, events) != .exchange, "\(state) \(events)")
    }
  }

  @Test("of a connection of which nothing is read, only the end matters")
  func unread() {
    for events in events([.readable, .writable, .peerFinished]) {
      #expect(ClientReaction(.breaking, events) == (events.isGone ? .close : .ignore))
      let isEnd = events.isGone || events.contains(.peerFinished)
      #expect(ClientReaction(.waiting, events) == (isEnd ? .leaveWaiting : .ignore))
    }
  }
}
