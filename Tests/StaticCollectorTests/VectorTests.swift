import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// Golden data made by running Django 6.1.3.
///
/// Goal: the bytes and names that Django makes, and a failure wherever Django fails. Each row adds
/// one file to a common tree and collects it.
@Suite struct VectorTests {
  struct Vectors: Decodable {
    let base_files: [String: String]
    let rows: [Row]
  }

  struct Row: Decodable, Sendable, CustomTestStringConvertible {
    let file: String
    let input: String
    let js_modules: Bool
    let output: String

    var fails: Bool { output.hasPrefix("ERR ") || output.hasPrefix("RAISED ") }
    var testDescription: String { "\(file) \(input.debugDescription)" }
  }

  /// The vector of names, whose keys must not be compared as `String`: two of them differ in
  /// their Unicode normalisation alone.
  struct Names {
    var input: [BytePath: [UInt8]] = [:]
    var paths: [BytePath: [UInt8]] = [:]
    var manifest: [UInt8] = []

    init(_ bytes: [UInt8]) throws {
      var reader = JSONReader(bytes)
      var names = self
      try reader.object { (reader, key) throws(JSONReader.Malformed) in
        switch String(decoding: key, as: UTF8.self) {
        case "input": names.input = try Self.pairs(&reader)
        case "paths": names.paths = try Self.pairs(&reader)
        case "manifest_text": names.manifest = try reader.string()
        default: try reader.skipValue()
        }
      }
      self = names
    }

    static func pairs(
      _ reader: inout JSONReader
    ) throws(JSONReader.Malformed) -> [BytePath: [UInt8]] {
      var pairs: [BytePath: [UInt8]] = [:]
      try reader.object { (reader, key) throws(JSONReader.Malformed) in
        pairs[BytePath(key)] = try reader.string()
      }
      return pairs
    }
  }

  static func data(_ name: String) -> Data {
    let url = Bundle.module.url(forResource: "Vectors/\(name)", withExtension: "json")!
    return try! Data(contentsOf: url)
  }

  static func load(_ name: String) -> Vectors {
    try! JSONDecoder().decode(Vectors.self, from: data(name))
  }

  static let styleSheets: Vectors = load("css_rewrite")
  static let scripts: Vectors = load("js_rewrite")

  @Test("style sheets", arguments: styleSheets.rows)
  func css(row: Row) async throws {
    try await check(row, Self.styleSheets.base_files)
  }

  @Test("scripts", arguments: scripts.rows)
  func js(row: Row) async throws {
    try await check(row, Self.scripts.base_files)
  }

  private func check(_ row: Row, _ base: [String: String]) async throws {
    let tree = CollectedTree()
    for (name, text) in base { tree.source.write(text, to: name) }
    tree.source.write(row.input, to: row.file)
    let problems = try await tree.collect {
      $0.rewritesModules = row.js_modules
      $0.missingSourceMaps = .error
      $0.ignored = IgnorePatterns([])
    }
    guard !row.fails else {
      #expect(!problems.isEmpty)
      #expect(problems.allSatisfy { $0.file.hasSuffix(row.file) && $0.line == 1 })
      #expect(tree.root.files().isEmpty)
      return
    }
    #expect(problems.isEmpty)
    let published = try #require(try tree.paths()[row.file])
    #expect(tree.root.text(published) == row.output)
  }

  @Test("awkward names")
  func names() async throws {
    let names = try Names(Array(Self.data("hashed_names")))
    // The vector has the two bytes of a gzip file as Latin-1 text.
    let content = { (name: BytePath) -> [UInt8]? in
      name == BytePath("arch.tar.gz") ? [0x1F, 0x8B] : names.input[name]
    }
    let tree = CollectedTree()
    for name in names.input.keys {
      tree.source.write(try #require(content(name)), to: name.description)
    }
    #expect(try await tree.collect().isEmpty)
    #expect(tree.root.read("staticfiles.json") == names.manifest)
    for (name, published) in names.paths {
      let original = content(name) ?? content(BytePath("back\\slash.txt"))
      #expect(tree.root.read(BytePath(published).description) == original, "\(name)")
    }
  }

  @Test("a name that is not UTF-8 is written as Python's lone surrogate")
  func namesNotInUTF8() async throws {
    let tree = CollectedTree()
    tree.source.write("x", to: "a.txt")
    let path = Array((tree.source.path + "/b").utf8) + [0xFF, 0]
    let descriptor = path.withUnsafeBytes {
      open($0.baseAddress!.assumingMemoryBound(to: CChar.self), O_CREAT | O_WRONLY, 0o644)
    }
    #expect(descriptor >= 0)
    close(descriptor)
    #expect(try await tree.collect().isEmpty)
    let manifest = try #require(tree.root.text("staticfiles.json"))
    #expect(manifest.contains(#""b\udcff": "b\udcff.d41d8cd98f00""#))
  }
}
