import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Large files that change while they are served from a table, over real sockets.
///
/// Goal: an entity tag belongs to its bytes. A response with the table's tag has the bytes from
/// which the table was built; any other bytes have another tag; and no response mixes them.
@Suite struct RewrittenFileTests {
  private let directory = TemporaryDirectory()

  /// The size of the file: larger than files in memory.
  private static let byteCount = 300_000

  enum Change: String, CaseIterable, Sendable {
    case inPlace, otherSize, truncated, appended, replaced, withTimeBack
    case linked, madeReadOnly, removed, nothing

    /// Whether the content of the open file changes.
    var isOfContent: Bool {
      switch self {
      case .inPlace, .otherSize, .truncated, .appended, .withTimeBack: true
      case .replaced, .linked, .madeReadOnly, .removed, .nothing: false
      }
    }
  }

  private var path: String { directory.path("a.bin") }

  private func content(_ first: UInt8, _ count: Int = byteCount) -> [UInt8] {
    [UInt8](repeating: first, count: count)
  }

  private func write(_ bytes: [UInt8], _ flags: Int32) {
    let file = open(path, O_WRONLY | O_CLOEXEC | O_CREAT | flags, 0o644)
    precondition(file >= 0)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      precondition(count > 0)
      rest = rest.dropFirst(count)
    }
    close(file)
  }

  private func status() -> stat {
    var status = stat()
    precondition(stat(path, &status) == 0)
    return status
  }

  /// Applies `change` after the kernel's clock of file times has advanced.
  private func apply(_ change: Change) {
    let before = status()
    repeat {
      switch change {
      case .nothing: return
      case .inPlace: write(content(2), 0)
      case .otherSize: write(content(2, Self.byteCount + 5000), O_TRUNC)
      case .truncated: precondition(truncate(path, off_t(Self.byteCount - 100_000)) == 0)
      case .appended: write(content(2, 1), O_APPEND)
      case .replaced:
        directory.write(content(2), to: "b.bin")
        precondition(rename(directory.path("b.bin"), path) == 0)
        return
      case .withTimeBack:
        write(content(2), 0)
        let times = [before.st_atim, before.st_mtim]
        precondition(utimensat(AT_FDCWD, path, times, 0) == 0)
      case .linked:
        unlink(directory.path("b.bin"))
        precondition(link(path, directory.path("b.bin")) == 0)
      case .madeReadOnly: precondition(chmod(path, 0o444) == 0)
      case .removed:
        precondition(unlink(path) == 0)
        return
      }
    } while status().st_ctim.tv_nsec == before.st_ctim.tv_nsec
  }

  /// Checks that `answer` is the whole file of the table, or another one with its own tag.
  private func check(_ answer: HTTPResponse?, _ change: Change, tag: String) throws {
    let answer = try #require(answer)
    guard answer.status == 200 else {
      #expect(answer.status == 500 && change == .removed, "\(answer.status)")
      return
    }
    guard answer["ETag"] != tag else {
      #expect(!change.isOfContent)
      #expect(answer.body == content(1))
      return
    }
    #expect(change.isOfContent || change == .replaced)
    #expect(answer.body == directory.read("a.bin"))
    #expect(answer["Cache-Control"] == "max-age=60, public")
    #expect(answer["Content-Type"] == "application/octet-stream")
  }

  @Test("the whole file, after each kind of change", arguments: Change.allCases, [512, 0])
  func whole(change: Change, openFilesMax: Int) throws {
    write(content(1), 0)
    let (server, port) = try directory.serve(.init(openFilesMax: openFilesMax))
    let client = HTTPClient(port: port)
    let tag = try #require(client.get("/static/a.bin")?["ETag"])
    apply(change)
    for _ in 0..<2 { try check(HTTPClient(port: port).get("/static/a.bin"), change, tag: tag) }
    server.stop()
  }

  @Test("ranges, one and several, with and without the old tag", arguments: Change.allCases)
  func ranges(change: Change) throws {
    write(content(1), 0)
    let (server, port) = try directory.serve()
    let tag = try #require(HTTPClient(port: port).get("/static/a.bin")?["ETag"])
    apply(change)
    for ranges in ["bytes=10-19", "bytes=10-19,30-39"] {
      let answer = try #require(
        HTTPClient(port: port).get("/static/a.bin", "Range: \(ranges)", "If-Range: \(tag)")
      )
      if answer.status == 206 {
        // The old tag implies the old bytes.
        #expect(!change.isOfContent)
        #expect(answer.body.filter { $0 == 2 }.isEmpty)
      } else if answer.status == 200 {
        #expect(answer["ETag"] != tag)
      }
      let free = try #require(HTTPClient(port: port).get("/static/a.bin", "Range: \(ranges)"))
      if change.isOfContent { #expect(free["ETag"] != tag) }
    }
    server.stop()
  }

  @Test("a name with a hash loses its long lifetime when its content changes")
  func immutable() throws {
    write(content(1), 0)
    var options = FileTable.Options()
    options.immutableNames = [.glob("*.bin")]
    let (server, port) = try directory.serve(options)
    let before = HTTPClient(port: port).get("/static/a.bin")
    #expect(before?["Cache-Control"]?.hasSuffix("immutable") == true)
    apply(.inPlace)
    let after = HTTPClient(port: port).get("/static/a.bin")
    #expect(after?["Cache-Control"] == "max-age=60, public")
    #expect(after?.body == content(2))
    server.stop()
  }

  @Test(
    "a rewritten file of any size is sent whole, even to a slow client",
    arguments: [nil, 4096]
  )
  func large(receiveBuffer: Int32?) throws {
    let byteCount = 12 << 20
    write(content(1, byteCount), 0)
    let (server, port) = try directory.serve()
    let before = status()
    repeat {
      write(content(2, byteCount), 0)
    } while status().st_ctim.tv_nsec
      == before.st_ctim.tv_nsec
    for _ in 0..<3 {
      let client = HTTPClient(port: port, receiveBuffer: receiveBuffer)
      client.send("GET /static/a.bin HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(client.hasBegun())
      let answer = try #require(client.response())
      #expect(answer.status == 200)
      let isWhole = answer.body == content(2, byteCount)
      #expect(isWhole)
    }
    server.stop()
  }

  @Test("a rewritten coding is not sent, the file is sent instead")
  func coding() throws {
    directory.write([UInt8](repeating: 65, count: 400_000), to: "a.txt")
    directory.write([UInt8](repeating: 66, count: 100_000), to: "a.txt.br")
    let (server, port) = try directory.serve()
    let first = HTTPClient(port: port).get("/static/a.txt", "Accept-Encoding: br")
    #expect(first?["Content-Encoding"] == "br")
    let tag = try #require(first?["ETag"])
    var status = stat()
    precondition(stat(directory.path("a.txt.br"), &status) == 0)
    let before = status
    repeat {
      directory.write([UInt8](repeating: 67, count: 100_000), to: "a.txt.br")
      precondition(stat(directory.path("a.txt.br"), &status) == 0)
    } while status.st_ctim.tv_nsec == before.st_ctim.tv_nsec
    let answer = try #require(HTTPClient(port: port).get("/static/a.txt", "Accept-Encoding: br"))
    #expect(answer.status == 200)
    #expect(answer["ETag"] != tag)
    #expect(answer["Content-Encoding"] == nil)
    #expect(answer["Content-Type"] == "text/plain; charset=\"utf-8\"")
    #expect(answer.body == [UInt8](repeating: 65, count: 400_000))
    server.stop()
  }

  @Test(
    "a change during a slow download ends the connection",
    arguments: [Change.inPlace, .truncated, .appended, .withTimeBack]
  )
  func slow(change: Change) throws {
    let byteCount = 32 << 20
    write(content(1, byteCount), 0)
    let (server, port) = try directory.serve { $0.grace = .seconds(0) }
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    client.send("GET /static/a.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.hasBegun())
    let before = status()
    repeat {
      switch change {
      case .inPlace: write(content(2, byteCount), 0)
      case .truncated: precondition(truncate(path, off_t(byteCount - 4096)) == 0)
      case .appended: write(content(2, 1), O_APPEND)
      default:
        write(content(2, byteCount), 0)
        let times = [before.st_atim, before.st_mtim]
        precondition(utimensat(AT_FDCWD, path, times, 0) == 0)
      }
    } while status().st_ctim.tv_nsec == before.st_ctim.tv_nsec
    #expect(client.response() == nil)
    server.stop()
  }

  @Test("a replacement during a slow download does not disturb it")
  func slowReplacement() throws {
    let byteCount = 16 << 20
    write(content(1, byteCount), 0)
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port, receiveBuffer: 65536)
    client.send("GET /static/a.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.hasBegun())
    apply(.replaced)
    let answer = try #require(client.response())
    #expect(answer.body == content(1, byteCount))
    server.stop()
  }
}
