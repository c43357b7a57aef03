import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// A collected root with one fault, and the report of the check.
@Suite struct RootCheckTests {
  private let tree = CollectedTree()

  private func collect() async throws {
    let text = String(repeating: "compressible ", count: 100)
    tree.source.write("@import 'd/b.css?x'; \(text)", to: "a.css")
    tree.source.write(text, to: "d/b.css")
    tree.source.write("\0binary", to: "c.png")
    tree.source.write("x", to: "assets/index-BKd3QVhN.js")
    _ = try await tree.report {
      $0.codings = [.brotli, .gzip]
      $0.hashedNames = [.vite]
    }
  }

  private func problems() async throws -> [String] {
    try await RootCheck(root: BytePath(tree.root.path), jobs: 2).run().problems.map(\.description)
  }

  @Test("a collected root has no problem, even with foreign files in it")
  func well() async throws {
    try await collect()
    tree.root.write("somebody's", to: "stranger.css")
    tree.root.write("somebody's", to: "stranger.css.br")
    let report = try await RootCheck(root: BytePath(tree.root.path), jobs: 2).run()
    #expect(report.problems.isEmpty, "\(report.problems)")
    let manifests = 2
    let strangers = 2
    #expect(report.fileCount == tree.root.files().count - manifests - strangers)
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    let name: String
    /// The changed file: HASHED stands for the published name of `a.css`.
    let file: String
    let content: String?
    let expected: String
    var testDescription: String { name }
  }

  static let damages = [
    Damage(
      name: "an original changed",
      file: "d/b.css",
      content: "x",
      expected: "d/b.css: it has 1 bytes, 1300 in staticd.json"
    ),
    Damage(
      name: "an original with other bytes of the same length",
      file: "c.png",
      content: "!binary",
      expected: "c.png: its content is not the one in staticd.json"
    ),
    Damage(
      name: "a hashed file is gone",
      file: "HASHED",
      content: nil,
      expected: "HASHED: cannot read it: No such file or directory"
    ),
    Damage(
      name: "a coding is gone",
      file: "HASHED.br",
      content: nil,
      expected: "HASHED.br: cannot read it: No such file or directory"
    ),
    Damage(
      name: "a coding is damaged",
      file: "HASHED.gz",
      content: "x",
      expected: "HASHED.gz: its content is not the one in staticd.json"
    ),
    Damage(
      name: "a coding that is not listed",
      file: "c.png.gz",
      content: "x",
      expected: "c.png.gz: it does not decode to 'c.png'"
    ),
    Damage(
      name: "a manifest is none",
      file: "staticfiles.json",
      content: "{\"paths\": [",
      expected: "staticfiles.json: this is no manifest: wrong at byte 10"
    ),
    Damage(
      name: "our manifest is none",
      file: "staticd.json",
      content: "{\"files\": {}} x",
      expected: "staticd.json: this is no manifest: wrong at byte 14"
    ),
  ]

  @Test("each fault is reported once", arguments: damages)
  func damaged(row: Damage) async throws {
    try await collect()
    let hashed = try #require(try tree.paths()["a.css"])
    let file = row.file.replacingOccurrences(of: "HASHED", with: hashed)
    if let content = row.content {
      tree.root.write(content, to: file)
    } else {
      try FileManager.default.removeItem(atPath: tree.root.path(file))
    }
    let expected = row.expected.replacingOccurrences(of: "HASHED", with: hashed)
    #expect(try await problems() == [expected])
  }

  @Test("a coding with valid digests, but of another content")
  func wrongCoding() async throws {
    try await collect()
    let other = CollectedTree()
    other.source.write(String(repeating: "something else ", count: 100), to: "d/b.css")
    _ = try await other.report { $0.codings = [.brotli] }
    let stale = try #require(other.root.read("d/b.css.br"))
    let good = try #require(tree.root.read("d/b.css.br"))
    tree.root.write(stale, to: "d/b.css.br")
    let replacements = [
      ("\"file\": \"d/b.css.br\", \"bytes\": \(good.count)", good.count, stale.count)
    ]
    var manifest = try #require(tree.root.text("staticd.json"))
    for (text, old, new) in replacements {
      #expect(manifest.contains(text))
      manifest = manifest.replacingOccurrences(
        of: text,
        with: text.replacingOccurrences(of: "\(old)", with: "\(new)")
      )
    }
    manifest = manifest.replacingOccurrences(of: try md5(good), with: try md5(stale))
    tree.root.write(manifest, to: "staticd.json")
    let hashed = try #require(try tree.paths()["d/b.css"])
    let problems = try await problems()
    #expect(problems.contains("d/b.css.br: it does not decode to 'd/b.css'"))
    #expect(problems.contains { $0.hasPrefix("\(hashed).br: ") })
  }

  private func md5(_ bytes: [UInt8]) throws -> String {
    let directory = TemporaryDirectory()
    let result = Command.run(["md5sum", directory.write(bytes, to: "x")])
    return String(result.output.prefix(32))
  }

  @Test("contradicting manifests")
  func manifests() async throws {
    try await collect()
    let django = try #require(tree.root.text("staticfiles.json"))
    let hashed = try #require(try tree.paths()["c.png"])
    let broken = hashed.replacingOccurrences(of: "c.", with: "c.0")
    tree.root.write("\0binary", to: broken)
    tree.root.write(
      django.replacingOccurrences(of: hashed, with: broken),
      to: "staticfiles.json"
    )
    let renamed = try await problems()
    #expect(
      renamed == [
        "\(broken): its content is not the one that its name says",
        "\(broken): staticd.json lacks it, staticfiles.json has it",
        "\(hashed): staticd.json lets it be kept, staticfiles.json does not have it",
        "staticfiles.json: its hash is of other names",
      ]
    )
    tree.root.write(django, to: "staticfiles.json")
    let ours = try #require(tree.root.text("staticd.json"))
    let lines = ours.components(separatedBy: "\n").map { line in
      guard line.hasPrefix("\"\(hashed)\"") else { return line }
      return line.replacing("max-age=315360000, public, immutable", with: "max-age=60, public")
        .replacing("\"name\": \"c.png\"", with: "\"name\": \"d.png\"")
    }
    tree.root.write(lines.joined(separator: "\n"), to: "staticd.json")
    let contradictions = try await problems()
    #expect(
      contradictions == [
        "\(hashed): it is 'c.png' to Django, 'd.png' to us",
        "\(hashed): staticd.json does not let it be kept",
        "staticd.json: its seal is not that of its text, so it was edited; collect again",
      ]
    )
  }

  @Test("a root collected by Django has one manifest, an uncollected one has none")
  func others() async throws {
    try await collect()
    try FileManager.default.removeItem(atPath: tree.root.path("staticd.json"))
    #expect(try await problems().isEmpty)
    let hashed = try #require(try tree.paths()["a.css"])
    tree.root.write("stale", to: "\(hashed).gz")
    #expect(try await problems() == ["\(hashed).gz: it does not decode to '\(hashed)'"])
    try FileManager.default.removeItem(atPath: tree.root.path("staticfiles.json"))
    let bare = try await problems()
    #expect(
      bare == [
        "\(hashed).gz: it does not decode to '\(hashed)'",
        "staticfiles.json: there is none; collect first",
      ]
    )
    await #expect(throws: CollectError.self) {
      try await RootCheck(root: BytePath(tree.root.path("none")), jobs: 1).run()
    }
  }
}
