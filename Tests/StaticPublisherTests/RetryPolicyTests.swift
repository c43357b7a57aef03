import Testing

@testable import StaticPublisher

/// When and after which delay a request is retried.
@Suite struct RetryPolicyTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var outcome: RetryPolicy.Outcome
    var attempt = 1
    var random = 0.5
    var wait: Int?

    var testDescription: String { "\(outcome) after \(attempt)" }
  }

  static func response(
    _ status: Int,
    _ code: String = "",
    retryAfter: Int? = nil
  ) -> RetryPolicy.Outcome {
    .response(status: status, code: code, retryAfterSeconds: retryAfter)
  }

  @Test(arguments: [
    Row(outcome: .failure(isTemporary: true), wait: 100),
    Row(outcome: .failure(isTemporary: false), wait: nil),
    Row(outcome: response(500), wait: 100), Row(outcome: response(502), wait: 100),
    Row(outcome: response(503, "SlowDown"), wait: 100), Row(outcome: response(504), wait: 100),
    Row(outcome: response(429), wait: 100), Row(outcome: response(408), wait: 100),
    Row(outcome: response(400, "RequestTimeout"), wait: 100),
    Row(outcome: response(400, "BadDigest"), wait: 100),
    Row(outcome: response(409, "OperationAborted"), wait: 100),
    Row(outcome: response(501, "NotImplemented"), wait: nil),
    Row(outcome: response(505), wait: nil),
    Row(outcome: response(400), wait: nil), Row(outcome: response(403, "AccessDenied"), wait: nil),
    Row(outcome: response(404), wait: nil), Row(outcome: response(412), wait: nil),
    // The limit doubles up to its maximum.
    Row(outcome: response(503), attempt: 2, wait: 200),
    Row(outcome: response(503), attempt: 5, wait: 1600),
    Row(outcome: response(503), attempt: 5, random: 0, wait: 0),
    Row(outcome: response(503), attempt: 6, wait: nil),
    // The server's Retry-After, up to a limit.
    Row(outcome: response(503, retryAfter: 3), wait: 3000),
    Row(outcome: response(503, retryAfter: 0), wait: 100),
    Row(outcome: response(503, retryAfter: -1), wait: 100),
    Row(outcome: response(503, retryAfter: 100_000), wait: 60_000),
    Row(outcome: response(403, retryAfter: 3), wait: nil),
  ])
  func waits(row: Row) {
    let wait = RetryPolicy().wait(after: row.outcome, attempt: row.attempt, random: row.random)
    #expect(wait == row.wait)
  }

  @Test("the delay has a maximum, however many attempts there are")
  func bounded() {
    let policy = RetryPolicy(attemptsMax: 1000)
    for attempt in [8, 64, 999] {
      #expect(policy.wait(after: Self.response(503), attempt: attempt, random: 0.999) == 19_980)
    }
  }

  @Test("another run is waited for, with growing delays, for five to ten minutes in all")
  func settling() {
    let policy = RetryPolicy()
    for (random, first, total) in [
      (0.0, [50, 100, 200, 400], 290_000...310_000),
      (0.999, [99, 199, 399, 799], 580_000...620_000),
    ] {
      let waits = (0..<1000).map { policy.settlingWait(round: $0, random: random) }
      #expect(Array(waits.prefix(4)) == first)
      #expect(waits.firstIndex(of: nil) == policy.settlingRoundsMax)
      #expect(total.contains(waits.reduce(0) { $0 + ($1 ?? 0) }))
    }
  }
}
