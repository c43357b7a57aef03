/// RFC 9110 §14.1.1, §14.2 and §15.5.17: malformed and unsatisfiable ranges.
extension Row {
  static let unusableRangeRows: [Row] = [
    outside("the byte after the last", "bytes=1000-"),
    outside("both ends", "bytes=1000-2000"),
    outside("far outside", "bytes=99999999999999999999-"),
    outside("both ends beyond 64 bits", "bytes=99999999999999999999-99999999999999999999"),
    outside("a suffix of nothing", "bytes=-0"),
    outside("several, all outside", "bytes=1000-,2000-3000,-0"),
    Row(
      "range outside: 416 tells the size",
      .rfc9110("15.5.17", "SHOULD generate Content-Range with the length"),
      .should,
      get("huge.bin", "Range: bytes=3145728-").gives(.unsatisfiable(of: 3_145_728))
    ),
    Row(
      "range outside: 416 or the whole, never a part",
      .rfc9110("14.2", "not satisfiable: SHOULD be 416"),
      .must,
      get("plain.txt", "Range: bytes=1000-1000").gives(
        .either([.status(416), .whole("plain.txt")])
      )
    ),
    Row(
      "range outside: an empty file",
      .rfc9110("14.1.2", "satisfiable if first-pos is less than the length"),
      .promise,
      get("empty.txt", "Range: bytes=0-0").gives(.unsatisfiable(of: 0))
    ),
    Row(
      "range outside: the suffix of an empty file",
      .rfc9110("14.1.2", "no Content-Range can describe no bytes"),
      .must,
      get("empty.txt", "Range: bytes=-1").gives(.status(200, 416))
    ),
    Row(
      "range outside: the identity's last byte, in fewer coded bytes",
      .rfc9110("14.2", "applies to the selected representation"),
      .must,
      needs: ["modified-br"],
      get("text.txt", "Accept-Encoding: br", "Range: bytes=2399-").gives(
        .either([
          .all([
            .status(416),
            .field("Content-Range", .equals("bytes */\(StoredCodings.textBrotli.count)")),
          ]),
          .whole("text.txt", in: "br"),
        ])
      )
    ),
    Row(
      "range outside: the connection goes on after 416",
      .rfc9110("15.5.17", "416 Range Not Satisfiable"),
      .promise,
      get("plain.txt", "Range: bytes=1000-").gives(.status(416)),
      ending: .open
    ),
    Row(
      "range outside: the text of a 416 is in no coding",
      .rfc9110("8.4", "Content-Encoding is that of the content sent"),
      .promise,
      get("text.txt", "Accept-Encoding: br", "Range: bytes=5000-").gives(
        .status(416),
        .field("Content-Encoding", .absent)
      )
    ),
    Row(
      "range: an unknown unit",
      .rfc9110("14.2", "MUST ignore a range unit it does not understand"),
      .must,
      get("plain.txt", "Range: lines=0-0").gives(.whole("plain.txt"))
    ),
    Row(
      "range: a unit that begins like bytes",
      .rfc9110("14.2", "MUST ignore a range unit it does not understand"),
      .must,
      get("plain.txt", "Range: bytesize=0-0").gives(.whole("plain.txt"))
    ),
    invalid("last before first", "bytes=5-4"),
    invalid("no digits", "bytes=-"),
    invalid("letters", "bytes=a-b"),
    invalid("three numbers", "bytes=1-2-3"),
    malformed("last before first", "bytes=5-4"),
    malformed("last before first, outside", "bytes=5000-4000"),
    malformed("no digits", "bytes=-"),
    malformed("no range", "bytes="),
    malformed("no equals sign", "bytes"),
    malformed("a space for the equals sign", "bytes 0-1"),
    malformed("letters", "bytes=a-b"),
    malformed("hexadecimal", "bytes=0x0-0x1"),
    malformed("a sign", "bytes=+0-1"),
    malformed("two dashes", "bytes=--1"),
    malformed("three numbers", "bytes=1-2-3"),
    malformed("one number", "bytes=1"),
    malformed("spaces around the dash", "bytes=0 - 1"),
    malformed("a decimal point", "bytes=0.5-1"),
    malformed("a semicolon for the comma", "bytes=0-0;2-2"),
    malformed("a good range and a bad one", "bytes=0-0,x-y"),
    malformed("a bad range and a good one", "bytes=5-4,0-0"),
    malformed("no unit", "0-1"),
    malformed("an empty value", ""),
  ]

  private static func outside(_ name: String, _ value: String) -> Row {
    Row(
      "range outside: \(name)",
      .rfc9110("14.2", "not satisfiable: SHOULD be 416"),
      .should,
      get("plain.txt", "Range: \(value)").gives(.unsatisfiable(of: 1000))
    )
  }

  /// An invalid range must not be answered with a part, by any server.
  private static func invalid(_ name: String, _ value: String) -> Row {
    Row(
      "range: \(name) makes no part",
      .rfc9110("14.1.1", "an invalid range MAY be ignored or rejected"),
      .must,
      get("plain.txt", "Range: \(value)").gives(
        .either([.whole("plain.txt"), .status(400, 416)])
      )
    )
  }

  private static func malformed(_ name: String, _ value: String) -> Row {
    Row(
      "range ignored: \(name)",
      .rfc9110("14.2", "MAY ignore an invalid range"),
      .promise,
      get("plain.txt", "Range: \(value)").gives(.whole("plain.txt"))
    )
  }
}
