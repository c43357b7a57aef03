import TestSupport
import Testing

@testable import StaticAssets

/// Paths that servers interpret differently, in front of an app.
///
/// Goal: a path that is static by one interpretation and the app's by another is refused; an
/// unambiguous path is handled as usual.
@Suite struct AmbiguousPathTests {
  private let root = TemporaryDirectory()
  private let site = TemporaryDirectory()

  private func table(refuses: Bool) throws -> FileTable {
    root.write("x", to: "a.css")
    site.write("x", to: "b.txt")
    var options = FileTable.Options()
    options.refusesAmbiguousPaths = refuses
    return try FileTable(
      mounts: [
        .init(root.path, at: "/static/", kind: .collected),
        .init(site.path, at: "/static/extra/", kind: .public),
      ],
      options: options
    )
  }

  @Test(
    "ambiguous paths are refused",
    arguments: [
      "/static/../admin", "/static/..%2fadmin", "/static/..%2Fadmin", "/static/%2e%2e/admin",
      "/static/%2E./admin", "/static/..%5cadmin", "//static/a.css", "/./static/a.css",
      "/x/../static/a.css", "/x/%2E./static/a.css", "/../static/a.css", "/static%2fa.css",
      "/static%2Fnone", "/%2fstatic/a.css", "/x%2f..%2fstatic/a.css", "/x/%5c..%5c../static/a.css",
      "/static/a%2f..%2f..%2fb", "/static/..", "/static/%00/../../x", "/x%2fb/../../static/a.css",
      "/../page", "/%2e%2e/page", "/x/../../page", "/%00page", "/static/%00", "/x%00",
      "/%73tatic%2f%zz", "/%73tatic/%zz", "/static/extra/../a.css", "/static//extra/b.txt",
    ]
  )
  func refused(path: String) throws {
    let table = try table(refuses: true)
    for method in ["GET", "HEAD", "POST", "OPTIONS"] {
      let answer = table.ask(path, method: method)
      #expect(answer?.status == 400, "\(method)")
    }
    #expect(try self.table(refuses: false).ask(path)?.status != 400)
  }

  @Test(
    "unambiguous paths are not refused",
    arguments: [
      ("/static/a.css", 200), ("/static/%61.css", 200), ("/%73tatic/a.css", 200),
      ("/static/none", 404), ("/static//a.css", 404), ("/static/./a.css", 404),
      ("/static/x/../a.css", 404), ("/static/x%2fy", 404), ("/static/%zz", 404),
      ("/x/../y", nil), ("//x", nil), ("/x%2fy", nil), ("/x/%2e%2e/y", nil), ("/%zz", nil),
      ("/x/static/../y", nil), ("/statics", nil), ("/.well-known/x", nil), ("/", nil),
      ("http://x", nil), ("/static/extra/b.txt", 200), ("/static/extra/none", nil),
    ] as [(String, Int?)]
  )
  func same(path: String, status: Int?) throws {
    #expect(try table(refuses: true).ask(path)?.status == status)
    #expect(try table(refuses: false).ask(path)?.status == status)
  }
}
