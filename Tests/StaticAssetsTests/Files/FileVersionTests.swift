import Foundation
import StaticAssets
import TestSupport
import Testing

/// The result of stat(2) before and after a change, as a table.
///
/// Goal: a file whose content may have changed is another version; a file with an added or removed
/// link, or another mode, is not.
@Suite struct FileVersionTests {
  /// A change of the result of stat(2).
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let isSame: Bool
    let change: @Sendable (inout stat) -> Void
  }

  static let rows: [Row] = [
    Row(testDescription: "nothing", isSame: true) { _ in },
    Row(testDescription: "size", isSame: false) { $0.st_size += 1 },
    Row(testDescription: "mtime", isSame: false) { $0.st_mtim.tv_nsec += 1 },
    Row(testDescription: "mtime and ctime", isSame: false) {
      $0.st_mtim.tv_nsec += 1
      $0.st_ctim.tv_nsec += 1
    },
    // Rewritten in place with mtime restored; a rename looks the same.
    Row(testDescription: "ctime alone", isSame: false) { $0.st_ctim.tv_nsec += 1 },
    // FUSE file systems may renumber files.
    Row(testDescription: "inode alone", isSame: true) { $0.st_ino += 1 },
    // Another file with the times of the first.
    Row(testDescription: "inode and ctime", isSame: false) {
      $0.st_ino += 1
      $0.st_ctim.tv_sec += 1
    },
    Row(testDescription: "a link more", isSame: true) {
      $0.st_nlink += 1
      $0.st_ctim.tv_sec += 1
    },
    Row(testDescription: "no name", isSame: true) {
      $0.st_nlink = 0
      $0.st_ctim.tv_sec += 1
    },
    Row(testDescription: "mode", isSame: true) {
      $0.st_mode ^= 0o200
      $0.st_ctim.tv_sec += 1
    },
    Row(testDescription: "owner", isSame: true) {
      $0.st_uid += 1
      $0.st_ctim.tv_sec += 1
    },
    Row(testDescription: "a link more, and another size", isSame: false) {
      $0.st_nlink += 1
      $0.st_ctim.tv_sec += 1
      $0.st_size += 1
    },
  ]

  @Test("the same or another version", arguments: rows)
  func same(row: Row) {
    var first = stat()
    first.st_mode = S_IFREG | 0o644
    first.st_nlink = 1
    first.st_size = 10
    first.st_ino = 7
    first.st_mtim = timespec(tv_sec: 100, tv_nsec: 5)
    first.st_ctim = timespec(tv_sec: 200, tv_nsec: 5)
    var second = first
    row.change(&second)
    let versions = [first, second].map { FileVersion(FileStatus($0)) }
    #expect(versions[0].isSame(as: versions[1]) == row.isSame)
  }
}
