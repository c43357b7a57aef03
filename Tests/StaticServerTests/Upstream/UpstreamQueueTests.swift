import Testing

@testable import StaticServer

/// Which requests wait for a connection to the app, and which events of a connection count.
@Suite struct UpstreamQueueTests {
  private let first = ExchangeID(slot: 1, generation: 1)
  private let second = ExchangeID(slot: 2, generation: 1)

  @Test("a request whose attempt is in progress connects again at once; others wait for it")
  func attempt() {
    var queue = UpstreamQueue()
    #expect(!queue.isStalled && !queue.mustWait(first))
    // The app is away: the first request waits, and the second behind it.
    queue.stallFirst(first, at: 0)
    #expect(queue.mustWait(second))
    queue.stall(second, at: 0)
    #expect(queue.takeForRetry(at: UpstreamQueue.retryTime) == first)
    queue.noteAttempt(first)
    // The app has accepted the connection and closed it: the same request is sent again.
    #expect(!queue.mustWait(first) && queue.mustWait(second))
    queue.endAttempt(first, at: 20)
    #expect(queue.mustWait(first))
    #expect(queue.takeForRetry(at: 20) == second)
  }

  @Test(
    "events of a connection count once a byte was sent, or sending has failed",
    arguments: [(0, false, false), (1, false, true), (0, true, true), (1, true, true)]
      as [(Int64, Bool, Bool)]
  )
  func mayAnswer(sentCount: Int64, stopsSending: Bool, expected: Bool) {
    var side = UpstreamSide()
    side.sentCount = sentCount
    side.stopsSending = stopsSending
    #expect(side.mayAnswer == expected)
  }
}
