import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// Intact roots after collect.
///
/// Goal: the check reports no problem, whatever options the root was collected with.
@Suite struct SoundRootTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout CollectOptions) -> Void

    init(_ name: String, _ change: @escaping @Sendable (inout CollectOptions) -> Void) {
      testDescription = name
      self.change = change
    }
  }

  static let rows = [
    Row("as it is by default") { _ in },
    Row("--clear") { $0.clearsRoot = true },
    Row("--link") { $0.linksOriginals = true },
    Row("--formats none") { $0.codings = [] },
    Row("--formats gzip") { $0.codings = [.gzip] },
    Row("--keep-only-hashed") { $0.keepsOnlyHashed = true },
    Row("--no-post-process") { $0.postProcesses = false },
    Row("--no-post-process --link") { ($0.postProcesses, $0.linksOriginals) = (false, true) },
    Row("--keep-releases 1") { $0.keptReleaseCount = 1 },
    Row("--file-mode 0600") { $0.fileMode = 0o600 },
    Row("--file-mode 0600 --directory-mode 0700") {
      ($0.fileMode, $0.directoryMode) = (0o600, 0o700)
    },
    Row("--file-mode 0640 --directory-mode 0750") {
      ($0.fileMode, $0.directoryMode) = (0o640, 0o750)
    },
    Row("--immutable vite") { $0.hashedNames = [.vite] },
    Row("scripts as modules") { $0.rewritesModules = true },
  ]

  @Test("two releases and foreign files", arguments: rows)
  func sound(row: Row) async throws {
    let tree = CollectedTree()
    let text = String(repeating: "compressible ", count: 100)
    tree.source.write("@import 'd/b.css?x'; @import 'd/c.css'; \(text)", to: "a.css")
    tree.source.write("/* x */ import './x.js'; export * from './x.js'; \(text)", to: "m.js")
    tree.source.write("let x; \(text)", to: "x.js")
    tree.source.write("old \(text)", to: "d/b.css")
    tree.source.write("c \(text)", to: "d/c.css")
    tree.source.write("", to: "empty.css")
    tree.source.write("x", to: "no-ending")
    tree.source.write("name with a hash", to: "lib.0123456789ab.txt")
    tree.source.write("x", to: "staticfiles.json")
    tree.source.write("x", to: "assets/index-BKd3QVhN.js")
    tree.source.write(text, to: "own.css")
    tree.source.write("not gzip", to: "stale.css.gz")
    tree.source.write("stale \(text)", to: "stale.css")
    tree.source.write("not brotli", to: "small.css.br")
    tree.source.write("x", to: "small.css")
    let own = tree.source.path("own.css")
    #expect(Command.run(["sh", "-c", "gzip -9 <'\(own)' >'\(own).gz'"]).status == 0)
    let warnings = try await tree.report(row.change).problems
    let others = warnings.filter { $0.file != "staticfiles.json" }
    #expect(others.map(\.kind) == [.staleCoding, .staleCoding])
    tree.root.write("somebody's", to: "stranger.css")
    tree.root.write("somebody's", to: "stranger.css.br")
    tree.root.write("somebody's", to: "CACHE/css/output.0123456789ab.css")
    let first = try await problems(tree)
    #expect(first == [])
    tree.source.write("new \(text)", to: "d/b.css")
    tree.source.remove("no-ending")
    _ = try await tree.report {
      $0.codings = [.brotli, .gzip]
      row.change(&$0)
    }
    let second = try await problems(tree)
    #expect(second == [])
  }

  @Test("a release with another mode than the older one", arguments: [0o600, 0o640, 0o664, 0o755])
  func otherMode(mode: UInt32) async throws {
    let tree = CollectedTree()
    tree.source.write("old", to: "a.css")
    tree.source.write("same", to: "b.css")
    _ = try await tree.report()
    tree.source.write("new", to: "a.css")
    _ = try await tree.report { $0.fileMode = mode }
    #expect(try await problems(tree) == [])
  }

  private func problems(_ tree: CollectedTree) async throws -> [String] {
    let report = try await RootCheck(root: BytePath(tree.root.path), jobs: 2).run()
    // Without manifests in the root, codings of foreign files are unknown to the check. A link to a
    // removed source is dangling.
    return report.problems.map(\.description).filter {
      !$0.hasPrefix("stranger.css.br: ") && !$0.hasPrefix("no-ending: cannot read it: ")
    }
  }
}
