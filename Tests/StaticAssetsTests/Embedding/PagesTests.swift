import StaticAssets
import TestSupport
import Testing

/// The pages of a single-page app for requests that the app does not answer.
@Suite struct PagesTests {
  private let directory = TemporaryDirectory()
  private let pages = TemporaryDirectory()

  private func table(_ kind: FileTable.Mount.Kind) throws -> FileTable {
    directory.write("a", to: "a.txt")
    var options = FileTable.Options()
    options.fallbacks = [.init(pages.write("page", to: "index.html"))]
    options.errorPages = [
      .notFound: pages.write("missing", to: "404.html"),
      .badGateway: pages.write("bad", to: "502.html"),
    ]
    return try FileTable(
      mounts: [.init(directory.path, at: kind == .collected ? "/static/" : "/", kind: kind)],
      options: options
    )
  }

  private func text(_ response: PlainResponse?, of table: FileTable) -> String? {
    guard let response else { return nil }
    var bytes: [UInt8] = []
    for case .memory(let slice) in response.body {
      table.withBytes(of: slice) { $0.withUnsafeBytes { bytes += $0 } }
    }
    return "\(response.status.rawValue) \(String(decoding: bytes, as: UTF8.self))"
  }

  @Test(
    "the fallback for pages and the error page otherwise, both for clients that accept HTML",
    arguments: [
      ("GET", "/users/7", "text/html", "200 page"), ("HEAD", "/users/7", "text/html", "200 "),
      ("GET", "/users/7", "application/json", nil), ("POST", "/users/7", "text/html", nil),
      ("GET", "/app.js", "text/html", "404 missing"), ("GET", "/app.js", "*/*", nil),
      ("GET", "/.well-known/x", "text/html", "404 missing"),
    ] as [(String, String, String, String?)]
  )
  func fallback(method: String, target: String, accept: String, expected: String?) throws {
    let table = try table(.public)
    var request = try #require(ParsedRequest(method: method, target: target))
    request.add("Accept", accept)
    #expect(table.response(to: request) == nil)
    #expect(text(table.fallbackResponse(to: request), of: table) == expected)
  }

  @Test("error pages, for any kind of mount", arguments: [FileTable.Mount.Kind.public, .collected])
  func errorPages(kind: FileTable.Mount.Kind) throws {
    let table = try table(kind)
    #expect(text(table.page(for: .notFound), of: table) == "404 missing")
    #expect(text(table.page(for: .badGateway), of: table) == "502 bad")
    #expect(table.page(for: .gatewayTimeout) == nil)
    #expect(table.page(for: .internalError) == nil)
    let page = try #require(table.page(for: .notFound))
    #expect(page.fields.contains { $0.name == "Content-Type" && $0.value.hasPrefix("text/html") })
    let head = try #require(ParsedRequest(method: "HEAD", target: "/x"))
    #expect(text(table.page(for: .notFound, to: head), of: table) == "404 ")
  }
}
