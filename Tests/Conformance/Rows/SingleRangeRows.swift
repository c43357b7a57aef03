/// RFC 9110 §14.1.2 and §14.2: one range that can be satisfied.
extension Row {
  static let singleRangeRows: [Row] = [
    part("the first byte", "bytes=0-0", "plain.txt", 0..<1),
    part("the first half", "bytes=0-499", "plain.txt", 0..<500),
    part("one byte inside", "bytes=500-500", "plain.txt", 500..<501),
    part("the last byte by number", "bytes=999-999", "plain.txt", 999..<1000),
    part("from the last byte on", "bytes=999-", "plain.txt", 999..<1000),
    part("from the first byte on", "bytes=0-", "plain.txt", 0..<1000),
    part("the last byte", "bytes=-1", "plain.txt", 999..<1000),
    part("the last half", "bytes=-500", "plain.txt", 500..<1000),
    part("all by number", "bytes=0-999", "plain.txt", 0..<1000),
    part("all by suffix", "bytes=-1000", "plain.txt", 0..<1000),
    part("an end behind the end", "bytes=990-1000", "plain.txt", 990..<1000),
    part("an end far behind", "bytes=990-18446744073709551616", "plain.txt", 990..<1000),
    part("a suffix longer than the file", "bytes=-5000", "plain.txt", 0..<1000),
    part("a suffix beyond 64 bits", "bytes=-99999999999999999999", "plain.txt", 0..<1000),
    part("leading zeros", "bytes=000-0009", "plain.txt", 0..<10),
    part("a unit in capitals", "Bytes=0-0", "plain.txt", 0..<1),
    part("the only byte of a file", "bytes=0-0", "one.bin", 0..<1),
    part("the last byte of a one-byte file", "bytes=-1", "one.bin", 0..<1),
    part("the end of a file from disk", "bytes=65536-", "large.bin", 65536..<65537),
    part("inside a large file", "bytes=1048570-2097170", "huge.bin", 1_048_570..<2_097_171),
    part("the end of a large file", "bytes=-70000", "huge.bin", 3_075_728..<3_145_728),
    part("all of a large file", "bytes=0-", "huge.bin", 0..<3_145_728),
    Row(
      "range: the part or the whole",
      .rfc9110("14.2", "a server MAY ignore Range"),
      .must,
      get("plain.txt", "Range: bytes=10-19").gives(.partOrWhole("plain.txt", 10..<20))
    ),
    Row(
      "range: the suffix or the whole",
      .rfc9110("14.1.2", "a suffix is the last bytes"),
      .must,
      get("plain.txt", "Range: bytes=-10").gives(.partOrWhole("plain.txt", 990..<1000))
    ),
    Row(
      "range: empty members of the list are skipped",
      .rfc9110("5.6.1.2", "a recipient MUST ignore empty list members"),
      .must,
      get("plain.txt", "Range: bytes=,0-0").gives(.partOrWhole("plain.txt", 0..<1))
    ),
    coded("br"), coded("gzip"),
    Row(
      "range: the identity of a coded file",
      .rfc9110("14.2", "applies to the selected representation"),
      .should,
      get("text.txt", "Accept-Encoding: identity", "Range: bytes=0-9").gives(
        .part("text.txt", 0..<10)
      )
    ),
    Row(
      "range: HEAD",
      .rfc9110("14.2", "MUST ignore Range with other methods than GET"),
      .must,
      head("plain.txt", "Range: bytes=0-0").gives(
        .status(200),
        .field("Content-Range", .absent)
      )
    ),
    Row(
      "range: HEAD beyond the end",
      .rfc9110("14.2", "MUST ignore Range with other methods than GET"),
      .must,
      head("plain.txt", "Range: bytes=5000-").gives(.status(200))
    ),
    Row(
      "range: a name that does not exist",
      .rfc9110("14.2", "evaluated after what would be a 200"),
      .must,
      get("none", "Range: bytes=0-0").gives(.status(404))
    ),
    Row(
      "range: HTTP/1.0",
      .rfc9110("14.2", "a server MAY ignore Range"),
      .must,
      raw("GET {prefix}plain.txt HTTP/1.0\r\nRange: bytes=0-9\r\n\r\n").gives(
        .partOrWhole("plain.txt", 0..<10)
      )
    ),
    Row(
      "range: three pipelined parts",
      .rfc9112("9.3.2", "MUST send responses in the order of the requests"),
      .must,
      get("huge.bin", "Range: bytes=0-69999").gives(.partOrWhole("huge.bin", 0..<70000)),
      get("plain.txt", "Range: bytes=5-9").gives(.partOrWhole("plain.txt", 5..<10)),
      get("huge.bin", "Range: bytes=-1").gives(
        .partOrWhole("huge.bin", 3_145_727..<3_145_728)
      ),
      sending: .pipelined
    ),
  ]

  private static func part(
    _ name: String,
    _ value: String,
    _ file: String,
    _ range: Range<Int>
  ) -> Row {
    Row(
      "range: \(name)",
      .rfc9110("14.2", "a satisfiable range SHOULD be 206 with that part"),
      .should,
      get(file, "Range: \(value)").gives(.part(file, range)),
      ending: .open
    )
  }

  private static func coded(_ coding: String) -> Row {
    Row(
      "range: of the \(coding) bytes",
      .rfc9110("14.2", "applies to the selected representation"),
      .must,
      needs: ["modified-\(coding)"],
      get("text.txt", "Accept-Encoding: \(coding)", "Range: bytes=5-14").gives(
        .either([
          .whole("text.txt", in: coding),
          .all([.status(206), .codedPart("text.txt", coding: coding, 5..<15)]),
        ])
      )
    )
  }
}
