import Foundation
import StaticAssets
import TestSupport
import Testing

/// The decision for requests with preconditions and ranges, on real directories.
///
/// Goal: the responses of RFC 9110 §15.3.7, §15.4.5, §15.5.13 and §15.5.17 with their fields, for files
/// in memory and on disk and for codings.
@Suite struct FileTableRangeTests {
  private let directory = TemporaryDirectory()
  private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
  /// 200 bytes without repetition.
  private static let content = (0..<50).map { String(format: "%03d,", $0) }.joined()

  private func table(
    codings: [String] = [],
    _ options: FileTable.Options = .init()
  ) throws -> FileTable {
    directory.write(Self.content, to: "a.txt")
    directory.write("", to: "empty.txt")
    for (index, coding) in codings.enumerated() {
      directory.write(String(Self.content.dropLast(50 + index).reversed()), to: "a.txt.\(coding)")
    }
    for name in directory.files() {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 784_111_777)],
        ofItemAtPath: directory.path(name)
      )
    }
    return try FileTable(root: directory.path, options: options)
  }

  private func ask(
    _ table: FileTable,
    _ fields: String...,
    path: String = "a.txt",
    method: String = "GET"
  ) throws -> PlannedAnswer {
    let lines = fields.map { $0 + "\r\n" }.joined()
    let request = "\(method) /static/\(path) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n"
    return try #require(PlannedAnswer(table, request))
  }

  @Test(
    "one range, from memory and from disk",
    arguments: [
      ("0-0", 0, 1), ("0-", 0, 200), ("4-6", 4, 3), ("-1", 199, 1), ("199-", 199, 1),
      ("-999", 0, 200),
      ("0-9, 20-29", 0, 30), ("500-, 4-6", 4, 3),
    ]
  )
  func part(range: String, offset: Int, count: Int) throws {
    for bodyInMemoryMax in [0, 1000] {
      let table = try table(.init(bodyInMemoryMax: bodyInMemoryMax))
      let answer = try ask(table, "Range: bytes=\(range)")
      #expect(answer.status == 206)
      #expect(
        answer.fields == [
          "Content-Type": "text/plain; charset=\"utf-8\"",
          "Cache-Control": "max-age=60, public",
          "Access-Control-Allow-Origin": "*",
          "Last-Modified": Self.date,
          "ETag": "\"2ebc98a1-c8\"",
          "Accept-Ranges": "bytes",
          "Content-Length": "\(count)",
          "Content-Range": "bytes \(offset)-\(offset + count - 1)/200",
        ]
      )
      let text = Self.content.dropFirst(offset).prefix(count)
      #expect(answer.body == (bodyInMemoryMax == 0 ? "file 0: \(offset)+\(count)" : String(text)))
    }
  }

  @Test("several ranges are a multipart in the order of the request")
  func several() throws {
    let table = try table()
    let answer = try ask(table, "Range: bytes=-3, 0-1, 500-, 100-103, 2-2")
    #expect(answer.status == 206)
    let boundary = "staticd-2ebc98a1-c8"
    let type = "Content-Type: text/plain; charset=\"utf-8\"\r\n"
    let body =
      "--\(boundary)\r\n\(type)Content-Range: bytes 197-199/200\r\n\r\n49,"
      + "\r\n--\(boundary)\r\n\(type)Content-Range: bytes 0-2/200\r\n\r\n000"
      + "\r\n--\(boundary)\r\n\(type)Content-Range: bytes 100-103/200\r\n\r\n025,"
      + "\r\n--\(boundary)--\r\n"
    #expect(answer.body == body)
    #expect(
      answer.fields == [
        "Content-Type": "multipart/byteranges; boundary=\(boundary)",
        "Cache-Control": "max-age=60, public",
        "Access-Control-Allow-Origin": "*",
        "Last-Modified": Self.date,
        "ETag": "\"2ebc98a1-c8\"",
        "Accept-Ranges": "bytes",
        "Content-Length": "\(body.utf8.count)",
      ]
    )
  }

  @Test("several ranges of a file on disk")
  func severalOnDisk() throws {
    let table = try table(.init(bodyInMemoryMax: 0))
    let answer = try ask(table, "Range: bytes=0-4, 190-")
    let body = try #require(answer.body)
    #expect(body.contains("Content-Range: bytes 0-4/200\r\n\r\nfile 0: 0+5\r\n--"))
    #expect(body.contains("Content-Range: bytes 190-199/200\r\n\r\nfile 0: 190+10\r\n--"))
    let placeholders = "file 0: 0+5".utf8.count + "file 0: 190+10".utf8.count
    #expect(answer.fields["Content-Length"] == "\(body.utf8.count - placeholders + 15)")
  }

  @Test("a range applies to the coded representation", arguments: ["bytes=0-9", "bytes=0-0,-1"])
  func coded(range: String) throws {
    let table = try table(codings: ["br", "gz"])
    let answer = try ask(table, "Accept-Encoding: br", "Range: \(range)")
    #expect(answer.status == 206)
    #expect(answer.fields["Content-Encoding"] == "br")
    #expect(answer.fields["Vary"] == "Accept-Encoding")
    #expect(answer.fields["ETag"] == "\"2ebc98a1-c8-br\"")
    let coded = String(Self.content.dropLast(50).reversed())
    if range == "bytes=0-9" {
      #expect(answer.fields["Content-Range"] == "bytes 0-9/150")
      #expect(answer.body == String(coded.prefix(10)))
    } else {
      #expect(answer.body?.contains("Content-Range: bytes 149-149/150\r\n\r\n0\r\n") == true)
    }
    let outside = try ask(table, "Accept-Encoding: br", "Range: bytes=150-")
    #expect(outside.fields["Content-Range"] == "bytes */150")
    let identity = try ask(table, "Range: bytes=150-")
    #expect(identity.fields["Content-Range"] == "bytes 150-199/200")
    #expect(identity.fields["Vary"] == "Accept-Encoding")
  }

  @Test(
    "unsatisfiable ranges",
    arguments: [
      ("a.txt", "bytes=200-", 200), ("a.txt", "bytes=-0", 200), ("a.txt", "bytes=200-,300-", 200),
      ("empty.txt", "bytes=0-", 0), ("empty.txt", "bytes=-5", 0),
    ]
  )
  func unsatisfiable(path: String, range: String, size: Int) throws {
    let answer = try ask(try table(), "Range: \(range)", path: path)
    #expect(answer.status == 416)
    #expect(
      answer.fields == [
        "Content-Type": "text/plain; charset=\"utf-8\"",
        "Cache-Control": "no-store",
        "Access-Control-Allow-Origin": "*",
        "Content-Length": "22",
        "Content-Range": "bytes */\(size)",
      ]
    )
    #expect(answer.body == "Range Not Satisfiable\n")
  }

  @Test(
    "requests that get the whole representation",
    arguments: [
      "Range: bytes=9-0", "Range: lines=0-9", "Range: bytes=0-9\r\nRange: bytes=0-9",
      "Range: bytes=0-9\r\nIf-Range: \"x\"", "Range: bytes=500-\r\nIf-Range: \"x\"",
      "Range: bytes=0-9\r\nIf-Range: W/\"2ebc98a1-c8\"", "If-Range: \"2ebc98a1-c8\"", "Range:",
    ]
  )
  func whole(fields: String) throws {
    let table = try table()
    let plain = try ask(table)
    let answer = try ask(table, fields)
    #expect(answer.status == 200)
    #expect(answer.fields == plain.fields)
    #expect(answer.fields["Accept-Ranges"] == "bytes")
    #expect(answer.body == plain.body)
  }

  @Test(
    "HEAD ignores ranges",
    arguments: ["Range: bytes=0-9", "Range: bytes=0-0,-1", "Range: bytes=500-"]
  )
  func headMethod(field: String) throws {
    let table = try table()
    let answer = try ask(table, field, method: "HEAD")
    #expect(answer.status == 200)
    #expect(answer.fields == (try ask(table)).fields)
    #expect(answer.body == nil)
  }

  @Test("If-Range with either validator")
  func ifRange() throws {
    let alone = try table()
    let byTag = try ask(alone, "Range: bytes=0-9", "If-Range: \"2ebc98a1-c8\"")
    #expect(byTag.status == 206)
    #expect(try ask(alone, "Range: bytes=0-9", "If-Range: \(Self.date)").status == 206)
    let outside = try ask(alone, "Range: bytes=500-", "If-Range: \"2ebc98a1-c8\"")
    #expect(outside.status == 416)

    let coded = try table(codings: ["br"])
    #expect(try ask(coded, "Range: bytes=0-9", "If-Range: \(Self.date)").status == 200)
    #expect(try ask(coded, "Range: bytes=0-9", "If-Range: \"2ebc98a1-c8\"").status == 206)
    let other = try ask(
      coded,
      "Accept-Encoding: br",
      "Range: bytes=0-9",
      "If-Range: \"2ebc98a1-c8\""
    )
    #expect(other.status == 200)
    #expect(other.fields["Content-Encoding"] == "br")
  }

  @Test("a failed precondition", arguments: ["GET", "HEAD"])
  func failed(method: String) throws {
    let table = try table()
    for field in ["If-Match: \"x\"", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT"] {
      let answer = try ask(table, field, "Range: bytes=0-9", method: method)
      #expect(answer.status == 412)
      #expect(
        answer.fields == [
          "Content-Type": "text/plain; charset=\"utf-8\"",
          "Cache-Control": "no-store",
          "Access-Control-Allow-Origin": "*",
          "Content-Length": "20",
        ]
      )
      #expect(answer.body == (method == "HEAD" ? nil : "Precondition Failed\n"))
    }
  }

  @Test("conditions apply only if the response would be 200 (RFC 9110 §13.2.1)")
  func otherAnswers() throws {
    let table = try table()
    #expect(try ask(table, "If-Match: \"x\"", path: "none").status == 404)
    #expect(try ask(table, "Range: bytes=0-", path: "none").status == 404)
    #expect(try ask(table, "If-Match: \"x\"", method: "POST").status == 405)
    #expect(try ask(table, "If-Match: \"x\"", method: "OPTIONS").status == 204)
  }

  @Test("without CORS, errors have no CORS fields either")
  func sameOrigin() throws {
    let table = try table(.init(allowsAllOrigins: false))
    for field in [
      "Range: bytes=0-9", "Range: bytes=0-0,-1", "Range: bytes=500-", "If-Match: \"x\"",
    ] {
      #expect(try ask(table, field).fields["Access-Control-Allow-Origin"] == nil)
    }
  }
}
