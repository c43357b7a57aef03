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
      // Two files created in one tick of the kernel's clock have the same ctime.
      repeat { write("other", to: "b.txt") } while changeTime("b.txt") == changeTime("a.txt")
      precondition(rename(directory.path("b.txt"), path) == 0)
    case .replacementByFIFO:
      precondition(unlink(path) == 0 && mkfifo(path, 0o644) == 0)
    }
  }

  private func changeTime(_ name: String) -> [Int] {
    var status = stat()
    precondition(stat(directory.path(name), &status) == 0)
    return [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }

  private func text(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  @Test("a file that is opened again must be the same version", arguments: Change.allCases)
  func opensAgain(change: Change) throws {
    write("first", to: "a.txt")
    let table = try FileTable(
      root: directory.path,
      options: .init(bodyInMemoryMax: 0, openFilesMax: 0)
    )
    apply(change)
    let (descriptor, isKept) = table.openFile(0)
    #expect(!isKept)
    switch change {
    case .nothing, .permissions, .hardLink:
      try #require(descriptor >= 0)
      #expect(text(descriptor) == "first")
      close(descriptor)
    case .removal:
      #expect(descriptor == -ENOENT)
    case .rename, .otherLength, .otherTime, .replacementOfOneTime, .replacementByFIFO:
      // A rename changes ctime alone, like a rewrite with mtime restored.
      #expect(descriptor == -ESTALE)
    }
  }

  @Test(
    "a file that is kept open is sent although another file has its name",
    arguments: [Change.removal, .replacementOfOneTime, .replacementByFIFO]
  )
  func keptOpen(change: Change) throws {
    write("first", to: "a.txt")
    let table = try FileTable(root: directory.path, options: .init(bodyInMemoryMax: 0))
    apply(change)
    let (descriptor, isKept) = table.openFile(0)
    #expect(isKept)
    #expect(text(descriptor) == "first")
  }

  /// Tables of a public directory with the codings of one file; `max` limits the bodies read by
  /// each.
  private func deferred(max: [Int]) throws -> [FileTable] {
    directory.write(String(repeating: "a", count: 100), to: "a.css")
    directory.write("brotli", to: "a.css.br")
    directory.write("gzip....", to: "a.css.gz")
    directory.write("b", to: "b.txt")
    let mount = FileTable.Mount(directory.path, at: "/", kind: .public)
    return try max.map { try FileTable(mounts: [mount], options: .init(), bodyReadsMax: $0) }
  }

  @Test("bodies beyond the limit stay on disk, and the responses are the same")
  func defersBodies() throws {
    let tables = try deferred(max: [4, 3])
    let (whole, quick) = (tables[0], tables[1])
    #expect(!whole.hasDeferredBodies)
    #expect(quick.hasDeferredBodies)
    #expect(quick.fileCount == whole.fileCount)
    let requests = [
      ("/a.css", "Accept-Encoding: br"), ("/a.css", "Accept-Encoding: gzip"), ("/a.css", "X: y"),
      ("/a.css", "Range: bytes=1-2"), ("/b.txt", "If-Match: \"x\""), ("/none", "X: y"),
    ]
    for (path, field) in requests {
      let expected = whole.ask(path, field)
      let answer = quick.ask(path, field)
      #expect(answer?.status == expected?.status)
      #expect(answer?.fields == expected?.fields)
      guard let body = answer?.body, let text = expected?.body, body.hasPrefix("file ") else {
        continue
      }
      // `file NUMBER: OFFSET+COUNT`
      let numbers = body.split { !$0.isNumber }.compactMap { Int($0) }
      let (descriptor, isKept) = quick.openFile(numbers[0])
      #expect(!isKept)
      #expect(self.text(descriptor).dropFirst(numbers[1]).prefix(numbers[2]) == text)
      close(descriptor)
    }
  }

  @Test("another version of a file is not sent as a deferred body")
  func deferredVersion() throws {
    let quick = try deferred(max: [0])[0]
    let body = try #require(quick.ask("/a.css", "Accept-Encoding: br")?.body)
    directory.write("another size", to: "a.css.br")
    let numbers = body.split { !$0.isNumber }.compactMap { Int($0) }
    #expect(quick.openFile(numbers[0]).descriptor == -ESTALE)
  }
}
