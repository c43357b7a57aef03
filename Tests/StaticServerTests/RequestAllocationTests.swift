import CAllocations
import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// A whole request through the loop: receive, parse, look up, send.
///
/// Goal: nothing on this path allocates. Method: one loop on the test's own thread, a socket pair
/// as its client, and a count of that thread's allocations during one turn of the loop.
@Suite struct RequestAllocationTests {
  /// The sent bytes, and the start of the first response.
  struct Row: Sendable, CustomTestStringConvertible {
    let request: String
    let status: String
    var testDescription: String { request }
  }

  static let rows = [
    row("GET /static/a.css", "200 OK", "Accept-Encoding: gzip, deflate, br"),
    row("GET /static/a.css?v=1", "200 OK"),
    row("HEAD /static/a.css", "200 OK"),
    row("GET /static/%61.css", "200 OK"),
    row("GET /static/middle.bin", "200 OK"),
    row("GET /static/large.bin", "200 OK"),
    row("GET /static/a.css", "200 OK", "If-None-Match: \"x\", W/\"y\""),
    row("GET /static/a.css", "304 Not Modified", "If-None-Match: *"),
    row("GET /static/a.css", "200 OK", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"),
    row("GET /static/none", "404 Not Found"),
    row("GET /elsewhere", "404 Not Found"),
    row("POST /static/a.css", "405 Method Not Allowed"),
    row("OPTIONS /static/a.css", "204 No Content"),
    row("OPTIONS *", "204 No Content"),
    Row(
      request: String(repeating: row("GET /static/a.css", "").request, count: 16),
      status: "200 OK"
    ),
  ]

  private static func row(_ line: String, _ status: String, _ field: String? = nil) -> Row {
    let fields = ["Host: x"] + (field.map { [$0] } ?? [])
    return Row(
      request: "\(line) HTTP/1.1\r\n" + fields.map { "\($0)\r\n" }.joined() + "\r\n",
      status: status
    )
  }

  private let directory = TemporaryDirectory()

  @Test("one request allocates nothing", arguments: rows)
  func request(row: Row) throws {
    directory.write(String(repeating: "a {}\n", count: 200), to: "a.css")
    directory.write("br", to: "a.css.br")
    directory.write(Data(repeating: 1, count: 30_000), to: "middle.bin")
    directory.write(Data(repeating: 2, count: 100_000), to: "large.bin")
    let table = try FileTable(root: directory.path)
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

    let request = Array(row.request.utf8)
    var answer = [UInt8](repeating: 0, count: 400_000)
    // Three times: the first run includes the lazy set-up of the runtime.
    for turn in 0..<3 {
      try #require(write(client.number, request, request.count) == request.count)
      let before = callocations_thread_count()
      loop.turn()
      let after = callocations_thread_count()
      if turn > 0 { #expect(after == before, "\(after - before) allocations") }
      let count = read(client.number, &answer, answer.count)
      let start = String(decoding: answer[..<max(0, min(count, 60))], as: UTF8.self)
      #expect(start.hasPrefix("HTTP/1.1 \(row.status)\r\n"), "\(start)")
    }
    withExtendedLifetime(table) {}
    loop.closeEverything()
  }
}
