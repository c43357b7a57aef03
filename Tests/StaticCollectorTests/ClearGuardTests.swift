import StaticAssets
import Testing

@testable import StaticCollector

/// Which roots may be cleared.
@Suite struct ClearGuardTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let guarding: ClearGuard
    /// What the reason mentions; nil if the root may be cleared.
    let mention: String?
  }

  private static func root(
    _ root: BytePath,
    sources: [BytePath] = ["/site/assets"],
    homes: [BytePath] = ["/root", "/home/me"],
    mountPoints: [BytePath] = ["/", "/proc", "/srv/volume", "/srv/data/cache"],
    entries: [BytePath] = []
  ) -> ClearGuard {
    var guarding = ClearGuard(root: root)
    (guarding.sources, guarding.homes) = (sources, homes)
    (guarding.mountPoints, guarding.entries) = (mountPoints, entries)
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
    let guarding = Self.root("/site/static", entries: [BytePath(name)])
    #expect(guarding.reason?.contains("'\(name)'") == true)
  }

  @Test func mountInformation() {
    #expect(ClearGuard.unescape(Array("/a\\040b\\134c".utf8)[...]) == Array("/a b\\c".utf8))
    #expect(ClearGuard.unescape(Array("\\9".utf8)[...]) == Array("\\9".utf8))
  }
}
