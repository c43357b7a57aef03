import Foundation
import TestSupport
import Testing

/// The options about URL paths, from the command line to the socket.
@Suite struct RouteOptionTests {
  private let directory = TemporaryDirectory()

  /// An app on a port of 127.0.0.1 that responds to every GET with `name`, status 200.
  private func app(_ name: String) -> RunningProgram {
    directory.write(
      """
      import http.server, os, sys
      class Handler(http.server.BaseHTTPRequestHandler):
          protocol_version = "HTTP/1.1"
          def do_GET(self):
              known = not self.path.startswith("/users/")
              body = sys.argv[1].encode()
              self.send_response(200 if known else 404)
              self.send_header("Content-Length", str(len(body)))
              self.end_headers()
              self.wfile.write(body)
          do_POST = do_GET
          def log_message(self, *rest):
              pass
      server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", 0))), Handler)
      print(f"http://127.0.0.1:{server.server_address[1]}/", flush=True)
      server.serve_forever()
      """,
      to: "app.py"
    )
    return RunningProgram(["python3", "-u", "app.py", name], directory: directory.path)
  }

  private func site() {
    directory.write("robots", to: "public/robots.txt")
    directory.write("api file", to: "public/api/file.txt")
    directory.write("shell", to: "dist/index.html")
    directory.write("about", to: "public/about.html")
    directory.write("css", to: "static/a.css")
  }

  private func path(_ name: String) -> String { directory.path(name) }

  @Test(
    "a fallback in front of an app that responds to everything",
    arguments: [
      (
        ["--fallback", "FILE"],
        ["/admin/": "app", "/api/x": "app", "/users/7": "shell", "/app/x": "app"]
      ),
      (
        ["--fallback", "FILE", "--app-path", "/api/", "--app-path", "/admin"],
        [
          "/admin/": "app", "/admin": "app", "/api/x": "app", "/api/file.txt": "app",
          "/users/7": "shell",
          "/other": "shell", "/users/jane.doe": "shell", "/none.js": "app", "/robots.txt": "robots",
        ]
      ),
      (
        ["--fallback", "/app/=FILE"],
        ["/admin/": "app", "/api/x": "app", "/users/7": "app", "/app/x": "shell", "/app": "shell"]
      ),
      (
        ["--fallback", "/=FILE"],
        ["/admin/": "shell", "/static/none": "Not Found\n", "/none.js": "app"]
      ),
    ]
  )
  func fallback(options: [String], expected: [String: String]) {
    site()
    let app = app("app")
    let server = RunningServer(
      [
        "--root", path("static"), "--public", path("public"), "--upstream", "127.0.0.1:\(app.port)",
      ] + options.map { $0.replacingOccurrences(of: "FILE", with: path("dist/index.html")) }
    )
    let client = HTTPClient(port: server.port)
    for (path, text) in expected.sorted(by: { $0.key < $1.key }) {
      let answer = client.get(path, "Accept: text/html")
      #expect(answer?.text == text, "\(path)")
    }
  }

  @Test("several apps, and none for the rest")
  func upstreams() {
    site()
    let (api, rest) = (app("api"), app("rest"))
    let both = RunningServer([
      "--public", path("public"), "--upstream", "/api/=127.0.0.1:\(api.port)", "--upstream",
      "127.0.0.1:\(rest.port)",
    ])
    let client = HTTPClient(port: both.port)
    for (path, text) in [
      ("/api/x", "api"), ("/api", "api"), ("/x", "rest"), ("/api/file.txt", "api file"),
    ] {
      #expect(client.get(path)?.text == text, "\(path)")
    }
    let alone = RunningServer([
      "--public", path("public"), "--upstream", "/api/=127.0.0.1:\(api.port)", "--fallback",
      path("dist/index.html"),
    ])
    let other = HTTPClient(port: alone.port)
    for (path, text) in [("/api/x", "api"), ("/x", "shell"), ("/x.js", "Not Found\n")] {
      #expect(other.get(path)?.text == text, "\(path)")
    }
  }

  @Test("with run, the app on the command line gets the remaining paths")
  func run() throws {
    site()
    let api = app("api")
    let running = SupervisedRun(
      [
        "--public", path("public"), "--upstream", "/api/=127.0.0.1:\(api.port)", "--fallback",
        path("dist/index.html"),
      ],
      ["python3", "-u", path("app.py"), "rest"]
    )
    #expect(running.prints("Forwarding /api/ to 127.0.0.1:\(api.port)"), "\(running.errors)")
    let client = HTTPClient(port: try #require(running.port))
    for (path, text) in [
      ("/api/x", "api"), ("/x", "rest"), ("/robots.txt", "robots"), ("/users/7", "shell"),
    ] {
      #expect(client.get(path, "Accept: text/html")?.text == text, "\(path)")
    }
    running.send(SIGTERM)
    _ = running.wait()
  }

  @Test("redirects and clean URLs are reloaded at HUP, and kept if the new ones are invalid")
  func reload() {
    site()
    let rules = directory.write("/old /new\n", to: "public/_redirects")
    let server = RunningServer([
      "--public", path("public"), "--redirects", rules, "--clean-urls", "--fallback",
      path("dist/index.html"),
    ])
    let client = HTTPClient(port: server.port)
    #expect(client.get("/old?a")?["Location"] == "/new?a")
    #expect(client.get("/about")?.text == "about")
    #expect(client.get("/about.html?a")?.status == 308)
    #expect(client.get("/about.html?a")?["Location"] == "about?a")
    #expect(client.get("/_redirects")?.text != "/old /new\n")
    directory.write("/old /newer 302\n", to: "public/_redirects")
    server.send(SIGHUP)
    #expect(eventually { client.get("/old")?["Location"] == "/newer" })
    directory.write("old /newest\n/x\n", to: "public/_redirects")
    directory.write("shell 2", to: "dist/index.html")
    server.send(SIGHUP)
    #expect(eventually { server.errors.contains("_redirects:1: 'old': the path begins with '/'") })
    #expect(server.errors.contains("_redirects:2: '/x' has no target"), "\(server.errors)")
    #expect(client.get("/old")?["Location"] == "/newer")
    directory.write("/old /newest\n", to: "public/_redirects")
    server.send(SIGHUP)
    #expect(eventually { client.get("/old")?["Location"] == "/newest" })
    #expect(eventually { client.get("/users/7")?.text == "shell 2" })
    server.send(SIGTERM)
    #expect(server.wait() == 0)
  }

  @Test(
    "explain shows what answers a path, and why",
    arguments: [
      (["/api/x", "--app-path", "/api/"], "the path is the app's alone"),
      (["/api/x", "--app-path", "/api/"], "the app at 127.0.0.1:9 answers"),
      (["/shop/x", "--upstream", "/shop/=127.0.0.1:10"], "the app at 127.0.0.1:10 answers"),
      (["/users/7", "--fallback", "FILE"], "instead of the app's answer if that is 404"),
      (["/users/7", "--fallback", "/=FILE"], "it may be a page of the app  (fallback)"),
      (["/users/7", "--fallback", "/=FILE"], "(the fallback of /)"),
      (["/a.js", "--fallback", "/=FILE"], "the name is not that of a page"),
      (["/old", "--redirects", "RULES"], "line 2 of the file of redirects"),
      (["/old", "--redirects", "RULES"], "Location: /new"),
      (["/about", "--clean-urls"], "public/about.html'"),
      (["/about.html", "--clean-urls"], "308 Permanent Redirect"),
      (["/x/../api/x", "--app-path", "/api/"], "servers read it differently"),
    ]
  )
  func explain(arguments: [String], text: String) {
    site()
    let rules = directory.write("# one\n/old /new\n", to: "rules")
    let given = arguments.map {
      $0.replacingOccurrences(of: "FILE", with: path("dist/index.html")).replacingOccurrences(
        of: "RULES",
        with: rules
      )
    }
    let result = Command.run(
      [Command.staticd, "explain"] + given + [
        "--public", path("public"), "--upstream", "127.0.0.1:9",
      ]
    )
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains(text), "\(result.output)")
  }

  @Test(
    "wrong use",
    arguments: [
      (["--app-path", "/api/"], ["there is no app; give --upstream"]),
      (["APP", "--app-path", "api"], ["--app-path 'api': give a path"]),
      (["APP", "--app-path", "/a//b/", "--app-path", "/../x"], ["'/a//b/'", "'/../x'"]),
      (["APP", "--app-path", "/a?b"], ["--app-path '/a?b'"]),
      (["APP", "--app-path", "/%zz/"], ["'/%zz/'"]),
      (["APP", "--app-path", "/api/*"], ["'/api/*': give a path"]),
      (
        ["--fallback", "/x/=FILE", "--fallback", "/x/=FILE"],
        ["there is a fallback for /x/ already"]
      ),
      (["--fallback", "FILE", "--fallback", "FILE"], ["for the whole site already"]),
      (["--fallback", "//x/=FILE"], ["give a path"]),
      (["--fallback", "/x/="], ["give FILE, or /URL/=FILE"]),
      (["--fallback", "/x/=none"], ["--fallback 'none' is no file"]),
      (["APP", "APP"], ["there is an app for the rest already"]),
      (["--upstream", "/a/=127.0.0.1:9", "--upstream", "/a=127.0.0.1:9"], ["--upstream"]),
      (
        ["--upstream", "/a/=127.0.0.1:9", "--upstream", "/a/=127.0.0.1:8"],
        ["there is an app at /a/ already"]
      ),
      (["--upstream", "/a/=nowhere"], ["--upstream"]),
      (["--upstream", "/../=127.0.0.1:9"], ["give a path"]),
      (["APP", "--upstream", "/a/=OWN"], ["staticd listens there itself"]),
      (["--redirects", "none"], ["--redirects 'none'"]),
      (["--redirects", "FIFO"], ["no regular file"]),
      (["--redirects", "/dev/null"], ["no regular file"]),
      (["--redirects", "WRONG"], ["wrong:1: '/a' has no target", "wrong:3: '999' is no status"]),
      (["--redirects", "LOOP"], ["loop:1: it leads to itself", "loop:2: it leads to itself"]),
    ]
  )
  func usage(arguments: [String], texts: [String]) {
    site()
    directory.write("/a\n# fine\n/b /c 999\n", to: "wrong")
    directory.write("/a /b\n/b /a\n", to: "loop")
    let fifo = path("fifo")
    // Read and written, so that opening it does not block.
    precondition(mkfifo(fifo, 0o600) == 0)
    let descriptor = open(fifo, O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    let own = "127.0.0.1:29"
    let given = arguments.flatMap { text -> [String] in
      guard text != "APP" else { return ["--upstream", "127.0.0.1:9"] }
      return [
        text.replacingOccurrences(of: "FILE", with: path("dist/index.html"))
          .replacingOccurrences(of: "WRONG", with: path("wrong"))
          .replacingOccurrences(of: "FIFO", with: fifo)
          .replacingOccurrences(of: "LOOP", with: path("loop")).replacingOccurrences(
            of: "OWN",
            with: own
          )
      ]
    }
    for command in ["serve", "explain"] where command == "serve" || !arguments.contains("/a/=OWN") {
      let words = command == "serve" ? ["--listen", own] : ["/"]
      let result = Command.run(
        [Command.staticd, command, "--public", path("public")] + given + words
      )
      #expect(result.status == 2, "\(command): \(result.errors)")
      #expect(result.errorLines.count == texts.count, "\(result.errors)")
      for text in texts { #expect(result.errors.contains(text), "\(result.errors)") }
    }
  }

  @Test("check reads the file of redirects")
  func check() {
    site()
    directory.write("/a\n/b /c 999\n", to: "rules")
    directory.write(
      "public = 'public'\nredirects = 'rules'\nfallback = ['/app/=none.html']\n",
      to: "staticd.toml"
    )
    let result = Command.run(
      [Command.staticd, "check", "--root", "static"],
      directory: directory.path
    )
    #expect(result.status == 2)
    for text in ["rules:1:", "rules:2:", "staticd.toml:3: --fallback 'none.html' is no file"] {
      #expect(result.errors.contains(text), "\(result.errors)")
    }
  }
}
