import TestSupport
import Testing

@testable import StaticServer

/// Queues of deadlines.
///
/// Goal: a deadline expires exactly once, neither early nor more than 16 ms late. Method: every
/// operation is compared with a naive implementation, in random order.
@Suite struct DeadlineQueuesTests {
  private static let durations: [8 of Int64] = [100, 1000, 10_000, 75_000, 1, 0, 0, 0]

  @Test func order() {
    var queues = DeadlineQueues(capacity: 10, durations: Self.durations)
    #expect(queues.next == .max)
    queues.set(3, 0, at: 1000)
    queues.set(4, 0, at: 1020)
    queues.set(5, 1, at: 1000)
    #expect(queues.oldest(in: 0) == 3)
    #expect(queues.successor(of: 3) == 4)
    #expect(queues.successor(of: 4) == nil)
    let early = queues.popExpired(at: 1099)
    #expect(early == nil)
    let first = queues.popExpired(at: 1120)
    #expect(first?.slot == 3 && first?.queue == 0)
    queues.set(4, 1, at: 1110)
    #expect(queues.oldest(in: 0) == nil)
    queues.cancel(5)
    #expect(queues.oldest(in: 1) == 4)
    queues.cancel(4)
    #expect(queues.next == .max)
  }

  @Test("changed timeouts apply to deadlines already set, and their order stays")
  func change() {
    var queues = DeadlineQueues(capacity: 10, durations: Self.durations)
    for slot in 0..<5 { queues.set(Int32(slot), 1, at: 1000 + 40 * Int64(slot)) }
    queues.set(7, 0, at: 1000)
    for duration: Int64 in [3000, 16, 1000, 5000] {
      var durations = Self.durations
      durations[1] = duration
      queues.change(durations: durations)
      for slot in 0..<5 {
        let setTime = queues.setTime(of: Int32(slot)) ?? 0
        // Each change rounds up once more.
        #expect((1000 + 40 * Int64(slot)..<1000 + 40 * Int64(slot) + 96).contains(setTime))
        #expect(queues.queue(of: Int32(slot)) == 1)
      }
    }
    #expect(queues.queue(of: 7) == 0)
    var order: [Int32] = []
    while let (slot, _) = queues.popExpired(at: 10_000) { order.append(slot) }
    #expect(order == [7, 0, 1, 2, 3, 4])
  }

  @Test("agrees with a naive implementation", arguments: 1...20)
  func twin(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var queues = DeadlineQueues(capacity: 16, durations: Self.durations)
    var twin: [Int32: (queue: Int, deadline: Int64)] = [:]
    var now: Int64 = 1_000_000
    for _ in 0..<2000 {
      let slot = Int32.random(in: 0..<16, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        queues.cancel(slot)
        twin[slot] = nil
      case 1: now += Int64.random(in: 0..<2000, using: &random)
      default:
        let queue = Int.random(in: 0..<5, using: &random)
        queues.set(slot, queue, at: now)
        twin[slot] = (queue, now + Self.durations[queue])
      }
      while let (slot, queue) = queues.popExpired(at: now) {
        #expect(twin[slot]?.queue == queue)
        #expect((twin[slot]?.deadline ?? .max) <= now)
        twin[slot] = nil
      }
      for (slot, entry) in twin {
        #expect(entry.deadline > now - 16)
        #expect(queues.queue(of: slot) == entry.queue)
      }
      let next = twin.values.map(\.deadline).min() ?? .max
      #expect(next == .max ? queues.next == .max : queues.next >= next && queues.next < next + 16)
    }
  }
}
