import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// Entries in a cleared root that conflict with the release.
@Suite(.serialized) struct ClearingTests {
  /// Entries in the root that are of another type in the release.
  static let rows: [[String]] = [
    ["d"], ["d/b.css"], ["d/b.css/x/y"], ["a.css/x"], ["a.css/x/y", "a.css/z", "d"],
    ["a.css.gz/x"], ["staticfiles.json/x", "staticd.json/y"], ["staticd.json/a.css"],
  ]

  @Test("--clear replaces files by directories and directories by files", arguments: rows)
  func obstacles(names: [String]) async throws {
    for isCollected in [false, true] {
      let (tree, expected) = (CollectedTree(), CollectedTree())
      let change = { @Sendable (options: inout CollectOptions) in
        options.clearsRoot = true
        options.codings = [.gzip]
      }
      for tree in [tree, expected] {
        tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
        tree.source.write("@import '../../a.css';", to: "d/b.css/c.css")
      }
      _ = try await expected.report(change)
      if isCollected {
        _ = try await tree.report(change)
        for name in names {
          let first = name.split(separator: "/")[0]
          try? FileManager.default.removeItem(atPath: tree.root.path(String(first)))
        }
      }
      for name in names { tree.root.write("x", to: name) }
      let before = tree.root.files()
      let pretended = try await tree.report {
        change(&$0)
        $0.isDryRun = true
      }
      #expect(tree.root.files() == before)
      let report = try await tree.report(change)
      #expect(Set(report.deleted).isSuperset(of: pretended.deleted))
      #expect(tree.root.files() == expected.root.files())
      #expect(try await RootCheck(root: BytePath(tree.root.path)).run().problems == [])
      // A second run has nothing to do.
      let again = try await tree.report(change)
      #expect(again.copied == [] && again.deleted == [])
    }
  }

  @Test("a file that became a directory, and the reverse")
  func turned() async throws {
    let tree = CollectedTree()
    let clear = { @Sendable (options: inout CollectOptions) in options.clearsRoot = true }
    tree.source.write("file", to: "t.txt")
    tree.source.write("inside", to: "u.txt/x.txt")
    _ = try await tree.report()
    for name in ["t.txt", "u.txt"] { tree.source.remove(name) }
    tree.source.write("inside", to: "t.txt/x.txt")
    tree.source.write("file", to: "u.txt")
    #expect(try await tree.collect().map(\.kind) == [.nameConflict, .nameConflict])
    let report = try await tree.report(clear)
    #expect(report.deleted.contains("t.txt") && report.deleted.contains("u.txt/x.txt"))
    #expect(tree.root.text("t.txt/x.txt") == "inside")
    #expect(tree.root.text("u.txt") == "file")
    #expect(tree.root.files().count == 6)
  }
}
