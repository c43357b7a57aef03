import StaticAssets
import TestSupport
import Testing

/// The precedence where a table and an app share URL paths.
///
/// Goal: files come first, then the app, then pages, so that no route is hidden; an app's 404 with
/// content is kept. One row is one request: the response before the app, and after its 404 without
/// and with content.
@Suite struct TurnTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let request: String
    var accept = "text/html"
    let before: String
    let after: String
    let afterContent: String
    var testDescription: String { "\(request) \(accept)" }
  }

  static let rows: [Row] = [
    // Files and redirects, with several methods.
    Row(request: "GET /static/a.css", before: "200 a", after: "200 a", afterContent: "200 a"),
    Row(request: "HEAD /static/a.css", before: "200 ", after: "200 ", afterContent: "200 "),
    Row(request: "GET /robots.txt", before: "200 r", after: "200 r", afterContent: "200 r"),
    Row(request: "POST /static/a.css", before: "-", after: "405 e405", afterContent: "-"),
    Row(request: "OPTIONS /static/a.css", before: "-", after: "204 ", afterContent: "-"),
    Row(request: "DELETE /robots.txt", before: "-", after: "405 e405", afterContent: "-"),
    Row(request: "GET /docs?x=1", before: "302 ", after: "302 ", afterContent: "302 "),
    Row(request: "POST /moved", before: "308 ", after: "308 ", afterContent: "308 "),
    // Names missing in the collected root: the app may have a route there.
    Row(request: "GET /static/none.css", before: "-", after: "404 e404", afterContent: "404 e404"),
    Row(request: "HEAD /static/none.css", before: "-", after: "404 ", afterContent: "404 "),
    Row(
      request: "GET /static/none.css",
      accept: "*/*",
      before: "-",
      after: "404 e404",
      afterContent: "-"
    ),
    Row(request: "POST /static/none.css", before: "-", after: "404 e404", afterContent: "404 e404"),
    // An app path's page, which in `staticd serve` would precede the app.
    Row(request: "GET /app/users", before: "-", after: "200 spa", afterContent: "200 spa"),
    Row(request: "HEAD /app/users", before: "-", after: "200 ", afterContent: "200 "),
    Row(
      request: "GET /app/users",
      accept: "application/json",
      before: "-",
      after: "200 spa",
      afterContent: "-"
    ),
    Row(request: "POST /app/users", before: "-", after: "-", afterContent: "-"),
    Row(request: "GET /app/none.js", before: "-", after: "-", afterContent: "-"),
    // The page after the app.
    Row(request: "GET /users/7", before: "-", after: "200 page", afterContent: "200 page"),
    Row(request: "GET /users/7", accept: "*/*", before: "-", after: "-", afterContent: "-"),
    // Below the public directory, where no page is sent: the error page.
    Row(request: "GET /none.js", before: "-", after: "404 e404", afterContent: "404 e404"),
    Row(request: "GET /none.js", accept: "*/*", before: "-", after: "-", afterContent: "-"),
    Row(request: "POST /none.js", before: "-", after: "-", afterContent: "-"),
    // The app's own paths.
    Row(request: "GET /api/users", before: "-", after: "-", afterContent: "-"),
    Row(request: "GET /%", before: "-", after: "-", afterContent: "-"),
    Row(request: "OPTIONS *", before: "-", after: "-", afterContent: "-"),
  ]

  private let root = TemporaryDirectory()
  private let site = TemporaryDirectory()
  private let pages = TemporaryDirectory()

  private func table(_ change: (inout FileTable.Options) -> Void = { _ in }) throws -> FileTable {
    root.write("a", to: "a.css")
    site.write("r", to: "robots.txt")
    site.write("docs", to: "docs/index.html")
    var options = FileTable.Options()
    options.indexFile = "index.html"
    options.fallbacks = [
      .init(pages.write("spa", to: "spa.html"), at: "/app/"),
      .init(pages.write("page", to: "page.html")),
    ]
    options.errorPages = [
      .notFound: pages.write("e404", to: "404.html"),
      .methodNotAllowed: pages.write("e405", to: "405.html"),
    ]
    options.appPaths = ["/api/"]
    options.redirects = try RedirectRules(Array("/moved /new 308\n".utf8))
    change(&options)
    return try FileTable(
      mounts: [
        .init(root.path, at: "/static/", kind: .collected),
        .init(site.path, at: "/", kind: .public),
      ],
      options: options
    )
  }

  /// The status and the body; "-" without a response.
  private func text(_ response: PlainResponse?, _ table: FileTable) -> String {
    guard let response else { return "-" }
    var body: [UInt8] = []
    for case .memory(let slice) in response.body {
      table.withBytes(of: slice) { bytes in for index in bytes.indices { body.append(bytes[index]) }
      }
    }
    return "\(response.status.rawValue) \(String(decoding: body, as: UTF8.self))"
  }

  private func request(_ text: String, accept: String) throws -> ParsedRequest {
    let words = text.split(separator: " ").map(String.init)
    var request = try #require(ParsedRequest(method: words[0], target: words[1]))
    request.add("Accept", accept)
    return request
  }

  @Test("files, then the app, then pages", arguments: rows)
  func turns(row: Row) throws {
    let table = try table()
    let request = try request(row.request, accept: row.accept)
    #expect(text(table.fileResponse(to: request), table) == row.before, "before")
    #expect(text(table.fallbackResponse(to: request), table) == row.after, "after")
    let kept = table.fallbackResponse(to: request, hasContent: true)
    #expect(text(kept, table) == row.afterContent, "after content")
  }

  @Test("without pages the app's 404 is kept if it has content")
  func plain() throws {
    let table = try table {
      $0.fallbacks = []
      $0.errorPages = [:]
    }
    let missing = try request("GET /static/none.css", accept: "text/html")
    #expect(table.fileResponse(to: missing) == nil)
    #expect(table.fallbackResponse(to: missing)?.status == .notFound)
    #expect(
      table.fallbackResponse(to: missing)?.fields.contains {
        $0.name == "Cache-Control" && $0.value == "no-store"
      } == true
    )
    #expect(table.fallbackResponse(to: missing, hasContent: true) == nil)
    for target in ["/users/7", "/none.js", "/app/users"] {
      let other = try request("GET \(target)", accept: "text/html")
      #expect(table.fallbackResponse(to: other) == nil, "\(target)")
    }
  }

  @Test("in development the hashed name of a source is a file, even where pages take precedence")
  func hashedSource() throws {
    let table = try table {
      $0.answersHashedNames = true
      $0.fallbacks.append(.init(pages.path("page.html"), at: "/static/"))
    }
    let hashed = try request("GET /static/a.5d41402abc4b.css", accept: "*/*")
    #expect(text(table.fileResponse(to: hashed), table) == "200 a")
    let page = try request("GET /static/users", accept: "*/*")
    #expect(table.fileResponse(to: page) == nil)
    #expect(text(table.fallbackResponse(to: page), table) == "200 page")
  }

  @Test("the error pages of options, by status")
  func errorPages() throws {
    let table = try table()
    #expect(text(table.page(for: .notFound), table) == "404 e404")
    #expect(text(table.page(for: .methodNotAllowed), table) == "405 e405")
    for status in [ResponseStatus.ok, .badGateway, .preconditionFailed, .internalError] {
      #expect(table.page(for: status) == nil, "\(status)")
    }
  }
}
