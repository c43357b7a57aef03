import Foundation
import StaticAssets
import TestSupport
import Testing

/// Files that are sent from disk and change after the table was built.
///
/// Goal: the opened file is the version that the response's length and entity tag describe.
@Suite struct StoredFileTests {
  private let directory = TemporaryDirectory()

  /// The changes of `a.txt`, which contains "first" and has the modification time `time`.
  enum Change: CaseIterable {
    case nothing, permissions, hardLink, rename
    case removal, otherLength, otherTime, replacementOfOneTime, replacementByFIFO
  }

  private static let time = timespec(tv_sec: 1, tv_nsec: 0)

  private func write(_ content: String, to name: String) {
    directory.write(content, to: name)
    let times = [Self.time, Self.time]
    precondition(utimensat(AT_FDCWD, directory.path(name), times, 0) == 0)
  }

  private func apply(_ change: Change) {
    let path = directory.path("a.txt")
    switch change {
    case .nothing: break
    case .permissions: precondition(chmod(path, 0o600) == 0)
    case .hardLink: precondition(link(path, directory.path("b.txt")) == 0)
    case .rename:
      precondition(rename(path, directory.path("b.txt")) == 0)
      precondition(rename(directory.path("b.txt"), path) == 0)
    case .removal: precondition(unlink(path) == 0)
    case .otherLength: write("longer", to: "a.txt")
    case .otherTime: directory.write("other", to: "a.txt")
    case .replacementOfOneTime:
      write("other", to: "b.txt")
      precondition(rename(directory.path("b.txt"), path) == 0)
    case .replacementByFIFO:
      precondition(unlink(path) == 0 && mkfifo(path, 0o644) == 0)
    }
  }

  private func text(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  @Test("a file that is opened again must be the same", arguments: Change.allCases)
  func opensAgain(change: Change) throws {
    write("first", to: "a.txt")
    let table = try FileTable.build(
      root: directory.path,
      options: .init(bodyInMemoryMax: 0, openFilesMax: 0)
    )
    apply(change)
    let (descriptor, isKept) = table.openFile(0)
    #expect(!isKept)
    switch change {
    case .nothing, .permissions, .hardLink, .rename:
      try #require(descriptor >= 0)
      #expect(text(descriptor) == "first")
      close(descriptor)
    case .removal:
      #expect(descriptor == -ENOENT)
    case .otherLength, .otherTime, .replacementOfOneTime, .replacementByFIFO:
      #expect(descriptor == -ESTALE)
    }
  }

  @Test(
    "a file that is kept open is sent although another has its name",
    arguments: [Change.removal, .replacementOfOneTime, .replacementByFIFO]
  )
  func keptOpen(change: Change) throws {
    write("first", to: "a.txt")
    let table = try FileTable.build(root: directory.path, options: .init(bodyInMemoryMax: 0))
    apply(change)
    let (descriptor, isKept) = table.openFile(0)
    #expect(isKept)
    #expect(text(descriptor) == "first")
  }
}
