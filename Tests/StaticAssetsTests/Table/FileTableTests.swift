import CAllocations
import Foundation
import TestSupport
import Testing

@testable import StaticAssets

/// The decision for one request, on real directories.
///
/// Goal: which files are served, in which coding and with which fields, and which files never are.
@Suite struct FileTableTests {
  private let directory = TemporaryDirectory()

  private func table(_ options: FileTable.Options = .init()) throws -> FileTable {
    try FileTable(root: directory.path, options: options)
  }

  private func ask(_ table: FileTable, _ request: String) -> PlannedAnswer? {
    PlannedAnswer(table, request)
  }

  private func get(_ table: FileTable, _ path: String, _ fields: String...) -> PlannedAnswer? {
    let lines = fields.map { $0 + "\r\n" }.joined()
    return ask(table, "GET \(path) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n")
  }

  /// Writes a file with both codings, each as long as its name, and matching times.
  private func writeWithCodings(_ name: String) {
    directory.write(String(repeating: "x", count: 100), to: name)
    directory.write(String(repeating: "g", count: 50), to: name + ".gz")
    directory.write(String(repeating: "b", count: 40), to: name + ".br")
  }

  @Test(
    "the coding with the highest weight, of those the smallest",
    arguments: [
      (nil, nil), ("", nil), ("identity", nil), ("gzip", "gzip"), ("br", "br"),
      ("gzip, br", "br"), ("gzip, deflate, br, zstd", "br"), ("*", "br"),
      ("gzip;q=1, br;q=0.9", "gzip"), ("br;q=0, gzip", "gzip"), ("br;q=0, *", "gzip"),
      ("gzip;q=0, br;q=0", nil), ("identity;q=1, br;q=0.5", nil), ("identity;q=0", nil),
      ("identity;q=0, gzip;q=0.001", "gzip"), ("br;q=0.001", "br"), ("*;q=0", nil),
      ("deflate", nil),
    ] as [(String?, String?)]
  )
  func coding(accepted: String?, expected: String?) throws {
    writeWithCodings("a.css")
    let table = try table()
    let field = accepted.map { "Accept-Encoding: \($0)" } ?? "X: y"
    let answer = try #require(get(table, "/static/a.css", field))
    #expect(answer.status == 200)
    #expect(answer.fields["Content-Encoding"] == expected)
    #expect(answer.fields["Vary"] == "Accept-Encoding")
    #expect(answer.body?.first == (expected.map { $0.first ?? "x" } ?? "x"))
    #expect(answer.fields["Content-Length"] == String(answer.body?.count ?? 0))
  }

  @Test("Accept-Encoding on several lines is one list")
  func severalLines() throws {
    writeWithCodings("a.css")
    let answer = get(
      try table(),
      "/static/a.css",
      "Accept-Encoding: gzip",
      "X: y",
      "Accept-Encoding: br"
    )
    #expect(answer?.fields["Content-Encoding"] == "br")
  }

  @Test("the fields of a plain file, and of HEAD")
  func fields() throws {
    let path = directory.write("hello", to: "d/a.txt")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 784_111_777)],
      ofItemAtPath: path
    )
    let table = try table()
    let answer = try #require(get(table, "/static/d/a.txt"))
    #expect(
      answer.fields == [
        "Content-Type": "text/plain; charset=\"utf-8\"",
        "Cache-Control": "max-age=60, public",
        "Access-Control-Allow-Origin": "*",
        "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT",
        "ETag": "\"2ebc98a1-5\"",
        "Accept-Ranges": "bytes",
        "Content-Length": "5",
      ]
    )
    let head = try #require(
      ask(table, "HEAD /static/d/a.txt HTTP/1.1\r\nHost: x\r\n\r\n")
    )
    #expect(head.fields == answer.fields)
    #expect(head.body == nil)
  }

  /// Otherwise two contents of one length would share a tag, as in reproducible images.
  @Test(
    "a time at the epoch counts as unknown: no date, no tag, and only * matches",
    arguments: [0.0, 1.0],
    [
      ("X: y", 200), ("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 200),
      ("If-None-Match: \"TIME-3e8\"", 200), ("If-None-Match: W/\"TIME-3e8\"", 200),
      ("If-None-Match:", 200), ("If-None-Match: \"\"", 200), ("If-None-Match: *", 304),
      ("If-Match: \"TIME-3e8\"", 412), ("If-Match: *", 200),
      ("Range: bytes=0-1", 206), ("Range: bytes=0-1\r\nIf-Range: \"TIME-3e8\"", 200),
      ("Range: bytes=0-1\r\nIf-Range:", 200), ("Range: bytes=0-0, 999-", 200),
    ]
  )
  func epoch(time: Double, row: (field: String, status: Int)) throws {
    let content = String(repeating: "x", count: 1000)
    let path = directory.write(content, to: "a.txt")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: time)],
      ofItemAtPath: path
    )
    let field = row.field.replacingOccurrences(of: "TIME", with: String(Int(time)))
    let answer = try #require(get(try table(), "/static/a.txt", field))
    #expect(answer.status == row.status)
    #expect(answer.fields["Last-Modified"] == nil)
    #expect(answer.fields["ETag"] == nil)
    #expect(answer.body == [200: content, 206: "xx", 412: "Precondition Failed\n"][row.status])
  }

  /// `Last-Modified` is never later than `Date`; the entity tag stays.
  ///
  /// Source: RFC 9110 §8.8.2.1.
  @Test(
    "a time in the future is not sent, and no condition compares with it",
    arguments: [
      ("X: y", 200), ("If-Modified-Since: DATE", 200), ("If-Unmodified-Since: DATE", 200),
      ("If-None-Match: TAG", 304), ("If-Match: TAG", 200), ("Range: bytes=0-1", 206),
      ("Range: bytes=0-1\r\nIf-Range: DATE", 200), ("Range: bytes=0-1\r\nIf-Range: TAG", 206),
    ]
  )
  func future(row: (field: String, status: Int)) throws {
    let path = directory.write("hello", to: "a.txt")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 4_102_444_800)],
      ofItemAtPath: path
    )
    let field = row.field.replacingOccurrences(of: "DATE", with: "Fri, 01 Jan 2100 00:00:00 GMT")
      .replacingOccurrences(of: "TAG", with: "\"f4865700-5\"")
    let answer = try #require(get(try table(), "/static/a.txt", field))
    #expect(answer.status == row.status)
    #expect(answer.fields["Last-Modified"] == nil)
    #expect(answer.fields["ETag"] == "\"f4865700-5\"")
  }

  @Test(
    "times beside the present",
    arguments: [
      (999, 999), (1000, 1000), (1001, nil), (1, nil), (0, nil), (.max, nil),
    ] as [(Int64, Int64?)]
  )
  func present(seconds: Int64, sent: Int64?) {
    #expect(FileVersion.lastModified(seconds, at: 1000) == sent)
  }

  @Test("a time outside of the HTTP date range is not sent")
  func farFuture() throws {
    var status = stat()
    for (seconds, isTold) in [(253_402_300_799, true), (253_402_300_800, false), (-5, false)] {
      status.st_mtim.tv_sec = seconds
      let file = FileVersion(FileStatus(status))
      #expect(file.lastModified.isEmpty == !isTold)
    }
  }

  @Test("directories that link to each other are not followed endlessly")
  func manyLinks() throws {
    for index in 0..<8 {
      directory.write("x", to: "d\(index)/a.txt")
      for other in 0..<8 where other != index {
        directory.link("d\(index)/to\(other)", to: "../d\(other)")
      }
    }
    let table = try table()
    #expect(get(table, "/static/d0/to1/a.txt")?.status == 200)
    // Paths through the links are not files of their own.
    #expect(table.memoryByteCount < 8 << 20)
  }

  @Test(
    "paths",
    arguments: [
      ("/static/a.txt", 200), ("/static/a%2Etxt", 200), ("/static/%61.txt", 200),
      ("/static%2Fa.txt", 200), ("/static/sp%20ace.txt", 200), ("/static/\u{2713}.txt", 200),
      ("/static/%E2%9C%93.txt", 200), ("/static/a.txt?v=1", 200), ("http://x/static/a.txt", 200),
      ("/static/h%23%3F.txt", 200), ("/static/.well-known/x", 200), ("/static/%25.txt", 200),
      ("/static/A.txt", 404), ("/static/", 404), ("/static/none", 404), ("/static/a.txt/", 404),
      ("/static//a.txt", 404), ("/static/./a.txt", 404), ("/static/d/../a.txt", 404),
      ("/static/%2e%2e/etc/passwd", 404), ("/static/%252E%252E/a.txt", 404),
      ("/static/a.txt%00", 404), ("/static/%zz", 404), ("/static/a%2", 404),
      ("/static/%FF.txt", 404), ("/static/a%5Ctxt", 404), ("/static/a.txt.gz", 404),
      ("/static/.hidden", 404), ("/static/.git/config", 404), ("/static/d/.well-known/x", 404),
      ("/static/staticfiles.json", 404), ("/static/staticd.json", 404),
      ("/static/fifo", 404), ("/static/broken", 404), ("/static/outside", 404),
      ("/static/inside", 200), ("/static/loop/a.txt", 404), ("/static/lone.gz", 200),
      ("/static", nil), ("/staticx/a.txt", nil), ("/", nil), ("/other", nil), ("http://x", nil),
      ("/stati%63", nil), ("/x%00", nil),
    ] as [(String, Int?)]
  )
  func paths(path: String, status: Int?) throws {
    for name in [
      "a.txt", "a.txt.gz", "sp ace.txt", "\u{2713}.txt", "h#?.txt", ".hidden", ".git/config",
      ".well-known/x", "d/.well-known/x", "staticfiles.json", "staticd.json", "lone.gz", "%.txt",
    ] {
      directory.write(name.hasSuffix(".json") ? "{}" : "long enough for a coding", to: name)
    }
    directory.write("x", to: "a.txt.gz")
    mkfifo(directory.path("fifo"), 0o644)
    directory.link("broken", to: "nowhere")
    directory.link("outside", to: "/etc/passwd")
    directory.link("inside", to: "a.txt")
    directory.link("loop", to: ".")
    let table = try table()
    #expect(get(table, path)?.status == status)
    #expect(table.warnings.count == 3)
  }

  @Test(
    "conditions",
    arguments: [
      ("If-None-Match: \"TAG\"", 304), ("If-None-Match: W/\"TAG\"", 304), ("If-None-Match: *", 304),
      ("If-None-Match: \"x\", \"TAG\"", 304), ("If-None-Match: \"x\"", 200),
      ("If-None-Match: \"x\"\r\nIf-None-Match: \"TAG\"", 304),
      ("If-None-Match: \"TAG-br\"", 200), ("If-None-Match: \"TAG-br\"\r\nAccept-Encoding: br", 304),
      ("If-None-Match: \"TAG\"\r\nAccept-Encoding: br", 200),
      ("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 304),
      ("If-Modified-Since: Sun, 06 Nov 1994 08:49:38 GMT", 304),
      ("If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT", 200),
      ("If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT", 304),
      ("If-Modified-Since: nonsense", 200),
      (
        "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n"
          + "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 200
      ),
      // If-None-Match takes precedence if both are present (RFC 9110 §13.1.3).
      ("If-None-Match: \"x\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 200),
    ]
  )
  func conditions(field: String, status: Int) throws {
    writeWithCodings("a.txt")
    for name in ["a.txt", "a.txt.gz", "a.txt.br"] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 784_111_777)],
        ofItemAtPath: directory.path(name)
      )
    }
    let table = try table()
    let lines = field.replacingOccurrences(of: "TAG", with: "2ebc98a1-64")
    for method in ["GET", "HEAD"] {
      let answer = try #require(
        ask(table, "\(method) /static/a.txt HTTP/1.1\r\nHost: x\r\n\(lines)\r\n\r\n")
      )
      #expect(answer.status == status)
      if status == 304 {
        #expect(
          Set(answer.fields.keys) == [
            "Cache-Control", "Access-Control-Allow-Origin", "Vary", "ETag",
          ]
        )
        #expect(answer.body == nil)
      }
    }
  }

  @Test(
    "methods",
    arguments: [
      ("OPTIONS", "/static/a.txt", 204), ("POST", "/static/a.txt", 405),
      ("DELETE", "/static/a.txt", 405), ("get", "/static/a.txt", 405),
      ("POST", "/static/none", 404), ("OPTIONS", "/static/none", 404),
    ]
  )
  func methods(method: String, path: String, status: Int) throws {
    directory.write("x", to: "a.txt")
    let answer = try #require(
      ask(try table(), "\(method) \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
    )
    #expect(answer.status == status)
    #expect(answer.fields["Allow"] == (status == 404 ? nil : "GET, HEAD, OPTIONS"))
    #expect(answer.fields["Cache-Control"] == (status == 404 ? "no-store" : nil))
  }

  @Test("hashed names of Django's manifest are immutable, and no others")
  func immutable() throws {
    directory.write(
      #"{"paths": {"n": "n.8d9c307cb7f3"}, "version": "1.1"}"#,
      to: "staticfiles.json"
    )
    for name in ["n", "n.8d9c307cb7f3", "x.1234567890ab.js"] { directory.write("N", to: name) }
    let table = try table()
    let forever = "max-age=315360000, public, immutable"
    #expect(get(table, "/static/n.8d9c307cb7f3")?.fields["Cache-Control"] == forever)
    #expect(get(table, "/static/n")?.fields["Cache-Control"] == "max-age=60, public")
    let lookalike = get(table, "/static/x.1234567890ab.js")
    #expect(lookalike?.fields["Cache-Control"] == "max-age=60, public")
  }

  @Test("a coding older than its file, or not smaller, is not sent, and has no URL")
  func staleCodings() throws {
    writeWithCodings("a.css")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -60)],
      ofItemAtPath: directory.path("a.css.br")
    )
    directory.write(String(repeating: "g", count: 100), to: "a.css.gz")
    let table = try table()
    let answer = try #require(get(table, "/static/a.css", "Accept-Encoding: br, gzip"))
    #expect(answer.fields["Content-Encoding"] == nil)
    #expect(answer.fields["Vary"] == nil)
    #expect(get(table, "/static/a.css.br")?.status == 404)
  }

  @Test("options")
  func options() throws {
    directory.write("x", to: "a.txt")
    let table = try table(
      .init(prefix: "/", maxAge: nil, allowsAllOrigins: false, bodyInMemoryMax: 0)
    )
    let answer = try #require(get(table, "/a.txt"))
    #expect(answer.fields["Cache-Control"] == nil)
    #expect(answer.fields["Access-Control-Allow-Origin"] == nil)
    #expect(answer.body == "file 0: 0+1")
    #expect(get(table, "/")?.status == 404)
  }

  @Test(
    "a missing root, and invalid manifests",
    arguments: [
      "", "{", "[]", #"{"paths": []}"#, #"{"paths": {"a": 1}}"#, "{} x",
      #"{"paths": {"a": "\ud"}}"#,
    ]
  )
  func malformedManifest(text: String) throws {
    directory.write(text, to: "staticfiles.json")
    let error = #expect(throws: AssetError.self) { try self.table() }
    #expect(error?.code == .invalidManifest)
    let missing = #expect(throws: AssetError.self) {
      try FileTable(root: directory.path("none"))
    }
    #expect(missing?.code == .unreadable)
  }

  @Test(
    "a text in staticd.json that is sent in a response, with characters that are not allowed",
    arguments: [
      ("type", #"text/css\r\nX-Added: 1"#), ("type", #"text/css\n"#), ("type", #"a\u0000b"#),
      ("type", #"a\tb"#), ("type", #"a\u007fb"#), ("sha256", #"0\r\nX-Added: 1"#),
      ("sha256", #"\""#), ("sha256", "AB"), ("integrity", #"sha384-x\r\n"#),
    ]
  )
  func controlBytes(key: String, value: String) throws {
    directory.write("x", to: "a.css")
    let start = #"{"files": {"a.css": {"bytes": 1, "\#(key)": ""#
    directory.write("\(start)\(value)\"}}}", to: "staticd.json")
    let error = AssetError.unusableManifestValue(
      path: directory.path("staticd.json"),
      key: key,
      offset: start.utf8.count
    )
    #expect(throws: error) { try self.table() }
    #expect(error.code == .invalidManifest)
    #expect(error.description.hasSuffix("that may not be in a response; collect again"))
  }

  @Test("parsing and planning allocate nothing")
  func allocatesNothing() throws {
    writeWithCodings("a.css")
    directory.write(String(repeating: "x", count: 200), to: "b.bin")
    let table = try table(.init(bodyInMemoryMax: 100))
    let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    let fields = [
      "Accept-Encoding: gzip, br;q=0.9", "Accept-Encoding: gzip\r\nAccept-Encoding: br",
      "If-None-Match: \"a\", W/\"b\"", "If-None-Match: \"a\"\r\nIf-None-Match: \"b\"",
      "If-Match: \"a\", W/\"b\"", "If-Match: *", "If-Match: \"a\"\r\nIf-Match: *",
      "If-Modified-Since: \(date)", "If-Unmodified-Since: \(date)", "Range: bytes=0-9",
      "Range: bytes=-9", "Range: bytes=500-", "Range: bytes=0-0, 99-99", "Range: bytes=x",
      "Range: bytes=0-9\r\nIf-Range: \"a\"", "Range: bytes=0-9\r\nIf-Range: \(date)",
    ]
    let requests = [
      "HEAD /static/none HTTP/1.0\r\n\r\n",
      "POST /static/a.css HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n",
    ]
    let conditional = ["a.css", "%61.css", "b.bin"].flatMap { name in
      fields.map { "GET /static/\(name) HTTP/1.1\r\nHost: x\r\n\($0)\r\n\r\n" }
    }
    for request in requests + conditional {
      let bytes = Array(request.utf8)
      var head = RequestHead()
      let limits = RequestLimits()
      // The first call excludes the lazy set-up of the runtime.
      _ = RequestHeadParser.parse(bytes.span, limits: limits, into: &head)
      _ = table.plan(for: head, in: bytes.span)
      let before = callocations_thread_count()
      let outcome = RequestHeadParser.parse(bytes.span, limits: limits, into: &head)
      let plan = table.plan(for: head, in: bytes.span)
      let after = callocations_thread_count()
      #expect(after == before, "\(request)")
      #expect(outcome == .complete)
      #expect(plan != nil)
    }
  }
}
