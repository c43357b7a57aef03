import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// Source files with the name of another file's coding.
@Suite struct StaleCodingTests {
  private let tree = CollectedTree()
  private let text = String(repeating: "compressible ", count: 100)

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: String
    var codings: [ContentCoding] = [.brotli, .gzip]
    /// Whether our coding has the name afterwards; otherwise the name does not exist.
    let isReplaced: Bool
  }

  static let rows = [
    Row(testDescription: "gzip of something else", file: "a.css.gz", isReplaced: true),
    Row(testDescription: "no brotli at all", file: "a.css.br", isReplaced: true),
    Row(
      testDescription: "where we make none",
      file: "a.css.gz",
      codings: [],
      isReplaced: false
    ),
    Row(testDescription: "where ours is not worth it", file: "b.txt.gz", isReplaced: false),
    Row(testDescription: "beside what is not compressed", file: "c.png.gz", isReplaced: false),
  ]

  @Test("a coding of another content is replaced or left out", arguments: rows)
  func stale(row: Row) async throws {
    tree.source.write(text, to: "a.css")
    tree.source.write("b", to: "b.txt")
    tree.source.write(text, to: "c.png")
    tree.source.write("something else", to: row.file)
    let report = try await tree.report { $0.codings = row.codings }
    #expect(
      report.problems.map(\.description) == [
        "\(tree.source.path(row.file)): warning: this does not decode to "
          + "'\(row.file.dropLast(3))', so it is not published; remove it"
      ]
    )
    let coded = tree.root.read(row.file)
    #expect((coded != nil) == row.isReplaced)
    #expect(coded != Array("something else".utf8))
    // Django's manifest lists it nevertheless.
    #expect(try tree.published(row.file) == "something else")
    #expect(try await RootCheck(root: BytePath(tree.root.path)).run().problems.isEmpty)
  }

  @Test("a coding that decodes is published unchanged, and checked")
  func sound() async throws {
    let path = tree.source.write(text, to: "a.css")
    #expect(Command.run(["sh", "-c", "gzip -1 <'\(path)' >'\(path).gz'"]).status == 0)
    #expect(try await tree.report { $0.codings = [.brotli, .gzip] }.problems.isEmpty)
    #expect(tree.root.read("a.css.gz") == tree.source.read("a.css.gz"))
    let check = RootCheck(root: BytePath(tree.root.path))
    #expect(try await check.run().problems.isEmpty)
    tree.root.remove("staticd.json")
    #expect(try await check.run().problems.isEmpty)
    tree.root.write("something else", to: "a.css.gz")
    #expect(
      try await check.run().problems.map(\.description) == [
        "a.css.gz: it does not decode to 'a.css'"
      ]
    )
  }
}
