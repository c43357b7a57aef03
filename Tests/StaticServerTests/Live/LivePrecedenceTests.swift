import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Which directory serves a URL that several cover.
///
/// Goal: files of the collected root come first; then the longest URL path wins, among equal ones a
/// public directory, then the live directory given last.
@Suite struct LivePrecedenceTests {
  private let site = TemporaryDirectory()

  private func uploads(_ name: String, _ prefix: String) -> LiveDirectory {
    LiveDirectory(site.path(name), at: prefix, kind: .uploads(allowsActiveContent: false))
  }

  @Test("precedence by directory and name")
  func table() throws {
    for (name, files) in [
      ("root", ["a.txt", "uploads/a.txt", "late/a.txt"]),
      ("public", ["a.txt", "media/a.txt", "media/only.txt", "both/a.txt"]),
      ("top", ["a.txt", "top.txt", "media/top.txt", "static/top.txt"]),
      ("media", ["a.txt", "b.txt"]), ("media2", ["a.txt"]), ("deep", ["a.txt"]),
      ("both", ["a.txt", "live.txt"]), ("under", ["a.txt", "under.txt"]),
    ] {
      for file in files { site.write(name, to: "\(name)/\(file)") }
    }
    let server = try LiveServer(
      [
        uploads("top", "/"), uploads("media", "/media/"), uploads("media2", "/media/"),
        uploads("deep", "/media/deep/"), uploads("both", "/both/"),
        uploads("under", "/static/uploads/"),
        LiveDirectory(site.path("root"), at: "/static/", kind: .root),
      ],
      mounts: [
        .init(site.path("root"), at: "/static/", kind: .collected),
        .init(site.path("public"), at: "/", kind: .public),
        .init(site.path("public/both"), at: "/both/", kind: .public),
      ]
    )
    site.write("late", to: "root/late.txt")
    site.write("late", to: "root/CACHE/css/x.css")
    for (path, expected) in [
      ("/static/a.txt", "root"), ("/static/uploads/a.txt", "root"),
      ("/static/uploads/under.txt", "under"), ("/static/late.txt", "late"),
      ("/static/CACHE/css/x.css", "late"), ("/static/top.txt", "top"), ("/static/none.txt", nil),
      ("/a.txt", "public"), ("/top.txt", "top"), ("/none.txt", nil),
      ("/media/a.txt", "media2"), ("/media/b.txt", "media"), ("/media/top.txt", "top"),
      // Only a live directory has names below it.
      ("/media/only.txt", nil), ("/media/deep/a.txt", "deep"), ("/media/none.txt", nil),
      ("/both/a.txt", "public"), ("/both/live.txt", "both"),
    ] as [(String, String?)] {
      let answer = try #require(server.get(path))
      #expect(answer.status == (expected == nil ? 404 : 200), "\(path)")
      if let expected { #expect(answer.text == expected, "\(path)") }
    }
    server.server.stop()
  }

  @Test("new names below a collected root")
  func root() throws {
    site.write("a", to: "root/a.css")
    site.write("old", to: "root/b.css")
    site.write(#"{"paths": {}, "version": "1.1", "hash": ""}"#, to: "root/staticfiles.json")
    let directory = site.path("root")
    let server = try LiveServer(
      [LiveDirectory(directory, at: "/static/", kind: .root)],
      mounts: [.init(directory, at: "/static/", kind: .collected)]
    )
    #expect(server.get("/static/CACHE/css/output.f33.css")?.status == 404)
    site.write("compressed {}", to: "root/CACHE/css/output.f33.css")
    site.write("gz", to: "root/a.css.gz")
    site.write("<p>", to: "root/page.html")
    site.write("{}", to: "root/staticd.json")
    site.write("x", to: "root/.hidden")
    let answer = try #require(server.get("/static/CACHE/css/output.f33.css"))
    #expect(answer.text == "compressed {}")
    #expect(answer["Content-Type"] == "text/css; charset=\"utf-8\"")
    #expect(answer["Cache-Control"] == "max-age=60, public")
    #expect(answer["Access-Control-Allow-Origin"] == "*")
    // Options for uploads do not apply to the operator's own files.
    let page = try #require(server.get("/static/page.html"))
    #expect(page.text == "<p>" && page["Content-Disposition"] == nil)
    #expect(page["X-Content-Type-Options"] == nil)
    for name in ["a.css.gz", "staticd.json", "staticfiles.json", ".hidden", "none.css"] {
      let answer = try #require(server.get("/static/\(name)"))
      #expect(answer.status == 404 && answer["Cache-Control"] == "no-store", "\(name)")
    }
    // Files of the table stay as published.
    site.write("new", to: "root/b.css")
    #expect(server.get("/static/b.css")?.text == "old")
    server.server.stop()
  }

  @Test("a forced redirect comes before live files, in every spelling of the path")
  func forced() throws {
    site.write("gate", to: "public/gate.txt")
    for name in ["f.txt", "private/s.txt", "open.txt"] { site.write("upload", to: "media/\(name)") }
    site.write("late", to: "root/late.txt")
    let rules =
      "/media/f.txt /y 302!\n/media/private/* /login 302!\n/static/late.txt /z 301!\n"
      + "/media/open.txt /never\n"
    let redirects = try RedirectRules(Array(rules.utf8))
    let server = try LiveServer(
      [uploads("media", "/media/"), LiveDirectory(site.path("root"), at: "/static/", kind: .root)],
      mounts: [.init(site.path("public"), at: "/", kind: .public)],
      options: { $0.redirects = redirects }
    )
    for (path, status) in [
      ("/media/f.txt", 302), ("/media/%66.txt", 302), ("/media/private/s.txt", 302),
      ("/media/private/none.txt", 302), ("/static/late.txt", 301), ("/media/open.txt", 200),
      ("/media/private%2Fs.txt", 404), ("/media/x/../private/s.txt", 404),
      ("/media/private//s.txt", 404), ("/media/none.txt", 404),
    ] {
      #expect(server.get(path)?.status == status, "\(path)")
    }
    server.server.stop()
  }

  @Test("the directory of uploads belongs to them with and without its slash, beside a fallback")
  func slash() throws {
    site.write("page", to: "public/index.html")
    site.write("upload", to: "media/a.txt")
    let server = try LiveServer(
      [uploads("media", "/media/")],
      mounts: [.init(site.path("public"), at: "/", kind: .public)],
      options: { $0.fallbacks = [.init(site.path("public/index.html"), order: .beforeApp)] }
    )
    for (path, status) in [("/media", 404), ("/media/", 404), ("/media/none", 404), ("/x", 200)] {
      #expect(server.get(path, ["Accept: text/html"])?.status == status, "\(path)")
    }
    server.server.stop()
  }

  @Test("files missing in a live directory go to the app, even with a fallback elsewhere")
  func app() throws {
    site.write("upload", to: "media/a.txt")
    site.write("page", to: "public/index.html")
    let app = RecordingApp { connection in
      while let request = connection.request() {
        let target = request.lines[0].split(separator: " ")[1]
        let body = "app \(target)"
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
      }
    }
    let server = try LiveServer(
      [uploads("media", "/media/")],
      mounts: [.init(site.path("public"), at: "/", kind: .public)]
    ) {
      $0.fallbacks = [.init(site.path("public/index.html"), order: .beforeApp)]
      $0.refusesAmbiguousPaths = true
    } configuration: {
      $0.forwarding = ForwardingConfiguration(to: app.address)
    }
    #expect(server.get("/media/a.txt")?.text == "upload")
    #expect(server.get("/media/none")?.text == "app /media/none")
    #expect(server.get("/media/%6eone")?.text == "app /media/%6eone")
    #expect(server.get("/page")?.text == "page")
    #expect(server.get("/media/a.txt", method: "POST")?.status == 405)
    server.client.send("POST /media/form HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
    #expect(server.client.response()?.text == "app /media/form")
    #expect(server.get("/media/a.txt")?.text == "upload")
    server.server.stop()
  }

  @Test("a directory that does not exist yet")
  func later() throws {
    let server = try LiveServer([uploads("not/yet", "/media/")])
    #expect(server.get("/media/a.txt")?.status == 404)
    site.write("a", to: "not/yet/a.txt")
    #expect(server.get("/media/a.txt")?.text == "a")
    server.server.stop()
  }
}
