import TestSupport
import Testing

@testable import StaticAssets

/// The order of precedence for paths, among app paths, redirects, files, clean URLs, fallbacks, a
/// collected root and apps.
///
/// Goal: every pair of rules, at the boundary of each path and in each spelling.
@Suite struct RouteTests {
  private let root = TemporaryDirectory()
  private let site = TemporaryDirectory()
  private let pages = TemporaryDirectory()

  private func table(
    _ fallbacks: [(String?, FileTable.Fallback.Order?)] = [],
    _ change: (inout FileTable.Options) -> Void = { _ in }
  ) throws -> FileTable {
    root.write("file", to: "a.css")
    for name in ["robots.txt", "api/data.json", "about.html", "apis.txt", "app/x.txt"] {
      site.write("file", to: name)
    }
    var options = FileTable.Options()
    options.refusesAmbiguousPaths = true
    for (number, (path, order)) in fallbacks.enumerated() {
      let file = pages.write("page \(number)", to: "\(number).html")
      options.fallbacks.append(FileTable.Fallback(file, at: path, order: order))
    }
    change(&options)
    return try FileTable(
      mounts: [
        .init(root.path, at: "/static/", kind: .collected),
        .init(site.path, at: "/", kind: .public),
      ],
      options: options
    )
  }

  /// The result: the text of a body, a `Location`, a status, or the number of the app.
  private func answer(
    _ table: FileTable,
    _ path: String,
    method: String = "GET"
  ) throws -> String {
    if let answer = table.ask(path, method: method) {
      if let location = answer.fields["Location"] { return "\(answer.status) \(location)" }
      return answer.status == 200 ? answer.body ?? "empty" : "\(answer.status)"
    }
    let request = "\(method) \(path) HTTP/1.1\r\nHost: x\r\n\r\n"
    let bytes = Array(request.utf8)
    var head = RequestHead()
    try #require(RequestHeadParser.parse(bytes.span, limits: .init(), into: &head) == .complete)
    guard let app = table.upstream(for: head, in: bytes.span) else { return "nobody" }
    return "app \(app)"
  }

  @Test(
    "the paths of an app, in every spelling",
    arguments: [
      ("/api/users", "app 0"), ("/api/", "app 0"), ("/api", "app 0"), ("/api?x=/y", "app 0"),
      ("/apis", "page 0"), ("/apis.txt", "file"), ("/api/data.json", "app 0"),
      ("/api/none.js", "app 0"), ("/api/old", "app 0"), ("/%61pi/users", "app 0"),
      ("/api/%zz", "app 0"), ("/api/a%20b", "app 0"), ("/x/../api/users", "400"),
      ("/x/%2e%2e/api/users", "400"), ("//api/users", "400"), ("/./api/users", "400"),
      ("/api%2fusers", "400"), ("/api%2Fusers", "400"), ("/x%2f..%2fapi/users", "400"),
      ("/api/../users", "400"), ("/api/..%2fusers", "400"), ("/api/%2e%2e/robots.txt", "400"),
      ("/%5capi/users", "400"), ("/api/x/../y", "app 0"), ("/api//x", "app 0"),
      ("/API/users", "page 0"), ("/users/7", "page 0"), ("/x/api/users", "page 0"),
      ("/static/a.css", "file"), ("/static/none", "404"), ("/robots.txt", "file"),
      ("/none.js", "app 0"), ("/forced", "301 /new"), ("/api/forced", "app 0"),
    ]
  )
  func appPaths(path: String, expected: String) throws {
    let table = try table([(nil, .beforeApp)]) {
      $0.appPaths = ["/api/"]
      $0.redirects = try! RedirectRules(
        Array("/forced /new 301!\n/api/forced /new 301!\n/api/old /new\n".utf8)
      )
    }
    #expect(try answer(table, path) == expected)
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"] where expected == "app 0" {
      #expect(try answer(table, path, method: method) == expected, "\(method)")
    }
  }

  @Test(
    "the longest path takes precedence",
    arguments: [
      // A fallback with a path, one for everything.
      ("/app/users", "page 1"), ("/app", "page 1"), ("/app/", "page 1"), ("/apps", "app 0"),
      ("/app/x.txt", "file"), ("/app/none.js", "app 0"), ("/users", "app 0"),
      // A fallback below another, and one below a collected root.
      ("/app/admin/users", "page 2"), ("/app/admin", "page 2"), ("/app/administer", "page 1"),
      ("/static/spa/users", "page 3"), ("/static/none", "404"), ("/static/spa.css", "404"),
      // Apps with paths, below and above fallbacks.
      ("/shop/cart", "app 1"), ("/shop", "app 1"), ("/shops", "app 0"),
      ("/app/api/users", "app 2"), ("/app/api/v2", "app 2"), ("/shop/help/me", "page 4"),
      // The same path: pages get the fallback, all else goes to the app.
      ("/both/x", "page 5"), ("/both/x.js", "app 3"),
    ]
  )
  func longest(path: String, expected: String) throws {
    let table = try table(
      [
        (nil, nil), ("/app/", nil), ("/app/admin/", nil), ("/static/spa/", nil),
        ("/shop/help/", nil), ("/both/", nil),
      ]
    ) { $0.upstreamPaths = ["/", "/shop/", "/app/api/", "/both/"] }
    #expect(try answer(table, path) == expected)
  }

  @Test(
    "an app with a path, without one for the rest",
    arguments: [
      ("/api/users", "app 0"), ("/api", "app 0"), ("/users", "nobody"), ("/", "nobody"),
      ("/robots.txt", "file"), ("/api/data.json", "file"), ("/x/../api/users", "400"),
      ("//api/users", "400"), ("/api%2fusers", "400"),
    ]
  )
  func noneForTheRest(path: String, expected: String) throws {
    let table = try table { $0.upstreamPaths = ["/api/"] }
    #expect(try answer(table, path) == expected)
  }

  @Test(
    "redirects, files, clean URLs and pages",
    arguments: [
      ("/robots.txt", "302 /forced"), ("/apis.txt", "file"), ("/about", "file"),
      ("/about.html", "308 about"), ("/users", "301 /people"),
      ("/static/old.css", "301 /static/a.css"),
      ("/app/users", "301 /people"), ("/app/other", "page 0"), ("/other", "app 0"),
    ]
  )
  func precedence(path: String, expected: String) throws {
    let table = try table([("/app/", nil)]) {
      $0.cleansURLs = true
      $0.redirects = try! RedirectRules(
        Array(
          """
          /robots.txt /forced 302!
          /apis.txt /shadowed
          /about /shadowed
          /users /people
          /static/old.css /static/a.css
          /app/users /people
          """.utf8
        )
      )
    }
    #expect(try answer(table, path) == expected)
  }

  @Test(
    "the page after the app is for clients that accept HTML",
    arguments: [
      ("text/html", 200), ("text/html,application/xhtml+xml,*/*;q=0.8", 200),
      ("application/json, text/html;q=0.5", 200), ("TEXT/HTML", 200),
      ("application/xhtml+xml", 200),
      ("*/*", nil), ("application/json", nil), ("text/html;q=0", nil), ("text/*", nil), ("", nil),
    ] as [(String, Int?)]
  )
  func afterApp(accept: String, status: Int?) throws {
    let table = try table([(nil, nil)])
    for (path, isPage) in [("/users/7", true), ("/a.js", false)] {
      let text = "GET \(path) HTTP/1.1\r\nHost: x\r\nAccept: \(accept)\r\n\r\n"
      let bytes = Array(text.utf8)
      var head = RequestHead()
      try #require(RequestHeadParser.parse(bytes.span, limits: .init(), into: &head) == .complete)
      let plan = table.planAfterApp(for: head, in: bytes.span)
      #expect(plan?.status.rawValue == (isPage ? status.map { UInt16($0) } : nil), "\(path)")
    }
    #expect(table.askAlone("/users/7")?.fields["Vary"] == "Accept")
    #expect(try self.table([(nil, .beforeApp)]).ask("/users/7")?.fields["Vary"] == nil)
  }

  @Test("no spelling bypasses a path of an app")
  func spellings() throws {
    let table = try table([(nil, .beforeApp), ("/x/", nil)]) {
      $0.appPaths = ["/api/"]
      $0.redirects = try! RedirectRules(Array("/* https://example.com/:splat\n".utf8))
    }
    let starts = [
      "", "/", "/.", "/x/..", "/x/y/../..", "/%2e", "/x/%2E%2e", "/x%2f..", "/x%5c..", "\\", "/%2f",
      "/x/.%2e", "/%2e%2e", "/static/..", "/app/%2e.",
    ]
    let middles = [
      "/api", "/%61pi", "/ap%69", "/api%2f", "%2fapi", "%5capi", "\\api", "/./api", "//api",
    ]
    let ends = [
      "", "/", "/data.json", "//data.json", "/./x", "/y/../x", "%2fx", "/..", "/../x", "/%2e%2e/x",
    ]
    var count = 0
    for start in starts {
      for middle in middles {
        for end in ends {
          let path = start + middle + end
          guard path.hasPrefix("/"), Self.normalized(path).hasPrefix("/api/") else { continue }
          count += 1
          let answer = try answer(table, path)
          #expect(answer == "app 0" || answer == "400", "\(path): \(answer)")
        }
      }
    }
    #expect(count > 500)
  }

  /// The path as a lenient server parses it, with a trailing slash.
  private static func normalized(_ path: String) -> String {
    var text: [UInt8] = []
    var rest = Array(path.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        text.append(byte)
        continue
      }
      text.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
      rest = rest.dropFirst(2)
    }
    var segments: [Substring] = []
    for segment in String(decoding: text, as: UTF8.self).split(whereSeparator: {
      "/\\".contains($0)
    }) {
      if segment == ".." {
        _ = segments.popLast()
      } else if segment != "." {
        segments.append(segment)
      }
    }
    return "/" + segments.map { $0 + "/" }.joined()
  }
}
