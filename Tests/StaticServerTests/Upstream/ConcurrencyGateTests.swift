import Testing

@testable import StaticServer

/// Slots for concurrent requests to the app, distributed over several loops.
///
/// Goal: never more than the limit, first in, first out, and no slot lost when a request leaves.
@Suite struct ConcurrencyGateTests {
  private func gate(_ limit: Int, waitingMax: Int = 100) throws -> (ConcurrencyGate, [LoopMailbox])
  {
    let mailboxes = try (0..<3).map { _ in try LoopMailbox() }
    return (ConcurrencyGate(limit: limit, waitingMax: waitingMax, mailboxes: mailboxes), mailboxes)
  }

  @Test("slots go to loops in the order of waiting")
  func order() throws {
    let (gate, mailboxes) = try gate(2)
    #expect(gate.enter(0) == .entered)
    #expect(gate.enter(1) == .entered)
    for loop in [2, 0, 1, 1] { #expect(gate.enter(loop) == .waits) }
    for loop in [2, 0, 1, 1] {
      gate.leave()
      #expect(mailboxes.map { $0.takeGrants().count } == (0..<3).map { $0 == loop ? 1 : 0 })
    }
    gate.leave()
    gate.leave()
    #expect(gate.enter(0) == .entered)
  }

  @Test("the queue holds its limit, and one more request is refused")
  func waiting() throws {
    let (gate, _) = try gate(1, waitingMax: 2)
    #expect(gate.enter(0) == .entered)
    #expect(gate.enter(0) == .waits)
    #expect(gate.enter(1) == .waits)
    #expect(gate.enter(2) == .refused)
    gate.giveUpPlace(0)
    #expect(gate.enter(2) == .waits)
  }

  @Test("requests that have left are skipped")
  func leaving() throws {
    let (gate, mailboxes) = try gate(1)
    #expect(gate.enter(0) == .entered)
    for loop in [1, 2, 1] { #expect(gate.enter(loop) == .waits) }
    gate.giveUpPlace(1)
    gate.leave()
    #expect(mailboxes.map { $0.takeGrants().count } == [0, 0, 1])
    gate.leave()
    #expect(mailboxes.map { $0.takeGrants().count } == [0, 1, 0])
    gate.leave()
    #expect(gate.enter(0) == .entered)
  }

  @Test("a request that leaves while its grant is in transit loses no slot")
  func leavingWithGrant() throws {
    let (gate, mailboxes) = try gate(1)
    #expect(gate.enter(0) == .entered)
    #expect(gate.enter(1) == .waits)
    gate.leave()
    // Granted, but not yet noticed.
    gate.giveUpPlace(1)
    #expect(mailboxes[1].takeGrants().count == 1)
    gate.leave()
    for _ in 0..<3 {
      #expect(gate.enter(0) == .entered)
      gate.leave()
    }
    #expect(gate.enter(0) == .entered)
    #expect(gate.enter(2) == .waits)
    #expect(gate.enter(1) == .waits)
    gate.leave()
    gate.giveUpPlace(2)
    #expect(mailboxes[2].takeGrants().count == 1)
    gate.leave()
    #expect(mailboxes[1].takeGrants().count == 1)
  }

  @Test("a higher limit admits more at once; a lower one ends no request")
  func limits() throws {
    let (gate, mailboxes) = try gate(1)
    #expect(gate.enter(0) == .entered)
    for _ in 0..<3 { #expect(gate.enter(1) == .waits) }
    gate.setLimit(3)
    #expect(mailboxes[1].takeGrants().count == 2)
    gate.setLimit(1)
    gate.leave()
    gate.leave()
    #expect(mailboxes[1].takeGrants().count == 0)
    gate.leave()
    #expect(mailboxes[1].takeGrants().count == 1)
  }
}
