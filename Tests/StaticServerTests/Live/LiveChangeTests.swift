import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Changes of live directories.
///
/// Goal: a request that begins after a change gets the new state, for every kind of change, and
/// however the server detects it. Method: the file is requested until it is kept open, changed, and
/// requested once, on a connection of each loop.
@Suite struct LiveChangeTests {
  /// How the server detects changes.
  enum Way: String, CaseIterable {
    case notifications, fewWatches, noNotifications, noOpenBelow

    func apply(_ configuration: inout StaticServer.Configuration) {
      switch self {
      case .notifications: break
      case .fewWatches: configuration.live.watchesMax = 1
      case .noNotifications: configuration.live.usesNotifications = false
      case .noOpenBelow: configuration.live.usesOpenBelow = false
      }
    }
  }

  /// One kind of change of `site/media`, which contains `a/b/f.txt` and `top.txt`.
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    var path = "/media/a/b/f.txt"
    /// The response afterwards: nil is 404.
    var expected: String?
    var needsLinks = false
    var prepare: @Sendable (TemporaryDirectory) -> Void = { _ in }
    let change: @Sendable (TemporaryDirectory) -> Void
    var testDescription: String { name }
  }

  static let rows: [Row] = [
    Row(name: "replaced by rename", expected: "other") {
      $0.write("other", to: "new")
      $0.replace("media/a/b/f.txt", by: "new")
    },
    Row(name: "replaced by a file of the same time and size", expected: "other") {
      $0.write("other", to: "new")
      $0.copyTimes(from: "media/a/b/f.txt", to: "new")
      $0.replace("media/a/b/f.txt", by: "new")
    },
    Row(name: "written in place, same size", expected: "other") {
      $0.overwrite("other", in: "media/a/b/f.txt")
    },
    Row(name: "written in place, same size and time", expected: "other") {
      let times = $0.times(of: "media/a/b/f.txt")
      $0.overwrite("other", in: "media/a/b/f.txt")
      $0.setTimes(times, of: "media/a/b/f.txt")
    },
    Row(name: "written in place, longer", expected: "much longer") {
      $0.write("much longer", to: "media/a/b/f.txt")
    },
    Row(name: "emptied", expected: "") { $0.write("", to: "media/a/b/f.txt") },
    Row(name: "written by another name", expected: "other") {
      $0.hardLink("media/a/b/f.txt", to: "alias")
      $0.overwrite("other", in: "alias")
    },
    Row(name: "written in memory", expected: "other") {
      $0.overwriteMapped("other", in: "media/a/b/f.txt")
    },
    Row(name: "removed", expected: nil) { $0.remove("media/a/b/f.txt") },
    Row(name: "removed and made again", expected: "other") {
      $0.remove("media/a/b/f.txt")
      $0.write("other", to: "media/a/b/f.txt")
    },
    Row(name: "moved away", expected: nil) { $0.rename("media/a/b/f.txt", to: "away") },
    Row(name: "made", path: "/media/a/new.txt", expected: "new") {
      $0.write("new", to: "media/a/new.txt")
    },
    Row(name: "moved to its place", path: "/media/a/new.txt", expected: "new") {
      $0.write("new", to: "away")
      $0.rename("away", to: "media/a/new.txt")
    },
    Row(name: "linked to its place", path: "/media/a/new.txt", expected: "first") {
      $0.hardLink("media/a/b/f.txt", to: "media/a/new.txt")
    },
    Row(name: "made with its directory", path: "/media/x/y/new.txt", expected: "new") {
      $0.write("new", to: "media/x/y/new.txt")
    },
    Row(name: "its directory moved away", expected: nil) { $0.rename("media/a/b", to: "away") },
    Row(name: "the parent of its directory moved away", expected: nil) {
      $0.rename("media/a", to: "away")
    },
    Row(name: "its directory renamed", path: "/media/a/c/f.txt", expected: "first") {
      $0.rename("media/a/b", to: "media/a/c")
    },
    Row(name: "another directory in its place", expected: "other") {
      $0.write("other", to: "second/f.txt")
      $0.rename("media/a/b", to: "away")
      $0.rename("second", to: "media/a/b")
    },
    Row(name: "two directories exchanged", expected: "other") {
      $0.write("other", to: "second/b/f.txt")
      $0.exchange("media/a", "second")
    },
    Row(name: "its directory removed and made again", expected: "other") {
      $0.remove("media/a")
      $0.write("other", to: "media/a/b/f.txt")
    },
    Row(name: "replaced by a directory", expected: nil) {
      $0.remove("media/a/b/f.txt")
      $0.write("x", to: "media/a/b/f.txt/x")
    },
    Row(name: "replaced by a FIFO", expected: nil) {
      $0.remove("media/a/b/f.txt")
      mkfifo($0.path("media/a/b/f.txt"), 0o644)
    },
    Row(name: "all removed", expected: nil) { $0.remove("media") },
    Row(name: "all removed and made again", expected: "other") {
      $0.remove("media")
      $0.write("other", to: "media/a/b/f.txt")
    },
    Row(name: "another root in its place", expected: "other") {
      $0.write("other", to: "second/a/b/f.txt")
      $0.rename("media", to: "away")
      $0.rename("second", to: "media")
    },
    Row(name: "a root exchanged", path: "/media/top.txt", expected: "other") {
      $0.write("other", to: "second/top.txt")
      $0.exchange("media", "second")
    },
    Row(
      name: "a link to a file turned elsewhere",
      path: "/media/link.txt",
      expected: "other",
      needsLinks: true,
      prepare: { $0.link("media/link.txt", to: "top.txt") },
      change: {
        $0.write("other", to: "media/other.txt")
        $0.link("link", to: "other.txt")
        $0.replace("media/link.txt", by: "link")
      }
    ),
    Row(
      name: "a link to a directory turned elsewhere",
      path: "/media/link/f.txt",
      expected: "other",
      needsLinks: true,
      prepare: { $0.link("media/link", to: "a/b") },
      change: {
        $0.write("other", to: "media/other/f.txt")
        $0.link("link", to: "other")
        $0.replace("media/link", by: "link")
      }
    ),
    Row(
      name: "the target of a link moved away",
      path: "/media/link/f.txt",
      expected: nil,
      needsLinks: true,
      prepare: { $0.link("media/link", to: "a/b") },
      change: { $0.rename("media/a", to: "away") }
    ),
    Row(
      name: "a link out of the directory in its place",
      expected: nil,
      change: {
        $0.write("secret", to: "secret/f.txt")
        $0.rename("media/a/b", to: "away")
        $0.link("media/a/b", to: "../../secret")
      }
    ),
  ]

  @Test("the next request sees the change", arguments: rows, Way.allCases)
  func change(row: Row, way: Way) throws {
    if row.needsLinks, way == .noOpenBelow { return }
    let site = TemporaryDirectory()
    site.write("first", to: "media/a/b/f.txt")
    site.write("first", to: "media/top.txt")
    row.prepare(site)
    let live = LiveDirectory(
      site.path("media"),
      at: "/media/",
      kind: .uploads(allowsActiveContent: false)
    )
    let server = try LiveServer([live], workers: 2, configuration: way.apply)
    let clients = (0..<4).map { _ in HTTPClient(port: server.port) }
    _ = server.settled(row.path)
    for client in clients {
      for _ in 0..<2 { _ = client.get(row.path) }
    }
    row.change(site)
    for client in clients + [server.client] {
      let answer = try #require(client.get(row.path))
      #expect(answer.status == (row.expected == nil ? 404 : 200))
      if let expected = row.expected { #expect(answer.text == expected) }
    }
    server.server.stop()
  }

  @Test("a directory above the root is moved, and a link to the root is changed")
  func above() throws {
    let site = TemporaryDirectory()
    site.write("first", to: "app/one/media/f.txt")
    site.write("second", to: "app/two/media/f.txt")
    site.link("current", to: "app/one")
    let server = try LiveServer([
      LiveDirectory(
        site.path("app/one/media"),
        at: "/a/",
        kind: .uploads(allowsActiveContent: false)
      ),
      LiveDirectory(
        site.path("current/media"),
        at: "/b/",
        kind: .uploads(allowsActiveContent: false)
      ),
    ])
    #expect(server.settled("/a/f.txt")?.text == "first")
    #expect(server.settled("/b/f.txt")?.text == "first")
    site.link("link", to: "app/two")
    site.replace("current", by: "link")
    #expect(server.get("/b/f.txt")?.text == "second")
    site.exchange("app/one", "app/two")
    #expect(server.get("/a/f.txt")?.text == "second")
    #expect(server.get("/b/f.txt")?.text == "first")
    server.server.stop()
  }

  @Test(
    "successive writes are each visible, with their own entity tag",
    arguments: Way.allCases
  )
  func manyWrites(way: Way) throws {
    let files = TemporaryDirectory()
    files.write("00000", to: "f.txt")
    let server = try LiveServer([files.uploads()], configuration: way.apply)
    var tags: [String: String] = [:]
    for turn in 0..<400 {
      let content = String(10_000 + turn)
      if turn % 2 == 0 {
        files.overwrite(content, in: "f.txt")
      } else {
        files.write(content, to: "new")
        files.replace("f.txt", by: "new")
      }
      for _ in 0..<2 {
        let answer = try #require(server.get("/media/f.txt"))
        #expect(answer.text == content)
        // No entity tag is used for two contents.
        let tag = try #require(answer["ETag"])
        #expect(tags[tag] == nil || tags[tag] == content)
        tags[tag] = content
      }
    }
    server.server.stop()
  }

  @Test("a file that is written continuously is served")
  func growing() throws {
    let files = TemporaryDirectory()
    files.write("start\n", to: "log.txt")
    let server = try LiveServer([files.uploads()])
    let file = try #require(FileHandle(forWritingAtPath: files.path("log.txt")))
    var length = 0
    for _ in 0..<200 {
      try file.seekToEnd()
      try file.write(contentsOf: Data("line\n".utf8))
      let answer = try #require(server.get("/media/log.txt"))
      #expect(answer.status == 200 && answer.body.count >= length)
      length = answer.body.count
    }
    server.server.stop()
  }

  @Test("a file that shrinks while it is sent ends the connection")
  func shrinking() throws {
    let files = TemporaryDirectory()
    files.write([UInt8](repeating: 7, count: 8 << 20), to: "large.bin")
    let server = try LiveServer([files.uploads()])
    let slow = HTTPClient(port: server.port, receiveBuffer: 4096)
    slow.send("GET /media/large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(slow.hasBegun())
    files.write("short", to: "large.bin")
    #expect(slow.response() == nil)
    #expect(server.get("/media/large.bin")?.text == "short")
    server.server.stop()
  }

  @Test("a slow client gets the announced file, although it is replaced and evicted")
  func slowClient() throws {
    let files = TemporaryDirectory()
    let old = TemporaryDirectory.pattern(3_000_000)
    files.write(old, to: "large.bin")
    let server = try LiveServer([files.uploads()]) { _ in
    } configuration: {
      $0.live.entriesMax = 1
    }
    _ = server.settled("/media/large.bin")
    let slow = HTTPClient(port: server.port, receiveBuffer: 4096)
    for _ in 0..<3 {
      slow.send("GET /media/large.bin HTTP/1.1\r\nHost: x\r\nRange: bytes=0-\r\n\r\n")
    }
    #expect(slow.hasBegun())
    files.write([UInt8](repeating: 1, count: 3_000_000), to: "new")
    files.replace("large.bin", by: "new")
    files.write("x", to: "x.txt")
    for _ in 0..<3 { #expect(server.get("/media/x.txt")?.text == "x") }
    #expect(slow.response()?.body == old)
    server.server.stop()
  }
}

extension TemporaryDirectory {
  /// Renames `other` over `name`, atomically.
  func replace(_ name: String, by other: String) {
    precondition(Foundation.rename(path(other), path(name)) == 0)
  }

  /// Writes `text` over the start of an existing file.
  func overwrite(_ text: String, in name: String) {
    let file = open(path(name), O_WRONLY | O_CLOEXEC)
    precondition(file >= 0)
    defer { close(file) }
    precondition(pwrite(file, text, text.utf8.count, 0) == text.utf8.count)
  }

  /// Does the same through a memory mapping.
  func overwriteMapped(_ text: String, in name: String) {
    let file = open(path(name), O_RDWR | O_CLOEXEC)
    precondition(file >= 0)
    defer { close(file) }
    let start = mmap(nil, text.utf8.count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)!
    memcpy(start, text, text.utf8.count)
    munmap(start, text.utf8.count)
  }

  func hardLink(_ name: String, to other: String) {
    precondition(Foundation.link(path(name), path(other)) == 0)
  }

  /// The access time and the modification time.
  func times(of name: String) -> [timespec] {
    var status = stat()
    precondition(stat(path(name), &status) == 0)
    return [status.st_atim, status.st_mtim]
  }

  func setTimes(_ times: [timespec], of name: String) {
    precondition(utimensat(AT_FDCWD, path(name), times, 0) == 0)
  }

  func copyTimes(from name: String, to other: String) { setTimes(times(of: name), of: other) }

  /// Exchanges two names.
  func exchange(_ name: String, _ other: String) {
    rename(name, to: "exchanged")
    rename(other, to: name)
    rename("exchanged", to: other)
  }
}
