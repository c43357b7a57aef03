import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// A collected root of two releases, to be modified.
final class TamperedRoot: Sendable {
  let tree = CollectedTree()
  /// The hashed name of `a.css`.
  let sheet: String
  /// The hashed name of `d/b.css` in the previous release.
  let older: String
  /// The name of `d/b.css` for a reference with a query, which is not in Django's manifest.
  let alias: String

  var root: TemporaryDirectory { tree.root }

  init() async throws {
    let text = String(repeating: "compressible ", count: 100)
    tree.source.write("@import 'd/b.css?x'; @import 'd/c.css'; \(text)", to: "a.css")
    tree.source.write("old \(text)", to: "d/b.css")
    tree.source.write("c \(text)", to: "d/c.css")
    tree.source.write("\0binary", to: "c.png")
    tree.source.write("x", to: "assets/index-BKd3QVhN.js")
    try await Self.collect(tree)
    older = try #require(try tree.paths()["d/b.css"])
    tree.source.write("url(../c.png) \(text)", to: "d/b.css")
    try await Self.collect(tree)
    sheet = try #require(try tree.paths()["a.css"])
    alias = try Self.alias(in: tree)
  }

  /// The file of the current release that is neither in Django's manifest nor an original.
  private static func alias(in tree: CollectedTree) throws -> String {
    let text = try #require(tree.root.text("staticd.json"))
    let label = text.split(separator: "\"")[5]
    let published = Set(try tree.paths().values)
    let names = text.split(separator: "\n").filter {
      $0.hasPrefix("\"d/b.") && $0.contains("\"release\": \"\(label)\"")
    }.map { String($0.split(separator: "\"")[0]) }
    return try #require(names.first { $0 != "d/b.css" && !published.contains($0) })
  }

  private static func collect(_ tree: CollectedTree) async throws {
    _ = try await tree.report {
      $0.codings = [.brotli, .gzip]
      $0.hashedNames = [.vite]
    }
  }

  func problems() async throws -> [String] {
    try await RootCheck(root: BytePath(root.path), jobs: 2).run().problems.map(\.description)
  }

  /// Edits the line of the file `name` in `staticd.json`, and updates the checksum if `seals`.
  func edit(
    _ name: String,
    seals: Bool = true,
    _ change: (String) throws -> String
  ) throws {
    let text = try #require(root.text("staticd.json"))
    let lines = try text.components(separatedBy: "\n").map {
      $0.hasPrefix("\"\(name)\"") ? try change($0) : $0
    }
    let edited = lines.joined(separator: "\n")
    #expect(edited != text, "nothing was edited")
    write(edited, seals: seals)
  }

  /// Replaces the value of `key`, a string, in the line of the file `name`.
  func set(_ key: String, _ value: String, of name: String) throws {
    try edit(name) { line in
      let pattern = "\"\(key)\": (\"[^\"]*\"|[0-9]+)"
      let range = try #require(line.range(of: pattern, options: .regularExpression))
      return line.replacingCharacters(in: range, with: "\"\(key)\": \(value)")
    }
  }

  /// Replaces a part of the whole of `staticd.json`.
  func replace(_ pattern: String, _ text: String) throws {
    let manifest = try #require(root.text("staticd.json"))
    let range = try #require(manifest.range(of: pattern, options: .regularExpression))
    write(manifest.replacingCharacters(in: range, with: text), seals: true)
  }

  /// Removes the line of the file `name`.
  func drop(_ name: String) throws {
    let text = try #require(root.text("staticd.json"))
    var lines = text.components(separatedBy: "\n")
    let end = lines.count - 2
    var entries = lines[1..<end].map { $0.hasSuffix(",") ? String($0.dropLast()) : $0 }
    entries.removeAll { $0.hasPrefix("\"\(name)\"") }
    lines.replaceSubrange(1..<end, with: [entries.joined(separator: ",\n")])
    write(lines.joined(separator: "\n"), seals: true)
  }

  /// Writes `staticd.json`, with a valid checksum if `seals`.
  func write(_ text: String, seals: Bool) {
    guard seals, let mark = text.range(of: ", \"seal\": \"") else {
      root.write(text, to: "staticd.json")
      return
    }
    let sealed = String(text[..<mark.lowerBound])
    let scratch = TemporaryDirectory()
    let sum = Command.run(["sha256sum", scratch.write(sealed, to: "x")]).output.prefix(64)
    root.write("\(sealed), \"seal\": \"\(sum)\"}\n", to: "staticd.json")
  }

  func setMode(_ mode: mode_t, _ name: String) {
    #expect(chmod(root.path(name), mode) == 0)
  }

  func replaceByLink(_ name: String, to target: String) {
    root.remove(name)
    root.link(name, to: target)
  }
}
