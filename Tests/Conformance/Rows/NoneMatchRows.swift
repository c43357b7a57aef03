/// RFC 9110 §13.1.2: If-None-Match.
extension Row {
  static let noneMatchRows: [Row] = [
    noneMatch("the current tag", "{etag}", 304),
    noneMatch("another tag", "\"other\"", 200),
    noneMatch("any tag", "*", 304),
    noneMatch("the current tag made weak", "W/{opaque}", 304),
    noneMatch("a weak tag that is another", "W/\"other\"", 200),
    noneMatch("a list with the tag", "\"a\", {etag}, \"b\"", 304),
    noneMatch("a list without spaces", "\"a\",W/\"b\",{etag}", 304),
    noneMatch("a list without the tag", "\"a\", W/\"b\"", 200),
    noneMatch("two lines", "\"a\"\r\nIf-None-Match: {etag}", 304),
    noneMatch("a tag with a comma", "\"a,b\", {etag}", 304),
    noneMatch("a tag with a backslash", "\"a\\\", {etag}", 304),
    noneMatch("a tag of bytes above ASCII", "\"{hex:C3A9FF}\", {etag}", 304),
    noneMatch("empty members", ", ,{etag},", 304),
    noneMatch("the tag inside another", "\"x{opaque}x\"", 200),
    noneMatch("an empty tag", "\"\"", 200),
    Row(
      "If-None-Match: a long list",
      .rfc9110("13.1.2", "false if any member matches by weak comparison"),
      .promise,
      get(
        "plain.txt",
        "If-None-Match: " + (0..<200).map { "\"t\($0)\"" }.joined(separator: ", ") + ", {etag}"
      ).gives(.status(304))
    ),
    Row(
      "If-None-Match: a tag without quotes matches nothing",
      .rfc9110("8.8.3", "an opaque-tag is quoted"),
      .promise,
      get("plain.txt", "If-None-Match: other").gives(.whole("plain.txt"))
    ),
    Row(
      "If-None-Match: the case of a tag counts",
      .rfc9110("8.8.3.2", "opaque-tags match character by character"),
      .must,
      get("plain.txt", "If-None-Match: {upper}").gives(.whole("plain.txt"))
    ),
    Row(
      "If-None-Match: HEAD",
      .rfc9110("13.1.2", "MUST respond 304 to GET or HEAD"),
      .must,
      head("plain.txt", "If-None-Match: {etag}").gives(.status(304))
    ),
    Row(
      "If-None-Match: the tag of the coding that is sent",
      .rfc9110("13.1.2", "compares with the selected representation"),
      .must,
      get("text.txt", "Accept-Encoding: br", "If-None-Match: {etag-br}").gives(
        .status(304),
        .field("ETag", .equals("{etag-br}"))
      )
    ),
    Row(
      "If-None-Match: the tag of gzip",
      .rfc9110("13.1.2", "compares with the selected representation"),
      .must,
      get("text.txt", "Accept-Encoding: gzip", "If-None-Match: {etag-gzip}").gives(.status(304))
    ),
    Row(
      "If-None-Match: the tag of identity while brotli is sent",
      .rfc9110("13.1.2", "compares with the selected representation"),
      .must,
      needs: ["strong-br"],
      get("text.txt", "Accept-Encoding: br", "If-None-Match: {strong-text}").gives(
        .whole("text.txt", in: "br")
      )
    ),
    Row(
      "If-None-Match: the tag of brotli while identity is sent",
      .rfc9110("13.1.2", "compares with the selected representation"),
      .must,
      needs: ["strong-text"],
      get("text.txt", "Accept-Encoding: identity", "If-None-Match: {strong-br}").gives(
        .whole("text.txt")
      )
    ),
    Row(
      "If-None-Match: * for a name that does not exist is 404",
      .rfc9110("13.2.1", "MUST ignore conditions if the response without them is no 2xx"),
      .must,
      get("none", "If-None-Match: *").gives(.status(404))
    ),
    Row(
      "If-None-Match does not make a method allowed",
      .rfc9110("13.2.1", "MUST ignore conditions if the response without them is no 2xx"),
      .must,
      request("POST", "plain.txt", "If-None-Match: *", "Content-Length: 0").gives(
        .status(403, 405, 501)
      )
    ),
    Row(
      "Via changes nothing",
      .rfc9110("7.6.3", "Via tracks the message"),
      .promise,
      get("plain.txt", "Via: 1.1 proxy", "If-None-Match: {etag}").gives(.status(304))
    ),
  ]

  private static func noneMatch(_ name: String, _ value: String, _ code: Int) -> Row {
    Row(
      "If-None-Match: \(name)",
      .rfc9110("13.1.2", "false if any member matches by weak comparison"),
      .must,
      needs: ["etag"],
      get("plain.txt", "If-None-Match: \(value)").gives(
        .statuses([code]),
        .when([200], [.whole("plain.txt")])
      )
    )
  }
}
