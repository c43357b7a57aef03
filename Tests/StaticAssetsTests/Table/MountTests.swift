import Foundation
import TestSupport
import Testing

@testable import StaticAssets

/// Several directories in one table.
///
/// Goal: which directory serves a URL, and whether the mount or the app answers for a missing file.
@Suite struct MountTests {
  private let root = TemporaryDirectory()
  private let site = TemporaryDirectory()
  private let other = TemporaryDirectory()
  private let nested = TemporaryDirectory()

  private func table(_ change: (inout FileTable.Options) -> Void = { _ in }) throws -> FileTable {
    var options = FileTable.Options()
    change(&options)
    return try FileTable(
      mounts: [
        .init(root.path, at: "/static/", kind: .collected),
        .init(site.path, at: "/", kind: .public),
        .init(other.path, at: "/", kind: .public),
        .init(nested.path, at: "/static/extra/", kind: .public),
      ],
      options: options
    )
  }

  @Test(
    "the longest prefix wins, then the later mount",
    arguments: [
      ("/static/a.css", "root"), ("/robots.txt", "site"), ("/both.txt", "other"),
      ("/static/extra/a.css", "nested"), ("/static/extra/b.css", "root"),
      ("/static/c.css", "site"), ("/.well-known/security.txt", "site"),
    ]
  )
  func priority(path: String, expected: String) throws {
    root.write("root", to: "a.css")
    root.write("root", to: "extra/a.css")
    root.write("root", to: "extra/b.css")
    site.write("site", to: "robots.txt")
    site.write("site", to: "both.txt")
    site.write("site", to: "static/a.css")
    site.write("site", to: "static/c.css")
    site.write("site", to: ".well-known/security.txt")
    other.write("other", to: "both.txt")
    nested.write("nested", to: "a.css")
    #expect(try table().ask(path)?.body == expected)
  }

  @Test(
    "names that no directory has",
    arguments: [
      ("GET", "/static/none", 404), ("POST", "/static/none", 404), ("GET", "/static/%zz", 404),
      ("GET", "/none", nil), ("POST", "/none", nil), ("GET", "/%zz", nil), ("GET", "/", nil),
      ("GET", "/static/extra/none", nil), ("GET", "/static", nil), ("GET", "http://x", nil),
      ("GET", "/.env", nil), ("GET", "/.git/config", nil), ("GET", "/staticfiles.json", nil),
      ("GET", "/staticd.json", nil), ("GET", "/outside", nil), ("GET", "/broken", nil),
      ("GET", "/fifo", nil), ("OPTIONS", "/none", nil), ("GET", "/a.txt", 200),
      ("POST", "/a.txt", 405), ("OPTIONS", "/a.txt", 204), ("GET", "/a.txt.gz", 404),
      ("POST", "/a.txt.br", 404), ("OPTIONS", "/a.txt.br", 404), ("HEAD", "/a.txt.br", 404),
      ("GET", "/lone.gz", 200),
    ] as [(String, String, Int?)]
  )
  func unknown(method: String, path: String, status: Int?) throws {
    for name in ["a.txt", ".env", ".git/config", "lone.gz", "a.txt.gz", "a.txt.br"] {
      site.write("x", to: name)
    }
    // Ignored: a public directory is not collected.
    for name in ["staticfiles.json", "staticd.json"] { site.write("{ broken", to: name) }
    site.link("outside", to: "/etc/passwd")
    site.link("broken", to: "nowhere")
    mkfifo(site.path("fifo"), 0o644)
    let table = try table()
    let answer = table.ask(path, "If-None-Match: \"x\"", method: method)
    #expect(answer?.status == status)
    #expect(
      answer?.fields["Cache-Control"]
        == (status == 404 ? "no-store" : answer?.fields["Cache-Control"])
    )
    #expect(table.warnings.count == 3)
    #expect(table.fileCount == 2)
  }

  @Test("with equal prefixes unknown names belong to the collected root")
  func equalPrefixes() throws {
    let table = try FileTable(mounts: [
      .init(root.path, at: "/static/", kind: .collected),
      .init(site.path, at: "/static/", kind: .public),
    ])
    #expect(table.ask("/static/none")?.status == 404)
  }

  @Test("large files are found in their own directory")
  func largeFiles() throws {
    root.write([UInt8](repeating: 1, count: 100), to: "a.bin")
    site.write([UInt8](repeating: 2, count: 200), to: "a.bin")
    let table = try table {
      $0.bodyInMemoryMax = 0
      $0.openFilesMax = 0
    }
    for number in 0..<2 {
      let file = table.openFile(number)
      var status = stat()
      #expect(fstat(file.descriptor, &status) == 0 && !file.isKept)
      #expect(status.st_size == (number == 0 ? 100 : 200))
      close(file.descriptor)
    }
  }

  @Test("a missing mount")
  func missing() {
    #expect(throws: AssetError.self) {
      try FileTable(mounts: [.init("\(root.path)/none", at: "/", kind: .public)])
    }
  }
}
