import HTTPTypes
import Hummingbird
import StaticAssets
import StaticHummingbird
import Testing

/// Files, routes and pages in one router.
///
/// Goal: no route is hidden by a page or an error, whether it returns or throws 404, and files take
/// precedence. One row is one request.
@Suite struct RouteTests {
  private let directory = Directory()

  private func router(_ assets: LiveTable) -> Router<BasicRequestContext> {
    let router = Router()
    router.middlewares.add(StaticAssetsMiddleware(assets))
    router.get("/static/made.js") { _, _ in "made" }
    router.get("/app/api") { _, _ in "api" }
    router.get("/robots.txt") { _, _ in "hidden by the file" }
    router.post("/robots.txt") { _, _ in "posted" }
    router.get("/docs/:name") { _, _ in "docs" }
    router.get("/thrown/bare") { _, _ -> String in throw HTTPError(.notFound) }
    router.get("/thrown/text") { _, _ -> String in throw HTTPError(.notFound, message: "nobody") }
    router.get("/app/thrown") { _, _ -> String in throw HTTPError(.notFound, message: "nobody") }
    router.get("/returned") { _, _ in
      Response(status: .notFound, body: .init(byteBuffer: ByteBuffer(string: "nobody")))
    }
    router.get("/gone") { _, _ -> String in throw HTTPError(.gone, message: "gone") }
    return router
  }

  private func assets() throws -> LiveTable {
    directory.write("app", to: "root/app.0123456789ab.css")
    directory.write(
      #"{"paths": {"app.css": "app.0123456789ab.css"}, "version": "1.1", "hash": ""}"#,
      to: "root/staticfiles.json"
    )
    directory.write("robots", to: "public/robots.txt")
    directory.write("file", to: "public/docs/file")
    var options = FileTable.Options()
    options.fallbacks = [
      .init(directory.write("spa", to: "spa.html"), at: "/app/"),
      .init(directory.write("page", to: "page.html")),
    ]
    options.errorPages = [.notFound: directory.write("e404", to: "404.html")]
    return try LiveTable(
      mounts: [
        .init("\(directory.path)/root", at: "/static/", kind: .collected),
        .init("\(directory.path)/public", at: "/", kind: .public),
      ],
      options: options
    )
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let request: String
    /// The expected response with `Accept: text/html`, and with any other.
    let browser: String
    let other: String
    var testDescription: String { request }
  }

  static let rows = [
    Row(request: "GET /static/app.0123456789ab.css", browser: "200 app", other: "200 app"),
    Row(request: "GET /static/made.js", browser: "200 made", other: "200 made"),
    Row(request: "GET /static/none.js", browser: "404 e404", other: "404 e404"),
    Row(request: "POST /static/app.0123456789ab.css", browser: "405 Method", other: "405 Method"),
    Row(request: "OPTIONS /robots.txt", browser: "204 ", other: "204 "),
    Row(request: "GET /robots.txt", browser: "200 robots", other: "200 robots"),
    Row(request: "POST /robots.txt", browser: "200 posted", other: "200 posted"),
    Row(request: "GET /docs/file", browser: "200 file", other: "200 file"),
    Row(request: "GET /docs/other", browser: "200 docs", other: "200 docs"),
    Row(request: "GET /app/api", browser: "200 api", other: "200 api"),
    Row(request: "GET /app/users", browser: "200 spa", other: "200 spa"),
    Row(request: "HEAD /app/users", browser: "200 ", other: "200 "),
    Row(request: "GET /app/thrown", browser: "200 spa", other: "404 nobody"),
    Row(request: "GET /users", browser: "200 page", other: "404 "),
    Row(request: "GET /thrown/bare", browser: "200 page", other: "404 "),
    Row(request: "GET /thrown/text", browser: "200 page", other: "404 nobody"),
    Row(request: "GET /returned", browser: "200 page", other: "404 nobody"),
    Row(request: "GET /none.js", browser: "404 e404", other: "404 "),
    Row(request: "GET /gone", browser: "410 gone", other: "410 gone"),
  ]

  @Test("files, then routes, then pages", arguments: rows)
  func answers(row: Row) async throws {
    let asker = Asker(router(try assets()))
    let words = row.request.split(separator: " ").map(String.init)
    for (accept, expected) in [("text/html", row.browser), ("application/json", row.other)] {
      let answer = try await asker.ask(words[0], words[1], [.accept: accept])
      let status = expected.prefix(3)
      let body = expected.dropFirst(4)
      #expect("\(answer.status)" == status, "\(accept)")
      // The router's own errors are JSON.
      #expect(body.isEmpty ? answer.body.isEmpty : answer.body.contains(body), "\(accept)")
    }
  }

  @Test("metrics and traces name a request by the directory, or by the route")
  func endpoints() async throws {
    let asker = Asker(router(try assets()))
    for (path, endpoint) in [
      ("/static/app.0123456789ab.css", "/static/**"), ("/static/none.js", "/static/**"),
      ("/robots.txt", "/**"), ("/app/users", "/**"), ("/app/api", "/app/api"),
    ] {
      #expect(try await asker.ask("GET", path).endpoint == endpoint, "\(path)")
    }
  }

  @Test("the middleware parts work on their own")
  func parts() async throws {
    let assets = try assets()
    let middleware = StaticAssetsMiddleware<BasicRequestContext>(assets)
    let router = Router()
    router.get("/parts/**") { request, context in
      var head = request.head
      head.path = String(request.uri.path.dropFirst("/parts".count))
      let inner = Request(head: head, body: request.body)
      if let file = try await middleware.fileResponse(to: inner, context: context) { return file }
      let page = try await middleware.fallbackResponse(to: inner, context: context)
      return page ?? Response(status: .notFound)
    }
    let asker = Asker(router)
    let browser: HTTPFields = [.accept: "text/html"]
    #expect(try await asker.ask("GET", "/parts/robots.txt").body == "robots")
    #expect(try await asker.ask("GET", "/parts/app/x", browser).body == "spa")
    #expect(try await asker.ask("GET", "/parts/x", browser).body == "page")
    #expect(try await asker.ask("GET", "/parts/x").status == 404)
    let page = try #require(middleware.page(for: .notFound))
    #expect(page.status == .notFound && page.headers[.cacheControl] == "no-store")
    #expect(middleware.page(for: .internalServerError) == nil)
    #expect(middleware.page(for: .init(code: 999)) == nil)
  }
}
