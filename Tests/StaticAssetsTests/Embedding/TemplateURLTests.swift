import StaticAssets
import TestSupport
import Testing

/// URLs and integrity values for templates.
///
/// Goal: the result of Django's `{% static %}` for the same manifest; nil instead of a URL that
/// would be 404.
@Suite struct TemplateURLTests {
  private let root = TemporaryDirectory()
  private let site = TemporaryDirectory()

  private func table(_ options: FileTable.Options = .init()) throws -> FileTable {
    for name in ["css/a.css", "css/a.123456789012.css", "plain.txt", "b d.\u{FC}.css"] {
      root.write("x", to: name)
    }
    root.write(
      """
      {"paths": {"css/a.css": "css/a.123456789012.css", "b c.css": "b d.\\u00fc.css",
      "lost.css": "lost.123456789012.css"}, "version": "1.1", "hash": ""}
      """,
      to: "staticfiles.json"
    )
    root.write(
      """
      {"files": {"css/a.123456789012.css": {"bytes": 1, "integrity": "sha384-abc/+="},
      "plain.txt": {"bytes": 1}}}
      """,
      to: "staticd.json"
    )
    site.write("x", to: "robots.txt")
    site.write("x", to: "app.js")
    site.write("x", to: "app.js.gz")
    return try FileTable(
      mounts: [
        .init(root.path, at: "/static/", kind: .collected),
        .init(site.path, at: "/", kind: .public),
      ],
      options: options
    )
  }

  @Test(
    "the URL of a name",
    arguments: [
      ("css/a.css", "/static/css/a.123456789012.css"),
      ("css/a.123456789012.css", "/static/css/a.123456789012.css"),
      ("css/a.css#top", "/static/css/a.123456789012.css#top"),
      ("css/a.css?v=1#top", "/static/css/a.123456789012.css?v=1#top"),
      ("plain.txt", "/static/plain.txt"),
      ("b c.css", "/static/b%20d.%C3%BC.css"),
      ("robots.txt", "/robots.txt"),
      ("app.js", "/app.js"),
      ("app.js.gz", nil),
      ("lost.css", nil), ("none.css", nil), ("", nil),
      ("/css/a.css", "/static/css/a.123456789012.css"), ("/plain.txt", "/static/plain.txt"),
      ("//css/a.css", nil), ("/", nil), ("css", nil),
      ("../plain.txt", nil), ("staticfiles.json", nil), ("#top", nil),
    ] as [(String, String?)]
  )
  func url(name: String, expected: String?) throws {
    #expect(try table().url(for: name) == expected)
  }

  @Test(
    "the integrity of a name",
    arguments: [
      ("css/a.css", "sha384-abc/+="), ("css/a.123456789012.css", "sha384-abc/+="),
      ("css/a.css#top", "sha384-abc/+="), ("plain.txt", nil), ("robots.txt", nil),
      ("none.css", nil),
    ] as [(String, String?)]
  )
  func integrity(name: String, expected: String?) throws {
    #expect(try table().integrity(for: name) == expected)
  }

  @Test("no integrity if the manifests are not kept")
  func unwanted() throws {
    var options = FileTable.Options()
    options.answersURLs = false
    let table = try table(options)
    #expect(table.url(for: "css/a.css") == nil)
    #expect(table.integrity(for: "css/a.css") == nil)
  }

  @Test("in development a source's own name overrides the one in the manifest")
  func development() throws {
    var options = FileTable.Options()
    options.answersHashedNames = true
    #expect(try table(options).url(for: "css/a.css") == "/static/css/a.css")
  }

  @Test("a reload takes effect at once, and a failed one changes nothing")
  func reload() throws {
    let assets = LiveTable(try table())
    let old = assets.current
    root.write("x", to: "new.txt")
    #expect(assets.current.url(for: "new.txt") == nil)
    try assets.reloadBlocking()
    #expect(assets.current.url(for: "new.txt") == "/static/new.txt")
    #expect(old.url(for: "new.txt") == nil)
    let current = assets.current
    root.write("{", to: "staticfiles.json")
    #expect(throws: AssetError.self) { try assets.reloadBlocking() }
    #expect(assets.current === current)
    assets.replace(with: old)
    #expect(assets.current === old)
  }

  @Test("the order of mounts with one prefix is the same after a reload")
  func order() throws {
    root.write("root", to: "same.txt")
    site.write("site-wins", to: "same.txt")
    let mounts = [root, site].map { FileTable.Mount($0.path, at: "/", kind: .public) }
    let assets = LiveTable(try FileTable(mounts: mounts))
    for _ in 0..<3 {
      let request = try #require(ParsedRequest(method: "GET", target: "/same.txt"))
      #expect(assets.current.response(to: request)?.bodyByteCount == 9)
      try assets.reloadBlocking()
    }
  }
}
