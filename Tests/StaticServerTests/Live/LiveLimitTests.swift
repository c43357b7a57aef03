import CAllocations
import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// Limits of live directories.
///
/// Goal: the state of a loop is bounded, and responses are right at and beyond each limit.
@Suite struct LiveLimitTests {
  private let files = TemporaryDirectory()

  /// The number of open descriptors of files below `files`.
  private var openCount: Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.filter {
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
      return target?.hasPrefix(files.path + "/") ?? false
    }.count
  }

  @Test("open files are bounded, and closed at the end", arguments: [1, 2, 10])
  func entries(count: Int) throws {
    for number in 0..<20 { files.write("\(number)", to: "\(number % 3)/\(number).txt") }
    let server = try LiveServer([files.uploads()]) { _ in
    } configuration: {
      $0.live.entriesMax = count
    }
    _ = server.settled("/media/0/0.txt")
    for _ in 0..<3 {
      for number in 0..<20 {
        #expect(server.get("/media/\(number % 3)/\(number).txt")?.text == "\(number)")
        #expect(server.get("/media/none/\(number).txt")?.status == 404)
        #expect(server.get("/media/0/none\(number).txt")?.status == 404)
      }
    }
    #expect(openCount <= count)
    server.server.stop()
    withExtendedLifetime(server) {}
  }

  @Test("many missing names do not grow the cache")
  func missingNames() throws {
    files.write("a", to: "a.txt")
    let notices = LiveNotices()
    var limits = LiveLimits()
    limits.entriesMax = 8
    var live = LiveFiles(LiveSetup(limits, loopCount: 1, notices))
    var options = FileTable.Options()
    options.live = [files.uploads()]
    let table = try FileTable(mounts: [], options: options)
    live.replaceSite(of: table)
    for number in 0..<100 {
      let request = Array("GET /media/\(number) HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
      var head = RequestHead()
      _ = RequestHeadParser.parse(request.span, limits: RequestLimits(), into: &head)
      #expect(live.find(head, request.span, table) == .missing)
    }
    #expect(live.cache.count == 8)
    #expect(notices.take().isEmpty)
  }

  @Test(
    "a new table keeps the watches of its live directories",
    arguments: [
      (["/media/"], "index.html", true), (["/media/", "/other/"], "index.html", false),
      (["/media/"], "start.html", false), (["/other/"], "index.html", false),
    ]
  )
  func keptWatches(prefixes: [String], indexFile: String, isKept: Bool) throws {
    files.write("a", to: "sub/a.txt")
    var live = LiveFiles(LiveSetup(LiveLimits(), loopCount: 1, LiveNotices()))
    func adopt(_ prefixes: [String], _ indexFile: String) throws -> FileTable {
      var options = FileTable.Options()
      options.indexFile = indexFile
      options.live = prefixes.map { LiveDirectory(files.path, at: $0, kind: files.uploads().kind) }
      let table = try FileTable(mounts: [], options: options)
      live.replaceSite(of: table)
      return table
    }
    func find(_ path: String, _ table: FileTable) -> LiveFiles.Outcome {
      let request = Array("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
      var head = RequestHead()
      _ = RequestHeadParser.parse(request.span, limits: RequestLimits(), into: &head)
      return live.find(head, request.span, table)
    }
    let first = try adopt(["/media/"], "index.html")
    #expect(find("/media/sub/a.txt", first) == .found)
    // The directories above the live one, itself, and `sub`.
    let numbers = live.watches.watches.compactMap { $0?.number }
    #expect(numbers.count >= 3)

    let second = try adopt(prefixes, indexFile)
    #expect(live.cache.count == 0)
    let kept = live.watches.watches.compactMap { $0?.number }
    #expect(isKept ? kept == numbers : kept.isEmpty)
    #expect(find("\(prefixes[0])sub/a.txt", second) == .found)
    files.rename("sub", to: "away")
    #expect(find("\(prefixes[0])sub/a.txt", second) == .missing)
  }

  @Test("more directories than watches: reported once, and every change is seen")
  func watches() throws {
    for number in 0..<12 { files.write("first", to: "\(number)/sub/a.txt") }
    let server = try LiveServer([files.uploads()]) { _ in
    } configuration: {
      $0.live.watchesMax = 6
    }
    for number in 0..<12 { _ = server.settled("/media/\(number)/sub/a.txt") }
    let told = server.server.takeNotices()
    #expect(told.count == 1 && told[0].contains("fs.inotify.max_user_watches"))
    for number in 0..<12 {
      files.write("other", to: "new")
      files.replace("\(number)/sub/a.txt", by: "new")
      #expect(server.get("/media/\(number)/sub/a.txt")?.text == "other")
    }
    for number in 0..<12 {
      files.rename("\(number)", to: "away\(number)")
      #expect(server.get("/media/\(number)/sub/a.txt")?.status == 404)
    }
    #expect(server.server.takeNotices().isEmpty)
    server.server.stop()
  }

  @Test("an overflow of the change queue")
  func overflow() throws {
    files.write("first", to: "a.txt")
    let server = try LiveServer([files.uploads()])
    _ = server.settled("/media/a.txt")
    let text =
      (try? String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8))
    let count = Int(text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "") ?? 16384
    for number in 0..<(count / 2 + 100) {
      let path = files.path("x\(number)")
      close(open(path, O_WRONLY | O_CLOEXEC | O_CREAT, 0o644))
      unlink(path)
    }
    files.write("other", to: "new")
    files.replace("a.txt", by: "new")
    #expect(server.get("/media/a.txt")?.text == "other")
    server.server.stop()
  }

  @Test("a request for a kept file, or a missing one, allocates nothing")
  func allocations() throws {
    files.write(String(repeating: "a", count: 1000), to: "small.txt")
    files.write([UInt8](repeating: 1, count: 15_000), to: "middle.bin")
    files.write([UInt8](repeating: 2, count: 60_000), to: "sub/large.bin")
    for name in ["small.txt", "middle.bin", "sub/large.bin"] {
      files.setModified(name, to: 1_000_000_000)
    }
    var options = FileTable.Options()
    options.live = [files.uploads()]
    let table = try FileTable(mounts: [], options: options)
    var loop = try EventLoop.create(
      table: table,
      configuration: StaticServer.Configuration(listeners: []),
      mailbox: LoopMailbox(),
      listeners: []
    )
    var pair: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    try #require(socketpair(AF_UNIX, type, 0, &pair) == 0)
    let client = Descriptor(owning: pair[1])
    loop.begin(pair[0])
    var answer = [UInt8](repeating: 0, count: 400_000)
    for (line, status) in [
      ("GET /media/small.txt", 200), ("HEAD /media/small.txt", 200), ("GET /media/middle.bin", 200),
      ("GET /media/sub/large.bin", 200), ("GET /media/small.txt?x=y", 200),
      ("GET /media/none.txt", 404), ("POST /media/small.txt", 405),
    ] {
      let request = Array("\(line) HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
      var count: UInt64 = .max
      // A file is kept open once its times are old enough.
      let isQuiet = try eventually {
        try #require(write(client.number, request, request.count) == request.count)
        let before = callocations_thread_count()
        loop.turn()
        count = UInt64(callocations_thread_count() - before)
        let length = read(client.number, &answer, answer.count)
        let start = String(decoding: answer[..<max(0, min(length, 60))], as: UTF8.self)
        #expect(start.hasPrefix("HTTP/1.1 \(status) "), "\(line): \(start)")
        while read(client.number, &answer, answer.count) > 0 {}
        return count == 0
      }
      #expect(isQuiet, "\(line): \(count) allocations")
    }
    withExtendedLifetime(table) {}
    loop.closeEverything()
  }
}
