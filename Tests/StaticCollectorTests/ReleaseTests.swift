import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// Successive releases: which files of older ones stay, how long, and their entries in the
/// manifest.
@Suite struct ReleaseTests {
  private let tree = CollectedTree()

  private struct Entry: Decodable, Equatable {
    struct Coding: Decodable, Equatable {
      let coding: String
      let file: String
      let bytes: Int
      let md5: String
    }
    let bytes: Int
    let md5: String
    let sha256: String
    let integrity: String
    let type: String
    let cacheControl: String
    let name: String
    let release: String
    let codings: [Coding]
  }

  private struct Manifest: Decodable {
    let version: Int
    let releases: [String]
    let files: [String: Entry]
  }

  private func manifest() throws -> Manifest {
    try JSONDecoder().decode(Manifest.self, from: Data(tree.root.read("staticd.json") ?? []))
  }

  /// Publishes a release with this text in `a.css`; returns its published name.
  private func release(_ text: String, keeping count: Int = 3) async throws -> String {
    tree.source.write(String(repeating: "\(text) {}\n", count: 50), to: "d/a.css")
    _ = try await report(keeping: count)
    return try #require(try tree.paths()["d/a.css"])
  }

  private func report(keeping count: Int = 3) async throws(CollectError) -> CollectReport {
    try await tree.report {
      $0.codings = [.brotli, .gzip]
      $0.keptReleaseCount = count
    }
  }

  private func holds(_ name: String) -> [Bool] {
    ["", ".br", ".gz"].map { tree.root.read(name + $0) != nil }
  }

  private static let immutable = "max-age=315360000, public, immutable"

  @Test("the manifest has all properties of a file")
  func manifestEntry() async throws {
    tree.source.write("abc", to: "a.txt")
    _ = try await report()
    let manifest = try manifest()
    let django = try #require(tree.root.text("staticfiles.json"))
    #expect(manifest.version == 1)
    #expect(manifest.releases.count == 1)
    #expect(django.contains("\"hash\": \"\(manifest.releases[0])\""))
    let original = try #require(manifest.files["a.txt"])
    let hashed = try #require(manifest.files["a.900150983cd2.txt"])
    #expect(manifest.files.count == 2)
    // FIPS 180-4, RFC 1321: the digests of "abc".
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let sha384 = "ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn"
    for entry in [original, hashed] {
      #expect(entry.bytes == 3)
      #expect(entry.md5 == "900150983cd24fb0d6963f7d28e17f72")
      #expect(entry.sha256 == sha256)
      #expect(entry.integrity == "sha384-\(sha384)")
      #expect(entry.type == "text/plain; charset=\"utf-8\"")
      #expect(entry.name == "a.txt")
      #expect(entry.release == manifest.releases[0])
      #expect(entry.codings.isEmpty)
    }
    #expect(original.cacheControl == "max-age=60, public")
    #expect(hashed.cacheControl == Self.immutable)
  }

  @Test("the codings of a file are listed with their properties")
  func manifestCodings() async throws {
    let name = try await release("a")
    let entry = try #require(try manifest().files[name])
    #expect(entry.codings.map(\.coding) == ["br", "gzip"])
    #expect(entry.codings.map(\.file) == ["\(name).br", "\(name).gz"])
    for coding in entry.codings { #expect(tree.root.read(coding.file)?.count == coding.bytes) }
  }

  @Test("an old release is removed after as many newer ones as are kept", arguments: [1, 2, 3, 5])
  func pruning(count: Int) async throws {
    let first = try await release("first", keeping: count)
    for follower in 1...count {
      #expect(holds(first) == [true, true, true])
      #expect(try manifest().releases.count == follower)
      let entry = try #require(try manifest().files[first])
      #expect(entry.cacheControl == Self.immutable)
      tree.source.write("d { e: \(follower) }", to: "d/a.css")
      let report = try await report(keeping: count)
      let goes = follower == count
      let expected = goes ? [first, "\(first).br", "\(first).gz"] : []
      #expect(report.pruned.map(\.description) == expected)
    }
    #expect(holds(first) == [false, false, false])
    #expect(try manifest().files[first] == nil)
    #expect(try manifest().releases.count == count)
    #expect(!tree.root.files().contains { $0.hasPrefix(".staticd") })
  }

  @Test("the same release again is not a new one, and a restored old one becomes the current")
  func repeated() async throws {
    let first = try await release("first", keeping: 2)
    for _ in 0..<3 { #expect(try await release("first", keeping: 2) == first) }
    let second = try await release("second", keeping: 2)
    #expect(try await release("first", keeping: 2) == first)
    #expect(holds(first) == [true, true, true])
    #expect(holds(second) == [true, true, true])
    #expect(try manifest().releases.count == 2)
    #expect(try manifest().files[first]?.release == manifest().releases[0])
    #expect(try manifest().files[second]?.release == manifest().releases[1])
    let third = try await release("third", keeping: 2)
    #expect(holds(first) == [true, true, true])
    #expect(holds(second) == [false, false, false])
    #expect(holds(third) == [true, true, true])
  }

  @Test("the oldest release that is listed has files of its own")
  func emptyReleases() async throws {
    let first = try await release("first", keeping: 4)
    _ = try await release("second", keeping: 4)
    var labels = [try manifest().releases[0]]
    // The second release has no file of its own any more, but counts for the first.
    tree.source.write("b", to: "b.txt")
    _ = try await report(keeping: 4)
    labels.insert(try manifest().releases[0], at: 0)
    #expect(try manifest().releases.count == 3)
    #expect(try manifest().releases.prefix(2) == labels[...])
    tree.source.write("c", to: "c.txt")
    _ = try await report(keeping: 4)
    labels.insert(try manifest().releases[0], at: 0)
    #expect(try manifest().releases.prefix(3) == labels[...])
    #expect(holds(first) == [true, true, true])
    tree.source.write("d", to: "d.txt")
    _ = try await report(keeping: 4)
    #expect(holds(first) == [false, false, false])
    #expect(try manifest().releases.count == 1)
  }

  @Test("a release whose files were removed from the root is not listed")
  func removedFiles() async throws {
    let first = try await release("first")
    for name in ["", ".br", ".gz"] { tree.root.remove(first + name) }
    _ = try await release("second")
    #expect(try manifest().releases.count == 1)
  }

  @Test("a file of every release stays, and so does one under another name")
  func shared() async throws {
    tree.source.write(String(repeating: "common ", count: 100), to: "c.txt")
    _ = try await report()
    let common = try #require(try tree.paths()["c.txt"])
    for text in ["a", "b", "c", "d", "e"] {
      _ = try await release(text, keeping: 1)
      #expect(holds(common) == [true, true, true])
    }
    // The old hashed file is now collected under its own name.
    let old = try await release("old", keeping: 1)
    tree.source.write(tree.root.read(old) ?? [], to: old)
    _ = try await release("new", keeping: 1)
    _ = try await release("newer", keeping: 1)
    #expect(holds(old) == [true, true, true])
  }

  @Test("names created by queries and double rewriting are removed with their release")
  func aliases() async throws {
    tree.source.write("url(b.css?v=1)", to: "a.css")
    tree.source.write("url(c.png)", to: "b.css")
    tree.source.write("PNG", to: "c.png")
    _ = try await report(keeping: 1)
    let before = tree.root.files()
    tree.source.write("", to: "a.css")
    tree.source.write("", to: "b.css")
    let pruned = try await report(keeping: 1).pruned.map(\.description)
    #expect(pruned.count == 3)
    #expect(Set(before).subtracting(tree.root.files()) == Set(pruned))
  }

  @Test("a broken manifest, or one with foreign entries, causes no removal")
  func foreignEntries() async throws {
    let outside = TemporaryDirectory()
    outside.write("precious", to: "a.900150983cd2.txt")
    let name = URL(fileURLWithPath: outside.path).lastPathComponent
    let digest = "900150983cd24fb0d6963f7d28e17f72"
    let listed = [
      "../\(name)/a.900150983cd2.txt", "/etc/900150983cd2", "mine.txt", ".900150983cd2/",
    ]
    let entries = listed.map {
      "\"\($0)\": {\"bytes\": 1, \"md5\": \"\(digest)\", \"name\": \"x\"}"
    }
    tree.root.write("my own", to: "mine.txt")
    for text in ["{\"releases\": [], \"files\": {\(entries.joined(separator: ","))}}", "{", "[]"] {
      tree.root.write(text, to: "staticd.json")
      _ = try await release(text, keeping: 1)
      #expect(outside.text("a.900150983cd2.txt") == "precious")
      #expect(tree.root.text("mine.txt") == "my own")
      #expect(try manifest().releases.count == 1)
    }
  }

  @Test("every URL of the previous release is served unchanged, and is immutable")
  func rollingDeployment() async throws {
    let first = try await release("first")
    let second = try await release("second")
    let table = try FileTable(root: tree.root.path)
    #expect(table.warnings.isEmpty)
    #expect(table.fileCount == 3)
    #expect(first != second)
    #expect(holds(first) == [true, true, true])
  }
}
