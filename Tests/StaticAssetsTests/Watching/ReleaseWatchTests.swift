import StaticAssets
import TestSupport
import Testing

/// When a change on disk is a reason for a reload.
@Suite struct ReleaseWatchTests {
  private let site = TemporaryDirectory()

  private func watch() -> ReleaseWatch {
    site.write("/old /new\n", to: "pages/_redirects")
    site.write("page", to: "pages/404.html")
    site.write("{}", to: "root/staticfiles.json")
    return ReleaseWatch(
      [FileTable.Mount(site.path("root"), at: "/static/", kind: .collected)],
      pages: ["pages/404.html", "pages/_redirects"].map(site.path)
    )
  }

  /// What `count` calls return.
  private func calls(_ count: Int, _ watch: inout ReleaseWatch) -> [Bool] {
    (0..<count).map { _ in watch.hasChanged() }
  }

  @Test("a page counts once it stays as it is", arguments: ["pages/_redirects", "pages/404.html"])
  func halfWritten(name: String) {
    var watch = watch()
    #expect(calls(2, &watch) == [false, false])
    for text in ["", "/old", "/old /newer\n"] {
      site.write(text, to: name)
      #expect(calls(1, &watch) == [false], "'\(text)'")
    }
    #expect(calls(2, &watch) == [true, false])
  }

  @Test("a manifest, which is renamed into place, counts at once")
  func manifest() {
    var watch = watch()
    site.write("{ }", to: "root/staticfiles.json")
    #expect(calls(2, &watch) == [true, false])
  }

  @Test("a page that is written while a release is read counts afterwards")
  func both() {
    var watch = watch()
    site.write("", to: "pages/404.html")
    site.write("{ }", to: "root/staticfiles.json")
    #expect(calls(3, &watch) == [true, true, false])
  }

  @Test("a removed page is no change, and neither is the same one that comes back")
  func removed() {
    var watch = watch()
    site.rename("pages/404.html", to: "away")
    #expect(calls(2, &watch) == [false, false])
    site.rename("away", to: "pages/404.html")
    #expect(calls(2, &watch) == [false, false])
    site.write("another page", to: "pages/404.html")
    #expect(calls(3, &watch) == [false, true, false])
  }
}
