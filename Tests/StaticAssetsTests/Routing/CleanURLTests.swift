import TestSupport
import Testing

@testable import StaticAssets

/// Pages without their suffix.
@Suite struct CleanURLTests {
  private let root = TemporaryDirectory()
  private let site = TemporaryDirectory()
  private let other = TemporaryDirectory()

  @Test(
    "the page under its clean URL, and a redirect from its own",
    arguments: [
      ("/about", "200 about"), ("/about.html", "308 about"), ("/about.html?a=b", "308 about?a=b"),
      ("/about/", "nil"), ("/docs/intro", "200 intro"), ("/docs/intro.html", "308 intro"),
      ("/docs/", "200 index"), ("/docs", "200 docs"), ("/docs.html", "308 docs"),
      ("/docs/index.html", "302 ./"), ("/docs/index", "nil"), ("/", "200 top"), ("/index", "nil"),
      ("/taken", "200 file"), ("/taken.html", "200 page"), ("/a%3Ab", "200 colon"),
      ("/a:b.html?q", "308 a%3Ab?q"), ("/blog/", "200 blog"), ("/blog", "302 blog/"),
      ("/both", "200 later"), ("/both.html", "308 both"), ("/about.html.br", "404"),
      ("/page.htm", "200 htm"),
      ("/static/x.123456789012.html", "200 hashed"), ("/static/x", "200 hashed"),
      ("/static/x.html", "308 x"),
      ("/v1.0", "200 version"), ("/none.html", "nil"),
    ]
  )
  func pages(path: String, expected: String) throws {
    for (name, text) in [
      "about.html": "about", "docs/intro.html": "intro", "docs/index.html": "index",
      "docs.html": "docs",
      "index.html": "top", "taken": "file", "taken.html": "page", "a:b.html": "colon",
      "blog/index.html": "blog",
      "both.html": "earlier", "page.htm": "htm", "v1.0.html": "version",
    ] { site.write(text, to: name) }
    site.write("br", to: "about.html.br")
    other.write("later", to: "both.html")
    root.write("hashed", to: "x.html")
    root.write("hashed", to: "x.123456789012.html")
    root.write(
      #"{"paths": {"x.html": "x.123456789012.html"}, "version": "1.1"}"#,
      to: "staticfiles.json"
    )
    var options = FileTable.Options()
    options.cleansURLs = true
    options.indexFile = "index.html"
    let table = try FileTable(
      mounts: [
        .init(root.path, at: "/static/", kind: .collected),
        .init(site.path, at: "/", kind: .public),
        .init(other.path, at: "/", kind: .public),
      ],
      options: options
    )
    let answer = table.ask(path)
    let text = answer.map { answer in
      let detail = answer.fields["Location"] ?? (answer.status == 200 ? answer.body : nil)
      return "\(answer.status)" + (detail.map { " \($0)" } ?? "")
    }
    #expect(text ?? "nil" == expected)
    #expect(table.ask(path, method: "HEAD")?.status == answer?.status)
    if answer?.status == 308 { #expect(table.ask(path, method: "POST")?.status == 405) }
  }
}
