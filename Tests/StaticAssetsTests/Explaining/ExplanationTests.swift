import StaticAssets
import TestSupport
import Testing

/// Explanations: the response is that of the plan, and each decision has its reason.
@Suite struct ExplanationTests {
  private let root = TemporaryDirectory()
  private let site = TemporaryDirectory()

  private func table() throws -> FileTable {
    root.write(String(repeating: "a {} ", count: 100), to: "css/a.css")
    root.write("br", to: "css/a.css.br")
    root.write("gzip", to: "css/a.css.gz")
    root.write("x", to: "css/a.123456789012.css")
    root.write(
      #"{"paths": {"css/a.css": "css/a.123456789012.css"}, "version": "1.1"}"#,
      to: "staticfiles.json"
    )
    root.write("z", to: "main.8f3d2c1a9b7e6f5d4c3b.js")
    let shell = site.write("shell", to: "app.html")
    site.write("docs", to: "docs/index.html")
    var options = FileTable.Options()
    options.fields = [try FieldRule("*.html: X-Frame-Options: DENY")]
    options.maxAges = [MaxAgeRule(glob: "docs/*", maxAge: .seconds(5))]
    options.immutableNames = [.webpack]
    options.mediaTypes = ["js": "text/x-js"]
    options.indexFile = "index.html"
    options.fallbacks = [FileTable.Fallback(shell, order: .beforeApp)]
    return try FileTable(
      mounts: [
        .init(root.path, at: "/static/", kind: .collected),
        .init(site.path, at: "/", kind: .public),
      ],
      options: options
    )
  }

  private func explain(_ method: String, _ target: String, _ fields: [String]) throws -> Explanation
  {
    let lines = ["\(method) \(target) HTTP/1.1", "Host: x"] + fields
    return try table().explain(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
  }

  @Test(
    "each decision, with its rule",
    arguments: [
      (
        "GET", "/static/css/a.css", ["Accept-Encoding: br, gzip;q=0.5"], 200, "coding",
        "br: the highest weight"
      ),
      ("GET", "/static/css/a.css", ["Accept-Encoding: br"], 200, "stored in", "css/a.css.br"),
      ("GET", "/static/css/a.css", [], 200, "file", "css/a.css'"),
      ("GET", "/static/css/a.css", ["If-None-Match: *"], 304, "If-None-Match", "304"),
      ("GET", "/static/css/a.css", ["If-Match: \"z\""], 412, "If-Match", "412"),
      (
        "GET", "/static/css/a.css",
        ["If-None-Match: \"z\"", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"],
        200, "If-Modified-Since", "ignored: If-None-Match takes precedence"
      ),
      ("GET", "/static/css/a.css", ["Range: bytes=0-1"], 206, "Range", "206"),
      ("GET", "/static/css/a.css", ["Range: bytes=0-1,9-10,200-"], 206, "Range", "206"),
      ("GET", "/static/css/a.css", ["Range: bytes=9999-"], 416, "Range", "416"),
      (
        "GET", "/static/css/a.css", ["Range: bytes=0-1", "If-Range: \"z\""], 200, "If-Range",
        "whole"
      ),
      ("HEAD", "/static/css/a.css", ["Range: bytes=0-1"], 200, "Range", "GET only"),
      ("POST", "/static/css/a.css", [], 405, "method", "GET and HEAD"),
      ("GET", "/static/none", [], 404, "file", "none"),
      ("GET", "/static/%zz", [], 404, "path", "malformed"),
      ("GET", "/docs", [], 302, "file", "index"),
      ("GET", "/users/7", [], 200, "name", "may be a page"),
      ("GET", "/static/a b", [], 400, "request", "refused"),
    ] as [(String, String, [String], UInt16, String, String)]
  )
  func steps(
    method: String,
    target: String,
    fields: [String],
    status: UInt16,
    subject: String,
    text: String
  ) throws {
    let explanation = try explain(method, target, fields)
    #expect(explanation.status?.rawValue == status)
    let step = try #require(explanation.steps.first { $0.subject == subject })
    #expect(step.text.contains(text), "\(step)")
  }

  @Test(
    "each field, with its reason",
    arguments: [
      ("/static/css/a.css", "Cache-Control", "max-age=60, public", "no rule"),
      ("/static/css/a.123456789012.css", "Cache-Control", "immutable", "manifest"),
      ("/static/main.8f3d2c1a9b7e6f5d4c3b.js", "Cache-Control", "immutable", "'webpack'"),
      ("/static/main.8f3d2c1a9b7e6f5d4c3b.js", "Content-Type", "text/x-js", "media-type rule"),
      ("/docs/", "Cache-Control", "max-age=5, public", "'docs/*=5'"),
      ("/docs/", "X-Frame-Options", "DENY", "'*.html: X-Frame-Options"),
      ("/docs/", "ETag", "-4", "time and size"),
      ("/users/7", "Content-Type", "text/html", "extension"),
      ("/docs?q=1", "Location", "docs/?q=1", "RFC 9110"),
    ]
  )
  func fields(target: String, name: String, value: String, reason: String) throws {
    let explanation = try explain("GET", target, [])
    let field = try #require(explanation.fields.first { $0.name == name })
    #expect(field.value.contains(value), "\(field)")
    #expect(field.reason.contains(reason), "\(field)")
  }

  @Test("a request left to an app has no status")
  func others() throws {
    let explanation = try explain("POST", "/users/7", [])
    #expect(explanation.status == nil && explanation.fields.isEmpty)
  }

  @Test("an incomplete head names what is missing")
  func incomplete() throws {
    let explanation = try table().explain(Array("GET / HTTP/1.1\r\n".utf8))
    #expect(explanation.status == nil && explanation.steps[0].text.contains("waits"))
  }
}
