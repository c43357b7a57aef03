import Foundation
import StaticServer
import TestSupport
import Testing

/// Parts of files over real sockets.
///
/// Goal: a 206 has exactly the requested bytes and affects no other response, from memory and from
/// disk, for fast, slow and disconnecting clients.
@Suite struct RangeTests {
  private let directory = TemporaryDirectory()
  private static let pattern = TemporaryDirectory.pattern

  /// The parts of a multipart by its boundary and fields; nil if it is malformed.
  private func parts(of answer: HTTPResponse) -> [(range: String, body: [UInt8])]? {
    let prefix = "multipart/byteranges; boundary="
    guard let type = answer["Content-Type"], type.hasPrefix(prefix) else { return nil }
    let delimiter = Array("--\(type.dropFirst(prefix.count))".utf8)
    var rest = answer.body[...]
    var found: [(String, [UInt8])] = []
    while rest.starts(with: delimiter + Array("\r\n".utf8)) {
      rest = rest.dropFirst(delimiter.count + 2)
      guard let headEnd = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
      let head = String(decoding: rest[..<headEnd.lowerBound], as: UTF8.self)
      let lines = head.components(separatedBy: "\r\n")
      guard lines.count == 2, lines[0] == "Content-Type: application/octet-stream",
        lines[1].hasPrefix("Content-Range: bytes ")
      else { return nil }
      let range = String(lines[1].dropFirst("Content-Range: bytes ".count))
      let bounds = range.split { "-/".contains($0) }.compactMap { Int($0) }
      guard bounds.count == 3 else { return nil }
      rest = rest[headEnd.upperBound...]
      found.append((range, Array(rest.prefix(bounds[1] - bounds[0] + 1))))
      rest = rest.dropFirst(bounds[1] - bounds[0] + 1)
      guard rest.starts(with: [13, 10]) else { return nil }
      rest = rest.dropFirst(2)
    }
    return rest.elementsEqual(delimiter + Array("--\r\n".utf8)) ? found : nil
  }

  private var openFileCount: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
  }

  @Test(
    "one range of files of every kind, also with a slow reader",
    arguments: [100, 8192, 8193, 65536, 65537, 9_000_000]
  )
  func part(size: Int) throws {
    let content = Self.pattern(size)
    directory.write(content, to: "a.bin")
    for openFilesMax in [0, 10] {
      let (server, port) = try directory.serve(.init(openFilesMax: openFilesMax))
      for receiveBuffer: Int32? in [nil, 4096] {
        let client = HTTPClient(port: port, receiveBuffer: receiveBuffer)
        for (first, last) in [(0, 0), (1, size - 2), (size / 2, size - 1), (size - 1, size - 1)] {
          let answer = try #require(client.get("/static/a.bin", "Range: bytes=\(first)-\(last)"))
          #expect(answer.status == 206)
          #expect(answer["Content-Range"] == "bytes \(first)-\(last)/\(size)")
          #expect(answer["Content-Length"] == "\(last - first + 1)")
          #expect(answer["Date"] != nil)
          #expect(answer["ETag"] != nil)
          #expect(answer.body == Array(content[first...last]))
        }
        #expect(client.get("/static/a.bin")?.body == content)
      }
      server.stop()
    }
  }

  @Test(
    "several ranges of files of every kind, also with a slow reader",
    arguments: [5000, 60_000, 9_000_000]
  )
  func several(size: Int) throws {
    let content = Self.pattern(size)
    directory.write(content, to: "a.bin")
    // Alternate pieces, the last one first.
    let step = size / 32
    let ranges = (0..<16).reversed().map { ($0 * 2 * step, $0 * 2 * step + step - 1) }
    let field = ranges.map { "\($0)-\($1)" }.joined(separator: ", ")
    for openFilesMax in [0, 10] {
      let (server, port) = try directory.serve(.init(openFilesMax: openFilesMax))
      for receiveBuffer: Int32? in [nil, 4096] {
        let client = HTTPClient(port: port, receiveBuffer: receiveBuffer)
        for _ in 0..<2 {
          let answer = try #require(client.get("/static/a.bin", "Range: bytes=\(field)"))
          #expect(answer.status == 206)
          #expect(answer["Content-Range"] == nil)
          let found = try #require(parts(of: answer))
          #expect(found.map(\.range) == ranges.map { "\($0)-\($1)/\(size)" })
          #expect(found.map(\.body) == ranges.map { Array(content[$0...$1]) })
        }
        #expect(client.get("/static/none")?.status == 404)
      }
      server.stop()
    }
  }

  @Test("pipelined requests of all kinds are answered in order", arguments: [1, 65536])
  func pipelined(receiveBuffer: Int32) throws {
    let small = Self.pattern(1000)
    let large = Self.pattern(300_000)
    directory.write(small, to: "small.bin")
    directory.write(large, to: "large.bin")
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port, receiveBuffer: receiveBuffer)
    let kinds: [(name: String, field: String, status: Int, body: [UInt8]?)] = [
      ("small.bin", "Range: bytes=10-19", 206, Array(small[10..<20])),
      ("small.bin", "X: y", 200, small),
      ("large.bin", "Range: bytes=-200000", 206, Array(large[100_000...])),
      ("small.bin", "Range: bytes=0-0, 500-599", 206, nil),
      ("large.bin", "Range: bytes=300000-", 416, Array("Range Not Satisfiable\n".utf8)),
      ("small.bin", "If-None-Match: *", 304, []),
      ("large.bin", "Range: bytes=0-99999, 200000-", 206, nil),
      ("small.bin", "If-Match: \"x\"", 412, Array("Precondition Failed\n".utf8)),
      ("small.bin", "Range: bytes=5-4", 200, small),
    ]
    let requests = (0..<200).map { kinds[$0 % kinds.count] }
    let text = requests.map { "GET /static/\($0.name) HTTP/1.1\r\nHost: x\r\n\($0.field)\r\n\r\n" }
    let sender = Thread { client.send(text.joined()) }
    sender.start()
    for (index, request) in requests.enumerated() {
      let answer = try #require(client.response(), "answer \(index)")
      #expect(answer.status == request.status, "answer \(index)")
      if let body = request.body {
        #expect(answer.body == body, "answer \(index)")
      } else {
        #expect(parts(of: answer)?.count == 2, "answer \(index)")
      }
    }
    server.stop()
  }

  @Test("validators, and the changes they protect from")
  func ifRange() throws {
    let content = Self.pattern(100_000)
    directory.write(content, to: "a.bin")
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port)
    let whole = try #require(client.get("/static/a.bin"))
    #expect(whole["Accept-Ranges"] == "bytes")
    let range = "Range: bytes=50000-"
    for validator in try [#require(whole["ETag"]), #require(whole["Last-Modified"])] {
      let answer = try #require(client.get("/static/a.bin", range, "If-Range: \(validator)"))
      #expect(answer.status == 206)
      #expect(answer.body == Array(content[50000...]))
    }
    for validator in ["\"other\"", "Sun, 06 Nov 1994 08:49:37 GMT"] {
      let answer = try #require(client.get("/static/a.bin", range, "If-Range: \(validator)"))
      #expect(answer.status == 200)
      #expect(answer.body == content)
    }
    let head = try #require(client.get("/static/a.bin", range, method: "HEAD"))
    #expect(head.status == 200)
    #expect(head["Content-Length"] == "100000")
    #expect(client.get("/static/a.bin")?.status == 200)
    server.stop()
  }

  @Test(
    "the connection ends after a range like after any response",
    arguments: [
      ("1.0", "Range: bytes=0-9", 206), ("1.0", "Range: bytes=0-9, 500-", 206),
      ("1.0", "Range: bytes=9000-", 416), ("1.1", "Range: bytes=0-9\r\nConnection: close", 206),
      ("1.1", "Range: bytes=0-9, 500-\r\nConnection: close", 206),
      ("1.1", "If-Match: \"x\"\r\nConnection: close", 412),
    ]
  )
  func closing(version: String, fields: String, status: Int) throws {
    directory.write(Self.pattern(1000), to: "a.bin")
    let (server, port) = try directory.serve()
    let client = HTTPClient(port: port)
    client.send("GET /static/a.bin HTTP/\(version)\r\nHost: x\r\n\(fields)\r\n\r\n")
    let answer = try #require(client.response())
    #expect(answer.status == status)
    #expect(answer["Connection"] == "close")
    #expect(client.isClosed)
    server.stop()
  }

  @Test("clients that disconnect in the middle leave no file open")
  func abort() throws {
    directory.write(Self.pattern(9_000_000), to: "a.bin")
    let (server, port) = try directory.serve(.init(openFilesMax: 0))
    let before = openFileCount
    for _ in 0..<20 {
      let client = HTTPClient(port: port, receiveBuffer: 4096)
      client.send(
        "GET /static/a.bin HTTP/1.1\r\nHost: x\r\nRange: bytes=4000000-, 0-2999999\r\n\r\n"
      )
    }
    // Other tests of this process open and close files meanwhile; twenty leaked files would show.
    #expect(eventually { openFileCount < before + 15 })
    let client = HTTPClient(port: port)
    let answer = client.get("/static/a.bin", "Range: bytes=-1, 0-0")
    #expect(answer.flatMap { parts(of: $0) }?.count == 2)
    server.stop()
  }

  @Test("ranges of a file truncated during serving apply to the rest")
  func truncated() throws {
    directory.write("hello", to: "a.txt")
    for openFilesMax in [0, 10] {
      directory.write(Self.pattern(500_000), to: "a.bin")
      let (server, port) = try directory.serve(.init(openFilesMax: openFilesMax))
      truncate(directory.path("a.bin"), 100)
      let beyond = HTTPClient(port: port).get("/static/a.bin", "Range: bytes=400000-")
      #expect(beyond?.status == 416)
      #expect(beyond?["Content-Range"] == "bytes */100")
      let part = HTTPClient(port: port).get("/static/a.bin", "Range: bytes=0-9, 400000-")
      #expect(part?.status == 206)
      #expect(part?["Content-Range"] == "bytes 0-9/100")
      #expect(HTTPClient(port: port).get("/static/a.txt")?.text == "hello")
      server.stop()
    }
  }

  @Test("curl resumes a download")
  func curl() throws {
    let content = Self.pattern(3_000_000)
    directory.write(content, to: "a.bin")
    let (server, port) = try directory.serve()
    let target = TemporaryDirectory()
    target.write(content[..<1_234_567], to: "a.bin")
    let url = "http://127.0.0.1:\(port)/static/a.bin"
    let output = target.path("a.bin")
    let resumed = Command.run(
      ["curl", "-s", "-C", "-", "-w", "%{http_code} %{size_download}", "-o", output, url]
    )
    #expect(resumed.status == 0)
    #expect(resumed.output == "206 1765433")
    #expect(target.read("a.bin") == content)
    // Already complete: 416, from which curl knows it.
    let again = Command.run(["curl", "-s", "-C", "-", "-w", "%{http_code}", "-o", output, url])
    #expect(again.output == "416")
    #expect(target.read("a.bin") == content)
    server.stop()
  }
}
