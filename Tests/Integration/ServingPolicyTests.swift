import Foundation
import TestSupport
import Testing

/// The policies of `staticd serve`, from the command line to the socket.
@Suite struct ServingPolicyTests {
  private let root = TemporaryDirectory()
  private let site = TemporaryDirectory()
  private let pages = TemporaryDirectory()

  @Test("every policy at once, over a socket")
  func everything() throws {
    root.write("a {}", to: "a.css")
    root.write("x", to: "main.8f3d2c1a9b7e6f5d4c3b.js")
    site.write("robots", to: "robots.txt")
    site.write("docs", to: "docs/index.html")
    site.write("shell", to: "app.html")
    let extra = pages.write("extra", to: "x/note.foo")
    let server = RunningServer(
      "--root",
      root.path,
      "--public",
      site.path,
      "--public",
      "/more/=\(pages.path)/x",
      "--max-age",
      "7",
      "--max-age",
      "*.txt=0",
      "--immutable",
      "webpack",
      "--header",
      "*.html: X-Frame-Options: DENY",
      "--media-type",
      "foo=text/x-foo",
      "--no-cors",
      "--index",
      "index.html",
      "--fallback",
      site.path("app.html"),
      "--error-page",
      "404=\(extra)"
    )
    let client = HTTPClient(port: server.port)
    func get(_ path: String) -> HTTPResponse? { client.get(path) }

    #expect(get("/static/a.css")?["Cache-Control"] == "max-age=7, public")
    #expect(get("/static/a.css")?["Access-Control-Allow-Origin"] == nil)
    let bundle = get("/static/main.8f3d2c1a9b7e6f5d4c3b.js")
    #expect(bundle?["Cache-Control"] == "max-age=315360000, public, immutable")
    #expect(get("/robots.txt")?["Cache-Control"] == "max-age=0, public")
    #expect(get("/more/note.foo")?["Content-Type"] == "text/x-foo; charset=\"utf-8\"")
    #expect(get("/docs/")?.text == "docs")
    #expect(get("/docs/")?["X-Frame-Options"] == "DENY")
    let shell = get("/users/7?tab=1")
    #expect(shell?.status == 200 && shell?.text == "shell")
    for path in ["/static/none", "/gone.js", "/robots.txt.gz"] {
      let missing = get(path)
      #expect(missing?.status == 404 && missing?.text == "extra", "\(path)")
      #expect(missing?["Content-Type"] == "text/x-foo; charset=\"utf-8\"")
      #expect(missing?["Cache-Control"] == "no-store")
    }
    server.send(SIGTERM)
    #expect(server.wait() == 0)
  }

  @Test("redirects keep the query, one after the other on a connection", arguments: [0, 1, 7000])
  func redirects(queryCount: Int) throws {
    site.write("docs", to: "docs/index.html")
    let server = RunningServer("--public", site.path, "--index", "index.html")
    let client = HTTPClient(port: server.port)
    let query = queryCount == 0 ? "" : "?" + String(repeating: "q", count: queryCount - 1)
    // More than the response buffer holds.
    for _ in 0..<12 { client.send("GET /docs\(query) HTTP/1.1\r\nHost: x\r\n\r\n") }
    for _ in 0..<12 {
      let answer = try #require(client.response())
      #expect(answer.status == 302)
      #expect(answer["Location"] == "docs/\(query)")
    }
    #expect(client.get("/docs/\(query)")?.text == "docs")
  }

  @Test("SIGHUP reloads all directories and pages, a changed page or link is noticed automatically")
  func reload() throws {
    let releases = TemporaryDirectory()
    releases.write("one", to: "1/a.txt")
    releases.write("two", to: "2/a.txt")
    releases.link("current", to: "1")
    let page = pages.write("old page", to: "404.html")
    let server = RunningServer(
      "--root",
      root.path,
      "--public",
      releases.path("current"),
      "--error-page",
      "404=\(page)"
    )
    let client = HTTPClient(port: server.port)
    func becomes(_ path: String, _ text: String) -> Bool {
      eventually { client.get(path)?.text == text }
    }
    #expect(becomes("/a.txt", "one"))
    pages.write("a new page", to: "404.html")
    #expect(becomes("/none.txt", "a new page"))
    releases.link("next", to: "2")
    #expect(rename(releases.path("next"), releases.path("current")) == 0)
    #expect(becomes("/a.txt", "two"))
    releases.write("added", to: "2/b.txt")
    root.write("added", to: "c.txt")
    server.send(SIGHUP)
    #expect(becomes("/b.txt", "added") && becomes("/static/c.txt", "added"))
    // The page is removed: the old content is still served.
    try FileManager.default.removeItem(atPath: page)
    server.send(SIGHUP)
    #expect(client.get("/none.txt")?.text == "a new page")
    #expect(becomes("/b.txt", "added"))
  }

  @Test("each bad file is reported once, and the others are served")
  func badFiles() {
    site.write("x", to: "a.txt")
    site.link("broken", to: "nowhere")
    site.link("outside", to: "/etc/passwd")
    mkfifo(site.path("fifo"), 0o644)
    site.link("unreadable", to: "../nowhere")
    let server = RunningServer("--public", site.path)
    #expect(server.greeting.contains("Serving 1 file "))
    server.send(SIGTERM)
    #expect(server.wait() == 0)
    let lines = server.errors.split(separator: "\n").filter { $0.hasPrefix("staticd: ") }
    #expect(lines.count == 4, "\(server.errors)")
    #expect(lines.allSatisfy { $0.hasPrefix("staticd: warning: ") })
  }

  @Test(
    "wrong use",
    arguments: [
      (["--url", "/x/"], "--public"), (["--public", ""], "--public"),
      (["--public", "SITE/none"], "no directory; make it"),
      (["--public", "/x/="], "--public"), (["--public", "//x/=SITE"], "--public"),
      (["--public", "/a b/=SITE"], "--public"), (["--root", ""], "--root"),
      (["SERVE", "--max-age", "-1"], "--max-age"), (["SERVE", "--max-age", "x"], "--max-age"),
      (["SERVE", "--max-age", "2147483648"], "--max-age"),
      (["SERVE", "--max-age", "=1"], "--max-age"), (["SERVE", "--max-age", "*=none"], "--max-age"),
      (["SERVE", "--max-age", "*=+1"], "--max-age"), (["SERVE", "--immutable", ""], "--immutable"),
      (["SERVE", "--header", "X: y"], "GLOB: Field: value"),
      (["SERVE", "--header", "*: Content-Length: 1"], "it frames the message"),
      (["SERVE", "--header", "*: ETag: \"x\""], "ETag cannot be set"),
      (["SERVE", "--header", "*: X: a\r\nB: c"], "control character"),
      (["SERVE", "--header", "*: X: LONG"], "exceed 16384 bytes"),
      (["SERVE", "--media-type", "md"], "--media-type"),
      (["SERVE", "--media-type", ".md=text/markdown"], "no dot"),
      (["SERVE", "--media-type", "md=markdown"], "--media-type"),
      (["SERVE", "--index", "a/b"], "--index"), (["SERVE", "--index", ""], "--index"),
      (["SERVE", "--index", ".htaccess"], "--index"),
      (["--root", "SITE", "--fallback", "SITE/a.txt"], "--public"),
      (["SERVE", "--fallback", "SITE/none"], "--fallback 'SITE/none' is no file"),
      (["SERVE", "--fallback", "SITE"], "--fallback"), (["SERVE", "--fallback", ""], "--fallback"),
      (["SERVE", "--error-page", "404"], "--error-page"),
      (["SERVE", "--error-page", "404="], "--error-page"),
      (["SERVE", "--error-page", "200=SITE/a.txt"], "404, 405, 412 or 416"),
      (["SERVE", "--error-page", "x=SITE/a.txt"], "--error-page"),
      (["SERVE", "--upstream", "unix:/x", "--accel", "SITE"], "PREFIX=DIR"),
      (["SERVE", "--upstream", "unix:/x", "--accel", "/x/="], "PREFIX=DIR"),
      (["SERVE", "--upstream", "unix:/x", "--accel", "x/=SITE"], "PREFIX=DIR"),
      (["SERVE", "--upstream", "unix:/x", "--accel", "/x/=SITE/a.txt"], "is no directory"),
      (["SERVE", "--error-page", "404=SITE/none"], "is no file"),
      (["SERVE", "--error-page", "404=SITE/large"], "make it smaller"),
    ]
  )
  func usage(arguments: [String], mentions: String) {
    site.write("x", to: "a.txt")
    site.write(String(repeating: "x", count: 65537), to: "large")
    func fill(_ text: String) -> String {
      text.replacingOccurrences(of: "SITE", with: site.path)
        .replacingOccurrences(of: "LONG", with: String(repeating: "v", count: 16384))
    }
    let given = arguments.flatMap { $0 == "SERVE" ? ["--public", site.path] : [fill($0)] }
    let result = Command.run([Command.staticd, "serve"] + given + ["--listen", "127.0.0.1:0"])
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains(fill(mentions)), "\(result.errors)")
    #expect(result.output.isEmpty)
  }
}
