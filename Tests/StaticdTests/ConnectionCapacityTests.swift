import Testing

@testable import staticd

/// `--max-connections` and the descriptor limit.
@Suite struct ConnectionCapacityTests {
  @Test(
    "limits",
    arguments: [(256, false), (1024, false), (1024, true), (20000, true), (1 << 20, true)]
  )
  func limit(descriptors: Int, forwards: Bool) throws {
    let capacity = ConnectionCapacity(limit: descriptors, forwards: forwards)
    let most = capacity.connectionsMax
    #expect(capacity.refusal(of: most) == nil)
    let line = try #require(capacity.refusal(of: most + 1))
    #expect(line.contains("allows \(descriptors), enough for \(most);"))
    // The reported number suffices, and the next lower one does not.
    let need = capacity.need(for: most + 1)
    #expect(line.contains("need \(need) descriptors"))
    #expect(ConnectionCapacity(limit: need, forwards: forwards).connectionsMax >= most + 1)
    #expect(ConnectionCapacity(limit: need - 1, forwards: forwards).connectionsMax < most + 1)
  }
}
