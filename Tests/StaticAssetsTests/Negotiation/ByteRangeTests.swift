import Testing

@testable import StaticAssets

/// `Range` fields of requests.
///
/// Goal: every rule of RFC 9110 §14.1.2 and §14.2 and its edges, valid and invalid, and the limits of
/// a list. Method: a table for a representation of 1000 bytes; one row is one case.
@Suite struct ByteRangeTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let field: String
    let expected: ByteRange
    init(_ field: String, _ expected: ByteRange) {
      self.field = field
      self.expected = expected
    }
    var testDescription: String { String(field.prefix(60)) }
  }

  private static let huge = String(repeating: "9", count: 100)

  static let satisfiable: [Row] = [
    Row("bytes=0-0", .part(offset: 0, count: 1)),
    Row("bytes=0-499", .part(offset: 0, count: 500)),
    Row("bytes=500-999", .part(offset: 500, count: 500)),
    Row("bytes=999-999", .part(offset: 999, count: 1)),
    Row("bytes=999-", .part(offset: 999, count: 1)),
    Row("bytes=0-", .part(offset: 0, count: 1000)),
    Row("bytes=-1", .part(offset: 999, count: 1)),
    Row("bytes=-999", .part(offset: 1, count: 999)),
    Row("bytes=-1000", .part(offset: 0, count: 1000)),
    Row("bytes=-5000", .part(offset: 0, count: 1000)),
    Row("bytes=-\(huge)", .part(offset: 0, count: 1000)),
    Row("bytes=990-1000", .part(offset: 990, count: 10)),
    Row("bytes=990-\(huge)", .part(offset: 990, count: 10)),
    Row("bytes=9-9223372036854775807", .part(offset: 9, count: 991)),
    Row("bytes=9-9223372036854775808", .part(offset: 9, count: 991)),
    Row("bytes=000-0009", .part(offset: 0, count: 10)),
    Row("BYTES=0-9", .part(offset: 0, count: 10)),
    Row("bYtEs=-9", .part(offset: 991, count: 9)),
    // The example in the RFC has a space here.
    Row("bytes= 0-9", .part(offset: 0, count: 10)),
    Row("bytes=,, 0-9\t, ,", .part(offset: 0, count: 10)),
    // A single remaining range is sent without multipart.
    Row("bytes=0-9, 2000-", .part(offset: 0, count: 10)),
    Row("bytes=1000-2000,-10,-0", .part(offset: 990, count: 10)),
    Row("bytes=0-9,10-19", .part(offset: 0, count: 20)),
    Row("bytes=500-, 0-600", .part(offset: 0, count: 1000)),
    Row("bytes=0-9, 89-99", .part(offset: 0, count: 100)),
    Row("bytes=89-99, 0-9", .part(offset: 0, count: 100)),
    Row("bytes=0-9, 90-99", .several),
    Row("bytes=0-0, -1", .several),
    Row("bytes= 0-99, 450-549, -100", .several),
  ]

  static let unsatisfiable: [Row] = [
    "bytes=1000-", "bytes=1000-1000", "bytes=1000-2000", "bytes=\(huge)-", "bytes=-0", "bytes=-000",
    "bytes=1000-,2000-,-0", "bytes=\(huge)-\(huge)",
  ].map { Row($0, .unsatisfiable) }

  static let ignored: [Row] = [
    "", "bytes", "bytes=", "bytes= ", "bytes=,", "bytes=-", "bytes=--1", "bytes=1", "bytes=a-b",
    "bytes=0-1-2", "bytes=1-0", "bytes=999-998", "bytes=5-4, 0-9", "bytes=0-9, 5-4", "bytes=0-9;",
    "bytes=0-9 10-19", "bytes=0 - 9", "bytes=0- 9", "bytes=+0-9", "bytes=0-+9", "bytes=0x0-9",
    "bytes=0-9, x", "bytes=0-9, bytes=20-29", "bytes =0-9", " bytes=0-9", "bytes:0-9", "bytes0-9",
    "byte=0-9", "bytess=0-9", "items=0-9", "none=0-9", "b\u{19}tes=0-9", "=0-9", "0-9",
    "bytes=\u{0661}-",
    "bytes=0.5-9", "bytes=2000-1000",
  ].map { Row($0, .whole) }

  private func read(_ field: String, size: Int64 = 1000) -> ByteRange {
    let bytes = Array("x\(field)x".utf8)
    return ByteRange(bytes.span, 1..<(bytes.count - 1), size: size)
  }

  @Test("range", arguments: satisfiable + unsatisfiable + ignored)
  func reads(row: Row) {
    #expect(read(row.field) == row.expected)
  }

  @Test(
    "an empty representation has no range",
    arguments: ["bytes=0-", "bytes=0-0", "bytes=-5", "bytes=0-,-5"]
  )
  func empty(field: String) {
    #expect(read(field, size: 0) == .unsatisfiable)
  }

  @Test("the largest representation")
  func largest() {
    let end = Int64.max - 1
    #expect(read("bytes=\(end)-", size: .max) == .part(offset: end, count: 1))
    #expect(read("bytes=-1", size: .max) == .part(offset: end, count: 1))
    #expect(read("bytes=0-", size: .max) == .part(offset: 0, count: .max))
    #expect(read("bytes=0-0,-1", size: .max) == .several)
  }

  @Test(
    "lists: in the order of the request, adjoining ranges coalesced",
    arguments: [
      ("0-9,200-209", ["0-9", "200-209"]),
      ("200-209,0-9", ["200-209", "0-9"]),
      ("-10,0-9,500-509", ["990-999", "0-9", "500-509"]),
      ("0-9,1000-,500-509", ["0-9", "500-509"]),
      ("0-99,500-599,50-150", ["0-150", "500-599"]),
      ("500-599,0-99,50-150", ["500-599", "0-150"]),
      // The fourth joins the first two.
      ("0-9,200-209,800-809,5-205", ["0-209", "800-809"]),
      ("800-809,200-209,0-9,89-120", ["800-809", "0-209"]),
      ("0-9,89-99,300-309", ["0-99", "300-309"]),
      ("0-9,90-99,300-309", ["0-9", "90-99", "300-309"]),
      ("0-9,0-9,300-309,300-309", ["0-9", "300-309"]),
      ("300-309,0-", ["0-999"]),
    ]
  )
  func lists(list: String, expected: [String]) throws {
    let bytes = Array(list.utf8)
    let read = ByteRanges(bytes.span, 0..<bytes.count, size: 1000)
    let ranges = try #require(read)
    let found = (0..<ranges.count).map { "\(ranges[$0].offset)-\(ranges[$0].end - 1)" }
    #expect(found == expected)
  }

  @Test("at most 16 parts, of at most 64 ranges", arguments: [-1, 0, 1])
  func limits(over: Int) {
    let parts = (0..<ByteRanges.partCountMax + over).map { "\($0 * 1000)-\($0 * 1000)" }
    let expected = over > 0 ? ByteRange.whole : .several
    #expect(read("bytes=" + parts.joined(separator: ","), size: 1 << 20) == expected)

    let elementCount = ByteRanges.elementCountMax + over
    let same = Array(repeating: "0-9", count: elementCount).joined(separator: ",")
    #expect(read("bytes=\(same)") == (over > 0 ? .whole : .part(offset: 0, count: 10)))
    let outside = Array(repeating: "5000-", count: elementCount).joined(separator: ",")
    #expect(read("bytes=\(outside)") == (over > 0 ? .whole : .unsatisfiable))
    // Every second range joins two parts: there are more intermediate parts than final ones.
    let joining = (0..<elementCount).map { $0 * 37 % elementCount * 100 }.map { "\($0)-\($0 + 50)" }
    let whole = ByteRange.part(offset: 0, count: Int64(elementCount - 1) * 100 + 51)
    let joined = read("bytes=" + joining.joined(separator: ","), size: 1 << 20)
    #expect(joined == (over > 0 ? .whole : whole))
  }

  @Test("the parts of any list are disjoint and cover the requested bytes")
  func randomLists() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let asked = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
        let first = Int64.random(in: 0..<4000, using: &generator)
        return first...(first + Int64.random(in: 0..<200, using: &generator))
      }
      let bytes = Array(
        asked.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",").utf8
      )
      guard let ranges = ByteRanges(bytes.span, 0..<bytes.count, size: 4000) else { continue }
      let parts = (0..<ranges.count).map { ranges[$0] }.sorted { $0.offset < $1.offset }
      for (part, next) in zip(parts, parts.dropFirst()) {
        #expect(next.offset - part.end >= ByteRanges.gapMin)
      }
      for range in asked {
        let end = min(range.upperBound + 1, 4000)
        #expect(parts.contains { $0.offset <= range.lowerBound && $0.end >= end })
      }
    }
  }
}
