import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// Successive releases into one root, and compression.
@Suite struct PublishingTests {
  private let tree = CollectedTree()

  private func collectCompressed() async throws -> CollectReport {
    try await tree.report { $0.codings = [.brotli, .gzip] }
  }

  @Test("codings are kept if they save at least 5 %, and removed when they no longer do")
  func codings() async throws {
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    tree.source.write((0..<500).map { _ in UInt8.random(in: 0...255) }, to: "random.bin")
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.jpg")
    tree.source.write("", to: "empty.css")
    let report = try await collectCompressed()
    let codings = tree.root.files().filter { $0.hasSuffix(".br") || $0.hasSuffix(".gz") }
    let hashed = try #require(try tree.paths()["a.css"])
    #expect(codings == ["a.css.br", "a.css.gz", "\(hashed).br", "\(hashed).gz"].sorted())
    #expect(report.codings[.brotli]?.fileCount == 2)
    #expect(tree.root.read("a.css.br") == tree.root.read("\(hashed).br"))

    tree.source.write("short", to: "a.css")
    _ = try await collectCompressed()
    #expect(tree.root.read("a.css.br") == nil)
    #expect(tree.root.read("a.css.gz") == nil)
    // Pages of the old release may still request its files.
    #expect(tree.root.read("\(hashed).br") != nil)
  }

  @Test(
    "a large file that is not compressed is copied in chunks",
    arguments: [
      (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20,
    ]
  )
  func largeFile(count: Int) async throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
    tree.source.write(bytes, to: "a.mp4")
    #expect(try await collectCompressed().copiedCount == 1)
    #expect(tree.root.read("a.mp4") == bytes)
    let hashed = try #require(try tree.paths()["a.mp4"])
    #expect(tree.root.read(hashed) == bytes)
    #expect(try await collectCompressed().unmodifiedCount == 1)
    tree.source.write(bytes.reversed(), to: "a.mp4")
    #expect(try await collectCompressed().copiedCount == 1)
    #expect(tree.root.read("a.mp4") == bytes.reversed())
  }

  @Test("gzip output is reproducible: no name, no time, no operating system")
  func gzipHeader() async throws {
    tree.source.write(String(repeating: "x", count: 1000), to: "a.txt")
    _ = try await collectCompressed()
    let bytes = try #require(tree.root.read("a.txt.gz"))
    #expect(bytes.prefix(10).elementsEqual([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255]))
  }

  @Test("a second run with the same input writes nothing")
  func unchanged() async throws {
    tree.source.write(String(repeating: "a {}\n", count: 100), to: "d/a.css")
    tree.source.write("@import 'd/a.css';", to: "b.css")
    _ = try await collectCompressed()
    let before = try inodes()
    let report = try await collectCompressed()
    #expect(report.copiedCount == 0)
    #expect(report.unmodifiedCount == 2)
    #expect(try inodes() == before)
  }

  @Test("a changed source is collected although it is older than its copy")
  func olderSource() async throws {
    let path = tree.source.write("new", to: "a.txt")
    _ = try await tree.report()
    tree.source.write("old", to: "a.txt")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1000)],
      ofItemAtPath: path
    )
    let report = try await tree.report()
    #expect(report.copiedCount == 1)
    #expect(tree.root.text("a.txt") == "old")
  }

  @Test("the result does not depend on the number of threads")
  func deterministic() async throws {
    for index in 0..<40 {
      tree.source.write(String(repeating: "line \(index % 7)\n", count: 50), to: "f\(index).css")
    }
    let other = TemporaryDirectory()
    _ = try await tree.report {
      $0.codings = [.brotli, .gzip]
      $0.jobs = 1
    }
    _ = try await tree.report {
      $0.codings = [.brotli, .gzip]
      $0.jobs = 8
      $0.root = BytePath(other.path)
    }
    #expect(tree.root.files() == other.files())
    for name in other.files() { #expect(tree.root.read(name) == other.read(name), "\(name)") }
  }

  @Test("leftovers of a killed run are removed, and links in the root are replaced, not followed")
  func leftovers() async throws {
    let elsewhere = TemporaryDirectory()
    elsewhere.write("untouched", to: "a.txt")
    tree.root.write("half", to: ".staticd-staging/17")
    tree.root.link("a.txt", to: elsewhere.path("a.txt"))
    tree.root.write("old release", to: "old.1234567890ab.txt")
    tree.source.write("new", to: "a.txt")
    _ = try await tree.report()
    #expect(tree.root.text("a.txt") == "new")
    #expect(elsewhere.text("a.txt") == "untouched")
    #expect(tree.root.text("old.1234567890ab.txt") == "old release")
    #expect(!tree.root.files().contains { $0.contains("staging") })
  }

  @Test("only the collector's own directory is cleaned, and no link is followed")
  func stagingLink() async throws {
    let elsewhere = TemporaryDirectory()
    elsewhere.write("precious", to: "a.txt")
    tree.root.link(".staticd-staging", to: elsewhere.path)
    tree.root.link(".staticd-x", to: elsewhere.path)
    tree.root.write("kept", to: ".staticd-y/z")
    tree.source.write("new", to: "b.txt")
    _ = try await tree.report()
    #expect(elsewhere.text("a.txt") == "precious")
    #expect(tree.root.text(".staticd-y/z") == "kept")
    #expect(tree.root.text("b.txt") == "new")
  }

  @Test("concurrent runs into one root give one result")
  func concurrent() async throws {
    for index in 0..<30 { tree.source.write("f\(index)", to: "f\(index).txt") }
    let tree = tree
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<3 { group.addTask { (try? await tree.report()) != nil } }
      for await isDone in group { #expect(isDone) }
    }
    #expect(tree.root.files().count == 62)
    #expect(try tree.paths().count == 30)
  }

  @Test("a server serves a collected root with entity tags of the content")
  func served() async throws {
    tree.source.write(String(repeating: "a {}\n", count: 100), to: "a.css")
    _ = try await collectCompressed()
    let table = try FileTable(root: tree.root.path)
    #expect(table.fileCount == 2)
    #expect(table.warnings.isEmpty)
    let manifest = try #require(tree.root.text("staticd.json"))
    #expect(manifest.contains(#""cacheControl": "max-age=315360000, public, immutable""#))
  }

  private func inodes() throws -> [String: UInt64] {
    try Dictionary(
      uniqueKeysWithValues: tree.root.files().map { name in
        let attributes = try FileManager.default.attributesOfItem(atPath: tree.root.path(name))
        return (name, (attributes[.systemFileNumber] as? UInt64) ?? 0)
      }
    )
  }
}
