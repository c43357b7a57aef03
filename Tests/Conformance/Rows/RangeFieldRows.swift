/// RFC 9110 §14.3 and §15.3.7: the fields of a 206.
extension Row {
  static let rangeFieldRows: [Row] = [
    Row(
      "a 206 has the fields of the 200 that a cache needs",
      .rfc9110("15.3.7", "MUST send Cache-Control, ETag, Expires, Vary as in the 200"),
      .must,
      get("text.txt", "Accept-Encoding: br").gives(.status(200)),
      get("text.txt", "Accept-Encoding: br", "Range: bytes=0-0").gives(
        .same(["Cache-Control", "ETag", "Expires", "Content-Location", "Vary"], asIn: 0)
      )
    ),
    described("plain.txt", "identity"), described("text.txt", "gzip"),
    Row(
      "any origin may read a part",
      .rfc9110("15.3.7", "fields of a 206"),
      .promise,
      get("plain.txt", "Range: bytes=0-0").gives(
        .status(206),
        .field("Access-Control-Allow-Origin", .equals("*"))
      )
    ),
    Row(
      "a 206 has Date",
      .rfc9110("15.3.7", "MUST send Date"),
      .must,
      get("plain.txt", "Range: bytes=0-0").gives(.field("Date", .httpDate))
    ),
    Row(
      "the length of a 206 is that of the part",
      .rfc9110("15.3.7.1", "the content is the selected range"),
      .promise,
      get("plain.txt", "Range: bytes=0-9").gives(.field("Content-Length", .equals("10")))
    ),
    Row(
      "a 200 has no Content-Range",
      .rfc9110("14.4", "Content-Range is for 206 and 416"),
      .must,
      get("plain.txt").gives(.status(200), .field("Content-Range", .absent))
    ),
    acceptsRanges("a GET", get("plain.txt")),
    acceptsRanges("a HEAD", head("plain.txt")),
    acceptsRanges("a coded GET", get("text.txt", "Accept-Encoding: br")),
    acceptsRanges("an empty file", get("empty.txt")),
    Row(
      "Accept-Ranges says bytes or nothing that misleads",
      .rfc9110("14.3", "Accept-Ranges = acceptable-ranges"),
      .must,
      get("plain.txt").gives(
        .either([
          .field("Accept-Ranges", .absent), .field("Accept-Ranges", .equals("bytes")),
          .field("Accept-Ranges", .equals("none")),
        ])
      )
    ),
  ]

  private static func described(_ file: String, _ coding: String) -> Row {
    Row(
      "a 206 of \(file) in \(coding) describes the representation as the 200 does",
      .rfc9110("15.3.7", "without If-Range MUST have all representation fields of the 200"),
      .must,
      get(file, "Accept-Encoding: \(coding)").gives(.status(200)),
      get(file, "Accept-Encoding: \(coding)", "Range: bytes=0-0").gives(
        .same(["Content-Type", "Content-Encoding", "Last-Modified"], asIn: 0)
      )
    )
  }

  private static func acceptsRanges(_ name: String, _ request: Request) -> Row {
    Row(
      "Accept-Ranges: bytes for \(name)",
      .rfc9110("14.3", "a server MAY send Accept-Ranges"),
      .promise,
      request.gives(.status(200), .field("Accept-Ranges", .equals("bytes")))
    )
  }
}
