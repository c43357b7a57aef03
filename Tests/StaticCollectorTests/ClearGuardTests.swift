import StaticAssets
import TestSupport
import Testing

@testable import StaticCollector

/// Which roots may be cleared.
@Suite struct ClearGuardTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let guarding: ClearGuard
    /// A part of the reason; nil if the root may be cleared.
    let mention: String?
  }

  private static func root(
    _ root: BytePath,
    sources: [BytePath] = ["/site/assets"],
    homes: [BytePath] = ["/root", "/home/me"],
    mountPoints: [BytePath] = ["/", "/proc", "/srv/volume", "/srv/data/cache"],
    releases: [BytePath] = [],
    finds: [ClearedTree.Find] = []
  ) -> ClearGuard {
    var guarding = ClearGuard(root: root)
    (guarding.finds, guarding.homes) = (finds, homes)
    guarding.mountPoints = mountPoints
    guarding.kept = sources.map { ClearGuard.Kept(what: "the source", path: $0, places: [$0]) }
    guarding.kept += releases.map {
      ClearGuard.Kept(what: "the release", path: $0, places: [$0], mayBeRoot: true)
    }
    return guarding
  }

  static let rows = [
    Row(testDescription: "a root of its own", guarding: root("/site/static"), mention: nil),
    Row(
      testDescription: "a name that begins as a source",
      guarding: root("/site/asset"),
      mention: nil
    ),
    Row(testDescription: "a volume", guarding: root("/srv/volume"), mention: nil),
    Row(
      testDescription: "a source in it",
      guarding: root("/site"),
      mention: "the source '/site/assets'"
    ),
    Row(
      testDescription: "it is a source",
      guarding: root("/site/assets"),
      mention: "the source '/site/assets'"
    ),
    Row(testDescription: "it is a home", guarding: root("/home/me"), mention: "home directory"),
    Row(testDescription: "a home in it", guarding: root("/home"), mention: "home directory"),
    Row(testDescription: "a mount point in it", guarding: root("/srv/data"), mention: "mounted"),
    Row(
      testDescription: "it is an earlier release",
      guarding: root("/site/static", releases: ["/site/static"]),
      mention: nil
    ),
    Row(
      testDescription: "an earlier release in it",
      guarding: root("/site/static", releases: ["/site/static/old"]),
      mention: "the release '/site/static/old'"
    ),
    Row(
      testDescription: "a repository in it",
      guarding: root("/r", finds: [ClearedTree.Find(kind: .repository, path: "a/.git")]),
      mention: "a repository, 'a/.git'"
    ),
    Row(
      testDescription: "everything",
      guarding: root("/", sources: [], homes: [], mountPoints: ["/"]),
      mention: "root of the file system"
    ),
  ]

  @Test(arguments: rows)
  func reason(row: Row) {
    #expect((row.guarding.reason == nil) == (row.mention == nil))
    if let mention = row.mention { #expect(row.guarding.reason?.contains(mention) == true) }
  }

  @Test(arguments: [".git", ".hg", ".svn", ".bzr", "_darcs", ".jj", "CVS"])
  func repository(name: String) {
    let root = TemporaryDirectory()
    root.write("x", to: "a/b/\(name)/x")
    let found = ClearedTree.finds(in: BytePath(root.path))
    #expect(found == [ClearedTree.Find(kind: .repository, path: BytePath("a/b/\(name)"))])
  }

  @Test("every path component, including the targets of links")
  func places() throws {
    let directory = TemporaryDirectory()
    directory.write("x", to: "a/x")
    directory.link("b", to: "a")
    directory.link("c", to: "./b/../b")
    directory.link("loop", to: "loop")
    func places(_ name: String) -> [String] {
      BytePath(name).places(from: BytePath(directory.path)).map(\.description).map {
        $0 == directory.path ? "." : String($0.dropFirst(directory.path.count + 1))
      }
    }
    #expect(places(".") == ["."])
    #expect(places("a//x") == ["a", "a/x"])
    #expect(places("b/x") == ["b", "a", "a/x"])
    #expect(places("c/x") == ["c", "b", "a", "b", "a", "a/x"])
    #expect(places("none/x") == ["none", "none/x"])
    #expect(places("loop").last == "loop")
    #expect(BytePath("/").places() == [BytePath("/")])
    #expect(BytePath("/..").places() == [BytePath("/")])
  }

  @Test func mountInformation() {
    #expect(ClearGuard.unescape(Array("/a\\040b\\134c".utf8)[...]) == Array("/a b\\c".utf8))
    #expect(ClearGuard.unescape(Array("\\9".utf8)[...]) == Array("\\9".utf8))
  }
}
