import Testing

@testable import StaticAssets

/// The buffer for response heads.
@Suite struct HeadTextTests {
  private func text(_ head: borrowing HeadText) -> String {
    head.withBytes { String(decoding: $0, as: UTF8.self) }
  }

  @Test(
    "numbers",
    arguments: [
      (0, "0"), (9, "9"), (10, "10"), (1_234_567_890, "1234567890"),
      (Int64.max, "9223372036854775807"),
    ] as [(Int64, String)]
  )
  func decimal(number: Int64, expected: String) {
    var head = HeadText()
    head.append(decimal: number)
    #expect(text(head) == expected)
  }

  @Test("it grows with what is added", arguments: [1022, 1023, 1024, 1025, 5000])
  func grows(count: Int) {
    var head = HeadText()
    head.append("a")
    head.append([])
    head.append([UInt8](repeating: UInt8(ascii: "x"), count: count))
    head.append("b")
    #expect(text(head) == "a" + String(repeating: "x", count: count) + "b")
    head.removeLast(count + 1)
    #expect(text(head) == "a")
    head.removeAll()
    #expect(head.count == 0)
  }
}
