import Foundation
import StaticAssets
import Synchronization
import TestSupport
import Testing

/// Responses that a framework's adapter prepares.
///
/// Goal: a prepared response equals the one for its request, independent of earlier requests; it is
/// prepared once and freed with its table.
@Suite struct PreparedResponseTests {
  /// A value that an adapter might keep.
  private final class Prepared: Sendable {
    let status: Int
    let fields: [PlainResponse.Field]
    let byteCount: Int64

    init(_ plain: PlainResponse) {
      status = Int(plain.status.rawValue)
      fields = plain.fields
      byteCount = plain.bodyByteCount
    }
  }

  /// A value that another adapter might keep for the same table.
  private final class OtherPrepared: Sendable {}

  struct Row: Sendable, CustomTestStringConvertible {
    var method = "GET"
    let target: String
    var fields: [(String, String)] = []
    /// Whether the next equal request gets the identical object.
    let isKept: Bool
    var testDescription: String { "\(method) \(target) \(fields)" }
  }

  static let rows: [Row] = [
    Row(target: "/static/a.css", isKept: true),
    Row(method: "HEAD", target: "/static/a.css", isKept: true),
    Row(target: "/static/a.css", fields: [("Accept-Encoding", "gzip")], isKept: true),
    Row(target: "/static/a.css", fields: [("If-None-Match", "*")], isKept: true),
    Row(method: "HEAD", target: "/static/a.css", fields: [("If-None-Match", "*")], isKept: true),
    Row(target: "/static/a.css", fields: [("If-Match", "\"x\"")], isKept: true),
    Row(target: "/static/b.css", isKept: true),
    Row(target: "/static/large.bin", isKept: true),
    Row(method: "HEAD", target: "/static/large.bin", isKept: true),
    Row(target: "/static/empty.txt", isKept: true),
    Row(target: "/static/none.css", isKept: true),
    Row(method: "HEAD", target: "/static/none.css", isKept: true),
    Row(method: "POST", target: "/static/a.css", isKept: true),
    Row(method: "OPTIONS", target: "/static/a.css", isKept: true),
    Row(target: "/static/a.css", fields: [("Range", "bytes=0-9")], isKept: false),
    Row(target: "/static/a.css", fields: [("Range", "bytes=1-9")], isKept: false),
    Row(target: "/static/a.css", fields: [("Range", "bytes=0-9,20-29")], isKept: false),
    Row(target: "/static/a.css", fields: [("Range", "bytes=0-9,30-39")], isKept: false),
    Row(target: "/static/a.css", fields: [("Range", "bytes=5000-")], isKept: false),
    Row(target: "/static/docs?next=1", isKept: false),
    Row(target: "/static/docs?next=2", isKept: false),
  ]

  private let directory = TemporaryDirectory()

  private func table() throws -> FileTable {
    directory.write(String(repeating: "x", count: 100), to: "a.css")
    directory.write(String(repeating: "g", count: 50), to: "a.css.gz")
    directory.write(String(repeating: "y", count: 90), to: "b.css")
    directory.write("", to: "empty.txt")
    directory.write("docs", to: "docs/index.html")
    directory.write((0..<100_000).map { UInt8(truncatingIfNeeded: $0) }, to: "large.bin")
    var options = FileTable.Options()
    options.indexFile = "index.html"
    return try FileTable(root: directory.path, options: options)
  }

  private func request(_ row: Row) throws -> ParsedRequest {
    var request = try #require(ParsedRequest(method: row.method, target: row.target))
    for (name, value) in row.fields { request.add(name, value) }
    return request
  }

  @Test("each request gets its own response, in any order", arguments: [false, true])
  func equals(isReversed: Bool) throws {
    let table = try table()
    for row in (isReversed ? Self.rows.reversed() : Self.rows) + Self.rows {
      let plain = try #require(table.response(to: request(row)))
      let prepared = table.response(to: try request(row)) { Prepared($0) }
      #expect(prepared?.status == Int(plain.status.rawValue), "\(row.testDescription)")
      #expect(prepared?.fields == plain.fields, "\(row.testDescription)")
      #expect(prepared?.byteCount == plain.bodyByteCount, "\(row.testDescription)")
    }
  }

  @Test("a response that does not depend on the request is prepared once", arguments: rows)
  func keeps(row: Row) throws {
    let table = try table()
    let first = table.response(to: try request(row)) { Prepared($0) }
    let second = table.response(to: try request(row)) { Prepared($0) }
    #expect(first != nil)
    #expect((first === second) == row.isKept)
    // Each class has its own prepared response.
    let other = table.response(to: try request(row)) { _ in OtherPrepared() }
    #expect(other != nil)
  }

  @Test("concurrent threads all get the identical response")
  func concurrent() throws {
    let table = try table()
    let requests = try Self.rows.filter(\.isKept).map { try request($0) }
    let got = Mutex<[[ObjectIdentifier?]]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { number in
      let order = number % 2 == 0 ? Array(requests.indices) : requests.indices.reversed()
      var own = [ObjectIdentifier?](repeating: nil, count: requests.count)
      for index in order {
        let prepared: Prepared? = table.response(to: requests[index]) { Prepared($0) }
        own[index] = prepared.map { ObjectIdentifier($0) }
      }
      got.withLock { $0.append(own) }
    }
    let all = got.withLock { $0 }
    #expect(all.count == 8 && all.allSatisfy { $0 == all[0] && !$0.contains(nil) })
  }

  /// Gives any number of adapter types.
  private final class Nested<Content>: Sendable {}

  @Test("when the cache is full, responses are prepared for each request")
  func overflows() throws {
    let table = try table()
    let request = try request(Self.rows[0])
    let first = table.response(to: request) { Prepared($0) }
    var keptCount = 0
    func ask<Content>(_ type: Content.Type, _ depth: Int) throws {
      let one: Nested<Content>? = table.response(to: request) { _ in Nested<Content>() }
      let other: Nested<Content>? = table.response(to: request) { _ in Nested<Content>() }
      #expect(one != nil && other != nil)
      if one === other { keptCount += 1 }
      if depth > 0 { try ask([Content].self, depth - 1) }
    }
    try ask(Int.self, 1000)
    #expect(keptCount > 100 && keptCount < 1000)
    let again = table.response(to: request) { Prepared($0) }
    #expect(again === first)
  }

  @Test("no response for a path outside the table")
  func outside() throws {
    let request = try #require(ParsedRequest(method: "GET", target: "/elsewhere"))
    #expect(try table().response(to: request) { Prepared($0) } == nil)
  }

  @Test("a response is freed with its table, and a reload prepares it again")
  func goes() throws {
    let assets = LiveTable(try table())
    let row = Self.rows[0]
    weak var kept: Prepared?
    kept = assets.current.response(to: try request(row)) { Prepared($0) }
    #expect(kept != nil)
    directory.write(String(repeating: "z", count: 101), to: "a.css")
    try assets.reloadBlocking()
    #expect(kept == nil)
    let fresh = assets.current.response(to: try request(row)) { Prepared($0) }
    #expect(fresh?.byteCount == 101)
  }
}
