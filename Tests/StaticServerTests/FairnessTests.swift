import Glibc
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// Concurrent clients on one loop.
///
/// Goal: the wait of a request is counted in turns of the loop, independent of the machine.
@Suite struct FairnessTests {
  private let directory = TemporaryDirectory()

  /// The number of events that one turn takes from the kernel.
  private static let eventsPerTurn = 256

  @Test("a request waits for at most one event of each other client", arguments: [0, 100, 400])
  func turns(slowCount: Int) throws {
    directory.write("hello", to: "a.txt")
    var harness = try LoopHarness(directory)
    // Each sends the next byte of an endless head before every turn.
    let slow = try (0..<slowCount).map { _ in try harness.connect().release() }
    let client = try harness.connect()
    for _ in 0..<20 {
      send("A", slow)
      let request = Array("GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
      try #require(write(client.number, request, request.count) == request.count)
      var turns = 0
      var statuses: [Int] = []
      while statuses.isEmpty, turns <= slowCount {
        harness.loop.turn()
        turns += 1
        statuses = harness.statuses(client)
        send("A", slow)
      }
      #expect(statuses == [200])
      #expect(turns <= slowCount / Self.eventsPerTurn + 1)
    }
    harness.finish()
    for number in slow { close(number) }
  }

  private func send(_ text: String, _ numbers: [Int32]) {
    for number in numbers { _ = write(number, text, text.utf8.count) }
  }
}
