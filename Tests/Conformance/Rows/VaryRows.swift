/// RFC 9110 §12.5.5: Vary, exactly for negotiated responses.
extension Row {
  static let varyRows: [Row] = [
    Row(
      "a coded response varies",
      .rfc9110("12.5.5", "SHOULD generate Vary when the field influenced the choice"),
      .should,
      get("text.txt", "Accept-Encoding: br, gzip").gives(
        .field("Vary", .has("accept-encoding"))
      )
    ),
    Row(
      "the identity of a coded file varies too",
      .rfc9110("12.5.5", "SHOULD generate Vary when the field influenced the choice"),
      .should,
      get("text.txt", "Accept-Encoding: identity").gives(.field("Vary", .has("accept-encoding")))
    ),
    Row(
      "it varies for a client without Accept-Encoding",
      .rfc9110("12.5.5", "SHOULD generate Vary when the field influenced the choice"),
      .should,
      get("text.txt").gives(.field("Vary", .has("accept-encoding")))
    ),
    vary("HEAD", head("text.txt", "Accept-Encoding: br"), 200),
    vary(
      "304",
      get("text.txt", "Accept-Encoding: br", "If-None-Match: {etag-br}"),
      304
    ),
    vary("206", get("text.txt", "Accept-Encoding: br", "Range: bytes=0-0"), 206),
    Row(
      "a file without codings does not vary",
      .rfc9110("12.5.5", "Vary splits caches"),
      .promise,
      get("plain.txt", "Accept-Encoding: br, gzip").gives(
        .status(200),
        .field("Vary", .absent)
      )
    ),
    Row(
      "a 304 of a file without codings does not vary",
      .rfc9110("12.5.5", "Vary splits caches"),
      .promise,
      get("plain.txt", "If-None-Match: {etag}").gives(.status(304), .field("Vary", .absent))
    ),
    Row(
      "a 404 does not vary",
      .rfc9110("12.5.5", "Vary splits caches"),
      .promise,
      get("none", "Accept-Encoding: br").gives(.status(404), .field("Vary", .absent))
    ),
  ]

  private static func vary(_ name: String, _ request: Request, _ status: Int) -> Row {
    Row(
      "\(name) of a file with codings varies",
      .rfc9110("12.5.5", "Vary belongs to what a cache stores or updates"),
      .promise,
      request.gives(.status(status), .field("Vary", .equals("Accept-Encoding")))
    )
  }
}
