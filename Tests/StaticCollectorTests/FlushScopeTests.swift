import Testing

@testable import StaticCollector

@Suite("Data that must be on disk before a release is published")
struct FlushScopeTests {
  /// Dirty bytes of the machine, the part of them written by us, and the flushed scope.
  private static let choices: [(Int?, Int, FlushScope)] = [
    (0, 0, .fileSystem),
    (67_108_864, 0, .fileSystem),
    (67_108_865, 0, .ownFiles),
    (300_000_000, 300_000_000, .fileSystem),
    (300_000_000, 200_000_000, .ownFiles),
    (1, 300_000_000, .fileSystem),
    (nil, 0, .ownFiles),
  ]

  @Test(
    "the whole file system, unless others have much dirty data",
    arguments: choices
  )
  func choice(unwritten: Int?, own: Int, scope: FlushScope) {
    #expect(FlushScope.choose(unwrittenByteCount: unwritten, ownByteCount: own) == scope)
  }

  @Test(
    "the text of /proc/meminfo",
    arguments: [
      ("MemTotal: 100 kB\nDirty:            12 kB\nWriteback:         3 kB\n", 15 << 10),
      ("Dirty: 0 kB\nWriteback: 0 kB\n", 0), ("WritebackTmp: 7 kB\nDirty: 1 kB\n", 1 << 10),
      ("", nil), ("MemTotal: 100 kB\n", nil), ("Dirty: x kB\nWriteback: 0 kB\n", nil),
      ("Dirty: -1 kB\n", nil), ("Dirty: 99999999999999999999 kB\n", nil),
      ("Dirty: 9223372036854775807 kB\n", nil),
    ]
  )
  func text(_ text: String, _ count: Int?) {
    #expect(FlushScope.unwrittenByteCount(text) == count)
  }
}
