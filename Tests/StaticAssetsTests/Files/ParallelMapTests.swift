import Testing

@testable import StaticAssets

/// Work distributed over threads.
@Suite struct ParallelMapTests {
  @Test("every number once, in order", arguments: [0, 1, 2, 1000], [1, 2, 7])
  func map(count: Int, threadCount: Int) {
    for runCount in [1, 3, 2000] {
      let results = ParallelMap.map(count: count, threadCount: threadCount, runCount: runCount) {
        "\($0)"
      }
      #expect(results == (0..<count).map(String.init))
    }
  }

  @Test("the number of threads", arguments: [(0, 1), (9, 1), (10, 1), (20, 2), (1000, 3)])
  func threadCount(items: Int, expected: Int) {
    #expect(ParallelMap.threadCount(items: items, countPerThreadMin: 10, max: 3) == expected)
  }

  @Test("two functions at once", arguments: [1, 2])
  func both(threadCount: Int) {
    var first = 0
    var second = 0
    ParallelMap.both(threadCount: threadCount) {
      first = 1
    } _: {
      second = 2
    }
    #expect(first == 1 && second == 2)
  }
}
