import Testing

@testable import StaticServer

/// The minimum rate of a client.
///
/// Goal: the pause, the minimum rate and their limits. Method: time is a parameter.
@Suite struct MinimumRateTests {
  /// A deadline of 50 s at the time 20 s, and the deadline after `byteCount` bytes.
  struct Row: Sendable {
    let bytesPerSecond: Int64
    let byteCount: Int64
    let deadline: Int64
  }

  @Test(
    "received bytes extend the deadline",
    arguments: [
      // No rate: any byte extends it by the whole pause.
      Row(bytesPerSecond: 0, byteCount: 0, deadline: 50_000),
      Row(bytesPerSecond: 0, byteCount: 1, deadline: 80_000),
      Row(bytesPerSecond: 0, byteCount: .max, deadline: 80_000),
      Row(bytesPerSecond: 100, byteCount: 0, deadline: 50_000),
      Row(bytesPerSecond: 100, byteCount: -5, deadline: 50_000),
      Row(bytesPerSecond: 100, byteCount: 99, deadline: 50_990),
      Row(bytesPerSecond: 100, byteCount: 100, deadline: 51_000),
      Row(bytesPerSecond: 100, byteCount: 101, deadline: 51_010),
      // Never more than the pause from now.
      Row(bytesPerSecond: 100, byteCount: 2999, deadline: 79_990),
      Row(bytesPerSecond: 100, byteCount: 3000, deadline: 80_000),
      Row(bytesPerSecond: 100, byteCount: 3001, deadline: 80_000),
      Row(bytesPerSecond: 100, byteCount: .max, deadline: 80_000),
      Row(bytesPerSecond: 1_000_000_000, byteCount: 1, deadline: 50_001),
      Row(bytesPerSecond: 1_000_000_000, byteCount: .max, deadline: 80_000),
    ]
  )
  func earns(row: Row) {
    let pace = MinimumRate(pause: 60_000, bytesPerSecondMin: row.bytesPerSecond)
    #expect(pace.deadline(50_000, after: row.byteCount, at: 20_000) == row.deadline)
    #expect(pace.deadline(from: 20_000) == 80_000)
  }

  /// The time at which a client that moves `byteCount` bytes each second is closed, in seconds; nil
  /// if it is not within an hour.
  private func end(_ pace: MinimumRate, byteCount: Int64) -> Int64? {
    var deadline = pace.deadline(from: 0)
    for second in 1...3600 {
      let now = Int64(second) * 1000
      if now >= deadline { return Int64(second) }
      deadline = pace.deadline(deadline, after: byteCount, at: now)
    }
    return nil
  }

  @Test(
    "a steady client at the rate continues, one below it uses up the pause",
    arguments: [(0, 60), (1, 61), (120, 119), (240, nil), (241, nil)] as [(Int64, Int64?)]
  )
  func steady(byteCount: Int64, expected: Int64?) {
    #expect(
      end(MinimumRate(pause: 60_000, bytesPerSecondMin: 240), byteCount: byteCount) == expected
    )
  }

  @Test("at the rate, just below it and just above")
  func edges() {
    let pace = MinimumRate(pause: 10_000, bytesPerSecondMin: 100)
    #expect(end(pace, byteCount: 99) == 901)
    #expect(end(pace, byteCount: 100) == nil)
    #expect(end(pace, byteCount: 101) == nil)
  }
}
