import TestSupport
import Testing

@testable import StaticAssets

/// Fields by pattern.
///
/// Goal: a permitted field is sent once, with the right responses; a field that would break a
/// response is rejected.
@Suite struct FieldRuleTests {
  @Test(
    "valid rules",
    arguments: [
      ("*.html: X-Frame-Options: DENY", "*.html", "X-Frame-Options", "DENY"),
      ("*:A:b", "*", "A", "b"),
      ("d/*:  Link:  </a>; rel=\"b\"  ", "d/*", "Link", "</a>; rel=\"b\""),
      (
        "*: Content-Security-Policy: default-src https://x:8000", "*", "Content-Security-Policy",
        "default-src https://x:8000"
      ),
      ("*: X: \u{2713}\ta", "*", "X", "\u{2713}\ta"),
    ]
  )
  func reads(text: String, glob: String, name: String, value: String) throws {
    let rule = try FieldRule(text)
    #expect(rule.glob == glob && rule.name == name && rule.value == value)
  }

  @Test(
    "invalid rules",
    arguments: [
      "", "*", "*: X", ": X: y", "*: : y", "*: X:", "*: X:  ", "*: X y: z", "*: X : y",
      "*: X: a\r\nB: c", "*: X: a\nb", "*: X: a\u{0}", "*: X: a\u{7F}", "*: X\r\nY: z",
      "*: \u{2713}: x", "*: Content-Length: 1", "*: content-range: x", "*: Transfer-Encoding: x",
      "*: Connection: close", "*: Keep-Alive: x", "*: Upgrade: x", "*: Trailer: x", "*: TE: x",
      "*: Date: x", "*: ETAG: \"x\"", "*: Last-Modified: x", "*: Content-Encoding: br",
      "*: Vary: Origin", "*: Accept-Ranges: none", "*: Proxy-Connection: x",
    ]
  )
  func refuses(text: String) {
    #expect(throws: FieldRule.Malformed.self) { try FieldRule(text) }
  }

  private let directory = TemporaryDirectory()

  private func table(_ rules: [String], cors: Bool = true) throws -> FileTable {
    var options = FileTable.Options(allowsAllOrigins: cors)
    options.fields = try rules.map { try FieldRule($0) }
    return try FileTable(root: directory.path, options: options)
  }

  @Test("fields on 200, 206 and 304, by path, the last match applies")
  func answers() throws {
    for name in ["a.html", "d/b.html", "c.css"] {
      directory.write(String(repeating: "x", count: 1000), to: name)
    }
    let table = try table([
      "*.html: X-Frame-Options: DENY", "d/*: x-frame-options: SAMEORIGIN",
      "*.html: Content-Language: de",
    ])
    for (path, value) in [("a.html", "DENY"), ("c.css", nil)] {
      let url = "/static/\(path)"
      #expect(table.ask(url)?.fields["X-Frame-Options"] == value)
      #expect(table.ask(url, method: "HEAD")?.fields["X-Frame-Options"] == value)
      let part = try #require(table.ask(url, "Range: bytes=0-1"))
      #expect(part.status == 206 && part.fields["X-Frame-Options"] == value)
      let several = try #require(table.ask(url, "Range: bytes=0-0,999-999"))
      #expect(several.fields["Content-Type"]?.hasPrefix("multipart/") == true)
      #expect(several.status == 206 && several.fields["X-Frame-Options"] == value)
      let unchanged = try #require(table.ask(url, "If-None-Match: *"))
      #expect(unchanged.status == 304 && unchanged.fields["X-Frame-Options"] == value)
      // It would describe content that is absent (RFC 9110 §15.4.5).
      #expect(unchanged.fields["Content-Language"] == nil)
    }
    #expect(table.ask("/static/a.html")?.fields["Content-Language"] == "de")
    let other = try #require(table.ask("/static/d/b.html"))
    #expect(other.fields["x-frame-options"] == "SAMEORIGIN")
    #expect(other.fields["X-Frame-Options"] == nil)
    #expect(table.ask("/static/none.html")?.fields["X-Frame-Options"] == nil)
  }

  @Test("a rule replaces staticd's own field")
  func replaces() throws {
    directory.write(String(repeating: "x", count: 1000), to: "a.html")
    let table = try table([
      "*: Cache-Control: no-cache", "*: content-type: text/x-mine",
      "*: Access-Control-Allow-Origin: https://x.example",
    ])
    for condition in ["X: y", "If-None-Match: *", "Range: bytes=0-0"] {
      let answer = try #require(table.ask("/static/a.html", condition))
      #expect(answer.fields["Cache-Control"] == "no-cache")
      #expect(answer.fields["Access-Control-Allow-Origin"] == "https://x.example")
      #expect(answer.fields["Content-Type"] == (answer.status == 304 ? nil : "text/x-mine"))
    }
    let several = try #require(table.ask("/static/a.html", "Range: bytes=0-0,999-999"))
    #expect(several.body?.contains("Content-Type: text/x-mine\r\n") == true)
    #expect(several.fields["Content-Type"]?.hasPrefix("multipart/byteranges") == true)
  }

  @Test("the total size of all fields is limited", arguments: [(-1, true), (0, true), (1, false)])
  func limit(more: Int, isTaken: Bool) throws {
    directory.write("hello", to: "a.html")
    let value = String(repeating: "v", count: FileTable.Options.fieldByteCountMax - 5 + more)
    if isTaken {
      #expect(try table(["*: X: \(value)"]).ask("/static/a.html")?.fields["X"] == value)
    } else {
      #expect(throws: AssetError.tooManyFields) { try table(["*: X: \(value)"]) }
    }
  }
}
