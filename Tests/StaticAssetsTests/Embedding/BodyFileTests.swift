import Glibc
import StaticAssets
import TestSupport
import Testing

/// Bodies in files, as adapters read them.
///
/// Goal: the right bytes of the file that the response announced, or an error.
@Suite struct BodyFileTests {
  private let directory = TemporaryDirectory()
  private let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

  /// A table of one file that is sent from disk, and the file's number.
  private func table(openFilesMax: Int) throws -> (FileTable, Int) {
    directory.write(content, to: "large.bin")
    let options = FileTable.Options(openFilesMax: openFilesMax)
    let table = try FileTable(root: directory.path, options: options)
    let request = try #require(ParsedRequest(method: "GET", target: "/static/large.bin"))
    return (table, try #require(table.response(to: request)?.fileNumber))
  }

  private func read(_ file: BodyFile, _ count: Int, at offset: Int64) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: offset) }
    return bytes
  }

  @Test("reads a file that is kept open, or opened each time", arguments: [0, 16])
  func reads(openFilesMax: Int) throws {
    let (table, number) = try table(openFilesMax: openFilesMax)
    let file = try table.openBody(number)
    #expect(try read(file, content.count, at: 0) == content)
    #expect(try read(file, 10, at: 70_000) == Array(content[70_000..<70_010]))
    #expect(try read(file, 0, at: 0) == [])
  }

  @Test("a file written since the table was built is never read as the table's file")
  func written() throws {
    let (table, number) = try table(openFilesMax: 16)
    let file = try table.openBody(number)
    #expect(file.isCurrent)
    // In place: the open descriptor sees the new bytes.
    directory.write(Array(content.reversed()), to: "large.bin")
    #expect(!file.isCurrent)
    #expect(throws: FileError.self) { try file.checkVersion() }
    #expect(throws: FileError.self) { _ = try read(file, 10, at: 0) }
    #expect(throws: FileError.self) { _ = try table.openBody(number) }
  }

  @Test("the file is closed with its owner, unless the table keeps it open", arguments: [0, 16])
  func closes(openFilesMax: Int) throws {
    let (table, number) = try table(openFilesMax: openFilesMax)
    var file: BodyFile? = try table.openBody(number)
    let descriptor = try #require(file?.descriptor)
    #expect(fcntl(descriptor, F_GETFD) >= 0)
    file = nil
    // Other tests may reuse the descriptor, but rarely for the same file.
    var own = stat()
    var stored = stat()
    #expect(stat(directory.path("large.bin"), &stored) == 0)
    let isOpen = fstat(descriptor, &own) == 0 && own.st_ino == stored.st_ino
    #expect(isOpen == (openFilesMax > 0))
    withExtendedLifetime(table) {}
  }

  @Test("a changed file is an error, not a short or mixed body")
  func truncated() throws {
    let (table, number) = try table(openFilesMax: 16)
    let file = try table.openBody(number)
    #expect(file.byteCount == 100_000)
    #expect(file.isCurrent)
    #expect(truncate(directory.path("large.bin"), 50_000) == 0)
    #expect(file.byteCount == 50_000)
    #expect(throws: FileError(operation: "read", path: "large.bin", code: ESTALE)) {
      _ = try read(file, 100, at: 49_950)
    }
    // These bytes are unchanged, but that cannot be known.
    #expect(!file.isCurrent)
    #expect(throws: FileError(operation: "read", path: "large.bin", code: ESTALE)) {
      _ = try read(file, 50, at: 49_950)
    }
  }

  @Test("a replaced or removed file cannot be opened")
  func gone() throws {
    let (table, number) = try table(openFilesMax: 0)
    directory.write(content + [0], to: "other.bin")
    directory.rename("large.bin", to: "old.bin")
    #expect(throws: FileError(operation: "open", path: "large.bin", code: ENOENT)) {
      _ = try table.openBody(number)
    }
    directory.rename("other.bin", to: "large.bin")
    #expect(throws: FileError(operation: "open", path: "large.bin", code: ESTALE)) {
      _ = try table.openBody(number)
    }
  }
}
