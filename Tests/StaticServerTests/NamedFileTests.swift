import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Files that the app names in its response.
///
/// Goal: they are served like any other file, including conditions and ranges, with the app's own
/// fields; files outside of the directories never are.
@Suite struct NamedFileTests {
  private let directory = TemporaryDirectory()
  private let files = TemporaryDirectory()
  private let secret = TemporaryDirectory()
  private let large = TemporaryDirectory.pattern(3_000_000)

  init() {
    files.write("hello file", to: "a b.txt")
    files.write(large, to: "deep/large.bin")
    files.write("", to: "empty.txt")
    secret.write("secret", to: "key.txt")
    files.link("out.txt", to: secret.path("key.txt"))
    files.link("outside", to: secret.path)
    files.link("in.txt", to: files.path("a b.txt"))
    mkfifo(files.path("fifo"), 0o644)
  }

  /// An app whose response to `/NAME: VALUE`, percent-encoded, has that field.
  private func app(_ more: String = "", content: String = "Content-Length: 0\r\n\r\n")
    -> RecordingApp
  {
    RecordingApp { connection in
      while let request = connection.request() {
        let target = request.lines[0].split(separator: " ")[1].dropFirst()
        let field = target.removingPercentEncoding ?? ""
        connection.send("HTTP/1.1 200 OK\r\n\(field)\r\n\(more)\(content)")
      }
    }
  }

  private func serve(_ app: RecordingApp) throws -> (server: StaticServer, port: UInt16) {
    try directory.serve(before: app) {
      $0.forwarding?.namedFiles = [.init(prefix: "/protected/", path: files.path)]
    }
  }

  private func target(_ field: String) -> String {
    "/" + field.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
  }

  private func ask(
    _ client: HTTPClient,
    _ field: String,
    _ more: String = "X-Any: 1",
    method: String = "GET"
  ) -> HTTPResponse? {
    client.get(target(field), more, method: method)
  }

  @Test("a file by its URL and by its path")
  func found() throws {
    let app = app("Content-Disposition: attachment\r\nSet-Cookie: a=b\r\nETag: \"app\"\r\n")
    let (server, port) = try serve(app)
    let client = HTTPClient(port: port)
    for field in [
      "X-Accel-Redirect: /protected/a%20b.txt?x=y", "X-Accel-Redirect: /protected/in.txt",
      "X-Sendfile: \(files.path)/a b.txt", "x-sendfile: \(files.path)/a%20b.txt",
    ] {
      let answer = try #require(ask(client, field))
      #expect(answer.status == 200)
      #expect(answer.text == "hello file")
      #expect(answer["Content-Type"] == "text/plain; charset=\"utf-8\"")
      #expect(answer["Content-Disposition"] == "attachment")
      #expect(answer["Set-Cookie"] == "a=b")
      #expect(answer["ETag"] != "\"app\"" && answer["ETag"] != nil)
      #expect(answer["Accept-Ranges"] == "bytes")
      #expect(answer.fields.map(\.name).filter { $0.hasPrefix("X-") } == ["X-Request-Id"])
    }
    let head = try #require(ask(client, "X-Sendfile: \(files.path)/a b.txt", method: "HEAD"))
    #expect(head["Content-Length"] == "10")
    #expect(ask(client, "X-Accel-Redirect: /protected/empty.txt")?.body == [])
    #expect(ask(client, "X-Accel-Redirect: /protected/deep/large.bin")?.body == large)
    #expect(app.connectionCount == 1)
    server.stop()
  }

  @Test("the app's own Content-Type takes precedence")
  func type() throws {
    let app = app("Content-Type: image/x\r\nContent-Encoding: br\r\n")
    let (server, port) = try serve(app)
    let answer = ask(HTTPClient(port: port), "X-Accel-Redirect: /protected/a%20b.txt")
    #expect(answer?.fields.filter { $0.name == "Content-Type" }.map(\.value) == ["image/x"])
    #expect(answer?["Content-Encoding"] == nil)
    server.stop()
  }

  @Test("conditions and ranges apply to the file")
  func conditions() throws {
    let app = app("Content-Type: text/x\r\n")
    let (server, port) = try serve(app)
    let client = HTTPClient(port: port)
    let field = "X-Accel-Redirect: /protected/deep/large.bin"
    let whole = try #require(ask(client, field))
    let tag = try #require(whole["ETag"])
    let part = try #require(ask(client, field, "Range: bytes=1000-2000999"))
    #expect(part.status == 206)
    #expect(part.body == Array(large[1000..<2_001_000]))
    #expect(part["Content-Range"] == "bytes 1000-2000999/3000000")
    #expect(part["Content-Type"] == "text/x")
    let unchanged = try #require(ask(client, field, "If-None-Match: \(tag)"))
    #expect(unchanged.status == 304)
    #expect(unchanged["Content-Type"] == nil)
    let beyond = try #require(ask(client, field, "Range: bytes=3000000-"))
    #expect(beyond.status == 416)
    #expect(beyond["Content-Range"] == "bytes */3000000")
    #expect(ask(client, field, "If-Match: \"other\"")?.status == 412)
    #expect(ask(client, field, "Range: bytes=0-1,2000000-2000001")?.body == large)
    let posted = try #require(ask(client, field, "Range: bytes=0-1", method: "POST"))
    #expect(posted.status == 200)
    #expect(posted.body == large)
    server.stop()
  }

  @Test(
    "missing and inaccessible files",
    arguments: [
      ("X-Accel-Redirect: /protected/none", 404), ("X-Accel-Redirect: /protected/deep", 404),
      ("X-Accel-Redirect: /protected/", 404), ("X-Accel-Redirect: /protected/out.txt", 404),
      ("X-Accel-Redirect: /protected/outside/key.txt", 404),
      ("X-Accel-Redirect: /protected/../key.txt", 404),
      ("X-Accel-Redirect: /protected/deep/..%2f..%2fkey.txt", 404),
      ("X-Accel-Redirect: /protected//a%20b.txt", 404), ("X-Accel-Redirect: /protected/fifo", 404),
      ("X-Accel-Redirect: /protected/a%00", 502), ("X-Accel-Redirect: /other/a.txt", 502),
      ("X-Accel-Redirect: protected/a.txt", 502), ("X-Accel-Redirect: @named", 502),
      ("X-Sendfile: /etc/passwd", 502), ("X-Sendfile: SECRET/key.txt", 502),
      ("X-Sendfile: FILES/outside/key.txt", 404), ("X-Sendfile: FILES/../x", 404),
      ("X-Sendfile: FILES", 502),
    ]
  )
  func refused(field: String, status: Int) throws {
    let app = app()
    let (server, port) = try serve(app)
    let client = HTTPClient(port: port)
    let filled = field.replacingOccurrences(of: "FILES", with: files.path)
      .replacingOccurrences(of: "SECRET", with: secret.path)
    let answer = try #require(ask(client, filled))
    #expect(answer.status == status)
    #expect(!answer.text.contains("secret"))
    #expect(ask(client, "X-Accel-Redirect: /protected/a%20b.txt")?.text == "hello file")
    server.stop()
  }

  @Test("content beside the field is discarded", arguments: ["length", "chunks", "end"])
  func content(framing: String) throws {
    let content =
      switch framing {
      case "length": "Content-Length: 5\r\n\r\nplain"
      case "chunks": "Transfer-Encoding: chunked\r\n\r\n5\r\nplain\r\n0\r\n\r\n"
      default: "\r\nplain"
      }
    let app = app(content: content)
    let (server, port) = try serve(app)
    let client = HTTPClient(port: port)
    for _ in 0..<3 {
      #expect(ask(client, "X-Accel-Redirect: /protected/a%20b.txt")?.text == "hello file")
    }
    server.stop()
  }

  @Test("a client that reads slowly, and one that does not read")
  func slow() throws {
    files.write(TemporaryDirectory.pattern(10_000_000), to: "larger.bin")
    let app = app()
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.namedFiles = [.init(prefix: "/protected/", path: files.path)]
      $0.sendTimeout = .seconds(1)
      $0.bytesPerSecondMin = 0
    }
    let request = target("X-Accel-Redirect: /protected/larger.bin")
    let slow = HTTPClient(port: port, receiveBuffer: 65536)
    slow.send(
      "GET \(request) HTTP/1.1\r\nHost: test\r\n\r\nGET \(request) HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    for _ in 0..<2 { #expect(slow.response()?.body.count == 10_000_000) }
    let stalled = HTTPClient(port: port, receiveBuffer: 4096)
    stalled.send("GET \(request) HTTP/1.1\r\nHost: test\r\n\r\n")
    #expect(eventually { server.statistics.dropped.slowReader == 1 })
    server.stop()
  }

  @Test("without directories the fields are forwarded")
  func passed() throws {
    let app = app()
    let (server, port) = try directory.serve(before: app)
    let answer = try #require(ask(HTTPClient(port: port), "X-Accel-Redirect: /protected/x"))
    #expect(answer["X-Accel-Redirect"] == "/protected/x")
    server.stop()
  }
}
