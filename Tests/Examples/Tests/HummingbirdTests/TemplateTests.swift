import Hummingbird
import InMemoryLogging
import Logging
import Mustache
import StaticAssets
import StaticHummingbird
import Testing

/// File names in mustache templates.
///
/// Goal: a name without a file or without a hash is an error in development and a warning
/// elsewhere; a leading slash makes no difference.
@Suite struct TemplateTests {
  private let directory = Directory()
  private let handler = InMemoryLogHandler()

  private var logger: Logger { Logger(label: "test") { _ in handler } }

  private func release() throws -> LiveTable {
    directory.write("app", to: "root/css/app.0123456789ab.css")
    directory.write("late", to: "root/late.css")
    directory.write(
      #"{"paths": {"css/app.css": "css/app.0123456789ab.css"}, "version": "1.1", "hash": ""}"#,
      to: "root/staticfiles.json"
    )
    return try LiveTable(root: "\(directory.path)/root")
  }

  private func development() throws -> LiveTable {
    directory.write("app", to: "assets/css/app.css")
    directory.write("late", to: "assets/late.css")
    directory.write("robots", to: "public/robots.txt")
    return try LiveTable(
      mounts: [
        .init("\(directory.path)/assets", at: "/static/", kind: .source),
        .init("\(directory.path)/public", at: "/", kind: .public),
      ],
      isDevelopment: true
    )
  }

  private func asker(_ assets: LiveTable) throws -> Asker {
    let logger = logger
    let router = Router()
    router.middlewares.add(StaticAssetsMiddleware(assets))
    router.get("/page") { request, _ in
      let name = request.uri.queryParameters["name"].map(String.init) ?? ""
      let template = try MustacheTemplate(string: "{{#static}} \(name)\n{{/static}}")
      return template.render(["static": MustacheLambda.url(of: assets, logger: logger)])
    }
    return Asker(router)
  }

  @Test(
    "a release: the URL, and a single warning",
    arguments: [
      ("css/app.css", "/static/css/app.0123456789ab.css", 0),
      ("/css/app.css", "/static/css/app.0123456789ab.css", 0),
      ("css/app.0123456789ab.css", "/static/css/app.0123456789ab.css", 0),
      ("late.css", "/static/late.css", 1),
      ("css/none.css", "/static/css/none.css", 1),
      ("/css/none.css", "/static/css/none.css", 1),
    ]
  )
  func release(name: String, url: String, warningCount: Int) async throws {
    let assets = try release()
    let asker = try asker(assets)
    for _ in 0..<3 {
      let answer = try await asker.ask("GET", "/page?name=\(name)")
      #expect(answer.status == 200 && answer.body == url)
    }
    #expect(handler.entries.map(\.level) == Array(repeating: .warning, count: warningCount))
    // The next release warns again.
    try await assets.reload()
    _ = try await asker.ask("GET", "/page?name=\(name)")
    #expect(handler.entries.count == 2 * warningCount)
  }

  @Test(
    "development: the URL, or 500 with the reason",
    arguments: [
      ("css/app.css", "/static/css/app.css"), ("/css/app.css", "/static/css/app.css"),
      ("late.css", "/static/late.css"), ("css/none.css", nil), ("", nil), ("robots.txt", nil),
    ] as [(String, String?)]
  )
  func development(name: String, url: String?) async throws {
    let asker = try asker(try development())
    let answer = try await asker.ask("GET", "/page?name=\(name)")
    if let url {
      #expect(answer.status == 200 && answer.body == url)
      #expect(handler.entries.isEmpty)
    } else {
      #expect(answer.status == 500 && answer.body.contains("'\(name)'"))
      #expect(handler.entries.map(\.level) == [.error])
    }
  }

  @Test("all names of a page are of one release")
  func reloadBetweenNames() async throws {
    let assets = try release()
    let logger = logger
    let router = Router()
    router.middlewares.add(StaticAssetsMiddleware(assets))
    let template = try MustacheTemplate(string: "{{#static}}css/app.css{{/static}}")
    router.get("/page") { [directory] _, _ in
      let values = ["static": MustacheLambda.url(of: assets, logger: logger)]
      let before = template.render(values)
      directory.write("new", to: "root/css/app.123456789abc.css")
      directory.write(
        #"{"paths": {"css/app.css": "css/app.123456789abc.css"}, "version": "1.1", "hash": ""}"#,
        to: "root/staticfiles.json"
      )
      try await assets.reload()
      return "\(before) \(template.render(values))"
    }
    let asker = Asker(router)
    let (old, new) = ("/static/css/app.0123456789ab.css", "/static/css/app.123456789abc.css")
    #expect(try await asker.ask("GET", "/page").body == "\(old) \(old)")
    #expect(try await asker.ask("GET", "/page").body == "\(new) \(new)")
    #expect(template.render(["static": MustacheLambda.url(of: assets, logger: logger)]) == new)
  }

  @Test("integrity is empty if it is unknown")
  func integrity() throws {
    let assets = try release()
    let template = try MustacheTemplate(string: "{{#sri}}css/app.css{{/sri}}|{{#sri}}x{{/sri}}")
    let text = template.render(["sri": MustacheLambda.integrity(of: assets, logger: logger)])
    #expect(text == "|")
    #expect(handler.entries.count == 1)
  }
}
