import Foundation
import TestSupport
import Testing

/// A site before and after its move from WhiteNoise: every page and every file, field by field.
@Suite struct MovedSiteTests {
  /// Settings that change the fields that SecurityMiddleware adds to files.
  static let settings = [
    "",
    """
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = True
    """,
    """
    SECURE_REFERRER_POLICY = ["no-referrer", "same-origin"]
    SECURE_CROSS_ORIGIN_OPENER_POLICY = None
    SECURE_CONTENT_TYPE_NOSNIFF = False
    WHITENOISE_MAX_AGE = 7
    """,
  ]

  /// Fields that are not compared, beyond the differences in the documentation's table.
  ///
  /// Date and Connection are the server's own. X-Request-Id is added to pages, and Server is the
  /// app server's name, which staticd does not send with files.
  private static let ignored: Set<String> = ["date", "connection", "x-request-id", "server"]

  /// Fields that SecurityMiddleware sends with its redirect, and staticd does not.
  private static let redirectFields: Set<String> = [
    "content-length", "content-type", "transfer-encoding", "referrer-policy",
    "cross-origin-opener-policy", "x-content-type-options",
  ]

  @Test("pages and files are unchanged, except for the listed differences", arguments: settings)
  func moved(settings: String) throws {
    let site = MovedSite(settings: settings)
    let before = try site.beforeMove()
    let after = try site.afterMove()
    #expect(SupervisedRun.eventually { after.port != nil }, "\(after.errors)")
    let port = try #require(after.port)
    let pages = ["/", "/told/", "/told", "/streamed/", "/failing/", "/admin/login/", "/none"]
    let files = site.manifest.flatMap { [$0.key, $0.value] }.map { "/static/\($0)" }
    #expect(files.count > 250)
    for scheme in ["http", "https"] {
      for path in pages + files.sorted() + ["/robots.txt", "/static/none.css"] {
        for fields in [[], ["Accept-Encoding: gzip"]]
        where fields.isEmpty || path.hasPrefix("/s") {
          let lines = ["X-Forwarded-Proto: \(scheme)", "X-Forwarded-For: 192.0.2.7"] + fields
          let theirs = try #require(Self.answer(before.port, path, lines))
          let ours = try #require(Self.answer(port, path, lines), "\(path) \(after.errors)")
          compare(theirs, ours, path, lines)
        }
      }
    }
    after.send(SIGTERM)
    #expect(after.wait() == 0, "\(after.errors)")
  }

  private static func answer(_ port: UInt16, _ path: String, _ fields: [String]) -> HTTPResponse? {
    let client = HTTPClient(port: port, seconds: 30)
    let lines = ["GET \(path) HTTP/1.1", "Host: example.com", "Connection: close"] + fields
    client.send(lines.map { $0 + "\r\n" }.joined() + "\r\n")
    return client.response()
  }

  private func compare(
    _ theirs: HTTPResponse,
    _ ours: HTTPResponse,
    _ path: String,
    _ fields: [String]
  ) {
    var names = Set((theirs.fields + ours.fields).map { $0.name.lowercased() })
    names.subtract(Self.ignored)
    var mismatches = names.filter { Self.text(theirs, $0) != Self.text(ours, $0) }.map {
      Mismatch(field: $0, whiteNoise: theirs, staticd: ours)
    }
    if theirs.status != ours.status {
      mismatches.append(Mismatch(field: "status", whiteNoise: theirs, staticd: ours))
    }
    if Self.body(theirs) != Self.body(ours) {
      mismatches.append(Mismatch(field: "body", whiteNoise: theirs, staticd: ours))
    }
    // The documentation's row about the redirect to HTTPS.
    if theirs.status == 301, ours.status == 301 {
      mismatches.removeAll { Self.redirectFields.contains($0.field) }
    }
    let isFile = path.hasPrefix("/static/") || path == "/robots.txt"
    // The row about dictionaries, of which WhiteNoise has none.
    if isFile { mismatches.removeAll { $0.field == "use-as-dictionary" } }
    for mismatch in mismatches where !isFile || !Self.explains(mismatch, path) {
      let (before, now) = (Self.text(theirs, mismatch.field), Self.text(ours, mismatch.field))
      Issue.record(
        "\(path) \(fields): \(mismatch.field) \(theirs.status) \(before), \(ours.status) \(now)"
      )
    }
  }

  /// Whether a row of the documentation's table explains the mismatch.
  private static func explains(_ mismatch: Mismatch, _ path: String) -> Bool {
    let canonical = mismatch.field.split(separator: "-").map(\.capitalized).joined(separator: "-")
    let name = canonical == "Etag" ? "tag" : canonical
    let known = Mismatch(field: name, whiteNoise: mismatch.whiteNoise, staticd: mismatch.staticd)
    var differences = Difference.everywhere + [.entityTags, .unusedVariants]
    // Files whose own name has no extension.
    if path.contains("/LICENSE") { differences.append(.extensionless) }
    if mismatch.staticd.status == 404 { return true }
    return differences.contains { $0.explains(known) }
  }

  private static func text(_ response: HTTPResponse, _ name: String) -> String {
    let values = response.fields.filter { $0.name.lowercased() == name }.map(\.value)
    let text = values.joined(separator: ", ")
    // Tokens differ for each page, and the files were collected twice.
    if name == "set-cookie" { return String(text.prefix { $0 != "=" }) }
    if name == "last-modified" || name == "expires" { return text.isEmpty ? "" : "a time" }
    return text
  }

  private static func body(_ response: HTTPResponse) -> [UInt8] {
    var text = String(decoding: response.body, as: UTF8.self)
    if let range = text.range(of: "\"address\": \"127.0.0.1\"") {
      // The documentation's row about REMOTE_ADDR.
      text.replaceSubrange(range, with: "\"address\": \"192.0.2.7\"")
      return Array(text.utf8)
    }
    guard text.contains("csrfmiddlewaretoken"),
      let expression = try? Regex("value=\"[A-Za-z0-9]{64}\"")
    else { return response.body }
    return Array(text.replacing(expression, with: "value").utf8)
  }
}
