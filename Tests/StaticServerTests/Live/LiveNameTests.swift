import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Names below live directories.
///
/// Goal: regular files below the directory are served, and nothing else is ever opened.
@Suite struct LiveNameTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("secret", to: "secret/key.txt")
    site.write("plain", to: "media/plain.txt")
    site.write("deep", to: "media/a/b/c.txt")
    site.write("space", to: "media/a b.txt")
    site.write("percent", to: "media/100%.txt")
    site.write("umlaut", to: "media/\u{e4}.txt")
    site.write("backslash", to: "media/back\\slash.txt")
    site.write("hidden", to: "media/.env")
    site.write("hidden", to: "media/.git/config")
    site.write("hidden", to: "media/a/.htaccess")
    site.write("known", to: "media/.well-known/security.txt")
    site.write("hidden", to: "media/a/.well-known/x.txt")
    site.write("long", to: "media/\(String(repeating: "n", count: 251)).txt")
    site.write("index", to: "media/docs/index.html")
    site.write("trailing", to: "media/trailing.")
    site.link("media/in.txt", to: "plain.txt")
    site.link("media/a/up.txt", to: "../plain.txt")
    site.link("media/inside", to: "a/b")
    site.link("media/out.txt", to: "../secret/key.txt")
    site.link("media/outside", to: "../secret")
    site.link("media/absolute.txt", to: site.path("secret/key.txt"))
    site.link("media/detour.txt", to: "../media/plain.txt")
    site.link("media/proc", to: "/proc/self/root")
    site.link("media/loop", to: "loop")
    site.link("media/dangling", to: "nothing")
    mkfifo(site.path("media/fifo"), 0o644)
    let socket = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // Bound with a short path: a socket's path has at most 107 bytes.
    let directory = open(site.path("media"), O_RDONLY | O_CLOEXEC)
    let path = "/proc/self/fd/\(directory)/socket"
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    close(socket)
    close(directory)
    // Not permitted everywhere; without it the name is missing, which is 404 as well.
    mknod(site.path("media/null"), S_IFCHR | 0o666, 0x0103)
    // A name that is not UTF-8.
    let name =
      site.path("media/").utf8.map { CChar(bitPattern: $0) } + [CChar(bitPattern: 0xff), 0]
    close(open(name, O_WRONLY | O_CLOEXEC | O_CREAT, 0o644))
  }

  /// Targets and the response: a text, or a status.
  static let rows: [(target: String, expected: String)] = [
    ("/media/plain.txt", "plain"), ("/media/plain.txt?v=1", "plain"),
    ("/media/%70lain.txt", "plain"), ("/media/a/b/c.txt", "deep"), ("/media/a%2fb%2fc.txt", "deep"),
    ("/media/a%20b.txt", "space"), ("/media/100%25.txt", "percent"),
    ("/media/%C3%A4.txt", "umlaut"),
    ("/media/back%5cslash.txt", "backslash"), ("/media/trailing.", "trailing"),
    ("/media/.well-known/security.txt", "known"),
    ("/media/\(String(repeating: "n", count: 251)).txt", "long"),
    ("/media/in.txt", "plain"), ("/media/a/up.txt", "plain"), ("/media/inside/c.txt", "deep"),
    ("/media/docs/index.html", "index"),
    // Outside of the directory.
    ("/media/out.txt", "404"), ("/media/outside/key.txt", "404"), ("/media/absolute.txt", "404"),
    ("/media/detour.txt", "404"), ("/media/proc/etc/passwd", "404"),
    ("/media/../secret/key.txt", "404"), ("/media/%2e%2e/secret/key.txt", "404"),
    ("/media/..%2fsecret/key.txt", "404"), ("/media/a/../../secret/key.txt", "404"),
    ("/media/a/../plain.txt", "404"), ("/media/./plain.txt", "404"),
    ("/media//plain.txt", "404"), ("/media/a//b/c.txt", "404"), ("/media//etc/passwd", "404"),
    ("/media/..\\secret\\key.txt", "404"), ("/media/..%5csecret%5ckey.txt", "404"),
    // Files that are never served.
    ("/media/.env", "404"), ("/media/.git/config", "404"), ("/media/a/.htaccess", "404"),
    ("/media/a/.well-known/x.txt", "404"), ("/media/%2eenv", "404"),
    ("/media/fifo", "404"), ("/media/socket", "404"), ("/media/null", "404"),
    ("/media/loop", "404"), ("/media/loop/x", "404"), ("/media/dangling", "404"),
    ("/media/%ff", "404"), ("/media/%C3", "404"),
    // Not files.
    ("/media/", "404"), ("/media/a", "404"), ("/media/a/", "404"), ("/media/docs/", "404"),
    ("/media/plain.txt/", "404"), ("/media/plain.txt/x", "404"), ("/media/none.txt", "404"),
    ("/media/none/none.txt", "404"), ("/media", "404"), ("/medial/plain.txt", "404"),
    ("/media/plain.txt%00", "404"), ("/media/plain.txt%00.png", "404"), ("/media/%", "404"),
    ("/media/%zz", "404"),
    ("/media/\(String(repeating: "n", count: 256))", "404"),
    ("/media/\(String(repeating: "a/", count: 3000))x", "404"),
    ("/media/\(String(repeating: "%61/", count: 2000))x", "404"),
  ]

  @Test("the response for each name", arguments: LiveChangeTests.Way.allCases)
  func names(way: LiveChangeTests.Way) throws {
    let live = LiveDirectory(
      site.path("media"),
      at: "/media/",
      kind: .uploads(allowsActiveContent: true)
    )
    let server = try LiveServer([live], configuration: way.apply)
    let links: Set<String> = ["/media/in.txt", "/media/a/up.txt", "/media/inside/c.txt"]
    // Twice: the second response comes from the cache.
    for _ in 0..<2 {
      for (target, expected) in Self.rows {
        let answer = try #require(server.get(target), "\(target)")
        let isRefused = way == .noOpenBelow && links.contains(target)
        let status = Int(isRefused ? "404" : expected) ?? 200
        #expect(answer.status == status, "\(target.prefix(80))")
        if status == 200 { #expect(answer.text == expected, "\(target.prefix(80))") }
        if status == 404 { #expect(answer["Cache-Control"] == "no-store") }
      }
    }
    server.server.stop()
  }

  @Test("a FIFO is not opened: a process waiting to write to it is not woken")
  func fifo() throws {
    let live = LiveDirectory(
      site.path("media"),
      at: "/media/",
      kind: .uploads(allowsActiveContent: false)
    )
    let server = try LiveServer([live])
    for _ in 0..<3 { #expect(server.get("/media/fifo")?.status == 404) }
    // ENXIO shows that there is no reader.
    let writer = open(site.path("media/fifo"), O_WRONLY | O_CLOEXEC | O_NONBLOCK)
    #expect(writer < 0 && errno == ENXIO)
    server.server.stop()
  }

  @Test("index files and missing slashes, as for mounts")
  func index() throws {
    site.write("top", to: "media/index.html")
    let live = LiveDirectory(
      site.path("media"),
      at: "/media/",
      kind: .uploads(allowsActiveContent: true)
    )
    let server = try LiveServer([live]) { $0.indexFile = "index.html" }
    for _ in 0..<2 {
      #expect(server.get("/media/")?.text == "top")
      #expect(server.get("/media/docs/")?.text == "index")
      for (path, location) in [
        ("/media", "media/"), ("/media?a=b", "media/?a=b"), ("/media/docs", "docs/"),
        ("/media/docs?q=1", "docs/?q=1"), ("/media/docs/index.html", "./"),
        ("/media/index.html", "./"),
      ] {
        let answer = try #require(server.get(path))
        #expect(answer.status == 302, "\(path)")
        #expect(answer["Location"] == location, "\(path)")
      }
      for path in ["/media/a", "/media/a/", "/media/plain.txt/"] {
        #expect(server.get(path)?.status == 404, "\(path)")
      }
    }
    server.server.stop()
  }
}
