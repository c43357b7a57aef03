import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Responses with files of live directories.
///
/// Goal: conditions, ranges, methods and the operator's rules work as for other files; uploads are
/// made inert.
@Suite struct LiveResponseTests {
  private let files = TemporaryDirectory()

  @Test(
    "conditions and ranges, of small and large files",
    arguments: [0, 1, 1000, 8192, 8193, 16384, 16385, 100_000, 3_000_000]
  )
  func conditions(size: Int) throws {
    let content = TemporaryDirectory.pattern(size)
    files.write(content, to: "a.bin")
    files.setModified("a.bin", to: 1_000_000_000)
    let server = try LiveServer([files.uploads()])
    let first = try #require(server.settled("/media/a.bin"))
    #expect(first.status == 200 && first.body == content)
    #expect(first["Content-Length"] == String(size))
    #expect(first["Accept-Ranges"] == "bytes")
    #expect(first["Last-Modified"] == "Sun, 09 Sep 2001 01:46:40 GMT")
    let tag = try #require(first["ETag"])
    #expect(tag.hasPrefix("\""))

    let old = "Sat, 01 Jan 2000 00:00:00 GMT"
    let same = "Sun, 09 Sep 2001 01:46:40 GMT"
    let rows: [(fields: [String], status: Int)] = [
      (["If-None-Match: \(tag)"], 304), (["If-None-Match: W/\(tag)"], 304),
      (["If-None-Match: *"], 304), (["If-None-Match: \"x\", \(tag)"], 304),
      (["If-None-Match: \"x\""], 200), (["If-Modified-Since: \(same)"], 304),
      (["If-Modified-Since: \(old)"], 200), (["If-Match: \(tag)"], 200),
      (["If-Match: \"x\""], 412), (["If-Match: W/\(tag)"], 412),
      (["If-Unmodified-Since: \(same)"], 200), (["If-Unmodified-Since: \(old)"], 412),
      (["If-None-Match: \"x\"", "If-Modified-Since: \(same)"], 200),
    ]
    for row in rows {
      for method in ["GET", "HEAD"] {
        let answer = try #require(server.get("/media/a.bin", row.fields, method: method))
        #expect(answer.status == row.status, "\(row.fields)")
        if row.status == 200 {
          #expect(answer["Content-Length"] == String(size))
          if method == "GET" { #expect(answer.body == content) }
        }
        if row.status == 304 { #expect(answer["ETag"] == tag) }
      }
    }

    let range = try #require(server.get("/media/a.bin", ["Range: bytes=\(size)-"]))
    #expect(range.status == 416 && range["Content-Range"] == "bytes */\(size)")
    guard size >= 1000 else { return server.server.stop() }
    for (first, last) in [(0, 0), (1, size - 2), (size / 2, size - 1), (size - 1, size - 1)] {
      let fields = ["Range: bytes=\(first)-\(last)", "If-Range: \(tag)"]
      let answer = try #require(server.get("/media/a.bin", fields))
      #expect(answer.status == 206)
      #expect(answer["Content-Range"] == "bytes \(first)-\(last)/\(size)")
      #expect(answer.body == Array(content[first...last]))
    }
    let whole = server.get("/media/a.bin", ["Range: bytes=0-1", "If-Range: \"x\""])
    #expect(whole?.status == 200 && whole?.body == content)
    let several = try #require(server.get("/media/a.bin", ["Range: bytes=0-9,500-519,-5"]))
    #expect(several.status == 206)
    #expect(several["Content-Type"]?.hasPrefix("multipart/byteranges; boundary=") == true)
    for part in [content[0...9], content[500...519], content[(size - 5)...]] {
      #expect(Data(several.body).range(of: Data(part)) != nil)
    }
    server.server.stop()
  }

  @Test("a file written just now has no date, and a tag that never matches")
  func fresh() throws {
    let server = try LiveServer([files.uploads()])
    // On a slow machine the file may be old enough before the request; then it is repeated.
    var answer: HTTPResponse?
    var again: HTTPResponse?
    for _ in 0..<100 {
      files.write("now", to: "now.txt")
      answer = server.get("/media/now.txt")
      again = server.get("/media/now.txt", ["If-None-Match: \(answer?["ETag"] ?? "")"])
      if answer?["Last-Modified"] == nil, again?.status == 200 { break }
    }
    #expect(answer?["Last-Modified"] == nil)
    #expect(again?.status == 200)
    let settled = try #require(server.settled("/media/now.txt"))
    #expect(settled["ETag"] != answer?["ETag"])
    #expect(
      server.get("/media/now.txt", ["If-None-Match: \(settled["ETag"] ?? "")"])?.status == 304
    )
    #expect(eventually { server.get("/media/now.txt")?["Last-Modified"] != nil })
    server.server.stop()
  }

  @Test("methods")
  func methods() throws {
    files.write("content", to: "a.txt")
    let server = try LiveServer([files.uploads()])
    let head = try #require(server.get("/media/a.txt", method: "HEAD"))
    #expect(head.status == 200 && head["Content-Length"] == "7")
    let options = try #require(server.get("/media/a.txt", method: "OPTIONS"))
    #expect(options.status == 204 && options["Allow"] == "GET, HEAD, OPTIONS")
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
      let answer = try #require(server.get("/media/a.txt", ["Content-Length: 0"], method: method))
      #expect(answer.status == 405 && answer["Allow"] == "GET, HEAD, OPTIONS")
    }
    // Content is discarded, and the connection stays open.
    server.client.send("POST /media/a.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
    #expect(server.client.response()?.status == 405)
    #expect(server.get("/media/none.txt", method: "POST")?.status == 404)
    server.client.send(
      String(repeating: "GET /media/a.txt HTTP/1.1\r\nHost: x\r\n\r\n", count: 200)
    )
    for _ in 0..<200 { #expect(server.client.response()?.text == "content") }
    server.server.stop()
  }

  @Test(
    "CORS preflights are answered where pages of other origins may read the file",
    arguments: [
      ("/media/a.js", [], nil), ("/static/a.js", [], "*"),
      (
        "/media/a.js", ["*.js: Access-Control-Allow-Origin: https://a.example"], "https://a.example"
      ),
      (
        "/static/a.js", ["*.js: Access-Control-Allow-Origin: https://a.example"],
        "https://a.example"
      ),
      ("/media/b.txt", ["*.js: Access-Control-Allow-Origin: *"], nil),
      ("/media/none.js", ["*: Access-Control-Allow-Origin: *"], nil),
    ] as [(String, [String], String?)]
  )
  func preflights(path: String, rules: [String], origin: String?) throws {
    for name in ["a.js", "b.txt"] { files.write("content", to: name) }
    let root = LiveDirectory(files.path, at: "/static/", kind: .root)
    let server = try LiveServer([files.uploads(), root]) { options in
      options.fields = rules.map { try! FieldRule($0) }
    }
    let asking = ["Origin: https://a.example", "Access-Control-Request-Method: GET"]
    for isPreflight in [true, false] {
      let answer = server.get(path, isPreflight ? asking : [], method: "OPTIONS")
      #expect(answer?.status == (path.contains("none") ? 404 : 204))
      #expect(answer?["Access-Control-Allow-Origin"] == (isPreflight ? origin : nil))
      let isAllowed = isPreflight && origin != nil
      #expect((answer?["Access-Control-Allow-Headers"] == "*") == isAllowed)
    }
    #expect(server.get(path)?["Access-Control-Allow-Origin"] == origin)
    server.server.stop()
  }

  @Test("the operator's rules apply as for other files")
  func rules() throws {
    files.write("a", to: "a.txt")
    files.write("b", to: "long/b.txt")
    files.write("c", to: "c.xyz")
    files.write("d", to: "assets/d-BKd3QVhN.png")
    files.write("<svg/>", to: "e.svg")
    let server = try LiveServer([files.uploads()]) { options in
      options.maxAge = .seconds(30)
      options.maxAges = [MaxAgeRule(glob: "long/*", maxAge: .seconds(3600))]
      options.immutableNames = [.vite]
      options.mediaTypes = ["xyz": "text/x-special"]
      options.fields = [
        try! FieldRule("*.txt: X-Extra: yes"),
        try! FieldRule("*.svg: Content-Security-Policy: default-src 'self'"),
        try! FieldRule("a.txt: X-Content-Type-Options: other"),
      ]
    }
    let a = try #require(server.get("/media/a.txt"))
    #expect(a["Cache-Control"] == "max-age=30, public" && a["X-Extra"] == "yes")
    #expect(a["X-Content-Type-Options"] == "other")
    #expect(a["Access-Control-Allow-Origin"] == nil)
    #expect(server.get("/media/long/b.txt")?["Cache-Control"] == "max-age=3600, public")
    #expect(server.get("/media/c.xyz")?["Content-Type"] == "text/x-special; charset=\"utf-8\"")
    let immutable = "max-age=315360000, public, immutable"
    #expect(server.get("/media/assets/d-BKd3QVhN.png")?["Cache-Control"] == immutable)
    let policies = try #require(server.get("/media/e.svg")).fields.filter {
      $0.name == "Content-Security-Policy"
    }
    #expect(policies.map(\.value) == ["default-src 'self'"])
    server.server.stop()
  }

  /// File names and the capabilities of their content.
  enum Kind { case passive, drawing, document, script }

  @Test(
    "active content of uploads is made inert, unless it is allowed",
    arguments: [
      ("a.png", Kind.passive), ("a.jpg", .passive), ("a.webp", .passive), ("a.mp4", .passive),
      ("a.pdf", .passive), ("a.txt", .passive), ("a.css", .passive), ("a.json", .passive),
      ("a.csv", .passive), ("a.zip", .passive), ("a.woff2", .passive),
      ("a.svg", .drawing), ("a.SVG", .drawing), ("a.svgz", .drawing),
      ("a.html", .document), ("a.HTM", .document), ("a.shtml", .document), ("a.xhtml", .document),
      ("a.xml", .document), ("a.rss", .document), ("a.xsl", .document), ("a.kml", .document),
      ("a.mml", .document), ("a.swf", .document), ("a.htc", .document), ("a.page", .document),
      ("crossdomain.xml", .document), ("a", .document), ("a.unknown", .document),
      ("a.js", .script), ("a.mjs", .script), ("a.cjs", .script),
    ]
  )
  func active(name: String, kind: Kind) throws {
    files.write("content", to: name)
    let types = ["page": "Text/HTML;charset=utf-8"]
    let server = try LiveServer([
      files.uploads(), files.uploads(at: "/open/", isActive: true),
    ]) { $0.mediaTypes = types }
    let answer = try #require(server.get("/media/\(name)"))
    #expect(answer["X-Content-Type-Options"] == "nosniff")
    let isAttachment = kind == .document || kind == .script
    #expect(answer["Content-Disposition"] == (isAttachment ? "attachment" : nil))
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    #expect(answer["Content-Security-Policy"] == (kind == .drawing ? policy : nil))
    let open = try #require(server.get("/open/\(name)"))
    #expect(open["X-Content-Type-Options"] == "nosniff")
    #expect(open["Content-Disposition"] == nil && open["Content-Security-Policy"] == nil)
    if kind == .script {
      #expect(answer["Content-Type"] == "text/plain; charset=\"utf-8\"")
      #expect(open["Content-Type"] == "text/javascript; charset=\"utf-8\"")
    } else {
      #expect(answer["Content-Type"] == open["Content-Type"])
    }
    server.server.stop()
  }
}

extension TemporaryDirectory {
  /// Sets the modification time of a file, in seconds since 1970.
  func setModified(_ name: String, to seconds: Int) {
    let time = timespec(tv_sec: seconds, tv_nsec: 0)
    setTimes([time, time], of: name)
  }
}
