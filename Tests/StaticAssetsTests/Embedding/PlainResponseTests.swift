import StaticAssets
import TestSupport
import Testing

/// Requests parsed by a framework, and responses in its types.
///
/// Goal: an adapter and the server send the same response. Each row is requested both ways.
@Suite struct PlainResponseTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var method = "GET"
    let target: String
    var fields: [(String, String)] = []
    var testDescription: String { "\(method) \(target) \(fields)" }
  }

  static let rows: [Row] = [
    Row(target: "/static/a.css"),
    Row(method: "HEAD", target: "/static/a.css"),
    Row(method: "POST", target: "/static/a.css"),
    Row(method: "OPTIONS", target: "/static/a.css"),
    Row(method: "get", target: "/static/a.css"),
    Row(target: "/static/none.css"),
    Row(target: "/elsewhere"),
    Row(target: "/static/a.css?v=1"),
    Row(target: "/static/%61.css"),
    Row(target: "http://example.org/static/a.css"),
    Row(target: "/static/docs?next=1"),
    Row(target: "/static/a.css", fields: [("Accept-Encoding", "br")]),
    Row(target: "/static/a.css", fields: [("accept-encoding", "gzip;q=0"), ("x-y", "z")]),
    Row(
      target: "/static/a.css",
      fields: [("Accept-Encoding", "deflate"), ("Accept-Encoding", " gzip ")]
    ),
    Row(target: "/static/a.css", fields: [("If-None-Match", "*")]),
    Row(target: "/static/a.css", fields: [("If-None-Match", "\"x\""), ("If-None-Match", "*")]),
    Row(target: "/static/a.css", fields: [("If-Match", "\"x\"")]),
    Row(
      target: "/static/a.css",
      fields: [("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")]
    ),
    Row(
      target: "/static/a.css",
      fields: [("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:01 GMT")]
    ),
    Row(target: "/static/a.css", fields: [("Range", "bytes=0-9")]),
    Row(target: "/static/a.css", fields: [("Range", "bytes=0-9,20-29")]),
    Row(target: "/static/a.css", fields: [("Range", "bytes=5000-")]),
    Row(target: "/static/a.css", fields: [("Range", "bytes=0-1"), ("Range", "bytes=0-1")]),
    Row(target: "/static/a.css", fields: [("Range", "bytes=0-9"), ("If-Range", "\"x\"")]),
    Row(target: "/static/large.bin"),
    Row(target: "/static/large.bin", fields: [("Range", "bytes=10-19,70000-70009")]),
    Row(target: "/static/empty.txt"),
  ]

  private let directory = TemporaryDirectory()

  private func table() throws -> FileTable {
    directory.write(String(repeating: "x", count: 100), to: "a.css")
    directory.write(String(repeating: "g", count: 50), to: "a.css.gz")
    directory.write(String(repeating: "b", count: 40), to: "a.css.br")
    directory.write("docs", to: "docs/index.html")
    directory.write("", to: "empty.txt")
    directory.write((0..<100_000).map { UInt8(truncatingIfNeeded: $0) }, to: "large.bin")
    var options = FileTable.Options()
    options.indexFile = "index.html"
    return try FileTable(root: directory.path, options: options)
  }

  @Test("the response equals that of the server", arguments: rows)
  func equals(row: Row) throws {
    let table = try table()
    let lines = row.fields.map { "\($0): \($1)\r\n" }.joined()
    let expected = PlannedAnswer(
      table,
      "\(row.method) \(row.target) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n"
    )
    var request = try #require(ParsedRequest(method: row.method, target: row.target))
    for (name, value) in row.fields { request.add(name, value) }
    let response = table.response(to: request)
    #expect(response.map { Int($0.status.rawValue) } == expected?.status)
    let fields = (response?.fields ?? []).map { ($0.name, $0.value) }
    #expect(Dictionary(uniqueKeysWithValues: fields) == expected?.fields ?? [:])
    #expect(response.map { text($0.body, table) } ?? "" == expected?.body ?? "")
  }

  @Test(
    "values that a request line cannot contain are refused",
    arguments: [
      ("GET", ""), ("GET", "a.css"), ("GET", "*"), ("GET", "/a b"), ("", "/a"), ("G T", "/a"),
      ("GET", "/a\r\nX: y"), ("GET", "/a HTTP/1.1\r\nX: y\r\n"), ("CONNECT", "x:1"), ("GET", "/\0"),
    ]
  )
  func refused(method: String, target: String) {
    let request = ParsedRequest(method: method, target: target)
    #expect(request.map { $0.bytes } == nil)
  }

  @Test(
    "a value that no field can have is ignored",
    arguments: ["br\r\nRange: bytes=0-1", "br\r\n", "br\n", "br\0", "br\r"]
  )
  func malformedValue(value: String) throws {
    let table = try table()
    var request = try #require(ParsedRequest(method: "GET", target: "/static/a.css"))
    let byteCount = request.bytes.count
    request.add("Accept-Encoding", value)
    #expect(request.bytes.count == byteCount)
    request.add("If-None-Match", "*")
    #expect(table.response(to: request)?.status == .notModified)
  }

  @Test(
    "requests that the server refuses because of their fields",
    arguments: [
      ([], 400, nil), ([("Host", "x")], nil, nil), ([("Host", "x"), ("Host", "x")], 400, 400),
      ([("host", "a b")], 400, 400), ([("Host", "x:1"), ("Accept-Encoding", "br")], nil, nil),
      ([("Host", "")], nil, nil), ([("Host", "x"), ("Transfer-Encoding", "chunked")], nil, 400),
      ([("Host", "x"), ("Transfer-Encoding", "gzip, chunked")], 501, 501),
    ] as [([(String, String)], UInt16?, UInt16?)]
  )
  func refusal(fields: [(String, String)], version11: UInt16?, version10: UInt16?) throws {
    for (isVersion10, expected) in [(false, version11), (true, version10)] {
      var request = try #require(
        ParsedRequest(method: "GET", target: "/static/a.css", isVersion10: isVersion10)
      )
      for (name, value) in fields { request.add(name, value) }
      #expect(request.refusal?.rawValue == expected)
      #expect(request.head.isVersion10 == isVersion10)
    }
  }

  /// The body in the form of `PlannedAnswer`: for a file its number, offset and length.
  private func text(_ pieces: [BodyPiece], _ table: FileTable) -> String {
    pieces.map { piece in
      switch piece {
      case .memory(let slice):
        table.withBytes(of: slice) { span in
          String(decoding: (0..<span.count).map { span[$0] }, as: UTF8.self)
        }
      case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
      case .file(let number, let offset, let byteCount): "file \(number): \(offset)+\(byteCount)"
      }
    }.joined()
  }
}
