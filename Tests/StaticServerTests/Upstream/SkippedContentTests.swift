import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Requests whose path moves between files and app while their content arrives.
///
/// Goal: content belongs to one request. Whatever a reload changes in between, the app never gets
/// bytes of another request as content, nor content as a request.
@Suite struct SkippedContentTests {
  private let files = TemporaryDirectory()
  private let empty = TemporaryDirectory()

  init() {
    files.write("file", to: "page")
    for directory in [files, empty] {
      directory.write("hello", to: "a.txt")
      directory.write(TemporaryDirectory.pattern(3 << 20), to: "large")
    }
  }

  private func table(_ directory: TemporaryDirectory) throws -> FileTable {
    try FileTable(
      mounts: [
        .init(directory.path, at: "/", kind: .public),
        .init(directory.path, at: "/static/", kind: .public),
      ],
      options: .init()
    )
  }

  private func serve(_ app: RecordingApp, _ directory: TemporaryDirectory) throws
    -> (server: StaticServer, port: UInt16)
  {
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.workers = 1
    configuration.grace = .seconds(0)
    configuration.forwarding = ForwardingConfiguration(to: app.address)
    let server = try StaticServer(table: table(directory), configuration: configuration)
    guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
    return (server, port)
  }

  /// A request with content, split where the table may change.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Sent before the table changes.
    let before: String
    /// Sent after it.
    let after: String
    let content: String
  }

  private static let text = "GET /inner HTTP/1.1\r\nHost: test\r\n\r\n"
  private static let lengthHead =
    "POST /page HTTP/1.1\r\nHost: test\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
  private static let chunkedHead =
    "POST /page HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
  private static let chunks = "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n0\r\n\r\n"

  static let rows: [Row] = [
    Row(testDescription: "behind the head", before: lengthHead, after: text, content: text),
    Row(
      testDescription: "in the middle",
      before: lengthHead + text.prefix(10),
      after: String(text.dropFirst(10)),
      content: text
    ),
    Row(
      testDescription: "before the last byte",
      before: lengthHead + text.dropLast(),
      after: String(text.suffix(1)),
      content: text
    ),
    Row(testDescription: "before the chunks", before: chunkedHead, after: chunks, content: text),
    Row(
      testDescription: "in a chunk",
      before: chunkedHead + chunks.prefix(9),
      after: String(chunks.dropFirst(9)),
      content: text
    ),
    Row(
      testDescription: "before the last chunk",
      before: chunkedHead + chunks.dropLast(5),
      after: String(chunks.suffix(5)),
      content: text
    ),
  ]

  /// Longer than the content before it, so that it could be mistaken for that content.
  private static let next =
    "GET /next HTTP/1.1\r\nHost: test\r\nX: \(String(repeating: "x", count: 100))\r\n\r\n"

  /// Checks that the app gets the request with its content, or not at all; and the next one, or
  /// none.
  private func check(_ app: RecordingApp, _ content: String) {
    for request in app.requests where !request.lines[0].hasPrefix("DELETE") {
      #expect(["/page", "/next"].contains(request.target), "content as a request")
      let text = String(decoding: request.content, as: UTF8.self)
      #expect(text == (request.target == "/page" ? content : ""), "a request as content")
    }
  }

  /// Switches the server to `directory`, and returns when it is in use: it has `/page`, or not.
  private func change(_ server: StaticServer, _ probe: HTTPClient, to directory: TemporaryDirectory)
    throws
  {
    server.replaceTable(with: try table(directory))
    let expected = directory === files ? 405 : 200
    #expect(eventually { probe.get("/page", method: "DELETE")?.status == expected })
  }

  private func echo() -> RecordingApp {
    RecordingApp { connection in
      while let request = connection.request() {
        guard !request.lines[0].hasPrefix("DELETE") else {
          connection.answer("")
          continue
        }
        connection.answer(request.target)
      }
    }
  }

  @Test("a path moves from a file to the app, and back", arguments: rows, [true, false])
  func changes(row: Row, isFromFile: Bool) throws {
    let app = echo()
    let (server, port) = try serve(app, isFromFile ? files : empty)
    let probe = HTTPClient(port: port)
    let client = HTTPClient(port: port, seconds: 5)
    client.send(row.before)
    #expect(probe.get("/a.txt")?.status == 200)
    #expect(probe.get("/a.txt")?.status == 200)
    try change(server, probe, to: isFromFile ? empty : files)
    client.send(row.after + Self.next)
    // From the old table or the new one; if that is unknown, the connection is closed.
    let answer = try #require(client.response())
    #expect(answer.status != 400)
    // Discarded content cannot be forwarded; a retry reaches the app.
    if isFromFile { #expect(answer.status == 503 && answer["Retry-After"] != nil) }
    if answer["Connection"] != "close" { #expect(client.response()?.text == "/next") }
    client.finish()
    _ = client.rest()
    check(app, row.content)
    server.stop()
  }

  @Test("a path moves while a response waits for a client that does not read", arguments: rows)
  func blocked(row: Row) throws {
    let app = echo()
    let (server, port) = try serve(app, files)
    let probe = HTTPClient(port: port)
    let client = HTTPClient(port: port, receiveBuffer: 4096, seconds: 5)
    // The responses to these fill every buffer on the way.
    let largeCount = 3
    for _ in 0..<largeCount { client.ask("/large") }
    client.send(row.before + row.after + Self.next)
    #expect(probe.get("/a.txt")?.status == 200)
    #expect(probe.get("/a.txt")?.status == 200)
    try change(server, probe, to: empty)
    for _ in 0..<largeCount { #expect(client.response()?.body.count == 3 << 20) }
    // From the old table or the new one; if that is unknown, the connection is closed.
    let answer = try #require(client.response())
    #expect(answer.status != 400)
    if answer["Connection"] != "close" { #expect(client.response()?.text == "/next") }
    client.finish()
    _ = client.rest()
    check(app, row.content)
    server.stop()
  }
}
