import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// The spool files of all requests together.
///
/// Goal: the unlinked files never exceed their limit; what does not fit is refused, or the app
/// waits; and finished requests release their space.
@Suite struct SpoolTests {
  private static let limit = 1_000_000
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// The total size of the unlinked files that this process has open in the directory.
  private var spoolByteCount: Int {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return numbers.reduce(0) { sum, number in
      let path = "/proc/self/fd/\(number)"
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
      var status = stat()
      guard target?.hasPrefix("\(directory.path)/") == true, target?.hasSuffix("(deleted)") == true,
        stat(path, &status) == 0
      else { return sum }
      return sum + Int(status.st_blocks) * 512
    }
  }

  private func serve(_ app: RecordingApp) throws -> (server: StaticServer, port: UInt16) {
    try directory.serveWithoutGrace(before: app) {
      $0.forwarding?.temporaryDirectory = BytePath(directory.path)
      $0.forwarding?.spoolBytesMax = Int64(Self.limit)
    }
  }

  private static let upload = "PUT /page HTTP/1.1\r\nHost: test\r\nContent-Length: 900000\r\n\r\n"

  @Test("an upload without space is refused, and the next one after it is not")
  func uploads() throws {
    let app = RecordingApp { connection in
      while connection.request() != nil { connection.answer("app") }
    }
    let (server, port) = try serve(app)
    let probe = Probe(port: port)
    let content = TemporaryDirectory.pattern(900_000)
    for _ in 0..<2 {
      let first = HTTPClient(port: port)
      first.send(Self.upload)
      first.send(content.dropLast())
      // Space is allocated when bytes are written; 64 KiB stay in memory.
      #expect(eventually { spoolByteCount > 700_000 })
      probe.pass()
      let second = HTTPClient(port: port)
      second.send(Self.upload)
      second.send(content)
      let answer = try #require(second.response())
      #expect([413, 503].contains(answer.status))
      #expect(spoolByteCount <= Self.limit + 65536)
      // Content that fits in memory needs no space.
      let small = HTTPClient(port: port)
      small.send("PUT /page HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc")
      #expect(small.response()?.text == "app")
      first.send(content.suffix(1))
      #expect(first.response()?.text == "app")
      #expect(eventually { spoolByteCount == 0 })
    }
    #expect(app.requests.filter { $0.content == content }.count == 2)
    server.stop()
  }

  @Test("an upload whose client leaves releases its space", arguments: [true, false])
  func leaver(resets: Bool) throws {
    let app = RecordingApp { connection in
      while connection.request() != nil { connection.answer("app") }
    }
    let (server, port) = try serve(app)
    let probe = Probe(port: port)
    let content = TemporaryDirectory.pattern(900_000)
    for _ in 0..<3 {
      var client: HTTPClient? = HTTPClient(port: port)
      client?.send(Self.upload)
      client?.send(content.dropLast())
      probe.pass()
      if resets { client?.resetAtEnd() }
      client = nil
      #expect(eventually { spoolByteCount == 0 })
    }
    let client = HTTPClient(port: port)
    client.send(Self.upload)
    client.send(content)
    #expect(client.response()?.text == "app")
    server.stop()
  }

  @Test("responses that clients do not read wait in the app, and arrive whole")
  func responses() throws {
    let body = TemporaryDirectory.pattern(12 << 20)
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
      connection.send(body)
    }
    let (server, port) = try serve(app)
    let probe = Probe(port: port)
    let clients = (0..<3).map { _ in HTTPClient(port: port, receiveBuffer: 4096) }
    for client in clients { client.ask("/page") }
    var largest = 0
    for _ in 0..<200 {
      probe.pass()
      largest = max(largest, spoolByteCount)
    }
    #expect(largest <= Self.limit + 65536)
    for client in clients { expect(client.response()?.body, body.count, of: body) }
    #expect(eventually { spoolByteCount == 0 })
    server.stop()
  }
}
