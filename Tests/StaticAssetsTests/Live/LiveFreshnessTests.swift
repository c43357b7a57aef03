import Foundation
import Testing

@testable import StaticAssets

/// When a file's times are certain to show every further write.
@Suite struct LiveFreshnessTests {
  private static func status(modified: (Int, Int), changed: (Int, Int)) -> FileStatus {
    var status = stat()
    status.st_mode = S_IFREG
    status.st_mtim = timespec(tv_sec: modified.0, tv_nsec: modified.1)
    status.st_ctim = timespec(tv_sec: changed.0, tv_nsec: changed.1)
    return FileStatus(status)
  }

  /// One file at the time 1000.5 s.
  struct Row: Sendable {
    let modified: (Int, Int)
    let changed: (Int, Int)
    var isLocal = true
    let isTagFresh: Bool
    let hasDate: Bool
  }

  static let rows = [
    Row(modified: (900, 0), changed: (900, 1), isTagFresh: false, hasDate: true),
    Row(modified: (999, 999_999_999), changed: (999, 1), isTagFresh: false, hasDate: true),
    Row(modified: (1000, 0), changed: (1000, 1), isTagFresh: false, hasDate: false),
    Row(modified: (1000, 1), changed: (1000, 480_000_000), isTagFresh: false, hasDate: false),
    Row(modified: (1000, 1), changed: (1000, 480_000_001), isTagFresh: true, hasDate: false),
    Row(modified: (900, 0), changed: (1000, 499_000_000), isTagFresh: true, hasDate: true),
    // Whole seconds.
    Row(modified: (900, 0), changed: (998, 0), isTagFresh: false, hasDate: true),
    Row(modified: (900, 0), changed: (999, 0), isTagFresh: true, hasDate: true),
    // The clock of another machine.
    Row(modified: (900, 0), changed: (998, 5), isLocal: false, isTagFresh: false, hasDate: true),
    Row(modified: (900, 0), changed: (999, 5), isLocal: false, isTagFresh: true, hasDate: true),
    // Times in the future.
    Row(modified: (2000, 0), changed: (900, 1), isTagFresh: false, hasDate: false),
    Row(modified: (900, 0), changed: (2000, 1), isTagFresh: true, hasDate: true),
    Row(modified: (.max, 0), changed: (900, 1), isTagFresh: false, hasDate: false),
  ]

  @Test(arguments: rows)
  func freshness(row: Row) {
    let status = Self.status(modified: row.modified, changed: row.changed)
    let freshness = LiveFreshness(status, at: 1_000_500_000_000, isLocal: row.isLocal)
    #expect(freshness.isTagFresh == row.isTagFresh)
    #expect(freshness.hasDate == row.hasDate)
    #expect((freshness.dateTime == .max) == (row.hasDate || row.modified.0 == .max))
  }
}
