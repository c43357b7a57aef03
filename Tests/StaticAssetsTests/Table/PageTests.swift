import TestSupport
import Testing

@testable import StaticAssets

/// Responses for paths without a file: index files, the fallback, error pages.
@Suite struct PageTests {
  private let root = TemporaryDirectory()
  private let site = TemporaryDirectory()
  private let pages = TemporaryDirectory()

  private func table(_ change: (inout FileTable.Options) -> Void) throws -> FileTable {
    var options = FileTable.Options()
    change(&options)
    return try FileTable(
      mounts: [
        .init(root.path, at: "/static/", kind: .collected),
        .init(site.path, at: "/", kind: .public),
      ],
      options: options
    )
  }

  @Test(
    "index files",
    arguments: [
      ("/", 200, nil), ("/index.html", 302, "./"), ("/index.html?a=b", 302, "./?a=b"),
      ("/docs/", 200, nil), ("/docs", 302, "docs/"), ("/docs?x=%20&y", 302, "docs/?x=%20&y"),
      ("/docs?", 302, "docs/?"), ("/d%6Fcs?q", 302, "docs/?q"),
      ("/docs/index.html?q", 302, "./?q"), ("/docs/a%3Ab%20%E2%9C%93", 302, "a%3Ab%20%E2%9C%93/"),
      ("/docs/a:b%20\u{2713}/", 200, nil), ("/static", 302, "static/"), ("/static/", 200, nil),
      ("/static/index.html", 302, "./"), ("/docs//", nil, nil), ("/docs/index.html/", nil, nil),
      ("/empty/", nil, nil), ("/empty", nil, nil), ("/docs/index.html.br", 404, nil),
      ("/docs/INDEX.HTML", nil, nil), ("http://x", nil, nil),
    ] as [(String, Int?, String?)]
  )
  func index(path: String, status: Int?, location: String?) throws {
    for name in ["index.html", "docs/index.html", "docs/a:b \u{2713}/index.html", "empty/x.txt"] {
      site.write("a long enough page", to: name)
    }
    site.write("br", to: "docs/index.html.br")
    root.write("root", to: "index.html")
    let table = try table { $0.indexFile = "index.html" }
    for method in ["GET", "HEAD"] {
      let answer = table.ask(path, "Range: bytes=0-3", "If-None-Match: \"x\"", method: method)
      let partial = status == 200 && method == "GET" ? 206 : status
      #expect(answer?.status == partial)
      #expect(answer?.fields["Location"] == location)
      if status == 302 {
        #expect(answer?.fields["Content-Length"] == "0")
        #expect(answer?.fields["Cache-Control"] == "max-age=60, public")
        #expect(answer?.body == nil)
      }
    }
    #expect(table.fileCount == 5)
  }

  @Test("an index has its codings, tag and type, and only the usual methods")
  func indexFields() throws {
    site.write("a long enough page", to: "d/index.html")
    site.write("br", to: "d/index.html.br")
    let table = try table { $0.indexFile = "index.html" }
    let answer = try #require(table.ask("/d/", "Accept-Encoding: br"))
    #expect(answer.fields["Content-Encoding"] == "br")
    #expect(answer.fields["Content-Type"] == "text/html; charset=\"utf-8\"")
    let tag = try #require(answer.fields["ETag"])
    #expect(table.ask("/d/", "Accept-Encoding: br", "If-None-Match: \(tag)")?.status == 304)
    for path in ["/d", "/d/"] {
      #expect(table.ask(path, method: "POST")?.status == 405)
      #expect(table.ask(path, method: "OPTIONS")?.status == 204)
    }
    #expect(try self.table { _ in }.ask("/d/") == nil)
  }

  @Test("a query too long for a response head is dropped", arguments: [16383, 16384])
  func longQuery(count: Int) throws {
    site.write("x", to: "d/index.html")
    let table = try table { $0.indexFile = "index.html" }
    let bytes = Array(
      "GET /d?\(String(repeating: "q", count: count)) HTTP/1.1\r\nHost: x\r\n\r\n".utf8
    )
    var head = RequestHead()
    let limits = RequestLimits(headBytesMax: 65536, targetBytesMax: 65536)
    _ = RequestHeadParser.parse(bytes.span, limits: limits, into: &head)
    let plan = table.plan(for: head, in: bytes.span)
    let query = count == 16383 ? ByteSlice(offset: 6, count: 16384) : .none
    #expect(plan?.completion == .location(query: query))
  }

  @Test(
    "the fallback is only for pages",
    arguments: [
      ("GET", "/users/7", 200), ("HEAD", "/users/7", 200), ("GET", "/", 200),
      ("GET", "/v1.2/users", 200), ("GET", "/users/7?tab=a.b", 200), ("GET", "/%75sers", 200),
      ("GET", "/users/jane.doe", 200), ("GET", "/release/1.2", 200), ("GET", "/a.", 200),
      ("GET", "/app.js/", 200), ("GET", "/login.php", 200),
      ("GET", "/app.js", 404), ("GET", "/APP.JS", 404), ("GET", "/chunk-1.2.js?v=3", 404),
      ("GET", "/a.css.map", 404), ("GET", "/jane.doe.png", 404), ("GET", "/app.js.br", 404),
      ("GET", "/app.%6As", 404), ("GET", "/site.webmanifest", 404), ("GET", "/page.html", 404),
      ("GET", "/note.foo", 404), ("GET", "/.env", 404),
      ("GET", "/.git/HEAD", 404), ("GET", "/a/../b", 404), ("GET", "/%2egit/HEAD", 404),
      ("POST", "/users/7", 404), ("OPTIONS", "/users/7", 404), ("DELETE", "/users/7", 404),
      ("GET", "/static/none", 404), ("GET", "/%zz", 404), ("GET", "http://x", 404),
    ] as [(String, String, Int?)]
  )
  func fallback(method: String, path: String, status: Int?) throws {
    let file = pages.write("the app", to: "app.html")
    pages.write("br", to: "app.html.br")
    let table = try table {
      $0.fallback = file
      $0.mediaTypes["foo"] = "text/x-foo"
      $0.fields = [try! FieldRule("*.html: X-Frame-Options: DENY")]
    }
    let answer = table.askAlone(path, "Accept-Encoding: br", method: method)
    #expect(answer?.status == status)
    // With an app, the app comes first.
    #expect(table.ask(path, method: method)?.status == (path == "/static/none" ? 404 : nil))
    if status == 200 {
      #expect(answer?.fields["X-Frame-Options"] == "DENY")
      #expect(answer?.fields["Content-Encoding"] == "br")
      #expect(answer?.fields["Cache-Control"] == "max-age=60, public")
      #expect(answer?.body == (method == "HEAD" ? nil : "br"))
      #expect(table.askAlone(path, "If-None-Match: *", method: method)?.status == 304)
    }
    #expect(table.fileCount == 0)
  }

  @Test("pages that cannot be read", arguments: ["none", ".", "secret/x"])
  func unreadable(name: String) {
    let path = "\(pages.path)/\(name)"
    #expect(throws: AssetError.self) { try table { $0.fallback = path } }
    #expect(throws: AssetError.self) { try table { $0.errorPages = [.notFound: path] } }
  }

  @Test("error pages")
  func errorPages() throws {
    root.write("hello", to: "a.txt")
    let notFound = pages.write("<p>nothing here", to: "404.html")
    let text = pages.write("{}", to: "405.json")
    let table = try table {
      $0.errorPages = [.notFound: notFound, .methodNotAllowed: text, .rangeNotSatisfiable: text]
    }
    let answer = try #require(table.ask("/static/none"))
    #expect(
      answer.fields == [
        "Content-Type": "text/html; charset=\"utf-8\"", "Cache-Control": "no-store",
        "Content-Length": "15",
      ]
    )
    #expect(answer.body == "<p>nothing here")
    #expect(table.ask("/static/none", method: "HEAD")?.body == nil)
    let refused = try #require(table.ask("/static/a.txt", method: "PUT"))
    #expect(refused.status == 405 && refused.body == "{}")
    #expect(refused.fields["Content-Type"] == "application/json")
    #expect(refused.fields["Allow"] == "GET, HEAD, OPTIONS")
    let range = try #require(table.ask("/static/a.txt", "Range: bytes=9-"))
    #expect(range.status == 416 && range.body == "{}")
    #expect(range.fields["Content-Range"] == "bytes */5")
    #expect(table.ask("/static/a.txt", "If-Match: \"x\"")?.body == "Precondition Failed\n")
  }

  @Test("the size of an error page is limited", arguments: [(-1, true), (0, true), (1, false)])
  func largePage(more: Int, isTaken: Bool) throws {
    let count = FileTable.Options.errorPageByteCountMax + more
    let path = pages.write(String(repeating: "x", count: count), to: "404.html")
    if isTaken {
      let table = try table { $0.errorPages = [.notFound: path] }
      #expect(table.ask("/static/none")?.body?.count == count)
    } else {
      #expect(throws: AssetError.largePage(path: path)) {
        try table { $0.errorPages = [.notFound: path] }
      }
    }
  }

  @Test("CORS off")
  func cors() throws {
    root.write("x", to: "index.html")
    let table = try FileTable(
      root: root.path,
      options: {
        var options = FileTable.Options(allowsAllOrigins: false)
        options.indexFile = "index.html"
        return options
      }()
    )
    for path in ["/static/", "/static/index.html"] {
      #expect(table.ask(path)?.fields["Access-Control-Allow-Origin"] == nil)
    }
  }
}
