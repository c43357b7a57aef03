import Foundation
import TestSupport
import Testing

/// Live directories and changing roots, on the command line.
@Suite struct LiveDirectoryTests {
  private let site = TemporaryDirectory()

  @Test("--live serves uploads of a directory that does not exist yet, and reports that")
  func uploads() throws {
    let server = RunningServer("--live", "/media/=\(site.path("media"))")
    #expect(server.errors.contains("--live '\(site.path("media"))' does not exist yet"))
    let client = HTTPClient(port: server.port)
    #expect(client.get("/media/a.txt")?.status == 404)
    site.write("a", to: "media/a.txt")
    site.write("<p>", to: "media/a.html")
    #expect(client.get("/media/a.txt")?.text == "a")
    #expect(client.get("/media/a.html")?["Content-Disposition"] == "attachment")
    site.write("bb", to: "media/a.txt")
    #expect(client.get("/media/a.txt")?.text == "bb")
    let active = RunningServer("--live", "/media/=\(site.path("media"))", "--live-active")
    #expect(HTTPClient(port: active.port).get("/media/a.html")?["Content-Disposition"] == nil)
  }

  @Test("wrong values are reported in one line each")
  func mistakes() {
    site.write("x", to: "file")
    for (value, reason) in [
      (site.path("file"), "is no directory"), ("/media/=", "give DIR, or /URL/=DIR"),
      ("/me?dia/=x", "give DIR, or /URL/=DIR"), ("//media/=x", "give DIR, or /URL/=DIR"),
    ] {
      for command in ["serve", "explain"] {
        let words = command == "explain" ? ["/"] : []
        let result = Command.run([Command.staticd, command, "--live", value] + words)
        #expect(result.status == 2, "\(command) \(value)")
        #expect(result.errors.contains("--live") && result.errors.contains(reason), "\(value)")
        #expect(result.errors.split(separator: "\n").count == 1)
      }
    }
  }

  @Test("explain looks a file up")
  func explain() {
    site.write("<svg/>", to: "media/a.svg")
    let result = Command.staticd(
      "explain",
      "/media/a.svg",
      "--live",
      "/media/=\(site.path("media"))"
    )
    #expect(result.status == 0)
    #expect(result.output.contains("200 OK"))
    #expect(result.output.contains("looked up at each request"))
    #expect(result.output.contains("Content-Security-Policy: default-src 'none'"))
    let none = Command.staticd("explain", "/media/b.svg", "--live", "/media/=\(site.path("media"))")
    #expect(none.output.contains("has no such file now"))
  }

  /// Ways in which a root can lose its files.
  enum Loss: String, CaseIterable {
    case emptied, files, gone, manifest
  }

  @Test(
    "a root that loses its files keeps the last release, and reports it once",
    arguments: Loss.allCases
  )
  func lostRoot(loss: Loss) throws {
    let root = site.path("root")
    site.write("body {}", to: "source/a.css")
    let collect = { Command.staticd("collect", self.site.path("source"), "--root", root) }
    #expect(collect().status == 0)
    let server = RunningServer("--root", root)
    let client = HTTPClient(port: server.port)
    #expect(client.get("/static/a.css")?.status == 200)
    switch loss {
    case .emptied:
      for name in try FileManager.default.contentsOfDirectory(atPath: root) {
        site.remove("root/\(name)")
      }
    case .files:
      for name in site.files(below: "root") { site.remove("root/\(name)") }
    case .gone: site.remove("root")
    case .manifest:
      site.remove("root/staticfiles.json")
      site.remove("root/staticd.json")
    }
    #expect(eventually { server.errors.contains("the release from before is served on") })
    for _ in 0..<3 { server.send(SIGHUP) }
    #expect(client.get("/static/a.css")?.text == "body {}")
    site.write("body { color: red }", to: "source/a.css")
    #expect(collect().status == 0)
    #expect(eventually { client.get("/static/a.css")?.text == "body { color: red }" })
    #expect(server.errors.components(separatedBy: "is served on").count == 2)
  }

  @Test("an uncollected root that is emptied keeps its files at SIGHUP")
  func plainRoot() throws {
    site.write("body {}", to: "root/css/a.css")
    let server = RunningServer("--root", site.path("root"))
    let client = HTTPClient(port: server.port)
    site.remove("root/css/a.css")
    server.send(SIGHUP)
    #expect(eventually { server.errors.contains("has no files any more") })
    #expect(client.get("/static/css/a.css")?.text == "body {}")
    site.write("new", to: "root/css/a.css")
    #expect(eventually { client.get("/static/css/a.css")?.text == "new" })
  }

  @Test("without a free descriptor a live file is 503, and serving goes on")
  func descriptors() throws {
    for number in 0..<4 { site.write("\(number)", to: "media/\(number).txt") }
    let server = RunningServer("--live", "/media/=\(site.path("media"))", "--workers", "1")
    let client = HTTPClient(port: server.port)
    #expect(client.get("/media/0.txt")?.text == "0")
    let limit = Command.run(["prlimit", "--pid", "\(server.pid)", "--nofile=3:"])
    try #require(limit.status == 0)
    #expect(client.get("/media/1.txt")?.status == 503)
    #expect(client.isClosed)
    #expect(Command.run(["prlimit", "--pid", "\(server.pid)", "--nofile=1024:"]).status == 0)
    #expect(eventually { HTTPClient(port: server.port).get("/media/1.txt")?.text == "1" })
  }

  @Test("a file system mounted below a live directory is visible")
  func mounts() throws {
    site.write("below", to: "media/sub/a.txt")
    site.write("above", to: "other/a.txt")
    site.write(
      """
      set -e
      '\(Command.staticd)' serve --live '/media/=\(site.path("media"))' --listen 127.0.0.1:0 \
        --access-log off > '\(site.path("log"))' 2>&1 &
      trap 'kill %1' EXIT
      until port=$(grep -om1 '127.0.0.1:[0-9]*' '\(site.path("log"))'); do sleep 0.02; done
      ask() { curl -s "http://$port/media/sub/a.txt"; echo; }
      for _ in 1 2 3 4 5; do ask; done
      mount --bind '\(site.path("other"))' '\(site.path("media/sub"))'
      ask
      umount -l '\(site.path("media/sub"))'
      ask
      """,
      to: "script"
    )
    let result = Command.run([
      "unshare", "--user", "--map-root-user", "--mount", "bash", site.path("script"),
    ])
    // A sandbox may forbid new mount namespaces.
    guard !result.errors.contains("unshare") else { return }
    let lines = result.output.split(separator: "\n")
    #expect(
      lines == ["below", "below", "below", "below", "below", "above", "below"],
      "\(result.errors)"
    )
  }
}
