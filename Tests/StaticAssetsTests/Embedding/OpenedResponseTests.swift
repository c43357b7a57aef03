import Foundation
import StaticAssets
import TestSupport
import Testing

/// Responses that adapters open before they send them.
///
/// Goal: the bytes of the opened file belong to the entity tag of the response.
@Suite struct OpenedResponseTests {
  private let directory = TemporaryDirectory()

  private func request(_ target: String, _ fields: (String, String)...) throws -> ParsedRequest {
    var request = try #require(ParsedRequest(method: "GET", target: target))
    for (name, value) in fields { request.add(name, value) }
    return request
  }

  private func tag(_ response: PlainResponse) -> String? {
    response.fields.first { $0.name == "ETag" }?.value
  }

  private func bytes(_ opened: OpenedResponse) throws -> [UInt8] {
    var all: [UInt8] = []
    for piece in opened.response.body {
      switch piece {
      case .memory(let slice):
        opened.table.withBytes(of: slice) { $0.withUnsafeBytes { all += $0 } }
      case .bytes(let bytes): all += bytes
      case .file(_, let offset, let count):
        var part = [UInt8](repeating: 0, count: Int(count))
        try part.withUnsafeMutableBytes { try opened.file?.read(into: $0, at: offset) }
        all += part
      }
    }
    return all
  }

  /// Rewrites a file in place so that its times change.
  private func rewrite(_ bytes: [UInt8]) {
    let path = directory.path("a.bin")
    var before = stat()
    precondition(stat(path, &before) == 0)
    var after = before
    repeat {
      let file = open(path, O_WRONLY | O_CLOEXEC)
      precondition(
        bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) } == bytes.count
      )
      close(file)
      precondition(stat(path, &after) == 0)
    } while after.st_ctim.tv_nsec == before.st_ctim.tv_nsec
  }

  @Test(
    "a rewritten file has another tag, and conditions apply to the new content",
    arguments: [512, 0]
  )
  func rewritten(openFilesMax: Int) throws {
    let (first, second) = (
      [UInt8](repeating: 1, count: 100_000), [UInt8](repeating: 2, count: 100_000)
    )
    directory.write(first, to: "a.bin")
    let table = try FileTable(root: directory.path, options: .init(openFilesMax: openFilesMax))
    let plain = try request("/static/a.bin")
    let before = try table.open(try #require(table.response(to: plain)), to: plain)
    #expect(before.table === table)
    #expect(try bytes(before) == first)
    let oldTag = try #require(tag(before.response))

    rewrite(second)
    let after = try table.open(try #require(table.response(to: plain)), to: plain)
    #expect(after.response.status == .ok)
    #expect(try bytes(after) == second)
    #expect(try #require(tag(after.response)) != oldTag)

    let part = try request("/static/a.bin", ("Range", "bytes=0-9"), ("If-Range", oldTag))
    let whole = try table.open(try #require(table.response(to: part)), to: part)
    #expect(whole.response.status == .ok)
    #expect(try bytes(whole) == second)
    let free = try request("/static/a.bin", ("Range", "bytes=0-9"))
    let ranged = try table.open(try #require(table.response(to: free)), to: free)
    #expect(ranged.response.status == .partialContent)
    #expect(try bytes(ranged) == Array(second[..<10]))
  }

  @Test("without blocking: bodies in memory, and files that are kept open and unchanged")
  func kept() throws {
    let content = [UInt8](repeating: 1, count: 100_000)
    directory.write(content, to: "a.bin")
    directory.write("small", to: "small.txt")
    for (openFilesMax, isKept) in [(512, true), (0, false)] {
      let table = try FileTable(root: directory.path, options: .init(openFilesMax: openFilesMax))
      let small = try #require(table.response(to: try request("/static/small.txt")))
      #expect(try bytes(try #require(table.openKept(small))) == Array("small".utf8))
      let large = try #require(table.response(to: try request("/static/a.bin")))
      let opened = table.openKept(large)
      #expect((opened != nil) == isKept)
      if let opened { #expect(try bytes(opened) == content) }
    }
    let table = try FileTable(root: directory.path)
    let large = try #require(table.response(to: try request("/static/a.bin")))
    rewrite([UInt8](repeating: 2, count: 100_000))
    #expect(table.openKept(large) == nil)
  }

  @Test("a rewritten page of a single-page app is sent with its new content", arguments: [512, 0])
  func fallback(openFilesMax: Int) throws {
    let (first, second) = (
      [UInt8](repeating: 65, count: 100_000), [UInt8](repeating: 66, count: 100_000)
    )
    directory.write(first, to: "a.bin")
    var options = FileTable.Options(openFilesMax: openFilesMax)
    options.fallbacks = [FileTable.Fallback(directory.path("a.bin"))]
    let mount = FileTable.Mount(directory.path, at: "/", kind: .public)
    let table = try FileTable(mounts: [mount], options: options)
    let route = try request("/some/route", ("Accept", "text/html"))
    let before = try table.open(try #require(table.fallbackResponse(to: route)), to: route)
    #expect(before.response.status == .ok)
    #expect(try bytes(before) == first)
    rewrite(second)
    let after = try table.open(try #require(table.fallbackResponse(to: route)), to: route)
    #expect(after.response.status == .ok)
    #expect(try bytes(after) == second)
    #expect(tag(after.response) != tag(before.response))
  }

  @Test("a small file is in memory, so nothing is opened")
  func small() throws {
    directory.write("small", to: "a.bin")
    let table = try FileTable(root: directory.path)
    let plain = try request("/static/a.bin")
    let opened = try table.open(try #require(table.response(to: plain)), to: plain)
    #expect(opened.file == nil)
    #expect(try bytes(opened) == Array("small".utf8))
  }

  @Test("a removed file that is not kept open is an error")
  func gone() throws {
    directory.write([UInt8](repeating: 1, count: 100_000), to: "a.bin")
    let table = try FileTable(root: directory.path, options: .init(openFilesMax: 0))
    let plain = try request("/static/a.bin")
    let response = try #require(table.response(to: plain))
    directory.remove("a.bin")
    #expect(throws: FileError.self) { _ = try table.open(response, to: plain) }
  }
}
