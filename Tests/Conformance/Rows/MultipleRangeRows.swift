/// RFC 9110 §14.6 and §15.3.7.2: several ranges.
extension Row {
  static let multipleRangeRows: [Row] = [
    several("two", "0-1,200-201", [0..<2, 200..<202], 2),
    several("with spaces", "0-1 , 200-201,\t400-401", [0..<2, 200..<202, 400..<402], 3),
    several("first and last", "0-0,-1", [0..<1, 999..<1000], 2),
    several("not in order", "520-529,0-9", [520..<530, 0..<10], 2),
    several("nearer than the head of a part", "0-1,10-11", [0..<12], 1),
    several("one of them outside", "0-1,5000-", [0..<2], 1),
    several("overlapping", "0-10,5-20", [0..<21], 1),
    several("one inside the other", "0-99,10-19", [0..<100], 1),
    several("the same twice", "5-9,5-9", [5..<10], 1),
    several("overlapping and not", "0-10,500-509,5-20", [0..<21, 500..<510], 2),
    several("all and the last", "0-,-1", [0..<1000], 1),
    several("sixteen", list(16), (0..<16).map { $0 * 1000..<$0 * 1000 + 1 }, 16, of: "huge.bin"),
    Row(
      "ranges: seventeen are too many",
      .rfc9110("14.2", "MAY ignore many small ranges"),
      .promise,
      get("huge.bin", "Range: bytes=\(list(17))").gives(.whole("huge.bin"))
    ),
    Row(
      "ranges: a thousand cost no more than the file",
      .rfc9110("17.15", "a server ought to ignore egregious range requests"),
      .should,
      get(
        "plain.txt",
        "Range: bytes=" + (0..<1000).map { _ in "0-" }.joined(separator: ",")
      ).gives(
        .either([
          .whole("plain.txt"), .parts("plain.txt", [0..<1000], count: 1), .status(400, 416, 431),
        ])
      )
    ),
    Row(
      "ranges: right parts or the whole",
      .rfc9110("15.3.7.2", "each part MUST have Content-Range, the response MUST NOT"),
      .must,
      get("plain.txt", "Range: bytes=0-1,10-11").gives(
        .either([
          .whole("plain.txt"), .parts("plain.txt", [0..<2, 10..<12], count: nil),
          .parts("plain.txt", [0..<12], count: 1), .part("plain.txt", 0..<2),
        ])
      )
    ),
    Row(
      "ranges: the type is multipart/byteranges",
      .rfc9110("14.6", "parts travel as multipart/byteranges"),
      .promise,
      get("plain.txt", "Range: bytes=0-1,200-201").gives(
        .status(206),
        .field("Content-Type", .mediaType("multipart/byteranges")),
        .field("Content-Range", .absent),
        .field("ETag", .equals("{etag}"))
      )
    ),
    Row(
      "ranges: one range is no multipart",
      .rfc9110("15.3.7.2", "MUST NOT generate multipart for a single range"),
      .must,
      get("plain.txt", "Range: bytes=0-1").gives(
        .either([.whole("plain.txt"), .part("plain.txt", 0..<2)])
      )
    ),
    Row(
      "ranges: of a file from disk",
      .rfc9110("14.6", "parts travel as multipart/byteranges"),
      .promise,
      get("huge.bin", "Range: bytes=0-69999,1000000-1099999,-10").gives(
        .parts(
          "huge.bin",
          [0..<70000, 1_000_000..<1_100_000, 3_145_718..<3_145_728],
          count: 3
        )
      ),
      ending: .open
    ),
    Row(
      "ranges: with If-Range that is false",
      .rfc9110("13.1.5", "false: MUST ignore Range"),
      .must,
      get("plain.txt", "Range: bytes=0-1,10-11", "If-Range: \"other\"").gives(
        .whole("plain.txt")
      )
    ),
    Row(
      "ranges: pipelined",
      .rfc9112("9.3.2", "MUST send responses in the order of the requests"),
      .promise,
      get("plain.txt", "Range: bytes=0-1,200-201").gives(
        .parts("plain.txt", [0..<2, 200..<202], count: 2)
      ),
      get("huge.bin", "Range: bytes=0-1,2000000-2000001").gives(
        .parts("huge.bin", [0..<2, 2_000_000..<2_000_002], count: 2)
      ),
      get("one.bin").gives(.whole("one.bin")),
      sending: .pipelined,
      ending: .open
    ),
  ]

  private static func list(_ count: Int) -> String {
    (0..<count).map { "\($0 * 1000)-\($0 * 1000)" }.joined(separator: ",")
  }

  private static func several(
    _ name: String,
    _ value: String,
    _ ranges: [Range<Int>],
    _ count: Int,
    of file: String = "plain.txt"
  ) -> Row {
    Row(
      "ranges: \(name)",
      .rfc9110("14.2", "SHOULD be 206; overlapping ranges MAY be coalesced"),
      .promise,
      get(file, "Range: bytes=\(value)").gives(.parts(file, ranges, count: count)),
      ending: .open
    )
  }
}
